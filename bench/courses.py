"""The ways an application goes: which facts, by whom, how many working days after it arrived.

The facts are those the actions write. A course is cut off at today, so the last weeks' cases are open at every stage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gongkai.law.outcomes import CHANNELS
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.requests import facts as f
from gongkai.requests.course import CaseFacts, Entry, append

CHANNEL = "internet"
NUMBER, ANSWER, PERSON, KIND = "N", "A", 1, "natural_person"  # stand for what is each case's own


@dataclass(frozen=True)
class Own:
    """What a case does not share with the others of its course and day."""

    kind: str
    number: str
    answer: str
    person_id: int


@dataclass(frozen=True)
class Moment:
    """The day a fact counts for, in a case that arrived on `arrived`."""

    on: dt.date
    arrived: dt.date
    calendar: Calendar


@dataclass(frozen=True)
class Leg:
    """One fact: `day` working days after arrival, by the person in `role` or the applicant."""

    day: int
    role: str
    fact: Callable[[Moment], f.Fact]


Course = tuple[Leg, ...]


@dataclass(frozen=True)
class Planned:
    """A course from one day of arrival: what has happened by today, and the columns that follow from it."""

    steps: tuple[tuple[int, dt.date, str, f.Fact], ...]  # seq, day, role, fact
    columns: dict[str, object]


def plan(course: Course, arrived: dt.date, today: dt.date, calendar: Calendar) -> Planned:
    """Everything that has happened by `today`. Raises ValueError when the procedure would not have allowed it."""
    facts = CaseFacts()
    steps = []
    for seq, leg in enumerate(course, start=1):
        day = calendar.add(arrived, leg.day) if leg.day else arrived
        if day > today:
            break
        fact = leg.fact(Moment(day, arrived, calendar))
        actor = "applicant" if leg.role == "applicant" else f"staff:{PERSON}"
        append(facts, Entry(None, seq, seq, day, actor, fact))
        steps.append((seq, day, leg.role, fact))
    if broken := facts.contradictions():
        raise ValueError("；".join(broken))
    return Planned(tuple(steps), facts.columns(calendar))


def owned(fact: f.Fact, own: Own) -> f.Fact:
    """The fact with the case's own number, person or kind in it."""
    if isinstance(fact, f.Submitted):
        return replace(fact, applicant_kind=own.kind)
    if isinstance(fact, f.Confirmed):
        return replace(fact, number=own.number)
    if isinstance(fact, f.Accepted):
        return replace(fact, person_id=own.person_id)
    if isinstance(fact, f.Answered):
        return replace(fact, number=own.answer)
    return fact


def columns_of(planned: Planned, own: Own) -> dict[str, object]:
    """The projections with the case's own values where the course has any."""
    columns = {**planned.columns, "kind": own.kind}
    for name, value in (("number", own.number), ("handler_id", own.person_id), ("answer_number", own.answer)):
        if columns[name]:
            columns[name] = value
    return columns


def _submitted(moment: Moment) -> f.Fact:
    return f.Submitted(channel=CHANNEL, applicant_kind=KIND)


def _confirmed(moment: Moment) -> f.Fact:
    rule = CHANNELS[CHANNEL].confirm_rule
    received = rule.receipt_date(submitted_on=None, arrived_on=moment.arrived, confirmed_on=moment.on)
    return f.Confirmed(number=NUMBER, received_on=received or moment.on)


def _fixed(fact: f.Fact) -> Callable[[Moment], f.Fact]:
    return lambda moment: fact


def _until(days: int, make: Callable[[dt.date], f.Fact]) -> Callable[[Moment], f.Fact]:
    """A fact with a term of `days` working days; of calendar days where the year is not loaded."""

    def told(moment: Moment) -> f.Fact:
        try:
            return make(moment.calendar.add(moment.on, days))
        except CalendarYearMissing:
            return make(moment.on + dt.timedelta(days=2 * days))

    return told


def _begun(confirmed: int = 0) -> Course:
    return (
        Leg(0, "applicant", _submitted),
        Leg(confirmed, "office", _confirmed),
        Leg(confirmed + 1, "handler", _fixed(f.Accepted(person_id=PERSON))),
    )


def _answered(day: int, outcome: str, sub_reason: str = "", article: str = "") -> Course:
    content: dict[str, Any] = {
        "outcome": outcome,
        "sub_reason": sub_reason,
        "article": article or "《中华人民共和国政府信息公开条例》第三十六条（测速）",
        "reason": "经审查，作出上述决定（测速理由）。",
        "text": "您申请的政府信息，现答复如下：……（测速答复）" * 4,
        "search_record": "检索人：承办人；范围：档案室、公文系统；未检得（测速）。"
        if sub_reason == "not_exist"
        else "",
    }
    return (
        Leg(day - 4, "handler", _fixed(f.Drafted(**content))),
        Leg(day - 4, "handler", _fixed(f.DraftSubmitted())),
        Leg(day - 3, "secrecy", _fixed(f.DraftReviewed(note="不涉及国家秘密，可以按此答复。"))),
        Leg(day - 1, "leader", _fixed(f.DraftApproved(note="同意。"))),
        Leg(day, "office", _fixed(f.Answered(number=ANSWER, **content))),
        Leg(day, "office", _fixed(f.Dispatched())),
        Leg(day + 3, "office", _fixed(f.Served())),
    )


_CONSULTED: Course = (
    Leg(
        3,
        "handler",
        lambda moment: f.Consulted(
            whom="third_party", served_on=moment.on, name="测速第三方", what="是否同意公开"
        ),
    ),
    Leg(
        9,
        "handler",
        lambda moment: f.ConsultationClosed(inquiry=4, reply="agree", ended_on=moment.on, text="同意公开。"),
    ),
)
_CORRECTION_ASKED: Course = (
    Leg(
        2,
        "handler",
        _until(10, lambda day: f.CorrectionAsked(until=day, what="请写明所需信息的名称（测速）。")),
    ),
)
_CORRECTED: Course = (
    *_CORRECTION_ASKED,
    Leg(4, "applicant", _fixed(f.CorrectionReceived(text="已补正（测速）。"))),
)
_EXTENDED: Course = (
    Leg(12, "handler", _fixed(f.ExtensionProposed(days=20, reason="需向多个科室核实（测速）。"))),
    Leg(13, "head", _fixed(f.ExtensionApproved(days=20))),
)

# One of twenty each; the answered ones take ten facts, as most real cases do.
COURSES: tuple[Course, ...] = (
    *(_begun() + _answered(day, "granted", "provided") for day in (6, 8, 10, 12, 14, 16, 18)),
    _begun(1) + _answered(19, "granted", "already_public"),
    _begun() + _answered(15, "partially_granted"),
    _begun(1) + _answered(17, "partially_granted"),
    _begun() + _CONSULTED + _answered(20, "partially_granted"),
    _begun() + _answered(11, "denied_internal_affairs", "personnel"),
    _begun() + _answered(13, "unable_not_held", "not_responsible"),
    _begun() + _answered(14, "unable_not_held", "not_exist"),
    _begun() + _EXTENDED + _answered(33, "granted", "provided"),
    _begun() + _answered(27, "granted", "provided"),  # late
    _begun() + _CORRECTED + _answered(18, "granted", "provided"),
    (*_begun(), *_CORRECTION_ASKED, Leg(14, "office", _fixed(f.CorrectionLapsed()))),
    (*_begun(), Leg(5, "applicant", _fixed(f.Withdrawn(reason="自愿撤回（测速）。")))),
    (Leg(0, "applicant", _submitted), Leg(2, "office", _fixed(f.Forwarded(to="测速外机关")))),
)
