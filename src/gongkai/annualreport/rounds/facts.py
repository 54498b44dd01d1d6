"""How every fact of a round is written: locked, recorded, projected and audited in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.annualreport.models import ReportVersion
from gongkai.base import audit, clock
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused

from . import projection, workflow
from .models import Duty, Round, RoundFact

Kind = RoundFact.Kind
LONGEST = 1000


def locked_round(by: Actor, action: str, round_: Round) -> Round:
    """The round as it is now, locked, if `by` may do this with it."""
    current = _lock(round_.pk)
    workflow.check(by, action, current)
    return current


def locked_duty(by: Actor, action: str, duty: Duty) -> Duty:
    """The duty as it is now, its round locked, if `by` may do this with it."""
    round_ = _lock(duty.round_id)
    current = Duty.objects.select_related("organ").get(pk=duty.pk)
    current.round = round_
    workflow.check(by, action, round_, current)
    return current


def locked_duties(by: Actor, action: str, round_: Round, duties: Iterable[Duty]) -> list[Duty]:
    """Several duties of one round, each permitted; Refused names the first that is not."""
    current = _lock(round_.pk)
    keys = {duty.pk for duty in duties}
    if not keys:
        raise Refused(_("没有选中任何单位。"))
    found = list(Duty.objects.select_related("organ").filter(round=current, pk__in=keys).order_by("path"))
    for duty in found:
        duty.round = current
        try:
            workflow.check(by, action, current, duty)
        except Refused as refused:
            raise Refused(
                _("%(organ)s：%(reason)s没有改动任何单位。") % {"organ": duty.organ.name, "reason": refused}
            ) from None
    return found


def _lock(pk: int) -> Round:
    rows = Round.objects.select_for_update(of=("self",)).select_related("organ", "sheet__organ")
    return rows.get(pk=pk)


def of_round(by: Actor, round_: Round, kind: str, note: str = "", **content: Any) -> RoundFact:
    """Write a fact about the round, and what follows from it into the round and all its duties."""
    fact = _fact(by, round_, None, kind, note, content=content)
    projection.project(round_, Duty.objects.filter(round=round_))
    _audit(by, fact, round_)
    return fact


def of_duties(
    by: Actor,
    duties: Sequence[Duty],
    kind: str,
    note: str = "",
    *,
    versions: Sequence[ReportVersion | None] = (),
    hashes: Sequence[str] = (),
    **content: Any,
) -> list[RoundFact]:
    """Write the same fact about each of some duties of one round, and what follows from it."""
    found = []
    for place, duty in enumerate(duties):
        version = versions[place] if versions else None
        hash_ = hashes[place] if hashes else version.hash if version else ""
        found.append(_fact(by, duty.round, duty, kind, note, version=version, hash=hash_, content=content))
    projection.project(duties[0].round, duties)
    for fact, duty in zip(found, duties, strict=True):
        _audit(by, fact, duty)
    return found


def _fact(by: Actor, round_: Round, duty: Duty | None, kind: str, note: str, **columns: Any) -> RoundFact:
    return RoundFact.objects.create(
        organ=duty.organ if duty else round_.organ,
        round=round_,
        duty=duty,
        kind=kind,
        on=clock.today(),
        recorded_at=clock.now(),
        actor=by.key,
        post=by.post,
        note=note,
        **columns,
    )


def _audit(by: Actor, fact: RoundFact, subject: Round | Duty) -> None:
    audit.record(
        actor=by.key,
        post=by.post,
        verb=f"rounds.{fact.kind}",
        subject=subject,
        path=fact.path,
        detail={"round": fact.round_id, "year": fact.round.year},
    )


def words(text: str, field: str, *, required: bool = True) -> str:
    """Remarks and reasons as they are kept. Raises ValidationError."""
    found = text.strip()
    if not found and required:
        raise ValidationError({field: _("请填写说明。")})
    if len(found) > LONGEST:
        raise ValidationError({field: _("说明超过%(most)s字，请精简。") % {"most": LONGEST}})
    return found
