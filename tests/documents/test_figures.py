"""The five measures against hand counts and random histories; S050–S052 and F14 by building the published figures."""

import datetime as dt
from itertools import cycle

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base.measures import Period, get
from gongkai.base.tallies import tallied_by_path
from gongkai.documents import actions, verify
from gongkai.documents.models import Document
from gongkai.organs.tallies import record_tally
from tests.documents.support import document, released
from tests.forms.seeds import seed
from tests.support.world import TEST, World

MADE, NEW, TOTAL, REPEALED, IN_FORCE = (
    f"documents.{name}" for name in ("made", "newly_disclosed", "total_disclosed", "repealed", "in_force")
)
ALL = (MADE, NEW, TOTAL, REPEALED, IN_FORCE)


def count(key: str, year: int, path: str, kind: str = "normative_docs") -> int:
    """Records, and for a stock the opening tallies with them."""
    period = Period.year(year)
    records = get(key).count(period, path, kind=kind)
    opened = tallied_by_path([key], period, path)
    return int(records + sum(v for (_, _, dims), v in opened.items() if dims == (kind,)))


def end(kept: Document, on: dt.date, kind: str = "repealed") -> None:
    actions.change_validity(kept, by=TEST, kind=kind, on=on, decided_by="甲政〔2020〕1号")


def test_every_measure_counts_by_its_own_date(world: World) -> None:
    """Hand count for 2020, by the comment behind each document."""
    jan, dec = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    document(world, made_on=jan)  # made, in force
    document(world, made_on=dec, attribute="closed", attribute_reason="条例第十六条")  # made, in force
    released(world, dec)  # of 2019: new, total, in force
    released(world, dt.date(2019, 5, 1))  # total, in force
    gone = released(world, dt.date(2019, 5, 1))  # in force; withdrawn on the last day
    actions.withdraw_release(gone.releases.get(), by=TEST, on=dec, reason="更正")
    late = released(world, dt.date(2019, 5, 1))  # total, in force; withdrawn a day later
    actions.withdraw_release(late.releases.get(), by=TEST, on=dt.date(2021, 1, 1), reason="更正")
    end(released(world, jan, made_on=jan), dec)  # made, new, total, repealed
    end(released(world, dt.date(2019, 5, 1)), jan, "expired")  # total, repealed
    end(released(world, dt.date(2019, 5, 1)), dt.date(2021, 1, 1))  # total, in force: takes effect later
    end(document(world), dt.date(2019, 12, 31))  # over before the year
    amended = released(world, dt.date(2019, 5, 1))  # total, in force
    end(amended, dt.date(2020, 5, 1), "amended")
    end(amended, dt.date(2020, 6, 1), "partly_repealed")
    actions.strike_document(document(world, made_on=jan), by=TEST, reason="重复登记")
    document(world, "county-a", made_on=jan)  # elsewhere
    document(world, kind="other", made_on=jan)  # another kind
    path = world.organs["city"].path
    own = {key: get(key).by_path(Period.year(2020), path).get((path, ("normative_docs",)), 0) for key in ALL}
    assert own == {MADE: 3, NEW: 2, TOTAL: 7, REPEALED: 2, IN_FORCE: 8}
    assert count(MADE, 2020, path) == 4
    assert get(MADE).count(Period.year(2020), path) == 5


def test_a_document_withdrawn_and_shown_again_was_absent_in_between(world: World) -> None:
    kept = released(world, dt.date(2019, 5, 1))
    actions.withdraw_release(kept.releases.get(), by=TEST, on=dt.date(2020, 5, 1), reason="更正")
    actions.release(kept, by=TEST, channel="政府网站", on=dt.date(2022, 5, 1))
    path = world.organs["city"].path
    assert [count(TOTAL, year, path) for year in range(2018, 2023)] == [0, 1, 0, 0, 1]
    assert [count(NEW, year, path) for year in range(2018, 2023)] == [0, 1, 0, 0, 0]


def test_corrections_count_back_in_every_year(world: World) -> None:
    kept = released(world, dt.date(2019, 5, 1))
    end(kept, dt.date(2020, 5, 1))
    path = world.organs["city"].path
    assert [count(IN_FORCE, year, path) for year in (2019, 2020, 2021)] == [1, 0, 0]
    fact = kept.validity_facts.get()
    actions.correct_validity(fact, by=TEST, reason="年份录错", on=dt.date(2021, 5, 1))
    actions.correct_release(kept.releases.get(), by=TEST, reason="年份录错", on=dt.date(2020, 5, 1))
    assert [count(IN_FORCE, year, path) for year in (2019, 2020, 2021)] == [1, 1, 0]
    assert [count(REPEALED, year, path) for year in (2019, 2020, 2021)] == [0, 0, 1]
    assert [count(NEW, year, path) for year in (2019, 2020)] == [0, 1]


def test_a_whole_tree_takes_one_query_per_measure(world: World, django_assert_num_queries) -> None:
    for code in world.organs:
        end(released(world, dt.date(2020, 5, 1), code), dt.date(2020, 6, 1))
    for key in ALL:
        with django_assert_num_queries(1):
            get(key).by_path(Period.year(2020), world.organs["city"].path)


DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2022, 12, 31))
HISTORIES = st.lists(
    st.tuples(DAYS, st.none() | DAYS, st.none() | DAYS, st.sampled_from(["repealed", "expired"])), max_size=8
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=HISTORIES, opening=st.integers(0, 50))
def test_in_force_follows_from_the_year_before(world: World, histories: list, opening: int) -> None:
    """in_force[Y] = in_force[Y−1] + made[Y] − repealed[Y] (05 §9, Y-INFORCE), whatever happened, with an opening stock."""
    with transaction.atomic():
        path = world.organs["county-a"].path
        _open_with(world, opening)
        for made_on, released_on, ended_on, kind in histories:
            kept = document(world, "county-a", made_on=made_on)
            if released_on and released_on >= made_on:
                actions.release(kept, by=TEST, channel="政府网站", on=released_on)
            if ended_on and ended_on >= made_on:
                end(kept, ended_on, kind)
        for year in range(2018, 2024):
            before, now = count(IN_FORCE, year - 1, path), count(IN_FORCE, year, path)
            assert now == before + count(MADE, year, path) - count(REPEALED, year, path)
            assert count(TOTAL, year, path) == count(TOTAL, year - 1, path) + count(NEW, year, path)
        assert count(IN_FORCE, 2016, path) == 0
        assert verify.problems() == []
        transaction.set_rollback(True)


def _open_with(world: World, number: int) -> None:
    for key in (IN_FORCE, TOTAL):
        _opening(world, "county-a", key, "normative_docs", dt.date(2017, 12, 31), number)


def _opening(world: World, code: str, key: str, kind: str, day: dt.date, number: int) -> None:
    record_tally(
        by=TEST,
        organ=world.organs[code],
        measure=key,
        dimensions={"kind": kind},
        period=Period(day, day),
        value=number,
        source="opening",
    )


def build(world: World, code: str, kind: str, year: int, made: int, new: int, total: int) -> None:
    """`made` in the year, `new` shown in it (older ones with them when there are more), the rest opened with."""
    before = dt.date(year - 1, 11, 20)
    days = [dt.date(year, 1, 5) + dt.timedelta(days=number) for number in range(made)]
    for made_on in [*days, *([before] * (new - made))]:
        released(world, max(made_on, dt.date(year, 1, 5)), code, kind=kind, made_on=made_on)
    _opening(world, code, TOTAL, kind, dt.date(year - 1, 12, 31), total - new)


def figures(world: World, code: str, kind: str, year: int) -> dict[str, int]:
    path = world.organs[code].path
    names = {"made_this_year": MADE, "newly_disclosed_this_year": NEW, "total_disclosed": TOTAL}
    return {name: count(key, year, path, kind) for name, key in names.items()}


@pytest.mark.seed("S050")
@pytest.mark.parametrize("name", ["LY19", "PDS19", "MJ20", "XG20"])
def test_rules_made_disclosed_and_in_all(world: World, name: str) -> None:
    published, year = seed(name)["table2"]["art20_1"]["rules"], seed(name)["report_year"]
    code = "city" if published["made_this_year"] else "county-a"
    build(world, code, "rules", year, *published.values())
    assert figures(world, code, "rules", year) == published


@pytest.mark.seed("S051")
@pytest.mark.parametrize("name", ["LY19", "PDS19", "MJ20", "XG20"])
def test_normative_documents_made_disclosed_and_in_all(world: World, name: str) -> None:
    published, year = seed(name)["table2"]["art20_1"]["normative_docs"], seed(name)["report_year"]
    build(world, "county-a", "normative_docs", year, *published.values())
    assert figures(world, "county-a", "normative_docs", year) == published


@pytest.mark.seed("F14")
def test_more_disclosed_than_made_because_older_ones_are_published(world: World) -> None:
    published = seed("PDS19")["table2"]["art20_1"]["normative_docs"]
    build(world, "county-a", "normative_docs", 2019, *published.values())
    assert (published["made_this_year"], published["newly_disclosed_this_year"]) == (86, 90)
    assert figures(world, "county-a", "normative_docs", 2019) == published
    new = get(NEW).rows(Period.year(2019), world.organs["county-a"].path)
    assert new.filter(made_on__lt=dt.date(2019, 1, 1)).count() == 4


@pytest.mark.seed("S052")
def test_made_repealed_and_in_force(world: World) -> None:
    """LYO22: 28 made, 118 repealed (all registered), 120 in force of which 92 were never registered."""
    published = seed("LYO22")["table2"]["art20_1"]["normative_docs"]
    made, repealed, in_force = published.values()
    _opening(world, "city-office", IN_FORCE, "normative_docs", dt.date(2021, 12, 31), in_force - made)
    for number in range(made):
        document(world, "city-office", made_on=dt.date(2022, 1, 5) + dt.timedelta(days=number))
    for number, kind in zip(range(repealed), cycle(("repealed", "expired")), strict=False):
        old = document(world, "city-office", made_on=dt.date(2015, 1, 5))
        end(old, dt.date(2022, 12, 31) - dt.timedelta(days=number), kind)
    path = world.organs["city-office"].path
    keys = {"made_this_year": MADE, "repealed_this_year": REPEALED, "in_force": IN_FORCE}
    assert {name: count(key, 2022, path) for name, key in keys.items()} == published
    assert count(IN_FORCE, 2021, path) == 210
    assert {name: count(key, 2022, path, "rules") for name, key in keys.items()} == (
        seed("LYO22")["table2"]["art20_1"]["rules"]
    )
