"""The columns of a document that follow from its facts alone; written by `project`, recomputed by `gongkai verify`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from gongkai.documents.models import ENDINGS, Document, Edition, Release, ValidityFact

F = TypeVar("F", Release, ValidityFact)


@dataclass(frozen=True)
class Projection:
    title: str
    first_released_on: dt.date | None
    withdrawn_on: dt.date | None
    ended_on: dt.date | None


def project(document: Document) -> Document:
    """Recompute and write the projected columns, in the caller's transaction."""
    projected = projection_of(
        document.editions.all(), document.releases.all(), document.validity_facts.all(), document.title
    )
    for name, value in vars(projected).items():
        setattr(document, name, value)
    document.save(update_fields=[*vars(projected), "path"])
    return document


def projection_of(
    editions: Iterable[Edition], releases: Iterable[Release], facts: Iterable[ValidityFact], title: str = ""
) -> Projection:
    """Title of the newest edition that was made public, so that no list shows a draft's, else of the newest; first release; the day the last channel was withdrawn, if all were; and the earliest
    day on which a repeal or expiry takes effect, which may lie ahead."""
    public = _current(releases)
    known = list(editions)
    out = {release.edition_id for release in public}
    known = [edition for edition in known if edition.pk in out] or known
    newest = max(known, key=lambda edition: edition.seq, default=None)
    ends = [fact.on for fact in _current(facts) if fact.kind in ENDINGS]
    lifted = [release.until for release in public if release.until is not None]
    return Projection(
        title=newest.title if newest else title,
        first_released_on=min((release.on for release in public), default=None),
        withdrawn_on=max(lifted) if public and len(lifted) == len(public) else None,
        ended_on=min(ends, default=None),
    )


def _current(facts: Iterable[F]) -> list[F]:
    """The facts no later one supersedes, without those that only take another back."""
    listed = list(facts)
    superseded = {fact.supersedes_id for fact in listed}
    return [fact for fact in listed if fact.pk not in superseded and not fact.void]
