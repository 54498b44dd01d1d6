"""The columns that follow from a round's facts alone: written with each fact, recomputed by ``gongkai verify``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from .models import Duty, Round, RoundFact

Kind, Stage = RoundFact.Kind, Duty.Stage
_STAGES = {Kind.SUBMITTED: Stage.SUBMITTED, Kind.RETURNED: Stage.RETURNED, Kind.ACCEPTED: Stage.ACCEPTED}


@dataclass(frozen=True)
class Standing:
    """Where a duty stands by its facts. `accepted` is the version that counts above, None for a sheet or none."""

    stage: str
    deadline: dt.date
    accepted: int | None


def of_duty(duty: Duty, facts: Iterable[RoundFact]) -> Standing:
    """By the facts of its round, in their order; those about other duties are passed over.

    What was accepted counts until the very same version is returned: a correction under way does not undo it.
    """
    stage, deadline, accepted = Stage.WAITING, duty.round.end, None
    for fact in facts:
        if fact.duty_id not in (None, duty.pk):
            continue
        if named := fact.content.get("deadlines", {}).get(duty.group):
            deadline = dt.date.fromisoformat(named)
        if named := fact.content.get("deadline"):
            deadline = dt.date.fromisoformat(named)
        kind = Kind(fact.kind)
        stage = _STAGES.get(kind, stage)
        if kind == Kind.ACCEPTED:
            accepted = fact.version_id
        elif kind == Kind.RETURNED and fact.version_id == accepted:
            accepted = None
    return Standing(stage, deadline, accepted)


def of_round(facts: Iterable[RoundFact]) -> tuple[dt.date | None, dt.date | None]:
    """The days it was closed and cancelled, None while it is open."""
    closed, cancelled = None, None
    for fact in facts:
        if fact.kind == Kind.CLOSED:
            closed = fact.on
        elif fact.kind == Kind.REOPENED:
            closed = None
        elif fact.kind == Kind.CANCELLED:
            cancelled = fact.on
    return closed, cancelled


def project(round_: Round, duties: Iterable[Duty]) -> None:
    """Write what the facts of the round say into it and into these duties of it."""
    facts = list(RoundFact.objects.filter(round=round_).order_by("pk"))
    round_.closed_on, round_.cancelled_on = of_round(facts)
    round_.save(update_fields=["closed_on", "cancelled_on"])
    changed = []
    for duty in duties:
        duty.round = round_
        found = of_duty(duty, facts)
        duty.stage, duty.deadline, duty.accepted_id = found.stage, found.deadline, found.accepted
        changed.append(duty)
    Duty.objects.bulk_update(changed, ["stage", "deadline", "accepted"], batch_size=200)
