"""What every action on a proceeding begins and ends with: the right, the lock, the step, the projection, the audit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.remedies.course import OutOfCourse, Standing
from gongkai.remedies.models import Proceeding, ProceedingStep, State, StepKind
from gongkai.remedies.projection import project

REGISTER = "remedies"


def authorised(by: Actor, proceeding: Proceeding) -> Proceeding:
    """The proceeding as it stands, locked for this transaction. Raises Refused."""
    authority.require(by, authority.WORK, REGISTER, proceeding.path)
    fresh = Proceeding.objects.select_for_update(of=("self",)).select_related("organ").get(pk=proceeding.pk)
    if fresh.state == State.STRUCK:
        raise Refused(_("该案的登记已被划去，不能再办理。"))
    return fresh


def required(reason: str) -> str:
    """Raises ValidationError when nobody says why."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    return reason.strip()


def write(
    by: Actor,
    proceeding: Proceeding,
    kind: StepKind,
    on: dt.date,
    payload: dict[str, Any] | None = None,
    sealed: dict[str, Any] | None = None,
    supersedes: ProceedingStep | None = None,
) -> Standing | None:
    """Append a step and project. Raises ValidationError for a day ahead, Refused when the step does not follow."""
    if on > clock.today():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    step = ProceedingStep.objects.create(
        proceeding=proceeding,
        seq=proceeding.steps.count() + 1,
        kind=kind,
        on=on,
        recorded_at=clock.now(),
        actor=by.key,
        post=by.post,
        payload=payload or {},
        sealed=sealed,
        supersedes=supersedes,
    )
    try:
        standing = project(proceeding)
    except OutOfCourse as error:
        raise Refused(str(error)) from error
    log(by, f"proceeding.{kind.value}", proceeding, step=step.seq, on=on.isoformat())
    return standing


def log(by: Actor, verb: str, proceeding: Proceeding, **detail: Any) -> None:
    """The audit entry, at the organ that keeps the file and at every other respondent: their figures change too."""
    others = proceeding.respondents.exclude(path=proceeding.path).values_list("path", flat=True)
    for path in [proceeding.path, *sorted(set(others))]:
        audit.record(actor=by.key, post=by.post, verb=verb, subject=proceeding, path=path, detail=detail)
