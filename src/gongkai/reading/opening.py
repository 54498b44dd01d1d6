"""What kind of file is this, and may it be opened? Everything that is refused is refused here, in one sentence."""

from __future__ import annotations

import re
from enum import StrEnum

# A report is some pages of text; the largest real ones are scans of a few dozen megabytes.
MAX_BYTES = 100 * 1024 * 1024
MAX_TEXT_BYTES = 20 * 1024 * 1024

_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|div|p|td|span|article)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
_NO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Unreadable(Exception):
    """The file cannot be read as a report; the text is the one sentence shown."""


class Scanned(Unreadable):
    """A picture of a report, and nothing here that recognises its text."""


class FileKind(StrEnum):
    """The kinds of file that are read."""

    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    TEXT = "text"
    IMAGE = "image"


def refuse_size(size: int) -> None:
    """Raise :class:`Unreadable` for a file that is empty or too large to be a report."""
    if size == 0:
        raise Unreadable("文件是空的。")
    if size > MAX_BYTES:
        raise Unreadable(f"文件过大（{size / 2**20:.0f}MB），超过{MAX_BYTES // 2**20}MB的上限，没有读取。")


def kind_of(data: bytes) -> FileKind:
    """The kind of a file by its content, whatever its name. Raises :class:`Unreadable`."""
    refuse_size(len(data))
    if b"%PDF-" in data[:1024]:
        return FileKind.PDF
    if data.startswith(b"PK\x03\x04"):
        return FileKind.DOCX
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in data:
            raise Unreadable("文件已加密，请先去除密码。")
        raise Unreadable("这是旧版 Word 或 WPS 文件，请另存为 DOCX 或 PDF 后再读取。")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("这是 RTF 文件，请另存为 DOCX 或 PDF 后再读取。")
    if data.startswith(_IMAGES):
        return FileKind.IMAGE
    if not data.strip(b"\x00\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise Unreadable("文件是空的。")
    if len(data) > MAX_TEXT_BYTES:
        raise Unreadable(f"文字文件过大（{len(data) / 2**20:.0f}MB），没有读取。")
    if _HTML.search(data[:4096]) or re.search(rb"<t[dr][\s>]", data, re.IGNORECASE):
        return FileKind.HTML
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("无法识别的文件格式，请使用网页、DOCX、PDF 或纯文本。")
    return FileKind.TEXT


def decode(data: bytes) -> str:
    """The text of a file: by byte order mark, as UTF-8, by what it declares, then as GB18030."""
    return without_invisible(_decoded(data))


def without_invisible(text: str) -> str:
    """A text without the marks of no width that editors leave between characters."""
    for mark in _NO_WIDTH:
        if mark in text:
            text = text.replace(mark, "")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    names = [declared.group(1).decode("ascii")] if declared else []
    names = ["gb18030" if name.lower() in ("gb2312", "gbk") else name for name in names]
    for name in (*names, "gb18030"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    # Some damaged bytes: whichever encoding loses less.
    texts = [data.decode(name, errors="replace") for name in ("utf-8", "gb18030")]
    return min(texts, key=lambda text: text.count("\ufffd"))
