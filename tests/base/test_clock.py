"""Which day it is: the calendar's in production, one fixed day in a demo, and the day a loader writes about."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongkai import home
from gongkai.base import clock

DAY = dt.date(2022, 12, 30)


@pytest.fixture
def production(settings: Any) -> None:
    settings.ENVIRONMENT, settings.IN_PRODUCTION, settings.IN_TEST = home.PRODUCTION, True, False


def test_production_follows_the_calendar_of_shanghai(production: None) -> None:
    before = dt.datetime.now(clock.SHANGHAI).date()
    assert before <= clock.today() <= dt.datetime.now(clock.SHANGHAI).date()
    assert clock.fixed_day() is None


def test_production_refuses_another_day(production: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_TODAY", "2022-12-30")
    with pytest.raises(ImproperlyConfigured, match="生产环境不接受"):
        clock.today()


def test_a_demo_stands_on_its_day_unless_told_otherwise(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENVIRONMENT = home.DEMO
    assert clock.today() == dt.date(2023, 1, 16)
    monkeypatch.setenv("GONGKAI_TODAY", "2022-12-30")
    assert clock.today() == DAY
    assert clock.now().date() == DAY
    assert clock.now().utcoffset() == dt.timedelta(hours=8)


def test_what_is_no_date_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_TODAY", "30.12.2022")
    with pytest.raises(ImproperlyConfigured, match="2022-12-30"):
        clock.today()


def test_a_loader_sets_the_day_for_itself_alone() -> None:
    seen: list[dt.date] = []
    with clock.on_day(DAY):
        with clock.on_day(dt.date(2019, 5, 15)):
            assert clock.today() == dt.date(2019, 5, 15)
        assert clock.today() == DAY
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
    assert clock.today() != DAY
    assert seen != [DAY]


def test_the_machine_keeps_its_own_time() -> None:
    with clock.on_day(DAY):
        assert clock.machine_now().date() >= dt.datetime.now(clock.SHANGHAI).date() - dt.timedelta(days=1)
        assert clock.machine_now().date() != DAY
