"""What can be done with administrative acts: add, end, correct, strike out. Imports of many rows: :mod:`.bulk`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as Amount
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.keyareas.checks import check
from gongkai.keyareas.models import Act, Decision, FeeIncome, PowerItem, Procurement
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

REGISTER = "acts"
A = TypeVar("A", bound=Act)
_OWN_FIELDS = {"id", "organ", "path", "entered_by", "recorded_at", "struck_at", "replaces"}


@transaction.atomic
def add_item(
    *,
    by: Actor,
    organ: Organ,
    row: str,
    name: str,
    added_on: dt.date,
    basis: str = "",
    removed_on: dt.date | None = None,
) -> PowerItem:
    """Enter a kind of power item held since `added_on`. Raises Refused or ValidationError."""
    item = PowerItem(organ=organ, row=row, name=name, basis=basis, added_on=added_on, removed_on=removed_on)
    return _add(by, item)


@transaction.atomic
def remove_item(item: PowerItem, *, by: Actor, on: dt.date) -> PowerItem:
    """The organ no longer holds `item` from the day `on`. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, REGISTER, item.path)
    item = PowerItem.objects.select_for_update().get(pk=item.pk)
    _require_standing(item)
    if item.removed_on is not None:
        raise Refused(_("该事项已经取消；日期有误的，请用“更正”。"))
    item.removed_on = on
    check(item)
    item.save(update_fields=["removed_on", "path"])
    _audit(by, "remove", item, {"on": on.isoformat()})
    return item


@transaction.atomic
def add_decision(
    *, by: Actor, organ: Organ, row: str, number: str, decided_on: dt.date, item: PowerItem | None = None
) -> Decision:
    """Enter one decision; its number is unique in the organ. Raises Refused or ValidationError."""
    return _add(by, Decision(organ=organ, row=row, number=number, decided_on=decided_on, item=item))


@transaction.atomic
def add_fee_income(
    *,
    by: Actor,
    organ: Organ,
    collected_on: dt.date,
    amount_yuan: Amount,
    item: PowerItem | None = None,
    note: str = "",
) -> FeeIncome:
    """Enter fees collected on a day, or refunded (negative), in yuan. 信息处理费 is not entered here: it is counted from
    the fee notices of the requests. Raises Refused or ValidationError."""
    income = FeeIncome(organ=organ, collected_on=collected_on, amount_yuan=amount_yuan, item=item, note=note)
    return _add(by, income)


@transaction.atomic
def add_procurement(
    *, by: Actor, organ: Organ, number: str, title: str, concluded_on: dt.date, amount_yuan: Amount
) -> Procurement:
    """Enter one centralised procurement project. Raises Refused or ValidationError."""
    project = Procurement(
        organ=organ, number=number, title=title, concluded_on=concluded_on, amount_yuan=amount_yuan
    )
    return _add(by, project)


@transaction.atomic
def correct(record: A, *, by: Actor, reason: str, **changes: Any) -> A:
    """Replace a wrong row by a right one: the old one stays, struck out. What pointed at it points at the new one.

    Raises Refused or ValidationError.
    """
    old = _strike(record, by, reason)
    values = {
        field.name: getattr(old, field.name)
        for field in old._meta.concrete_fields
        if field.name not in _OWN_FIELDS
    }
    if unknown := set(changes) - set(values):
        raise ValidationError(_("没有这些栏目：%(names)s。") % {"names": "、".join(sorted(unknown))})
    new = _add(by, type(old)(organ=old.organ, replaces=old, **(values | changes)))
    if isinstance(old, PowerItem) and isinstance(new, PowerItem):
        old.decisions.update(item=new)
        old.income.update(item=new)
    return new


@transaction.atomic
def strike(record: A, *, by: Actor, reason: str) -> A:
    """Strike out a row that should never have been entered: it stays readable and no longer counts."""
    struck = _strike(record, by, reason)
    if isinstance(struck, PowerItem) and (_standing(struck.decisions) or _standing(struck.income)):
        raise Refused(_("该事项下还有处理决定或收费记录，不能划去；请先更正这些记录。"))
    return struck


def _strike(record: A, by: Actor, reason: str) -> A:
    authority.require(by, authority.WORK, REGISTER, record.path)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正原因。")})
    old = type(record)._default_manager.select_for_update().get(pk=record.pk)
    _require_standing(old)
    old.struck_at = clock.now()
    old.save(update_fields=["struck_at", "path"])
    _audit(by, "strike", old, {"reason": reason.strip()})
    return old


def _require_standing(record: Act) -> None:
    if record.struck_at is not None:
        raise Refused(_("这条记录已被划去，请在替换它的记录上办理。"))


def _standing(related: models.Manager[Any]) -> bool:
    return related.filter(struck_at__isnull=True).exists()


def _add(by: Actor, record: A) -> A:
    authority.require(by, authority.WORK, REGISTER, record.organ.path)
    record.entered_by, record.recorded_at = by.key, clock.now()
    record.path = record.organ.path
    check(record)
    record.validate_constraints(exclude=["replaces"])
    record.save()
    _audit(by, "add", record, {})
    return record


def _audit(by: Actor, verb: str, record: Act, detail: dict[str, Any]) -> None:
    audit.record(
        actor=by.key,
        post=by.post,
        verb=f"{record._meta.model_name}.{verb}",
        subject=record,
        path=record.path,
        detail=detail,
    )
