"""年度报告. Everybody finds the latest published version of the statutory report; the desk also the latest version of any
report, when that is another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch, QuerySet

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import Report, ReportVersion
from gongkai.forms.narrative import report_title
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Change, Source
from gongkai.search.sources.documents import DRAFT

_LIGHT = ("contributions", "eliminations", "findings")  # a draft's text is printed with its cells


class Reports(Source):
    name = "reports"
    register = "reports"
    model = Report

    def rows(self) -> QuerySet[Report]:
        versions = ReportVersion.objects.defer(*_LIGHT).order_by("number")
        statutory = queries.published().filter(queries.statutory()).order_by("number").defer(*_LIGHT)
        return Report.objects.select_related("organ").prefetch_related(
            "organ__names",
            Prefetch("versions", versions, to_attr="all_versions"),
            Prefetch("versions", statutory, to_attr="public_versions"),
        )

    def entries(self, rows: Sequence[Any], today: dt.date) -> Iterator[Entry]:
        for report in rows:
            inside = labels.of_record(self.register, report.path)
            newest = report.all_versions[-1] if report.all_versions else None
            public = report.public_versions[-1] if report.public_versions else None
            same = public is not None and newest is not None and public.pk == newest.pk
            if public is not None:
                yield self._entry(report, public, labels.ANYBODY | inside)
            if newest is not None and not same:
                yield replace(self._entry(report, newest, inside), part=DRAFT)

    def _entry(self, report: Report, version: ReportVersion, who: frozenset[str]) -> Entry:
        title = version.title or report_title(report.organ.name, report.year)
        return Entry(
            record=self.record(report.pk),
            category="reports",
            title=title,
            path=report.path,
            labels=who,
            text="\n".join(_printed(sections.printed(version, {"title": title}))),
            about="　".join(
                [f"{report.year}年年报", *sorted({one.name for one in report.organ.names.all()})]
            ),
            on=dt.date(report.year, 12, 31),
            type=report.scope,
        )

    def touched(self, changes: Sequence[Change]) -> Iterable[int]:
        """Audit entries name the version; a rename changes the titles of the organ's reports."""
        versions = [one.subject_id for one in changes if one.subject_type == "annualreport.reportversion"]
        renamed = [int(one.subject_id) for one in changes if one.verb == "organ.rename"]
        found = set(super().touched(changes))
        if versions:
            found.update(ReportVersion.objects.filter(pk__in=versions).values_list("report_id", flat=True))
        if renamed:
            found.update(Report.objects.filter(organ__in=renamed).values_list("pk", flat=True))
        return found


def _printed(report: sections.Printed) -> Iterator[str]:
    """What a reader of the report reads, and nothing that is only kept beside it."""
    yield from filter(None, (report.preamble, report.contact))
    for part in report.parts:
        for paragraph in part.paragraphs:
            yield paragraph.text


REPORTS = Reports()
