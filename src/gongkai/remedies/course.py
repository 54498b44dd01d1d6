"""The course of a proceeding: its steps in order, folded into where it stands (04 §4). No database, no clock.

One table says which step may follow in which state; the fold applies it to new and to corrected steps alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from gongkai.remedies.models import Group, State, StepKind

S, K = State, StepKind
_BEFORE_DECISION = frozenset({S.FILED, S.OPEN, S.SUSPENDED})

# step -> states it may be taken in, state it leads to (None: unchanged)
COURSE: Mapping[str, tuple[frozenset[State], State | None]] = {
    K.JOINED: (_BEFORE_DECISION, None),
    K.ACCEPTED: (frozenset({S.FILED}), S.OPEN),
    K.REPLIED: (_BEFORE_DECISION, None),
    K.SUSPENDED: (frozenset({S.OPEN}), S.SUSPENDED),
    K.RESUMED: (frozenset({S.SUSPENDED}), S.OPEN),
    K.DECIDED: (frozenset({S.FILED, S.OPEN}), S.DECIDED),
    K.APPEALED: (frozenset({S.DECIDED}), S.APPEAL),
    K.CLOSED: (_BEFORE_DECISION | {S.DECIDED, S.APPEAL}, S.CLOSED),
    K.REDO: (frozenset({S.CLOSED}), None),
    K.REOPENED: (frozenset({S.CLOSED}), S.OPEN),
}
_LAWSUITS_ONLY = frozenset({K.DECIDED, K.APPEALED, K.REOPENED})


class Step(Protocol):
    """What the fold reads of a step."""

    kind: str
    on: dt.date
    payload: dict[str, Any]


class OutOfCourse(Exception):
    """The steps do not follow one another; the text says which and why."""


@dataclass(frozen=True)
class Round:
    """From filing, or from reopening, to the final result."""

    began_on: dt.date
    closed_on: dt.date | None = None
    result: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a proceeding stands. `respondents`: organ key to the day it came in."""

    group: str
    state: State
    rounds: tuple[Round, ...]
    respondents: Mapping[int, dt.date]
    simplified: bool = False
    last_on: dt.date = dt.date.min
    first_instance: str = ""
    replied_on: dt.date | None = None
    redo: int | None = None
    marks: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def current(self) -> Round:
        return self.rounds[-1]


def fold(steps: Iterable[Step]) -> Standing | None:
    """Where the steps lead, in their order; None when even the filing was taken back. Raises OutOfCourse."""
    standing: Standing | None = None
    for step in steps:
        standing = _begin(step) if standing is None else _follow(standing, step)
    return standing


def refusal(standing: Standing, kind: StepKind) -> str:
    """Why `kind` cannot follow now, in words; "" when it can."""
    if kind in _LAWSUITS_ONLY and standing.group == Group.REVIEW:
        return f"行政复议没有“{kind.label}”这一步。"
    allowed, _leads_to = COURSE[kind]
    return "" if standing.state in allowed else f"案件现为“{standing.state.label}”，不能登记“{kind.label}”。"


def _begin(step: Step) -> Standing:
    if step.kind != K.FILED:
        raise OutOfCourse("第一步应是收到通知。")
    return Standing(
        group=step.payload["group"],
        state=S.FILED,
        rounds=(Round(step.on),),
        respondents=dict.fromkeys(step.payload["respondents"], step.on),
        last_on=step.on,
        marks={K.FILED: step.on},
    )


def _follow(standing: Standing, step: Step) -> Standing:
    kind = StepKind(step.kind)
    if kind == K.FILED or (why := refusal(standing, kind)):
        raise OutOfCourse(why if kind != K.FILED else "一个案件只登记一次收到通知。")
    if step.on < standing.last_on:
        raise OutOfCourse(f"“{kind.label}”的日期早于前一步。")
    moved = replace(
        standing,
        state=COURSE[kind][1] or standing.state,
        last_on=step.on,
        marks={**standing.marks, kind: step.on},
    )
    return _EFFECTS[kind](moved, step) if kind in _EFFECTS else moved


def _joined(standing: Standing, step: Step) -> Standing:
    if step.payload["organ"] in standing.respondents:
        raise OutOfCourse("该机关已是本案的被申请人或被告。")
    return replace(standing, respondents={**standing.respondents, step.payload["organ"]: step.on})


def _closed(standing: Standing, step: Step) -> Standing:
    result = step.payload.get("result") or standing.first_instance
    if not result:
        raise OutOfCourse("审结应写明结果。")
    return replace(
        standing, rounds=(*standing.rounds[:-1], replace(standing.current, closed_on=step.on, result=result))
    )


def _reopened(standing: Standing, step: Step) -> Standing:
    return replace(standing, rounds=(*standing.rounds, Round(step.on)), first_instance="", replied_on=None)


_EFFECTS: Mapping[str, Any] = {
    K.JOINED: _joined,
    K.ACCEPTED: lambda standing, step: replace(standing, simplified=bool(step.payload.get("simplified"))),
    K.REPLIED: lambda standing, step: replace(standing, replied_on=step.on),
    K.DECIDED: lambda standing, step: replace(standing, first_instance=step.payload["result"]),
    K.CLOSED: _closed,
    K.REDO: lambda standing, step: replace(standing, redo=step.payload["case"]),
    K.REOPENED: _reopened,
}
