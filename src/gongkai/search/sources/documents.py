"""文件. Everybody finds the edition that is released; the desk also the newest, when that is another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.db.models import Prefetch, Q, QuerySet

from gongkai import inspection
from gongkai.base import crypto, files
from gongkai.base.models import StoredFile
from gongkai.catalogue.models import Column, Pick
from gongkai.documents import columns
from gongkai.documents.attachments import PUBLIC_ROLES
from gongkai.documents.kinds import Kind, rules_of
from gongkai.documents.models import CURRENT, STANDING, Attachment, Document, Edition, Release, ValidityFact
from gongkai.documents.queries import validity_among
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Change, Source

DRAFT = "desk"  # the part that only the desk finds, beside the released one
LONGEST_FILE = 100_000  # characters of one attachment that are found
# What readers look for apart (06 §2.9): policies, what explains them, news, and everything else that is made public.
POLICIES, INTERPRETATIONS, NEWS, INFORMATION = "documents", "interpretations", "news", "information"
CATEGORIES = (POLICIES, INTERPRETATIONS, INFORMATION, NEWS)
# What can be done with a column that changes which documents are found in it or in one above.
_PICKED = ("column.pick", "column.unpick")
_REACHING = ("column.add", "column.feed", "column.move", "column.retire", "column.reopen")


def category_of(kind: str) -> str:
    """Under which heading a type is found. Whatever is in force, or not, is a policy."""
    if rules_of(kind).validity:
        return POLICIES
    return {Kind.INTERPRETATION: INTERPRETATIONS, Kind.NEWS: NEWS}.get(Kind(kind), INFORMATION)


class Documents(Source):
    name = "documents"
    register = "documents"
    model = Document

    def rows(self) -> QuerySet[Document]:
        return (
            Document.objects.filter(STANDING)
            .select_related("organ", "theme__parent", "group__parent")
            .prefetch_related(
                "editions",
                "co_organs",
                Prefetch("column_picks", Pick.objects.select_related("column")),
                Prefetch("editions__attachments", _public_files()),
                Prefetch("releases", Release.objects.filter(CURRENT).select_related("channel")),
                Prefetch("validity_facts", ValidityFact.objects.filter(CURRENT)),
            )
        )

    def entries(self, rows: Sequence[Document], today: dt.date) -> Iterator[Entry]:
        in_columns = columns.of_document(columns.reaching(rows))
        for document in rows:
            editions = {edition.pk: edition for edition in document.editions.all()}
            newest = max(editions.values(), key=lambda edition: edition.seq, default=None)
            shown = [editions[one.edition_id] for one in document.releases.all() if _shows(one, today)]
            public = max(shown, key=lambda edition: edition.seq, default=None)
            inside = labels.of_record(self.register, document.path)
            if public is not None and rules_of(document.kind).public:
                entry = self._entry(document, public, today, labels.ANYBODY | inside, released=True)
                yield replace(entry, columns=(*entry.columns, *in_columns(document, today)))
            if newest is not None and newest is not public:
                yield replace(self._entry(document, newest, today, inside), part=DRAFT)

    def _entry(
        self,
        document: Document,
        edition: Edition,
        today: dt.date,
        who: frozenset[str],
        *,
        released: bool = False,
    ) -> Entry:
        """Of files that are not out yet only the names: they lie encrypted, and the index does not."""
        attached = list(edition.attachments.all())
        texts = [_text(one.file) for one in attached] if released else []
        issuers = [document.organ.name, *(one.name for one in document.co_organs.all()), document.source]
        topics = [document.theme.name if document.theme else "", document.keywords, document.summary]
        return Entry(
            record=self.record(document.pk),
            category=category_of(document.kind),
            title=edition.title,
            path=document.path,
            labels=who,
            numbers=tuple(number for number in (document.number, document.index_no) if number),
            text="\n".join(filter(None, [edition.body, *texts])),
            about="　".join(filter(None, [*issuers, *topics, *(one.title for one in attached)])),
            on=document.made_on,
            type=document.kind,
            validity=validity_among(document.validity_facts.all(), today).value,
            columns=(document.kind, *((document.theme.code,) if document.theme else ())),
        )

    def touched(self, changes: Sequence[Change]) -> Iterable[int]:
        """Its own, all of an organ that was renamed: its name is among the words; what was put into a column or taken out
        of it; all that a column brings, or brought before it was changed. Of a column the index keeps no more than its key,
        so its name, its standard and the like touch nothing."""
        renamed = [int(one.subject_id) for one in changes if one.verb == "organ.rename"]
        found = set(super().touched(changes))
        if renamed:
            found.update(Document.objects.filter(organ__in=renamed).values_list("pk", flat=True))
        in_columns = [one for one in changes if one.subject_type == Column._meta.label_lower]
        found.update(one.detail["document"] for one in in_columns if one.verb in _PICKED)
        if changed := [one for one in in_columns if one.verb in _REACHING]:
            found.update(columns.affected(changed).values_list("pk", flat=True))
        return found

    def due(self, after: dt.date, until: dt.date) -> Iterable[int]:
        """Releases that begin or end, changes of validity that take effect."""
        span = (after + dt.timedelta(days=1), until)
        turning = Q(releases__on__range=span) | Q(releases__until__range=span)
        keys = set(Document.objects.filter(turning).values_list("pk", flat=True))
        return keys | set(
            ValidityFact.objects.filter(on__range=span).values_list("document_id", flat=True).distinct()
        )


def _public_files() -> QuerySet[Attachment]:
    return Attachment.objects.filter(role__in=PUBLIC_ROLES).select_related("file")


def _text(file: StoredFile) -> str:
    """What a reader sees in a released file; nothing of one that cannot be read."""
    try:
        return inspection.inspect(files.read(file), str(file.name)).text[:LONGEST_FILE]
    except (OSError, crypto.Unreadable):
        return ""


def _shows(release: Release, day: dt.date) -> bool:
    return release.on <= day and (release.until is None or release.until > day)


DOCUMENTS = Documents()
