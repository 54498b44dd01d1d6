"""Releases at a moment ahead: planned by a person, carried out by the worker, refused then if something stands in the way."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import channels
from gongkai.documents.common import authorised, log
from gongkai.documents.models import Channel, Document, ReleasePlan
from gongkai.documents.releasing import release, require_releasable
from gongkai.organs.actors import Actor, system
from gongkai.organs.refusals import Refused

State = ReleasePlan.State
SCHEDULE = "release-schedule"


@transaction.atomic
def plan_release(document: Document, *, by: Actor, channel: Channel | str, at: dt.datetime) -> ReleasePlan:
    """Have the newest edition released on a channel at a moment ahead. Raises Refused or ValidationError."""
    document = authorised(by, document)
    if at <= clock.now():
        raise ValidationError({"at": _("定时发布的时间应晚于现在；现在就发布的，请用“登记公开”。")})
    day = timezone.localtime(at, clock.SHANGHAI).date()
    edition = require_releasable(document, document.editions.order_by("seq").last(), day, by)
    on_channel = channels.find(channel, document.path, day)
    if document.plans.filter(state=State.WAITING, channel__key=on_channel.key).exists():
        raise Refused(_("该渠道已安排定时发布，请先取消。"))
    plan = ReleasePlan(
        document=document,
        edition=edition,
        channel=on_channel,
        at=at,
        actor=by.key,
        recorded_at=clock.now(),
    )
    plan.clean_fields(exclude=["document", "edition", "channel"])
    plan.save()
    log(by, "document.plan_release", document, edition=edition.seq, channel=on_channel.key, at=at.isoformat())
    return plan


@transaction.atomic
def cancel_plan(plan: ReleasePlan, *, by: Actor) -> ReleasePlan:
    """Call a planned release off. Raises Refused once it has happened."""
    document = authorised(by, plan.document)
    plan = document.plans.select_for_update().get(pk=plan.pk)
    if plan.state != State.WAITING:
        raise Refused(_("这项安排%(state)s，不能取消。") % {"state": plan.get_state_display()})
    plan.state = State.CANCELLED
    plan.save(update_fields=["state"])
    log(by, "document.cancel_plan", document, plan=plan.pk)
    return plan


def carry_out_due() -> int:
    """Release what is due now, each in a transaction of its own; what cannot be released says why. Returns how many were."""
    due = ReleasePlan.objects.filter(state=State.WAITING, at__lte=clock.now()).order_by("at", "pk")
    return sum(_carry_out(key) for key in due.values_list("pk", flat=True)[:200])


@transaction.atomic
def _carry_out(key: int) -> bool:
    plan = (
        ReleasePlan.objects.select_for_update(of=("self",))
        .select_related("document", "edition", "channel")
        .filter(pk=key, state=State.WAITING)
        .first()
    )
    if plan is None:  # another worker was quicker
        return False
    moment = timezone.localtime(plan.at, clock.SHANGHAI)
    by = system(SCHEDULE)
    try:
        with transaction.atomic():
            release(
                plan.document,
                by=by,
                channel=plan.channel,
                on=moment.date(),
                at=moment.time(),
                edition=plan.edition,
            )
    except (Refused, ValidationError) as error:
        sentences = error.messages if isinstance(error, ValidationError) else [str(error)]
        plan.state, plan.why = State.FAILED, "".join(sentences)[:300]
        plan.save(update_fields=["state", "why"])
        log(by, "document.plan_failed", plan.document, plan=plan.pk)
        return False
    plan.state = State.DONE
    plan.save(update_fields=["state"])
    return True
