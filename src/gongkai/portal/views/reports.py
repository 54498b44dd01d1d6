"""The published annual reports: list, report, permanent versions, downloads, and what each figure counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport import public, queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.narrative import Piece
from gongkai.annualreport.rendering import prints
from gongkai.base import clock
from gongkai.forms.grid import Grid, grids
from gongkai.forms.layout import Form, NoSuchCell
from gongkai.organs.models import Organ
from gongkai.portal import archive, downloads
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page
from gongkai.portal.site import article_meta, column_meta

PAGE = 50
ENTRIES = 20
# Villages write no report (art. 49 and local rule).
_TIERS = [choice for choice in Organ.Tier.choices if choice[0] != Organ.Tier.VILLAGE]


@dataclass(frozen=True)
class Block:
    """One separately headed part of a statutory table."""

    caption: str
    grid: Grid


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """政府信息公开年报: the archive by unit and year; filtered by year, tier and organ."""
    years, asked = archive.years(), _asked(request)
    lines = Paginator(archive.found(asked), ENTRIES).get_page(request.GET.get("page"))
    name = _("政府信息公开年报")
    return page(
        request,
        "reports.html",
        section="reports",
        crumbs=[("", name)],
        meta=_column(),
        years=years,
        tiers=_TIERS,
        asked=asked,
        lines=lines,
        entries=archive.entries(lines.object_list),
    )


def _asked(request: HttpRequest) -> archive.Asked:
    """What of the filter makes sense; the rest is passed over."""
    year, tier = request.GET.get("year", ""), request.GET.get("tier", "")
    return archive.Asked(
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        tier=tier if tier in dict(_TIERS) else "",
        words=request.GET.get("q", "").strip()[:60],
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


@dataclass(frozen=True)
class Spoken:
    """A paragraph as the page writes it: its sub-heading, and its text cut where a figure leads to its records."""

    label: str
    pieces: list[tuple[str, str]]


def _report(request: HttpRequest, shown: ReportVersion, versions: list[ReportVersion]) -> HttpResponse:
    form, printed = queries.form_of(shown), sections.printed(shown)
    links, there = _links(shown, form), prints.of_version(shown)
    return page(
        request,
        "report.html",
        section="reports",
        crumbs=[(reverse("portal:reports"), _("年报")), ("", printed.title)],
        meta=[*_column(), *article_meta(printed.title, _minute(shown), queries.organ_name(shown))],
        version=shown,
        organ=shown.report.organ,
        year=shown.report.year,
        printed=printed,
        parts=[(part, _blocks(form, part.table), _spoken(part, links)) for part in printed.parts],
        form=form,
        figures=queries.figures_of(shown),
        links=links,
        versions=versions,
        is_latest=shown.number == versions[0].number,
        source_url=archive.web_address(shown.source),
        downloads=downloads.offered(shown, there),
        lacking=downloads.lacking(shown, there),
    )


def _spoken(part: sections.Part, links: dict[str, str]) -> list[Spoken]:
    return [
        Spoken(
            paragraph.label,
            [(piece.text, _leads_to(piece, links)) for piece in paragraph.pieces] or [(paragraph.text, "")],
        )
        for paragraph in part.paragraphs
    ]


def _leads_to(piece: Piece, links: dict[str, str]) -> str:
    """A figure of one cell leads to its records, one put together from several to their table; words lead nowhere."""
    return links.get(piece.cell, "") or (f"#{piece.part}" if piece.part else "")


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
    """A version to take away: ``report.docx``, ``report.pdf``, ``report.json`` or ``report.csv``."""
    shown = _one(public_reports.versions(code, year), number)
    kind = name.removeprefix("report.")
    answer = downloads.answer(request, shown, kind) if name == f"report.{kind}" else None
    if answer is None:
        raise Http404
    return answer


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
