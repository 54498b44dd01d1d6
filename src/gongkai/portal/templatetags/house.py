"""The tags both portal and desk write with: dates, money, state words, form errors, navigation, statutory tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.forms.grid import Grid, GridCell
from gongkai.forms.shape import Form
from gongkai.forms.values import Value, number_text
from gongkai.law.wording import zh_date

register = template.Library()

# State is never colour alone: a shape stands before every word.
SHAPES = {"open": "●", "soon": "■", "over": "▲", "done": "✓", "unknown": "?"}


# --- words -----------------------------------------------------------------------------------------------------------


@register.filter
def cndate(day: dt.date | dt.datetime | None) -> str:
    """2022年12月30日; nothing for no date."""
    return "" if day is None else zh_date(_local(day))


@register.filter
def tabledate(day: dt.date | dt.datetime | None) -> str:
    """2022-12-30, for tables."""
    return "" if day is None else _local(day).isoformat()


@register.filter
def cntime(moment: dt.datetime | None) -> str:
    """2022年12月30日 09:05."""
    return "" if moment is None else f"{cndate(moment)} {timezone.localtime(moment):%H:%M}"


def _local(day: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(day).date() if isinstance(day, dt.datetime) else day


@register.filter
def yuan(amount: int | Decimal | None) -> str:
    """1300 → ``1,300元``."""
    return "" if amount is None else _("%(amount)s元") % {"amount": f"{amount:,}"}


@register.filter
def cnordinal(number: int) -> str:
    """1 → ``（一）``, as sub-headings are numbered; up to ten."""
    return f"（{'一二三四五六七八九十'[number - 1]}）"


@register.filter
def masked(text: str | None) -> str:
    """Somebody's name with all but the first character hidden: ``张**``."""
    return "" if not text else text[0] + "*" * min(len(text) - 1, 2)


@register.filter
def filesize(size: int) -> str:
    """A file's size as people say it."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


@register.simple_tag
def state(kind: str, word: str) -> SafeString:
    """A state word with its shape. `kind` is open, soon, over, done or unknown."""
    return format_html(
        '<span class="state state--{}"><span class="state__shape" aria-hidden="true">{}</span>{}</span>',
        kind,
        SHAPES[kind],
        word,
    )


# --- forms -----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("house/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """All errors of a form at the top of the page, each a link to its field."""
    if form is None or not form.is_bound or not form.errors:
        return {"problems": []}
    problems = [("", error) for error in form.non_field_errors()]
    for field in form:
        problems.extend((_anchor(field), error) for error in field.errors)
    return {"problems": problems, "count": len(problems)}


def _anchor(field: Any) -> str:
    # Radio buttons and check boxes have no element of their own name: the first choice takes the focus.
    return field.id_for_label or f"{field.auto_id}_0"


# --- navigation ------------------------------------------------------------------------------------------------------

_PORTAL_NAV = (
    ("home", gettext_lazy("首页"), "portal:home"),
    ("organs", gettext_lazy("政府信息公开"), "portal:organs"),
    ("policies", gettext_lazy("政策文件"), "portal:policies"),
    ("apply", gettext_lazy("依申请公开"), "portal:apply-where"),
    ("track", gettext_lazy("查进度"), "portal:track"),
    ("reports", gettext_lazy("年报"), "portal:reports"),
)


@register.inclusion_tag("house/nav_items.html")
def portal_nav(here: str = "") -> dict[str, Any]:
    """The portal's main columns; `here` is the key of the present one."""
    return {"items": [(reverse(name), label, key == here) for key, label, name in _PORTAL_NAV]}


# --- statutory tables ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """One cell of a statutory table, ready to be written: a heading, a fixed text, or a figure with its link."""

    cell: GridCell
    text: str
    href: str = ""
    label: str = ""
    css: str = ""


@register.inclusion_tag("house/statutory_table.html")
def statutory_table(
    form: Form,
    grid: Grid,
    figures: Mapping[str, Value],
    caption: str,
    links: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A table as on the form. `links` maps a cell to the address its figure opens; unknown figures are hatched."""
    return {
        "caption": caption,
        "lines": [[_printed(form, cell, figures, links or {}) for cell in line] for line in grid],
        "narrow": max(sum(cell.colspan for cell in line) for line in grid) <= 4,
    }


def _printed(form: Form, cell: GridCell, figures: Mapping[str, Value], links: Mapping[str, str]) -> Printed:
    if not cell.path:
        return Printed(cell, cell.text)
    value = figures[cell.path]
    words, css = figure_words(value)
    link = links.get(cell.path, "")
    opens = _("，查看所统计的记录") if link else ""
    return Printed(cell, words, link, f"{form.cell(cell.path).label}：{words}{opens}", css)


def figure_words(value: Value) -> tuple[str, str]:
    """What stands in the cell and its class: a number as printed, "至少 3", or the word for why there is none."""
    if value.number is not None:
        return number_text(value.number), ""
    if value.at_least:  # "at least 0" says nothing
        return _("至少 %(number)s") % {"number": number_text(value.at_least)}, "unknown"
    words = {"blank": _("空白"), "unread": _("未读出"), "unknown": _("未知")}
    return words[value.state.value], "unknown"


@register.simple_tag
def figure(value: Value) -> SafeString:
    """One figure alone: the number, or hatched why there is none."""
    words, css = figure_words(value)
    return format_html('<span class="{}">{}</span>', css or "num", words)


_SOURCES = {
    "own": gettext_lazy("本机关的记录"),
    "frozen": gettext_lazy("已签发的年度报告"),
    "live": gettext_lazy("按记录即时汇总"),
    "imported": gettext_lazy("整份导入的年度报告"),
}


@register.simple_tag
def contribution_source(source: str) -> str:
    """Where a line of a consolidated report comes from, in words."""
    return str(_SOURCES[source])
