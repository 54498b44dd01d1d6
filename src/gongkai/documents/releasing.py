"""Making a document public, taking it back, and correcting what was recorded about it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import attachments, gate, index_numbers
from gongkai.documents.checks import check_openness, check_release
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

    Only what is 主动公开 may be released, and, where the organ is bound to review, what was reviewed. Raises Refused or ValidationError.
    """
    document = authorised(by, document)
    chosen = document.editions.get(pk=edition.pk) if edition else document.editions.order_by("seq").last()
    named = rules_of(document.kind).appointments and document.appointments.exists()
    shown = check_openness(document, chosen, names_posts=named)
    if reasons := [*gate.against_release(document, shown, on), *attachments.against_release(shown)]:
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
    if on is not None and (reasons := gate.against_moving(document, fact.edition, fact.on, on)):
        raise Refused("".join(reasons))
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
    check_release(document, fact)
    fact.save()
    if not fact.void:
        index_numbers.allot(document)
    project(document)
    log(by, verb, document, release=fact.pk, channel=fact.channel, on=fact.on.isoformat())
    return fact
