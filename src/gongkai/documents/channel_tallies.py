"""Releases that only their number is known of: dated counts by organ, channel and account (05 §6)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import tallies as rules
from gongkai.base.measures import Period
from gongkai.base.models import Tally
from gongkai.base.tallies import UNTOLD
from gongkai.documents import channels
from gongkai.documents.models import Account, Channel, Release
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

RELEASES, COPIES, EVENTS = "channels.releases", "channels.copies", "channels.events"
DOCUMENTS = "channels.documents"
COUNTED = (RELEASES, COPIES, EVENTS)  # what `count_releases` records
MEASURES = (*COUNTED, DOCUMENTS)


@transaction.atomic
def count_releases(
    *,
    by: Actor,
    organ: Organ,
    channel: Channel | str,
    period: Period,
    releases: int | None = None,
    copies: int | None = None,
    events: int | None = None,
    account: Account | str | None = None,
    kind: str = "",
    form: str = "",
    group: str = "",
    note: str = "",
) -> list[Tally]:
    """Record how often `organ` released on a channel in a period that is over, and how many copies and events there were,
    of what it does not record one by one. One tally for each number given; `group` is a code of 组配分类. Raises Refused or ValidationError."""
    on = channels.find(channel, organ.path, period.end)
    held = channels.account_of(account, organ.path, on, period.end)
    dimensions = {
        "channel": on.key,
        "account": str(held.pk) if held else UNTOLD,
        "kind": kind or UNTOLD,
        "form": form or UNTOLD,
        "group": group or UNTOLD,
    }
    given = {RELEASES: releases, COPIES: copies, EVENTS: events}
    if all(value is None for value in given.values()):
        raise ValidationError({"releases": _("请至少填写条次、份数、场次中的一项。")})
    return [
        tallies.record_tally(
            by=by, organ=organ, measure=key, dimensions=dimensions, period=period, value=value, note=note
        )
        for key, value in given.items()
        if value is not None
    ]


def month(text: str) -> Period:
    """The month written ``2019-03``, ``2019年3月`` or ``201903``. Raises ValueError with a sentence for the page."""
    digits = text.strip().replace("年", "-").replace("月", "").replace("/", "-").replace(".", "-")
    year, _dash, number = digits.partition("-") if "-" in digits else (digits[:4], "", digits[4:])
    try:
        return Period.month(int(year), int(number))
    except ValueError:
        raise ValueError(_("“%(text)s”不是月份，请写成 2019-03。") % {"text": text[:20]}) from None


def refuse_if_counted(fact: Release) -> None:
    """Raises ValidationError when a count that speaks for this release, or its document, covers the day: it is in there
    already, and would count twice. Nobody counts for the organ until the transaction ends."""
    rules.hold(fact.document.organ)
    counts = Tally.objects.filter(
        path=fact.document.path,
        measure__in=measures_of(fact),
        value__isnull=False,
        superseded_by__isnull=True,
        period_from__lte=fact.on,
        period_to__gte=fact.on,
    ).order_by("pk")
    own = dimensions_of(fact)
    counted = next((one for one in counts if rules.speaks_for(one.dimensions, own)), None)
    if counted is not None:
        of_documents = counted.measure == DOCUMENTS
        raise ValidationError(
            _(
                "%(what)s在%(from)s至%(to)s已按数填报，逐条登记会重复计数；请先在“填报数字”中更正或撤回那个数。"
            )
            % {
                "what": _("公开信息件数") if of_documents else fact.channel.name,
                "from": counted.period_from,
                "to": counted.period_to,
            }
        )


def measures_of(fact: Release) -> list[str]:
    """The measures a release adds to."""
    amounts = {COPIES: fact.copies, EVENTS: fact.events}
    return [RELEASES, DOCUMENTS, *(key for key, amount in amounts.items() if amount is not None)]


def dimensions_of(fact: Release) -> dict[str, str]:
    """The values of the dimensions a release is counted under."""
    return {
        "category": fact.channel.category,
        "channel": fact.channel.key,
        "account": str(fact.account_id) if fact.account_id else UNTOLD,
        "kind": fact.document.kind,
        "form": fact.form or UNTOLD,
        "group": fact.document.group.code if fact.document.group else UNTOLD,
    }
