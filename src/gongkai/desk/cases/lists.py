"""Which cases stand on which list, in which order the day's groups come, and what one row shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.law.procedure import Action
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars, scope
from gongkai.organs.scope import WORK, Viewer
from gongkai.requests import casefile, queries
from gongkai.requests.models import Case
from gongkai.requests.queries import Count, Line

PAGE = 30
SHOWN = 10  # rows of one group on the day's page; the rest is a link away
CLOSED = "closed"
TWO_DAYS = "two_days"
TO_SEND = "to_send"

VIEWS: dict[str, Any] = {
    "mine": _("我的"),
    "office": _("本机关"),
    "due_soon": _("即将到期"),
    "unconfirmed": _("待确认"),
    CLOSED: _("已办结"),
    # reached from the day's groups only
    "to_decide": _("待我审核、批准"),
    TO_SEND: _("待发出、待登记送达"),
    "overdue": _("已超期"),
    TWO_DAYS: _("两日内到期"),
    "expired": _("对方的期限已过"),
}
TABS = ("mine", "office", "due_soon", "unconfirmed", CLOSED)
# List, heading, kind of state mark. A case stands in the first group it belongs to.
GROUPS: tuple[tuple[str, Any, str], ...] = (
    ("overdue", _("已超期"), "over"),
    (TWO_DAYS, _("两日内到期"), "soon"),
    ("unconfirmed", _("待确认"), "open"),
    ("to_decide", _("待我审核、批准"), "open"),
    ("expired", _("补正、缴费、意见的期限已过"), "soon"),
    ("mine", _("我的"), "open"),
    (TO_SEND, _("待发出、待登记送达"), "open"),
    ("office", _("本机关在办"), "open"),
)
_MARKS = {
    "unconfirmed": "open",
    "overdue": "over",
    "today": "soon",
    "two": "soon",
    "five": "soon",
    "none": "open",
}


@dataclass(frozen=True)
class Row:
    """One case on a list with its one next step, if it is this person's turn."""

    line: Line
    action: Action | None

    @property
    def mark(self) -> str:
        """The shape before its state: done, over, soon or open."""
        return "done" if self.line.case.closed_on else _MARKS[self.line.alarm]

    @property
    def left(self) -> str:
        """The working days left, as they stand behind the due date."""
        days = self.line.days_left or 0
        return _("超%(n)s") % {"n": -days} if days < 0 else str(days)


@dataclass(frozen=True)
class Group:
    """One heading of the day. `count` is of the whole list, `rows` those not shown under a heading above."""

    key: str
    title: Any
    mark: str
    count: Count
    rows: list[Row]

    @property
    def elsewhere(self) -> int:
        """How many of the list are not among `rows`: shown above, or too many to show."""
        return self.count.value - len(self.rows)


def cases(who: Viewer, view: str, today: dt.date) -> QuerySet[Case]:
    """The cases of one of VIEWS. Raises KeyError for any other."""
    if view == CLOSED:
        found = scope.rows(who, Case).filter(closed_on__isnull=False)
        return found.select_related("organ", "submission", "handler").order_by("-closed_on", "-pk")
    if view == TO_SEND:  # the outcome is fixed, the clock runs until it is sent
        found = scope.rows(who, Case, WORK).filter(state__in=("decided", "dispatched"))
        return found.select_related("organ", "submission", "handler").order_by("state", "closed_on", "pk")
    if view == TWO_DAYS:
        return queries.work_list(who, "due_soon", today).filter(due_on__lte=_in_two_days(today))
    return queries.work_list(who, view, today)


def _in_two_days(today: dt.date) -> dt.date:
    try:
        return calendars.for_region().add(today, 2)
    except CalendarYearMissing:
        return today + dt.timedelta(days=2)


def groups(focus: Viewer, who: Viewer, today: dt.date) -> list[Group]:
    """The day's work: one query a group that is read to its end, two for a longer one, however many cases there are."""
    found: list[tuple[str, Any, str, Count, list[Case]]] = []
    seen: set[int] = set()
    for key, title, mark in GROUPS:
        rows = cases(focus, key, today)
        enough = SHOWN + len(seen)  # so many are sure to hold SHOWN that do not stand above
        head = list(rows[: enough + 1])
        count = queries.capped(rows) if len(head) > enough else queries.Count(len(head))
        fresh = [case for case in head if case.pk not in seen][:SHOWN]
        seen |= {case.pk for case in fresh}
        found.append((key, title, mark, count, fresh))
    made = {row.line.case.pk: row for row in rows_of([c for *_x, fresh in found for c in fresh], who, today)}
    return [
        Group(key, title, mark, count, [made[case.pk] for case in fresh])
        for key, title, mark, count, fresh in found
    ]


def rows_of(page: Sequence[Case], who: Viewer, today: dt.date) -> list[Row]:
    """The rows of a page of cases: one query for all of them."""
    steps = casefile.next_offers(who, page, today)
    return [
        Row(line, steps[line.case.pk].action if line.case.pk in steps else None)
        for line in queries.lines(page, who, today)
    ]


class CappedPages(Paginator):
    """Counts no further than the register does, so that no list is read to its end."""

    @cached_property
    def counted(self) -> Count:
        return queries.capped(self.object_list)  # type: ignore[arg-type]

    @cached_property
    def count(self) -> int:
        return self.counted.value
