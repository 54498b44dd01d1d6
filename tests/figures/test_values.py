"""A value and its drill-down are the same rows, for every measure, organ and choice of dimensions."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from gongkai.base import measures
from gongkai.base.clock import on_day
from gongkai.base.measures import Period
from gongkai.figures.values import drill, evaluate
from gongkai.forms.values import State
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.organs.actions import create_organ
from gongkai.organs.scope import NOBODY, SYSTEM
from tests.annualreport.records import case, cover, keep_all, proceeding, tally
from tests.support.world import TEST, World

D = dt.date
YEAR = Period.year(2022)


@pytest.fixture
def busy(world: World) -> World:
    """Records of several rooms spread over the tree; one organ keeps acts by tally, one is not covered."""
    dice = random.Random(3)  # noqa: S311 - repeatable
    for code, organ in world.organs.items():
        if code == "town-a1":
            continue
        keep_all(organ, whole_tree=False, but=("acts.decisions",))
        cover(organ, "acts.decisions", mode="tally" if code != "city-office" else "none")
    for _ in range(60):
        received = D(2021, 9, 1) + dt.timedelta(days=dice.randrange(480))
        case(
            dice.choice(list(world.organs.values())),
            received=received,
            closed=received + dt.timedelta(days=dice.randrange(60)) if dice.random() < 0.8 else None,
            outcome=dice.choice(list(OUTCOMES)),
            kind=dice.choice(list(APPLICANT_KINDS)),
        )
    for _ in range(6):
        proceeding(dice.choice(list(world.organs.values())), filed=D(2022, 3, 1))
    with on_day(D(2023, 1, 10)):
        for code in ("city-edu", "county-a"):
            tally(world.organs[code], "keyareas.decisions", 40, 2022, row="admin_license")
            tally(world.organs[code], "keyareas.decisions", 2, 2022, row="admin_penalty")
    return world


KEYS = (
    "requests.received",
    "requests.carried_in",
    "requests.closed",
    "requests.carried_out",
    "remedies.active",
    "keyareas.decisions",
)


def _amount(key: str, found: object) -> int | Decimal:
    tallied = found.tallies.aggregate(total=Sum("value"))["total"] or 0  # type: ignore[attr-defined]
    return found.rows.count() + tallied  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", KEYS)
def test_value_and_drill_down_are_the_same_rows(busy: World, key: str) -> None:
    dice = random.Random(key)  # noqa: S311 - repeatable
    grid = evaluate([key], busy.organs["city"].path, YEAR)
    choices = [dims for node in grid.tree.nodes for dims in _dims(grid, key, node)]
    assert choices
    for _ in range(12):
        dims = {name: value for name, value in dice.choice(choices).items() if dice.random() < 0.6}
        for organ in (busy.organs["city-edu"], busy.organs["county-a"], busy.organs["city-office"]):
            value = grid.value(key, organ.path, **dims)
            least = value.at_least if value.number is None else value.number
            assert _amount(key, drill(SYSTEM, key, YEAR, organ.path, own=True, **dims)) == least
        total = grid.total(key, busy.organs["city"].path, **dims)
        least = total.at_least if total.number is None else total.number
        assert _amount(key, drill(SYSTEM, key, YEAR, busy.organs["city"].path, **dims)) == least


def _dims(grid: object, key: str, path: str) -> list[dict[str, str]]:
    part = grid.part(key, path)  # type: ignore[attr-defined]
    names = tuple(measures.get(key).dimensions)
    return [dict(zip(names, dims, strict=True)) for dims in (*part.numbers, *part.floor)]


def test_the_viewers_scope_limits_the_records_not_the_value(busy: World) -> None:
    city = busy.organs["city"].path
    everything = drill(SYSTEM, "requests.received", YEAR, city).rows.count()
    clerk = drill(busy.viewer("city-edu", "handler"), "requests.received", YEAR, city).rows
    assert set(clerk.values_list("path", flat=True)) == {busy.organs["city-edu"].path}
    assert 0 < clerk.count() < everything
    assert not drill(NOBODY, "requests.received", YEAR, city).rows.exists()


def test_an_uncovered_organ_is_named_as_missing(busy: World) -> None:
    grid = evaluate(["requests.received"], busy.organs["city"].path, YEAR)
    assert grid.value("requests.received", busy.organs["town-a1"].path).missing == ("东县东一镇人民政府",)
    assert grid.total("requests.received", busy.organs["city"].path).missing == ("东县东一镇人民政府",)
    assert grid.total("requests.received", busy.organs["city"].path).state is State.UNKNOWN


def test_tallies_of_some_months_only_are_at_least(world: World) -> None:
    from gongkai.base import tallies

    edu = world.organs["city-edu"]
    cover(edu, "acts.decisions", mode="tally")
    with on_day(D(2023, 1, 10)):
        for month, value in (
            (Period(D(2022, 1, 1), D(2022, 6, 30)), 3),
            (Period(D(2022, 8, 1), D(2022, 12, 31)), 4),
        ):
            tallies.record_tally(
                organ=edu,
                measure="keyareas.decisions",
                dimensions={"row": "admin_license"},
                period=month,
                value=value,
                source="unit",
                author="test",
            )
        grid = evaluate(["keyareas.decisions"], edu.path, YEAR)
        value = grid.value("keyareas.decisions", edu.path, row="admin_license")
        assert (value.state, value.at_least) == (State.UNKNOWN, 7)
        tallies.record_tally(
            organ=edu,
            measure="keyareas.decisions",
            dimensions={"row": "admin_license"},
            period=Period(D(2022, 7, 1), D(2022, 7, 31)),
            value=1,
            source="unit",
            author="test",
        )
    grid = evaluate(["keyareas.decisions"], edu.path, YEAR)
    assert grid.value("keyareas.decisions", edu.path, row="admin_license").number == 8


def test_one_query_per_measure_whatever_the_tree(busy: World) -> None:
    keys, path = list(KEYS), busy.organs["city"].path
    with CaptureQueriesContext(connection) as few:
        evaluate(keys, path, YEAR)
    assert len(few) == len(keys) + 5  # three for the tree, one for tallies, one for coverage
    for index in range(8):
        organ = create_organ(
            by=TEST,
            code=f"more-{index}",
            name=f"第{index}局",
            kind="department",
            tier="city",
            parent=busy.organs["city"],
            valid_from=D(2015, 1, 1),
        )
        cover(organ, "requests")
        case(organ, received=D(2022, 1, 4))
    with CaptureQueriesContext(connection) as many:
        evaluate(keys, path, YEAR)
    assert len(many) == len(few)


def test_unknown_measures_and_dimensions_are_refused(world: World) -> None:
    path = world.organs["city"].path
    with pytest.raises(LookupError):
        evaluate(["requests.nothing"], path, YEAR)
    grid = evaluate(["requests.received"], path, YEAR)
    with pytest.raises(LookupError):
        grid.value("requests.received", path, colour="red")
    with pytest.raises(LookupError):
        grid.value("requests.closed", path)
