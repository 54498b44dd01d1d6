"""Comparing reports: organ beside organ with ranks, year beside year with growth, and what jumps from year to year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from gongkai.forms.shape import Cell, Unit
from gongkai.forms.values import Number, Value
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

from .indicators import Amount, Indicator, all_cells, amount
from .lines import Line
from .models import ExternalOrgan, Population

PER_HEAD = 10_000
HIGH, LOW = "high", "low"


@dataclass(frozen=True)
class Place:
    """A rank: 1, 2, 2, 4 … ; None for what is not known. `shared` with others of the same figure."""

    rank: int | None
    shared: bool = False


def ranks(numbers: Sequence[Fraction | None], order: str = HIGH) -> list[Place]:
    """The rank of each number, greatest first (or least, with LOW). Equal numbers share a rank; unknown has none."""
    counts = Counter(number for number in numbers if number is not None)
    first: dict[Fraction, int] = {}
    place = 1
    for number in sorted(counts, reverse=order == HIGH):
        first[number] = place
        place += counts[number]
    return [Place(None) if number is None else Place(first[number], counts[number] > 1) for number in numbers]


@dataclass(frozen=True)
class Head:
    """How many inhabitants a subject had, and when and by whom that was said."""

    persons: int
    as_of: dt.date
    source: str


def populations(who: Viewer, year: int) -> dict[str, Head]:
    """For each subject the last number of inhabitants noted for a day up to the end of the year. Two queries. What is
    known of an organ outside our tree holds in every library that the reader sees."""
    same: dict[str, list[str]] = {}
    for external in scope.rows(who, ExternalOrgan):
        same.setdefault(external.name, []).append(external.key)
    rows = (
        scope.rows(who, Population)
        .filter(superseded_by=None, persons__isnull=False, as_of__lte=dt.date(year, 12, 31))
        .order_by("as_of", "pk")
    )
    found: dict[str, Head] = {}
    for row in rows.select_related("external"):
        head = Head(row.persons or 0, row.as_of, row.source)
        for key in [f"organ-{row.subject_id}"] if row.external is None else same.get(row.external.name, ()):
            found[key] = head
    return found


@dataclass(frozen=True)
class Standing:
    """One organ's figure with its rank. `amount` None: the form has no such figure, or no inhabitants are noted."""

    line: Line
    amount: Amount | None
    place: Place
    per_head: bool = False


def standings(
    lines: Sequence[Line],
    indicator: Indicator,
    heads: Mapping[str, Head] | None = None,
    order: str = HIGH,
) -> list[Standing]:
    """Each report's figure and rank, in the order of the lines; `heads` given = per 10,000 inhabitants."""
    divided = heads is not None and indicator.per_head
    amounts = [_divided(indicator.of(line), line, heads) if divided else indicator.of(line) for line in lines]
    places = ranks([None if one is None else one.number for one in amounts], order)
    return [
        Standing(line, found, place, divided)
        for line, found, place in zip(lines, amounts, places, strict=True)
    ]


def _divided(found: Amount | None, line: Line, heads: Mapping[str, Head] | None) -> Amount | None:
    if found is None or heads is None or line.key not in heads:
        return None
    if found.number is None:
        return found
    return Amount(found.number * PER_HEAD / heads[line.key].persons, found.value)


def shown(number: Fraction, unit: str, *, divided: bool = False) -> str:
    """A figure as printed: shares with two decimals, money with four, per 10,000 inhabitants with two."""
    if divided or unit == "percent":
        return str(_rounded(number, Decimal("0.01")))
    if unit == Unit.MONEY_WAN:
        return str(_rounded(number, Decimal("0.0001")))
    return str(int(number)) if number.denominator == 1 else str(_rounded(number, Decimal("0.01")))


def _rounded(number: Fraction, places: Decimal) -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(places, ROUND_HALF_UP)


def percent_growth(this: Number | None, last: Number | None) -> Decimal | None:
    """(this − last) ÷ last in per cent with one decimal; None if unknown or last year was 0."""
    if this is None or not last:
        return None
    return _rounded((Fraction(this) - Fraction(last)) * 100 / abs(Fraction(last)), Decimal("0.1"))


@dataclass(frozen=True)
class YearRow:
    """One cell through the years: a value per year, None where there is no report or the form has no such cell."""

    cell: Cell
    values: tuple[Value | None, ...]
    growth: Decimal | None


def year_rows(by_year: Mapping[int, Line], years: Sequence[int]) -> list[YearRow]:
    """Every cell that any of these reports has, with growth of the last year against the one before it."""
    lines = [by_year.get(year) for year in years]
    rows = []
    for cell in all_cells():
        if not any(line is not None and cell.path in line.form for line in lines):
            continue
        values = tuple(None if line is None else line.value(cell.path) for line in lines)
        rows.append(YearRow(cell, values, _growth(values)))
    return rows


def _growth(values: Sequence[Value | None]) -> Decimal | None:
    if len(values) < 2 or values[-1] is None or values[-2] is None:
        return None
    return percent_growth(values[-1].number, values[-2].number)


@dataclass(frozen=True)
class Outlier:
    """A figure so many times last year's, or the other way round. `times` None: it was or became 0."""

    cell: Cell
    before: Line
    after: Line
    old: Number
    new: Number
    times: Fraction | None

    @property
    def rises(self) -> bool:
        return self.new > self.old


def outliers(lines: Iterable[Line], *, times: int, floor: int, year: int | None = None) -> list[Outlier]:
    """What jumps between two years that follow one another: × `times` or more, or ÷.

    Small figures are left out: the greater of the two must reach `floor` (件、项 or 万元). Changes (本年增/减) are not
    compared, being differences themselves. The greatest jump of a report comes first; 0 is the greatest of all.
    """
    by_subject: dict[str, dict[int, Line]] = {}
    for line in lines:
        by_subject.setdefault(line.key, {})[line.year] = line
    cells = [cell for cell in all_cells() if cell.unit is not Unit.CHANGE]
    found: list[Outlier] = []
    for reports in by_subject.values():
        for now, after in sorted(reports.items()):
            before = reports.get(now - 1)
            if before is not None and year in (None, now):
                jumps = [jump for cell in cells if (jump := _jump(cell, before, after, times, floor))]
                found += sorted(jumps, key=lambda jump: (jump.times is not None, -(jump.times or 0)))
    return found


def _jump(cell: Cell, before: Line, after: Line, times: int, floor: int) -> Outlier | None:
    old, new = _number(before, cell), _number(after, cell)
    if old is None or new is None or old == new or max(old, new) < floor:
        return None
    small, great = sorted((old, new))
    if small < 0 or great < times * small:
        return None
    return Outlier(cell, before, after, old, new, Fraction(great) / Fraction(small) if small else None)


def _number(line: Line, cell: Cell) -> Number | None:
    """Most records are bare numbers: no need to build a value for them."""
    record = line.cells.get(cell.path)
    if isinstance(record, int):
        return record
    value = line.value(cell.path)
    return None if value is None else value.number


__all__ = [
    "HIGH",
    "LOW",
    "Head",
    "Outlier",
    "Place",
    "Standing",
    "YearRow",
    "amount",
    "outliers",
    "percent_growth",
    "populations",
    "ranks",
    "shown",
    "standings",
    "year_rows",
]
