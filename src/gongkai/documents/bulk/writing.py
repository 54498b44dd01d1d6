"""Rows that passed, into the register: a chunk at a time, the same facts as the actions write, one audit entry a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from gongkai.base import audit, files
from gongkai.base.models import StoredFile
from gongkai.documents import index_numbers
from gongkai.documents.bulk.checking import Ready
from gongkai.documents.bulk.inserting import insert
from gongkai.documents.bulk.models import OutsideKey
from gongkai.documents.models import (
    ENDINGS,
    Appointment,
    Attachment,
    CoOrgan,
    Document,
    Edition,
    Release,
    ValidityFact,
)
from gongkai.review import screening


@contextmanager
def files_put_by(found: Sequence[Ready]) -> Iterator[None]:
    """The files of the rows encrypted and on disk, before the transaction that registers them begins; gone again when it
    fails."""
    papers = [paper for ready in found for paper in ready.papers]
    try:
        for paper in papers:
            paper.written = files.write(paper.content)
        yield
    except BaseException:
        for paper in papers:
            if paper.written is not None:
                files.discard(paper.written)
        raise


def write(found: Sequence[Ready], batch: int | None) -> None:
    """Everything the rows say, in the caller's transaction; their files are put by (see above). Raises IntegrityError when another writer was faster."""
    for ready in found:
        _project(ready)
    index_numbers.allot_several(ready.document for ready in found if ready.releases)
    insert(Document, [ready.document for ready in found])
    for ready in found:
        for row in _following(ready):
            row.document_id = ready.document.pk
    insert(Edition, [ready.edition for ready in found])
    insert(CoOrgan, [row for ready in found for row in ready.co_organs])
    insert(Appointment, [row for ready in found for row in ready.appointments])
    insert(ValidityFact, [row for ready in found for row in ready.changes])
    _releases(found)
    insert(
        OutsideKey,
        [
            OutsideKey(document=ready.document, path=ready.document.path, key=ready.draft.key)
            for ready in found
            if ready.draft.key
        ],
    )
    insert(Attachment, [row for ready in found for row in _attachments(ready)])
    with audit.together():
        for ready in found:
            _log(ready, batch)


def _project(ready: Ready) -> None:
    """The columns that follow from the facts, as :func:`projection.projection_of` will find them, which tells facts apart
    by keys that there are none of yet."""
    standing = [later or fact for fact, later in ready.releases]
    lifted = [fact.until for fact in standing if fact.until is not None]
    document = ready.document
    document.first_released_on = min((fact.on for fact in standing), default=None)
    document.withdrawn_on = max(lifted) if standing and len(lifted) == len(standing) else None
    document.ended_on = min((fact.on for fact in ready.changes if fact.kind in ENDINGS), default=None)


def _following(ready: Ready) -> list[Any]:
    pairs = [fact for pair in ready.releases for fact in pair if fact is not None]
    return [ready.edition, *ready.co_organs, *ready.appointments, *ready.changes, *pairs]


def _releases(found: Sequence[Ready]) -> None:
    pairs = [pair for ready in found for pair in ready.releases]
    for ready in found:
        for fact, later in ready.releases:
            fact.edition_id = ready.edition.pk
            if later is not None:
                later.edition_id = ready.edition.pk
    insert(Release, [fact for fact, _later in pairs])
    later_facts = []
    for fact, later in pairs:
        if later is not None:
            later.supersedes_id = fact.pk
            later_facts.append(later)
    insert(Release, later_facts)


def _attachments(ready: Ready) -> list[Attachment]:
    rows = []
    for seq, paper in enumerate(ready.papers, start=1):
        if paper.written is None:
            raise ValueError(f"file {seq} of row {ready.draft.row} was not put by")
        kind = files.ACCEPTED[PurePath(paper.name).suffix.lower()]
        stored: StoredFile = files.register(ready.document.organ, paper.name, paper.written, kind)
        screening.keep(stored, paper.looked)
        row = Attachment(edition=ready.edition, seq=seq, role=paper.role, title=paper.title, file=stored)
        row.clean_fields(exclude=["edition", "file"])
        rows.append(row)
    return rows


def _log(ready: Ready, batch: int | None) -> None:
    document = ready.document
    detail: dict[str, Any] = {"kind": document.kind, "made_on": document.made_on.isoformat()}
    if batch is not None:
        detail |= {"batch": batch, "row": ready.draft.row}
    if ready.releases:
        detail["releases"] = [
            [fact.channel.key, fact.on.isoformat(), later.until.isoformat() if later and later.until else ""]
            for fact, later in ready.releases
        ]
    if ready.changes:
        detail["validity"] = [[fact.kind, fact.on.isoformat()] for fact in ready.changes]
    audit.record(
        actor=ready.by.key,
        post=ready.by.post,
        verb="document.import",
        subject=document,
        path=document.path,
        detail=detail,
    )
