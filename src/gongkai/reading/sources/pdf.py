"""PDF with text: ruled tables by their lines, everything else by the words of a line."""

from __future__ import annotations

import io
import logging
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page

from ..opening import Unreadable
from ..stream import Cell, Kind, Row, text_row
from .bounds import refuse_bombs
from .text import is_page_number

# The library reports every oddity of a font, thousands of times a file.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

# Printing from a browser turns characters into the look-alike radicals of their own block; most of them normalise by
# themselves (the Kangxi radicals), these do not.
_RADICALS = {
    ord(radical): plain
    for radical, plain in zip(
        "⺠⻓⻔⻚⻛⻋⻅⻢⻥⻦⻩⻬⻰⺟⻄⻆⻉⻜⻝⻘⻙⻨⻮⻁⻤⻣⻒⻖⻎⻒⺫⺬⺮⻞⻗⻳",
        "民长门页风车见马鱼鸟黄齐龙母西角贝飞食青韦麦齿虎鬼骨长阜辶长目示竹食雨龟",
        strict=True,
    )
} | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}

# The longest reports seen have some 40 pages; beyond this the file is something else.
MAX_PAGES = 300
# No table has so many lines; a drawing has, and looking for tables in it would take for ever.
_MOST_RULES = 6000
# A page with less text than this is taken as a picture of a page.
_LEAST_TEXT = 10


def read_pdf(data: bytes) -> list[Row]:
    """The rows of a PDF, [] when its pages hold no text (a scan). Raises :class:`Unreadable`."""
    refuse_bombs(data)
    if not _has_text(data):
        return []
    rows: list[Row] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            tables = 0
            for number, page in enumerate(document.pages, 1):
                page_rows = list(_page(page, number, tables))
                tables = max([tables, *(row.table for row in page_rows)])
                rows.extend(page_rows)
                page.close()
    except PDFPasswordIncorrect as error:
        raise Unreadable("文件已加密，请先去除密码。") from error
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise Unreadable("PDF 文件已损坏，无法读取。") from error
    return rows


def _has_text(data: bytes) -> bool:
    """Opened first by the faster and sturdier library, which also tells locked files from broken ones."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("文件已加密，请先去除密码。") from error
        raise Unreadable("PDF 文件已损坏，无法打开。") from error
    try:
        pages = len(document)
        if pages == 0:
            raise Unreadable("PDF 文件没有页面。")
        if pages > MAX_PAGES:
            raise Unreadable(f"PDF 文件有{pages}页，不像年度报告，没有读取。")
        for number in range(pages):
            page = document[number]
            text = page.get_textpage()
            found = text.count_chars() >= _LEAST_TEXT
            text.close()
            page.close()
            if found:
                return True
        return False
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF 文件已损坏，无法读取。") from error
    finally:
        document.close()


def _page(page: Page, number: int, tables: int) -> Iterator[Row]:
    """Text lines and table rows of a page from top to bottom."""
    drawn = len(page.lines) + len(page.rects) + len(page.curves)
    found = [table for table in page.find_tables() if len(table.rows) > 0] if drawn < _MOST_RULES else []
    boxes = [table.bbox for table in found]
    words = [
        word
        for word in page.extract_words(x_tolerance=2, y_tolerance=3, keep_blank_chars=False)
        if not any(_inside(word, box) for box in boxes)
    ]
    placed: list[tuple[float, float, Row]] = []
    for table in found:
        tables += 1
        beside = [word for word in words if table.bbox[1] <= _middle(word) <= table.bbox[3]]
        words = [word for word in words if word not in beside]
        placed.extend(_table(table, number, tables, beside))
    placed.extend(_lines(words, number))
    placed.sort(key=lambda item: (item[0], item[1]))
    yield from (row for _, _, row in placed)


def _table(table: Any, page: int, number: int, beside: list[Any]) -> Iterator[tuple[float, float, Row]]:
    """The rows of a table; ``beside``: words left and right of it, in the columns of a table open at the sides."""
    tops = [row.bbox[1] for row in table.rows]
    outer: list[tuple[list[Any], list[Any]]] = [([], []) for _ in tops]
    for word in beside:
        line = max(bisect_right(tops, _middle(word)) - 1, 0)
        outer[line][word["x0"] > table.bbox[0]].append(word)
    first = int(any(left for left, _ in outer))
    for line, (row, texts) in enumerate(zip(table.rows, table.extract(), strict=True), 1):
        at = f"第{page}页第{number}张表格第{line}行"
        top, left = row.bbox[1], row.bbox[0]
        cells = [
            Cell(_plain(" ".join((text or "").split())), column)
            for column, (box, text) in enumerate(zip(row.cells, texts, strict=True), first)
            if box is not None
        ]
        filled = [cell for cell in cells if cell.text]
        before, after = (_text(words) for words in outer[line - 1])
        if before or after:
            cells = [Cell(before, 0)] * bool(before) + cells
            cells += [Cell(after, first + len(texts))] * bool(after)
            yield top, left, Row(tuple(cells), at, Kind.GRID, number)
        elif len(cells) == 1 and filled:
            yield from (
                (top, left, text_row(_plain(text), at))
                for text in (texts[cells[0].column - first] or "").split("\n")
            )
        elif filled:
            yield top, left, Row(tuple(cells), at, Kind.GRID, number)


def _lines(words: list[Any], number: int) -> Iterator[tuple[float, float, Row]]:
    for count, line in enumerate(_by_line(words), 1):
        text = _plain(" ".join(word["text"] for word in line))
        if not is_page_number(text):
            at = f"第{number}页第{count}行"
            yield min(word["top"] for word in line), line[0]["x0"], text_row(text, at)


def _text(words: list[Any]) -> str:
    return _plain(" ".join(word["text"] for line in _by_line(words) for word in line))


def _by_line(words: list[Any]) -> Iterator[list[Any]]:
    """Words of about one height, from left to right."""
    line: list[Any] = []
    for word in sorted(words, key=lambda word: (_middle(word), word["x0"])):
        if line and _middle(word) - _middle(line[0]) > max(4.0, 0.4 * _height(line[0])):
            yield sorted(line, key=lambda word: word["x0"])
            line = []
        line.append(word)
    if line:
        yield sorted(line, key=lambda word: word["x0"])


def _plain(text: str) -> str:
    return text.translate(_RADICALS)


def _height(word: Any) -> float:
    return float(word["bottom"] - word["top"])


def _middle(word: Any) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _inside(word: Any, box: Any) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, _middle(word)
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])
