"""What can be done with organs. Each function checks who and when, writes the fact and the audit entry.

What can be done with people stands in :mod:`.staffing`, with calendars in :mod:`.calendars`; all are reached from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, numbering
from gongkai.base.fields import within
from gongkai.organs import authority, queries
from gongkai.organs.actors import Actor
from gongkai.organs.authority import MANAGE
from gongkai.organs.calendars import load_calendar
from gongkai.organs.models import Organ, OrganName, Post, Succession
from gongkai.organs.staffing import (
    activate,
    add_person,
    appoint,
    deactivate,
    delegate,
    end_post,
    revoke,
    set_password,
)

__all__ = [
    "PROFILE",
    "activate",
    "add_alias",
    "add_person",
    "appoint",
    "close_organ",
    "create_organ",
    "deactivate",
    "delegate",
    "edit_profile",
    "end_post",
    "load_calendar",
    "rename",
    "revoke",
    "set_password",
    "succeed",
]

DAY = dt.timedelta(days=1)
#: What :func:`edit_profile` may change: how to reach the organ and who reviews it, not what it is.
PROFILE = (
    "region",
    "division_code",
    "credit_code",
    "makes_rules",
    "address",
    "postcode",
    "phones",
    "fax",
    "email",
    "office_hours",
    "review_organ",
    "court",
    "accepts_requests",
)
# Art. 27, 54, 55: a unit answers through its organ; public enterprises and committees have rules of their own.
_NO_ADDRESSEES = (Organ.Kind.UNIT, Organ.Kind.PUBLIC_ENTERPRISE, Organ.Kind.COMMITTEE)
_UNIT_DEPTH = 2  # scope reads units and their own units, no deeper
_RANK = {tier: rank for rank, tier in enumerate(Organ.Tier.values)}


@transaction.atomic
def create_organ(
    *,
    by: Actor,
    code: str,
    name: str,
    kind: str,
    tier: str,
    parent: Organ | None,
    valid_from: dt.date,
    **profile: Any,
) -> Organ:
    """Add an organ below `parent`. Its path is allotted here and never changes. Raises ValidationError, Refused."""
    _require(by, parent.path if parent else "")
    if parent is not None:
        profile.setdefault("region", parent.region)
    profile.setdefault("accepts_requests", kind not in _NO_ADDRESSEES)
    organ = Organ(
        code=code, name=name.strip(), kind=kind, tier=tier, parent=parent, valid_from=valid_from, **profile
    )
    organ.clean_fields(exclude=["path"])
    _check_place(organ)
    organ.path = _next_path(parent)
    organ.validate_unique()
    organ.save(force_insert=True)
    OrganName.objects.create(
        organ=organ, name=organ.name, kind=OrganName.Kind.OFFICIAL, valid_from=valid_from
    )
    _record(by, "organ.create", organ, code=code)
    return organ


def _check_place(organ: Organ) -> None:
    parent = organ.parent
    if organ.valid_to is not None and organ.valid_to < organ.valid_from:
        raise ValidationError({"valid_to": _("撤销日期不能早于成立日期。")})
    if parent is None:
        if organ.kind == Organ.Kind.UNIT:
            raise ValidationError({"parent": _("内设机构必须设在一个机关之内。")})
        return
    if parent.valid_to is not None and parent.valid_to < organ.valid_from:
        raise ValidationError(
            {
                "parent": _("上级“%(name)s”已于 %(day)s 撤销。")
                % {"name": parent.name, "day": parent.valid_to.isoformat()}
            }
        )
    if _RANK[organ.tier] < _RANK[parent.tier]:
        raise ValidationError({"tier": _("层级不能高于上级“%(name)s”。") % {"name": parent.name}})
    if parent.kind == Organ.Kind.UNIT:
        _check_inside_unit(organ, parent)


def _check_inside_unit(organ: Organ, unit: Organ) -> None:
    if organ.kind != Organ.Kind.UNIT:
        raise ValidationError({"parent": _("“%(name)s”是内设机构，其下不能再设机关。") % {"name": unit.name}})
    around: Organ | None = unit
    depth = 1
    while around is not None and around.kind == Organ.Kind.UNIT:
        around, depth = around.parent, depth + 1
    if depth > _UNIT_DEPTH:
        raise ValidationError({"parent": _("内设机构最多设两层。")})


def _next_path(parent: Organ | None) -> str:
    above = parent.path if parent else ""
    return f"{above}{numbering.take(f'path:{above}'):04d}."


@transaction.atomic
def rename(*, by: Actor, organ: Organ, name: str, on: dt.date) -> OrganName:
    """Give `organ` a new official name from `on`; the old one stays on record, and on what was made under it."""
    _require(by, organ.path)
    _lock(organ)
    name = name.strip()
    latest = queries.official_names(organ)[-1]
    if name == latest.name:
        raise ValidationError({"name": _("新名称与现名相同。")})
    if on > clock.today():
        raise ValidationError({"on": _("更名自生效之日起登记，不能提前登记。")})
    if latest.valid_from is not None and on <= latest.valid_from:
        raise ValidationError(
            {"on": _("更名日期应晚于现名启用的日期（%(day)s）。") % {"day": latest.valid_from.isoformat()}}
        )
    if not organ.existed_on(on):
        raise ValidationError({"on": _("该机关在这一天不存在。")})
    row = _add_name(organ, name, OrganName.Kind.OFFICIAL, on, None)
    organ.name = name
    organ.save(update_fields=["name"])
    _record(by, "organ.rename", organ, on=on.isoformat())
    return row


@transaction.atomic
def add_alias(
    *,
    by: Actor,
    organ: Organ,
    name: str,
    kind: str = OrganName.Kind.ALIAS,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> OrganName:
    """Record another name people use: a short name or an alias. It is found by, never printed."""
    _require(by, organ.path)
    name = name.strip()
    if kind not in (OrganName.Kind.SHORT, OrganName.Kind.ALIAS):
        raise ValidationError({"kind": _("别名只能是简称或者别称；正式名称请办理更名。")})
    if valid_from and valid_to and valid_to < valid_from:
        raise ValidationError({"valid_to": _("结束日期不能早于开始日期。")})
    if organ.names.filter(name=name).exists():
        raise ValidationError({"name": _("该机关已有这个名称。")})
    row = _add_name(organ, name, kind, valid_from, valid_to)
    _record(by, "organ.alias", organ, kind=str(kind))
    return row


def _add_name(
    organ: Organ, name: str, kind: str, valid_from: dt.date | None, valid_to: dt.date | None
) -> OrganName:
    row = OrganName(organ=organ, name=name, kind=kind, valid_from=valid_from, valid_to=valid_to)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def edit_profile(*, by: Actor, organ: Organ, **changes: Any) -> Organ:
    """Change contact details, codes, review organ, court and the like (see `PROFILE`)."""
    _require(by, organ.path)
    if unknown := set(changes) - set(PROFILE):
        raise TypeError(f"not part of an organ's profile: {sorted(unknown)}")
    _lock(organ)
    changed = [name for name, value in changes.items() if getattr(organ, name) != value]
    if not changed:
        return organ
    for name in changed:
        setattr(organ, name, changes[name])
    organ.clean_fields(exclude=[field.name for field in organ._meta.fields if field.name not in changed])
    organ.save(update_fields=changed)
    _record(by, "organ.edit", organ, fields=sorted(changed))
    return organ


@transaction.atomic
def succeed(
    *,
    by: Actor,
    predecessors: Iterable[Organ],
    successor: Organ,
    on: dt.date,
    kind: str,
    document: str = "",
) -> list[Succession]:
    """From `on`, `successor` continues the `predecessors`, whose last day is the day before.

    Merger, move (an organ's place in the tree never changes: a moved organ has a successor), conversion and abolition
    alike. Several successors may share a predecessor. Organs still standing below a predecessor must be dealt with
    first. Raises ValidationError, Refused.
    """
    _require(by, successor.path)
    if kind not in Succession.Kind.values:
        raise ValidationError({"kind": _("请选择承继方式。")})
    _lock(successor)
    made = []
    for predecessor in predecessors:
        _require(by, predecessor.path)
        _lock(predecessor)
        _check_succession(predecessor, successor, on)
        if predecessor.valid_to is None:
            _close(by, predecessor, on - DAY)
        row = Succession(
            predecessor=predecessor, successor=successor, on=on, kind=kind, document=document.strip()
        )
        row.full_clean()
        row.save()
        _record(
            by, "organ.succeed", successor, predecessor=predecessor.code, on=on.isoformat(), kind=str(kind)
        )
        made.append(row)
    if not made:
        raise ValidationError({"predecessors": _("请选择被承继的机关。")})
    return made


def _check_succession(predecessor: Organ, successor: Organ, on: dt.date) -> None:
    names = {"old": predecessor.name, "new": successor.name}
    if predecessor.pk == successor.pk:
        raise ValidationError(_("“%(old)s”不能承继自己。") % names)
    if Organ.Kind.UNIT in (predecessor.kind, successor.kind):
        raise ValidationError(_("内设机构不办理承继：工作记录都归所在机关，撤销即可。"))
    if not successor.existed_on(on):
        raise ValidationError({"on": _("承继之日“%(new)s”不存在。") % names})
    if on <= predecessor.valid_from:
        raise ValidationError({"on": _("承继日期应晚于“%(old)s”成立的日期。") % names})
    if predecessor.valid_to is not None and predecessor.valid_to != on - DAY:
        raise ValidationError({"on": _("“%(old)s”已撤销，承继日期应为撤销的次日。") % names})
    if queries.predecessors(predecessor).filter(pk=successor.pk).exists():
        raise ValidationError(_("“%(old)s”本身承继自“%(new)s”，不能反过来承继。") % names)


@transaction.atomic
def close_organ(*, by: Actor, organ: Organ, on: dt.date) -> Organ:
    """Record that `organ` ended without a successor; `on` is its last day. Only those above see its records then."""
    _require(by, organ.path)
    _lock(organ)
    if organ.valid_to is not None:
        raise ValidationError(
            _("“%(name)s”已于 %(day)s 撤销。") % {"name": organ.name, "day": organ.valid_to.isoformat()}
        )
    _close(by, organ, on)
    return organ


def _close(by: Actor, organ: Organ, last: dt.date) -> None:
    """Set the last day of an organ and its units, and end the posts there."""
    if last < organ.valid_from:
        raise ValidationError({"on": _("撤销日期不能早于成立日期。")})
    still = (Q(valid_to__isnull=True) | Q(valid_to__gt=last)) & within("path", organ.path)
    below = Organ.objects.filter(still).exclude(pk=organ.pk)
    standing = list(below.exclude(kind=Organ.Kind.UNIT).values_list("name", flat=True)[:3])
    if standing:
        raise ValidationError(
            _("“%(name)s”还有下级机关（%(below)s 等），请先办理它们的撤销或者承继。")
            % {"name": organ.name, "below": "、".join(standing)}
        )
    closing = [organ, *below]
    posts = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last), organ__in=closing)
    ended = posts.filter(valid_from__lte=last).update(valid_to=last)
    below.update(valid_to=last)
    organ.valid_to = last
    organ.save(update_fields=["valid_to"])
    _record(by, "organ.close", organ, on=last.isoformat(), posts_ended=ended, units=len(closing) - 1)


def _require(by: Actor, path: str) -> None:
    authority.require(by, MANAGE, "organs", path, _("只有负责该机关的运维岗可以办理机关设置。"))


def _lock(organ: Organ) -> None:
    """Hold the row for this transaction and see it as it is now."""
    organ.refresh_from_db(from_queryset=Organ.objects.select_for_update())


def _record(by: Actor, verb: str, organ: Organ, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=organ, path=organ.path, detail=detail)
