"""政府信息公开年报: the archive of published reports by unit and year, with every version, its particulars and files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.annualreport import queries
from gongkai.annualreport.models import Report, ReportVersion
from gongkai.annualreport.rendering import prints
from gongkai.annualreport.rendering.models import Print
from gongkai.base import clock
from gongkai.forms.layout import form_for
from gongkai.organs.models import Organ, OrganName
from gongkai.portal import site
from gongkai.portal.downloads import Download, listed

_HEAVY = ("sections", "cells", "contributions", "eliminations", "findings")  # not asked of a frozen version


@dataclass(frozen=True)
class Issue:
    """One published version of a report."""

    number: int
    published_on: dt.date | None
    note: str
    hash: str


@dataclass(frozen=True)
class Entry:
    """One report of the archive: the version in force, its particulars and files, and every version there was."""

    code: str
    year: int
    title: str
    organ: str
    tier: str
    scope: str
    form: str
    source: str
    source_url: str
    current: Issue
    issues: list[Issue]
    downloads: list[Download]

    @property
    def form_label(self) -> str:
        """The form of the tables by the year it came in."""
        return _("%(year)s年格式") % {"year": self.form.removeprefix("fmt")}

    @property
    def corrected(self) -> bool:
        """Whether a later version took the place of the first."""
        return len(self.issues) > 1


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see; empty fields ask for everything."""

    year: int | None = None
    tier: str = ""
    words: str = ""


def years() -> list[tuple[int, int]]:
    """The years there are published reports of, newest first, with their number."""
    found = _public().values("year").annotate(number=Count("pk")).order_by("-year")
    return [(row["year"], row["number"]) for row in found]


def found(asked: Asked) -> QuerySet[Report]:
    """The published reports asked for, newest year first, then in the order of the tree."""
    rows = _public()
    if asked.year is not None:
        rows = rows.filter(year=asked.year)
    if asked.tier:
        rows = rows.filter(organ__tier=asked.tier)
    for word in asked.words.split():
        named = OrganName.objects.filter(name__icontains=word).values("organ_id")
        rows = rows.filter(Q(organ__name__icontains=word) | Q(organ__in=named) | Q(organ__code=word))
    return rows.select_related("organ").order_by("-year", "path")


def of_organ(organ: Organ) -> list[Entry]:
    """All published reports of an organ, newest first."""
    return entries(_everywhere().filter(organ=organ).select_related("organ").order_by("-year"))


def entries(reports: Iterable[Report]) -> list[Entry]:
    """The reports with their versions and files: two queries, however many."""
    listed_here = list(reports)
    by_report: dict[int, list[ReportVersion]] = {}
    for version in (
        ReportVersion.objects.filter(report__in=listed_here, state=ReportVersion.State.PUBLISHED)
        .defer(*_HEAVY)
        .order_by("-number")
    ):
        by_report.setdefault(version.report_id, []).append(version)
    current = [versions[0] for versions in by_report.values()]
    files = prints.of_versions(current)
    return [
        _entry(report, by_report[report.pk], files.get(by_report[report.pk][0].pk, {}))
        for report in listed_here
    ]


def _entry(report: Report, versions: list[ReportVersion], there: Mapping[str, Print]) -> Entry:
    current = versions[0]
    current.report = report
    return Entry(
        code=report.organ.code,
        year=report.year,
        title=queries.title(current),
        organ=queries.organ_name(current),
        tier=report.organ.get_tier_display(),
        scope=report.get_scope_display(),
        form=form_for(report.year).key,
        source=current.source,
        source_url=web_address(current.source),
        current=_issue(current),
        issues=[_issue(version) for version in versions],
        downloads=listed(current, there),
    )


def _issue(version: ReportVersion) -> Issue:
    at = version.published_at
    day = at.astimezone(clock.SHANGHAI).date() if at else None
    return Issue(version.number, day, version.correction_note, version.hash)


def web_address(source: str) -> str:
    """The address a report was taken from, "" when its source is told in words."""
    words = source.strip()
    try:
        parts = urlsplit(words)
    except ValueError:
        return ""
    return words if parts.scheme in ("http", "https") and parts.netloc and " " not in words else ""


def _public() -> QuerySet[Report]:
    """The reports of this site."""
    return site.here(_everywhere())


def _everywhere() -> QuerySet[Report]:
    """Reports with a published version, of each organ the one it must publish."""
    out = ReportVersion.objects.filter(report=OuterRef("pk"), state=ReportVersion.State.PUBLISHED)
    return Report.objects.filter(queries.statutory(""), Exists(out))
