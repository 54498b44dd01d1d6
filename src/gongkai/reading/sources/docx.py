"""Word documents, read from their own XML: paragraphs and tables with merged cells. Nothing is resolved or fetched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from ..opening import Unreadable
from ..stream import Cell, Kind, Row, bounded, text_row

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
# What a report's text can weigh unpacked; real ones stay below 5 MB.
_MAX_XML = 64 * 1024 * 1024
_MAX_ALL = 1024 * 1024 * 1024
_MAX_DEPTH = 40
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Not printed: what was deleted with a trace, the codes of fields, second versions, boxes that float over the text.
_UNSEEN = (
    *(f"{_W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "txbxContent", "tblPr", "pPr")),
    _FALLBACK,
)
_PICTURES = tuple(f"{_W}{name}" for name in ("drawing", "pict", "object", "sym"))
_OPAQUE = "?"  # stands for something printed that we cannot see
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}sym": _OPAQUE}
_T, _P, _TC, _TR, _TBL = (f"{_W}{name}" for name in ("t", "p", "tc", "tr", "tbl"))
_CONTROLS = (f"{_W}sdt", f"{_W}sdtContent")
_FALSE = ("0", "false", "off", "none", "baseline")


def read_docx(data: bytes) -> list[Row]:
    """The rows of a Word document. Raises :class:`Unreadable`."""
    root = _parse(_document_xml(data))
    body = root.find(f"{_W}body")
    if body is None:
        raise Unreadable("Word 文件已损坏，找不到正文。")
    _tidy(body)
    return bounded(_Document().rows(body))


def _tidy(body: etree._Element) -> None:
    """Take out what is not printed, and set apart what is raised or struck out: it is no part of a figure beside it."""
    etree.strip_elements(body, *_UNSEEN, with_tail=False)
    for mark in body.iter(f"{_W}vanish", f"{_W}vertAlign", f"{_W}strike", f"{_W}dstrike"):
        run = next(mark.iterancestors(f"{_W}r"), None)
        if run is None or mark.get(f"{_W}val", "1") in _FALSE:
            continue
        for text in run.iter(_T):
            text.text = "" if mark.tag == f"{_W}vanish" else f" {text.text or ''} "


def _document_xml(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > 5000 or sum(info.file_size for info in infos) > _MAX_ALL:
                raise Unreadable("文件解压后过大，疑似压缩炸弹，没有读取。")
            names = {info.filename: info for info in infos}
            info = names.get(_DOCUMENT)
            if info is None:
                raise Unreadable("这不是 Word 文件（压缩包、表格或演示文稿不能作为年度报告读取）。")
            if info.flag_bits & 1:
                raise Unreadable("文件已加密，请先去除密码。")
            with archive.open(info) as stream:
                content = stream.read(_MAX_XML + 1)
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a broken archive makes it stumble over
        raise Unreadable("Word 文件已损坏，无法打开。") from error
    if len(content) > _MAX_XML:
        raise Unreadable("文件解压后过大，疑似压缩炸弹，没有读取。")
    return content


def _parse(content: bytes) -> etree._Element:
    if b"<!DOCTYPE" in content[:2048] or b"<!ENTITY" in content:
        raise Unreadable("Word 文件含有不允许的内容（实体声明），没有读取。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("Word 文件已损坏，无法打开。") from error
    if root is None:
        raise Unreadable("Word 文件已损坏，无法打开。")
    return root


class _Document:
    def __init__(self) -> None:
        self.lines = 0
        self.tables = 0

    def rows(self, parent: etree._Element, depth: int = 0) -> Iterator[Row]:
        """Paragraphs and tables below a body, a cell or a content control, in order."""
        for child in parent:
            if child.tag == _P:
                yield from self._paragraph(child)
            elif child.tag == _TBL:
                yield from self._table(child, depth + 1)
            elif isinstance(child.tag, str) and depth < _MAX_DEPTH:
                yield from self.rows(child, depth + 1)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Row]:
        for line in _text(paragraph).split("\n"):
            if line.strip():
                self.lines += 1
                yield text_row(" ".join(line.split(" ")).strip(), f"第{self.lines}段")

    def _table(self, table: etree._Element, depth: int) -> Iterator[Row]:
        self.tables += 1
        number = self.tables
        nests = depth < _MAX_DEPTH and next(table.iterdescendants(_TBL), None) is not None
        for line, tr in enumerate(_lines(table), 1):
            cells: list[Cell] = []
            column = _grid_before(tr)
            parts = list(_cells(tr))
            for tc in parts:
                width, continued = _spans(tc)
                if not continued:
                    cells.append(Cell(_cell_text(tc), column, width))
                column += width
            if nests and any(next(tc.iterdescendants(_TBL), None) is not None for tc in parts):
                for tc in parts:
                    yield from self.rows(tc, depth)
            elif len(cells) == 1 and len(cells[0].text) > 60:
                yield from self.rows(parts[0], depth)
            elif cells:
                yield Row(tuple(cells), f"第{number}张表格第{line}行", Kind.GRID, number)


def _lines(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == _TR:
            yield child
        elif child.tag in _CONTROLS:
            yield from _lines(child)


def _cells(tr: etree._Element) -> Iterator[etree._Element]:
    for child in tr:
        if child.tag == _TC:
            yield child
        elif child.tag in _CONTROLS:
            yield from _cells(child)


def _grid_before(tr: etree._Element) -> int:
    properties = tr.find(f"{_W}trPr")
    return _number(properties.find(f"{_W}gridBefore"), 0) if properties is not None else 0


def _spans(tc: etree._Element) -> tuple[int, bool]:
    """Columns taken, and whether the cell only continues the one above."""
    width, continued = 1, False
    for child in tc:
        if child.tag == f"{_W}tcPr":
            for mark in child:
                if mark.tag == f"{_W}gridSpan":
                    width = max(_number(mark, 1), 1)
                elif mark.tag == f"{_W}vMerge":
                    continued = mark.get(f"{_W}val", "continue") == "continue"
            break
    return width, continued


def _number(element: etree._Element | None, default: int) -> int:
    try:
        return min(int(element.get(f"{_W}val", default)), 400) if element is not None else default
    except ValueError:
        return default


def _cell_text(tc: etree._Element) -> str:
    text = " ".join(" ".join([_text(paragraph) for paragraph in tc.iter(_P)]).split())
    if not text and next(tc.iter(*_PICTURES), None) is not None:
        return _OPAQUE
    return text


def _text(paragraph: etree._Element) -> str:
    pieces = [node.text or "" if node.tag == _T else _SIGNS[node.tag] for node in paragraph.iter(_T, *_SIGNS)]
    return "".join(pieces)
