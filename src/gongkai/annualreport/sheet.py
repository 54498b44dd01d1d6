"""Sparse figures of one organ or a sum of organs: only what is not zero and what is not known is kept.

A city has a thousand organs with two hundred cells each, nearly all 0. Sheets add up in the time of what is in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from gongkai.base import measures
from gongkai.base.measures import Dims
from gongkai.figures.values import Grid
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form, Unit
from gongkai.forms.values import Number, State, Value, inferred, known, unknown

from . import cells


@dataclass
class Lack:
    """Why a cell is unknown: what the unknown parts come to at least (None: no bound), and whose they are."""

    floor: Number | None
    names: list[str]


@dataclass
class Sheet:
    """Cells that are not listed are known to be 0. `numbers` of a cell that lacks something are its known parts."""

    numbers: dict[str, Number] = field(default_factory=dict)
    lacks: dict[str, Lack] = field(default_factory=dict)
    inferred: set[str] = field(default_factory=set)

    def add(self, other: Sheet) -> None:
        """Take another sheet's figures into this one."""
        for cell, number in other.numbers.items():
            self.numbers[cell] = self.numbers.get(cell, 0) + number
        for cell, lack in other.lacks.items():
            self._lack(cell, lack.floor, lack.names)
        self.inferred |= other.inferred

    def subtract(self, cell: str, amount: Number) -> None:
        """Take an eliminated amount out of a cell."""
        self.numbers[cell] = self.numbers.get(cell, 0) - amount

    def figures(self, form: Form) -> Figures:
        """The complete figures: every cell of the form with its value."""
        return Figures(form, {cell.path: self._value(cell.path, cell.unit) for cell in form.cells()})

    def _value(self, cell: str, unit: Unit) -> Value:
        number, lack = self.numbers.get(cell, 0), self.lacks.get(cell)
        if lack is None:
            return inferred(number, "由推定数相加") if cell in self.inferred else known(number)
        bounded = lack.floor is not None and unit is not Unit.CHANGE
        return unknown(number + (lack.floor or 0) if bounded else None, lack.names)

    def _lack(self, cell: str, floor: Number | None, names: Iterable[str]) -> None:
        known_lack = self.lacks.get(cell)
        if known_lack is None:
            self.lacks[cell] = Lack(floor, list(names))
            return
        known_lack.names.extend(names)
        both = known_lack.floor is not None and floor is not None
        known_lack.floor = (known_lack.floor or 0) + (floor or 0) if both else None


def of_figures(figures: Figures, name: str) -> Sheet:
    """A given report as a sheet. A figure it does not know is missing from `name`, or from whom it names itself."""
    sheet = Sheet()
    for cell, value in figures.items():
        if value.number is None:
            floor = None if figures.form.cell(cell).unit is Unit.CHANGE else value.at_least or 0
            sheet.lacks[cell] = Lack(floor, list(value.missing or (name,)))
        elif value.number:
            sheet.numbers[cell] = value.number
        if value.state is State.INFERRED:
            sheet.inferred.add(cell)
    return sheet


def of_organ(grid: Grid, form: Form, path: str, remedies: str = cells.ACTIVE) -> Sheet:
    """What records and tallies give for the organ at `path` alone."""
    sheet, name = Sheet(), grid.tree.nodes[path].name
    for key, targets in _targets(form, remedies).items():
        part = grid.part(key, path)
        for dims, number in part.numbers.items():
            for cell, sign in targets.get(dims, ()):
                sheet.numbers[cell] = sheet.numbers.get(cell, 0) + sign * number
        if part.complete:
            continue
        bounded = not measures.get(key).signed
        for dims, places in targets.items():
            if dims not in part.numbers:
                for cell, sign in places:
                    sheet._lack(cell, part.floor.get(dims, 0) if bounded and sign > 0 else None, [name])
    _convert(sheet, form)
    return sheet


def _convert(sheet: Sheet, form: Form) -> None:
    """Amounts from yuan into 万元, rounded at each organ so that a parent is exactly the sum of its parts."""
    for cell, source in _scaled(form).items():
        if cell in sheet.numbers:
            sheet.numbers[cell] = source.figure(sheet.numbers[cell])
        lack = sheet.lacks.get(cell)
        if lack is not None and lack.floor is not None:
            lack.floor = source.figure(lack.floor)


@cache
def _scaled(form: Form) -> dict[str, cells.Source]:
    return {cell: source for cell, source in cells.sources(form).items() if source.divisor != 1}


@cache
def _targets(form: Form, remedies: str) -> dict[str, dict[Dims, list[tuple[str, int]]]]:
    """Measure and dimension values → the cells, totals included, that count them, with the sign."""
    index: dict[str, dict[Dims, list[tuple[str, int]]]] = {}
    for cell in form.paths:
        for term in cells.terms(form, cell, remedies):
            dims = tuple(term.dims[name] for name in measures.get(term.measure).dimensions)
            index.setdefault(term.measure, {}).setdefault(dims, []).append((cell, term.sign))
    return index
