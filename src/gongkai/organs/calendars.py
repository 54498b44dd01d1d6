"""The working days of a region: the calendar shipped with the law, overlaid with the years this office loaded.

Lists ask for it once per row, so every process keeps what it read and looks again only every few seconds; loading a
year resets the process that loaded it at once. Code that must see another process's load calls :func:`reset` first.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.law import workdays
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import CalendarYear

KEEP_SECONDS = 5.0
NATIONWIDE = "CN"

#: Sent after a year was loaded and committed, with ``region`` and ``year``: who keeps due dates computes them again.
year_loaded = Signal()


@dataclass(frozen=True)
class _Kept:
    read_at: float
    rows: tuple[object, ...]
    calendar: workdays.Calendar


_kept: dict[str, _Kept] = {}


def for_region(region: str = NATIONWIDE) -> workdays.Calendar:
    """The calendar of `region`. Cheap to call: at most one query every few seconds in a process."""
    kept = _kept.get(region)
    now = time.monotonic()
    if kept is not None and now - kept.read_at < KEEP_SECONDS:
        return kept.calendar
    rows = tuple(
        CalendarYear.objects.filter(region=region)
        .order_by("year")
        .values_list("year", "off_days", "extra_workdays", "source", "version")
    )
    unchanged = kept is not None and kept.rows == rows
    calendar = kept.calendar if kept and unchanged else _overlay(_base(region), rows)
    _kept[region] = _Kept(now, rows, calendar)
    return calendar


def reset() -> None:
    """Read the database again at the next question."""
    _kept.clear()


def _base(region: str) -> workdays.Calendar:
    """The shipped calendar of the region; one that has none of its own starts from the nationwide one."""
    try:
        return workdays.Calendar.shipped(region)
    except ValueError:
        return replace(workdays.Calendar.shipped(NATIONWIDE), region=region)


def _overlay(base: workdays.Calendar, rows: Iterable[tuple]) -> workdays.Calendar:
    loaded = {
        year: workdays.CalendarYear.from_data(
            {
                "year": year,
                "off": off,
                "work": extra,
                "region": base.region,
                "source": source or None,
                "dataset": "本机关导入" if not source else None,
                "version": version or None,
            }
        )
        for year, off, extra, source, version in rows
    }
    return replace(base, years={**base.years, **loaded}) if loaded else base


@transaction.atomic
def load_calendar(
    *,
    by: Actor,
    region: str,
    year: int,
    off_days: Iterable[dt.date | str],
    extra_workdays: Iterable[dt.date | str],
    source: str = "",
    version: str = "",
) -> CalendarYear:
    """Load or replace one region's year. Raises ValidationError (bad days) or Refused (not an operator of the root)."""
    authority.require(by, authority.MANAGE, "calendars", "")
    off, extra = _days("off_days", off_days), _days("extra_workdays", extra_workdays)
    _check(region, year, off, extra, source, version)
    row, _created = CalendarYear.objects.update_or_create(
        region=region,
        year=year,
        defaults={
            "off_days": [day.isoformat() for day in off],
            "extra_workdays": [day.isoformat() for day in extra],
            "source": source,
            "version": version,
        },
    )
    audit.record(
        actor=by.key,
        post=by.post,
        verb="calendar.load",
        subject=row,
        path=authority.place(by),
        detail={"region": region, "year": year, "off": len(off), "extra": len(extra), "version": version},
    )
    reset()
    transaction.on_commit(lambda: _announce(region, year))
    return row


def _announce(region: str, year: int) -> None:
    reset()  # a neighbour thread may have read the old rows while the transaction was open
    year_loaded.send(sender=CalendarYear, region=region, year=year)


def _days(field: str, days: Iterable[dt.date | str]) -> list[dt.date]:
    try:
        return sorted(
            {day if isinstance(day, dt.date) else dt.date.fromisoformat(day.strip()) for day in days}
        )
    except ValueError as error:
        raise ValidationError({field: _("日期应写作 2026-01-01。")}) from error


def _check(
    region: str, year: int, off: list[dt.date], extra: list[dt.date], source: str, version: str
) -> None:
    if not off:
        raise ValidationError({"off_days": _("放假日不能为空：每一年都有法定节假日，请核对数据是否完整。")})
    if not source and not version:
        raise ValidationError({"source": _("请填写依据（放假通知的标题），或者数据版本。")})
    try:
        workdays.CalendarYear(year=year, off=frozenset(off), work=frozenset(extra), region=region)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    candidate = CalendarYear(
        region=region,
        year=year,
        off_days=[day.isoformat() for day in off],
        extra_workdays=[day.isoformat() for day in extra],
        source=source,
        version=version,
    )
    candidate.clean_fields(exclude=["extra_workdays"])  # an empty list is fine there
