"""发布协调 (S270): asking other organs before publishing what concerns them; their answers, and their silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.review import choices, workflow
from gongkai.review.common import due, locked, log, person_of, words_needed
from gongkai.review.models import Consultation, ConsultationReply, ConsultedParty, ReviewRun

Kind = ConsultationReply.Kind


@transaction.atomic
def consult(
    *,
    by: Actor,
    run: ReviewRun,
    question: str,
    organs: Sequence[Organ] = (),
    outside: Sequence[str] = (),
    on: dt.date | None = None,
) -> Consultation:
    """Ask other organs: `organs` that work here see it at once, `outside` ones are written to. Raises Refused,
    ValidationError."""
    run = locked(run)
    workflow.check(by, "consult", run.path, run.state)
    names = [name.strip() for name in outside if name.strip()]
    if not organs and not names:
        raise ValidationError({"organs": _("请选择或者填写被征询的机关。")})
    if any(organ.pk == run.organ_id for organ in organs):
        raise ValidationError({"organs": _("不必征询本机关。")})
    asked_on = on or clock.today()
    if asked_on > clock.today():
        raise ValidationError({"on": _("发出日期不能晚于今天。")})
    asked = Consultation(
        organ=run.organ,
        run=run,
        question=words_needed(question, "question"),
        asked_on=asked_on,
        due_on=due(run.organ, asked_on, choices.settings_for(run.organ).consult_days),
        asked_by=person_of(by).name,
        actor=by.key,
        recorded_at=clock.now(),
    )
    asked.clean_fields(exclude=["organ", "path", "run"])
    asked.save()
    for organ in organs:
        ConsultedParty.objects.create(organ=organ, consultation=asked, name=organ.name)
    for name in names:
        ConsultedParty.objects.create(organ=run.organ, consultation=asked, name=name[:120], outside=True)
    log(by, "review.consult", run, consultation=asked.pk, parties=len(organs) + len(names))
    return asked


@transaction.atomic
def reply(
    *,
    by: Actor,
    party: ConsultedParty,
    kind: str,
    text: str = "",
    agreed_text: str = "",
    on: dt.date | None = None,
) -> ConsultationReply:
    """Record what a party answers: by itself, or by the asking organ from its letter. Raises Refused, ValidationError."""
    if kind not in (Kind.AGREES, Kind.AGREES_CHANGED, Kind.OBJECTS):
        raise ValidationError({"kind": _("请选择同意、按商定文本或者不同意。")})
    if kind == Kind.OBJECTS:
        words_needed(text)
    if kind == Kind.AGREES_CHANGED and not agreed_text.strip():
        raise ValidationError({"agreed_text": _("请写明商定的表述。")})
    return _record(by, party, kind, text, agreed_text, on or clock.today())


@transaction.atomic
def note_silence(*, by: Actor, party: ConsultedParty, text: str = "") -> ConsultationReply:
    """Note that a party has not answered in its term. By the asking organ. Raises Refused before the term is over."""
    asked = Consultation.objects.get(pk=party.consultation_id)
    if not authority.holds(by, authority.WORK, "review", asked.path):
        raise Refused(_("逾期未答复，由征询的机关登记。"))
    if asked.due_on is not None and clock.today() <= asked.due_on:
        raise Refused(_("答复期限到%(day)s，还没有届满。") % {"day": asked.due_on.isoformat()})
    if party.replies.exists():
        raise Refused(_("对方已经答复。"))
    return _record(by, party, Kind.SILENT, text, "", clock.today())


def _record(
    by: Actor, party: ConsultedParty, kind: str, text: str, agreed_text: str, on: dt.date
) -> ConsultationReply:
    party = (
        ConsultedParty.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=party.pk)
    )
    asked = party.consultation
    if not authority.holds(by, authority.WORK, "review", party.path):
        authority.require(by, authority.WORK, "review", asked.path)
    if reason := workflow.refusal("reply", workflow.NONE, by.role):
        raise Refused(reason)
    if not asked.asked_on <= on <= clock.today():
        raise ValidationError({"on": _("答复日期应在发出之日和今天之间。")})
    made = ConsultationReply(
        party=party,
        kind=kind,
        text=text.strip(),
        agreed_text=agreed_text.strip(),
        on=on,
        by_name=person_of(by).name,
        actor=by.key,
        recorded_at=clock.now(),
    )
    made.clean_fields(exclude=["party"])
    made.save()
    log(by, "review.reply", party, kind=kind, on=on.isoformat())
    return made
