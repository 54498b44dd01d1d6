"""A whole report that somebody brings: its three tables as data, or the report itself as it was published."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from gongkai.reading.opening import Unreadable
from gongkai.reading.reader import read_bytes

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
ACCEPT = ".json,.html,.htm,.docx,.pdf,.txt,.md"
_TABLES = ("table2", "table3", "table4")
_DATA = (b"{", b"[")


class NotTaken(Exception):
    """What was brought cannot be taken in; the text says why, in words for the page."""


def of_file(file: UploadedFile[Any], year: int | None) -> dict[str, Any]:
    """The tables of an uploaded file. Raises NotTaken."""
    if (file.size or 0) > LARGEST_FILE:
        raise NotTaken(_("文件超过%(most)d MB，不像是一份年度报告。") % {"most": LARGEST_FILE // 1024**2})
    return tables(file.read(), year)


def tables(content: bytes, year: int | None) -> dict[str, Any]:
    """The tables in the exchange shape, null where the report gives no figure; `year` is the year they should be of.

    Raises NotTaken.
    """
    bare = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _data(bare) if bare.startswith(_DATA) else _read(content)
    said = found.get("report_year")
    if said is not None and year is not None and said != year:
        raise NotTaken(
            _("数据中写的是%(said)s年度，应为%(year)s年度，请核对。没有导入任何内容。")
            % {"said": said, "year": year}
        )
    return found


def _data(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise NotTaken(_("这不是能读的JSON数据，请核对。没有导入任何内容。")) from None
    if not isinstance(found, dict):
        raise NotTaken(_("数据应是一个对象，含table2、table3、table4。没有导入任何内容。"))
    return found


def _read(content: bytes) -> dict[str, Any]:
    try:
        report = read_bytes(content, "").as_json()
    except Unreadable as problem:
        raise NotTaken(_("%(problem)s没有导入任何内容。") % {"problem": problem}) from None
    return {"report_year": report["report_year"], **{name: report[name] for name in _TABLES}}
