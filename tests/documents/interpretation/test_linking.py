"""The interpretation and its links: shown on both pages, checked at both ends."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions, checking, queries
from gongkai.documents.interpretation.checking import Trouble
from gongkai.documents.models import Document
from gongkai.organs.refusals import Refused
from tests.documents.interpretation.support import interpretation, plan, settings
from tests.documents.support import document, released
from tests.support.world import TEST, World

APR, MAY, DAY = dt.date(2019, 4, 1), dt.date(2019, 5, 1), dt.date(2022, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.on_day(DAY):
        yield


@pytest.mark.seed("S058")
def test_who_drafted_interprets(world: World) -> None:
    own = released(world, APR)
    assert interpretation(own).document.organ == world.organs["city"]
    drafted = document(world)
    plan(drafted.editions.get(), drafter=world.organs["city-edu"])
    documents.release(drafted, by=TEST, channel="政府网站", on=APR)
    row = interpretation(drafted)
    assert row.document.organ == world.organs["city-edu"]
    assert row.document.kind == "interpretation"
    named = interpretation(drafted, organ=world.organs["city-office"])
    assert named.document.organ == world.organs["city-office"]
    with pytest.raises(Refused):
        actions.add_interpretation(
            by=world.actor("city", "handler", "documents", DAY),
            documents=[drafted],
            title="解读",
            form="text",
            made_on=APR,
        )


def test_an_interpretation_names_documents_and_forms(world: World) -> None:
    with pytest.raises(ValidationError):
        interpretation()
    old = released(world, APR)
    with pytest.raises(ValidationError):
        interpretation(old, form="dance")
    with pytest.raises(ValidationError):
        interpretation(old, url="javascript:alert(1)")
    with pytest.raises(ValidationError):
        interpretation(old, contents=["weather"])
    row = interpretation(old, old, contents=["contact", "background"])
    assert row.links.count() == 1
    assert row.contents == ["background", "contact"]
    assert len(row.missing) == 6
    with pytest.raises(Refused, match="只有政策解读"):
        actions.describe_interpretation(old, by=TEST, form="text")


def test_what_was_signed_of_an_interpretation_stays(world: World) -> None:
    row = interpretation(released(world, APR), on=MAY)
    with pytest.raises(ValidationError) as refused:
        actions.describe_interpretation(row.document, by=TEST, form="video")
    assert list(refused.value.message_dict) == ["form"]
    later = actions.describe_interpretation(row.document, by=TEST, form="text", topic="供水")
    assert later.topic == "供水"


@pytest.mark.seed("S289")
def test_an_old_document_and_one_of_another_organ_are_linked(world: World) -> None:
    old = released(world, dt.date(2018, 5, 1), "county-a", made_on=dt.date(2018, 4, 1))
    draft = document(world, "county-a")
    by = world.actor("city-edu", "handler", "documents", DAY)
    row = actions.add_interpretation(
        by=by, documents=[old], organ=world.organs["city-edu"], title="解读", form="text", made_on=DAY
    )
    assert row.document.made_on > old.made_on
    with pytest.raises(Refused, match="只能解读已公开的文件"):
        actions.link(row, by=by, document=draft)
    with pytest.raises(Refused, match="已经与该文件关联"):
        actions.link(row, by=by, document=old)
    other = interpretation(old)
    with pytest.raises(Refused, match="不是另一份解读"):
        actions.link(row, by=by, document=other.document)


def test_either_side_takes_a_link_back_with_a_reason(world: World) -> None:
    old = released(world, APR, "county-a")
    row = interpretation(old, organ=world.organs["city-edu"])
    link = row.links.get()
    with pytest.raises(ValidationError):
        actions.unlink(link, by=TEST, reason=" ")
    with pytest.raises(Refused):
        actions.unlink(link, by=world.actor("county-b", "handler", "documents", DAY), reason="错了")
    actions.unlink(link, by=world.actor("county-a", "handler", "documents", DAY), reason="与本文件无关")
    assert not row.links.exists()
    verbs = set(AuditEntry.objects.filter(verb__startswith="interpretation.").values_list("verb", flat=True))
    assert {"interpretation.link", "interpretation.linked", "interpretation.unlink"} <= verbs


@pytest.mark.seed("S061")
def test_one_row_shows_on_both_pages(world: World, client) -> None:
    kept = released(world, APR, title="供水管理办法")
    row = interpretation(kept, on=MAY, title="《供水管理办法》解读", form="graphic")
    there = client.get(f"/d/{kept.pk}/").content.decode()
    assert "相关解读" in there
    assert f'<a href="/d/{row.document.pk}/">《供水管理办法》解读</a>' in there
    back = client.get(f"/d/{row.document.pk}/").content.decode()
    assert "相关文件" in back
    assert f'<a href="/d/{kept.pk}/">供水管理办法</a>' in back
    assert "图解" in back
    assert "政策已废止" not in back
    documents.change_validity(kept, by=TEST, kind="repealed", on=MAY, decided_by="甲政〔2019〕9号")
    assert "政策已废止" in client.get(f"/d/{row.document.pk}/").content.decode()


def test_a_draft_shows_on_neither(world: World, client) -> None:
    kept = released(world, APR)
    interpretation(kept, title="未公开的解读")
    assert "未公开的解读" not in client.get(f"/d/{kept.pk}/").content.decode()
    assert queries.interpretations_of(kept, DAY) == []
    waiting = document(world, title="未公开的文件")
    row = interpretation(waiting, on=MAY)
    assert "未公开的文件" not in client.get(f"/d/{row.document.pk}/").content.decode()


@pytest.mark.seed("S061")
def test_the_checker_finds_every_kind_of_broken_link(world: World) -> None:
    fine = released(world, APR, title="完好")
    interpretation(fine, on=APR)
    assert checking.troubles(Document.objects.all(), DAY) == []

    gone = released(world, APR, title="撤下的文件")
    of_gone = interpretation(gone, on=APR, title="解读甲")
    documents.withdraw_release(gone.releases.get(), by=TEST, on=MAY, reason="有误")
    kept = released(world, APR, title="解读撤下了")
    withdrawn = interpretation(kept, on=APR, title="解读乙")
    documents.withdraw_release(withdrawn.document.releases.get(), by=TEST, on=MAY, reason="有误")
    ended = released(world, APR, title="废止的文件")
    of_ended = interpretation(ended, on=APR, title="解读丙")
    documents.change_validity(ended, by=TEST, kind="repealed", on=MAY, decided_by="甲政〔2019〕9号")
    alone = released(world, APR, kind="interpretation", title="解读丁", body="正文")
    bare = interpretation(fine, on=APR, title="解读戊", body="")
    text = document(world, kind="interpretation", title="解读己")
    documents.write(
        text.editions.get(), by=TEST, title="解读己", html=f'<p>见<a href="/d/{kept.pk}/">文件</a></p>'
    )
    documents.release(text, by=TEST, channel="政府网站", on=APR)
    early = interpretation(document(world, title="还没公开"), on=APR, title="解读庚")

    found = {
        (one.trouble, one.document.pk, one.other.pk if one.other else None)
        for one in checking.troubles(Document.objects.all(), DAY)
    }
    assert found == {
        (Trouble.DOCUMENT_GONE, of_gone.document.pk, gone.pk),
        (Trouble.INTERPRETATION_GONE, kept.pk, withdrawn.document.pk),
        (Trouble.ENDED, of_ended.document.pk, ended.pk),
        (Trouble.ALONE, alone.pk, None),
        (Trouble.ALONE, text.pk, None),
        (Trouble.ONE_WAY, text.pk, kept.pk),
        (Trouble.EMPTY, bare.document.pk, None),
        (Trouble.DOCUMENT_GONE, early.document.pk, early.links.get().document_id),
    }


def test_a_number_written_into_a_text_names_no_draft(world: World) -> None:
    drafts = [document(world, "county-a", title="别家的草稿"), released(world, APR, title="撤下的草稿")]
    documents.withdraw_release(drafts[1].releases.get(), by=TEST, on=MAY, reason="有误")
    text = document(world, "city-edu", kind="interpretation", title="解读")
    links = "".join(f'<a href="/d/{one.pk}/">见</a>' for one in drafts)
    documents.write(text.editions.get(), by=TEST, title="解读", html=f"<p>{links}</p>")
    documents.release(text, by=TEST, channel="政府网站", on=APR)
    found = checking.troubles(Document.objects.filter(pk=text.pk), DAY)
    assert [one.trouble for one in found] == [Trouble.ALONE]


@pytest.mark.parametrize(
    ("site", "ours"),
    [
        ("", True),
        ("https://xxgk.example.gov.cn", True),
        ("http://XXGK.example.gov.cn:8000", True),
        ("https://www.example.org", False),
    ],
)
def test_an_address_at_another_site_is_none_of_ours(world: World, site: str, ours: bool) -> None:
    kept = released(world, APR, title="文件")
    text = document(world, kind="interpretation", title="解读")
    html = f'<p>见<a href="{site}/d/{kept.pk}/">文件</a></p>'
    documents.write(text.editions.get(), by=TEST, title="解读", html=html)
    documents.release(text, by=TEST, channel="政府网站", on=APR)
    with override_settings(ALLOWED_HOSTS=["xxgk.example.gov.cn", "*"]):
        found = {one.trouble for one in checking.troubles(Document.objects.all(), DAY)}
    assert (Trouble.ONE_WAY in found) is ours


def test_the_checker_asks_as_much_for_many_as_for_few(world: World, django_assert_max_num_queries) -> None:
    settings(world)
    for number in range(6):
        kept = released(world, APR, title=f"文件{number}")
        interpretation(kept, on=APR)
    with django_assert_max_num_queries(8):
        assert checking.troubles(Document.objects.all(), DAY) == []
