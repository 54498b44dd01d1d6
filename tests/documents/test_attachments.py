"""Files of an edition: looked into when they come, cleaned or mended before they go out."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import files
from gongkai.documents import actions, attachments
from gongkai.documents.models import Attachment, Document, Edition
from gongkai.documents.reviewing import subject_of
from gongkai.organs.refusals import Refused
from tests.documents.support import document, released
from tests.inspection import samples
from tests.support.world import TEST, World

APR, MAY = dt.date(2019, 4, 1), dt.date(2019, 5, 1)


def _attach(edition: Edition, content: bytes, name: str = "附表.xlsx", **more: str) -> Attachment:
    return actions.attach(edition, by=TEST, name=name, content=content, **more)


def test_a_file_with_a_hidden_sheet_blocks_the_release_until_it_is_cleaned(world: World) -> None:
    kept = document(world)
    edition = kept.editions.get()
    before = subject_of(edition).digest
    attachment = _attach(edition, samples.xlsx(samples.hidden_sheet))
    assert subject_of(edition).digest != before, "the review binds the files"
    assert attachments.findings(attachment)[0].label == "隐藏的工作表"
    with pytest.raises(Refused, match="附件“附表”：") as refused:
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert "隐藏" in str(refused.value)
    cleaned = actions.clean_attachment(attachment, by=TEST)
    assert cleaned.file_id != attachment.file_id
    assert actions.release(kept, by=TEST, channel="政府网站", on=APR).edition.closed


def test_what_cannot_be_cleaned_is_mended_by_hand(world: World) -> None:
    kept = document(world)
    edition = kept.editions.get()
    attachment = _attach(edition, samples.xlsx(samples.hidden_row))
    with pytest.raises(Refused):
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    actions.detach(attachment, by=TEST)
    _attach(edition, samples.xlsx())
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert edition.attachments.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"no pdf"),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.pdf", b""),
    ],
)
def test_a_file_we_do_not_take_is_refused_with_a_sentence(world: World, name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        _attach(document(world).editions.get(), content, name)
    assert list(refused.value.message_dict) == ["file"]
    assert not Attachment.objects.exists()


def test_files_are_fixed_with_the_edition_and_carried_into_the_next(world: World) -> None:
    kept = document(world)
    first = kept.editions.get()
    one = _attach(first, samples.xlsx(), title="任务分工表")
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    for attempt in (
        lambda: _attach(first, samples.xlsx()),
        lambda: actions.detach(one, by=TEST),
        lambda: actions.clean_attachment(one, by=TEST),
    ):
        with pytest.raises(Refused, match="已定稿"):
            attempt()
    second = actions.open_edition(kept, by=TEST)
    carried = second.attachments.get()
    assert (carried.title, carried.file_id) == ("任务分工表", one.file_id)
    actions.detach(carried, by=TEST)
    assert first.attachments.count() == 1
    assert files.damage(one.file) is None


def test_a_stranger_attaches_nothing(world: World) -> None:
    edition = document(world).editions.get()
    with pytest.raises(Refused):
        actions.attach(
            edition, by=world.actor("city-edu", "head", "documents"), name="a.xlsx", content=samples.xlsx()
        )


def test_an_original_stays_inside_and_blocks_nothing(world: World) -> None:
    kept = document(world)
    edition = kept.editions.get()
    _attach(edition, samples.document(samples.tracked), "签发稿.docx", role="original")
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert not attachments.public_files(edition).exists()


def test_rules_without_text_or_image_version_are_listed(world: World) -> None:
    whole = document(world, kind="rules", title="全", body="第一条")
    _attach(whole.editions.get(), samples.pdf(), "页面.pdf", role="image")
    no_image = document(world, kind="rules", title="缺图", body="第一条")
    no_text = document(world, kind="rules", title="缺文")
    _attach(no_text.editions.get(), samples.pdf(), "页面.pdf", role="image")
    ended = document(world, kind="rules", title="已废止")
    actions.change_validity(ended, by=TEST, kind="repealed", on=MAY, decided_by="甲政〔2019〕1号")
    released(world, APR, title="不是规章")
    found = {
        row.title: (row.lacks_text, row.lacks_image)
        for row in attachments.lacking_versions(Document.objects.all())
    }
    assert found == {"缺图": (False, True), "缺文": (True, False)}
    assert no_image.pk
    with pytest.raises(ValidationError, match="图片版"):
        _attach(no_image.editions.get(), samples.xlsx(), role="image")
