"""政策解读 on the desk: planned on the document's page, registered, linked, owed, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.desk.documents import interpreting
from gongkai.documents import actions as documents
from gongkai.documents.interpretation.models import (
    ImportantPolicy,
    Interpretation,
    InterpretationPlan,
    InterpretationSettings,
)
from gongkai.organs import tallies
from tests.documents.interpretation.support import interpretation
from tests.documents.support import document, released
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)
SignIn = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def act(client: Client, register: str, pk: int, action: str, **data: object) -> str:
    address = f"/desk/registers/{register}/{pk}/{action}/"
    assert client.get(address).status_code == 200
    answer = client.post(address, data, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    return answer.content.decode()


def test_a_plan_is_written_on_the_documents_page(world: World, sign_in: SignIn) -> None:
    kept = document(world, "city-edu")
    client = sign_in("city-edu-handler")
    given = {
        "outline": "为什么制定",
        "chosen": ["text", "video"],
        "ways": "政府网站",
        "timing": "与文件同时公开",
        "first_interpreter": "局长",
        "drafter": "甲市人民政府办公室",
    }
    page = act(client, "documents", kept.pk, "interpretation-plan", **given)
    assert "文字解读、视频、动漫；政府网站；与文件同时公开" in page
    plan = InterpretationPlan.objects.get(edition__document=kept)
    assert plan.drafter == world.organs["city-office"]
    again = client.get(f"/desk/registers/documents/{kept.pk}/interpretation-plan/").content.decode()
    assert "甲市人民政府办公室" in again
    wrong = client.post(
        f"/desk/registers/documents/{kept.pk}/interpretation-plan/", given | {"drafter": "没有这个局"}
    )
    assert wrong.status_code == 422
    assert "没有叫“没有这个局”的机关" in wrong.content.decode()
    documents.close_edition(kept.editions.get(), by=TEST)
    refused = client.get(f"/desk/registers/documents/{kept.pk}/").content.decode()
    assert "最新一版已定稿，解读方案不能再改" in refused


def test_exempting_and_marking(world: World, sign_in: SignIn) -> None:
    kept = document(world, "city-edu", kind="other")
    client = sign_in("city-edu-office")
    assert "没有要求" in client.get(f"/desk/registers/documents/{kept.pk}/").content.decode()
    assert "须解读，文件还没有公开" in act(client, "documents", kept.pk, "important", reason="")
    assert "不需要：内容简明" in act(client, "documents", kept.pk, "interpretation-exempt", reason="内容简明")
    act(client, "documents", kept.pk, "interpretation-needed")
    act(client, "documents", kept.pk, "not-important")
    assert not InterpretationPlan.objects.exists()
    assert not ImportantPolicy.objects.exists()


def test_registering_from_the_document_and_from_the_list(world: World, sign_in: SignIn) -> None:
    kept = released(world, dt.date(2022, 5, 30), "city-edu", number="甲教〔2019〕3号", title="招生办法")
    client = sign_in("city-edu-handler")
    page = act(
        client,
        "documents",
        kept.pk,
        "interpret",
        title="一图读懂招生办法",
        form="graphic",
        made_on="2022-05-30",
        contents=["background"],
    )
    assert "一图读懂招生办法" in page
    assert "招生办法" in page
    given = {
        "organ": world.organs["city-edu"].pk,
        "documents": "甲教〔2019〕3号\n" + released(world, DAY, title="市里的意见").index_no,
        "title": "两份文件一起说",
        "form": "text",
        "made_on": "2022-06-01",
    }
    answer = client.post("/desk/registers/interpretations/new/add/", given, follow=True)
    assert answer.status_code == 200
    row = Interpretation.objects.get(document__title="两份文件一起说")
    assert {link.document.title for link in row.links.all()} == {"招生办法", "市里的意见"}
    wrong = client.post("/desk/registers/interpretations/new/add/", given | {"documents": "没有这份"})
    assert "没有找到“没有这份”" in wrong.content.decode()
    hidden = document(world, "county-a", number="东政〔2019〕9号")
    wrong = client.post("/desk/registers/interpretations/new/add/", given | {"documents": hidden.number})
    assert "没有找到“东政〔2019〕9号”" in wrong.content.decode()
    link = row.links.first()
    act(client, "interpretation-links", link.pk, "unlink", reason="写错了")
    assert row.links.count() == 1
    page = act(client, "interpretations", row.pk, "link", documents="甲教〔2019〕3号")
    assert "招生办法" in page


@pytest.mark.seed("S057", "S060")
def test_the_lists_of_what_is_owed_and_late(
    world: World, sign_in: SignIn, django_assert_max_num_queries
) -> None:
    client = sign_in("city-edu-office")
    for number in range(5):
        released(world, dt.date(2022, 5, 20), "city-edu", title=f"欠解读{number}")
    late = released(world, dt.date(2022, 5, 20), "city-edu", title="晚了")
    interpretation(late, on=dt.date(2022, 5, 31), made_on=dt.date(2022, 5, 20))
    released(world, dt.date(2022, 5, 31), "city-edu", title="还没到期")
    released(world, dt.date(2022, 5, 20), "county-a", title="别的机关的")

    def listed(status: str) -> str:
        return client.get(f"/desk/registers/interpretation-duties/?status={status}").content.decode()

    with django_assert_max_num_queries(30):
        page = listed("")
    for word in ("超期未解读", "逾期", "未到期", "2022-05-25"):
        assert word in page
    assert "别的机关的" not in page
    assert "还没到期" not in listed("overdue")
    assert "还没到期" in listed("owed")
    assert "欠解读0" not in listed("late")
    assert "晚了" in listed("late")
    today = client.get("/desk/today/").content.decode()
    assert "欠解读0" in today
    assert "2022年5月20日公开，次日起第3个工作日为2022年5月25日" in today
    assert "晚了" not in today


def test_the_check_page_names_what_is_broken(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-edu-office")
    address = "/desk/interpretations/checks/"
    assert "没有发现问题" in client.get(address).content.decode()
    kept = released(world, dt.date(2022, 5, 20), "city-edu", title="撤下的文件")
    interpretation(kept, on=DAY, made_on=DAY, title="还挂着的解读")
    documents.withdraw_release(kept.releases.get(), by=TEST, on=DAY, reason="有误")
    page = client.get(address).content.decode()
    assert "所解读的文件已不公开" in page
    assert "还挂着的解读" in page
    assert "还挂着的解读" not in sign_in("county-a-office").get(address).content.decode()
    assert sign_in("city-operator").get(address).status_code == 404


def test_the_check_page_counts_what_is_to_be_mended_a_page_at_a_time(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreting, "_PAGE", 2)
    ended = released(world, dt.date(2022, 5, 20), "city-edu", title="废止的文件")
    interpretation(ended, on=DAY, made_on=DAY, title="解读")
    documents.change_validity(ended, by=TEST, kind="repealed", on=DAY, decided_by="甲政〔2022〕9号")
    for number in range(2):
        released(
            world, dt.date(2022, 5, 20), "city-edu", kind="interpretation", title=f"孤{number}", body="文"
        )
    client = sign_in("city-edu-office")
    first = client.get("/desk/interpretations/checks/").content.decode()
    assert '<p class="count">2 处</p>' in first
    assert "第 1 页，共 2 页" in first
    assert "废止的文件" not in first
    assert "政策已废止" in client.get("/desk/interpretations/checks/?page=2").content.decode()


def test_the_settings_are_the_operators(world: World, sign_in: SignIn) -> None:
    given = {
        "organ": world.organs["city"].pk,
        "kinds": ["rules", "notice"],
        "days": 5,
        "since": "2020-01-01",
        "basis": "本市办法",
    }
    client = sign_in("city-operator")
    answer = client.post("/desk/registers/interpretation-settings/new/set/", given, follow=True)
    assert answer.status_code == 200
    row = InterpretationSettings.objects.get()
    assert (row.kinds, row.days, row.marked) == (["notice", "rules"], 5, False)
    assert sign_in("city-office").post(
        "/desk/registers/interpretation-settings/new/set/", given
    ).status_code in (403, 404)


@pytest.mark.seed("S056", "S063")
def test_the_figure_is_split_by_form_and_opens_its_records(world: World, sign_in: SignIn) -> None:
    kept = released(world, dt.date(2022, 5, 20), "city-edu", title="招生办法")
    interpretation(kept, on=DAY, made_on=DAY, title="视频说招生", form="video")
    tallies.set_coverage(
        by=TEST,
        organ=world.organs["city"],
        register="documents",
        mode="here",
        valid_from=dt.date(2019, 1, 1),
        whole_tree=True,
    )
    client = sign_in("city-edu-office")
    page = client.get("/desk/figures/interpretations.released/?organ=city-edu&year=2022").content.decode()
    assert "视频、动漫" in page
    records = "/desk/figures/interpretations.released/records/?organ=city-edu&year=2022"
    assert "视频说招生" in client.get(f"{records}&form=video").content.decode()
    assert "视频说招生" not in client.get(f"{records}&form=text").content.decode()
    late = "/desk/figures/interpretations.on_time/records/?organ=city-edu&year=2022"
    assert "招生办法" not in client.get(late).content.decode()
    owed = "/desk/figures/interpretations.required/records/?organ=city-edu&year=2022"
    assert "招生办法" in client.get(owed).content.decode()
