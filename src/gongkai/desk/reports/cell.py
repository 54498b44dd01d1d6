"""Where a figure comes from: what it counts, the records and tallies, and the parts of a consolidated one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport import behind, cells, checking, queries
from gongkai.annualreport.models import ReportVersion
from gongkai.base.measures import Measure
from gongkai.desk.figures import words
from gongkai.desk.figures.records import Listed, listed
from gongkai.desk.reports import opened
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.findings import Result
from gongkai.forms.layout import Cell, Form, NoSuchCell, Unit
from gongkai.forms.values import Value
from gongkai.organs.scope import Viewer

_MOST_PARTS = 30  # a total of more cells than that is read on the form itself


@dataclass(frozen=True)
class Source:
    """One measure's share: what it means, and its records and tallies the viewer may see."""

    measure: Measure
    register: str
    subtracted: bool
    tables: list[Listed]


@dataclass(frozen=True)
class Line:
    """One part of a consolidated figure and the page behind it."""

    label: str
    source: str
    value: Value
    href: str


@require_safe
def cell(request: DeskRequest, pk: int, number: int, cell: str) -> HttpResponse:
    """The page behind a figure; with ``?part=`` the records of one live part of it."""
    version = opened.version(request.viewer, pk, number)
    try:
        found = behind.behind(request.viewer, version, cell)
    except NoSuchCell:
        raise Http404 from None
    form = queries.form_of(version)
    part = _part(version, request.GET.get("part", ""))
    counted = behind.of_line(request.viewer, version, part["organ"], cell) if part else found.counted
    sources = _sources(request.viewer, counted, request.GET.get("page"))
    tables = [table for source in sources for table in source.tables]
    here = opened.address(version)
    value = queries.Figures.from_cells(form, {cell: part["cells"][cell]})[cell] if part else found.value
    context = {
        "section": "reports",
        "crumbs": [
            (reverse("desk:reports"), _("年报")),
            (here, opened.title(version)),
            *([(f"{here}cells/{cell}/", found.label)] if part else []),
            ("", part["label"] if part else found.label),
        ],
        "version": version,
        "back": here,
        "behind": found,
        "value": value,
        "unit": unit_of(form.cell(cell)),
        "part": part,
        "frozen": version.state in queries.FINAL and not part,
        "sources": sources,
        "seen": bool(tables),
        "longest": max(tables, key=lambda table: table.count).page if tables else None,
        "lines": [] if part else _lines(found, version, cell),
        "adds": [] if part else _adds(version, form, cell),
        "findings": _findings(version, cell),
    }
    return render(request, "desk/reports/cell.html", context)


def unit_of(found: Cell) -> str:
    """The unit a figure is named with."""
    if found.unit is Unit.MONEY_WAN:
        return _("万元")
    counted = found.table != "table2" or found.path.startswith("table2.art20_1.")
    return _("件") if counted else _("项")


def _part(version: ReportVersion, asked: str) -> dict[str, Any] | None:
    if not asked:
        return None
    line = next((one for one in version.contributions if str(one["organ"]) == asked), None)
    if line is None:
        raise Http404
    return dict(line)


def _sources(who: Viewer, counted: Iterable[behind.Counted], number: str | None) -> list[Source]:
    found = []
    for one in counted:
        tables = [listed(who, rows, number) for rows in (one.rows, one.tallies)]
        found.append(
            Source(
                one.measure,
                words.register_title(one.measure),
                one.sign < 0,
                [table for table in tables if table.count],
            )
        )
    return found


def _lines(found: behind.Behind, version: ReportVersion, cell: str) -> list[Line]:
    """Each part leads to its own report's figure, or to the records it was added up from."""
    own = f"{opened.address(version)}cells/{cell}/"
    return [
        Line(
            line.label,
            line.source,
            line.value,
            f"{opened.address(line.version)}cells/{cell}/"
            if line.version
            else f"{own}?part={line.organ_id}"
            if line.source in ("own", "live")
            else "",
        )
        for line in found.lines
    ]


def _adds(version: ReportVersion, form: Form, cell: str) -> list[tuple[str, Value, str]]:
    """The cells a total adds up, with their figures."""
    leaves = cells.leaves(form, cell)
    if not 1 < len(leaves) <= _MOST_PARTS:
        return []
    figures, here = queries.figures_of(version), opened.address(version)
    return [(form.cell(leaf).label, figures[leaf], f"{here}cells/{leaf}/") for leaf in leaves]


def _findings(version: ReportVersion, cell: str) -> list[Any]:
    found = checking.from_records(version.findings)
    return [one for one in found if cell in one.cells and one.result is Result.FAILS]
