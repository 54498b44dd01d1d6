"""The short public words beside a report — the note of a correction, the reasons of adjustments — and whom they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.figures.tree import Tree
from gongkai.reading.checking.privacy import hide_names

from . import names
from .models import Report, ReportVersion

NOTE = _("更正说明")
REASON = _("调整项的理由")


@dataclass(frozen=True)
class Words:
    """One such text and what it is."""

    what: str | Promise
    text: str


@dataclass(frozen=True)
class Naming:
    """Applicants named in one of them: how many, the text with the names hidden, whether it is sure that they are meant."""

    words: Words
    count: int
    masked: str
    sure: bool


def of_version(version: ReportVersion) -> Iterator[Words]:
    """What the version publishes beside its parts that people wrote."""
    if version.correction_note:
        yield Words(NOTE, version.correction_note)
    for reason in dict.fromkeys(line["reason"] for line in version.eliminations if not line["automatic"]):
        yield Words(REASON, reason)


def named(report: Report, organs: Tree, every: Iterable[Words]) -> Iterator[Naming]:
    """Those that name somebody who applied in the report's year, or that say themselves whom they mean."""
    texts = {words.text: words for words in every}
    if not texts:
        return
    known = names.named(texts, names.place_of(organs, report.scope), report.year)
    for text, words in texts.items():
        found = known.get(text, [])
        hidden = hide_names(text)
        if found or hidden != text:
            sure = hidden != text or any(names.certain(text, name) for name in found)
            yield Naming(words, max(len(found), 1), names.masked(hidden, found), sure)
