"""Which figure belongs to which column, when a row has more or fewer figures than the table has columns.

Every order-keeping assignment is a candidate. The identities of the form strike out those that cannot be; what all
remaining candidates agree on is read, the rest stays unread. When the complete rows already contradict the identities,
the publisher's sums are wrong, and nothing is struck out by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import inf

from gongkai.forms.identities import column_balance, outcome_totals
from gongkai.forms.shape import Form
from gongkai.forms.values import Number

from .normal import Printed

# More than this many lost, joined or surplus figures in a row cannot be sorted out.
_MAX_LOST = 3
_MAX_JOINED = 2
_MAX_SURPLUS = 2

Content = Number | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a row: for each column which printed value it holds, None where none is left for it."""

    takes: tuple[int | None, ...]
    numbers: tuple[Content, ...]  # completed by the row's own sum where that has one solution


@dataclass(frozen=True, slots=True)
class Aligned:
    """The outcome for a row: for each column the index of its value, None = lost, -1 = cannot be told."""

    takes: tuple[int | None, ...]
    certain: bool  # exactly as many values as columns
    firm: frozenset[int] = frozenset()  # columns on which no other row had to be asked


UNTOLD = -1


def candidates(values: Sequence[Printed], width: int, first: int = 0) -> list[Candidate]:
    """All ways to read a row. ``first``: the later values may be foreign (a page number), so also without them."""
    ways = list(_ways(len(values), width))
    if first and first != len(values):
        ways += [way for way in _ways(first, width) if way not in ways]
    # A complete row is what it is, even if its sum is wrong; anything put together has to add up.
    strict = bool(first) or len(values) != width
    found = [_candidate(values, way, strict) for way in ways]
    for parted, origins in _parted(tuple(values), width):
        for way in _ways(len(parted), width):
            candidate = _candidate(parted, way, True)
            found.append(candidate and _of_origins(candidate, origins))
    return [candidate for candidate in found if candidate is not None]


def _of_origins(candidate: Candidate, origins: Sequence[int]) -> Candidate:
    return Candidate(tuple(None if n is None else origins[n] for n in candidate.takes), candidate.numbers)


def _parted(values: tuple[Printed, ...], width: int) -> list[tuple[tuple[Printed, ...], tuple[int, ...]]]:
    """A short row with some of its figures cut in two, for a blank may have been lost between them.

    With each goes, for every figure, the index it had, or UNTOLD for a half.
    """
    short = width - len(values)
    if not 0 < short <= _MAX_JOINED:
        return []
    found = {values: tuple(range(len(values)))}
    newest = dict(found)
    for _ in range(short):
        newest = {
            (*parted[:n], *halves, *parted[n + 1 :]): (*origins[:n], UNTOLD, UNTOLD, *origins[n + 1 :])
            for parted, origins in newest.items()
            for n, value in enumerate(parted)
            for halves in _halves(value.text)
        }
        found.update(newest)
    del found[values]
    return list(found.items())


@lru_cache(maxsize=1024)
def _halves(text: str) -> list[tuple[Printed, Printed]]:
    """12 → 1 2; no half begins with a 0 that is not all of it."""
    if not text.isdecimal():
        return []
    cut = [(text[:end], text[end:]) for end in range(1, len(text))]
    return [
        (Printed(left, int(left)), Printed(right, int(right)))
        for left, right in cut
        if not any(half.startswith("0") and half != "0" for half in (left, right))
    ]


@lru_cache(maxsize=64)
def _ways(count: int, width: int) -> tuple[tuple[int | None, ...], ...]:
    if count == width:
        return (tuple(range(width)),)
    if count < width:
        if count == 0 or width - count > _MAX_LOST:
            return ()
        ways = []
        # The last column but the total comes first: by custom it carries a loss that could be anywhere.
        for lost in sorted(
            combinations(range(width), width - count), key=lambda cols: _by_custom(cols, width)
        ):
            taken = iter(range(count))
            ways.append(tuple(None if column in lost else next(taken) for column in range(width)))
        return tuple(ways)
    if count - width > _MAX_SURPLUS:
        return ()
    return tuple(tuple(kept) for kept in combinations(range(count), width))


def _by_custom(lost: tuple[int, ...], width: int) -> tuple[int, ...]:
    return tuple(width if column == width - 1 else width - 1 - column for column in lost)


def _candidate(values: Sequence[Printed], way: tuple[int | None, ...], strict: bool) -> Candidate | None:
    """None when the row's own sum rules it out (``strict``)."""
    numbers = [None if index is None else values[index].number for index in way]
    *parts, total = numbers
    unknown = [column for column, number in enumerate(parts) if number is None]
    given = sum(number for number in parts if number is not None)
    if total is None:
        if not unknown:
            numbers[-1] = given
    elif not unknown:
        if total != given:
            return None if strict else Candidate(way, tuple(numbers))
    elif given > total:
        return None if strict else Candidate(way, tuple(numbers))
    elif len(unknown) == 1 or given == total:
        for column in unknown:
            numbers[column] = total - given if len(unknown) == 1 else 0
    return Candidate(way, tuple(numbers))


class Table3:
    """The rows of table 3 with all their candidates, narrowed down by the columns' identities."""

    def __init__(self, form: Form, values: Mapping[str, Sequence[Printed]], first: Mapping[str, int]) -> None:
        self.form = form
        self.values = values
        ways = {key: candidates(row, len(form.applicants), first.get(key, 0)) for key, row in values.items()}
        self.rows = {key: found for key, found in ways.items() if found}
        self.keys = [column.key for column in form.applicants]

    def solve(self) -> dict[str, Aligned]:
        """Each row's outcome."""
        open_rows = {key for key, ways in self.rows.items() if len(ways) > 1}
        alone = {key: _agreed_without_sums(self.values[key], self.rows[key]) for key in open_rows}
        if open_rows and self._trustworthy():
            narrowed = self._narrowed(open_rows)
            if narrowed is not None:
                return {
                    key: replace(
                        _agreed(narrowed[key]), firm=alone[key].firm if key in alone else frozenset()
                    )
                    for key in self.rows
                }
        # Without the identities only the row's own figures speak.
        return {key: alone.get(key) or _agreed(ways) for key, ways in self.rows.items()}

    def _trustworthy(self) -> bool:
        """No identity that can be judged on complete rows fails."""
        for ways in self.rows.values():
            if len(ways) != 1:
                continue
            *parts, total = ways[0].numbers
            if total is not None and None not in parts and sum(parts) != total:  # type: ignore[arg-type]
                return False
        for left, right in self._column_relations():
            ranges = [self._ranges(key) for key in (*left, *right)]
            for column in range(len(self.keys)):
                ends = [row[column] for row in ranges]
                if any(low != high for low, high in ends):
                    continue
                if sum(low for low, _ in ends[: len(left)]) != sum(low for low, _ in ends[len(left) :]):
                    return False
        return True

    def _narrowed(self, open_rows: set[str]) -> dict[str, list[Candidate]] | None:
        relations = self._column_relations()
        changed = True
        while changed:
            changed = False
            for left, right in relations:
                for key in (*left, *right):
                    if key not in open_rows or key not in self.rows:
                        continue
                    bounds = self._bounds(key, left, right)
                    kept = [way for way in self.rows[key] if _within(way, bounds)]
                    if not kept:
                        return None
                    if len(kept) < len(self.rows[key]):
                        self.rows[key] = kept
                        changed = True
        return self.rows

    def _bounds(self, key: str, left: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[float, float]]:
        """For each column between what the row's number must lie for left = right to be possible."""
        same, other = (left, right) if key in left else (right, left)
        rest = [self._ranges(member) for member in same if member != key]
        opposite = [self._ranges(member) for member in other]
        return [
            (
                sum(row[column][0] for row in opposite) - sum(row[column][1] for row in rest),
                sum(row[column][1] for row in opposite) - sum(row[column][0] for row in rest),
            )
            for column in range(len(self.keys))
        ]

    def _ranges(self, key: str) -> list[tuple[float, float]]:
        """For each column the least and the greatest number the cell can hold in any remaining way."""
        ways = self.rows.get(key)
        if not ways:
            return [(0.0, inf)] * len(self.keys)
        return [
            (0.0, inf) if None in numbers else (float(min(numbers)), float(max(numbers)))
            for numbers in zip(*(way.numbers for way in ways), strict=True)
        ]

    def _column_relations(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The two identities of the columns, as names of rows."""
        found = []
        for relation in (outcome_totals(self.form)[0], column_balance(self.form)[0]):
            found.append((_rows_of(relation.left), _rows_of(relation.right)))
        return found


def _within(way: Candidate, bounds: Sequence[tuple[float, float]]) -> bool:
    return all(
        (0 if number is None else number) <= high and (number is None or number >= low)
        for number, (low, high) in zip(way.numbers, bounds, strict=True)
    )


def _rows_of(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path.split(".")[1] for path in paths)


def _agreed(ways: Sequence[Candidate]) -> Aligned:
    """What the ways agree on, shown in the first of them."""
    if not ways:
        return Aligned((), False)
    shown = ways[0]
    if len(ways) == 1:
        return Aligned(shown.takes, None not in shown.takes)
    takes = tuple(
        take
        if len({way.numbers[column] for way in ways}) == 1 and shown.numbers[column] is not None
        else UNTOLD
        for column, take in enumerate(shown.takes)
    )
    return Aligned(takes, False)


def _agreed_without_sums(values: Sequence[Printed], ways: Sequence[Candidate]) -> Aligned:
    """What the ways agree on if other rows are not believed: the same printed number in every one of them."""
    shown = ways[0]
    takes = tuple(
        take
        if take is not None
        and all(way.takes[column] not in (None, UNTOLD) for way in ways)
        and len({values[way.takes[column] or 0].text for way in ways}) == 1
        else UNTOLD
        for column, take in enumerate(shown.takes)
    )
    firm = frozenset(column for column, take in enumerate(takes) if take != UNTOLD)
    return Aligned(takes, False, firm)


def align_groups(values: Sequence[Printed], groups: int, size: int) -> Aligned:
    """Table 4: ``groups`` times ``size`` columns, the last of each group being its sum."""
    width = groups * size
    if len(values) == width:
        return Aligned(tuple(range(width)), True)
    if not 0 < len(values) <= width + _MAX_SURPLUS or width - len(values) > 2:
        return Aligned((), False)
    readings = [(tuple(values), tuple(range(len(values)))), *_parted(tuple(values), width)]
    completed = [
        _of_origins(Candidate(way, numbers), origins)
        for parted, origins in readings
        for way in _ways(len(parted), width)
        if (numbers := _completed(parted, way, groups, size)) is not None
    ]
    return _agreed(completed)


def _completed(
    values: Sequence[Printed], way: tuple[int | None, ...], groups: int, size: int
) -> tuple[Content, ...] | None:
    """The numbers of all groups; None when the sum of one of them rules it out."""
    numbers: list[Content] = []
    for start in range(0, groups * size, size):
        part = _candidate(values, way[start : start + size], True)
        if part is None:
            return None
        numbers.extend(part.numbers)
    return tuple(numbers)
