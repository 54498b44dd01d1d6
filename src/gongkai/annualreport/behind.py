"""What stands behind a figure for staff: the very records and tallies, as far as the viewer's scope reaches.

A frozen version shows what it counted when it was signed, a draft what counts now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gongkai.base import measures
from gongkai.base.measures import Measure, Period
from gongkai.base.models import Tally
from gongkai.figures.values import drill
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form
from gongkai.forms.values import Value
from gongkai.organs import scope
from gongkai.organs.scope import Viewer
from gongkai.remedies.queries import measure_for

from . import cells, queries
from .changes import record_key
from .compile import LIVE, OWN
from .models import ReportEvidence, ReportVersion, Scope


@dataclass(frozen=True)
class Counted:
    """One measure's share of a figure; `sign` −1 where it is subtracted."""

    measure: Measure
    sign: int
    rows: QuerySet[Any]
    tallies: QuerySet[Tally]


@dataclass(frozen=True)
class PartLine:
    """One part of a consolidated figure. A frozen or imported part leads to its own `version` if the viewer may see it;
    the records of a live one are asked with :func:`of_line`."""

    organ_id: int
    path: str
    label: str
    source: str
    value: Value
    version: ReportVersion | None


@dataclass(frozen=True)
class Behind:
    """A figure, the records of the organ's own part, and the parts of a consolidated report."""

    cell: str
    label: str
    value: Value
    counted: tuple[Counted, ...]
    lines: tuple[PartLine, ...]


def behind(viewer: Viewer, version: ReportVersion, cell: str) -> Behind:
    """What a cell of a version counts. Raises NoSuchCell."""
    form, figures = queries.form_of(version), queries.figures_of(version)
    frozen = version.state in queries.FINAL
    return Behind(
        cell=cell,
        label=form.cell(cell).label,
        value=figures[cell],
        counted=_frozen(viewer, version, form, cell)
        if frozen
        else _live(viewer, version.report.year, form, cell, version.report.path, own=True),
        lines=_lines(viewer, version, form, cell),
    )


def of_line(viewer: Viewer, version: ReportVersion, organ_id: int, cell: str) -> tuple[Counted, ...]:
    """The records behind a cell of a part that is not frozen: now, of that organ or of everything below it. Nothing for a
    part that has a report of its own, or that the version does not have."""
    line = next((line for line in version.contributions if line["organ"] == organ_id), None)
    if line is None or line["source"] not in (OWN, LIVE):
        return ()
    form = queries.form_of(version)
    own = line["scope"] == Scope.OWN
    return _live(viewer, version.report.year, form, cell, line["path"], own=own)


def _frozen(viewer: Viewer, version: ReportVersion, form: Form, cell: str) -> tuple[Counted, ...]:
    signs = {(leaf, term.measure): term.sign for leaf, term in _leaf_terms(form, cell)}
    records: dict[tuple[str, int], list[int]] = defaultdict(list)
    tallies: dict[tuple[str, int], list[int]] = defaultdict(list)
    evidence = ReportEvidence.objects.filter(version=version, cell__in=cells.leaves(form, cell))
    for row in evidence.order_by("id"):
        place = (row.measure, signs.get((row.cell, row.measure), 1))
        records[place].extend(record_key(record) for record in row.records)
        tallies[place].extend(key for key, _value in row.tallies)
    return tuple(
        Counted(
            measures.get(key),
            sign,
            scope.rows(viewer, measures.get(key).model()._default_manager.filter(pk__in=records[key, sign])),
            scope.rows(viewer, Tally.objects.filter(pk__in=tallies[key, sign])),
        )
        for key, sign in records
    )


def _live(viewer: Viewer, year: int, form: Form, cell: str, path: str, *, own: bool) -> tuple[Counted, ...]:
    found = []
    for (key, sign), dims in _terms(form, cell, measure_for(path).key).items():
        drilled = drill(viewer, key, Period.year(year), path, own=own, **dims)
        found.append(Counted(measures.get(key), sign, drilled.rows, drilled.tallies))
    return tuple(found)


def _terms(form: Form, cell: str, remedies: str) -> Mapping[tuple[str, int], dict[str, set[str]]]:
    """The terms of a cell by measure. What a total adds up is every combination of the values found, so that values
    can be named dimension by dimension."""
    found: dict[tuple[str, int], dict[str, set[str]]] = {}
    for term in cells.terms(form, cell, remedies):
        dims = found.setdefault((term.measure, term.sign), {})
        for name, value in term.dims.items():
            dims.setdefault(name, set()).add(value)
    return found


def _leaf_terms(form: Form, cell: str) -> list[tuple[str, cells.Term]]:
    return [(leaf, term) for leaf in cells.leaves(form, cell) for term in cells.sources(form)[leaf].terms]


def _lines(viewer: Viewer, version: ReportVersion, form: Form, cell: str) -> tuple[PartLine, ...]:
    if version.report.scope == Scope.OWN:
        return ()
    keys = [line["version"] for line in version.contributions if line["version"]]
    visible = {one.pk: one for one in queries.versions_for(viewer).filter(pk__in=keys)}
    return tuple(
        PartLine(
            organ_id=line["organ"],
            path=line["path"],
            label=line["label"],
            source=line["source"],
            value=Figures.from_cells(form, {cell: line["cells"][cell]})[cell],
            version=visible.get(line["version"]),
        )
        for line in version.contributions
    )
