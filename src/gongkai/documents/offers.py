"""信息报送: offering an item to an organ above for its site or bulletin, and what becomes of it there (S035)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.base.fields import prefixes
from gongkai.documents.models import Document, Edition, Offer, OfferFact, Outcome, Received
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

REGISTER = "documents"
_DESKS = (Organ.Kind.OFFICE, Organ.Kind.DEPARTMENT)  # of an organ above, that take items for it


@transaction.atomic
def offer(
    *,
    by: Actor,
    organ: Organ,
    to_organ: Organ,
    title: str = "",
    text: str = "",
    document: Document | None = None,
    column: str = "",
    on: dt.date | None = None,
) -> Offer:
    """Offer a document of `organ`, or a text, to an organ above or one of its offices. Of a document the title and the
    text of its newest wording are taken unless given. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    if not is_above(to_organ, organ):
        raise ValidationError({"to_organ": _("信息报送给上级机关或者上级机关的办公室、部门。")})
    if document is not None:
        newest = _offerable(document, organ)
        title, text = title or newest.title, text or newest.body
    day = on or clock.today()
    if day > clock.today():
        raise ValidationError({"on": _("报送日期不能晚于今天。")})
    if not text.strip():
        raise ValidationError({"text": _("请填写报送的内容，或者选择一份文件。")})
    row = Offer(
        organ=organ,
        path=organ.path,
        to_organ=to_organ,
        document=document,
        title=title.strip(),
        text=text.strip(),
        column=column.strip(),
        offered_on=day,
        actor=by.key,
        recorded_at=clock.now(),
    )
    row.clean_fields(exclude=["organ", "to_organ", "document", "path"])
    row.save()
    Received.objects.create(organ=to_organ, offer=row)
    _log(by, "offer.send", row, row.path, to=to_organ.code, document=document.pk if document else None)
    return row


@transaction.atomic
def adopt(received: Received, *, by: Actor, on: dt.date, place: str) -> OfferFact:
    """The receiving organ uses the item; `place`: in which column, bulletin or at which address. Raises Refused or
    ValidationError."""
    if not place.strip():
        raise ValidationError({"place": _("请写明采用在哪里：栏目、刊物或者网址。")})
    return _decide(
        received, by, OfferFact(outcome=Outcome.ADOPTED, on=on, place=place.strip()), "offer.adopt"
    )


@transaction.atomic
def turn_down(received: Received, *, by: Actor, on: dt.date, reason: str) -> OfferFact:
    """The receiving organ sends the item back, saying why. Raises Refused or ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回原因。")})
    return _decide(
        received, by, OfferFact(outcome=Outcome.RETURNED, on=on, reason=reason.strip()), "offer.return"
    )


@transaction.atomic
def take_back(received: Received, *, by: Actor, reason: str) -> OfferFact:
    """The decision was recorded by mistake: the item waits again. Raises Refused or ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    row = _locked(by, received)
    last = _last(row)
    if last is None or last.void:
        raise Refused(_("这条信息还没有采用或者退回。"))
    fact = OfferFact(outcome=last.outcome, on=last.on, reason=reason.strip(), void=True, supersedes=last)
    return _write(by, received, row, fact, "offer.take_back")


def is_above(to_organ: Organ, organ: Organ) -> bool:
    """Whether items go up from `organ` to `to_organ`: an organ above it, or an office or department of one."""
    if to_organ.pk == organ.pk or to_organ.valid_to is not None:
        return False
    parent = to_organ.parent
    return organ.path.startswith(to_organ.path) or bool(
        parent and to_organ.kind in _DESKS and organ.path.startswith(parent.path) and organ.pk != parent.pk
    )


def targets(homes: Iterable[Organ]) -> QuerySet[Organ]:
    """The organs that items go up to from any of `homes`."""
    senders = list(homes)
    places = {path for home in senders for path in prefixes(home.path)[:-1]}
    near = Organ.objects.filter(Q(path__in=places) | Q(parent__path__in=places)).select_related("parent")
    keys = [one.pk for one in near if any(is_above(one, home) for home in senders)]
    return Organ.objects.filter(pk__in=keys)


def _offerable(document: Document, organ: Organ) -> Edition:
    """The newest wording of the organ's own document that is 主动公开."""
    newest = document.editions.order_by("seq").last()
    if document.path != organ.path or document.struck_at is not None or newest is None:
        raise ValidationError({"document": _("请选择本机关的文件。")})
    if newest.attribute != Edition.Attribute.OPEN:
        raise ValidationError({"document": _("该文件的公开属性不是主动公开，不能报送公开。")})
    return newest


def _decide(received: Received, by: Actor, fact: OfferFact, verb: str) -> OfferFact:
    row = _locked(by, received)
    last = _last(row)
    if last is not None and not last.void:
        raise Refused(
            _("这条信息已%(what)s；登记有误的，先撤销那条登记。") % {"what": last.get_outcome_display()}
        )
    if not row.offered_on <= fact.on <= clock.today():
        raise ValidationError({"on": _("日期应在报送日期和今天之间。")})
    fact.supersedes = last
    return _write(by, received, row, fact, verb)


def _locked(by: Actor, received: Received) -> Offer:
    authority.require(by, authority.WORK, REGISTER, received.path)
    return (
        Offer.objects.select_for_update(of=("self",))
        .select_related("organ", "to_organ")
        .get(pk=received.offer_id)
    )


def _last(row: Offer) -> OfferFact | None:
    return row.facts.filter(superseded_by__isnull=True).first()


def _write(by: Actor, received: Received, row: Offer, fact: OfferFact, verb: str) -> OfferFact:
    fact.offer, fact.actor, fact.recorded_at = row, by.key, clock.now()
    fact.clean_fields(exclude=["offer", "supersedes"])
    fact.save()
    row.outcome, row.decided_on = ("", None) if fact.void else (fact.outcome, fact.on)
    row.save(update_fields=["outcome", "decided_on", "path"])
    _log(by, verb, row, received.path, on=fact.on.isoformat())
    return fact


def _log(by: Actor, verb: str, row: Offer, path: str, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=row, path=path, detail=detail)
