"""Whatever permitted things people do in whatever order: columns follow from facts, terms keep their invariants."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base import clock
from gongkai.law import procedure
from gongkai.organs import calendars
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, load, verify
from gongkai.requests.models import Case, FeeNotice
from tests.requests.stories import Office, day
from tests.requests.test_procedure_walk import arguments

ROLES = ("applicant", "handler", "office", "head", "secrecy", "leader")
# Endings are rare, or every walk would be short.
ENDINGS = {"withdraw", "lapse", "forward", "split", "redo", "archive"}
STEP = st.tuples(st.integers(0, 10_000), st.integers(0, 4), st.booleans())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=5, max_size=30))
def test_any_permitted_walk_keeps_the_register_whole(
    office: Office, steps: list[tuple[int, int, bool]]
) -> None:
    now = day("03-02")
    case = office.submitted("03-02")
    for choice, days, end in steps:
        now += dt.timedelta(days=days)
        before = _snapshot(case)
        with clock.on_day(now):
            _one_step(office, case, choice, end, now)
        _holds(case, now, before)
    assert list(verify.problems()) == []


def _one_step(office: Office, case: Case, choice: int, end: bool, now: dt.date) -> None:
    """One of the actions permitted to anybody now, if there is one."""
    facts = load.case_facts(case)
    calendar = calendars.for_region(case.organ.region)
    open_to = [
        (role, action.key)
        for role in ROLES
        for action in procedure.permitted(role, facts.view(calendar, now, _person(office, role)))
        if action.key not in {"submit", "supersede"} and (end or action.key not in ENDINGS)
    ]
    if not open_to:
        return
    role, action = open_to[choice % len(open_to)]
    extra: dict[str, Any] = arguments(office, now).get(action, dict)()
    if action == "record_payment" and facts.fee:
        extra = {"amount_yuan": facts.fee.approved.total, "hold": facts.state == "lapsed"}
    if action == "close_consultation":
        extra["inquiry"] = facts.open_inquiries[0].number
    if action == "approve_fee":
        extra["served_on"] = now
    by = APPLICANT if role == "applicant" else getattr(office, role)
    try:
        getattr(actions, action)(case, by=by, **extra)
    except (ValidationError, Refused):
        # Permitted, but the paper at hand does not fit (a payment too late, an extension beyond its date): unchanged.
        assert load.case_facts(case).last_seq == facts.last_seq
    else:
        assert load.case_facts(case).last_seq == facts.last_seq + 1


def _person(office: Office, role: str) -> int | None:
    return None if role == "applicant" else getattr(office, role).person_id


def _snapshot(case: Case) -> dict[str, Any]:
    stored = Case.objects.get(pk=case.pk)
    return {
        name: getattr(stored, name)
        for name in ("number", "first_received_on", "outcome", "closed_on", "last_seq")
    }


def _holds(case: Case, now: dt.date, before: dict[str, Any]) -> None:
    facts = load.case_facts(case)
    calendar = calendars.for_region(case.organ.region)
    stored = Case.objects.get(pk=case.pk)
    for name, value in facts.columns(calendar).items():
        assert getattr(stored, name) == value, name
    assert facts.contradictions() == []
    for fixed in ("number", "first_received_on", "outcome", "closed_on"):
        if before[fixed]:
            assert getattr(stored, fixed) == before[fixed], f"{fixed} is fixed once it is there"
    if stored.first_received_on and stored.anchor_on:
        assert stored.first_received_on <= stored.anchor_on
        term = facts.term(calendar, now)
        assert term.due is None or term.due > stored.anchor_on
        assert term.explanation
        assert (stored.due_on is None) == (stored.open_inquiries > 0)
    if stored.dispatched_on:
        assert stored.closed_on is not None
        assert stored.closed_on <= stored.dispatched_on
    for notice in FeeNotice.objects.filter(lines__case=case):
        assert notice.total_yuan == sum(line.amount_yuan for line in notice.lines.all())
        assert not (notice.paid_on and notice.lapsed_on)
