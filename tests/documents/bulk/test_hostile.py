"""What is brought to do harm: refused or cleaned, and said so; the rows around it are taken."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from gongkai.base import files
from gongkai.documents.bulk import attached, importing, writing
from gongkai.documents.bulk.cells import LEFT_OUT
from gongkai.documents.bulk.importing import LONGEST_KEPT, Overtaken
from gongkai.documents.bulk.reading import LARGEST_CELL
from gongkai.documents.models import Attachment, Document, Edition
from tests.documents.bulk.support import PLAIN, bring, bring_rows, csv_of, read
from tests.inspection import samples
from tests.support.world import World

pytestmark = pytest.mark.django_db
_ENTITIES = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _docx(document: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def _swelling() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (300 * 1024 * 1024))
    return out.getvalue()


_BODY = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>{}</w:document>"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("实体.docx", lambda: _docx(_ENTITIES + _BODY.format("&a;")), "附件"),
        ("炸弹.docx", _swelling, "附件"),
        ("两面.pdf", lambda: b"GIF89a<script>alert(1)</script>%PDF-1.4", "扩展名"),
        ("程序.pdf", lambda: b"MZ\x90\0" + b"\0" * 100, "扩展名"),
        ("网页.html", lambda: b"<script>alert(1)</script>", "不能接收"),
        ("空.pdf", lambda: b"", "空的"),
        ("大.txt", lambda: b"a" * (11 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_harmful_file_keeps_its_row_out_and_no_other(
    world: World, tmp_path: Path, name: str, content: object, words: str
) -> None:
    (tmp_path / name).write_bytes(content())  # type: ignore[operator]
    rows = [{**PLAIN, "annexes": name}, {**PLAIN, "title": "无辜的"}]
    for trial in (True, False):
        done = bring(rows, organ=world.organs["city"], files=tmp_path, trial=trial)
        assert (done.counts.taken, done.counts.wrong) == (1, 1)
        assert words in done.words[0]
    assert Document.objects.get().title == "无辜的"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("cause", [IntegrityError, Overtaken])
def test_no_file_is_left_behind_by_rows_that_were_not_written(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: type[Exception]
) -> None:
    (tmp_path / "表.txt").write_text("正文")
    rows = [{**PLAIN, "annexes": "表.txt"}]
    stored = Path(settings.HOME.files)
    before = {one for one in stored.rglob("*") if one.is_file()}

    def fails(*given: object, **more: object) -> None:
        raise cause

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_log", fails)
        with pytest.raises(cause):
            bring(rows, organ=world.organs["city"], files=tmp_path)
    assert {one for one in stored.rglob("*") if one.is_file()} == before
    bring(rows, organ=world.organs["city"], files=tmp_path)
    kept = Attachment.objects.get().file
    assert (files.read(kept).decode(), kept.media_type) == ("正文", "text/plain")


def test_hidden_content_keeps_a_public_row_out_but_not_a_draft(world: World, tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(samples.xlsx(samples.hidden_sheet))
    row = {**PLAIN, "annexes": "表.xlsx"}
    done = bring([{**row, "released_on": "2021-03-02"}, row], organ=world.organs["city"], files=tmp_path)
    assert (done.counts.taken, done.counts.wrong) == (1, 1)
    assert "附件“表”：" in done.words[0]
    assert "隐藏" in done.words[0]
    assert Attachment.objects.get().edition.closed is False


@pytest.mark.parametrize(
    "name", ["../秘密.txt", "..\\秘密.txt", "/etc/passwd", "子/../../秘密.txt", "链接.txt", "C:\\a.txt"]
)
def test_names_lead_nowhere_else(world: World, tmp_path: Path, name: str) -> None:
    (tmp_path / "秘密.txt").write_text("秘密")
    folder = tmp_path / "附件"
    folder.mkdir()
    (folder / "链接.txt").symlink_to(tmp_path / "秘密.txt")
    packed = tmp_path / "附件.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "秘密")
    for source in (folder, packed):
        if source is packed and name == "链接.txt":
            continue
        with attached.opened(source) as found, pytest.raises(attached.Missing):
            found.load(name)


def test_a_member_of_a_zip_that_swells_or_is_locked(tmp_path: Path) -> None:
    packed = tmp_path / "附件.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("炸弹.txt", b"0" * (9 * 1024 * 1024))
        archive.writestr("大.txt", b"0" * (11 * 1024 * 1024))
        archive.writestr("好.txt", b"good")
    with attached.opened(packed) as found:
        with pytest.raises(attached.Missing, match="压缩炸弹"):
            found.load("炸弹.txt")
        with pytest.raises(attached.Missing, match="10 MB"):
            found.load("大.txt")
        assert found.load("好.txt") == b"good"
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(Exception, match="损坏"), attached.opened(tmp_path / "坏.zip"):
        pass


def test_a_zip_of_too_many_files_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "附件.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(11):
            archive.writestr(f"{number}.txt", b"a")
    monkeypatch.setattr(attached, "MOST_FILES", 11)
    with attached.opened(packed) as found:
        assert found.load("10.txt") == b"a"
    monkeypatch.setattr(attached, "MOST_FILES", 10)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(ValidationError, match="附件超过10个"), attached.opened(packed):
        pass
    with packed.open("rb") as stream, pytest.raises(ValidationError, match="附件超过10个"):
        attached.Zip(stream)


def test_a_bare_name_must_be_the_only_one(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.txt").write_text(folder)
    with attached.opened(tmp_path) as found:
        with pytest.raises(attached.Missing, match="几个"):
            found.load("表.txt")
        assert found.load("乙/表.txt").decode() == "乙"
        assert found.load(".\\乙\\表.txt".removeprefix(".\\")).decode() == "乙"


def test_fifty_megabytes_in_a_cell(world: World) -> None:
    content = csv_of([{**PLAIN, "text": "字" * (50 * 1024 * 1024 // 3)}, {**PLAIN, "title": "无辜的"}])
    done = bring_rows(read(content, "表.csv"), organ=world.organs["city"])
    assert (done.counts.taken, done.counts.wrong) == (1, 1)
    assert f"正文：超过 {LARGEST_CELL // 10_000} 万字，没有读取" in done.words[0]
    kept = done.batch.problems.get().cells
    assert kept["text"] == LEFT_OUT
    again = bring([kept], organ=world.organs["city"])
    assert again.words == ["正文：问题表中没有保留原来的内容，请补上"]
    assert Document.objects.count() == 1


def test_a_problem_keeps_no_long_text(world: World) -> None:
    row = {**PLAIN, "made_on": "昨天", "text": "字" * (LONGEST_KEPT + 1), "summary": "字" * LONGEST_KEPT}
    kept = bring([row], organ=world.organs["city"]).batch.problems.get().cells
    assert (kept["text"], len(kept["summary"])) == (LEFT_OUT, LONGEST_KEPT)


def test_long_rows_are_written_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "HEAVY", 1_000)
    rows = [(number, {"text": "字" * 400}) for number in range(7)]
    assert [len(chunk) for chunk in importing._chunks(iter(rows), 500)] == [3, 3, 1]


def test_scripts_are_taken_out_and_that_is_said(world: World) -> None:
    html = (
        "<p onclick='x()'>正文</p><script>alert(1)</script><img src=x onerror=y><a href='javascript:z'>链</a>"
    )
    done = bring([{**PLAIN, "html": html}], organ=world.organs["city"])
    assert (done.counts.taken, done.counts.mended) == (1, 1)
    assert "脚本" in done.words[0]
    rich = Edition.objects.get().rich
    assert all(word not in rich for word in ("script", "onclick", "onerror", "javascript"))


def test_a_table_of_ten_thousand_rows_in_a_body(world: World) -> None:
    html = f"<table>{'<tr><td>甲</td></tr>' * 10_000}</table>"
    done = bring([{**PLAIN, "html": html}], organ=world.organs["city"])
    assert "10000行，超过2000行" in done.words[0]
    assert not Document.objects.exists()
