"""Web pages: tables with their spans, text by paragraphs, whatever nests in whatever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from ..opening import Unreadable, decode
from ..stream import Cell, Kind, Row, refuse_more, text_row

_SKIPPED = ("script", "style", "noscript", "template", "select", "option", "button", "svg", "iframe")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
        "table",
        "ucapcontent",
    ]
)
# What these part is not one figure: lines, a note behind a number, the number before a correction.
_APART = _BLOCKS | {"br", "sup", "sub", "s", "strike", "del", "ins"}
# A figure may stand in these, where we cannot see it.
_OPAQUE = ("img", "input", "object", "canvas", "textarea")
_UNSEEN = "?"
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_MAX_DEPTH = 200
_MAX_COLUMNS = 400
_MAX_SPAN = 1000
_LONGEST_CELL = 60  # a row of one longer cell is a table used for layout


def read_html(data: bytes) -> list[Row]:
    """The rows of a web page. Raises :class:`Unreadable` when there is no markup to read."""
    return rows_of(decode(data))


def rows_of(markup: str) -> list[Row]:
    """The rows of a piece of markup."""
    # The text is decoded already, so what the page declares as its encoding must not be heard.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(markup.encode("utf-8", errors="replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("网页内容是空的或无法解析。") from error
    if root is None:
        raise Unreadable("网页内容是空的或无法解析。")
    _drop_unseen(root, "none" in markup or "NONE" in markup)
    page = _Page()
    page.read(root)
    return page.rows


def _drop_unseen(root: etree._Element, hides: bool) -> None:
    """Take out what a reader of the page does not see; put a sign where there is something we cannot see."""
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    marked = root.xpath("//*[@hidden or @style]" if hides else "//*[@hidden]")
    for element in cast("list[etree._Element]", marked):
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            _empty(element)
            element.tag = "template"
    for element in root.iter(*_OPAQUE):
        if element.get("type", "").lower() not in ("hidden", "submit", "button", "image"):
            _empty(element)
            element.text = _UNSEEN


def _empty(element: etree._Element) -> None:
    """Without all that is in it, but with the text after it."""
    after = element.tail
    element.clear()
    element.tail = after


class _Page:
    """Walks one page and keeps its rows; counts its lines and tables for the places."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.words: list[str] = []
        self.lines = 0
        self.tables = 0

    def read(self, root: etree._Element) -> None:
        """Text and tables below an element, in the order they are printed."""
        self._inside(root, 0, root.tag == "pre")
        self._flush()

    def _inside(self, element: etree._Element, depth: int, preformatted: bool) -> None:
        if element.text:
            self._say(element.text, preformatted)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._flush()
            elif tag == "table":
                self._flush()
                self._table(child, depth + 1)
            elif isinstance(tag, str) and depth < _MAX_DEPTH:
                if tag in _BLOCKS:
                    self._flush()
                    self._inside(child, depth + 1, preformatted or tag == "pre")
                    self._flush()
                elif len(child):
                    self._inside(child, depth + 1, preformatted)
                elif child.text and tag not in _OPAQUE:
                    self._say(child.text, preformatted)
            if child.tail:
                self._say(child.tail, preformatted)

    def _say(self, text: str, preformatted: bool) -> None:
        if not preformatted:
            self.words.append(text)
            return
        first, *others = text.split("\n")
        self.words.append(first)
        for line in others:
            self._flush(keep=True)
            self.words.append(line)

    def _flush(self, keep: bool = False) -> None:
        if not self.words:
            return
        text = "".join(self.words)
        self.words.clear()
        if not keep:
            text = " ".join(text.split())
        if text.strip():
            self.lines += 1
            self._keep(text_row(text, f"第{self.lines}段"))

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        refuse_more(len(self.rows))

    def _table(self, table: etree._Element, depth: int) -> None:
        self.tables += 1
        number = self.tables
        occupied: dict[int, int] = {}  # column → lines it is still taken by a cell from above
        nests = depth < _MAX_DEPTH and next(table.iterdescendants("table"), None) is not None
        for line, tr in enumerate(_own_lines(table), 1):
            parts = [td for td in tr if td.tag in ("td", "th")]
            if nests and any(next(td.iterdescendants("table"), None) is not None for td in parts):
                _cells(parts, occupied, [""] * len(parts))
                for td in parts:
                    self._long_cell(td, depth)
                continue
            texts = [cell_text(td) for td in parts]
            if len(parts) == 1 and len(texts[0]) > _LONGEST_CELL:
                _cells(parts, occupied, texts)
                self._long_cell(parts[0], depth)
            elif parts:
                row = tuple(_cells(parts, occupied, texts))
                self._keep(Row(row, f"第{number}张表格第{line}行", Kind.GRID, number))
            else:
                _cells(parts, occupied, texts)
        caption = table.find("caption")
        if caption is not None:
            self.words.append(_whole_text(caption))
            self._flush()

    def _long_cell(self, td: etree._Element, depth: int) -> None:
        """A table used to lay out the page: its only cell is running text."""
        self._inside(td, depth, False)
        self._flush()


def _cells(parts: list[etree._Element], occupied: dict[int, int], texts: list[str]) -> list[Cell]:
    """The cells of a line with their columns; ``occupied`` is brought up to the next line."""
    cells: list[Cell] = []
    column = 0
    tall: list[tuple[int, int, int]] = []
    for td, text in zip(parts[:_MAX_COLUMNS], texts, strict=False):
        while column in occupied:
            column += 1
        spans, tall_by = td.get("colspan"), td.get("rowspan")
        width = _span(spans) if spans else 1
        if column + width > _MAX_COLUMNS:
            width = 1
        cells.append(Cell(text, column, width))
        if tall_by and (height := _span(tall_by)) > 1:
            tall.append((column, width, height - 1))
        column += width
        if column >= _MAX_COLUMNS:
            break
    for taken, left in list(occupied.items()) if occupied else ():
        if left > 1:
            occupied[taken] = left - 1
        else:
            del occupied[taken]
    for start, width, left in tall:
        occupied.update(dict.fromkeys(range(start, start + width), left))
    return cells


def cell_text(td: etree._Element) -> str:
    """The text of a cell; what is printed apart stays apart, so that two numbers never become one."""
    text = _whole_text(td) if len(td) else td.text
    if not text or text.isspace():
        return ""
    # Only where there are digits can anything become a figure it is not.
    if len(td) and len(text) > 1 and _DIGIT.search(text) and _is_parted(td):
        text = "".join(_parted(td))
    return " ".join(text.split())


def _whole_text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def _is_parted(td: etree._Element) -> bool:
    """Whether anything inside stands apart from the rest; one paragraph around everything does not."""
    while len(td) == 1:
        only = td[0]
        if only.tag not in ("p", "div") or not _is_empty(td.text) or not _is_empty(only.tail):
            break
        td = only
    return any(node.tag in _APART for node in td.iterdescendants())


def _is_empty(text: str | None) -> bool:
    return text is None or text.isspace()


def _parted(td: etree._Element) -> list[str]:
    texts: list[str] = [td.text or ""]
    for child in td:
        apart = child.tag in _APART
        texts += [" " * apart, *_parted(child), " " * apart, child.tail or ""]
    return texts


def _own_lines(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (line for line in child if line.tag == "tr")


def _span(text: str) -> int:
    try:
        return min(max(int(text.strip()), 1), _MAX_SPAN)
    except ValueError:
        return 1
