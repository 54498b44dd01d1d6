"""Growth against last year (较上年): from last year's records, or from an opening figure and then marked so (S113)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gongkai.base import tallies
from gongkai.base.measures import Period
from gongkai.base.models import Tally
from gongkai.forms.values import NOT_KNOWN, Number, Value, add, known

from .tree import Node, any_within
from .values import Grid, evaluate

# 市本级 and 区县及以下: the organ's own tier, and every tier below it.
WHOLE, OWN_TIER, BELOW = "", "own_tier", "below"
LEVELS = {WHOLE: "全部", OWN_TIER: "本级", BELOW: "下级"}


@dataclass(frozen=True)
class Growth:
    """This year beside last year. `percent` has one decimal, None where it cannot be said; `baseline` marks a last year
    that rests on an opening figure instead of records."""

    this: Value
    last: Value
    percent: Decimal | None
    baseline: bool = False


def growth(this: Value, last: Value, *, baseline: bool = False) -> Growth:
    """(this − last) ÷ last in per cent; None if one of them is unknown or last year was 0."""
    percent = None
    if this.number is not None and last.number:
        percent = _percent(Decimal(this.number) - Decimal(last.number), Decimal(last.number), 1)
    return Growth(this, last, percent, baseline)


def rate(part: Value, whole: Value, places: int = 2) -> Decimal | None:
    """A share in per cent (办结率): None if unknown or of nothing."""
    if part.number is None or not whole.number:
        return None
    return _percent(Decimal(part.number), Decimal(whole.number), places)


def year_growth(key: str, path: str, year: int, *, level: str = WHOLE, **dims: str) -> Growth:
    """Growth of a measure at the organ at `path` and below, for the whole tree or one level of it.

    Where last year's records do not give the figure, opening figures of that year do: one recorded at an organ speaks
    for it and for every organ below that has neither records nor an opening figure of its own. Raises LookupError.
    """
    this = level_total(evaluate([key], path, Period.year(year)), key, level, **dims)
    try:
        before = evaluate([key], path, Period.year(year - 1))
    except LookupError:  # the organ is younger than that
        return growth(this, NOT_KNOWN)
    last = level_total(before, key, level, **dims)
    if last.number is not None:
        return growth(this, last)
    opening = _with_openings(before, key, level, dims)
    return growth(this, last) if opening is None else growth(this, known(opening), baseline=True)


def level_total(grid: Grid, key: str, level: str = WHOLE, **dims: str) -> Value:
    """The value of one level of a grid's tree: organs of the tier of its root, or of the tiers below it."""
    return add(grid.value(key, node.path, **dims) for node in _nodes(grid) if _at_level(grid, node, level))


def _nodes(grid: Grid) -> list[Node]:
    return list(grid.tree.below(grid.tree.root))


def _at_level(grid: Grid, node: Node, level: str) -> bool:
    return level == WHOLE or (node.tier == grid.tree.nodes[grid.tree.root].tier) is (level == OWN_TIER)


def _with_openings(grid: Grid, key: str, level: str, dims: dict[str, str]) -> Number | None:
    """Records where there are any, else the nearest opening figure, each counted once. None if an organ has neither, or
    if an opening figure that is needed also speaks for organs of another level."""
    openings = _openings(grid, key, dims)
    total: Number = 0
    needed: dict[bool, set[str]] = {True: set(), False: set()}
    for node in _nodes(grid):
        inside = _at_level(grid, node, level)
        value = grid.value(key, node.path, **dims)
        if value.number is not None:
            total += value.number if inside else 0
            continue
        source = _nearest(grid, node, openings)
        if source is not None:
            needed[inside].add(source)
        elif inside:
            return None
    if needed[True] & needed[False]:
        return None
    return total + sum(openings[path] for path in needed[True])


def _nearest(grid: Grid, node: Node, openings: dict[str, Number]) -> str | None:
    path: str | None = node.path
    while path is not None and path not in openings:
        path = grid.tree.nodes[path].above
    return path


def _openings(grid: Grid, key: str, dims: dict[str, str]) -> dict[str, Number]:
    """Opening figures of the grid's period by organ, added up over the dimensions that are not asked for."""
    rows = tallies.current_tallies([key], grid.period).filter(
        any_within("path", grid.tree.prefixes), source__in=(Tally.Source.OPENING, Tally.Source.IMPORT)
    )
    found: dict[str, Number] = {}
    for path, dimensions, value in rows.values_list("path", "dimensions", "value"):
        home = grid.tree.home(path)
        if (
            home is not None
            and value is not None
            and all(dimensions.get(name) == wanted for name, wanted in dims.items())
        ):
            number = int(value) if value == value.to_integral_value() else value
            found[home] = found.get(home, 0) + number
    return found


def _percent(part: Decimal, whole: Decimal, places: int) -> Decimal:
    return (part * 100 / whole).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
