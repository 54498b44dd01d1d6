"""Compile a report: the figures of an organ and a year as of the year's end, whenever it is run.

A consolidated report is the organ's own part plus one line per child organ of that year — its frozen report, else its live
compile, else an imported whole report where nothing is registered — less explicit eliminations. Where the organ collects
the reports of the year in a round, the version accepted there stands for the child, and only that is final. One set of grouped
queries serves the whole tree; everything after that is addition in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures.tree import Node, any_within
from gongkai.figures.values import Grid, evaluate
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form, NoForm, form_for
from gongkai.forms.values import Number, Value
from gongkai.organs.models import Organ
from gongkai.remedies.queries import measure_for

from . import cells, sheet
from .models import Elimination, ReportEvidence, ReportVersion, Scope
from .sheet import Sheet

OWN, FROZEN, LIVE, IMPORTED = "own", "frozen", "live", "imported"
FINAL_STATES = (ReportVersion.State.SIGNED, ReportVersion.State.PUBLISHED)


@dataclass(frozen=True)
class Collected:
    """What a collecting round says of one child: the version accepted in it, or None and why, in words."""

    version_id: int | None
    standing: str = ""


# path of the collecting organ → child organ → what its round says. Organs without a round are not in it.
Collections = Mapping[str, Mapping[int, Collected]]
Collecting = Callable[[tuple[str, ...], int], Collections]


def _no_rounds(prefixes: tuple[str, ...], year: int) -> Collections:
    return {}


_collected: Collecting = _no_rounds


def accepted_by(source: Collecting) -> None:
    """Let `source` say which children of which organs were accepted in a collecting round of the year. Called once, by
    the room that keeps the rounds."""
    global _collected
    _collected = source


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
    collected: Collected | None = None

    @property
    def is_final(self) -> bool:
        """Signed and frozen, or imported whole; where the reports of the year are collected, also accepted."""
        if self.collected is not None and self.collected.version_id is None:
            return False
        return self.source in (FROZEN, IMPORTED)

    @property
    def standing(self) -> str:
        """Why it is not final, in words, where a round says; "" elsewhere."""
        return "" if self.collected is None or self.is_final else self.collected.standing

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
    """An amount taken out between the parts and the sum. `automatic`: one case that names several organs of the tree,
    and `parts` are the paths of the lines that count it."""

    cell: str
    amount: Number
    reason: str
    automatic: bool
    parts: tuple[str, ...] = ()

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
    """The result. `lines[0]` is the organ's own part; `counted` are the paths whose records went in directly, `stood`
    those, at any depth, for which a frozen or imported version stands: path → its key."""

    organ: Organ
    year: int
    scope: str
    form: Form
    figures: Figures
    lines: tuple[Line, ...]
    eliminations: tuple[EliminationLine, ...]
    grid: Grid = field(repr=False)
    counted: frozenset[str] = field(repr=False)
    remedies: str = cells.ACTIVE
    stood: Mapping[str, int] = field(default_factory=dict, repr=False)

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
    remedies = measure_for(organ.path).key
    form, grid = _evaluate(organ, year, remedies, own=wanted == Scope.OWN)
    if wanted == Scope.OWN:
        own = _own_line(grid, form, grid.tree.nodes[organ.path], remedies)
        return Compiled(
            organ, year, wanted, form, own.figures, (own,), (), grid, frozenset({organ.path}), remedies
        )
    run = _Consolidation(grid, form, year, remedies)
    total, lines, eliminations = run.level(grid.tree.nodes[organ.path])
    return Compiled(
        organ,
        year,
        wanted,
        form,
        total.figures(form),
        lines,
        eliminations,
        grid,
        frozenset(run.counted),
        remedies,
        {path: kept.id for path, kept in run.used.items()},
    )


def _evaluate(organ: Organ, year: int, remedies: str, *, own: bool) -> tuple[Form, Grid]:
    try:
        form = form_for(year)
        return form, evaluate(cells.measures_of(form, remedies), organ.path, Period.year(year), own=own)
    except NoForm as error:
        raise ValidationError(str(error)) from None
    except LookupError as error:
        if error.args != (organ.path,):
            raise
        message = _("%(organ)s在%(year)s年度不存在或者不单独编制年度报告。")
        raise ValidationError(message % {"organ": organ.name, "year": year}) from None


def _own_line(grid: Grid, form: Form, node: Node, remedies: str) -> Line:
    figures = sheet.of_organ(grid, form, node.path, remedies).figures(form)
    return Line(node.id, node.path, node.name, OWN, Scope.OWN, figures)


@dataclass(frozen=True)
class _Kept:
    """A frozen or imported version that can stand for a child."""

    id: int
    origin: str
    cells: dict[str, Any]

    @property
    def is_imported(self) -> bool:
        """Whether it came from outside."""
        return self.origin == ReportVersion.Origin.IMPORTED


@dataclass(frozen=True)
class _Repeated:
    """One review or suit that several organs of the tree have in their own tables (one file or several)."""

    group: str
    entries: tuple[tuple[str, str, int], ...]  # organ path, column, key of the row; in tree order


# child, source, scope, version, what its round says, figures
_Part = tuple[Node, str, str, int | None, Collected | None, Sheet]


class _Consolidation:
    """Adds up a tree. Levels whose report is live are computed; frozen ones are taken as they are."""

    def __init__(self, grid: Grid, form: Form, year: int, remedies: str) -> None:
        self.grid, self.form, self.remedies = grid, form, remedies
        self.counted: set[str] = set()
        self._kept, self._by_id = _kept_versions(grid, year)
        self._collected = _collected(grid.tree.prefixes, year)
        self._manual = _manual(grid, form, year)
        self._repeated = _repeated(grid, remedies)
        self.used: dict[str, _Kept] = {}  # by path: the versions that stand for a child
        self._frozen_rows = _frozen_rows(self._standing()) if self._repeated else frozenset()

    def level(self, node: Node) -> tuple[Sheet, tuple[Line, ...], tuple[EliminationLine, ...]]:
        """The sum at one consolidating organ, its lines, and what was eliminated between them."""
        total, parts, eliminations = self._sum(node)
        lines = tuple(
            Line(part.id, part.path, part.name, source, scope, found.figures(self.form), version, collected)
            for part, source, scope, version, collected, found in parts
        )
        return total, lines, eliminations

    def _sum(self, node: Node) -> tuple[Sheet, list[_Part], tuple[EliminationLine, ...]]:
        own = sheet.of_organ(self.grid, self.form, node.path, self.remedies)
        self.counted.add(node.path)
        parts: list[_Part] = [(node, OWN, Scope.OWN, None, None, own)]
        round_ = self._collected.get(node.path)
        for child in self.grid.tree.reporting_children(node.path):
            said = None if round_ is None else round_.get(child.id, Collected(None))
            parts.append(self._child(child, said))
        total = Sheet()
        for *_head, found in parts:
            total.add(found)
        lines = {part.path for part, *_rest in parts}
        eliminations = (*self._surplus(node, lines), *self._manual.get(node.id, ()))
        for line in eliminations:
            total.subtract(line.cell, line.amount)
        return total, parts, eliminations

    def _child(self, child: Node, said: Collected | None) -> _Part:
        scope = statutory_scope(child)
        kept = self._by_id.get(said.version_id) if said is not None and said.version_id else None
        if kept is None:
            latest = self._kept.get((child.id, scope))
            if latest is not None and not (latest.is_imported and self._is_registered(child)):
                kept = latest
        if kept is not None:
            self.used[child.path] = kept
            figures = Figures.from_cells(self.form, kept.cells)
            source = IMPORTED if kept.is_imported else FROZEN
            return child, source, scope, kept.id, said, sheet.of_figures(figures, child.name)
        if scope == Scope.OWN:
            self.counted.add(child.path)
            own = sheet.of_organ(self.grid, self.form, child.path, self.remedies)
            return child, LIVE, scope, None, said, own
        return child, LIVE, scope, None, said, self._sum(child)[0]

    def _standing(self) -> list[_Kept]:
        """The versions that can stand for a child: the accepted one where its report was collected."""
        accepted = {
            organ: said.version_id
            for children in self._collected.values()
            for organ, said in children.items()
            if said.version_id is not None
        }
        return [
            self._by_id.get(accepted.get(organ, 0), latest) for (organ, _scope), latest in self._kept.items()
        ]

    def _is_registered(self, child: Node) -> bool:
        """Whether anything at all is kept here of the organ or below it: then its records speak, not the import."""
        return any(
            self.grid.part(key, node.path).modes
            for node in self.grid.tree.below(child.path)
            for key in cells.measures_of(self.form, self.remedies)
        )

    def _surplus(self, node: Node, lines: set[str]) -> Iterator[EliminationLine]:
        """What one case counts too much at this level because several of the lines count it: the first keeps it."""
        found: dict[tuple[str, str, tuple[str, ...]], int] = {}
        for case in self._repeated:
            columns: dict[str, str] = {}
            for home, column, pk in case.entries:
                line = self._line_counting(home, pk, lines)
                if line is not None:
                    columns.setdefault(line, column)
            for line in list(columns)[1:]:
                place = (case.group, columns[line], tuple(columns))
                found[place] = found.get(place, 0) + 1
        for (group, column, paths), surplus in sorted(found.items()):
            names = "、".join(self.grid.tree.nodes[path].name for path in paths)
            reason = f"同一案件同时计入{names}的报告，汇总时只计一次。"
            for key in (column, cells.TOTAL):
                yield EliminationLine(f"table4.{group}.{key}", surplus, reason, automatic=True, parts=paths)

    def _line_counting(self, home: str, pk: int, lines: set[str]) -> str | None:
        """The line whose figures count this row of the organ at `home`: not if a version that stands for the organ was
        frozen before the row came, or was imported."""
        path: str | None = home
        while path is not None:
            kept = self.used.get(path)
            if kept is not None and (kept.is_imported or pk not in self._frozen_rows):
                return None
            if path in lines:
                return path
            path = self.grid.tree.nodes[path].above
        return None


def _kept_versions(grid: Grid, year: int) -> tuple[dict[tuple[int, str], _Kept], dict[int, _Kept]]:
    """The version that stands for each organ and scope: the latest frozen one, an imported one only without it. And all
    there are, by key."""
    rows = ReportVersion.objects.filter(
        any_within("report__path", grid.tree.prefixes), report__year=year, state__in=FINAL_STATES
    ).order_by("number")
    columns = ("report__organ_id", "report__scope", "id", "origin", "cells")
    kept: dict[tuple[int, str], _Kept] = {}
    by_id: dict[int, _Kept] = {}
    for organ, scope, pk, origin, content in rows.values_list(*columns):
        held = kept.get((organ, scope))
        by_id[pk] = found = _Kept(pk, origin, content)
        if held is None or held.is_imported or not found.is_imported:
            kept[organ, scope] = found
    return kept, by_id


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


def _repeated(grid: Grid, remedies: str) -> list[_Repeated]:
    """The cases of the period that several organs count: same forum and number, or one file naming both. One query."""
    measure = measures.get(remedies)
    rows = measure.rows(grid.period).filter(any_within(measure.path, grid.tree.prefixes))
    columns = ("group", "proceeding__forum", "proceeding__number", "path", measure.dimensions["column"], "pk")
    cases: dict[tuple[str, str, str], list[tuple[str, str, int]]] = {}
    for group, forum, number, path, column, pk in rows.order_by("path", "pk").values_list(*columns):
        home = grid.tree.home(path)
        if home is not None and grid.part(remedies, home).rows_count:
            cases.setdefault((group, forum, number), []).append((home, column, pk))
    return [_Repeated(case[0], tuple(found)) for case, found in cases.items() if len(found) > 1]


def _frozen_rows(kept: Iterable[_Kept]) -> frozenset[int]:
    """The rows of table 4 that frozen versions counted when they were signed: one query."""
    rows = ReportEvidence.objects.filter(
        version_id__in=[version.id for version in kept if not version.is_imported], cell__startswith="table4."
    )
    return frozenset(pk for records in rows.values_list("records", flat=True) for pk in records)


def evidence(compiled: Compiled) -> list[ReportEvidence]:
    """Which records and tallies each cell of the organ's own part counts (unsaved; one query per measure).

    Records are keys, for an amount with the amount; tallies are keys with their values.
    """
    grid, form, path = compiled.grid, compiled.form, compiled.organ.path
    found: dict[tuple[str, str], ReportEvidence] = {}

    def entry(cell: str, key: str) -> ReportEvidence:
        return found.setdefault((cell, key), ReportEvidence(cell=cell, measure=key, records=[], tallies=[]))

    places = _leaf_places(form, compiled.remedies)
    for key in cells.measures_of(form, compiled.remedies):
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


def _leaf_places(form: Form, remedies: str) -> dict[str, dict[tuple[str, ...], list[str]]]:
    places: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for source in cells.sources(form, remedies).values():
        for term in source.terms:
            dims = tuple(term.dims[name] for name in measures.get(term.measure).dimensions)
            places.setdefault(term.measure, {}).setdefault(dims, []).append(source.cell)
    return places
