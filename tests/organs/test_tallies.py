"""Tallies: who may record them, what they may say, and how a wrong one counts back."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry, Tally
from gongkai.base.tallies import current_tallies, tallied_by_path
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.organs.tallies import record_tally, set_coverage, supersede_tally
from tests.support.world import TEST, World

Y2019, Y2020 = Period.year(2019), Period.year(2020)
DECISIONS = "keyareas.decisions"
LICENSES = {"row": "admin_license"}


def tally(world: World, code: str = "city-edu", **changes: object) -> Tally:
    values = {
        "by": TEST,
        "organ": world.organs[code],
        "measure": DECISIONS,
        "dimensions": LICENSES,
        "period": Y2019,
        "value": 1960,
    }
    return record_tally(**(values | changes))


def value(world: World, key: str = DECISIONS, period: Period = Y2019, prefix: str = "city") -> Decimal:
    found = tallied_by_path([key], period, world.organs[prefix].path)
    return sum(found.values(), Decimal(0))


def test_a_tally_keeps_author_source_and_audit(world: World) -> None:
    actor = world.actor("city-edu", "handler", "tallies")
    kept = tally(world, by=actor, note="行政审批科报送")
    assert (kept.author, kept.source, kept.value) == (actor.key, "unit", Decimal(1960))
    entry = AuditEntry.objects.get(verb="tally.record")
    assert (entry.subject_id, entry.path) == (str(kept.pk), world.organs["city-edu"].path)


def test_only_the_organs_own_keepers_record(world: World) -> None:
    for home, role in product(("city-edu", "city", "city-office"), Role.values):
        viewer = world.viewer(home, role)
        by = Actor(
            f"staff:{viewer.person_id}", role, viewer.person_id, viewer.grants[0].post_id, viewer=viewer
        )
        if home == "city-edu" and role in ("handler", "office", "head"):
            kept = tally(world, by=by)
            supersede_tally(kept, by=by, value=None, reason="重新报送")
        else:
            with pytest.raises(Refused):
                tally(world, by=by)
    assert Tally.objects.count() == 6


def test_a_successor_records_for_its_predecessor_and_not_the_reverse(world: World) -> None:
    assert tally(world, "old-b", by=world.actor("county-b", "office", "tallies")).pk
    with pytest.raises(Refused):
        tally(world, "county-b", by=world.actor("old-b", "office", "tallies"))


def test_a_superseded_tally_counts_back(world: World) -> None:
    wrong = tally(world)
    right = supersede_tally(wrong, by=TEST, value=1690, reason="填报时数字颠倒")
    assert (value(world), right.supersedes, Tally.objects.count()) == (1690, wrong, 2)
    with pytest.raises(ValidationError, match="更正过"):
        supersede_tally(wrong, by=TEST, value=1, reason="再改")


def test_a_withdrawn_tally_is_unknown_and_may_be_reported_anew(world: World) -> None:
    supersede_tally(tally(world), by=TEST, value=None, reason="并非本单位数据")
    assert not current_tallies([DECISIONS], Y2019).exists()
    tally(world, value=7)
    assert value(world) == 7


def test_a_correction_may_move_to_the_right_year_and_kind(world: World) -> None:
    supersede_tally(
        tally(world),
        by=TEST,
        value=12,
        reason="年份填错",
        period=Y2020,
        dimensions={"row": "admin_penalty"},
    )
    found = tallied_by_path([DECISIONS], Y2020, world.organs["city"].path)
    assert found == {(DECISIONS, world.organs["city-edu"].path, ("admin_penalty",)): Decimal(12)}
    assert value(world, period=Y2019) == 0


def test_correcting_needs_a_reason_and_the_right(world: World) -> None:
    wrong = tally(world)
    with pytest.raises(ValidationError, match="原因"):
        supersede_tally(wrong, by=TEST, value=1, reason=" ")
    with pytest.raises(Refused):
        supersede_tally(wrong, by=world.actor("city-office", "head", "tallies"), value=1, reason="代改")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"measure": "keyareas.nothing"}, "measure"),
        ({"measure": "documents.made", "dimensions": {"kind": "rules"}}, "measure"),
        ({"dimensions": {}}, "dimensions"),
        ({"dimensions": {"row": "admin_license", "column": "x"}}, "dimensions"),
        ({"dimensions": {"row": "fines"}}, "dimensions"),
        ({"dimensions": {"row": "admin_fees"}}, "dimensions"),
        ({"value": -1}, "value"),
        ({"value": "1.5"}, "value"),
        ({"value": "many"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"source": "guess"}, "source"),
        ({"period": Period(dt.date(2019, 2, 1), dt.date(2019, 1, 1))}, "period_to"),
        ({"period": Period.year(2999)}, "period_from"),
        (
            {
                "measure": "keyareas.items_prev_year",
                "period": Period(dt.date(2019, 1, 1), dt.date(2019, 6, 30)),
            },
            "period_from",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_field(world: World, changes: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        tally(world, **changes)
    assert list(refused.value.message_dict) == [field]


def test_changes_may_be_negative_and_money_has_cents(world: World) -> None:
    tally(world, measure="keyareas.items_change", value=-101)
    tally(world, measure="keyareas.procurement_amount_yuan", dimensions={}, value="17232952.50")
    assert value(world, "keyareas.items_change") == -101
    assert value(world, "keyareas.procurement_amount_yuan") == Decimal("17232952.50")


def test_parts_of_a_year_add_up_and_overlaps_are_refused(world: World) -> None:
    halves = [(dt.date(2019, 1, 1), dt.date(2019, 6, 30)), (dt.date(2019, 7, 1), dt.date(2019, 12, 31))]
    for start, end in halves:
        tally(world, period=Period(start, end), value=10)
    assert value(world) == 20
    assert value(world, period=Period(*halves[0])) == 10
    with pytest.raises(ValidationError, match="重叠"):
        tally(world)


def test_an_opening_stock_counts_from_its_day_on_and_only_once(world: World) -> None:
    opening = {
        "measure": "documents.in_force",
        "dimensions": {"kind": "normative_docs"},
        "source": "opening",
        "value": 92,
    }
    tally(world, period=Period(dt.date(2018, 1, 1), dt.date(2018, 12, 31)), **opening)
    assert [value(world, "documents.in_force", Period.year(year)) for year in (2017, 2018, 2030)] == [
        0,
        92,
        92,
    ]
    with pytest.raises(ValidationError, match="更正原来的一条"):
        tally(world, period=Y2020, **opening)


def test_a_growth_base_is_taken_for_what_records_count_but_only_as_an_opening_figure(world: World) -> None:
    kept = tally(
        world, measure="documents.made", dimensions={"kind": "rules"}, source="opening", period=Y2019
    )
    assert list(current_tallies(["documents.made"], Y2019)) == [kept]
    assert not current_tallies(["documents.made"], Y2020).exists()


def test_where_records_are_kept_nobody_types_a_number(world: World) -> None:
    organ = world.organs["city"]
    set_coverage(
        by=TEST,
        organ=organ,
        register="acts.decisions",
        mode="here",
        valid_from=dt.date(2019, 7, 1),
        whole_tree=True,
    )
    with pytest.raises(ValidationError, match="由记录得出"):
        tally(world)
    assert tally(world, period=Period(dt.date(2019, 1, 1), dt.date(2019, 6, 30))).pk


def test_tallies_of_a_whole_tree_take_one_query(world: World, django_assert_num_queries) -> None:
    for number, code in enumerate(world.organs, start=1):
        tally(world, code, value=number)
        tally(world, code, measure="keyareas.items_change", value=-number)
    with django_assert_num_queries(1):
        found = tallied_by_path([DECISIONS, "keyareas.items_change"], Y2019, world.organs["county-a"].path)
    codes = ("county-a", "county-a-office", "town-a1")
    assert {path for _, path, _ in found} == {world.organs[code].path for code in codes}
    assert sum(found.values()) == 0
    with clock.on_day(dt.date(2030, 1, 1)), django_assert_num_queries(1):
        assert current_tallies([DECISIONS], Y2019, world.organs["city"].path).count() == len(world.organs)
