"""Article 26: within twenty working days of being made. What is due, late and overdue; and validity that runs out (05 §9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from gongkai.documents.kinds import RULES
from gongkai.documents.models import STANDING, Document, Edition
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.organs import calendars

LIMIT = 20  # working days, art. 26
ALERTS = (90, 30, 0)  # days before a validity runs out


class Status(StrEnum):
    """Where a document stands with the term."""

    NOT_DUE = "未到期"
    ON_TIME = "按期"
    LATE = "超期公开"
    OVERDUE = "超期未公开"


@dataclass(frozen=True)
class Standing:
    """`days`: working days from making to first release, or to today while it is not out."""

    status: Status
    due_on: dt.date
    days: int

    @property
    def sentence(self) -> str:
        """The same in words, for the page."""
        return _("%(due)s（成文后第%(limit)d个工作日），已用%(days)d个工作日") % {
            "due": self.due_on.isoformat(),
            "limit": LIMIT,
            "days": self.days,
        }


def standing(made_on: dt.date, released_on: dt.date | None, day: dt.date, calendar: Calendar) -> Standing:
    """Where a document made on `made_on` stands on `day`. Raises CalendarYearMissing."""
    due_on = calendar.add(made_on, LIMIT)
    until = released_on or day
    days = calendar.between(made_on, until) if until > made_on else 0
    if released_on is not None:
        status = Status.ON_TIME if released_on <= due_on else Status.LATE
    else:
        status = Status.NOT_DUE if day <= due_on else Status.OVERDUE
    return Standing(status, due_on, days)


def of_document(document: Document, day: dt.date) -> Standing | None:
    """The standing of a document that is to be public; None for one that is not, and where the calendar is unknown."""
    newest = document.editions.order_by("-seq").first()
    released = document.first_released_on
    if released is None and (newest is None or newest.attribute != Edition.Attribute.OPEN):
        return None
    try:
        return standing(document.made_on, released, day, calendars.for_region(document.organ.region))
    except CalendarYearMissing:
        return None


def overdue(rows: QuerySet[Document], day: dt.date, region: str = calendars.NATIONWIDE) -> QuerySet[Document]:
    """Those of `rows` that are to be public, are not, and whose term had run out before `day` (S036). None while the
    calendar of the year is not loaded."""
    newer = Edition.objects.filter(document=OuterRef("document"), seq__gt=OuterRef("seq"))
    to_be_open = Edition.objects.filter(
        ~Exists(newer), document=OuterRef("pk"), attribute=Edition.Attribute.OPEN
    )
    try:
        last = made_at_the_latest(day, LIMIT, calendars.for_region(region))
    except CalendarYearMissing:
        return rows.none()
    return rows.filter(STANDING, Exists(to_be_open), first_released_on__isnull=True, made_on__lte=last)


def late(rows: QuerySet[Document], since: dt.date, until: dt.date) -> list[Document]:
    """Those of `rows` first released between the two days, both included, and after their term."""
    found = rows.filter(STANDING, first_released_on__range=(since, until)).select_related("organ")
    return [one for one in found if _was_late(one)]


def counts(rows: Iterable[Document], day: dt.date) -> dict[Status, int]:
    """How many of these documents stand where."""
    told = dict.fromkeys(Status, 0)
    for row in rows:
        found = of_document(row, day)
        if found is not None:
            told[found.status] += 1
    return told


def expiring(rows: QuerySet[Document], day: dt.date, within_days: int) -> QuerySet[Document]:
    """Those whose validity runs out in the days from `day` on and that nobody has ended yet."""
    return _standing_validity(rows).filter(valid_until__range=(day, day + dt.timedelta(days=within_days)))


def expired(rows: QuerySet[Document], day: dt.date) -> QuerySet[Document]:
    """Those whose validity ran out before `day` without a record that they ceased: to be decided."""
    return _standing_validity(rows).filter(valid_until__lt=day)


def alert(valid_until: dt.date, day: dt.date) -> int | None:
    """The alert in force on `day`: 90, 30 or 0 days before the end; None when the end is farther off or past."""
    left = (valid_until - day).days
    return min((days for days in ALERTS if 0 <= left <= days), default=None)


def _standing_validity(rows: QuerySet[Document]) -> QuerySet[Document]:
    kinds = [kind for kind, rules in RULES.items() if rules.validity]
    return rows.filter(STANDING, kind__in=kinds, ended_on__isnull=True)


def _was_late(document: Document) -> bool:
    try:
        calendar = calendars.for_region(document.organ.region)
        due_on = calendar.add(document.made_on, LIMIT)
    except CalendarYearMissing:
        return False
    return document.first_released_on is not None and document.first_released_on > due_on


def made_at_the_latest(day: dt.date, limit: int, calendar: Calendar) -> dt.date:
    """The last day from which a term of `limit` working days would have to run to be over before `day`. Raises
    CalendarYearMissing."""
    if not limit:
        return day - dt.timedelta(days=1)
    last_before = calendar.add(day, -1)
    return calendar.add(last_before, 1 - limit) - dt.timedelta(days=1)
