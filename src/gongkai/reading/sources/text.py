"""Plain text and markdown: lines, with cells where tabs or pipes cut them; tables written as markup inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..opening import decode
from ..stream import Cell, Kind, Row, bounded, text_row
from .html import rows_of

_PAGE = re.compile(
    r"\s*(?:[-—–－·]+\s*\d{1,4}\s*[-—–－·]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
    r"|[-—–－·]*\s*第\s*\d{1,4}\s*页\s*[-—–－·]*)\s*"
)
_MAX_CELLS = 400
_RULE = re.compile(r"[\s|:+=_-]+")
_MARKUP = re.compile(r"<table\b.*?(?:</table\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def read_text(data: bytes) -> list[Row]:
    """The rows of a text file."""
    return bounded(_rows(decode(data).replace("\r\n", "\n").replace("\r", "\n")))


def is_page_number(line: str) -> bool:
    """Whether a line is nothing but an adorned page number; 3 or -3 alone could be a figure."""
    return bool(_PAGE.fullmatch(line))


def _rows(text: str) -> Iterator[Row]:
    start, number = 0, 0
    for table, markup in enumerate(_MARKUP.finditer(text), 1):
        before = text[start : markup.start()]
        yield from _lines(before, number)
        number += before.count("\n")
        for row in rows_of(markup.group()):
            yield replace(row, table=row.table and 1000 * table + row.table)
        number += markup.group().count("\n")
        start = markup.end()
    yield from _lines(text[start:], number)


def _lines(text: str, before: int) -> Iterator[Row]:
    for number, raw in enumerate(text.split("\n"), before + 1):
        line = raw.strip("\f\v\r")
        if not line.strip() or is_page_number(line):
            continue
        at = f"第{number}行"
        if "|" in line and line.count("|") >= 2:
            if _RULE.fullmatch(line):
                continue
            yield _cut(line.strip(), "|", at)
        elif "\t" in line.strip("\t ") or (line.startswith("\t") and line.strip()):
            yield _cut(line, "\t", at)
        else:
            yield text_row(" ".join(_plain(line).split()), at)


def _cut(line: str, mark: str, at: str) -> Row:
    if mark == "|":
        line = line.removeprefix("|").removesuffix("|")
    cells = tuple(Cell(_plain(text), column) for column, text in enumerate(line.split(mark, _MAX_CELLS)))
    return Row(cells, at, Kind.RAGGED)


def _plain(text: str) -> str:
    """Without the marks of markdown for headings, emphasis and quotations."""
    text = text.strip()
    if text.startswith(("#", ">")):
        text = text.lstrip("#> ").rstrip("# ")
    if "**" in text or "__" in text:
        text = text.replace("**", "").replace("__", "")
    return (
        text.replace("<br>", " ").replace("<br/>", " ").replace("\\", "")
        if "<" in text or "\\" in text
        else text
    )
