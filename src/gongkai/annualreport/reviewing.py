"""A drafted report as the review room sees it, for offices that take reports through a chain of signatures before the leader
signs. The rules of signing stay as they are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.review import subjects
from gongkai.review.subjects import Subject

KIND = "annualreport.reportversion"


class ReportSubject:
    """The adapter of a version that is not signed yet; the key is its primary key."""

    kind = KIND
    label = gettext_lazy("年度报告")

    def sorts(self) -> list[tuple[str, str]]:
        return []

    def load(self, key: str) -> Subject | None:
        """None for what is signed, published or gone."""
        open_ones = (ReportVersion.State.DRAFT, ReportVersion.State.SUBMITTED)
        rows = ReportVersion.objects.select_related("report__organ").filter(state__in=open_ones)
        version = rows.filter(pk=key).first() if key.isdigit() else None
        return None if version is None else _subject(version)


def _subject(version: ReportVersion) -> Subject:
    told = [paragraph.text for part in sections.printed(version).parts for paragraph in part.paragraphs]
    return Subject(
        kind=KIND,
        key=str(version.pk),
        organ=version.report.organ,
        title=queries.title(version),
        text="\n".join(told),
        digest=subjects.digest({"sections": version.sections, "cells": version.cells}),
    )
