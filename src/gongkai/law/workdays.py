"""Working days as data: Monday to Friday minus the days made free, plus the weekend days made working.

A calendar holds years. A question that touches a year it does not hold raises ``CalendarYearMissing``;
nothing is ever guessed. Counting starts on the day after the event (day 1 = next working day).
"""

from __future__ import annotations

import calendar as gregorian
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any


class CalendarYearMissing(LookupError):
    """The working-day calendar of a year is needed but not loaded; ``year`` names it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年的工作日历尚未导入，无法推算期限。")


@dataclass(frozen=True)
class CalendarYear:
    """One year of one region.

    ``off``: days free by law or notice (weekends among them do no harm).
    ``work``: weekend days that are worked.
    ``source``: title of the State Council notice where known; else ``dataset`` and ``version`` say
    where it is from.
    """

    year: int
    off: frozenset[date]
    work: frozenset[date]
    region: str = "CN"
    source: str | None = None
    dataset: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        if strangers := [day for day in self.off | self.work if day.year != self.year]:
            raise ValueError(f"{min(strangers)}不属于{self.year}年。")
        if both := self.off & self.work:
            raise ValueError(f"{min(both)}不能既放假又上班。")
        if weekdays := [day for day in self.work if day.weekday() < 5]:
            raise ValueError(f"{min(weekdays)}不是周末，不必列为调休上班日。")

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CalendarYear:
        """Read the shape of the shipped JSON files; raises ``ValueError`` or ``KeyError`` on a bad shape."""
        return cls(
            year=int(data["year"]),
            off=_dates(data["off"]),
            work=_dates(data["work"]),
            region=data.get("region") or "CN",
            source=data.get("source"),
            dataset=data.get("dataset"),
            version=data.get("version"),
        )

    @property
    def provenance(self) -> str:
        """Where the year comes from: the notice, else data set and version."""
        dataset = f"{self.dataset} {self.version or ''}".strip() if self.dataset else ""
        return self.source or dataset or "未注明来源"

    def is_workday(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.off)


def _dates(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


@dataclass(frozen=True)
class _Run:
    """Loaded years without a gap between them, indexed for counting.

    ``passed[i]``: working days among the first i days. ``workdays``: their ordinals in order.
    """

    first: int
    last_year: int
    passed: tuple[int, ...]
    workdays: tuple[int, ...]


@dataclass(frozen=True)
class Calendar:
    """The working days of a region in the years loaded; a value that never changes."""

    years: Mapping[int, CalendarYear]
    region: str = "CN"
    _runs: Mapping[int, _Run] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_runs", _index(self.years))

    @staticmethod
    def shipped(region: str = "CN") -> Calendar:
        """The calendar that comes with the product: 2004 to 2026; read once."""
        return _shipped(region)

    def with_year(self, year: CalendarYear) -> Calendar:
        """The same calendar with this year added or replaced."""
        return replace(self, years={**self.years, year.year: year})

    def is_workday(self, day: date) -> bool:
        """Whether organs work on this day."""
        if day.year not in self.years:
            raise CalendarYearMissing(day.year)
        return self.years[day.year].is_workday(day)

    def add(self, day: date, count: int) -> date:
        """The count-th working day after ``day`` (before it when negative); ``day`` itself for 0."""
        if count == 0:
            return day
        run = self._run(day)
        index = run.passed[day.toordinal() - run.first + (count > 0)] + count - (count > 0)
        if index < 0:
            raise CalendarYearMissing(date.fromordinal(run.first).year - 1)
        if index >= len(run.workdays):
            raise CalendarYearMissing(run.last_year + 1)
        return date.fromordinal(run.workdays[index])

    def between(self, start: date, end: date) -> int:
        """Working days in ``(start, end]``; negative when ``end`` lies before ``start``."""
        run = self._run(start)
        if self._run(end) is not run:
            raise CalendarYearMissing(self._first_gap(*sorted((start.year, end.year))))
        start_index, end_index = start.toordinal() - run.first, end.toordinal() - run.first
        return run.passed[end_index + 1] - run.passed[start_index + 1]

    def next_workday(self, day: date) -> date:
        """The first working day after ``day``."""
        return self.add(day, 1)

    def on_or_after(self, day: date) -> date:
        """``day`` itself if it is worked, else the first working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    def add_days_calendar(self, day: date, days: int) -> date:
        """End of a term in calendar days: start day excluded, a free last day moves to the next worked one."""
        return self.on_or_after(day + timedelta(days=days))

    def add_months(self, day: date, months: int) -> date:
        """End of a term in months: the same day of the month (or its last), moved like calendar days."""
        months_since_zero = day.year * 12 + day.month - 1 + months
        year, month = divmod(months_since_zero, 12)
        last = gregorian.monthrange(year, month + 1)[1]
        return self.on_or_after(date(year, month + 1, min(day.day, last)))

    def describe(self, years: Iterable[int]) -> dict[str, Any]:
        """Region and provenance of the years a computation used, for showing beside its result."""
        used = sorted(set(years) & set(self.years))
        return {"region": self.region, "years": {str(year): self.years[year].provenance for year in used}}

    def _run(self, day: date) -> _Run:
        try:
            return self._runs[day.year]
        except KeyError:
            raise CalendarYearMissing(day.year) from None

    def _first_gap(self, first: int, last: int) -> int:
        return next(year for year in range(first, last + 1) if year not in self.years)


def _index(years: Mapping[int, CalendarYear]) -> dict[int, _Run]:
    by_year: dict[int, _Run] = {}
    for group in _without_gaps(sorted(years)):
        first, end = date(group[0], 1, 1).toordinal(), date(group[-1], 12, 31).toordinal() + 1
        worked = [
            years[day.year].is_workday(day)
            for day in (date.fromordinal(number) for number in range(first, end))
        ]
        run = _Run(
            first=first,
            last_year=group[-1],
            passed=tuple(accumulate(worked, initial=0)),
            workdays=tuple(first + offset for offset, works in enumerate(worked) if works),
        )
        by_year.update(dict.fromkeys(group, run))
    return by_year


def _without_gaps(years: list[int]) -> Iterable[list[int]]:
    group: list[int] = []
    for year in years:
        if group and year != group[-1] + 1:
            yield group
            group = []
        group.append(year)
    if group:
        yield group


@cache
def _shipped(region: str) -> Calendar:
    folder = resources.files("gongkai.law").joinpath("data", "calendar", region)
    if not folder.is_dir():
        raise ValueError(f"没有地区“{region}”的工作日历。")
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".json")]
    loaded = [CalendarYear.from_data(json.loads(entry.read_text(encoding="utf-8"))) for entry in files]
    return Calendar(years={year.year: year for year in loaded}, region=region)
