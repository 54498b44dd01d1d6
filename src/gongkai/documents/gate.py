"""先审查、后公开: no wording of an organ bound to it is made public unless it was reviewed as it is."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.models import CURRENT, Document, Edition, Release
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.review import queries
from gongkai.review.duty import Duties

_LATE = (Role.OFFICE, Role.HEAD)  # 公开办: they may record later what went out before the duty began


def against_release(document: Document, edition: Edition, on: dt.date, by: Actor | None = None) -> list[str]:
    """Every reason, in words, why `by` (somebody who is not of 公开办, unless named) may not make the edition public on `on`; none where no review is demanded, or where
    it is public already: another channel shows the same."""
    duties = Duties.of(document.organ)
    if not demands_review(duties, document, on, by) or is_public(edition):
        return []
    return _reasons(duties, document, edition, on)


def against_moving(document: Document, edition: Edition, was: dt.date, on: dt.date, by: Actor) -> list[str]:
    """The same for correcting the day of a release, where only the new day falls under the rule."""
    if was == on:
        return []
    duties = Duties.of(document.organ)
    if _held(duties, document, was) or not demands_review(duties, document, on, by):
        return []
    return _reasons(duties, document, edition, on)


def demands_review(duties: Duties, document: Document, on: dt.date, by: Actor | None) -> bool:
    """Whether what `by` makes public, or records as made public, on `on` must have been reviewed.

    A day is only typed: for a person the duty of today counts where the day lies before it, or writing yesterday would be
    a way past the review. What was made and went out before the duty began is recorded later by 公开办 alone. Jobs of the
    machine (imports by the operator, releases that were planned) are asked for the day itself.
    """
    if on >= clock.today() or (by is not None and by.is_machine):
        return _held(duties, document, on)
    if not _held(duties, document, clock.today()):
        return False
    return by is None or by.role not in _LATE or not is_from_before(duties, document, on)


def is_from_before(duties: Duties, document: Document, on: dt.date) -> bool:
    """Whether the document was made, and went out on `on`, while no review was demanded yet."""
    return not _held(duties, document, on) and not _held(duties, document, document.made_on)


def may_come_late(document: Document) -> bool:
    """Whether it was made while no review was demanded yet: 公开办 may record that it went out then."""
    return not _held(Duties.of(document.organ), document, document.made_on)


def late_entry() -> str:
    """Who may record a release of before the duty, as a sentence."""
    return _("先审查、后公开实行以前已经公开的，请公开办补录，或者先送审。")


def is_public(edition: Edition) -> bool:
    """Whether a channel shows this very wording."""
    return Release.objects.filter(CURRENT, edition=edition, until__isnull=True).exists()


def _reasons(duties: Duties, document: Document, edition: Edition, on: dt.date) -> list[str]:
    reasons = list(queries.unreviewed(subject_of(edition)))
    if reasons and on < clock.today() and is_from_before(duties, document, on):
        reasons.append(late_entry())
    return reasons


def _held(duties: Duties, document: Document, day: dt.date) -> bool:
    return duties.hold(document.organ, KIND, document.kind, day)
