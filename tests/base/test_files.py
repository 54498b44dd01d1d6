"""Which files are taken, how they lie on disk, and that damage is found."""

from __future__ import annotations

import os
import stat
import unicodedata

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base import crypto, files
from gongkai.base.models import StoredFile
from gongkai.organs.models import Organ
from tests.support.world import World

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20
ZIP = b"PK\x03\x04" + b"\0" * 20
EXE = b"MZ\x90\x00" + b"\0" * 20


@pytest.fixture
def office(world: World) -> Organ:
    return world.organs["city-office"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("申请表.pdf", PDF),
        ("SCAN.PDF", PDF),
        ("照片.jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 10),
        ("照片.png", PNG),
        ("扫描.tiff", b"II*\x00" + b"\0" * 10),
        ("公文.ofd", ZIP),
        ("答复.docx", ZIP),
        ("答复.doc", OLE),
        ("答复.doc", b"{\\rtf1 abc}"),
        ("清单.xls", OLE),
        ("清单.wps", OLE),
        ("说明.txt", "中文说明".encode()),
        ("说明.txt", "中文说明".encode("gb18030")),
        ("说明.txt", "中文说明".encode("utf-16")),
    ],
)
def test_what_an_office_receives_is_taken(name: str, content: bytes) -> None:
    files.check(name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("页面.html", b"<html>", "不能接收“.html”"),
        ("图.svg", b"<svg>", "不能接收“.svg”"),
        ("程序.exe", EXE, "不能接收“.exe”"),
        ("表.xlsm", ZIP, "不能接收“.xlsm”"),
        ("没有扩展名", PDF, "不能接收“没有扩展名”"),
        (".pdf", PDF, "不能接收“没有扩展名”"),
        ("申请表.pdf.exe", EXE, "不能接收“.exe”"),
        ("申请表.pdf\0.exe", EXE, "不能接收“.exe”"),
        ("申请表.exe/.pdf", PDF, "不能接收“没有扩展名”"),
        ("假的.pdf", EXE, "不符"),
        ("假的.pdf", b"<script>%PDF-1.7", "不符"),
        ("假的.jpg", PNG, "不符"),
        ("假的.docx", OLE, "不符"),
        ("假的.doc", b"<html>", "不符"),
        ("假的.xls", b"<table>", "不符"),
        ("假的.txt", EXE, "不是文本"),
        ("空的.pdf", b"", "空的"),
        ("大的.pdf", PDF + b"\0" * files.LARGEST, "10 MB"),
    ],
)
def test_everything_else_is_refused_in_words(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        files.check(name, content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/cron.d/申请.pdf", "申请.pdf"),
        ("C:\\Users\\张三\\申请.pdf", "申请.pdf"),
        ("/etc/passwd/申请.pdf", "申请.pdf"),
        ("申请\r\nSet-Cookie: a.pdf", "申请Set-Cookie: a.pdf"),
        ("申请\u202efdp.pdf", "申请fdp.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_reduced_to_its_last_part(office: Organ, sent: str, kept: str) -> None:
    before = {path for path in settings.HOME.files.rglob("*") if path.is_file()}
    stored = files.store(office, sent, PDF)
    stored.refresh_from_db()
    assert stored.name == kept
    added = {path for path in settings.HOME.files.rglob("*") if path.is_file()} - before
    assert added == {files.location(stored.key)}


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(name: str) -> None:
    plain = files.plain_name(name)
    assert "/" not in plain
    assert "\\" not in plain
    assert not {unicodedata.category(c) for c in plain} & {"Cc", "Cf"}
    assert len(plain) <= 200


def test_on_disk_there_is_only_ciphertext_under_a_random_name(office: Organ) -> None:
    content = PDF + "张三 41030319900101123X".encode()
    stored = files.store(office, "张三.pdf", content)
    path = files.location(stored.key)
    assert "张三" not in str(path)
    raw = path.read_bytes()
    assert b"%PDF" not in raw
    assert "张三".encode() not in raw
    assert files.read(stored) == content
    assert (stored.size, stored.media_type) == (len(content), "application/pdf")
    assert files.damage(stored) is None
    assert not list(path.parent.glob("*.part"))


def test_equal_contents_are_kept_apart(office: Organ) -> None:
    one, other = files.store(office, "a.pdf", PDF), files.store(office, "b.pdf", PDF)
    assert one.sha256 == other.sha256
    assert files.location(one.key).read_bytes() != files.location(other.key).read_bytes()


def test_damage_is_found_and_named(office: Organ) -> None:
    missing, altered, swapped = (files.store(office, "a.pdf", PDF + bytes([n])) for n in range(3))
    files.location(missing.key).unlink()
    assert files.damage(missing) == "文件缺失"
    raw = bytearray(files.location(altered.key).read_bytes())
    raw[30] ^= 1
    files.location(altered.key).write_bytes(bytes(raw))
    assert files.damage(altered) == "文件无法解密或被改动"
    files.location(swapped.key).write_bytes(crypto.seal(b"something else"))
    assert files.damage(swapped) == "文件内容与登记的哈希不符"


def test_a_download_has_a_name_of_ours(office: Organ) -> None:
    stored = files.store(office, "张三的身份证.JPG", b"\xff\xd8\xff\xe0")
    assert files.extension(stored) == ".jpg"


def test_a_stored_file_is_never_rewritten(office: Organ) -> None:
    stored = files.store(office, "a.pdf", PDF)
    with pytest.raises(TypeError, match="append-only"):
        stored.save()
    with pytest.raises(TypeError, match="append-only"):
        stored.delete()
    assert StoredFile.objects.filter(pk=stored.pk).exists()


def test_others_on_the_machine_cannot_read_it(office: Organ) -> None:
    stored = files.store(office, "a.pdf", PDF)
    assert not stat.S_IMODE(os.stat(files.location(stored.key)).st_mode) & 0o007
