"""By when a report or a sheet is to be handed in: the law's day, an earlier local one, or days after a period's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.base import audit, clock
from gongkai.law.reporting import DEPARTMENT, GOVERNMENT, GROUPS, TOWNSHIP, statutory_due
from gongkai.law.wording import zh_date
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import authority, calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

from .models import RoundSettings, Sheet

SHEET = "sheet"
LONGEST = 60  # days after the period's end; whoever waits longer no longer steers by the figures
GROUP_NAMES: Mapping[str, str | Promise] = {
    DEPARTMENT: gettext_lazy("部门、办公室、派出机关"),
    TOWNSHIP: gettext_lazy("乡镇、街道"),
    GOVERNMENT: gettext_lazy("下级人民政府"),
    SHEET: gettext_lazy("全部单位"),
}


def settings_for(organ: Organ) -> RoundSettings:
    """The local deadlines in force for `organ`: its own, else of the nearest organ above that set any, else none."""
    above = [organ.path[: end + 1] for end, letter in enumerate(organ.path) if letter == "."]
    found = RoundSettings.objects.filter(path__in=above)
    return max(found, key=lambda row: len(row.path), default=RoundSettings())


def of_reports(organ: Organ, year: int) -> dict[str, dt.date]:
    """Deadline by group for the reports of `year` collected by `organ`."""
    local = settings_for(organ)
    found = {}
    for group in GROUPS:
        found[group] = statutory_due(group, year).day
        if written := getattr(local, group):
            found[group] = min(found[group], _day_of(year + 1, written))
    return found


def check_reports(wanted: Mapping[str, dt.date], year: int) -> None:
    """Refuse deadlines that the law does not leave room for. Raises ValidationError by group."""
    problems = {}
    for group, day in wanted.items():
        due = statutory_due(group, year)
        if day > due.day:
            problems[group] = _("不能晚于法定期限%(day)s。%(basis)s") % {
                "day": zh_date(due.day),
                "basis": due.basis,
            }
        elif day <= dt.date(year, 12, 31):
            problems[group] = _("期限应在报告年度结束之后。")
    if problems:
        raise ValidationError(problems)


def of_sheet(sheet: Sheet, end: dt.date) -> dt.date:
    """The last good day for the period that ends on `end`. Raises ValidationError while the calendar is not loaded."""
    calendar = calendars.for_region(sheet.organ.region)
    try:
        if sheet.day_kind == Sheet.Days.WORKDAYS:
            return calendar.add(end, sheet.days)
        return calendar.add_days_calendar(end, sheet.days)
    except CalendarYearMissing as error:
        raise ValidationError(str(error)) from None


@transaction.atomic
def set_local(*, by: Actor, organ: Organ, **days: str) -> RoundSettings:
    """Set earlier deadlines (``department="01-26"``; "" is the law's) for `organ` and all below it. They take effect with
    the next round. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    if unknown := set(days) - set(GROUPS):
        raise TypeError(f"not a group of deadlines: {sorted(unknown)}")
    row = RoundSettings.objects.select_for_update().filter(organ=organ).first() or RoundSettings(
        organ=organ, path=organ.path
    )
    for group, written in days.items():
        setattr(row, group, written)
    row.clean_fields(exclude=["organ", "path"])
    year = clock.today().year
    check_reports({group: _day_of(year + 1, day) for group, day in days.items() if day}, year)
    row.save()
    audit.record(
        actor=by.key,
        post=by.post,
        verb="rounds.set_local",
        subject=row,
        path=organ.path,
        detail=dict(sorted(days.items())),
    )
    return row


def _day_of(year: int, written: str) -> dt.date:
    """``02-29`` stands for the last of February where there is none."""
    month, day = (int(part) for part in written.split("-"))
    if (month, day) == (2, 29):
        return dt.date(year, 3, 1) - dt.timedelta(days=1)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValidationError(_("没有“%(day)s”这一天。") % {"day": written}) from None
