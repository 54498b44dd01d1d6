"""The pages: every measure there is, one measure by organ and year, and the records behind one of its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.base.tables import csv_bytes
from gongkai.desk.figures import chart, words
from gongkai.desk.figures.asked import Asked, ask, organs_seen
from gongkai.desk.figures.records import listed
from gongkai.desk.shell.request import DeskRequest
from gongkai.figures import catalogue, growth
from gongkai.figures.growth import LEVELS, Growth
from gongkai.figures.values import Grid, drill, evaluate
from gongkai.forms.values import Value, number_text
from gongkai.organs.models import Organ

ORGANS_A_PAGE = 60
MOST_LINES = 15  # of a dimension; where it has more values, only those that count anything are listed
_STATES = {"blank": "空白", "unread": "未能识别", "unknown": "未知", "inferred": "推定"}


@dataclass(frozen=True)
class Figure:
    """A value of a table and the page of its records, "" where there is nothing to open."""

    value: Value | None
    href: str


@dataclass(frozen=True)
class Row:
    """One organ's own values, or the sum."""

    name: str
    depth: int
    figures: list[Figure]


@dataclass(frozen=True)
class Split:
    """The asked year's sum by the values of one dimension."""

    title: str
    lines: list[tuple[str, Figure]]


@require_safe
def overview(request: DeskRequest) -> HttpResponse:
    """Every measure: title, unit, register, what it counts."""
    if not organs_seen(request.viewer).exists():
        raise Http404
    groups = [
        (title, [(measure, words.register_title(measure)) for measure in catalogue.entries(register)])
        for register, title in words.GROUPS
    ]
    context = {"section": "figures", "groups": groups, "crumbs": [("", _("数据"))]}
    return render(request, "desk/figures/overview.html", context)


@require_safe
def measure(request: DeskRequest, key: str) -> HttpResponse:
    """One measure: what it means, by year, against last year, by dimension, by organ."""
    asked = ask(request, key)
    table = catalogue.by_organ(request.viewer, key, asked.organ.path, asked.years, **asked.dims)
    page = Paginator(table.lines, ORGANS_A_PAGE).get_page(request.GET.get("page"))
    labels = [str(year) for year in asked.years]
    context = {
        **_frame(asked),
        "crumbs": [(reverse("desk:figures"), _("数据")), ("", asked.measure.title)],
        "years": labels,
        "total": Row(
            _("合计"),
            0,
            [_figure(asked, value, year) for value, year in zip(table.totals, asked.years, strict=True)],
        ),
        "rows": _rows(asked, page),
        "page": page,
        "chart": chart.bars(list(zip(labels, table.totals, strict=True))),
        "hidden_organs": all(total is None for total in table.totals) and bool(table.lines),
        "growth": _growth(asked),
        "splits": _splits(asked) if _complete(table.totals) else [],
        "export": f"{reverse('desk:figure-export', args=[key])}?{asked.query()}",
    }
    return render(request, "desk/figures/measure.html", context)


@require_safe
def records(request: DeskRequest, key: str) -> HttpResponse:
    """The records and tallies that make up one value, as far as the person may see them."""
    asked = ask(request, key)
    try:
        found = drill(
            request.viewer, key, Period.year(asked.year), asked.organ.path, own=asked.own, **asked.dims
        )
        grid = evaluate([key], asked.organ.path, Period.year(asked.year), own=asked.own)
    except LookupError:
        raise Http404 from None
    number = request.GET.get("page")
    tables = [listed(request.viewer, rows, number) for rows in (found.rows, found.tallies)]
    context = {
        **_frame(asked),
        "crumbs": [
            (reverse("desk:figures"), _("数据")),
            (f"{reverse('desk:figure', args=[key])}?{asked.query()}", asked.measure.title),
            ("", _("%(organ)s %(year)s年") % {"organ": asked.organ.name, "year": asked.year}),
        ],
        "value": _value(asked, grid),
        "tables": [table for table in tables if table.count],
        "longest": max(tables, key=lambda table: table.count).page,
        "chosen": [dict(words.choices(asked.measure, name))[value] for name, value in asked.dims.items()],
    }
    return render(request, "desk/figures/records.html", context)


@require_safe
def export(request: DeskRequest, key: str) -> StreamingHttpResponse:
    """The table by organ and year as a sheet, a line per organ and year; what is not known says so."""
    asked = ask(request, key)
    table = catalogue.by_organ(request.viewer, key, asked.organ.path, asked.years, **asked.dims)
    header = [_("机关"), _("年度"), _("指标"), _("数值"), _("单位"), _("状态"), _("至少")]
    response = StreamingHttpResponse(
        csv_bytes(header, _lines(asked, table)), content_type="text/csv; charset=utf-8"
    )
    name = f"{asked.measure.title}-{asked.organ.name}-{clock.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _frame(asked: Asked) -> dict[str, Any]:
    return {
        "section": "figures",
        "asked": asked,
        "measure": asked.measure,
        "register": words.register_title(asked.measure),
    }


def _rows(asked: Asked, page: Page[catalogue.Line]) -> list[Row]:
    codes = dict(
        Organ.objects.filter(path__in=[line.organ.path for line in page]).values_list("path", "code")
    )
    return [
        Row(
            line.organ.name,
            min(line.depth, 4),
            [
                _figure(asked, value, year, organ=codes[line.organ.path], own=1)
                for value, year in zip(line.values, asked.years, strict=True)
            ],
        )
        for line in page
    ]


def _figure(asked: Asked, value: Value | None, year: int, **changed: Any) -> Figure:
    if value is None:
        return Figure(None, "")
    address = reverse("desk:figure-records", args=[asked.measure.key])
    return Figure(value, f"{address}?{asked.query(year=year, **changed)}")


def _growth(asked: Asked) -> list[tuple[str, Growth]]:
    """The asked year against the one before, whole and by level where there are levels; [] if the organ is younger."""
    governs = asked.organ.kind == Organ.Kind.GOVERNMENT
    try:
        return [
            (
                str(title),
                growth.year_growth(
                    asked.measure.key, asked.organ.path, asked.year, level=level, **asked.dims
                ),
            )
            for level, title in LEVELS.items()
            if governs or level == growth.WHOLE
        ]
    except LookupError:
        return []


def _splits(asked: Asked) -> list[Split]:
    """By each dimension that was not chosen, from one evaluation."""
    open_dims = [name for name in asked.measure.dimensions if name not in asked.dims]
    if not open_dims:
        return []
    try:
        grid = evaluate([asked.measure.key], asked.organ.path, Period.year(asked.year))
    except LookupError:
        return []
    return [
        Split(words.dimension_title(asked.measure, name), _split_lines(asked, grid, name))
        for name in open_dims
    ]


def _split_lines(asked: Asked, grid: Grid, name: str) -> list[tuple[str, Figure]]:
    values = words.choices(asked.measure, name)
    totals = {
        code: grid.total(asked.measure.key, asked.organ.path, **{**asked.dims, name: code})
        for code, _word in values
    }
    return [
        (label, _figure(asked, totals[code], asked.year, **{name: code}))
        for code, label in values
        if len(values) <= MOST_LINES or totals[code].number != 0
    ]


def _complete(totals: Sequence[Value | None]) -> bool:
    """Whether the asked year's sum may be shown: nothing in it is out of sight."""
    return totals[-1] is not None


def _value(asked: Asked, grid: Grid) -> Value:
    key, path = asked.measure.key, asked.organ.path
    return grid.value(key, path, **asked.dims) if asked.own else grid.total(key, path, **asked.dims)


def _lines(asked: Asked, table: catalogue.Table) -> Iterator[list[Any]]:
    for line in table.lines:
        for value, year in zip(line.values, asked.years, strict=True):
            if value is not None:
                yield [line.organ.name, year, asked.measure.title, *_cells(value, asked.measure.unit)]


def _cells(value: Value, unit: str) -> list[Any]:
    number = "" if value.number is None else number_text(value.number)
    least = "" if value.at_least is None else number_text(value.at_least)
    return [number, unit, _STATES.get(value.state.value, ""), least]
