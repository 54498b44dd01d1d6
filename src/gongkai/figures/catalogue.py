"""The figures browser: every measure there is, what it means, and its value by organ and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.base import measures
from gongkai.base.measures import Measure, Period
from gongkai.forms.values import Value
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

from .tree import Node
from .values import Grid, evaluate


@dataclass(frozen=True)
class Line:
    """One organ's own values by year; None for a year in which the organ did not exist."""

    organ: Node
    depth: int
    values: tuple[Value | None, ...]


@dataclass(frozen=True)
class Table:
    """A measure by organ and year, the organs in tree order, with the sums of what is shown."""

    measure: Measure
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    totals: tuple[Value | None, ...]


def entries(register: str = "") -> list[Measure]:
    """The measures of one register (``acts`` stands for ``acts.items`` and its like), or all of them."""
    return [
        measure
        for measure in measures.all_measures()
        if not register or measure.register == register or measure.register.startswith(f"{register}.")
    ]


def by_organ(viewer: Viewer, key: str, prefix: str, years: Iterable[int], **dims: str) -> Table:
    """Values by organ and year at `prefix` and below, only of organs whose figures the viewer may see; a total that
    includes others is left out. Raises LookupError for an unknown measure."""
    measure, asked = measures.get(key), tuple(years)
    grids = [_grid(key, prefix, year) for year in asked]
    visible = set(scope.organs_for(viewer, "figures").values_list("path", flat=True))
    nodes = {node.path: node for grid in grids if grid for node in grid.tree.below(prefix)}
    lines = tuple(
        Line(
            node, path.count(".") - prefix.count("."), tuple(_value(grid, key, path, dims) for grid in grids)
        )
        for path, node in sorted(nodes.items())
        if path in visible
    )
    whole = nodes.keys() <= visible
    totals = tuple(grid.total(key, prefix, **dims) if grid and whole else None for grid in grids)
    return Table(measure, asked, lines, totals)


def _grid(key: str, prefix: str, year: int) -> Grid | None:
    try:
        return evaluate([measures.get(key).key], prefix, Period.year(year))
    except LookupError:
        if key not in {measure.key for measure in measures.all_measures()}:
            raise
        return None


def _value(grid: Grid | None, key: str, path: str, dims: dict[str, str]) -> Value | None:
    return grid.value(key, path, **dims) if grid is not None and path in grid.tree.nodes else None
