"""The channels documents are released on, shipped as data and changed by the operator; and the accounts organs keep there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.base.fields import prefixes
from gongkai.documents.channel_models import Account, Channel
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import COMMON

SHIPPED_FROM = dt.date(2008, 5, 1)  # the day the regulation first took effect
WEBSITE = "government_website"  # the shipped channel this installation itself publishes on


def ensure_shipped_channels(model: Any = Channel) -> int:
    """Add the shipped channels whose code the table does not have yet; what an office changed stays. Returns how many."""
    known = set(model.objects.values_list("key", flat=True))
    text = (resources.files("gongkai.documents") / "data" / "channels.json").read_text("utf-8")
    missing = [line for line in json.loads(text) if line["key"] not in known]
    for line in missing:
        model.objects.create(valid_from=SHIPPED_FROM, **line)
    return len(missing)


def dated(day: dt.date) -> Q:
    """The condition that a channel is in use on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def offered(path: str, day: dt.date) -> QuerySet[Channel]:
    """The channels an organ may release on: those of all, its own, and those of the organs above it."""
    return Channel.objects.filter(_for_use_at([path]), dated(day))


def known(paths: Iterable[str], day: dt.date) -> QuerySet[Channel]:
    """The channels organs may use on `day` or could before, each as it was worded last: what is recorded late names
    one of these, and :func:`find` judges the day."""
    begun = Channel.objects.filter(valid_from__lte=day)
    later = begun.filter(key=OuterRef("key"), valid_from__gt=OuterRef("valid_from"))
    return begun.filter(_for_use_at(paths), ~Exists(later))


def find(given: Channel | str, path: str, day: dt.date) -> Channel:
    """The channel named by code or name, or by any of its wordings, as the organ at `path` may use it on `day`. Raises
    ValidationError."""
    rows = offered(path, day)
    if isinstance(given, Channel):
        found = rows.filter(key=given.key).first()
    else:
        name = given.strip()
        found = best(rows.filter(Q(key=name) | Q(name=name)), name)
    if found is None:
        raise ValidationError(
            {"channel": _("%(day)s没有渠道“%(name)s”，请在渠道表中选择。") % {"day": day, "name": given}}
        )
    return found


def best(rows: Iterable[Channel], text: str) -> Channel | None:
    """Of the channels called `text`: the one of that code, else an organ's own before a common one of the same name."""
    return max(rows, key=lambda one: (one.key == text, one.organ_id or 0), default=None)


@transaction.atomic
def add_channel(
    *,
    by: Actor,
    name: str,
    category: str,
    valid_from: dt.date,
    key: str = "",
    offline: bool = False,
    organ: Organ | None = None,
) -> Channel:
    """A new channel, for all or for one organ and those below it; or, with the code of a present one, its next wording:
    the present one then ends the day before. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "classifications", COMMON)
    channel = Channel(
        key=key.strip(),
        name=name.strip(),
        category=category,
        valid_from=valid_from,
        offline=offline,
        organ=organ,
    )
    if not channel.key:
        channel.key = _free_key()
    channel.clean_fields(exclude=["organ"])
    for present in Channel.objects.filter(key=channel.key):
        if present.valid_from >= valid_from or (present.valid_to and present.valid_to >= valid_from):
            raise ValidationError({"key": _("这个代码在该日期已有渠道，请先写明它使用到哪一天。")})
        if present.valid_to is None:
            present.valid_to = valid_from - dt.timedelta(days=1)
            present.save(update_fields=["valid_to"])
    same = Channel.objects.filter(name=channel.name, organ=organ).filter(dated(valid_from))
    if same.exclude(key=channel.key).exists():
        raise ValidationError({"name": _("已有同名的渠道。")})
    channel.save()
    _log(by, "channel.add", channel, COMMON, key=channel.key, name=channel.name, category=category)
    return channel


@transaction.atomic
def end_channel(channel: Channel, *, by: Actor, on: dt.date) -> Channel:
    """Offer the channel no longer after the day `on`; releases on it stay. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "classifications", COMMON)
    channel = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    if channel.valid_to is not None:
        raise Refused(_("该渠道使用到%(day)s。") % {"day": channel.valid_to.isoformat()})
    if on < channel.valid_from:
        raise ValidationError({"on": _("停用日期不能早于启用日期。")})
    channel.valid_to = on
    channel.save(update_fields=["valid_to"])
    _log(by, "channel.end", channel, COMMON, on=on.isoformat())
    return channel


@transaction.atomic
def open_account(
    *, by: Actor, organ: Organ, channel: Channel | str, name: str, opened_on: dt.date, address: str = ""
) -> Account:
    """Register an organ's account on a channel. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, "documents", organ.path)
    if opened_on > clock.today():
        raise ValidationError({"opened_on": _("开通日期不能晚于今天。")})
    account = Account(
        organ=organ,
        path=organ.path,
        channel=find(channel, organ.path, clock.today()),
        name=name.strip(),
        address=address.strip(),
        opened_on=opened_on,
    )
    account.clean_fields(exclude=["organ", "path", "channel"])
    if _twins(account).exists():
        raise ValidationError({"name": _("该渠道上已登记同名账号。")})
    account.save()
    _log(by, "account.open", account, account.path, channel=account.channel.key, name=account.name)
    return account


@transaction.atomic
def correct_account(
    account: Account, *, by: Actor, name: str, opened_on: dt.date, address: str = "", reason: str
) -> Account:
    """Correct how an account was registered, or follow its new name. Raises Refused or ValidationError."""
    account = _held(by, account)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    before = {one: str(getattr(account, one)) for one in ("name", "opened_on", "address")}
    account.name, account.opened_on, account.address = name.strip(), opened_on, address.strip()
    account.clean_fields(exclude=["organ", "path", "channel"])
    if opened_on > clock.today() or (account.closed_on and opened_on > account.closed_on):
        raise ValidationError({"opened_on": _("开通日期不能晚于今天或者停用日期。")})
    if account.closed_on is None and _twins(account).exists():
        raise ValidationError({"name": _("该渠道上已登记同名账号。")})
    account.save()
    _log(by, "account.correct", account, account.path, before=before, reason=reason.strip())
    return account


@transaction.atomic
def close_account(account: Account, *, by: Actor, on: dt.date, reason: str) -> Account:
    """The account is used no longer after the day `on`. Raises Refused or ValidationError."""
    account = _held(by, account)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    if account.closed_on is not None:
        raise Refused(_("该账号已于%(day)s停用。") % {"day": account.closed_on.isoformat()})
    if not account.opened_on <= on <= clock.today():
        raise ValidationError({"on": _("停用日期应在开通日期和今天之间。")})
    account.closed_on = on
    account.save(update_fields=["closed_on", "path"])
    _log(by, "account.close", account, account.path, on=on.isoformat(), reason=reason.strip())
    return account


def account_of(given: Account | str | None, path: str, channel: Channel, day: dt.date) -> Account | None:
    """The organ's account on this channel on `day`, given itself or by name. Raises ValidationError."""
    if not given:
        return None
    rows = Account.objects.filter(path=path, channel__key=channel.key)
    found = rows.filter(pk=given.pk) if isinstance(given, Account) else rows.filter(name=given.strip())
    if not found.exists():
        raise ValidationError(
            {
                "account": _("本机关在“%(channel)s”上没有账号“%(name)s”。")
                % {"channel": channel, "name": given}
            }
        )
    open_then = Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gte=day))
    account = found.filter(open_then).order_by("-pk").first()
    if account is None:
        raise ValidationError(
            {"account": _("该日期账号“%(name)s”没有开通，或者已经停用。") % {"name": given}}
        )
    return account


def _twins(account: Account) -> QuerySet[Account]:
    """The organ's other open accounts of the same name on the same channel, however that was worded."""
    rows = Account.objects.filter(path=account.path, channel__key=account.channel.key, closed_on=None)
    return rows.filter(name=account.name).exclude(pk=account.pk)


def _held(by: Actor, account: Account) -> Account:
    authority.require(by, authority.WORK, "documents", account.path)
    return (
        Account.objects.select_for_update(of=("self",)).select_related("organ", "channel").get(pk=account.pk)
    )


def _for_use_at(paths: Iterable[str]) -> Q:
    """The condition that a channel is for organs at `paths`: one of all, their own, or one of an organ above them."""
    return Q(organ__isnull=True) | Q(organ__path__in={above for path in paths for above in prefixes(path)})


def _free_key() -> str:
    number = Channel.objects.count() + 1
    while Channel.objects.filter(key=f"own-{number}").exists():
        number += 1
    return f"own-{number}"


def _log(by: Actor, verb: str, subject: Channel | Account, path: str, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=subject, path=path, detail=detail)
