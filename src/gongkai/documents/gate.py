"""先审查、后公开: no wording of an organ bound to it is made public unless it was reviewed as it is."""

from __future__ import annotations

import datetime as dt

from gongkai.documents.models import CURRENT, Document, Edition, Release
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.review import queries
from gongkai.review.duty import Duties


def against_release(document: Document, edition: Edition, on: dt.date) -> list[str]:
    """Every reason, in words, why the edition may not be made public on `on`; none where no review is demanded for that
    day, or where it is public already: another channel shows the same."""
    if not demands_review(document, on) or is_public(edition):
        return []
    return list(queries.unreviewed(subject_of(edition)))


def against_moving(document: Document, edition: Edition, was: dt.date, on: dt.date) -> list[str]:
    """The same for correcting the day of a release, where only the new day falls under the rule."""
    if demands_review(document, was) or not demands_review(document, on):
        return []
    return list(queries.unreviewed(subject_of(edition)))


def demands_review(document: Document, on: dt.date) -> bool:
    """Whether the organ is bound to review what of this type it makes public on `on`. One query."""
    return Duties.of(document.organ).hold(document.organ, KIND, document.kind, on)


def is_public(edition: Edition) -> bool:
    """Whether a channel shows this very wording."""
    return Release.objects.filter(CURRENT, edition=edition, until__isnull=True).exists()
