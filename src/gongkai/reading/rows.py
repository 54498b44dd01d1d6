"""From printed lines to rows of figures: which words stand before which figures, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .labels import unglued
from .normal import Printed, half_width, label, printed
from .stream import Cell, Kind, Row

# A line with more words than this between two tables is running text, not part of a table.
LONGEST_LABEL = 120
_MAX_WORDS = 5000  # a whole report on one line has some hundreds of figures
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_DASHES = frozenset("-—–－·")
_CLOSE_LABEL = (".", "．", "、", "。", ":", "：")


@dataclass(frozen=True, slots=True)
class ValueRow:
    """Figures that belong together, and the words before them.

    ``values`` may hold blanks between figures. ``exact``: the columns are proved by a real table, so the values are
    complete and in place. ``here``: the words stand on the line of the figures, before them. ``merged``: put together
    from several lines; if the last of them is a single number that could be that of a page, ``first`` is how many
    figures the first line had. ``padded``: blank cells stood before or
    after the figures, which may be nothing or a figure that is missing. ``spread``: the figures stand on lines of their
    own, where one lost and one added leave no trace. ``shifted``: a row of a real table whose cells stand elsewhere than
    those of the others.
    """

    text: str
    piece: str
    values: tuple[Printed, ...]
    places: tuple[str, ...]
    here: bool = False
    exact: bool = False
    merged: bool = False
    first: int = 0
    at: str = ""
    padded: bool = False
    spread: bool = False
    shifted: bool = False

    @property
    def has_figures(self) -> bool:
        """Whether anything is printed at all."""
        return any(not value.is_empty for value in self.values)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the figures of a real table stand, and where its rows end."""

    starts: tuple[int, ...]
    end: int


@dataclass
class _Segment:
    """Words and the figures right after them, on one line."""

    words: list[str] = field(default_factory=list)
    values: list[Printed] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    padded: bool = False
    shifted: bool = False


@dataclass
class _Gathering:
    """Words and lines of figures collected since the last complete row."""

    pieces: list[str] = field(default_factory=list)
    lines: list[tuple[_Segment, bool, str]] = field(default_factory=list)


def value_rows(
    rows: Iterable[Row], width: int, columns: Mapping[int, Columns] | None = None
) -> tuple[list[ValueRow], str]:
    """All rows of ``width`` figures in a stretch of the stream, and the words left after the last of them.

    ``columns`` gives, for each real table, where its figures stand.
    """
    assembler = _Assembler(width)
    for row in rows:
        if row.kind is Kind.GRID:
            known = (columns or {}).get(row.table)
            exact = _exact(row, known)
            if exact is not None:
                assembler.exact(row, *exact)
                continue
            segments = _segments_of_cells(row, keep=columns is None)
            for segment in segments:
                segment.shifted = columns is None or known is not None
            assembler.line(segments, row, alone=True)
        elif row.kind is Kind.RAGGED:
            assembler.line(_segments_of_cells(row), row)
        elif len(row.text) > LONGEST_LABEL and not _mostly_figures(row.text):
            assembler.interrupt()
        else:
            assembler.line(_segments(row.text.split(maxsplit=_MAX_WORDS), row.at, 0), row)
    return assembler.finish()


class _Assembler:
    def __init__(self, width: int) -> None:
        self.width = width
        self.found: list[ValueRow] = []
        self.now = _Gathering()

    def exact(self, row: Row, words: list[str], cells: list[Cell]) -> None:
        self._close()
        pieces = [label(word) for word in words if label(word)]
        values = tuple(printed(cell.text) for cell in cells)
        places = tuple(_place(row.at, cell.column) for cell in cells)
        text = "".join([*self.now.pieces, *pieces])
        self.found.append(
            ValueRow(text, pieces[-1] if pieces else "", values, places, bool(pieces), True, at=row.at)
        )
        self.now.pieces = []

    def line(self, segments: Iterable[_Segment], row: Row, alone: bool = False) -> None:
        if alone:
            self._close()
        for number, segment in enumerate(segments):
            if segment.words:
                self._close()
                self.now.pieces.extend(segment.words)
            if segment.values:
                here = bool(segment.words) and number == 0
                self.now.lines.append((segment, here, row.at))
        if alone:
            self._close()

    def interrupt(self) -> None:
        """Running text: nothing before it belongs to anything after it."""
        self._close()
        self.now = _Gathering()

    def finish(self) -> tuple[list[ValueRow], str]:
        self._close()
        return self.found, "".join(self.now.pieces)

    def _close(self) -> None:
        """New words begin: what was gathered becomes rows."""
        lines = self.now.lines
        if not lines:
            return
        text, piece = "".join(self.now.pieces), self.now.pieces[-1] if self.now.pieces else ""
        sizes = [len(segment.values) for segment, _, _ in lines]
        for number, (members, merged) in enumerate(_partition(sizes, self.width)):
            parts = [lines[member] for member in members]
            values = tuple(value for segment, _, _ in parts for value in segment.values)
            places = tuple(place for segment, _, _ in parts for place in segment.places)
            self.found.append(
                ValueRow(
                    text if number == 0 else "",
                    piece if number == 0 else "",
                    values,
                    places,
                    number == 0 and parts[0][1],
                    merged=merged,
                    first=len(parts[0][0].values)
                    if merged and [len(p[0].values) for p in parts[1:]] == [1]
                    else 0,
                    at=parts[0][2],
                    padded=any(segment.padded for segment, _, _ in parts),
                    spread=len(parts) > 1,
                    shifted=any(segment.shifted for segment, _, _ in parts),
                )
            )
        self.now = _Gathering()


def _partition(sizes: Sequence[int], width: int) -> Iterator[tuple[list[int], bool]]:
    """Which lines make one row: a full line is one; short lines are put together when they fill a row exactly.

    ``width`` 0: rows differ in width, so all lines after one label are one row.
    """
    every = list(range(len(sizes)))
    if width == 0:
        yield every, len(sizes) > 1
        return
    if all(size == 1 for size in sizes) and len(sizes) > 1:
        if len(sizes) % width:
            yield every, False
        else:
            for start in range(0, len(sizes), width):
                # One value per line throughout is a layout, not damage; two rows in one run have lost a label.
                yield every[start : start + width], len(sizes) > width
        return
    start = 0
    while start < len(sizes):
        total, end = 0, start
        while end < len(sizes) and total < width:
            total += sizes[end]
            end += 1
        if total == width or (end - start > 1 and sizes[start] < width - 2 and total <= width + 1):
            yield every[start:end], end - start > 1
            start = end
        else:
            yield [start], False
            start += 1


def _segments_of_cells(row: Row, keep: bool = False) -> list[_Segment]:
    """Words and figures of a row of cells; ``keep``: blanks before and after the figures may be some of them."""
    segments: list[_Segment] = [_Segment()]
    for cell in row.cells:
        value = printed(cell.text)
        place = _place(row.at, cell.column)
        if not value.is_junk:
            segments[-1].values.append(value)
            segments[-1].places.append(place)
            continue
        for segment in _segments(cell.text.split(), row.at, cell.column + 1):
            if segment.words and _figures(segments[-1].values):
                segments.append(_Segment())
            elif segment.words:
                segments[-1].values.clear()  # blanks before a label are no figures
                segments[-1].places.clear()
            # A cell is one piece of a label, however many blanks it holds.
            if segment.words:
                segments[-1].words.append("".join(segment.words))
            segments[-1].values.extend(segment.values)
            segments[-1].places.extend(segment.places)
    for segment in segments:
        if not keep or all(value.is_empty for value in segment.values):
            _strip_blanks(segment)
    return segments


def _segments(words: list[str], at: str, column: int) -> list[_Segment]:
    """The words of a line cut into labels and figures; ``column`` 0 = the line has no cells."""
    segments = [_Segment()]
    words = _without_page_number([part for word in words for part in (unglued(word) or (word,))])
    for number, word in enumerate(words):
        value = printed(word)
        following = words[number + 1] if number + 1 < len(words) else ""
        if value.is_junk or following.startswith(_CLOSE_LABEL):
            plain = label(word)
            if value.text.isdecimal() and not following.startswith(_CLOSE_LABEL):
                segments[-1].values.append(value)  # figures run together keep their place
                segments[-1].places.append(_place(at, column - 1) if column else at)
                continue
            if segments[-1].values:
                if _figures(segments[-1].values):
                    segments.append(_Segment())
                else:
                    segments[-1].values.clear()
                    segments[-1].places.clear()
            if plain:
                segments[-1].words.append(plain)
            elif "?" in half_width(word):  # an unreadable figure keeps its place
                segments[-1].values.append(value)
                segments[-1].places.append(_place(at, column - 1) if column else at)
            continue
        segments[-1].values.append(value)
        segments[-1].places.append(_place(at, column - 1) if column else f"{at}第{number + 1}个词")
    joined = []
    for segment in segments:
        if segment.words:
            segment.words = ["".join(segment.words)]
        if not _figures(segment.values):
            segment.values, segment.places = [], []
        joined.append(segment)
    return joined


def _without_page_number(words: list[str]) -> list[str]:
    """``- 6 -`` inside a line is the number of a page, or a figure between two blanks: nobody can tell."""
    kept, start = list(words), 0
    while start < len(kept) - 2:
        before, number, after = kept[start : start + 3]
        if before == after and before in _DASHES and number.isdecimal() and len(number) <= 4:
            kept[start : start + 3] = "???"
            start += 2
        start += 1
    return kept


def _strip_blanks(segment: _Segment) -> None:
    """Blank cells before the first and after the last figure tell nothing in a table without true columns."""
    filled = [number for number, value in enumerate(segment.values) if not value.is_empty]
    if not filled:
        segment.values, segment.places = [], []
        return
    span = slice(filled[0], filled[-1] + 1)
    segment.padded = filled[0] > 0 or filled[-1] + 1 < len(segment.values)
    segment.values, segment.places = segment.values[span], segment.places[span]


def _exact(row: Row, columns: Columns | None) -> tuple[list[str], list[Cell]] | None:
    """Words and figures of a row whose cells stand exactly in the columns of the figures, else None."""
    if columns is None or (row.cells and row.cells[-1].column + row.cells[-1].width > columns.end):
        return None  # a row longer than the others has a cell too many somewhere
    starts = columns.starts
    by_column = {cell.column: cell for cell in row.cells}
    if not all(start in by_column for start in starts):
        return None
    words = [cell for cell in row.cells if cell.column < starts[0]]
    beyond = [cell for cell in row.cells if cell.column > starts[-1]]
    between = [
        cell for cell in row.cells if starts[0] < cell.column < starts[-1] and cell.column not in starts
    ]
    if (
        any(cell.text for cell in beyond)
        or between
        or any(printed(cell.text).number is not None for cell in words)
    ):
        return None
    cells = [by_column[start] for start in starts]
    if any(printed(cell.text).is_junk and _WORDS.search(cell.text) for cell in cells):
        return None  # words among the figures: a row of headings, or one that is shifted
    if beyond and any(not cell.text for cell in cells):
        return None  # a blank too many inside may have pushed the others to the right
    return [cell.text for cell in words], cells


def _figures(values: Iterable[Printed]) -> bool:
    return any(value.number is not None or value.is_junk for value in values) or any(
        value.is_mark for value in values
    )


def _mostly_figures(text: str) -> bool:
    words = text[:4000].split()
    return len(words) > 10 and sum(printed(word).number is not None for word in words) * 2 > len(words)


def _place(at: str, column: int) -> str:
    return f"{at}第{column + 1}格"
