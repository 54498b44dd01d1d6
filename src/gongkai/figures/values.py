"""Values of measures for a whole tree of organs: records and tallies under coverage, one grouped query per measure.

Per organ and register coverage decides what a number is: kept here, the records are counted and no record is 0; kept by
tally, the unit's tally or unknown; nothing to keep (不涉及), 0; not covered, unknown, "at least" what there is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.base import measures, tallies
from gongkai.base.coverage import CoverageMap, Covered, coverage_of
from gongkai.base.measures import Dims, Measure, Period
from gongkai.base.models import Coverage, Tally
from gongkai.forms.values import Number, Value, add, known, unknown
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

from .tree import Node, Tree, any_within, tree

HERE, TALLY = Coverage.Mode.HERE.value, Coverage.Mode.TALLY.value


@dataclass(frozen=True)
class UsedTally:
    """A tally as it entered a value."""

    id: int
    value: Number
    start: dt.date
    end: dt.date


@dataclass(slots=True)
class Part:
    """One measure at one organ.

    `numbers` are known. What is not among them is 0 if `complete` (records alone give the figure), otherwise unknown, at
    least what `floor` says. `rows_count` tells whether the organ's records are in it: not where it keeps the register by
    tally throughout.
    """

    mode: str | None
    modes: frozenset[str]
    complete: bool
    rows_count: bool
    numbers: dict[Dims, Number] = field(default_factory=dict)
    floor: dict[Dims, Number] = field(default_factory=dict)
    tallies: dict[Dims, list[UsedTally]] = field(default_factory=dict)

    @classmethod
    def under(cls, covered: Covered) -> Part:
        """An empty part under this coverage."""
        mode = covered.mode
        return cls(
            mode=mode,
            modes=covered.modes,
            complete=mode is not None and mode != TALLY,
            rows_count=mode != TALLY or HERE in covered.modes,
        )


class Grid:
    """Values by measure, organ and dimensions in one period. Made by :func:`evaluate`."""

    def __init__(self, period: Period, organs: Tree, parts: dict[tuple[str, str], Part]) -> None:
        self.period = period
        self.tree = organs
        self._parts = parts

    def part(self, key: str, path: str) -> Part:
        """The measure at the organ at `path` alone. Raises LookupError for a measure that was not evaluated."""
        try:
            return self._parts[key, path]
        except KeyError:
            raise LookupError(f"{key} was not evaluated at {path}") from None

    def value(self, key: str, path: str, **dims: str) -> Value:
        """The organ's own value; dimensions left out are summed over. Unknown names the organ as missing."""
        measure, part = measures.get(key), self.part(key, path)
        wanted = tuple(dims.get(name) for name in measure.dimensions)
        if set(dims) - set(measure.dimensions):
            raise LookupError(f"{key} has no such dimension: {sorted(dims)}")
        total = _sum(part.numbers, wanted)
        if part.complete or (None not in wanted and wanted in part.numbers):
            return known(total)
        return unknown(None if measure.signed else total + _sum(part.floor, wanted), [self._name(path)])

    def total(self, key: str, path: str, **dims: str) -> Value:
        """The value of the organ at `path` and everything below it."""
        return add(self.value(key, node.path, **dims) for node in self.tree.below(path))

    def _name(self, path: str) -> str:
        return self.tree.nodes[path].name


def evaluate(measure_keys: Iterable[str], prefix: str, period: Period, *, own: bool = False) -> Grid:
    """Every organ's value of the measures, at `prefix` and below, or of the organ at `prefix` alone with `own`.

    One query per measure, three for the tree, one for tallies, one for coverage. Raises LookupError if the organ did not
    exist in the period, or for an unknown measure.
    """
    declared = [measures.get(key) for key in dict.fromkeys(measure_keys)]
    organs = tree(prefix, period)
    homes = [prefix] if own else list(organs.nodes)
    parts = _coverage(declared, organs, homes, period)
    _add_rows(declared, organs, period, parts, own)
    _add_tallies(declared, organs, period, parts)
    return Grid(period, organs, parts)


Parts = dict[tuple[str, str], Part]


def _coverage(declared: list[Measure], organs: Tree, homes: list[str], period: Period) -> Parts:
    maps = _coverage_maps({m.register for m in declared}, organs.prefixes, period)
    last_day = Period(period.end, period.end)
    at_end = {name: CoverageMap(last_day, found.spans) for name, found in maps.items()}
    resolved: dict[tuple[str, bool, str], Covered] = {}
    for measure in declared:
        found = (at_end if measure.stock else maps)[measure.register]
        for path in homes:
            if (measure.register, measure.stock, path) not in resolved:
                node = organs.nodes[path]
                covered = found.at(path, node.valid_from, node.valid_to)
                resolved[measure.register, measure.stock, path] = covered
    return {
        (measure.key, path): Part.under(resolved[measure.register, measure.stock, path])
        for measure in declared
        for path in homes
    }


def _add_rows(declared: list[Measure], organs: Tree, period: Period, parts: Parts, own: bool) -> None:
    for measure in declared:
        place = _place(measure.path, organs, organs.root if own else None)
        rows = measure.rows(period).filter(place)
        by_path = {path: parts.get((measure.key, home)) for path, home in organs.homes.items()}
        if measure.unsure:
            doubtful = measure.doubtful(period).filter(place).order_by()
            for path in doubtful.values_list(measure.path, flat=True).distinct():
                if (part := by_path.get(path)) is not None:
                    part.complete = False
        for (path, dims), value in measure.grouped(rows).items():
            part = by_path.get(path)
            if part is not None and part.rows_count:
                target = part.numbers if part.complete else part.floor
                target[dims] = target.get(dims, 0) + value


def _place(lookup: str, organs: Tree, own: str | None) -> Q:
    if own is None:
        return any_within(lookup, organs.prefixes)
    return Q(**{f"{lookup}__in": organs.paths_of(own)})


def _add_tallies(declared: list[Measure], organs: Tree, period: Period, parts: Parts) -> None:
    """An opening stock, and what was not recorded one by one, is added to the records; a unit's own counts stand instead of
    them."""
    found: dict[tuple[str, str], dict[Dims, list[UsedTally]]] = defaultdict(lambda: defaultdict(list))
    rows = tallies.current_tallies([m.key for m in declared if m.tally != tallies.NONE], period)
    rows = rows.filter(any_within("path", organs.prefixes)).order_by("id")
    columns = ("measure", "path", "dimensions", "id", "value", "period_from", "period_to")
    for key, path, dimensions, pk, value, start, end in rows.values_list(*columns):
        home = organs.home(path)
        if home is not None and (key, home) in parts:
            measure = measures.get(key)
            dims = tuple(str(dimensions.get(name, "")) for name in measure.dimensions)
            found[key, home][dims].append(UsedTally(pk, _plain(value), start, end))
    for (key, home), by_dims in found.items():
        measure, part, node = measures.get(key), parts[key, home], organs.nodes[home]
        for dims, used in by_dims.items():
            _count_tallies(measure, part, node, period, dims, used)


def _count_tallies(
    measure: Measure, part: Part, node: Node, period: Period, dims: Dims, used: list[UsedTally]
) -> None:
    if part.complete and measure.tally not in (tallies.OPENING, tallies.BESIDE):
        return  # the organ keeps records: they speak
    part.tallies[dims] = used
    total = sum(tally.value for tally in used)
    if part.complete:
        part.numbers[dims] = part.numbers.get(dims, 0) + total
    elif part.mode == TALLY and _suffice(measure, part, node, period, used):
        part.numbers[dims] = part.floor.pop(dims, 0) + total
    else:
        part.floor[dims] = part.floor.get(dims, 0) + total


def _suffice(measure: Measure, part: Part, node: Node, period: Period, used: list[UsedTally]) -> bool:
    """A stock needs its one count; a period kept by tally throughout needs all its days counted."""
    return measure.stock or part.modes != {TALLY} or _whole(used, node, period)


def _whole(used: list[UsedTally], node: Node, period: Period) -> bool:
    """Whether the tallies leave no day of the organ's life in the period uncounted."""
    day = max(period.start, node.valid_from)
    last = min(period.end, node.valid_to or period.end)
    for tally in sorted(used, key=lambda one: one.start):
        if tally.start > day:
            return False
        day = max(day, tally.end + dt.timedelta(days=1))
    return day > last


def _sum(numbers: Mapping[Dims, Number], wanted: tuple[str | None, ...]) -> Number:
    if None not in wanted:
        return numbers.get(wanted, 0)  # type: ignore[arg-type]
    matching = (number for dims, number in numbers.items() if _matches(wanted, dims))
    return sum(matching, 0)


def _matches(wanted: tuple[str | None, ...], dims: Dims) -> bool:
    return all(want is None or want == have for want, have in zip(wanted, dims, strict=True))


def _plain(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else value


def _coverage_maps(registers: set[str], prefixes: tuple[str, ...], period: Period) -> dict[str, CoverageMap]:
    """One query from the lowest organ above all prefixes; one for each prefix if they have none in common."""
    spans: dict[str, dict[str, Any]] = {register: {} for register in registers}
    shared = _common(prefixes)
    for prefix in [shared] if shared else prefixes:
        for register, found in coverage_of(registers, prefix, period).items():
            spans[register].update(found.spans)
    return {register: CoverageMap(period, by_path) for register, by_path in spans.items()}


def _common(prefixes: tuple[str, ...]) -> str:
    """The path of the lowest organ above all of them, "" if there is none."""
    shared = []
    for segments in zip(*(prefix.split(".")[:-1] for prefix in prefixes), strict=False):
        if len(set(segments)) > 1:
            break
        shared.append(segments[0])
    return "".join(f"{segment}." for segment in shared)


@dataclass(frozen=True)
class Drill:
    """What stands behind a value: the records and the tallies, both as far as the viewer may see them."""

    rows: QuerySet[Any]
    tallies: QuerySet[Tally]


def drill(
    viewer: Viewer,
    key: str,
    period: Period,
    prefix: str,
    *,
    own: bool = False,
    **dims: str | Collection[str],
) -> Drill:
    """The very records and tallies that :meth:`Grid.total` (with `own`: :meth:`Grid.value`) counts. A dimension may be
    given one value or several. Raises LookupError like :func:`evaluate`."""
    measure = measures.get(key)
    wanted = _wanted(measure, dims)
    organs = tree(prefix, period)
    homes = [prefix] if own else [node.path for node in organs.below(prefix)]
    parts = _coverage([measure], organs, homes, period)
    _add_tallies([measure], organs, period, parts)
    counted = [path for home in homes if parts[key, home].rows_count for path in organs.paths_of(home)]
    chosen = {f"{measure.dimensions[name]}__in": sorted(values) for name, values in wanted.items()}
    rows = measure.rows(period).filter(_counted(measure.path, organs, counted, own), **chosen)
    used = [
        tally.id
        for home in homes
        for have, lines in parts[key, home].tallies.items()
        if all(
            value in wanted.get(name, (value,)) for name, value in zip(measure.dimensions, have, strict=True)
        )
        for tally in lines
    ]
    return Drill(scope.rows(viewer, rows), scope.rows(viewer, Tally.objects.filter(pk__in=used)))


def _wanted(measure: Measure, dims: Mapping[str, str | Collection[str]]) -> dict[str, frozenset[str]]:
    if unknown_names := set(dims) - set(measure.dimensions):
        raise LookupError(f"{measure.key} has no such dimension: {sorted(unknown_names)}")
    return {name: frozenset([values] if isinstance(values, str) else values) for name, values in dims.items()}


def _counted(lookup: str, organs: Tree, counted: list[str], own: bool) -> Q:
    """The paths whose records count, as ranges less exceptions where that is shorter than a list."""
    if own:
        return Q(**{f"{lookup}__in": counted})
    left_out = organs.paths - set(counted)
    return any_within(lookup, organs.prefixes) & ~Q(**{f"{lookup}__in": sorted(left_out)})
