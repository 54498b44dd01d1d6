"""The shipped calendar against its data set, and counting against a day-by-day walk."""

import importlib.util
import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.workdays import Calendar, CalendarYear, CalendarYearMissing

CN = Calendar.shipped()
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))
INNER_DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))
SCRIPT = Path(__file__).parents[2] / "scripts" / "load_calendar.py"


def test_every_day_agrees_with_the_data_set() -> None:
    day, end = date(2004, 1, 1), date(2027, 1, 1)
    while day < end:
        assert CN.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(1)


def test_the_shipped_files_are_what_the_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("load_calendar", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    shipped = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in script.FOLDER.glob("*.json")
    }
    assert shipped == {str(year): script.year_data(year) for year in range(2004, 2027)}


def test_2026_as_the_notice_has_it() -> None:
    year = CN.years[2026]
    assert year.provenance == "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
    assert sorted(day.strftime("%m-%d") for day in year.work) == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]
    assert len(year.off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert CN.between(date(2025, 12, 31), date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-02-10", {7: "02-26", 15: "03-09", 20: "03-16", 40: "04-14"}),
        ("2026-04-24", {7: "05-08", 15: "05-19", 20: "05-26", 40: "06-24"}),
        ("2026-09-18", {7: "09-29", 15: "10-15", 20: "10-22", 40: "11-19"}),
        ("2026-09-19", {7: "09-29", 15: "10-15", 20: "10-22", 40: "11-19"}),
        ("2026-11-02", {7: "11-11", 15: "11-23", 20: "11-30", 40: "12-28"}),
    ],
)
def test_terms_in_working_days(start: str, expected: dict[int, str]) -> None:
    day = date.fromisoformat(start)
    assert {n: CN.add(day, n).strftime("%m-%d") for n in expected} == expected


def test_the_term_a_court_counted() -> None:
    assert CN.add(date(2022, 9, 30), 20) == date(2022, 11, 2)


@given(INNER_DAYS, st.integers(-200, 200))
def test_between_undoes_add(day: date, count: int) -> None:
    reached = CN.add(day, count)
    if count >= 0 or CN.is_workday(day):
        assert CN.between(day, reached) == count
    assert count == 0 or CN.is_workday(reached)


@given(DAYS, st.integers(0, 400))
def test_between_is_the_day_by_day_count(start: date, length: int) -> None:
    end = min(start + timedelta(length), date(2026, 12, 31))
    walked = sum(CN.is_workday(start + timedelta(i)) for i in range(1, (end - start).days + 1))
    assert CN.between(start, end) == walked
    assert CN.between(end, start) == -walked


@given(INNER_DAYS)
def test_the_next_working_day(day: date) -> None:
    following = CN.next_workday(day)
    assert following > day
    assert CN.is_workday(following)
    assert CN.between(day, following) == 1
    assert CN.on_or_after(day) == (day if CN.is_workday(day) else following)


def test_calendar_terms_move_to_a_working_day() -> None:
    assert CN.add_days_calendar(date(2026, 8, 3), 60) == date(2026, 10, 8)  # 10-02 is free
    assert CN.add_days_calendar(date(2026, 3, 2), 60) == date(2026, 5, 6)  # 05-01 is free
    assert CN.add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)  # a Saturday that is worked
    assert CN.add_months(date(2026, 4, 1), 6) == date(2026, 10, 8)
    assert CN.add_months(date(2025, 12, 15), 1) == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("question", "year"),
    [
        (lambda c: c.add(date(2026, 12, 20), 20), 2027),
        (lambda c: c.add(date(2004, 1, 5), -20), 2003),
        (lambda c: c.between(date(2026, 12, 1), date(2028, 1, 1)), 2028),
        (lambda c: c.is_workday(date(2003, 12, 31)), 2003),
        (lambda c: c.add_days_calendar(date(2026, 12, 1), 60), 2027),
    ],
)
def test_a_year_that_is_not_loaded_is_named_and_never_guessed(question, year: int) -> None:
    with pytest.raises(CalendarYearMissing, match=f"^{year}年的工作日历尚未导入") as caught:
        question(CN)
    assert caught.value.year == year


def test_a_gap_between_loaded_years_is_found() -> None:
    gappy = Calendar(years={year: CN.years[year] for year in (2020, 2022)})
    assert gappy.is_workday(date(2022, 1, 4))
    with pytest.raises(CalendarYearMissing) as caught:
        gappy.between(date(2022, 3, 1), date(2020, 3, 1))
    assert caught.value.year == 2021
    with pytest.raises(CalendarYearMissing) as caught:
        gappy.add(date(2020, 12, 20), 20)
    assert caught.value.year == 2021


def test_a_year_can_be_added_or_replaced() -> None:
    closed_day = date(2026, 3, 3)
    local = CN.with_year(
        CalendarYear.from_data(
            {"year": 2026, "off": [closed_day.isoformat()], "work": [], "source": "地方节日"}
        )
    )
    assert not local.is_workday(closed_day)
    assert CN.is_workday(closed_day)
    assert local.describe([2026, 2031])["years"] == {"2026": "地方节日"}
    assert CN.with_year(CalendarYear(2027, frozenset(), frozenset())).add(date(2026, 12, 31), 1) == date(
        2027, 1, 1
    )


@pytest.mark.parametrize(
    "data",
    [
        {"year": 2026, "off": ["2025-01-01"], "work": []},
        {"year": 2026, "off": ["2026-01-03"], "work": ["2026-01-03"]},
        {"year": 2026, "off": [], "work": ["2026-03-02"]},
        {"year": 2026, "off": ["2026-02-30"], "work": []},
    ],
)
def test_contradictory_year_data_is_refused(data: dict) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CalendarYear.from_data(data)


def test_an_unknown_region_is_an_error() -> None:
    with pytest.raises(ValueError, match="没有地区“XX”的工作日历"):
        Calendar.shipped("XX")
