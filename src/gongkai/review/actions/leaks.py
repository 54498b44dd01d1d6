"""泄密事件 (S024): recording one, and what was done about it. With the register covered, no entry means none happened."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person
from gongkai.organs.refusals import Refused
from gongkai.review import workflow
from gongkai.review.common import log, words_needed
from gongkai.review.models import LeakFollowUp, LeakIncident

Kind = LeakFollowUp.Kind


@transaction.atomic
def report_leak(
    *,
    by: Actor,
    organ: Organ,
    matter: str,
    happened_on: dt.date,
    discovered_on: dt.date,
    summary: str,
    measures: str = "",
) -> LeakIncident:
    """Record that something was public that must not have been; without repeating what it was. Raises Refused,
    ValidationError."""
    workflow.check(by, "report_leak", organ.path)
    incident = LeakIncident(
        organ=organ,
        matter=matter,
        happened_on=happened_on,
        discovered_on=discovered_on,
        summary=words_needed(summary, "summary"),
        measures=measures.strip(),
        recorded_by=Person.objects.get(pk=by.person_id).name if by.person_id else "",
        actor=by.key,
        recorded_at=clock.now(),
    )
    incident.clean_fields(exclude=["organ", "path", "recorded_by"])
    if not happened_on <= discovered_on <= clock.today():
        raise ValidationError({"discovered_on": _("发现日期应在发生之日和今天之间。")})
    incident.save()
    log(by, "leak.report", incident, matter=matter, discovered_on=discovered_on.isoformat())
    return incident


@transaction.atomic
def follow_up_leak(
    *, by: Actor, incident: LeakIncident, kind: str, text: str, on: dt.date | None = None
) -> LeakFollowUp:
    """Record a report, remedy, handling or closing; or take back an entry made by mistake. Raises Refused."""
    incident = LeakIncident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    workflow.check(by, "follow_up_leak", incident.path)
    if ended(incident):
        raise Refused(_("这起事件已经办结或者撤销登记。"))
    made = LeakFollowUp(
        incident=incident,
        kind=kind,
        text=words_needed(text),
        on=on or clock.today(),
        actor=by.key,
        recorded_at=clock.now(),
    )
    made.clean_fields(exclude=["incident"])
    if not incident.happened_on <= made.on <= clock.today():
        raise ValidationError({"on": _("日期应在发生之日和今天之间。")})
    made.save()
    log(by, "leak.follow_up", incident, kind=kind, on=made.on.isoformat())
    return made


def ended(incident: LeakIncident) -> bool:
    """Whether nothing more is to be done."""
    return incident.follow_ups.filter(kind__in=(Kind.CLOSE, Kind.VOID)).exists()
