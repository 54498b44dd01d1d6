"""The plan of the demo's applications, counted as the form counts, is the published table 3."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from gongkai.demo.plan import Planned, Season, plan
from gongkai.demo.seasons import seasons
from gongkai.demo.seeds import KINDS, seed
from gongkai.law.workdays import Calendar

IN_2019 = {"other_misc": "other", "other_correction_lapsed": "other"}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.shipped()


@pytest.mark.parametrize("season", seasons(), ids=lambda season: seed(season.seed).organ)
def test_the_plan_adds_up_to_the_published_table(season: Season, calendar: Calendar) -> None:
    source = seed(season.seed)
    cases = plan(season, calendar)
    start, end = dt.date(source.year, 1, 1), dt.date(source.year, 12, 31)

    def count(cases: list[Planned]) -> dict[str, int]:
        found = Counter(case.kind for case in cases)
        return {kind: found[kind] for kind in KINDS}

    closed = [case for case in cases if case.answered_on and start <= case.answered_on <= end]
    assert count([c for c in cases if start <= c.received_on <= end]) == source.row("new_received")
    assert count([c for c in cases if c.received_on < start]) == source.row("carried_in")
    assert count([c for c in cases if not c.answered_on or c.answered_on > end]) == source.row("carried_out")
    for kind in KINDS:
        outcomes = Counter(
            IN_2019.get(case.outcome or "", case.outcome) if source.year < 2021 else case.outcome
            for case in closed
            if case.kind == kind
        )
        assert outcomes == Counter(source.outcomes(kind))


def test_the_plan_is_the_same_every_time(calendar: Calendar) -> None:
    assert [plan(season, calendar) for season in seasons()] == [
        plan(season, calendar) for season in seasons()
    ]


def test_the_city_level_share_of_2019_is_257_and_the_counties_658(calendar: Calendar) -> None:
    cases = [case for case in plan(seasons()[0], calendar) if case.received_on.year == 2019]
    counties = {code for code, quota in seasons()[0].weights.items() if quota in (38, 39)}
    assert len(counties) == 17
    assert Counter(case.organ in counties for case in cases) == {False: 257, True: 658}
