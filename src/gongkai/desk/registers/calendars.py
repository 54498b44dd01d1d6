"""工作日历: the years loaded over the shipped ones, and a word in time when next year's is missing."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, imports, tables
from gongkai.base.imports import Report
from gongkai.desk.register.declare import Action, Column, Importer, Register, Text
from gongkai.desk.register.filters import search
from gongkai.desk.register.forms import ActionForm
from gongkai.organs import actions, calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import CalendarYear, Organ
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import MANAGE, Viewer

_REQUIRED = ("日期", "类型")
_OPTIONAL = ("地区", "依据", "数据版本")
_KINDS = {"放假": "off", "休息": "off", "上班": "work", "调休上班": "work"}
_SPAN = re.compile(r"\s*(?:至|到|~|～|—+)\s*")
_LONGEST = 31


class DaysField(forms.CharField):
    """Days pasted from a notice, in lines or parted by commas; ``2026-02-15 至 2026-02-23`` is every day between."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[dt.date]:
        text = super().clean(value)
        return [
            day for part in re.split(r"[\n,，、;；]+", text) if part.strip() for day in _days(part.strip())
        ]


def _days(text: str) -> list[dt.date]:
    try:
        first, *rest = [tables.parse_date(end.strip()) for end in _SPAN.split(text)]
    except ValueError as error:
        raise ValidationError(str(error)) from error
    last = rest[0] if rest else first
    if first is None or last is None or len(rest) > 1 or not 0 <= (last - first).days < _LONGEST:
        raise ValidationError(
            _g("“%(text)s”不是一段日期，请写作 2026-02-15 至 2026-02-23。") % {"text": text[:40]}
        )
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


class _Load(ActionForm):
    region = forms.CharField(
        label=_("地区"), max_length=20, initial=calendars.NATIONWIDE, help_text=_("CN 为全国")
    )
    year = forms.IntegerField(label=_("年份"), min_value=1990, max_value=2100)
    off_days = DaysField(
        label=_("放假日"), help_text=_("一行一天或一段，如 2026-02-15 至 2026-02-23；周末也可写上")
    )
    extra_workdays = DaysField(label=_("调休上班日"), required=False, help_text=_("放假通知里的周末上班日"))
    source = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("放假通知的标题和文号")
    )
    version = forms.CharField(
        label=_("数据版本"), max_length=60, required=False, help_text=_("没有通知、取自数据集时填写")
    )


def _notices(who: Viewer) -> list[Text]:
    """Whether this year and the next are loaded, for every region the organs in scope name; one sentence a gap."""
    today = clock.today()
    regions = set(Organ.objects.order_by().values_list("region", flat=True).distinct()) | {
        calendars.NATIONWIDE
    }
    found: list[Text] = []
    for region in sorted(regions):
        years = calendars.for_region(region).years
        name = _g("全国") if region == calendars.NATIONWIDE else region
        for year in (today.year, today.year + 1):
            if year not in years:
                found.append(
                    _g(
                        "%(region)s %(year)d 年的工作日历还没有载入：到期日落在这一年的，暂时算不出来。国务院办公厅的放假通知一般在上年 11 月发布。"
                    )
                    % {"region": name, "year": year}
                )
    return found


def _load_sheet(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
    """One day per row; all rows of a region's year together replace that year."""
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(lambda: {"off": [], "work": [], "rows": []})

    def each(number: int, row: dict[str, str]) -> None:
        day, kind = _row(row)
        year = found[row.get("地区") or calendars.NATIONWIDE, day.year]
        year[kind].append(day)
        year["rows"].append(number)
        year.setdefault("source", row.get("依据", ""))
        year.setdefault("version", row.get("数据版本", ""))

    def finish(report: Report) -> None:
        for (region, number), year in found.items():
            report.errors += imports.attempt(
                year["rows"][0],
                lambda region=region, number=number, year=year: actions.load_calendar(  # type: ignore[misc]
                    by=by,
                    region=region,
                    year=number,
                    off_days=year["off"],
                    extra_workdays=year["work"],
                    source=year["source"],
                    version=year["version"],
                ),
                _FIELDS,
                (Refused,),
            )

    rows = tables.read(content, name, required=_REQUIRED, optional=_OPTIONAL)
    return imports.run(rows, each, dry_run=dry_run, columns=_FIELDS, refusals=(Refused,), finish=finish)


_FIELDS = {"day": "日期", "kind": "类型", "source": "依据", "version": "数据版本", "off_days": "日期"}


def _row(row: dict[str, str]) -> tuple[dt.date, str]:
    try:
        day = tables.parse_date(row["日期"])
    except ValueError as error:
        raise ValidationError({"day": str(error)}) from error
    if day is None:
        raise ValidationError({"day": _g("不能为空。")})
    if row["类型"] not in _KINDS:
        raise ValidationError({"kind": _g("“%(text)s”应为“放假”或者“上班”。") % {"text": row["类型"][:20]}})
    return day, _KINDS[row["类型"]]


def _listed(days: list[str]) -> str:
    return "、".join(days)


CALENDARS = Register(
    key="calendars",
    model=CalendarYear,
    title=_("工作日历"),
    unit=_("年"),
    group=_("设置"),
    section="settings",
    explain=_("系统自带 2004 至 2026 年的全国日历；这里是本机关载入、优先于自带的年份"),
    label=lambda row: f"{row.region} {row.year}",
    order=["-year", "region"],
    columns=[
        Column("year", link=True, value=lambda row: str(row.year)),
        Column("region"),
        Column("off", _("放假"), value=lambda row: len(row.off_days), number=True),
        Column("work", _("调休上班"), value=lambda row: len(row.extra_workdays), number=True),
        Column("source", wide=True),
        Column("version"),
    ],
    filters=[search("source", "region")],
    facts=[
        Column("year", value=lambda row: str(row.year)),
        Column("region"),
        Column("off_days", value=lambda row: _listed(row.off_days)),
        Column("extra_workdays", value=lambda row: _listed(row.extra_workdays)),
        Column("source"),
        Column("version"),
    ],
    actions=[
        Action(
            "load",
            _("载入一年"),
            lambda by, row, data: actions.load_calendar(by=by, **data),
            form=_Load,
            verb=MANAGE,
            new=True,
            common=True,
            explain=_("已有的年份会被替换，各件的到期日随之重算。"),
        )
    ],
    importer=Importer(
        load=_load_sheet,
        required=_REQUIRED,
        optional=_OPTIONAL,
        verb=MANAGE,
        explain=_("一行一天，类型写“放假”或“上班”。同一年的各行合起来替换这一年。"),
    ),
    notices=_notices,
    extra_links=[(_("全部年份"), reverse_lazy("desk:calendar-years"))],
)
REGISTERS = (CALENDARS,)
