"""Growth against last year: from records, or from an opening figure and then marked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from gongkai.base.clock import on_day
from gongkai.figures.growth import BELOW, OWN_TIER, growth, rate, year_growth
from gongkai.forms.values import NOT_KNOWN, known
from tests.annualreport.records import case, keep_all, tally
from tests.support.world import World

D = dt.date


def test_percent_is_of_last_year_with_one_decimal_half_up() -> None:
    assert growth(known(915), known(1412)).percent == Decimal("-35.2")
    assert growth(known(2001), known(2000)).percent == Decimal("0.1")  # 0.05 rounds up
    assert growth(known(5), known(0)).percent is None
    assert growth(known(5), NOT_KNOWN).percent is None
    assert rate(known(701), known(702)) == Decimal("99.86")
    assert rate(NOT_KNOWN, known(702)) is None


def test_last_years_records_are_no_baseline(world: World) -> None:
    keep_all(world.organs["city"])
    for year, cases in ((2021, 4), (2022, 3)):
        for _ in range(cases):
            case(world.organs["city-edu"], received=D(year, 5, 1))
    found = year_growth("requests.received", world.organs["city"].path, 2022)
    assert (found.this.number, found.last.number, found.percent) == (3, 4, Decimal("-25.0"))
    assert not found.baseline


@pytest.fixture
def opened(world: World) -> World:
    """Registers kept from 2022 on; opening figures of 2021 for the city's own tier and for each county."""
    from tests.annualreport.records import REGISTERS, cover

    for register in REGISTERS:
        cover(world.organs["city"], register, since=D(2022, 1, 1), whole_tree=True)
    case(world.organs["city-edu"], received=D(2022, 5, 1))
    case(world.organs["town-a1"], received=D(2022, 5, 1), kind="other_org")
    with on_day(D(2022, 1, 10)):
        tally(world.organs["city"], "requests.received", 10, 2021, source="opening")
        for code, value in (("county-a", 3), ("county-b", 1), ("old-b", 1)):
            tally(world.organs[code], "requests.received", value, 2021, source="opening")
    return world


def test_an_opening_figure_speaks_for_all_below_without_one_and_is_marked(opened: World) -> None:
    path = opened.organs["city"].path
    whole = year_growth("requests.received", path, 2022)
    assert (whole.this.number, whole.last.number, whole.percent, whole.baseline) == (
        2,
        15,
        Decimal("-86.7"),
        True,
    )
    own = year_growth("requests.received", path, 2022, level=OWN_TIER)
    assert (own.this.number, own.last.number, own.baseline) == (1, 10, True)
    below = year_growth("requests.received", path, 2022, level=BELOW)
    assert (below.this.number, below.last.number, below.baseline) == (1, 5, True)


def test_an_opening_figure_not_told_by_kind_gives_no_growth_by_kind(opened: World) -> None:
    found = year_growth("requests.received", opened.organs["city"].path, 2022, kind="other_org")
    assert found.this.number == 1
    assert found.percent is None
    assert not found.baseline


def test_an_organ_without_either_leaves_growth_unsaid(world: World) -> None:
    keep_all(world.organs["city-edu"])
    found = year_growth("requests.received", world.organs["city"].path, 2022)
    assert found.percent is None
