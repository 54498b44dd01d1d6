"""What a unit's disclosure platform owes: a deadline, the items it has nothing of, and what a higher organ adds."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.catalogue import queries
from gongkai.catalogue.common import log, one_at_a_time, require
from gongkai.catalogue.models import Directive, Inapplicable, PlatformDuty
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused


@transaction.atomic
def set_deadline(*, by: Actor, organ: Organ, above: Organ, due_on: dt.date, basis: str) -> PlatformDuty:
    """Until when the platform of `organ` is to stand; set by itself or by an organ above it. A later deadline replaces the
    former. Raises Refused or ValidationError."""
    require(by, above)
    if not organ.path.startswith(above.path):
        raise Refused(_("只能给本机关和下级机关定期限。"))
    one_at_a_time(organ)
    row = PlatformDuty.objects.select_for_update().filter(organ=organ).first() or PlatformDuty(organ=organ)
    if row.launched_on is not None:
        raise Refused(_("该平台已于%(day)s投入使用。") % {"day": row.launched_on.isoformat()})
    row.path, row.due_on, row.basis, row.set_by = organ.path, due_on, basis.strip(), by.key
    row.clean_fields(exclude=["organ"])
    row.save()
    log(by, "platform.set_deadline", row, due_on=due_on.isoformat())
    return row


@transaction.atomic
def launch(duty: PlatformDuty, *, by: Actor, on: dt.date) -> PlatformDuty:
    """The platform is in use from a day on. Raises Refused or ValidationError."""
    require(by, duty.organ)
    duty = PlatformDuty.objects.select_for_update(of=("self",)).select_related("organ").get(pk=duty.pk)
    if duty.launched_on is not None:
        raise Refused(_("该平台已于%(day)s投入使用。") % {"day": duty.launched_on.isoformat()})
    if on > clock.today():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    duty.launched_on = on
    duty.save(update_fields=["launched_on", "path"])
    log(by, "platform.launch", duty, on=on.isoformat())
    return duty


@transaction.atomic
def mark_inapplicable(*, by: Actor, organ: Organ, code: str, reason: str, on: dt.date) -> Inapplicable:
    """不涉及: the organ has nothing of a required item, and why. Raises Refused or ValidationError."""
    require(by, organ)
    if code not in {item.code for item in queries.required(organ, on)}:
        raise ValidationError({"code": _("这一项不是本机关应当公开的内容。")})
    one_at_a_time(organ)
    if Inapplicable.objects.filter(organ=organ, code=code, until__isnull=True).exists():
        raise Refused(_("这一项已标明不涉及。"))
    row = Inapplicable(organ=organ, path=organ.path, code=code, reason=reason.strip(), on=on, actor=by.key)
    row.clean_fields(exclude=["organ"])
    row.save()
    log(by, "platform.not_applicable", row, code=code, on=on.isoformat())
    return row


@transaction.atomic
def mark_applicable(row: Inapplicable, *, by: Actor, on: dt.date) -> Inapplicable:
    """The organ has something of the item again. Raises Refused or ValidationError."""
    require(by, row.organ)
    row = Inapplicable.objects.select_for_update(of=("self",)).select_related("organ").get(pk=row.pk)
    if row.until is not None:
        raise Refused(_("这一项已恢复公开。"))
    if on < row.on:
        raise ValidationError({"on": _("恢复日期不能早于标明不涉及的日期。")})
    row.until = on
    row.save(update_fields=["until", "path"])
    log(by, "platform.applicable", row, code=row.code, on=on.isoformat())
    return row


@transaction.atomic
def require_item(
    *,
    by: Actor,
    organ: Organ,
    code: str,
    title: str,
    document: str,
    on: dt.date,
    until: dt.date | None = None,
) -> Directive:
    """Require an item of all organs below `organ` beside the statutory ones (art. 22), naming the document that says so.
    Raises Refused or ValidationError."""
    require(by, organ)
    if until is not None and until < on:
        raise ValidationError({"until": _("结束日期不能早于开始日期。")})
    row = Directive(
        organ=organ,
        path=organ.path,
        code=code.strip(),
        title=title.strip(),
        document=document.strip(),
        on=on,
        until=until,
        actor=by.key,
    )
    row.clean_fields(exclude=["organ"])
    row.save()
    log(by, "platform.require_item", row, code=row.code, on=on.isoformat())
    return row
