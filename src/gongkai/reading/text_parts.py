"""The text of the report by parts, lines that a page or a screen broke put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .headings import Heading
from .report import Paragraph
from .stream import Kind, Row

_ENDS = "。！？；：!?;:"
_BEGINS = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.]|\d{1,2}[、.．](?!\d)|[-•·●]\s|第[一二三四五六]部分)"
)
_LEAST_FULL = 24  # a shorter line ended where its writer ended it


def paragraphs_of(
    rows: Sequence[Row], headings: Sequence[Heading], in_tables: set[int]
) -> dict[str, tuple[Paragraph, ...]]:
    """The paragraphs of ``s0`` (before the first heading) to ``s6``; a part printed twice is one."""
    found: dict[str, list[Paragraph]] = {}
    by_index = {heading.index: heading for heading in headings}
    now = "s0"
    lines: list[tuple[str, str]] = []
    for index, row in enumerate(rows):
        heading = by_index.get(index)
        if heading is not None:
            found.setdefault(now, []).extend(_paragraphs(lines))
            lines = [(heading.rest, heading.at)] if heading.rest else []
            now = heading.key
        elif index not in in_tables and row.text.strip():
            text = row.text if row.kind is Kind.TEXT else " ".join(c.text for c in row.cells if c.text)
            lines.append((text, row.at))
    found.setdefault(now, []).extend(_paragraphs(lines))
    return {key: tuple(parts) for key, parts in found.items() if parts or key != "s0"}


def _paragraphs(lines: Iterable[tuple[str, str]]) -> Iterable[Paragraph]:
    text, place, last = "", "", ""
    for line, at in lines:
        if text and _goes_on(last, line):
            text += line.strip()
        else:
            if text:
                yield Paragraph(text, place)
            text, place = line.strip(), at
        last = line
    if text:
        yield Paragraph(text, place)


def _goes_on(last: str, line: str) -> bool:
    """Whether the line before was cut by the width of a page rather than ended."""
    last = last.rstrip()
    return len(last) >= _LEAST_FULL and last[-1] not in _ENDS and not _BEGINS.match(line)
