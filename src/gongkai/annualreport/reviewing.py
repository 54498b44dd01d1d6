"""A drafted report as the review room sees it, for offices that take reports through a chain of signatures before the leader
signs. The rules of signing stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from gongkai.annualreport import beside, queries, sections
from gongkai.annualreport.models import ReportVersion
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
    return Subject(
        kind=KIND,
        key=str(version.pk),
        organ=version.report.organ,
        title=queries.title(version),
        text="\n".join(_told(version)),
        content={
            "words": sections.written(version.sections),
            "figures": version.sections.get(sections.FIGURES, {}),
            "cells": version.cells,
            "note": version.correction_note,
            "eliminations": version.eliminations,
        },
    )


def _told(version: ReportVersion) -> Iterator[str]:
    """All that will be read: the report with its generated sentences, then what is published beside it."""
    printed = sections.printed(version, _generated(version))
    yield from filter(None, [printed.preamble])
    yield from (paragraph.text for part in printed.parts for paragraph in part.paragraphs)
    yield from filter(None, [printed.contact])
    yield from (f"{words.what}：{words.text}" for words in beside.of_version(version))


def _generated(version: ReportVersion) -> dict[str, str]:
    """None when the organ was closed meanwhile: what people wrote can still be read."""
    try:
        return sections.generated(version)
    except ValidationError:
        return {}
