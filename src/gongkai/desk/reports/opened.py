"""A version as the address names it, through scope, and the addresses of versions."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from gongkai.annualreport import queries
from gongkai.annualreport.models import Report, ReportVersion
from gongkai.organs import scope
from gongkai.organs.scope import Viewer

Origin = ReportVersion.Origin


def report(who: Viewer, pk: int) -> Report:
    """The report, or 404."""
    return scope.get(who, Report.objects.select_related("organ"), pk=pk)


def version(who: Viewer, pk: int, number: int) -> ReportVersion:
    """One version of it, or 404."""
    rows = ReportVersion.objects.select_related("report__organ")
    return scope.get(who, rows, report_id=pk, number=number)


def current(found: Report) -> ReportVersion:
    """The version that is worked on or stands: the open one, else the last of its own, else the last imported."""
    versions = ReportVersion.objects.select_related("report__organ").filter(report=found).order_by("number")
    shown = queries.open_version(found) or versions.filter(origin=Origin.COMPILED).last() or versions.last()
    if shown is None:
        raise Http404
    return shown


def address(found: ReportVersion) -> str:
    """The page of a version."""
    return reverse("desk:report-version", args=[found.report_id, found.number])


def title(found: ReportVersion) -> str:
    """The title of the report."""
    return queries.title(found)
