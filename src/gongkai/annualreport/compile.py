"""Compile a report: the figures of an organ and a year as of the year's end, whenever it is run.

A consolidated report is the organ's own part plus one line per child organ of that year — its frozen report, else its live
compile, else an imported whole report where nothing is registered — less explicit eliminations. One set of grouped
queries serves the whole tree; everything after that is addition in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures.tree import Node, any_within
from gongkai.figures.values import Grid, evaluate
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form, NoForm, form_for
from gongkai.forms.values import Number, Value
from gongkai.organs.models import Organ
from gongkai.remedies.models import Respondent

from . import cells, sheet
from .models import Elimination, ReportEvidence, ReportVersion, Scope
from .sheet import Sheet

OWN, FROZEN, LIVE, IMPORTED = "own", "frozen", "live", "imported"
FINAL_STATES = (ReportVersion.State.SIGNED, ReportVersion.State.PUBLISHED)
_REMEDIES = "remedies.active"


@dataclass(frozen=True)
class Line:
    """One part of a report: the organ's own records, or a child's report from the source named."""

    organ_id: int
    path: str
    label: str
    source: str
    scope: str
    figures: Figures
    version_id: int | None = None

    @property
    def is_final(self) -> bool:
        """Signed and frozen, or imported whole."""
        return self.source in (FROZEN, IMPORTED)

    def as_json(self) -> dict[str, Any]:
        """The line as it is kept with the version."""
        return {
            "organ": self.organ_id,
            "path": self.path,
            "label": self.label,
            "source": self.source,
            "scope": self.scope,
            "version": self.version_id,
            "cells": self.figures.to_cells(),
        }


@dataclass(frozen=True)
class EliminationLine:
    """An amount taken out between the parts and the sum. `automatic`: one case that names several organs of the tree."""

    cell: str
    amount: Number
    reason: str
    automatic: bool

    def as_json(self) -> dict[str, Any]:
        """The line as it is kept with the version; amounts as text."""
        return {
            "cell": self.cell,
            "amount": str(self.amount),
            "reason": self.reason,
            "automatic": self.automatic,
        }


@dataclass(frozen=True)
class Compiled:
    """The result. `lines[0]` is the organ's own part; `counted` are the paths whose records went in directly."""

    organ: Organ
    year: int
    scope: str
    form: Form
    figures: Figures
    lines: tuple[Line, ...]
    eliminations: tuple[EliminationLine, ...]
    grid: Grid = field(repr=False)
    counted: frozenset[str] = field(repr=False)

    @property
    def own(self) -> Line:
        """The organ's own part."""
        return self.lines[0]

    @property
    def children(self) -> tuple[Line, ...]:
        """One line per child organ; none in a report of the organ's own figures."""
        return self.lines[1:]

    @property
    def duplicates(self) -> Mapping[str, Number]:
        """Cell → how often too much it would be counted because one case names several organs of the tree."""
        surplus: dict[str, Number] = {}
        for line in self.eliminations:
            if line.automatic:
                surplus[line.cell] = surplus.get(line.cell, 0) + line.amount
        return surplus

    @property
    def unknowns(self) -> Mapping[str, Value]:
        """The cells without a number: "at least", and whose figures are missing."""
        return {cell: value for cell, value in self.figures.items() if value.number is None}


def statutory_scope(organ: Organ | Node) -> str:
    """Governments consolidate, departments and offices report for themselves (FR11)."""
    return Scope.CONSOLIDATED if organ.kind == Organ.Kind.GOVERNMENT else Scope.OWN


def compile(organ: Organ, year: int, scope: str | None = None) -> Compiled:
    """Compile the report of `organ` for `year`. Raises ValidationError with a sentence if there can be none."""
    wanted = Scope(scope or statutory_scope(organ))
    form, grid = _evaluate(organ, year, own=wanted == Scope.OWN)
    if wanted == Scope.OWN:
        own = _own_line(grid, form, grid.tree.nodes[organ.path])
        return Compiled(organ, year, wanted, form, own.figures, (own,), (), grid, frozenset({organ.path}))
    run = _Consolidation(grid, form, year)
    total, lines, eliminations = run.level(grid.tree.nodes[organ.path])
    return Compiled(
        organ, year, wanted, form, total.figures(form), lines, eliminations, grid, frozenset(run.counted)
    )


def _evaluate(organ: Organ, year: int, *, own: bool) -> tuple[Form, Grid]:
    try:
        form = form_for(year)
        return form, evaluate(cells.measures_of(form), organ.path, Period.year(year), own=own)
    except NoForm as error:
        raise ValidationError(str(error)) from None
    except LookupError as error:
        if error.args != (organ.path,):
            raise
        message = _("%(organ)s在%(year)s年度不存在，不编制该年度报告。")
        raise ValidationError(message % {"organ": organ.name, "year": year}) from None


def _own_line(grid: Grid, form: Form, node: Node) -> Line:
    figures = sheet.of_organ(grid, form, node.path).figures(form)
    return Line(node.id, node.path, node.name, OWN, Scope.OWN, figures)


@dataclass(frozen=True)
class _Kept:
    """A frozen or imported version that can stand for a child."""

    id: int
    origin: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class _Duplicate:
    """One proceeding that names several organs: its place in table 4 and the organs that count it."""

    proceeding: int
    group: str
    column: str
    homes: frozenset[str]


# child, source, scope, version, figures
_Part = tuple[Node, str, str, int | None, Sheet]


class _Consolidation:
    """Adds up a tree. Levels whose report is live are computed; frozen ones are taken as they are."""

    def __init__(self, grid: Grid, form: Form, year: int) -> None:
        self.grid, self.form = grid, form
        self.counted: set[str] = set()
        self._kept = _kept_versions(grid, year)
        self._manual = _manual(grid, form, year)
        self._duplicates = _duplicates(grid)

    def level(self, node: Node) -> tuple[Sheet, tuple[Line, ...], tuple[EliminationLine, ...]]:
        """The sum at one consolidating organ, its lines, and what was eliminated between them."""
        total, parts, eliminations = self._sum(node)
        lines = tuple(
            Line(part.id, part.path, part.name, source, scope, found.figures(self.form), version)
            for part, source, scope, version, found in parts
        )
        return total, lines, eliminations

    def _sum(self, node: Node) -> tuple[Sheet, list[_Part], tuple[EliminationLine, ...]]:
        own = sheet.of_organ(self.grid, self.form, node.path)
        self.counted.add(node.path)
        parts: list[_Part] = [(node, OWN, Scope.OWN, None, own)]
        parts.extend(self._child(child) for child in self.grid.tree.reporting_children(node.path))
        total = Sheet()
        for *_head, found in parts:
            total.add(found)
        lines = {part.path for part, *_rest in parts}
        eliminations = (*self._surplus(node, lines), *self._manual.get(node.id, ()))
        for line in eliminations:
            total.subtract(line.cell, line.amount)
        return total, parts, eliminations

    def _child(self, child: Node) -> _Part:
        scope = statutory_scope(child)
        kept = self._kept.get((child.id, scope))
        if kept is not None and (
            kept.origin == ReportVersion.Origin.COMPILED or not self._is_registered(child)
        ):
            figures = Figures.from_cells(self.form, kept.cells)
            source = FROZEN if kept.origin == ReportVersion.Origin.COMPILED else IMPORTED
            return child, source, scope, kept.id, sheet.of_figures(figures, child.name)
        if scope == Scope.OWN:
            self.counted.add(child.path)
            return child, LIVE, scope, None, sheet.of_organ(self.grid, self.form, child.path)
        return child, LIVE, scope, None, self._sum(child)[0]

    def _is_registered(self, child: Node) -> bool:
        """Whether anything at all is kept here of the organ or below it: then its records speak, not the import."""
        return any(
            self.grid.part(key, node.path).covered.modes
            for node in self.grid.tree.below(child.path)
            for key in cells.measures_of(self.form)
        )

    def _surplus(self, node: Node, lines: set[str]) -> Iterator[EliminationLine]:
        """What one proceeding counts too much at this level, because several of the lines count it."""
        found: dict[tuple[str, str, tuple[str, ...]], int] = {}
        for duplicate in self._duplicates:
            hit = {self._line_of(home, lines) for home in duplicate.homes} - {None}
            if len(hit) > 1:
                place = (duplicate.group, duplicate.column, tuple(sorted(path for path in hit if path)))
                found[place] = found.get(place, 0) + 1
        for (group, column, paths), cases in sorted(found.items()):
            names = "、".join(self.grid.tree.nodes[path].name for path in paths)
            reason = f"{cases}件案件同时涉及{names}，汇总时每件只计一次。"
            for key in (column, cells.TOTAL):
                amount = cases * (len(paths) - 1)
                yield EliminationLine(f"table4.{group}.{key}", amount, reason, automatic=True)

    def _line_of(self, home: str, lines: set[str]) -> str | None:
        path: str | None = home
        while path is not None and path not in lines:
            path = self.grid.tree.nodes[path].above if path in self.grid.tree.nodes else None
        return path


def _kept_versions(grid: Grid, year: int) -> dict[tuple[int, str], _Kept]:
    """The version that stands for each organ and scope: the latest frozen one, an imported one only without it."""
    rows = ReportVersion.objects.filter(
        any_within("report__path", grid.tree.prefixes), report__year=year, state__in=FINAL_STATES
    ).order_by("number")
    columns = ("report__organ_id", "report__scope", "id", "origin", "cells")
    kept: dict[tuple[int, str], _Kept] = {}
    for organ, scope, pk, origin, content in rows.values_list(*columns):
        held = kept.get((organ, scope))
        if held is None or held.origin != ReportVersion.Origin.COMPILED or origin == held.origin:
            kept[organ, scope] = _Kept(pk, origin, content)
    return kept


def _manual(grid: Grid, form: Form, year: int) -> dict[int, tuple[EliminationLine, ...]]:
    """The adjustments people entered, by organ: one query. Each is taken out of its cell and of that cell's totals."""
    rows = Elimination.objects.filter(
        any_within("report__path", grid.tree.prefixes),
        report__year=year,
        report__scope=Scope.CONSOLIDATED,
        revokes__isnull=True,
        revoked_by__isnull=True,
    ).order_by("id")
    found: dict[int, tuple[EliminationLine, ...]] = {}
    for organ, cell, amount, reason in rows.values_list("report__organ_id", "cell", "amount", "reason"):
        number = amount if cells.is_money(form, cell) else int(amount)
        lines = (EliminationLine(path, number, reason, False) for path in cells.with_totals(form, cell))
        found[organ] = (*found.get(organ, ()), *lines)
    return found


def _duplicates(grid: Grid) -> list[_Duplicate]:
    """Proceedings of the period that name several organs of the tree: one query."""
    measure = measures.get(_REMEDIES)
    several = Respondent.objects.values("proceeding").annotate(organs=Count("id")).filter(organs__gt=1)
    rows = measure.rows(grid.period).filter(
        any_within(measure.path, grid.tree.prefixes), proceeding__in=several.values("proceeding")
    )
    columns = (measure.path, measure.dimensions["group"], measure.dimensions["column"])
    homes: dict[tuple[int, str, str], set[str]] = {}
    for proceeding, path, group, column in rows.values_list("proceeding_id", *columns):
        home = grid.tree.home(path)
        if home is not None and grid.part(_REMEDIES, home).rows_count:
            homes.setdefault((proceeding, group, column), set()).add(home)
    return [_Duplicate(*place, frozenset(found)) for place, found in homes.items() if len(found) > 1]


def evidence(compiled: Compiled) -> list[ReportEvidence]:
    """Which records and tallies each cell of the organ's own part counts (unsaved; one query per measure).

    Records are keys, for an amount with the amount; tallies are keys with their values.
    """
    grid, form, path = compiled.grid, compiled.form, compiled.organ.path
    found: dict[tuple[str, str], ReportEvidence] = {}

    def entry(cell: str, key: str) -> ReportEvidence:
        return found.setdefault((cell, key), ReportEvidence(cell=cell, measure=key, records=[], tallies=[]))

    places = _leaf_places(form)
    for key in cells.measures_of(form):
        part, measure = grid.part(key, path), measures.get(key)
        if part.rows_count:
            columns = ["pk", *measure.dimensions.values(), *([measure.amount] if measure.amount else [])]
            rows = measure.rows(grid.period).filter(**{f"{measure.path}__in": grid.tree.paths_of(path)})
            for row in rows.order_by("pk").values_list(*columns):
                dims = tuple(str(value) for value in row[1 : 1 + len(measure.dimensions)])
                for cell in places[key].get(dims, ()):
                    entry(cell, key).records.append([row[0], str(row[-1])] if measure.amount else row[0])
        for dims, used in part.tallies.items():
            for cell in places[key].get(dims, ()):
                entry(cell, key).tallies.extend([tally.id, str(tally.value)] for tally in used)
    return list(found.values())


def _leaf_places(form: Form) -> dict[str, dict[tuple[str, ...], list[str]]]:
    places: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for source in cells.sources(form).values():
        for term in source.terms:
            dims = tuple(term.dims[name] for name in measures.get(term.measure).dimensions)
            places.setdefault(term.measure, {}).setdefault(dims, []).append(source.cell)
    return places
