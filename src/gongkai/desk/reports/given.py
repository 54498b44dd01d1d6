"""A whole report that somebody brings: its three tables as data, or the report itself as it was published."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from gongkai.annualreport.checked import confine
from gongkai.forms.layout import NoForm, form_for
from gongkai.organs.models import Organ
from gongkai.organs.queries import by_any_name

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
    found = _data(bare) if bare.startswith(_DATA) else _read(content, year)
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
    # Text and what was seen of each cell come of reading a report only: data says neither.
    return {name: found[name] for name in ("report_year", *_TABLES) if name in found}


def doubt(found: dict[str, Any], organ: Organ) -> str:
    """Why a report that was read may not be this organ's of this year; "" for data and where both are printed on it."""
    if "states" not in found:
        return ""
    if found["report_year"] is None:
        return _("报告上没有读出年度")
    try:
        printed = by_any_name(found["organ"]) if found["organ"] else None
    except ValidationError:
        printed = None
    if printed == organ:
        return ""
    return _("报告上印的机关是“%(printed)s”") % {"printed": found["organ"][:60] or _("没有读出")}


def _read(content: bytes, year: int | None) -> dict[str, Any]:
    """What is printed: tables, text, and of each cell whether it was blank or could not be read."""
    try:
        report = confine.read(content)
    except confine.NotChecked as problem:
        raise NotTaken(_("%(problem)s没有导入任何内容。") % {"problem": problem}) from None
    _same_form(report["format"], year)
    kept = ("report_year", "organ", "sections", *_TABLES)
    states = {path: cell["state"] for path, cell in report["cells"].items()}
    return {**{name: report[name] for name in kept}, "states": states}


def _same_form(key: str, year: int | None) -> None:
    try:
        if year is None or form_for(year).key == key:
            return
    except NoForm:
        return
    raise NotTaken(
        _(
            "这份报告用的表格不是%(year)s年度规定的格式，不能作为该年度的数据；可以放进年报库比较。没有导入任何内容。"
        )
        % {"year": year}
    )
