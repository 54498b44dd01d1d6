"""How values are written: in a cell of the page, and in a cell of an export."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Model
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongkai.desk.register.declare import State


def shown(value: Any) -> str | SafeString:
    """As the page shows it; nothing for nothing."""
    if isinstance(value, State):
        return mark_safe(_state_template().render({"state": value}))  # noqa: S308 - the template escapes
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return conditional_escape(exported(value))


@cache
def _state_template() -> Any:
    return get_template("desk/register/state.html")


def exported(value: Any) -> Any:
    """As an exported cell holds it: numbers and dates stay what they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, State):
        return str(value.word)
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Model | Promise):
        return str(value)
    return value


def number(value: Decimal) -> str:
    """``1,300`` or ``0.13``: no zeros that say nothing, money's two places kept when there are any."""
    whole = value.to_integral_value()
    if value == whole:
        return f"{whole:,}"
    text = f"{value:,f}".rstrip("0")
    return text + "0" * max(0, 2 - len(text.partition(".")[2]))
