"""The document's own pages on the desk: the editor, the comparison, the files."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base import clock
from gongkai.documents import actions, gate, writing
from gongkai.documents.models import Attachment, Channel, Document, Edition, Release
from gongkai.review import actions as review
from tests.documents.support import document
from tests.inspection import samples
from tests.support.world import TEST, World

SignIn = Callable[[str], Client]


@pytest.fixture
def draft(world: World) -> Edition:
    return document(world, "city-edu", title="招生办法", body="第一条 就近入学").editions.get()


def _write(draft: Edition, **changes: str) -> dict[str, str]:
    return {"title": "招生办法", "body": "", "format": "text", "seen": writing.seal_of(draft)} | changes


def test_a_paste_from_word_is_saved_cleaned_and_told(sign_in: SignIn, draft: Edition) -> None:
    client, page = sign_in("city-edu-handler"), reverse("desk:edition-write", args=[draft.pk])
    assert "第一条 就近入学" in client.get(page).content.decode()
    body = '<p class=MsoNormal style="mso-x:1">甲<o:p></o:p></p><img src="data:image/png;base64,AA"><script>x()</script>'
    answer = client.post(page, _write(draft, body=body, format="html"), follow=True).content.decode()
    draft.refresh_from_db()
    assert (draft.rich, draft.body) == ("<p>甲</p>", "甲")
    assert "去掉了1张图片" in answer


def test_two_people_are_told_and_both_texts_stand_on_the_page(sign_in: SignIn, draft: Edition) -> None:
    page, seen = reverse("desk:edition-write", args=[draft.pk]), writing.seal_of(draft)
    sign_in("city-edu-handler").post(page, _write(draft, body="甲的正文", seen=seen))
    answer = sign_in("city-edu-office").post(page, _write(draft, body="乙的正文", seen=seen))
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "甲的正文" in words and "乙的正文" in words and "另一位同事" in words  # noqa: PT018
    draft.refresh_from_db()
    assert draft.body == "甲的正文"
    again = answer.context["form"]
    sign_in("city-edu-office").post(page, _write(draft, body="乙的正文", seen=again["seen"].value()))
    draft.refresh_from_db()
    assert draft.body == "乙的正文"


def test_too_much_is_refused_politely(sign_in: SignIn, draft: Edition) -> None:
    client, page = sign_in("city-edu-handler"), reverse("desk:edition-write", args=[draft.pk])
    answer = client.post(page, _write(draft, body="x" * (11 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "10 MB" in answer.content.decode()
    answer = client.post(page, _write(draft, body="<table>" + "<tr><td>1" * 10_000, format="html"))
    assert answer.status_code == 422
    assert "10000行" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.body == "第一条 就近入学"


def test_who_may_not_write_reads_and_who_may_not_read_finds_nothing(sign_in: SignIn, draft: Edition) -> None:
    pages = [
        reverse("desk:edition-write", args=[draft.pk]),
        reverse("desk:editions-compare", args=[draft.document_id]),
        reverse("desk:document-archive", args=[draft.document_id]),
    ]
    kept = actions.attach(draft, by=TEST, name="a.txt", content="说明".encode())
    pages.append(reverse("desk:attachment-file", args=[kept.pk]))
    for page in pages:
        assert sign_in("city-edu-handler").get(page).status_code == 200
        assert sign_in("city-auditor").get(page).status_code == 200
        for stranger in ("county-a-head", "city-edu-operator", "town-a1-office"):
            assert sign_in(stranger).get(page).status_code == 404, (page, stranger)
    answer = sign_in("city-edu-auditor").post(pages[0], _write(draft, body="x"))
    assert answer.status_code == 403
    assert "只能查看" in answer.content.decode()


def test_a_file_with_a_hidden_sheet_is_shown_and_cleaned(sign_in: SignIn, draft: Edition) -> None:
    client = sign_in("city-edu-handler")
    upload = SimpleUploadedFile("分工.xlsx", samples.xlsx(samples.hidden_sheet))
    act = reverse("desk:register-act", args=["editions", draft.pk, "attach"])
    shown = client.post(act, {"file": upload, "role": "annex", "title": ""}, follow=True).content.decode()
    assert "隐藏的工作表" in shown and "须处理" in shown  # noqa: PT018
    kept = Attachment.objects.get()
    client.post(reverse("desk:register-act", args=["attachments", kept.pk, "clean"]))
    page = client.get(reverse("desk:register-record", args=["attachments", kept.pk])).content.decode()
    assert "可以公开" in page
    upload = SimpleUploadedFile("坏.xlsx", b"PK\x03\x04 broken")
    answer = client.post(act, {"file": upload, "role": "annex", "title": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_editions_are_compared(sign_in: SignIn, draft: Edition) -> None:
    actions.close_edition(draft, by=TEST)
    actions.open_edition(draft.document, by=TEST, body="第一条 划片入学")
    page = sign_in("city-edu-handler").get(reverse("desk:editions-compare", args=[draft.document_id]))
    words = page.content.decode()
    assert "<del>第一条 就近入学</del>" in words and "<ins>第一条 划片入学</ins>" in words  # noqa: PT018
    assert page.context["changes"] == 1


def test_what_was_out_before_the_review_is_recorded_late_at_the_desk(
    sign_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """公开办 is offered the button, and the day decides; planning, and others, are still shown the way to the review."""
    edu, day = world.organs["city-edu"], clock.today()
    old = document(world, "city-edu", made_on=day - dt.timedelta(days=9))
    review.set_duty(by=TEST, organ=edu, valid_from=day, note="先审查、后公开")
    new = document(world, "city-edu", made_on=day)
    page, release, plan = (
        lambda kept: reverse("desk:register-record", args=["documents", kept.pk]),
        lambda kept: reverse("desk:register-act", args=["documents", kept.pk, "release"]),
        lambda kept: reverse("desk:register-act", args=["documents", kept.pk, "plan"]),
    )
    asked: list[Document] = []
    monkeypatch.setattr(gate, "against_release", _counting(gate.against_release, asked))
    client = sign_in("city-edu-office")
    shown = client.get(page(old)).content.decode()
    assert asked == [old]  # for both buttons
    assert f'href="{release(old)}"' in shown
    assert f'href="{plan(old)}"' not in shown
    assert "去送审、看审签" in shown
    assert f'href="{release(new)}"' not in client.get(page(new)).content.decode()
    given = {"channel": Channel.objects.get(key="government_website").pk}
    late = given | {"on": (day - dt.timedelta(days=5)).isoformat()}
    for username, sent, words in (
        ("city-edu-office", given | {"on": day.isoformat()}, "还没有送审"),
        ("city-edu-handler", late, "请公开办补录"),
    ):
        answer = sign_in(username).post(release(old), sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(release(new), late).status_code == 403
    bulk = reverse("desk:register-bulk", args=["documents", "release"])
    client.post(bulk, late | {"pk": [old.pk, new.pk]})
    assert [fact.document for fact in Release.objects.all()] == [old]


def _counting(ask: Callable[..., list[str]], asked: list[Document]) -> Callable[..., list[str]]:
    def counted(document: Document, *more: object) -> list[str]:
        asked.append(document)
        return ask(document, *more)

    return counted
