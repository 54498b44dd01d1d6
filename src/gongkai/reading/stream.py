"""The neutral stream every source is turned into: rows of cells in reading order, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from .opening import Unreadable

# Control characters and lone surrogates mean nothing in a report, and PostgreSQL keeps no NUL in text or jsonb.
_NOTHING = r"[\x00-\x08\x0e-\x1b\ud800-\udfff]+"
_BREAK = re.compile(r"[\x0b-\x0d\x1c-\x1f]")
_IN_A_FIGURE = re.compile(rf"(?<=\d){_NOTHING}|{_NOTHING}(?=\d)")
_ANY = re.compile(rf"{_NOTHING}|{_BREAK.pattern}")
_LOST = "\ufffd"


class Kind(StrEnum):
    """How far the position of a row's cells can be trusted."""

    TEXT = "text"  # one line of running text
    RAGGED = "ragged"  # cells separated by tabs or pipes: their order is right, their columns need not be
    GRID = "grid"  # cells of a real table, with true columns


class Cell(NamedTuple):
    """A printed cell; ``column`` and ``width`` count columns of the grid."""

    text: str
    column: int = 0
    width: int = 1


@dataclass(frozen=True)
class Row:
    """A line of text or of a table. ``at`` names the place for a person, ``table`` numbers the table, 0 = none.

    ``recognised``: seen in a picture, so that a figure in it may be another.
    """

    cells: tuple[Cell, ...]
    at: str
    kind: Kind = Kind.TEXT
    table: int = 0
    recognised: bool = False

    @cached_property
    def text(self) -> str:
        """All that is printed in the row, cells separated by a blank."""
        if len(self.cells) == 1:
            return self.cells[0].text
        return " ".join(cell.text for cell in self.cells if cell.text)


def text_row(text: str, at: str) -> Row:
    """A line of running text."""
    return Row((Cell(text),), at)


# Real reports have some hundreds of rows, pages with everything around them a few thousand.
MAX_ROWS = 50_000


def refuse_more(count: int) -> None:
    """Raise :class:`~.opening.Unreadable` for more rows than any report can have."""
    if count > MAX_ROWS:
        raise Unreadable("内容过长，不像年度报告，没有读取。")


def bounded(rows: Iterable[Row]) -> list[Row]:
    """The rows as a list. Raises :class:`~.opening.Unreadable` for more than any report can have."""
    taken = list(islice(rows, MAX_ROWS + 1))
    refuse_more(len(taken))
    return taken


def keepable(rows: Iterable[Row]) -> list[Row]:
    """The rows without characters that no database keeps. What breaks a line is a blank; beside a digit the place of such a
    character stays marked, for there may have been another digit."""
    return [
        replace(row, cells=tuple(cell._replace(text=_keepable(cell.text)) for cell in row.cells))
        if any(_ANY.search(cell.text) for cell in row.cells)
        else row
        for row in rows
    ]


def _keepable(text: str) -> str:
    return _ANY.sub("", _IN_A_FIGURE.sub(_LOST, _BREAK.sub(" ", text)))
