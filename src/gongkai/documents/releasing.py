"""Making a document public, taking it back, and correcting what was recorded about it."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import attachments, channel_tallies, channels, chronicle, gate, index_numbers
from gongkai.documents.checks import check_openness, check_release
from gongkai.documents.common import authorised, log, required
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import CURRENT, Account, Channel, Document, Edition, Release
from gongkai.documents.projection import project
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused

_MORE = frozenset({"account", "form", "copies", "place", "events"})


@transaction.atomic
def release(
    document: Document,
    *,
    by: Actor,
    channel: Channel | str,
    on: dt.date,
    at: dt.time | None = None,
    carrier: str = "",
    edition: Edition | None = None,
    account: Account | str | None = None,
    form: str = "",
    copies: int | None = None,
    place: str = "",
    events: int | None = None,
) -> Release:
    """Record that an edition (the newest, unless named) was made public on a day; it is final from then on.

    A channel is given itself, by code or by name; an account of the organ on it, itself or by name. `carrier` is the
    address or the medium; copies, place and number of events are for what happens off the net.

    Only what is 主动公开 may be released, and, where the organ is bound to review, what was reviewed. Raises Refused or ValidationError.
    """
    document = authorised(by, document)
    chosen = document.editions.get(pk=edition.pk) if edition else document.editions.order_by("seq").last()
    shown = require_releasable(document, chosen, on, by)
    if not shown.closed:
        shown.closed = True
        shown.save(update_fields=["closed"])
    on_channel = channels.find(channel, document.path, on)
    fact = Release(
        document=document,
        edition=shown,
        channel=on_channel,
        account=channels.account_of(account, document.path, on_channel, on),
        form=form,
        on=on,
        at=at,
        carrier=carrier.strip(),
        copies=copies,
        place=place.strip(),
        events=events,
    )
    channel_tallies.refuse_if_counted(fact)
    return _write(by, document, fact, "document.release")


class Against(NamedTuple):
    """What speaks against making an edition public, in words: of its openness, its review, its files."""

    openness: str = ""
    review: str = ""
    files: str = ""


def against(document: Document, edition: Edition | None, on: dt.date, by: Actor | None = None) -> Against:
    """What speaks against `by` (somebody who is not of 公开办, unless named) making the edition public on `on`."""
    named = rules_of(document.kind).appointments and document.appointments.exists()
    try:
        shown = check_openness(document, edition, names_posts=named)
        if rules_of(document.kind).by_date:
            chronicle.entries(shown.body, document.made_on)
    except Refused as refused:
        return Against(openness=str(refused))
    except ValidationError as error:
        return Against(openness="".join(error.messages))
    return Against(
        review="".join(gate.against_release(document, shown, on, by)),
        files="".join(attachments.against_release(shown)),
    )


def require_releasable(document: Document, edition: Edition | None, on: dt.date, by: Actor) -> Edition:
    """The edition, if `by` may make it public on `on`. Raises Refused."""
    reasons = "".join(against(document, edition, on, by))
    if edition is None or reasons:
        raise Refused(reasons)
    return edition


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
def withdraw_everywhere(
    document: Document, *, by: Actor, on: dt.date, reason: str, onward: Document | None = None
) -> list[Release]:
    """Take the document off every channel that still shows it; without this it stays public through the others. Raises
    Refused or ValidationError."""
    document = authorised(by, document)
    shown = document.releases.filter(CURRENT, until__isnull=True).select_related("document", "channel")
    if not shown:
        raise Refused(_("该文件现在没有在任何渠道公开。"))
    return [withdraw_release(fact, by=by, on=on, reason=reason, onward=onward) for fact in shown]


@transaction.atomic
def correct_release(
    fact: Release,
    *,
    by: Actor,
    reason: str,
    on: dt.date | None = None,
    channel: Channel | str | None = None,
    carrier: str | None = None,
    until: dt.date | None = None,
    **more: Any,
) -> Release:
    """Replace a wrongly recorded release. Of account, form, copies, place and events, those given are replaced too, and
    None or "" empties them. Raises Refused or ValidationError."""
    required(reason)
    if strangers := set(more) - _MORE:
        raise TypeError(f"not part of a release: {', '.join(sorted(strangers))}")
    document = authorised(by, fact.document)
    _require_current(fact)
    wanted = {"on": on, "carrier": carrier, "until": until}
    changes: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None} | more
    day = on or fact.on
    if channel is not None or on is not None:
        changes["channel"] = channels.find(channel or fact.channel, document.path, day)
    on_channel = changes.get("channel", fact.channel)
    account = changes.get("account", fact.account if on_channel.key == fact.channel.key else None)
    changes["account"] = channels.account_of(account, document.path, on_channel, day)
    reasons = gate.against_moving(document, fact.edition, fact.on, day, by)
    if until is not None and fact.until is not None and until > fact.until:  # it is shown again
        reasons = reasons or gate.against_release(document, fact.edition, until, by)
    if reasons:
        raise Refused("".join(reasons))
    corrected = _copy(fact, reason=reason.strip(), **changes)
    channel_tallies.refuse_if_counted(corrected)
    return _write(by, document, corrected, "document.correct_release")


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
        for name in ("document", "edition", "channel", "on", "at", "until", "carrier", "onward", *_MORE)
    }
    return Release(supersedes=fact, **(values | changes))


def _write(by: Actor, document: Document, fact: Release, verb: str) -> Release:
    fact.actor, fact.recorded_at = by.key, clock.now()
    check_release(document, fact)
    fact.save()
    if not fact.void:
        index_numbers.allot(document)
    project(document)
    log(by, verb, document, release=fact.pk, channel=fact.channel.key, on=fact.on.isoformat())
    return fact
