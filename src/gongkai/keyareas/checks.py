"""What must be true of a row before it is kept; the same for entry by hand, correction and import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.keyareas.models import Act, Decision, FeeIncome, PowerItem, Procurement, Row


def check(record: Act) -> None:
    """Raises ValidationError with a sentence per field. Asks the database only for the item a row belongs to."""
    record.clean_fields(exclude=["organ", "path", "replaces"])
    _CHECKS[type(record)](record)


def _item(record: PowerItem) -> None:
    if record.removed_on is not None and record.removed_on < record.added_on:
        raise ValidationError({"removed_on": _("取消日期不能早于设立日期。")})


def _decision(record: Decision) -> None:
    _not_ahead("decided_on", record.decided_on)
    if record.item is not None and (record.item.organ_id != record.organ_id or record.item.row != record.row):
        raise ValidationError({"item": _("所选事项不是本机关这一类别的事项。")})


def _income(record: FeeIncome) -> None:
    _not_ahead("collected_on", record.collected_on)
    if record.amount_yuan == 0:
        raise ValidationError({"amount_yuan": _("金额不能为零；退费请填负数。")})
    if record.item is not None and (record.item.organ_id != record.organ_id or record.item.row != Row.FEES):
        raise ValidationError({"item": _("所选事项不是本机关的收费项目。")})


def _procurement(record: Procurement) -> None:
    _not_ahead("concluded_on", record.concluded_on)
    if record.amount_yuan <= 0:
        raise ValidationError({"amount_yuan": _("采购金额应大于零。")})


def _not_ahead(field: str, day: dt.date) -> None:
    if day > clock.today():
        raise ValidationError({field: _("日期不能晚于今天。")})


_CHECKS: dict[type[Act], Callable[[Any], None]] = {
    PowerItem: _item,
    Decision: _decision,
    FeeIncome: _income,
    Procurement: _procurement,
}
