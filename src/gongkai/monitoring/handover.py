"""信息迁移交接 (S013, S300): what a closed or merged unit leaves is counted, checked line by line, handed over and received.

Nothing changes its organ: documents, columns and applications remain the predecessor's for ever, and the successor reads and
continues them through the succession (`organs.scope`). The batch is the record of who took over what, from whom, and when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, numbering
from gongkai.base.fields import within
from gongkai.catalogue.models import Column
from gongkai.documents.models import STANDING, Document
from gongkai.monitoring import life
from gongkai.monitoring.models import HandOver, HandOverItem, HandOverParty, Site
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Succession
from gongkai.organs.queries import by_any_name
from gongkai.organs.refusals import Refused
from gongkai.requests.models import Case

REGISTER = "handovers"
Kind = HandOverItem.Kind
_WORDS = {
    Kind.DOCUMENTS: "已登记的政府信息",
    Kind.COLUMNS: "政府信息公开栏目",
    Kind.SITES: "尚未关停的网站",
    Kind.CASES: "尚未办结的政府信息公开申请",
}


def _within(organ: Organ) -> Q:
    """The organ and everything below it."""
    return within("path", organ.path)


def _open(began: str, ended: str, day: dt.date) -> Q:
    """Begun by `day` and not over on it."""
    return Q(**{f"{began}__lte": day}) & (Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gt": day}))


_ROWS: dict[str, Callable[[Q, dt.date], QuerySet[Any]]] = {
    Kind.DOCUMENTS: lambda here, day: Document.objects.filter(here, STANDING, made_on__lte=day),
    Kind.COLUMNS: lambda here, day: Column.objects.filter(here, _open("opened_on", "closed_on", day)),
    Kind.SITES: lambda here, day: Site.objects.filter(here, _open("opened_on", "closed_on", day)),
    Kind.CASES: lambda here, day: Case.objects.filter(here, _open("arrived_on", "closed_on", day)),
}


def rows(batch: HandOver, kind: str, day: dt.date) -> QuerySet[Any] | None:
    """The records a line of the check list counts: what the giver and all below it had on `day`. None for what is counted
    by hand. Not scoped to a viewer.

    A receiver that does not succeed the giver takes over the batch's site alone, and none of the applications.
    """
    if kind not in _ROWS:
        return None
    found = _ROWS[kind](_within(batch.giver), day)
    if kind not in (Kind.SITES, Kind.CASES) or _succeeds(batch.giver, batch.receiver):
        return found
    return found.filter(pk=batch.site_id) if kind == Kind.SITES else found.none()


def _succeeds(giver: Organ, receiver: Organ) -> bool:
    return Succession.objects.filter(predecessor=giver, successor=receiver).exists()


@transaction.atomic
def open_handover(
    *,
    by: Actor,
    organ: Organ,
    receiver: Organ | str,
    title: str,
    basis: str,
    on: dt.date,
    site: Site | None = None,
    note: str = "",
) -> HandOver:
    """Begin a batch of what `organ` (the giver) leaves, counted now. `receiver` may be a code or a name.

    The giver begins it; for one that was closed, whoever succeeds it. The receiver must succeed the giver, or take over a
    `site` of the giver's that is being closed or was. Raises ValidationError, Refused.
    """
    heir = by_any_name(receiver) if isinstance(receiver, str) else receiver
    authority.require(by, authority.WORK, REGISTER, organ.path, _giver_only())
    _check_sides(organ, heir, site)
    if on > clock.today():
        raise ValidationError({"on": _("日期不能在今天之后。")})
    batch = HandOver(
        title=title.strip(),
        giver=organ,
        receiver=heir,
        site=site,
        basis=basis.strip(),
        opened_on=on,
        note=note.strip(),
        recorded_at=clock.now(),
    )
    batch.clean_fields(exclude=["giver", "receiver", "site"])
    batch.save()
    for party in (organ, heir):
        HandOverParty.objects.create(handover=batch, organ=party)
    _count(batch, on)
    _log(by, "handover.open", batch, organ, giver=organ.code, receiver=heir.code)
    return batch


def _count(batch: HandOver, on: dt.date) -> None:
    """A line for each kind of which there is something."""
    for kind, what in _WORDS.items():
        there = rows(batch, kind, on)
        if there is not None and (number := there.count()):
            HandOverItem.objects.create(handover=batch, kind=kind, what=what, counted=number, counted_on=on)


def _check_sides(giver: Organ, receiver: Organ, site: Site | None) -> None:
    if giver.pk == receiver.pk:
        raise ValidationError({"receiver": _("接收机关不能是移交机关自己。")})
    if site is not None and site.organ_id != giver.pk:
        raise ValidationError({"site": _("这个网站不属于移交机关。")})
    if site is not None and not Site.objects.filter(pk=site.pk, state__in=life.CLOSING).exists():
        raise ValidationError({"site": _("这个网站没有办理关停，不能移交。")})
    if site is None and not _succeeds(giver, receiver):
        raise ValidationError(
            {
                "receiver": _("“%(name)s”没有承继移交机关；只迁移网站的，请选择关停的网站。")
                % {"name": receiver.name}
            }
        )


@transaction.atomic
def add_item(batch: HandOver, *, by: Actor, what: str, counted: int, kind: str = Kind.OTHER) -> HandOverItem:
    """A further line of the check list: paper files, seals, accounts, whatever is not counted here."""
    batch = _giving(batch, by)
    if words := adding_refusal(batch):
        raise Refused(words)
    item = HandOverItem(
        handover=batch, kind=kind, what=what.strip(), counted=counted, counted_on=clock.today()
    )
    item.clean_fields(exclude=["handover"])
    item.save()
    _log(by, "handover.add_item", batch, batch.giver, item=item.pk)
    return item


def adding_refusal(batch: HandOver) -> str:
    """Why no line can be added now, "" when one can."""
    return over(batch) or (_("已经移交，不能再增加内容。") if batch.handed_on is not None else "")


@transaction.atomic
def check_item(item: HandOverItem, *, by: Actor, on: dt.date) -> HandOverItem:
    """The giver has checked a line: what is counted is there, complete and correctly registered. Counted anew as of `on`."""
    batch = _giving(item.handover, by)
    if words := checking_refusal(batch):
        raise Refused(words)
    _check_day(on, batch.opened_on)
    there = rows(batch, item.kind, on)
    if there is not None:
        item.counted, item.counted_on = there.count(), on
    item.checked_on, item.checked_by = on, by.key
    item.save(update_fields=["counted", "counted_on", "checked_on", "checked_by"])
    _log(by, "handover.check", batch, batch.giver, item=item.pk, counted=item.counted)
    return item


def checking_refusal(batch: HandOver) -> str:
    """Why no line can be checked now, "" when one can."""
    return over(batch) or (_("已经移交，不再核对。") if batch.handed_on is not None else "")


@transaction.atomic
def hand_over(batch: HandOver, *, by: Actor, on: dt.date) -> HandOver:
    """The giver hands over, every line being checked. Raises Refused."""
    batch = _giving(batch, by)
    if words := handing_refusal(batch):
        raise Refused(words)
    _check_day(on, batch.opened_on)
    batch.handed_on = on
    batch.save(update_fields=["handed_on"])
    _log(by, "handover.hand_over", batch, batch.giver, on=on.isoformat())
    return batch


def handing_refusal(batch: HandOver) -> str:
    """Why the batch cannot be handed over now, "" when it can."""
    if words := over(batch):
        return words
    if batch.handed_on is not None:
        return _("这一批已经移交。")
    if not batch.items.exists():
        return _("清单是空的，没有可以移交的内容。")
    if waiting := batch.items.filter(checked_on__isnull=True).count():
        return _("清单还有%(count)d项没有核对。") % {"count": waiting}
    return ""


@transaction.atomic
def receive_item(
    item: HandOverItem, *, by: Actor, on: dt.date, received: int, note: str = ""
) -> HandOverItem:
    """The receiver has found so many; a difference needs words. Raises Refused, ValidationError."""
    batch = _receiving(item.handover, by)
    if received != item.counted and not note.strip():
        raise ValidationError({"note": _("接收数与移交数不一致，请写明差异和处理办法。")})
    _check_day(on, batch.handed_on or batch.opened_on)
    item.received, item.received_on, item.received_by, item.note = received, on, by.key, note.strip()
    item.clean_fields(exclude=["handover"])
    item.save(update_fields=["received", "received_on", "received_by", "note"])
    _log(by, "handover.receive_item", batch, batch.receiver, item=item.pk, received=received)
    return item


@transaction.atomic
def receive(batch: HandOver, *, by: Actor, on: dt.date) -> HandOver:
    """The receiver confirms the batch and gets a numbered receipt. Lines not confirmed one by one are counted again as of
    the day they were counted, and confirmed when the number is the one handed over: what was answered or closed since
    was handed over too. Raises Refused naming the first line that differs."""
    batch = _receiving(batch, by)
    _check_day(on, batch.handed_on or batch.opened_on)
    for item in batch.items.filter(received_on__isnull=True).order_by("pk"):
        there = rows(batch, item.kind, item.counted_on)
        found = item.counted if there is None else there.count()
        if found != item.counted:
            words = _("“%(what)s”移交%(counted)d，现有%(found)d，请先逐项接收并说明差异。")
            raise Refused(words % {"what": item.what, "counted": item.counted, "found": found})
        item.received, item.received_on, item.received_by = found, on, by.key
        item.save(update_fields=["received", "received_on", "received_by"])
    batch.received_on = on
    batch.number = f"交接〔{on.year}〕{numbering.take(f'handover:{on.year}')}号"
    batch.save(update_fields=["received_on", "number"])
    _log(by, "handover.receive", batch, batch.receiver, on=on.isoformat(), number=batch.number)
    return batch


def receiving_refusal(batch: HandOver) -> str:
    """Why the batch cannot be received now, "" when it can."""
    return over(batch) or (_("移交机关还没有移交。") if batch.handed_on is None else "")


@transaction.atomic
def cancel(batch: HandOver, *, by: Actor, reason: str) -> HandOver:
    """Give a batch up before it is received; it stays readable."""
    batch = _giving(batch, by)
    if words := over(batch):
        raise Refused(words)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    batch.cancelled_on, batch.cancelled_because = clock.today(), reason.strip()
    batch.clean_fields(exclude=["giver", "receiver", "site"])
    batch.save(update_fields=["cancelled_on", "cancelled_because"])
    _log(by, "handover.cancel", batch, batch.giver)
    return batch


def over(batch: HandOver) -> str:
    """Why nothing more can be done with the batch, "" while something can."""
    if batch.cancelled_on is not None:
        return _("这一批已经撤销。")
    return _("这一批已经接收，回执%(number)s。") % {"number": batch.number} if batch.received_on else ""


def _giving(batch: HandOver, by: Actor) -> HandOver:
    batch = _locked(batch)
    authority.require(by, authority.WORK, REGISTER, batch.giver.path, _giver_only())
    return batch


def _giver_only() -> str:
    return _("只有移交机关和承继它的机关的承办人和公开办可以办理移交。")


def _receiving(batch: HandOver, by: Actor) -> HandOver:
    batch = _locked(batch)
    authority.require(
        by, authority.WORK, REGISTER, batch.receiver.path, _("只有接收机关的承办人和公开办可以接收。")
    )
    if words := receiving_refusal(batch):
        raise Refused(words)
    return batch


def _locked(batch: HandOver) -> HandOver:
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("giver", "receiver")
    return rows.get(pk=batch.pk)


def _check_day(day: dt.date, since: dt.date) -> None:
    if day > clock.today():
        raise ValidationError({"on": _("日期不能在今天之后。")})
    if day < since:
        raise ValidationError({"on": _("日期不能早于上一步。")})


def _log(by: Actor, verb: str, batch: HandOver, side: Organ, **detail: object) -> None:
    """`side` is the organ that acts: the entry is filed there."""
    audit.record(actor=by.key, post=by.post, verb=verb, subject=batch, path=side.path, detail=dict(detail))
