"""Making a document public, taking it back, and correcting what was recorded about it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import attachments, index_numbers
from gongkai.documents.common import authorised, log, required
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import Document, Edition, Release
from gongkai.documents.projection import project
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused


@transaction.atomic
def release(
    document: Document,
    *,
    by: Actor,
    channel: str,
    on: dt.date,
    at: dt.time | None = None,
    carrier: str = "",
    edition: Edition | None = None,
) -> Release:
    """Record that an edition (the newest, unless named) was made public on a day; it is final from then on.

    Only what is 主动公开 may be released. Raises Refused or ValidationError.
    """
    document = authorised(by, document)
    shown = document.editions.get(pk=edition.pk) if edition else document.editions.order_by("seq").last()
    if shown is None or shown.attribute != Edition.Attribute.OPEN:
        raise Refused(_("该文件的公开属性不是主动公开，不能发布。"))
    if rules_of(document.kind).appointments and not document.appointments.exists():
        raise Refused(_("人事任免请先登记任免事项（姓名、任命或免去、职务），再发布。"))
    if reasons := attachments.against_release(shown):
        raise Refused("".join(reasons))
    if not shown.closed:
        shown.closed = True
        shown.save(update_fields=["closed"])
    fact = Release(document=document, edition=shown, channel=channel.strip(), on=on, at=at, carrier=carrier)
    return _write(by, document, fact, "document.release")


@transaction.atomic
def withdraw_release(
    fact: Release, *, by: Actor, on: dt.date, reason: str, onward: Document | None = None
) -> Release:
    """Take a release off its channel from the day `on`; the address then tells why, or leads to the document `onward`.
    Raises Refused or ValidationError."""
    required(reason)
    document = authorised(by, fact.document)
    _require_current(fact)
    if onward is not None and onward.pk == document.pk:
        raise ValidationError({"onward": _("请选择另一份文件。")})
    if fact.until is not None:
        raise Refused(_("该渠道已于%(day)s撤下。") % {"day": fact.until.isoformat()})
    later = _copy(fact, until=on, reason=reason.strip(), onward=onward)
    return _write(by, document, later, "document.withdraw")


@transaction.atomic
def correct_release(
    fact: Release,
    *,
    by: Actor,
    reason: str,
    on: dt.date | None = None,
    channel: str | None = None,
    carrier: str | None = None,
    until: dt.date | None = None,
) -> Release:
    """Replace a wrongly recorded release. Raises Refused or ValidationError."""
    required(reason)
    document = authorised(by, fact.document)
    _require_current(fact)
    wanted = {"on": on, "channel": channel, "carrier": carrier, "until": until}
    changes = {name: value for name, value in wanted.items() if value is not None}
    return _write(by, document, _copy(fact, reason=reason.strip(), **changes), "document.correct_release")


@transaction.atomic
def void_release(fact: Release, *, by: Actor, reason: str) -> Release:
    """The release never happened: take the record back. Raises Refused or ValidationError."""
    required(reason)
    document = authorised(by, fact.document)
    _require_current(fact)
    return _write(by, document, _copy(fact, void=True, reason=reason.strip()), "document.void_release")


def _require_current(fact: Release) -> None:
    if fact.void or Release.objects.filter(supersedes=fact).exists():
        raise Refused(_("这条公开记录已有更新的记录，请在最新的一条上办理。"))


def _copy(fact: Release, **changes: object) -> Release:
    values = {
        name: getattr(fact, name)
        for name in ("document", "edition", "channel", "on", "at", "until", "carrier", "onward")
    }
    return Release(supersedes=fact, **(values | changes))


def _write(by: Actor, document: Document, fact: Release, verb: str) -> Release:
    fact.actor, fact.recorded_at = by.key, clock.now()
    fact.clean_fields(exclude=["document", "edition", "supersedes", "onward"])
    if fact.on > clock.today():
        raise ValidationError({"on": _("公开日期不能晚于今天。")})
    if fact.on < document.made_on:
        raise ValidationError({"on": _("公开日期不能早于成文日期。")})
    if fact.until is not None and fact.until < fact.on:
        raise ValidationError({"until": _("撤下日期不能早于公开日期。")})
    fact.save()
    if not fact.void:
        index_numbers.allot(document)
    project(document)
    log(by, verb, document, release=fact.pk, channel=fact.channel, on=fact.on.isoformat())
    return fact
