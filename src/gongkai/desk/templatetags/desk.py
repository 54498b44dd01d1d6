"""The desk's own tags."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register import known

register = template.Library()

# Key, label, address; a room whose pages are not installed, or that holds nothing for this person, is not shown.
_NAV = (
    ("today", _("今日"), "desk:today"),
    ("requests", _("依申请"), "desk:requests"),
    ("documents", _("文件"), "desk:register", "documents"),
    ("reviews", _("审签"), "desk:reviews"),
    ("remedies", _("复议诉讼"), "desk:register", "proceedings"),
    ("registers", _("台账"), "desk:registers"),
    ("figures", _("数据"), "desk:figures"),
    ("reports", _("年报"), "desk:reports"),
    ("library", _("年报库"), "desk:library"),
    ("rounds", _("报送"), "desk:rounds"),
    ("settings", _("设置"), "desk:settings"),
)


@register.inclusion_tag("house/nav_items.html", takes_context=True)
def desk_nav(context: Context, here: str = "") -> dict[str, Any]:
    """The desk's rooms; `here` is the key of the present one."""
    who = context["request"].viewer
    closed = known.closed_to(who)
    return {
        "items": [
            (url, label, key == here)
            for key, label, *name in _NAV
            if key not in closed and (url := _url(*name))
        ]
    }


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
