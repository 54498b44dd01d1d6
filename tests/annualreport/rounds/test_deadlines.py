"""By when: the law's table, earlier local days, single units, and days after a sheet's period."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport.rounds import actions, deadlines, periods, sheets
from gongkai.annualreport.rounds.models import Sheet
from gongkai.base.clock import on_day
from gongkai.law.reporting import GROUPS, group_of, statutory_due
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from tests.annualreport.rounds.flow import D, clerk, duty, opened, standing
from tests.support.world import TEST, World


@pytest.mark.parametrize(
    ("kind", "tier", "group", "due"),
    [
        ("department", "city", "department", D(2023, 1, 31)),
        ("department", "county", "department", D(2023, 1, 31)),
        ("office", "city", "department", D(2023, 1, 31)),
        ("institution", "county", "department", D(2023, 1, 31)),
        ("dispatched", "county", "department", D(2023, 1, 31)),
        ("government", "city", "government", D(2023, 3, 31)),
        ("government", "county", "government", D(2023, 3, 31)),
        ("government", "township", "township", D(2023, 1, 31)),
        ("dispatched", "township", "township", D(2023, 1, 31)),
    ],
)
def test_the_laws_table(kind: str, tier: str, group: str, due: dt.date) -> None:
    assert group_of(kind, tier) == group
    assert statutory_due(group, 2022).day == due
    assert "《政府信息公开条例》" in statutory_due(group, 2022).basis


def test_every_reporting_kind_has_a_deadline_and_no_other() -> None:
    for kind in Organ.Kind.values:
        if kind in Organ.REPORTING_KINDS:
            assert group_of(kind, "county") in GROUPS
        else:
            with pytest.raises(ValueError, match="writes no annual report"):
                group_of(kind, "county")


@pytest.mark.parametrize("year", [2022, 2025])
def test_the_named_day_is_the_last_good_day_whatever_the_weekday(year: int) -> None:
    """31 March 2024 and 31 January 2026 lie on a weekend: no holiday moves the day."""
    assert statutory_due("government", year).day == D(year + 1, 3, 31)
    assert statutory_due("department", year).day == D(year + 1, 1, 31)


def test_on_the_day_it_is_not_late_and_the_day_after_it_is(world: World) -> None:
    round_ = opened(world)
    on_time = standing(world, round_, "city-edu", D(2023, 1, 31))
    assert (on_time.late, on_time.days_left, on_time.clock) == (False, 0, "今天到期")
    after = standing(world, round_, "city-edu", D(2023, 2, 1))
    assert (after.late, after.word, after.clock) == (True, "逾期未报", "已逾期1天")
    assert not standing(world, round_, "county-a", D(2023, 2, 1)).late


def test_local_days_come_from_the_nearest_organ_that_set_some(world: World) -> None:
    deadlines.set_local(by=TEST, organ=world.organs["city"], department="01-26", government="03-10")
    deadlines.set_local(by=TEST, organ=world.organs["county-a"], township="01-20")
    assert deadlines.of_reports(world.organs["city"], 2022) == {
        "department": D(2023, 1, 26),
        "township": D(2023, 1, 31),
        "government": D(2023, 3, 10),
    }
    county = deadlines.of_reports(world.organs["county-a"], 2022)
    assert (county["township"], county["department"]) == (D(2023, 1, 20), D(2023, 1, 31))
    assert duty(world, opened(world), "city-edu").deadline == D(2023, 1, 26)


def test_a_leap_day_is_the_last_of_february() -> None:
    assert deadlines._day_of(2023, "02-29") == D(2023, 2, 28)
    assert deadlines._day_of(2024, "02-29") == D(2024, 2, 29)


@pytest.mark.parametrize("day", ["02-01", "13-01", "1-26", "01-32", "很快", "02-31"])
def test_local_days_that_are_none_or_later_than_the_law_are_refused(world: World, day: str) -> None:
    with pytest.raises(ValidationError):
        deadlines.set_local(by=TEST, organ=world.organs["city"], department=day)


def test_local_days_are_the_operators(world: World) -> None:
    with pytest.raises(Refused):
        deadlines.set_local(
            by=world.actor("city", "office", "rounds"), organ=world.organs["city"], department="01-26"
        )
    assert deadlines.of_reports(world.organs["city"], 2022)["department"] == D(2023, 1, 31)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"department": D(2023, 2, 1)}, "不能晚于法定期限2023年1月31日"),
        ({"government": D(2023, 4, 1)}, "不能晚于法定期限2023年3月31日"),
        ({"department": D(2022, 12, 31)}, "报告年度结束之后"),
        ({"village": D(2023, 1, 20)}, "没有这一类期限"),
    ],
)
def test_a_round_keeps_within_the_law(world: World, days: dict[str, dt.date], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        opened(world, days=days)


def test_opened_late_the_laws_day_stands_although_it_has_passed(world: World) -> None:
    round_ = opened(world, day=D(2023, 2, 10))
    assert standing(world, round_, "city-edu", D(2023, 2, 10)).late


def test_a_deadline_moves_for_a_group_or_for_one_and_never_into_the_past(world: World) -> None:
    round_ = opened(world)
    by = clerk(world, "city")
    with on_day(D(2023, 1, 12)):
        actions.change_deadline(
            by=by, round_=round_, group="department", day=D(2023, 1, 20), reason="提前汇总"
        )
        actions.extend(by=by, duty=duty(world, round_, "city-edu"), day=D(2023, 1, 31), reason="人手不足")
        for day, words in ((D(2023, 1, 11), "已经过去"), (D(2023, 2, 1), "不能晚于法定期限")):
            with pytest.raises(ValidationError, match=words):
                actions.extend(by=by, duty=duty(world, round_, "city-office"), day=day, reason="理由")
        with pytest.raises(ValidationError, match="没有这一类单位"):
            actions.change_deadline(by=by, round_=round_, group="township", day=D(2023, 1, 20), reason="理由")
        with pytest.raises(ValidationError, match="请填写说明"):
            actions.change_deadline(by=by, round_=round_, group="department", day=D(2023, 1, 21), reason=" ")
    assert duty(world, round_, "city-office").deadline == D(2023, 1, 20)
    assert duty(world, round_, "city-edu").deadline == D(2023, 1, 31)
    assert duty(world, round_, "county-a").deadline == D(2023, 3, 31)


@pytest.mark.parametrize(
    ("kind", "days", "due"),
    [
        ("workdays", 5, D(2022, 10, 12)),  # National Day, with 8 and 9 October worked
        ("workdays", 10, D(2022, 10, 19)),
        ("calendar", 5, D(2022, 10, 8)),  # 5 October is free: the first worked day after it
        ("calendar", 12, D(2022, 10, 12)),
    ],
)
def test_a_sheets_deadline_in_working_or_calendar_days(
    world: World, kind: str, days: int, due: dt.date
) -> None:
    with on_day(D(2022, 10, 10)):
        sheet = sheets.define(
            by=clerk(world, "city", day=D(2022, 10, 10)),
            organ=world.organs["city"],
            name="季报",
            basis="统计制度",
            frequency="quarter",
            keys=["requests.received|"],
            days=days,
            day_kind=kind,
        )
        assert deadlines.of_sheet(sheet, D(2022, 9, 30)) == due


@pytest.mark.parametrize(
    ("frequency", "index", "start", "end", "words"),
    [
        ("month", 2, D(2024, 2, 1), D(2024, 2, 29), "2024年2月"),
        ("month", 12, D(2024, 12, 1), D(2024, 12, 31), "2024年12月"),
        ("quarter", 3, D(2024, 7, 1), D(2024, 9, 30), "2024年第三季度"),
        ("half", 1, D(2024, 1, 1), D(2024, 6, 30), "2024年上半年"),
        ("half", 2, D(2024, 7, 1), D(2024, 12, 31), "2024年下半年"),
        ("year", 1, D(2024, 1, 1), D(2024, 12, 31), "2024年"),
    ],
)
def test_periods(frequency: str, index: int, start: dt.date, end: dt.date, words: str) -> None:
    found = periods.period(frequency, 2024, index)
    assert (found.start, found.end) == (start, end)
    assert periods.words(frequency, start) == words
    assert periods.index_of(frequency, start) == index


@pytest.mark.parametrize(("frequency", "index"), [("month", 13), ("quarter", 5), ("half", 0), ("year", 2)])
def test_a_period_the_year_has_not(frequency: str, index: int) -> None:
    with pytest.raises(ValueError, match=frequency):
        periods.period(frequency, 2024, index)


def test_recent_periods_are_over(db: None) -> None:
    assert periods.recent("quarter", D(2023, 1, 16), 3) == [(2022, 4), (2022, 3), (2022, 2)]
    assert periods.recent(Sheet.Frequency.YEAR, D(2023, 1, 16), 2) == [(2022, 1), (2021, 1)]
