"""The published annual reports as the public finds them: by organ, by year, newest, and a few figures of the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.annualreport import queries
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.queries import statutory
from gongkai.base import clock
from gongkai.forms.layout import Cell, Unit
from gongkai.forms.values import number_text
from gongkai.organs.models import Organ
from gongkai.portal import site

# What the front page shows of a report: cell, words and unit.
_TELLING = (
    ("table3.new_received.total", "本年新收申请", "件"),
    ("table3.carried_in.total", "上年结转申请", "件"),
    ("table3.outcome_total.total", "本年度办理结果", "件"),
    ("table3.granted.total", "其中予以公开", "件"),
    ("table4.review.total", "行政复议", "件"),
)


@dataclass(frozen=True)
class ReportLine:
    """One published report in a list."""

    code: str
    year: int
    title: str
    published_on: dt.date | None


@dataclass(frozen=True)
class Figure:
    """One figure of the front page, with the page that shows what it counts."""

    label: str
    text: str
    unit: str
    href: str


@dataclass(frozen=True)
class YearOf:
    """The last report of a government in figures."""

    heading: str
    figures: list[Figure]


def _published() -> QuerySet[ReportVersion]:
    return queries.published().filter(statutory())


def _listed() -> QuerySet[ReportVersion]:
    """The same for lists, without the heavy columns."""
    return _published().defer("sections", "cells", "contributions", "eliminations", "findings")


def versions(code: str, year: int) -> list[ReportVersion]:
    """Every published version of an organ's report of a year, the latest first; none when there is no such report."""
    return list(_published().filter(report__organ__code=code, report__year=year).order_by("-number"))


def years_of(organ: Organ) -> list[ReportLine]:
    """The organ's published years, newest first."""
    return _lines(_listed().filter(report__organ=organ).order_by("-report__year", "-number"))


def latest(count: int) -> list[ReportLine]:
    """The reports published last, each once."""
    # A report has a version or two, rarely more; four times as many rows are enough to find `count` reports.
    return _lines(site.here(_listed(), "report__path").order_by("-published_at", "-pk")[: count * 4])[:count]


def year_in_figures() -> list[YearOf]:
    """For each organ this site begins with the figures of its last published report."""
    tops = site.top(_published(), "report__path", "report__organ__parent")
    newest = tops.order_by().values("report__organ").annotate(year=Max("report__year"))
    wanted = Q(pk__in=[])
    for row in newest:
        wanted |= Q(report__organ=row["report__organ"], report__year=row["year"])
    current: dict[int, ReportVersion] = {}
    for version in tops.filter(wanted).order_by("report__path", "-number"):
        current.setdefault(version.report_id, version)
    return [_in_figures(version) for version in current.values()]


def _in_figures(version: ReportVersion) -> YearOf:
    organ, year = version.report.organ, version.report.year
    figures = queries.figures_of(version)
    shown = [
        Figure(
            label,
            number_text(number),
            unit,
            reverse("portal:report-cell", args=[organ.code, year, version.number, cell]),
        )
        for cell, label, unit in _TELLING
        if cell in figures and (number := figures.number(cell)) is not None
    ]
    return YearOf(_("%(organ)s %(year)s年") % {"organ": organ.name, "year": year}, shown)


def unit_of(cell: Cell) -> str:
    """The unit a figure is named with: 万元 for money, 件 in tables 3, 4 and for documents, else 项."""
    if cell.unit is Unit.MONEY_WAN:
        return _("万元")
    counted_in_items = cell.table != "table2" or cell.path.startswith("table2.art20_1.")
    return _("件") if counted_in_items else _("项")


def _lines(found: Iterable[ReportVersion]) -> list[ReportLine]:
    """One line per organ and year, from its first version in the order given."""
    lines: dict[int, ReportLine] = {}
    for version in found:
        organ, year, at = version.report.organ, version.report.year, version.published_at
        line = ReportLine(
            organ.code,
            year,
            queries.title(version),
            at.astimezone(clock.SHANGHAI).date() if at else None,
        )
        lines.setdefault(version.report_id, line)
    return list(lines.values())
