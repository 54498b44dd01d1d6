"""The periods of a statistics sheet: months, quarters, half-years and years of the calendar."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from gongkai.base.measures import Period

from .models import Round, Sheet

MONTHS = {
    Sheet.Frequency.MONTH.value: 1,
    Sheet.Frequency.QUARTER.value: 3,
    Sheet.Frequency.HALF.value: 6,
    Sheet.Frequency.YEAR.value: 12,
}


def period(frequency: str, year: int, index: int) -> Period:
    """The `index`-th (from 1) of the year. Raises ValueError for one the year does not have."""
    months = MONTHS[frequency]
    if not 1 <= index <= 12 // months:
        raise ValueError(f"{year} has no {frequency} {index}")
    following = index * months
    end = dt.date(year + following // 12, following % 12 + 1, 1) - dt.timedelta(days=1)
    return Period(dt.date(year, (index - 1) * months + 1, 1), end)


def index_of(frequency: str, start: dt.date) -> int:
    """Which one of its year begins on `start`."""
    return (start.month - 1) // MONTHS[frequency] + 1


def words(frequency: str, start: dt.date) -> str:
    """2022年第四季度."""
    index = index_of(frequency, start)
    named = {
        Sheet.Frequency.MONTH.value: _("%(year)d年%(index)d月"),
        Sheet.Frequency.QUARTER.value: _("%(year)d年第%(ordinal)s季度"),
        Sheet.Frequency.HALF.value: _("%(year)d年%(half)s半年"),
        Sheet.Frequency.YEAR.value: _("%(year)d年"),
    }[frequency]
    return named % {
        "year": start.year,
        "index": index,
        "ordinal": "一二三四"[min(index, 4) - 1],
        "half": _("上") if index == 1 else _("下"),
    }


def title(round_: Round) -> str:
    """What the round is called."""
    if round_.sheet is None:
        return _("%(year)d年度报告报送") % {"year": round_.year}
    return _("%(name)s（%(period)s）") % {
        "name": round_.sheet.name,
        "period": words(round_.sheet.frequency, round_.start),
    }


def recent(frequency: str, today: dt.date, count: int = 8) -> list[tuple[int, int]]:
    """The last periods that are over, as year and index, newest first."""
    months, found = MONTHS[frequency], list[tuple[int, int]]()
    year, index = today.year, index_of(frequency, today)
    while len(found) < count:
        index -= 1
        if index == 0:
            year, index = year - 1, 12 // months
        found.append((year, index))
    return found
