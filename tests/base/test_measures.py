"""A figure is a query: value, value by organ and drill-down are the same rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Case, CharField, Q, Value, When
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base import clock, measures
from gongkai.base.measures import Measure, Period
from gongkai.base.models import Tally
from tests.support.world import World

YEAR = Period.year(2022)
DECISIONS = Measure(
    key="test.decisions",
    title="处理决定数量",
    unit="件",
    register="tallies",
    statistical_date="period_to",
    model=lambda: Tally,
    select=lambda period: period.covers("period_to") & ~Q(measure="income"),
    dimensions={"row": "measure"},
)
INCOME = Measure(
    key="test.income",
    title="收费金额",
    unit="元",
    register="tallies",
    statistical_date="period_to",
    model=lambda: Tally,
    select=lambda period: period.covers("period_to") & Q(measure="income"),
    amount="value",
)
BY_HALF = Measure(
    key="test.half",
    title="上下半年",
    unit="件",
    register="tallies",
    statistical_date="period_to",
    model=lambda: Tally,
    select=lambda period: period.covers("period_to") & ~Q(measure="income"),
    dimensions={"half": "half"},
    annotate=lambda period: {
        "half": Case(
            When(Q(period_to__lt=period.start.replace(month=7)), then=Value("first")),
            default=Value("second"),
            output_field=CharField(),
        )
    },
)


def keep(world: World, code: str, measure: str, day: str, value: str) -> None:
    Tally.objects.create(
        organ=world.organs[code],
        measure=measure,
        period_from=day,
        period_to=day,
        value=Decimal(value),
        source=Tally.Source.UNIT,
        author="test",
        recorded_at=clock.now(),
    )


@pytest.fixture
def city(world: World) -> World:
    """Four decisions in the year, one on each edge, and two outside it; fees with a refund."""
    for code, row, day in (
        ("county-a", "admin_license", "2022-01-01"),
        ("county-a", "admin_penalty", "2022-12-31"),
        ("town-a1", "admin_license", "2022-06-30"),
        ("county-b", "admin_license", "2022-07-01"),
        ("county-a", "admin_license", "2021-12-31"),
        ("county-a", "admin_license", "2023-01-01"),
    ):
        keep(world, code, row, day, "1")
    for code, amount in (("county-a", "100.50"), ("county-a", "-0.50"), ("town-a1", "7.25")):
        keep(world, code, "income", "2022-03-01", amount)
    return world


def test_a_year_begins_and_ends_with_its_days(city: World) -> None:
    assert DECISIONS.count(YEAR) == 4
    assert {str(row.period_to) for row in DECISIONS.rows(YEAR)} == {
        "2022-01-01",
        "2022-12-31",
        "2022-06-30",
        "2022-07-01",
    }


def test_a_prefix_takes_in_what_is_below_and_nothing_beside(city: World) -> None:
    assert DECISIONS.count(YEAR, city.organs["county-a"].path) == 3
    assert DECISIONS.count(YEAR, city.organs["town-a1"].path) == 1
    assert DECISIONS.count(YEAR, city.organs["city-edu"].path) == 0


def test_values_by_organ_and_dimension_are_one_query_over_the_same_rows(
    city: World,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    paths = {code: organ.path for code, organ in city.organs.items()}
    with django_assert_num_queries(1):
        values = DECISIONS.by_path(YEAR, paths["city"])
    assert values == {
        (paths["county-a"], ("admin_license",)): 1,
        (paths["county-a"], ("admin_penalty",)): 1,
        (paths["town-a1"], ("admin_license",)): 1,
        (paths["county-b"], ("admin_license",)): 1,
    }
    for (path, (row,)), value in values.items():
        assert DECISIONS.rows(YEAR, row=row).filter(path=path).count() == value


def test_money_is_added_up_exactly_and_refunds_count_back(city: World) -> None:
    path = city.organs["county-a"].path
    assert INCOME.count(YEAR, path) == Decimal("107.25")
    assert INCOME.by_path(YEAR, path) == {
        (path, ()): Decimal("100.00"),
        (city.organs["town-a1"].path, ()): Decimal("7.25"),
    }


def test_no_rows_add_up_to_nought_not_to_nothing(city: World) -> None:
    assert INCOME.count(Period.year(1999)) == 0
    assert INCOME.by_path(Period.year(1999), city.organs["city"].path) == {}


def test_a_dimension_may_depend_on_the_period(city: World) -> None:
    assert BY_HALF.count(YEAR, half="first") == 2
    assert BY_HALF.count(YEAR, half="second") == 2


def test_an_unknown_dimension_is_refused(city: World) -> None:
    with pytest.raises(LookupError, match="colour"):
        DECISIONS.rows(YEAR, colour="red")


def test_a_measure_is_known_once() -> None:
    measures.register(DECISIONS)
    try:
        measures.register(DECISIONS)
        assert measures.get("test.decisions") is DECISIONS
        assert DECISIONS in measures.all_measures()
        with pytest.raises(ValueError, match="twice"):
            measures.register(dataclasses.replace(INCOME, key="test.decisions"))
    finally:
        del measures._registry["test.decisions"]
    with pytest.raises(LookupError):
        measures.get("test.decisions")


days = st.dates(dt.date(2020, 1, 1), dt.date(2024, 12, 31))


@given(days, st.none() | days)
def test_what_is_open_at_the_end_of_a_year_is_open_at_the_start_of_the_next(
    began: dt.date, ended: dt.date | None
) -> None:
    """Carried out of one year = carried into the next, whatever the dates."""

    def holds(condition: Q) -> bool:
        return all(_holds(part, {"began": began, "ended": ended}) for part in condition.children)

    assert holds(Period.year(2022).open_at_end("began", "ended")) == holds(
        Period.year(2023).open_at_start("began", "ended")
    )


def _holds(part: object, values: dict[str, dt.date | None]) -> bool:
    if isinstance(part, Q):
        results = [_holds(child, values) for child in part.children]
        return any(results) if part.connector == Q.OR else all(results)
    assert isinstance(part, tuple)
    look_up, wanted = part
    name, operator = look_up.split("__")
    value = values[name]
    if operator == "isnull":
        return (value is None) == wanted
    if value is None:
        return False
    return {"lt": value < wanted, "lte": value <= wanted, "gt": value > wanted, "gte": value >= wanted}[
        operator
    ]


def test_months_end_on_their_last_day() -> None:
    assert Period.month(2024, 2) == Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert Period.month(2023, 12) == Period(dt.date(2023, 12, 1), dt.date(2023, 12, 31))
    with pytest.raises(ValueError, match="month"):
        Period.month(2023, 13)
