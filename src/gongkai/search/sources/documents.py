"""文件. Everybody finds the edition that is released; the desk also the newest, when that is another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.db.models import Prefetch, Q, QuerySet

from gongkai.documents.models import CURRENT, STANDING, Document, Edition, Release, ValidityFact
from gongkai.documents.queries import validity_among
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Change, Source

DRAFT = "desk"  # the part that only the desk finds, beside the released one


class Documents(Source):
    name = "documents"
    register = "documents"
    model = Document

    def rows(self) -> QuerySet[Document]:
        return (
            Document.objects.filter(STANDING)
            .select_related("organ")
            .prefetch_related(
                "editions",
                Prefetch("releases", Release.objects.filter(CURRENT)),
                Prefetch("validity_facts", ValidityFact.objects.filter(CURRENT)),
            )
        )

    def entries(self, rows: Sequence[Document], today: dt.date) -> Iterator[Entry]:
        for document in rows:
            editions = {edition.pk: edition for edition in document.editions.all()}
            newest = max(editions.values(), key=lambda edition: edition.seq, default=None)
            shown = [editions[one.edition_id] for one in document.releases.all() if _shows(one, today)]
            public = max(shown, key=lambda edition: edition.seq, default=None)
            inside = labels.of_record(self.register, document.path)
            if public is not None:
                yield self._entry(document, public, today, labels.ANYBODY | inside)
            if newest is not None and newest is not public:
                yield replace(self._entry(document, newest, today, inside), part=DRAFT)

    def _entry(self, document: Document, edition: Edition, today: dt.date, who: frozenset[str]) -> Entry:
        return Entry(
            record=self.record(document.pk),
            category="documents",
            title=edition.title,
            path=document.path,
            labels=who,
            numbers=(document.number,) if document.number else (),
            text=edition.body,
            about=document.organ.name,
            on=document.made_on,
            type=document.kind,
            validity=validity_among(document.validity_facts.all(), today).value,
        )

    def touched(self, changes: Sequence[Change]) -> Iterable[int]:
        """Its own, and all of an organ that was renamed: its name is among the words."""
        renamed = [int(one.subject_id) for one in changes if one.verb == "organ.rename"]
        found = set(super().touched(changes))
        if renamed:
            found.update(Document.objects.filter(organ__in=renamed).values_list("pk", flat=True))
        return found

    def due(self, after: dt.date, until: dt.date) -> Iterable[int]:
        """Releases that begin or end, changes of validity that take effect."""
        span = (after + dt.timedelta(days=1), until)
        turning = Q(releases__on__range=span) | Q(releases__until__range=span)
        keys = set(Document.objects.filter(turning).values_list("pk", flat=True))
        return keys | set(
            ValidityFact.objects.filter(on__range=span).values_list("document_id", flat=True).distinct()
        )


def _shows(release: Release, day: dt.date) -> bool:
    return release.on <= day and (release.until is None or release.until > day)


DOCUMENTS = Documents()
