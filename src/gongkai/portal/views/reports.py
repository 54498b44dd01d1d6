"""The published annual reports: list, report, permanent versions, downloads, and what each figure counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport import exports, public, queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.base import clock
from gongkai.forms.grid import Grid, grids
from gongkai.forms.layout import Form, NoSuchCell
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page
from gongkai.portal.site import article_meta, column_meta

PAGE = 50


@dataclass(frozen=True)
class Block:
    """One separately headed part of a statutory table."""

    caption: str
    grid: Grid


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """All published reports, a year at a time."""
    years = public_reports.years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), None)
    lines = Paginator(public_reports.of_year(year) if year else [], PAGE)
    name = _("政府信息公开年报")
    return page(
        request,
        "reports.html",
        section="reports",
        crumbs=[("", name)],
        meta=_column(),
        years=years,
        year=year,
        lines=lines.get_page(request.GET.get("page")),
    )


@require_safe
def report(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The report as it stands: its latest published version."""
    versions = public_reports.versions(code, year)
    if not versions:
        raise Http404
    return _report(request, versions[0], versions)


@require_safe
def version(request: HttpRequest, code: str, year: int, number: int) -> HttpResponse:
    """One version at its permanent address, whatever came after it."""
    versions = public_reports.versions(code, year)
    return _report(request, _one(versions, number), versions)


def _report(request: HttpRequest, shown: ReportVersion, versions: list[ReportVersion]) -> HttpResponse:
    form, printed = queries.form_of(shown), sections.printed(shown)
    return page(
        request,
        "report.html",
        section="reports",
        crumbs=[(reverse("portal:reports"), _("年报")), ("", printed.title)],
        meta=[*_column(), *article_meta(printed.title, _minute(shown), shown.report.organ.name)],
        version=shown,
        organ=shown.report.organ,
        year=shown.report.year,
        printed=printed,
        parts=[(part, _blocks(form, part.table)) for part in printed.parts],
        form=form,
        figures=queries.figures_of(shown),
        links=_links(shown, form),
        versions=versions,
        is_latest=shown.number == versions[0].number,
    )


def _blocks(form: Form, table: str) -> list[Block]:
    if not table:
        return []
    captions = [block.label for block in form.blocks] if table == "table2" else [_TABLES[table]]
    return [Block(caption, grid) for caption, grid in zip(captions, grids(form, table), strict=True)]


_TABLES = {
    "table3": "收到和处理政府信息公开申请情况（单位：件）",
    "table4": "政府信息公开行政复议、行政诉讼情况（单位：件）",
}


def _links(shown: ReportVersion, form: Form) -> dict[str, str]:
    """The page behind each figure."""
    base = _address("report-version", shown)
    return {cell: f"{base}cells/{cell}/" for cell in form.paths}


@require_safe
def download(request: HttpRequest, code: str, year: int, number: int, name: str) -> HttpResponse:
    """A version as data: ``report.json`` or ``report.csv``."""
    shown = _one(public_reports.versions(code, year), number)
    file_name = f"{code}-{year}-v{number}"
    if name == "report.json":
        text = json.dumps(exports.public_json(shown), ensure_ascii=False, indent=1)
        return _file(text.encode(), "application/json", f"{file_name}.json")
    if name == "report.csv":
        # Spreadsheets take a file for UTF-8 only when it begins with the mark.
        return _file(
            exports.public_csv(shown).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{file_name}.csv"
        )
    raise Http404


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def cell(request: HttpRequest, code: str, year: int, number: int, cell: str) -> HttpResponse:
    """What one figure counts: for applications month, outcome, article and days used, never whose or what about."""
    shown = _one(public_reports.versions(code, year), number)
    try:
        behind = public.behind(shown, cell)
    except NoSuchCell:
        raise Http404 from None
    title = sections.printed(shown).title
    lists: dict[str, Any] = {
        name: Paginator(getattr(behind, name), PAGE).get_page(request.GET.get("page"))
        for name in ("cases", "documents", "records", "tallies", "contributions")
    }
    return page(
        request,
        "report_cell.html",
        section="reports",
        crumbs=[
            (reverse("portal:reports"), _("年报")),
            (_address("report-version", shown), title),
            ("", behind.label),
        ],
        meta=_column(),
        version=shown,
        organ=shown.report.organ,
        year=shown.report.year,
        title=title,
        behind=behind,
        unit=public_reports.unit_of(queries.form_of(shown).cell(cell)),
        longest=max(lists.values(), key=lambda found: found.paginator.count),
        **lists,
    )


def _one(versions: list[ReportVersion], number: int) -> ReportVersion:
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404
    return found


def _address(name: str, shown: ReportVersion) -> str:
    return reverse(f"portal:{name}", args=[shown.report.organ.code, shown.report.year, shown.number])


def _minute(shown: ReportVersion) -> str:
    at = shown.published_at
    return at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _column() -> list[tuple[str, str]]:
    name = _("政府信息公开年报")
    return column_meta(name, _("各行政机关的政府信息公开工作年度报告"), name, name)
