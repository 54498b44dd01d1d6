"""Web pages: tables with their spans, text by paragraphs, whatever nests in whatever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from ..opening import Unreadable, decode
from ..stream import Cell, Kind, Row, bounded, text_row

_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "select", "option", "button", "svg", "iframe"}
)
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
_MAX_DEPTH = 200
_MAX_COLUMNS = 400
_MAX_SPAN = 1000


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
    return bounded(_Page().rows(root))


class _Page:
    """Walks one page; counts its lines and tables for the places."""

    def __init__(self) -> None:
        self.lines = 0
        self.tables = 0

    def rows(self, element: etree._Element, depth: int = 0) -> Iterator[Row]:
        """Text and tables below an element, in the order they are printed."""
        words: list[str] = []
        yield from self._inside(element, words, depth, element.tag == "pre")
        yield from self._flush(words)

    def _inside(
        self, element: etree._Element, words: list[str], depth: int, preformatted: bool
    ) -> Iterator[Row]:
        if element.text:
            yield from self._words(element.text, words, preformatted)
        for child in element:
            tag = child.tag
            if tag == "br":
                yield from self._flush(words)
            elif tag == "table":
                yield from self._flush(words)
                yield from self._table(child, depth + 1)
            elif isinstance(tag, str) and tag not in _SKIPPED and not _hidden(child) and depth < _MAX_DEPTH:
                block = tag in _BLOCKS
                if block:
                    yield from self._flush(words)
                yield from self._inside(child, words, depth + 1, preformatted or tag == "pre")
                if block:
                    yield from self._flush(words)
            if child.tail:
                yield from self._words(child.tail, words, preformatted)

    def _words(self, text: str, words: list[str], preformatted: bool) -> Iterator[Row]:
        if not preformatted:
            words.append(text)
            return
        first, *others = text.split("\n")
        words.append(first)
        for line in others:
            yield from self._flush(words, keep=True)
            words.append(line)

    def _flush(self, words: list[str], keep: bool = False) -> Iterator[Row]:
        text = "".join(words)
        words.clear()
        if not keep:
            text = " ".join(text.split())
        if text.strip():
            self.lines += 1
            yield text_row(text, f"第{self.lines}段")

    def _table(self, table: etree._Element, depth: int) -> Iterator[Row]:
        self.tables += 1
        number = self.tables
        occupied: dict[int, int] = {}  # column → lines it is still taken by a cell from above
        nests = next(table.iterdescendants("table"), None) is not None
        for line, tr in enumerate(_own_lines(table), 1):
            parts = [td for td in tr if td.tag in ("td", "th") and not _hidden(td)]
            cells = _cells(parts, occupied)
            if nests and depth < _MAX_DEPTH and any(next(td.iter("table"), None) is not None for td in parts):
                for td in parts:
                    yield from self._long_cell(td, depth)
            elif len(cells) == 1 and len(cells[0].text) > 60:
                yield from self._long_cell(parts[0], depth)
            elif cells:
                yield Row(tuple(cells), f"第{number}张表格第{line}行", Kind.GRID, number)
        caption = table.find("caption")
        if caption is not None:
            yield from self._flush([_joined(caption)])

    def _long_cell(self, td: etree._Element, depth: int) -> Iterator[Row]:
        """A table used to lay out the page: its only cell is running text."""
        words: list[str] = []
        yield from self._inside(td, words, depth, False)
        yield from self._flush(words)


def _cells(parts: list[etree._Element], occupied: dict[int, int]) -> list[Cell]:
    """The cells of a line with their columns; ``occupied`` is brought up to the next line."""
    cells: list[Cell] = []
    column = 0
    tall: list[tuple[int, int, int]] = []
    for td in parts[:_MAX_COLUMNS]:
        while column in occupied:
            column += 1
        width = _span(td.get("colspan"))
        if column + width > _MAX_COLUMNS:
            width = 1
        cells.append(Cell(cell_text(td), column, width))
        height = _span(td.get("rowspan"))
        if height > 1:
            tall.append((column, width, height - 1))
        column += width
        if column >= _MAX_COLUMNS:
            break
    for taken, left in list(occupied.items()):
        if left > 1:
            occupied[taken] = left - 1
        else:
            del occupied[taken]
    for start, width, left in tall:
        occupied.update(dict.fromkeys(range(start, start + width), left))
    return cells


def cell_text(td: etree._Element) -> str:
    """The text of a cell; a line break inside stays a blank, so that two numbers never become one."""
    if len(td) == 0:
        return " ".join((td.text or "").split())
    breaks = sum(1 for _ in td.iter("br", "p", "div", "li", "style", "script"))
    if breaks <= 1 and (breaks == 0 or (td[0].tag == "p" and len(td) == 1)):
        return " ".join(_joined(td).split())
    pieces: list[str] = []
    for node in td.iter():
        if node is not td and node.tag in ("br", "p", "div", "li"):
            pieces.append(" ")
        if node.tag not in _SKIPPED and node.text:
            pieces.append(node.text)
        if node is not td and node.tail:
            pieces.append(" " + node.tail if node.tag in ("p", "div", "li") else node.tail)
    return " ".join("".join(pieces).split())


def _joined(element: etree._Element) -> str:
    return "".join(cast("Iterator[str]", element.itertext()))


def _own_lines(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (line for line in child if line.tag == "tr")


def _span(text: str | None) -> int:
    if text is None:
        return 1
    try:
        return min(max(int(text.strip()), 1), _MAX_SPAN)
    except ValueError:
        return 1


def _hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return style is not None and "display:none" in style.replace(" ", "").lower()
