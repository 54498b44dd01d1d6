"""What may follow what in the life of a site, and the columns that follow from its steps (06 §4.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.monitoring.models import Site, SiteStep

Kind, State = SiteStep.Kind, Site.State
NOT_YET = ""
NOT_OPEN = frozenset({State.PROPOSED, State.APPLYING})
RUNNING = frozenset({State.OPEN, State.CHANGING, State.OFFLINE, State.CLOSING})
ENDED = frozenset({State.CLOSED, State.CANCELLED})
CLOSING = ENDED | {State.CLOSING}  # from the notice on

#: step -> the states it may be taken in, and the state it leads to
STEPS: dict[str, tuple[frozenset[str], str]] = {
    Kind.PROPOSED: (frozenset({NOT_YET}), State.PROPOSED),
    Kind.APPLIED: (frozenset({State.PROPOSED}), State.APPLYING),
    Kind.OPENED: (frozenset({NOT_YET, State.APPLYING}), State.OPEN),
    Kind.CHANGING: (frozenset({State.OPEN}), State.CHANGING),
    Kind.CHANGED: (frozenset({State.CHANGING}), State.OPEN),
    Kind.OFFLINE: (frozenset({State.OPEN, State.CHANGING}), State.OFFLINE),
    Kind.RESUMED: (frozenset({State.OFFLINE, State.CLOSING}), State.OPEN),
    Kind.CLOSING: (frozenset({State.OPEN, State.CHANGING, State.OFFLINE}), State.CLOSING),
    Kind.CLOSED: (frozenset({State.CLOSING}), State.CLOSED),
    Kind.CANCELLED: (frozenset({State.CLOSED}), State.CANCELLED),
}


@dataclass(frozen=True)
class Standing:
    """The projected columns of a site."""

    state: str = NOT_YET
    opened_on: dt.date | None = None
    notice_until: dt.date | None = None
    new_address: str = ""
    closed_on: dt.date | None = None


def standing(steps: Iterable[SiteStep]) -> list[SiteStep]:
    """The steps that count, in their order: neither withdrawn nor a withdrawal."""
    listed = list(steps)
    gone = {step.withdraws_id for step in listed if step.withdraws_id}
    kept = [step for step in listed if step.pk not in gone and not step.withdraws_id]
    return sorted(kept, key=lambda step: (step.on, step.pk))


def project(steps: Iterable[SiteStep]) -> Standing:
    """What the columns of a site with these steps must say."""
    found = Standing()
    for step in standing(steps):
        state = STEPS[step.kind][1]
        noticed = state in CLOSING
        closing = step.kind == Kind.CLOSING
        found = Standing(
            state,
            found.opened_on or (step.on if step.kind == Kind.OPENED else None),
            (step.until if closing else found.notice_until) if noticed else None,
            (step.new_address if closing else found.new_address) if noticed else "",
            (found.closed_on or step.on) if state in ENDED else None,
        )
    return found
