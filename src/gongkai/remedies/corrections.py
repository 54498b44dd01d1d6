"""Correcting what was recorded of a proceeding: the wrong step stays, a later one takes its place, the count goes back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.remedies.common import authorised, required, write
from gongkai.remedies.models import Group, Proceeding, ProceedingStep, StepKind, family_of
from gongkai.remedies.results import rule_for

_CORRECTABLE = {
    StepKind.FILED: {"group", "respondents"},
    StepKind.ACCEPTED: {"simplified"},
    StepKind.DECIDED: {"result", "document", "ruling"},
    StepKind.CLOSED: {"result", "document"},
}


@transaction.atomic
def correct_step(
    step: ProceedingStep, *, by: Actor, reason: str, on: dt.date | None = None, **changes: Any
) -> Proceeding:
    """Replace `step` by the same with another day or other contents (of the filing: `group` and `respondents`, a list
    of organ keys). Raises Refused when the steps would not follow one another any more, or ValidationError."""
    proceeding = _ready(by, step)
    kind = StepKind(step.kind)
    if unknown := set(changes) - _CORRECTABLE.get(kind, set()):
        raise ValidationError(_("这一步没有这些栏目：%(names)s。") % {"names": "、".join(sorted(unknown))})
    payload = step.payload | changes
    if payload.get("group", proceeding.group) not in Group.values:
        raise ValidationError({"group": _("请选择案件类别。")})
    if payload.get("result"):
        rule_for(payload["result"], family_of(proceeding.group))
    if kind == StepKind.FILED and family_of(payload["group"]) != family_of(proceeding.group):
        raise ValidationError({"group": _("复议与诉讼不能互改；请划去本案后重新登记。")})
    write(by, proceeding, kind, on or step.on, payload, {"reason": required(reason)}, supersedes=step)
    return proceeding


@transaction.atomic
def void_step(step: ProceedingStep, *, by: Actor, reason: str) -> Proceeding:
    """Take back a step that never happened; taking back the filing strikes out the whole proceeding."""
    proceeding = _ready(by, step)
    write(by, proceeding, StepKind.VOID, step.on, None, {"reason": required(reason)}, supersedes=step)
    return proceeding


def _ready(by: Actor, step: ProceedingStep) -> Proceeding:
    proceeding = authorised(by, step.proceeding)
    if step.kind == StepKind.VOID or ProceedingStep.objects.filter(supersedes=step).exists():
        raise Refused(_("这一步已有更新的记录，请在最新的一条上更正。"))
    return proceeding
