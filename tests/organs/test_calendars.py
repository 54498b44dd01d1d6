"""Calendars: the shipped years, overlaid with what this office loaded; cheap to ask for, fresh after a load."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.base.models import AuditEntry
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars
from gongkai.organs.actors import actors_for, system
from gongkai.organs.calendars import for_region, load_calendar
from gongkai.organs.models import CalendarYear
from gongkai.organs.refusals import Refused
from tests.support.world import World

pytestmark = pytest.mark.django_db
OPERATOR = system("test")
YEAR_2031 = {
    "region": "CN",
    "year": 2031,
    "off_days": ["2031-01-01", "2031-10-01"],
    "extra_workdays": ["2031-10-11"],
    "source": "测试通知",
}


def test_the_shipped_years_answer_without_any_load() -> None:
    calendar = for_region()
    assert not calendar.is_workday(dt.date(2022, 10, 1))
    assert calendar.is_workday(dt.date(2022, 10, 8)), "a Saturday worked in 2022"


def test_a_year_not_loaded_is_named() -> None:
    with pytest.raises(CalendarYearMissing) as missing:
        for_region().is_workday(dt.date(2031, 3, 3))
    assert missing.value.year == 2031


def test_a_loaded_year_is_used_at_once() -> None:
    for_region()
    load_calendar(by=OPERATOR, **YEAR_2031)
    calendar = for_region()
    assert not calendar.is_workday(dt.date(2031, 10, 1))
    assert calendar.is_workday(dt.date(2031, 10, 11))
    assert calendar.years[2031].provenance == "测试通知"
    assert not calendar.is_workday(dt.date(2022, 10, 1)), "the other years stay"


def test_a_year_loaded_again_replaces_itself() -> None:
    load_calendar(by=OPERATOR, **YEAR_2031)
    load_calendar(by=OPERATOR, **{**YEAR_2031, "extra_workdays": []})
    assert CalendarYear.objects.count() == 1
    assert not for_region().is_workday(dt.date(2031, 10, 11))
    assert AuditEntry.objects.filter(verb="calendar.load").count() == 2


def test_a_region_of_its_own_starts_from_the_nationwide_calendar() -> None:
    feast = dt.date(2022, 6, 22)
    load_calendar(
        by=OPERATOR, region="CN-64", year=2022, off_days=[feast], extra_workdays=[], source="自治区通知"
    )
    assert not for_region("CN-64").is_workday(feast)
    assert for_region("CN-64").is_workday(dt.date(2021, 6, 22))
    assert for_region("CN").is_workday(feast)


def test_asking_a_thousand_times_costs_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars.time, "monotonic", lambda: 1000.0)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(1000):
            for_region()
    assert len(asked) == 1


def test_another_process_notices_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(calendars.time, "monotonic", lambda: clock[0])
    first = for_region()
    CalendarYear.objects.create(
        region="CN", year=2031, off_days=["2031-01-01"], extra_workdays=[], source="另一进程"
    )
    assert 2031 not in for_region().years
    clock[0] += calendars.KEEP_SECONDS
    assert 2031 in for_region().years
    CalendarYear.objects.all().delete()
    clock[0] += calendars.KEEP_SECONDS
    assert for_region() == first


def test_an_unchanged_database_keeps_the_same_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(calendars.time, "monotonic", lambda: clock[0])
    first = for_region()
    clock[0] += calendars.KEEP_SECONDS
    assert for_region() is first


def test_the_load_is_announced_after_commit(django_capture_on_commit_callbacks) -> None:
    heard: list[tuple[str, int]] = []

    def listen(region: str, year: int, **_: object) -> None:
        heard.append((region, year))

    calendars.year_loaded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            load_calendar(by=OPERATOR, **YEAR_2031)
            assert heard == []
        assert heard == [("CN", 2031)]
    finally:
        calendars.year_loaded.disconnect(listen)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"off_days": []}, "放假日不能为空"),
        ({"off_days": ["2030-12-31"]}, "2030-12-31不属于2031年"),
        ({"extra_workdays": ["2031-10-01"]}, "不能既放假又上班"),
        ({"extra_workdays": ["2031-10-08"]}, "不是周末"),
        ({"off_days": ["国庆"]}, "日期应写作"),
        ({"source": ""}, "请填写依据"),
        ({"region": ""}, "不能为空"),
        ({"region": "C" * 21}, "20"),
    ],
)
def test_bad_data_is_refused_in_words(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        load_calendar(by=OPERATOR, **{**YEAR_2031, **change})
    assert sentence in "".join(refused.value.messages)
    assert not CalendarYear.objects.exists()


def test_only_an_operator_at_the_top_of_a_tree_loads(world: World) -> None:
    viewer = world.viewer("city", "operator")
    top = next(a for a in actors_for(viewer, "calendars", "", "manage"))
    load_calendar(by=top, **YEAR_2031)
    entry = AuditEntry.objects.get(verb="calendar.load")
    assert (entry.actor, entry.path) == (f"staff:{viewer.person_id}", world.organs["city"].path)


@pytest.mark.parametrize(("code", "role"), [("county-a", "operator"), ("city", "head"), ("city", "auditor")])
def test_nobody_else_does(world: World, code: str, role: str) -> None:
    watcher = actors_for(world.viewer(code, role), "calendars", "", "view")[0]
    with pytest.raises(Refused):
        load_calendar(by=watcher, **YEAR_2031)
    with pytest.raises(Refused):
        load_calendar(by=replace(watcher, viewer=None), **YEAR_2031)
