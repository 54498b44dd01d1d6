"""A unit's sheet as its records fill it: what each figure is, where it comes from, and whether the unit enters it.

Records speak wherever they are kept; a count is entered only where the unit keeps the register by tally, or has not yet
said how it keeps it. Everything entered becomes a dated tally, never a number of the sheet itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gongkai.base import tallies
from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.figures.values import Grid, UsedTally, evaluate
from gongkai.forms.shape import Unit
from gongkai.forms.values import Number, State, Value, add, unknown

from . import sealing
from .columns import Column, of_round
from .models import Duty, Round, RoundFact

HERE, TALLY, NONE = (mode.value for mode in (Coverage.Mode.HERE, Coverage.Mode.TALLY, Coverage.Mode.NONE))


@dataclass(frozen=True)
class Entry:
    """One figure of a unit's sheet.

    `modes` are the ways its register was kept in the period. `own` is the tally of exactly this period, if it is the
    whole figure: what a correction supersedes. `closed` says in words why nothing can be entered, "" where it can.
    """

    place: int
    column: Column
    value: Value
    modes: frozenset[str]
    own: UsedTally | None
    closed: str

    @property
    def may_enter(self) -> bool:
        """Whether the unit enters this figure."""
        return not self.closed

    @property
    def is_from_records(self) -> bool:
        """Whether records alone give it."""
        return self.modes == {HERE}

    @property
    def may_disclaim(self) -> bool:
        """Whether the unit can still say that it has nothing of the kind (不涉及)."""
        return not self.modes

    @property
    def source(self) -> str:
        """Where the figure comes from, in a few words."""
        if self.modes == {NONE}:
            return _("不涉及")
        if self.modes == {HERE}:
            return _("由记录得出")
        if self.modes == {TALLY}:
            return _("单位填报")
        return _("两种方式都有") if self.modes else _("未设台账方式")

    def as_json(self) -> dict[str, Any]:
        """The figure as it is frozen when handed in; amounts as text."""
        return {
            **self.column.as_json(),
            "number": _text(self.value.number),
            "at_least": _text(self.value.at_least),
            "source": sorted(self.modes),
        }


def entries(duty: Duty) -> list[Entry]:
    """The sheet of a unit as the records are now: a handful of queries, however many columns. Raises LookupError if the
    unit did not exist in the period."""
    columns = of_round(duty.round)
    period = Period(duty.round.start, duty.round.end)
    grid = evaluate([column.measure.key for column in columns], duty.path, period, own=True)
    return [_entry(place, column, grid, duty.path, period) for place, column in enumerate(columns)]


def _entry(place: int, column: Column, grid: Grid, path: str, period: Period) -> Entry:
    part = grid.part(column.measure.key, path)
    value = grid.value(column.measure.key, path, **column.dims)
    dims = tuple(column.dims.get(name, "") for name in column.measure.dimensions)
    used = part.tallies.get(dims, []) if column.is_whole else []
    own = used[0] if len(used) == 1 and (used[0].start, used[0].end) == (period.start, period.end) else None
    return Entry(place, column, value, part.modes, own, _closed(column, part.modes, used, own))


def _closed(column: Column, modes: frozenset[str], used: Iterable[UsedTally], own: UsedTally | None) -> str:
    if HERE in modes:
        return _("数字由登记的记录得出；不对的，请更正记录。")
    if modes == {NONE}:
        return _("本单位登记为不涉及；如有发生，请先在“台账方式”中更正。")
    if column.measure.tally != tallies.INSTEAD:
        return _("这一项由登记的记录计数，不接受填报；请先在“台账方式”中设为在本系统登记。")
    if not column.is_whole:
        return _("这一项是各分类的合计，请在分类中填报。")
    if modes not in (frozenset(), frozenset({TALLY})):
        return _("本期内台账方式有变化，请到“填报数字”分段填报。")
    if list(used) and own is None:
        return _("本期由几条填报相加，请到“填报数字”更正其中的一条。")
    return ""


def fingerprint(found: Iterable[Entry]) -> str:
    """What a person saw, so that nobody hands in figures they have not seen."""
    return sealing.seal([entry.as_json() for entry in found])


def unknown_entries(found: Iterable[Entry]) -> list[Entry]:
    """The figures without a number."""
    return [entry for entry in found if entry.value.number is None]


# --- what was handed in ---


def frozen(fact: RoundFact) -> list[Value]:
    """The figures of a submission, in the sheet's order."""
    return [_value(cell, fact.organ.name) for cell in fact.content["cells"]]


def _value(cell: Mapping[str, Any], name: str) -> Value:
    number, least = (_number(cell[key]) for key in ("number", "at_least"))
    return unknown(least, [name]) if number is None else Value(State.KNOWN, number)


def _text(number: Number | None) -> str | None:
    return None if number is None else format(number, "f") if isinstance(number, Decimal) else str(number)


def _number(text: str | None) -> Any:
    if text is None:
        return None
    return Decimal(text) if "." in text else int(text)


@dataclass(frozen=True)
class Moved:
    """A figure that the records give otherwise by now than it was handed in."""

    column: Column
    then: Value
    now: Value


def moved(fact: RoundFact, found: list[Entry]) -> list[Moved]:
    """What changed since a submission."""
    then = frozen(fact)
    return [
        Moved(entry.column, before, entry.value)
        for entry, before in zip(found, then, strict=True)
        if before.number != entry.value.number
    ]


@dataclass(frozen=True)
class Matrix:
    """All units of a round by column, with the sums. A unit that has not handed in is unknown, not zero."""

    columns: list[Column]
    lines: list[tuple[Any, list[Value]]]
    totals: list[Value]


def matrix(round_: Round, standings: Iterable[Any]) -> Matrix:
    """The overview of a sheet's round: `standings` with their facts, in order. No queries."""
    columns = of_round(round_)
    lines = [(one, _handed_in(one, columns)) for one in standings]
    totals = [
        add((values[place] for _one, values in lines), Unit.CHANGE if column.measure.signed else Unit.COUNT)
        for place, column in enumerate(columns)
    ]
    return Matrix(columns, lines, totals)


def _handed_in(standing: Any, columns: list[Column]) -> list[Value]:
    fact = standing.submitted
    if fact is None:
        return [unknown(None, [standing.duty.organ.name]) for _column in columns]
    return [_value(cell, standing.duty.organ.name) for cell in fact.content["cells"]]


def tally_of(entry: Entry) -> Tally | None:
    """The record behind an entered figure."""
    return None if entry.own is None else Tally.objects.select_related("organ").get(pk=entry.own.id)
