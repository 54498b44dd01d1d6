"""What can be asked of the register: the work list, its counts, and finding a case by number or by applicant.

Everything passes `organs.scope`; applicants are found and named only for viewers who hold IDENTITY there, others see
them masked. Every function runs a fixed number of queries, however many rows there are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.base import crypto
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.procedure import STATES
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars, scope
from gongkai.organs.models import Role
from gongkai.organs.scope import IDENTITY, VIEW, WORK, Viewer
from gongkai.requests import applicants, tickets
from gongkai.requests.models import Case

LISTS = {
    "mine": _("我承办的"),
    "office": _("本机关在办"),
    "unconfirmed": _("待确认"),
    "to_decide": _("待我审批"),
    "due_soon": _("即将到期"),
    "overdue": _("已逾期"),
    "expired": _("补正、缴费、意见期限已过"),
}
SOON = 5  # working days before the due date, the first alarm level (01 §15)
MOST_COUNTED = 10_000
_REVIEWERS = {Role.SECRECY, Role.OFFICE, Role.HEAD}


@dataclass(frozen=True)
class Count:
    """A count that stops at MOST_COUNTED: a list that long is not read to its end."""

    value: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.value:,}+" if self.capped else str(self.value)


@dataclass(frozen=True)
class Line:
    """One row of a work list. `days_left` in working days; None while the due date is unknown (`open_inquiries`…)."""

    case: Case
    number: str
    reference: str
    applicant: str
    description: str
    state: str
    outcome: str
    due_on: dt.date | None
    days_left: int | None
    alarm: str
    handler: str


def work_list(viewer: Viewer, which: str, today: dt.date) -> QuerySet[Case]:
    """The cases on one of LISTS, most urgent first; slice it, then pass the page to :func:`lines`.

    Raises KeyError for a list that does not exist.
    """
    cases = scope.rows(viewer, Case, WORK if which in {"mine", "to_decide"} else VIEW).filter(
        _condition(which, viewer, today)
    )
    return cases.select_related("organ", "submission", "handler").order_by(
        F("due_on").asc(nulls_first=True), "pk"
    )


def counts(viewer: Viewer, today: dt.date) -> dict[str, Count]:
    """How many cases stand on each of LISTS: one query each, capped."""
    return {which: capped(work_list(viewer, which, today)) for which in LISTS}


def capped(cases: QuerySet[Case]) -> Count:
    """The count of a list, at most MOST_COUNTED."""
    found = cases.select_related(None).order_by()[: MOST_COUNTED + 1].count()
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _condition(which: str, viewer: Viewer, today: dt.date) -> Q:
    is_open = Q(closed_on__isnull=True)
    if which == "mine":
        return is_open & Q(handler=viewer.person_id)
    if which == "office":
        return is_open
    if which == "unconfirmed":
        return Q(state="submitted")
    if which == "to_decide":
        return _to_decide(viewer)
    if which == "due_soon":
        return is_open & Q(due_on__gte=today, due_on__lte=_soon(today))
    if which == "overdue":
        return is_open & Q(due_on__lt=today)
    if which == "expired":
        return Q(wait_until__lt=today)
    raise KeyError(which)


def _soon(today: dt.date) -> dt.date:
    try:
        return calendars.for_region().add(today, SOON)
    except CalendarYearMissing:
        return today + dt.timedelta(days=SOON + 2)


def _to_decide(viewer: Viewer) -> Q:
    """What waits for this person: reviews, the leader's approvals, the head's decisions — each where they hold the post."""
    waiting = Q(pk__in=[])
    for roles, condition in (
        (_REVIEWERS, Q(state="review")),
        ({Role.LEADER}, Q(state="approval")),
        ({Role.HEAD}, Q(proposed__isnull=False)),
    ):
        held = replace(viewer, grants=tuple(g for g in viewer.grants if g.role in roles), _cache={})
        place = scope.condition_for(held, "cases", "path", WORK)
        if place is not None:
            waiting |= condition & place
    return Q(to_decide__isnull=False) & waiting


def lines(cases: Iterable[Case], viewer: Viewer, today: dt.date) -> list[Line]:
    """The rows of a page of cases (with organ, submission and handler selected): no further query per row."""
    return [line(case, viewer, today) for case in cases]


def line(case: Case, viewer: Viewer, today: dt.date) -> Line:
    """One case as a row, its applicant masked unless the viewer may know."""
    form = form_for(case, viewer)
    left = days_left(case, today)
    return Line(
        case=case,
        number=case.number or "",
        reference=case.submission.reference,
        applicant=form.get("applicant_name", ""),
        description=form.get("info_description", ""),
        state=STATES[case.state],
        outcome=OUTCOMES[case.outcome].label if case.outcome else "",
        due_on=case.due_on,
        days_left=left,
        alarm=_alarm(case, left),
        handler=case.handler.name if case.handler else "",
    )


def form_for(case: Case, viewer: Viewer) -> dict[str, str]:
    """The application's fields as this viewer may see them; a part of a split shows its own description."""
    form = dict(cast("dict[str, str]", case.submission.form))
    form.update(cast("dict[str, str]", case.content or {}))
    return form if may_identify(viewer, case) else applicants.masked(form)


def may_identify(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may know who applied: the handling organ's own staff."""
    return scope.allows(viewer, IDENTITY, "cases", case.path)


def days_left(case: Case, today: dt.date) -> int | None:
    """Working days from today to the due date of an open case, negative when late; None while it is unknown."""
    if case.due_on is None or case.closed_on is not None:
        return None
    try:
        return calendars.for_region(case.organ.region).between(today, case.due_on)
    except CalendarYearMissing:
        return None


def _alarm(case: Case, left: int | None) -> str:
    """``unconfirmed``, ``overdue``, ``today``, ``two``, ``five`` or ``none``."""
    if case.state == "submitted":
        return "unconfirmed"
    if left is None:
        return "none"
    if left < 0:
        return "overdue"
    return next((name for limit, name in ((0, "today"), (2, "two"), (SOON, "five")) if left <= limit), "none")


def find(viewer: Viewer, text: str, most: int = 50) -> list[Case]:
    """Cases whose number, query number or answer number is `text`, or whose applicant's name, id or phone it is.

    Numbers are found wherever the viewer may look; applicants only where they may know them. Two queries.
    """
    typed = (text or "").strip()[:200]
    if not typed:
        return []
    related = ("organ", "submission", "handler")
    by_number = Q(number=typed) | Q(submission__reference=tickets.normal(typed)[:20]) | Q(answer_number=typed)
    found = list(scope.rows(viewer, Case).filter(by_number).select_related(*related).order_by("-pk")[:most])
    digits = re.sub(r"\D", "", typed)
    by_applicant = Q(submission__name_index=crypto.blind("name", typed)) | Q(
        submission__id_index=crypto.blind("id", typed)
    )
    if digits:
        by_applicant |= Q(submission__phone_index=crypto.blind("phone", digits))
    seen = {case.pk for case in found}
    known = scope.rows(viewer, Case, IDENTITY).filter(by_applicant).exclude(pk__in=seen)
    return [*found, *known.select_related(*related).order_by("-pk")[: most - len(found)]]
