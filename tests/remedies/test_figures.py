"""Table 4 by hand counts, by random histories and by the published figures S130–S132."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base.measures import Period, get
from gongkai.remedies import actions, figures, queries, verify
from gongkai.remedies.models import Group, Proceeding
from tests.forms.seeds import seed
from tests.remedies.support import closed, filed, result
from tests.support.world import TEST, World

COLUMNS = ("upheld", "corrected", "other", "pending")
REVIEW, DIRECT, AFTER = Group.values


def table4(world: World, year: int, code: str = "city", key: str = "remedies.active") -> dict:
    counted: dict = {group: dict.fromkeys(COLUMNS, 0) for group in Group.values}
    found = get(key).by_path(Period.year(year), world.organs[code].path)
    for (_path, (group, column)), number in found.items():
        counted[group][column] += number
    return counted


def totals(world: World, year: int, key: str = "remedies.active") -> dict[str, int]:
    return {group: sum(columns.values()) for group, columns in table4(world, year, key=key).items()}


def test_a_proceeding_counts_in_every_year_it_was_active_by_its_state_at_the_end(world: World) -> None:
    closed(world, REVIEW, "upheld", dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    closed(world, REVIEW, "corrected", dt.date(2018, 12, 31), dt.date(2019, 1, 1))
    closed(world, DIRECT, "other", dt.date(2019, 12, 31), dt.date(2020, 1, 1))
    actions.decide(
        filed(world, DIRECT, dt.date(2019, 5, 1)), by=TEST, on=dt.date(2019, 6, 1), result="court_revoked"
    )
    filed(world, AFTER, dt.date(2020, 1, 1))
    expected = {
        2017: ({}, {}, {}),
        2018: ({"pending": 1}, {}, {}),
        2019: ({"upheld": 1, "corrected": 1}, {"pending": 2}, {}),
        2020: ({}, {"other": 1, "pending": 1}, {"pending": 1}),
        2021: ({}, {"pending": 1}, {"pending": 1}),
    }
    for year, groups in expected.items():
        assert table4(world, year) == {
            group: dict.fromkeys(COLUMNS, 0) | columns
            for group, columns in zip(Group.values, groups, strict=True)
        }


def test_filed_in_year_counts_each_once_in_the_year_its_notice_came(world: World) -> None:
    closed(world, REVIEW, "upheld", dt.date(2018, 12, 31), dt.date(2019, 1, 1))
    closed(world, REVIEW, "other", dt.date(2019, 3, 1), dt.date(2019, 5, 1))
    by_year = [table4(world, year, key="remedies.filed")[REVIEW] for year in (2018, 2019, 2020)]
    assert [{name: n for name, n in columns.items() if n} for columns in by_year] == [
        {"pending": 1},
        {"other": 1},
        {},
    ]


def test_the_basis_is_that_of_the_nearest_organ_that_set_one(world: World, django_assert_num_queries) -> None:
    town = world.organs["town-a1"].path
    assert queries.measure_for(town) is figures.active
    actions.set_count_basis(by=TEST, organ=world.organs["city"], basis="filed_in_year")
    assert queries.measure_for(town) is figures.filed
    actions.set_count_basis(by=TEST, organ=world.organs["county-a"], basis="active_in_year")
    with django_assert_num_queries(1):
        assert queries.measure_for(town) is figures.active
    assert queries.measure_for(world.organs["county-b"].path) is figures.filed


def test_a_retrial_leaves_the_old_year_alone_and_counts_once_in_each(world: World) -> None:
    kept = closed(world, DIRECT, "upheld", dt.date(2019, 3, 1), dt.date(2020, 5, 1))
    before = {year: table4(world, year) for year in range(2018, 2022)}
    actions.reopen(kept, by=TEST, on=dt.date(2022, 3, 1), reason="指令再审")
    assert {year: table4(world, year) for year in range(2018, 2022)} == before
    assert table4(world, 2022)[DIRECT] == dict.fromkeys(COLUMNS, 0) | {"pending": 1}
    actions.close(kept, by=TEST, on=dt.date(2022, 9, 1), result="court_revoked", document="再1号")
    assert table4(world, 2022)[DIRECT] == dict.fromkeys(COLUMNS, 0) | {"corrected": 1}
    assert table4(world, 2020)[DIRECT] == dict.fromkeys(COLUMNS, 0) | {"upheld": 1}
    assert [totals(world, year, "remedies.filed")[DIRECT] for year in (2019, 2020, 2022)] == [1, 0, 0]
    assert verify.problems() == []


def test_a_retrial_in_the_year_of_the_result_does_not_count_twice(world: World) -> None:
    kept = closed(world, DIRECT, "upheld", dt.date(2019, 3, 1), dt.date(2019, 5, 1))
    actions.reopen(kept, by=TEST, on=dt.date(2019, 5, 1), reason="再审")
    assert table4(world, 2019)[DIRECT] == dict.fromkeys(COLUMNS, 0) | {"pending": 1}
    assert totals(world, 2019, "remedies.filed")[DIRECT] == 1


def test_corrections_count_back(world: World) -> None:
    kept = closed(world)
    actions.correct_step(kept.steps.get(kind="closed"), by=TEST, reason="年份录错", on=dt.date(2020, 5, 1))
    assert [table4(world, year)[REVIEW]["upheld"] for year in (2019, 2020)] == [0, 1]
    assert table4(world, 2019)[REVIEW]["pending"] == 1
    assert totals(world, 2021)[REVIEW] == 0


def test_duplicates_of_a_tree_are_listed_for_elimination(world: World, django_assert_num_queries) -> None:
    organs = [world.organs["county-a"], world.organs["city"], world.organs["county-b"]]
    shared = closed(world, DIRECT, "corrected", respondents=organs)
    for code in ("county-a", "county-b"):
        filed(world, REVIEW, code=code, number="甲政复〔2019〕7号")
    filed(world, REVIEW)
    path, year = world.organs["city"].path, Period.year(2019)
    with django_assert_num_queries(2):
        found = queries.duplicates(path, year)
    assert [(d.group, d.column, d.number, d.extra) for d in found] == [
        (DIRECT, "corrected", shared.number, 2),
        (REVIEW, "pending", "甲政复〔2019〕7号", 1),
    ]
    assert totals(world, 2019) == {REVIEW: 3, DIRECT: 3, AFTER: 0}
    assert queries.duplicates(world.organs["county-a"].path, year) == []
    with django_assert_num_queries(1):
        assert queries.duplicates(path, Period.year(2018)) == []


def test_the_correction_rate_leaves_pending_aside(world: World) -> None:
    closed(world, REVIEW, "corrected"), closed(world, REVIEW, "upheld"), closed(world, DIRECT, "other")
    filed(world)
    assert queries.correction_rate(world.organs["city"].path, Period.year(2019)) == (1, 3)


def test_a_whole_tree_takes_one_query(world: World, django_assert_num_queries) -> None:
    for code in world.organs:
        closed(world, code=code)
    for key in ("remedies.active", "remedies.filed"):
        with django_assert_num_queries(1):
            assert len(get(key).by_path(Period.year(2019), world.organs["city"].path)) == len(world.organs)
    rows = get("remedies.active").rows(Period.year(2019), world.organs["city"].path, column="upheld")
    assert rows.count() == len(world.organs)


DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2022, 12, 31))
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(Group.values),
        st.lists(DAYS, min_size=1, max_size=5, unique=True).map(sorted),
        st.sampled_from(["upheld", "corrected", "other"]),
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=HISTORIES)
def test_sums_and_pending_hold_for_any_histories(world: World, histories: list) -> None:
    """Y-PEND: total[Y] ≥ pending[Y−1]; T4-SUM: each proceeding stands in exactly one column of a year."""
    with transaction.atomic():
        for group, days, column in histories:
            _live(world, group, days, column)
        for year in range(2017, 2024):
            rows = get("remedies.active").rows(Period.year(year), world.organs["city"].path)
            assert rows.count() == rows.values("proceeding").distinct().count()
            assert sum(totals(world, year).values()) == rows.count()
            for group in Group.values:
                assert totals(world, year)[group] >= table4(world, year - 1)[group]["pending"]
        assert sum(sum(totals(world, year, "remedies.filed").values()) for year in range(2018, 2023)) == len(
            histories
        )
        assert verify.problems() == []
        transaction.set_rollback(True)


def _live(world: World, group: str, days: list[dt.date], column: str) -> Proceeding:
    """Filed, then closed and reopened in turn; reviews are closed at most once."""
    proceeding = filed(world, group, days[0])
    for number, day in enumerate(days[1:]):
        if number % 2 == 0:
            actions.close(proceeding, by=TEST, on=day, result=result(group, column))
        elif group == REVIEW:
            break
        else:
            actions.reopen(proceeding, by=TEST, on=day, reason="再审")
    return proceeding


SEEDS = ("LY19", "PDS19", "MJ20", "XG20", "LYO22")
CODES = ("county-a", "county-a-office", "town-a1")


def build(world: World, group: str, year: int, columns: dict[str, int], carried_in: bool) -> None:
    """The proceedings of one group, spread over three organs; every third came in the year before."""
    serial = 0
    for column in COLUMNS:
        for _ in range(columns[column]):
            serial += 1
            start = dt.date(year - (carried_in and serial % 3 == 0), 10, 8)
            code, until = CODES[serial % 3], dt.date(year, 12, 30)
            if column == "pending":
                filed(world, group, start, code)
            else:
                closed(world, group, column, start, until, code=code, **_parent(world, group, code))


def _parent(world: World, group: str, code: str) -> dict:
    """Suits after review follow a review that ended before the year counted."""
    if group != AFTER:
        return {}
    review = closed(world, REVIEW, "upheld", dt.date(2017, 1, 5), dt.date(2017, 3, 1), code=code)
    return {"parent": review, "no_parent_reason": ""}


def prove(world: World, name: str, group: str) -> None:
    published, year = seed(name)["table4"][group], seed(name)["report_year"]
    build(world, group, year, published, carried_in=True)
    counted = table4(world, year, "county-a")[group]
    assert counted | {"total": sum(counted.values())} == published
    assert verify.problems() == []


@pytest.mark.seed("S130")
@pytest.mark.parametrize("name", SEEDS)
def test_published_reviews(world: World, name: str) -> None:
    prove(world, name, REVIEW)


@pytest.mark.seed("S131")
@pytest.mark.parametrize("name", SEEDS)
def test_published_direct_suits(world: World, name: str) -> None:
    prove(world, name, DIRECT)


@pytest.mark.seed("S132")
@pytest.mark.parametrize("name", SEEDS)
def test_published_suits_after_review_are_linked_to_their_reviews(world: World, name: str) -> None:
    prove(world, name, AFTER)
    decided = Proceeding.objects.filter(group=AFTER, closed_on__isnull=False)
    assert all(suit.parent and suit.parent.group == REVIEW for suit in decided.select_related("parent"))
