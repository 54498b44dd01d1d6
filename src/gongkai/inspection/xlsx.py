"""Excel workbooks: hidden sheets, rows and columns, comments, pivot caches, links, names — and what is safe to take out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from . import office
from .finding import Finding, Kind, Weight
from .package import Package, local

WORKBOOK = "xl/workbook.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_COLUMN = re.compile(r"[A-Z]+")
_NOTES = re.compile(r"xl/(comments|threadedComments/|persons/)")
_MOST_TEXT = 400_000


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook; `part` is "" when the file does not say where it lies."""

    name: str
    state: str
    part: str

    @property
    def hidden(self) -> bool:
        return self.state in ("hidden", "veryHidden")


def inspect(package: Package) -> tuple[list[Finding], str]:
    """The findings and the text of every cell."""
    found = [*office.properties(package), *office.dangers(package)]
    sheets = list(_sheets(package))
    strings = _shared_strings(package)
    text: list[str] = []
    for sheet in sheets:
        if sheet.hidden:
            removable = sheet.part in package and not _mentioned(package, sheet)
            how = (
                "清理时会删去"
                if removable
                else "别处的公式或图表用到它，请核对后取消隐藏，或者粘贴为数值再删除"
            )
            word = "深度隐藏" if sheet.state == "veryHidden" else "隐藏"
            found.append(
                Finding(
                    Kind.HIDDEN_SHEET,
                    Weight.BLOCK,
                    f"有{word}的工作表“{sheet.name}”，{how}。",
                    sheet.name,
                    cleanable=removable,
                )
            )
        if sheet.part in package:
            found += _hidden_cells(package, sheet, strings, text)
    found += _notes(package)
    found += _caches(package)
    found += _names(package)
    return found, "\n".join(text)[:_MOST_TEXT]


def clean(package: Package) -> bytes:
    """Without properties, comments, and hidden sheets that nothing refers to."""
    without = {*package.names(office.PROPERTIES), *_note_parts(package)}
    changed: dict[str, etree._Element] = {}
    sheets = list(_sheets(package))
    for sheet in sheets:
        if sheet.hidden and sheet.part in package and not _mentioned(package, sheet):
            without.add(sheet.part)
            _drop_sheet(package, sheet, changed)
    if changed and "xl/calcChain.xml" in package:
        without.add("xl/calcChain.xml")  # Excel writes it anew
    for sheet in sheets:
        if sheet.part in package and sheet.part not in without:
            _drop_pointers(package, sheet.part, without, changed)
    return office.rewrite(package, without, changed)


def _sheets(package: Package) -> Iterator[Sheet]:
    if WORKBOOK not in package:
        return
    related = package.related(WORKBOOK)
    for element in package.tree(WORKBOOK).iter():
        if local(element) == "sheet":
            relation = related.get(_id_of(element))
            yield Sheet(
                element.get("name", ""),
                element.get("state", "visible"),
                relation.target if relation and not relation.external else "",
            )


def _id_of(element: etree._Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")


def _shared_strings(package: Package) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in package:
        return []
    return [
        "".join(t.text or "" for t in element.iter() if local(t) == "t")
        for element in package.rows(name, f"{_MAIN}si", f"{_STRICT}si")
    ]


def _hidden_cells(package: Package, sheet: Sheet, strings: list[str], text: list[str]) -> Iterator[Finding]:
    """Hidden rows and columns that hold something, in one pass over the sheet; its text is added to `text`."""
    rows = columns = 0
    ranges: list[tuple[int, int]] = []
    kept = sum(map(len, text))
    tags = [f"{space}{tag}" for space in (_MAIN, _STRICT) for tag in ("col", "row")]
    for element in package.rows(sheet.part, *tags):
        if local(element) == "col":
            if _is_true(element.get("hidden")):
                ranges.append((_number(element.get("min")), _number(element.get("max"))))
            continue
        cells = [(cell, value) for cell in element if (value := _value(cell, strings))]
        if cells and _is_true(element.get("hidden")):
            rows += 1
        columns += sum(
            any(low <= column <= high for low, high in ranges)
            for cell, _value_ in cells
            if ranges and (column := _column(cell.get("r", "")))
        )
        if kept < _MOST_TEXT and cells:
            line = "\t".join(value for _cell, value in cells)
            text.append(line)
            kept += len(line)
    if rows:
        yield Finding(
            Kind.HIDDEN_CELLS,
            Weight.BLOCK,
            f"工作表“{sheet.name}”有{rows}行隐藏（或被筛选掉）的内容，请取消隐藏后核对，不公开的请删除。",
            where=sheet.name,
        )
    if columns:
        yield Finding(
            Kind.HIDDEN_CELLS,
            Weight.BLOCK,
            f"工作表“{sheet.name}”有隐藏的列，其中{columns}个单元格有内容，请取消隐藏后核对，不公开的请删除。",
            where=sheet.name,
        )


def _value(cell: etree._Element, strings: list[str]) -> str:
    if local(cell) != "c":
        return ""
    for part in cell:
        tag = local(part)
        if tag == "v":
            value = part.text or ""
            if cell.get("t") == "s":
                index = _number(value)
                return strings[index] if value.isdigit() and index < len(strings) else ""
            return value
        if tag == "is":
            return "".join(t.text or "" for t in part.iter() if local(t) == "t")
    return ""


def _column(reference: str) -> int:
    letters = _COLUMN.match(reference)
    number = 0
    for letter in letters[0][:4] if letters else "":
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _is_true(text: str | None) -> bool:
    return text in ("1", "true", "on")


def _notes(package: Package) -> Iterator[Finding]:
    parts = [name for name in package.infos if re.match(r"xl/(comments|threadedComments/)", name)]
    if parts:
        count = sum(
            local(element) in ("comment", "threadedComment")
            for name in parts
            for element in package.tree(name).iter()
        )
        yield Finding(Kind.COMMENTS, Weight.BLOCK, f"有{max(1, count)}条批注。", cleanable=True)


def _note_parts(package: Package) -> set[str]:
    parts = {name for name in package.infos if _NOTES.match(name)}
    for name in package.names("xl/drawings/", ".vml"):  # the yellow boxes of the comments
        kinds = re.findall(rb'ObjectType="(\w+)"', package.read(name))
        if kinds and set(kinds) == {b"Note"}:
            parts.add(name)
    return parts


def _caches(package: Package) -> Iterator[Finding]:
    if package.names("xl/pivotCache/"):
        yield Finding(
            Kind.PIVOT_CACHE,
            Weight.BLOCK,
            "有数据透视表，它带着全部源数据，即使源数据的工作表已经删除。请复制后“粘贴为数值”，再删除透视表。",
        )
    if package.names("xl/externalLinks/") or "xl/connections.xml" in package:
        yield Finding(
            Kind.EXTERNAL_LINK,
            Weight.BLOCK,
            "链接到别的工作簿或数据源，并带着取来的数据。请在“编辑链接”中断开。",
        )
    if package.names("xl/revisions/"):
        yield Finding(Kind.REVISIONS, Weight.BLOCK, "带有修订记录，请停止共享工作簿、清除修订后重新上传。")


def _names(package: Package) -> Iterator[Finding]:
    if WORKBOOK not in package:
        return
    hidden = [
        element.get("name", "")
        for element in package.tree(WORKBOOK).iter()
        if local(element) == "definedName"
        and _is_true(element.get("hidden"))
        and not element.get("name", "").startswith("_xlnm.")
    ]
    if hidden:
        yield Finding(
            Kind.DEFINED_NAME,
            Weight.WARN,
            f"有{len(hidden)}个隐藏的定义名称，请在名称管理器中核对。",
            hidden[0],
        )


def _mentioned(package: Package, sheet: Sheet) -> bool:
    """Whether a formula, a name or a chart speaks of the sheet: then taking it out would change what is shown."""
    if not sheet.name:
        return True
    needles = {sheet.name, sheet.name.replace("'", "''")}
    parts = [
        *package.names("xl/worksheets/", ".xml"),
        *package.names("xl/charts/", ".xml"),
        *package.names("xl/pivot", ".xml"),
        *package.names("xl/tables/", ".xml"),
    ]
    for name in parts:
        if name == sheet.part:
            continue
        for element in package.rows(
            name, "{*}f", "{*}formula1", "{*}formula2", "{*}formula", "{*}worksheetSource"
        ):
            said = f"{element.text or ''} {element.get('sheet', '')}"
            if any(needle in said for needle in needles):
                return True
    names = [e for e in package.tree(WORKBOOK).iter() if local(e) == "definedName"]
    return any(needle in (element.text or "") for element in names for needle in needles)


def _drop_sheet(package: Package, sheet: Sheet, changed: dict[str, etree._Element]) -> None:
    """Take the sheet out of the workbook; names and views that count sheets by position move up."""
    root = changed.setdefault(WORKBOOK, package.tree(WORKBOOK))
    elements = [element for element in root.iter() if local(element) == "sheet"]
    position = next(i for i, e in enumerate(elements) if e.get("name") == sheet.name)
    _remove(elements[position])
    for element in list(root.iter()):
        if local(element) == "definedName" and (own := element.get("localSheetId")) is not None:
            if _number(own) == position:
                _remove(element)
            elif _number(own) > position:
                element.set("localSheetId", str(_number(own) - 1))
        if local(element) == "workbookView":
            for name in ("activeTab", "firstSheet"):
                if _number(element.get(name)) >= position and element.get(name) is not None:
                    element.set(name, str(max(0, _number(element.get(name)) - 1)))


def _drop_pointers(
    package: Package, part: str, without: set[str], changed: dict[str, etree._Element]
) -> None:
    """Elements of a sheet that point at parts which go."""
    lost = {key for key, r in package.related(part).items() if not r.external and r.target in without}
    if not lost:
        return
    root = package.tree(part)
    for element in list(root):
        if _id_of(element) in lost:
            root.remove(element)
    changed[part] = root


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
