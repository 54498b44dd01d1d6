"""What a measure comes to in a consolidated report: where a child's signed report stands in the tables, it stands here.

A measure that the tables tell is read off them, eliminations and all. What they do not tell is asked of each report that
stands for a child, where it kept it with its words, and of the registers of everybody else. A figure that fills a cell of
the form together with others cannot be told apart in a report that was signed: it is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from typing import Any

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures import dimensions
from gongkai.figures.values import Grid, evaluate
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form
from gongkai.forms.values import Number

from . import cells
from .chips import Item
from .compile import Compiled
from .fees import MEASURES as FEES
from .kept import FIGURES, number
from .models import ReportVersion


class Measured:
    """The measures of one consolidated compile. Makes its queries when first asked for what the tables do not tell."""

    def __init__(self, compiled: Compiled, keys: Iterable[str]) -> None:
        self.compiled, self.keys = compiled, tuple(keys)

    def number(self, item: Item) -> Number | None:
        """The number of a measure; None when it is not known."""
        compiled = self.compiled
        places = places_of(compiled.form, compiled.remedies, item)
        taken = compiled.stood or compiled.eliminations
        if places and (taken or not _is_money(compiled.form, places)):
            return told(compiled.figures, places)
        if compiled.stood and not places and not self._can_be_asked(item):
            return None
        return _sum([*self._of_reports(item), *self._of_registers(item)])

    def _can_be_asked(self, item: Item) -> bool:
        """Whether the figure is one that no table tells, or one that reports keep with their words."""
        form, remedies = self.compiled.form, self.compiled.remedies
        if item.name in FEES or item.name not in cells.measures_of(form, remedies):
            return True
        return all(item.figure in figures for figures in self._kept.values())

    def _of_reports(self, item: Item) -> Iterable[Number | None]:
        return (number(kept[item.figure]) for kept in self._kept.values() if item.figure in kept)

    def _of_registers(self, item: Item) -> Iterable[Number | None]:
        """The organs whose records went in, and those below a report that does not tell it."""
        told_by = [path for path, kept in self._kept.items() if item.figure in kept]
        for node in self._grid.tree.below(self.compiled.organ.path):
            if not any(node.path.startswith(path) for path in told_by):
                yield self._grid.value(item.name, node.path, **dict(item.dims)).number

    @cached_property
    def _kept(self) -> Mapping[str, Mapping[str, Any]]:
        """Path of a child → the figures kept with the words of the report that stands for it."""
        rows = ReportVersion.objects.filter(pk__in=self.compiled.stood.values())
        kept = {pk: content.get(FIGURES, {}) for pk, content in rows.values_list("pk", "sections")}
        return {path: kept[pk] for path, pk in self.compiled.stood.items()}

    @cached_property
    def _grid(self) -> Grid:
        return evaluate(self.keys, self.compiled.organ.path, Period.year(self.compiled.year))


def places_of(form: Form, remedies: str, item: Item) -> tuple[str, ...]:
    """The leaf cells that together tell exactly this measure; none if the form does not tell it, or not by itself."""
    measure, wanted = measures.get(item.name), dict(item.dims)
    found: list[str] = []
    covered: set[tuple[str, ...]] = set()
    for cell, source in cells.sources(form, remedies).items():
        inside = [term.measure == item.name and _within(term.dims, wanted) for term in source.terms]
        if any(inside):
            if not all(inside) or any(term.sign < 0 for term in source.terms):
                return ()
            found.append(cell)
            covered |= {tuple(term.dims[name] for name in measure.dimensions) for term in source.terms}
    every = [
        [wanted[name]] if name in wanted else [key for key, _label in dimensions.values(measure, name)]
        for name in measure.dimensions
    ]
    return tuple(found) if all(every) and set(product(*every)) <= covered else ()


def told(figures: Figures, places: Iterable[str]) -> Number | None:
    """The sum of cells in the unit of the measure; None when one of them is not known."""
    sources = cells.sources(figures.form)
    total = _sum(figures.number(cell) for cell in places)
    if total is None:
        return None
    divisor = {sources[cell].divisor for cell in places}.pop()
    return total if divisor == 1 else _whole(total * divisor)


def _whole(yuan: Number) -> Number:
    return int(yuan) if yuan == int(yuan) else yuan


def _within(dims: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(dims.get(name) == value for name, value in wanted.items())


def _is_money(form: Form, places: Iterable[str]) -> bool:
    """Whether the cells hold 万元: then the registers tell it to the fen, as long as it is all theirs."""
    return any(cells.is_money(form, cell) for cell in places)


def _sum(numbers: Iterable[Number | None]) -> Number | None:
    total: Number = 0
    for one in numbers:
        if one is None:
            return None
        total += one
    return total
