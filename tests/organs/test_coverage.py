"""Coverage: inheritance down the tree, gaps, changes inside a period, and nothing said twice."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base.coverage import CoverageMap, _Span, coverage_for, coverage_of
from gongkai.base.measures import Period
from gongkai.organs.refusals import Refused
from gongkai.organs.tallies import close_coverage, coverage_by_path, set_coverage
from tests.support.world import TEST, World

Y2019 = Period.year(2019)
JAN, JUL, DEC = dt.date(2019, 1, 1), dt.date(2019, 7, 1), dt.date(2019, 12, 31)


def cover(
    world: World, code: str, mode: str, since: dt.date = JAN, register: str = "documents", **more: object
):
    return set_coverage(
        by=TEST,
        organ=world.organs[code],
        register=register,
        mode=mode,
        valid_from=since,
        **more,
    )


def modes(world: World, *codes: str, register: str = "documents") -> list[str | None]:
    found = coverage_for(register, world.organs["city"].path, Y2019)
    return [found.at(world.organs[code].path).mode for code in codes]


def test_without_coverage_nothing_is_known(world: World) -> None:
    assert modes(world, "city", "town-a1") == [None, None]


def test_own_coverage_first_then_the_nearest_organ_above_that_speaks_for_its_tree(world: World) -> None:
    cover(world, "city", "here", whole_tree=True)
    cover(world, "county-a", "tally", whole_tree=True)
    cover(world, "county-a-office", "none")
    codes = ("city-edu", "county-a", "town-a1", "county-a-office")
    assert modes(world, *codes) == ["here", "tally", "tally", "none"]
    assert modes(world, *codes, register="requests") == [None] * 4


def test_without_whole_tree_it_speaks_for_itself_alone(world: World) -> None:
    cover(world, "city", "here")
    assert modes(world, "city", "city-edu") == ["here", None]


def test_a_gap_makes_the_period_unknown_and_its_days_known(world: World) -> None:
    cover(world, "city", "here", JUL)
    found = coverage_for("documents", world.organs["city"].path, Y2019).at(world.organs["city"].path)
    assert (found.mode, found.modes, found.complete) == (None, {"here"}, False)
    one_day = coverage_for("documents", world.organs["city"].path, Period(DEC, DEC))
    assert one_day.resolve([world.organs["city"].path]) == {world.organs["city"].path: "here"}


def test_a_change_of_mode_inside_the_period_needs_both(world: World) -> None:
    cover(world, "city", "tally", valid_to=dt.date(2019, 6, 30))
    cover(world, "city", "here", JUL)
    found = coverage_for("documents", world.organs["city"].path, Y2019).at(world.organs["city"].path)
    assert (found.mode, found.modes, found.complete) == ("tally", {"tally", "here"}, True)


def test_a_life_shorter_than_the_period_leaves_no_gap(world: World) -> None:
    cover(world, "city", "here", JUL)
    path = world.organs["city"].path
    found = coverage_for("documents", path, Y2019)
    assert found.at(path, since=JUL).mode == "here"
    assert found.at(path, until=dt.date(2018, 5, 1)).mode == "none"


def test_overlaps_are_refused_until_the_old_one_is_closed(world: World) -> None:
    first = cover(world, "city", "tally")
    with pytest.raises(ValidationError, match="重叠"):
        cover(world, "city", "here", JUL)
    close_coverage(first, by=TEST, on=dt.date(2019, 6, 30))
    cover(world, "city", "here", JUL)
    with pytest.raises(ValidationError, match="重叠"):
        cover(world, "city", "none", dt.date(2018, 1, 1))
    cover(world, "city", "none", dt.date(2018, 1, 1), valid_to=dt.date(2018, 12, 31))


def test_a_coverage_set_by_mistake_is_cancelled(world: World) -> None:
    wrong = cover(world, "city", "none")
    close_coverage(wrong, by=TEST, on=JAN - dt.timedelta(days=1))
    assert modes(world, "city") == [None]
    cover(world, "city", "here")
    assert modes(world, "city") == ["here"]
    with pytest.raises(ValidationError, match="更早"):
        close_coverage(wrong, by=TEST, on=JUL)


def test_bad_registers_modes_and_dates_are_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="台账"):
        cover(world, "city", "here", register="weather")
    with pytest.raises(ValidationError, match="mode"):
        cover(world, "city", "sometimes")
    with pytest.raises(ValidationError, match="早于"):
        cover(world, "city", "here", JUL, valid_to=JAN)


def test_only_the_organs_own_keepers_set_and_close(world: World) -> None:
    kept = set_coverage(
        by=world.actor("city-edu", "office", "tallies"),
        organ=world.organs["city-edu"],
        register="documents",
        mode="here",
        valid_from=JAN,
    )
    stranger = world.actor("city-office", "office", "tallies")
    with pytest.raises(Refused):
        close_coverage(kept, by=stranger, on=DEC)
    with pytest.raises(Refused):
        set_coverage(
            by=stranger, organ=world.organs["city"], register="requests", mode="here", valid_from=JAN
        )


def test_a_whole_tree_takes_one_query_for_all_registers(world: World, django_assert_num_queries) -> None:
    cover(world, "city", "here", whole_tree=True)
    cover(world, "city", "tally", register="acts.fees", whole_tree=True)
    with django_assert_num_queries(1):
        found = coverage_of(["documents", "acts.fees"], world.organs["county-a"].path, Y2019)
        paths = [organ.path for code, organ in world.organs.items() if code.startswith("county-a")]
        assert set(found["documents"].resolve(paths).values()) == {"here"}
        assert set(found["acts.fees"].resolve(paths).values()) == {"tally"}
    with django_assert_num_queries(2):
        by_path = coverage_by_path(["documents"], world.organs["city"].path, Y2019)
    assert {covered.mode for covered in by_path["documents"].values()} == {"here"}
    assert len(by_path["documents"]) == len(world.organs)


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["here", "tally", "none"]))
)


@given(SPANS, SPANS)
def test_the_answer_is_that_of_asking_every_day(own: list, above: list) -> None:
    period = Period(JAN, JAN + dt.timedelta(days=30))

    def spans(drawn: list, whole: bool) -> list[_Span]:
        return [_Span(_day(a), _day(a + b), mode, whole) for a, b, mode in drawn]

    known = CoverageMap(period, {"0001.": spans(above, True), "0001.0002.": spans(own, False)})
    days = [period.start + dt.timedelta(days=number) for number in range(31)]
    each = [CoverageMap(Period(day, day), known.spans).at("0001.0002.") for day in days]
    whole = known.at("0001.0002.")
    assert whole.complete == all(day.complete for day in each)
    assert whole.modes == frozenset().union(*(day.modes for day in each))


def _day(number: int) -> dt.date:
    return JAN + dt.timedelta(days=number - 5)
