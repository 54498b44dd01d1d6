"""Administrative acts: who may enter them, what must be true of them, and how a wrong row counts back."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.measures import Period, get
from gongkai.base.models import AuditEntry
from gongkai.keyareas import actions, queries, verify
from gongkai.keyareas.models import Decision, FeeIncome, PowerItem, Procurement
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from tests.support.world import TEST, World

Y2019 = Period.year(2019)


def item(world: World, code: str = "city-edu", **changes) -> PowerItem:
    values = {"by": TEST, "organ": world.organs[code], "row": "admin_license", "name": "民办学校设立许可"}
    return actions.add_item(**(values | {"added_on": dt.date(2018, 5, 1)} | changes))


def decision(world: World, number: str = "教许〔2019〕1号", **changes) -> Decision:
    values = {"by": TEST, "organ": world.organs["city-edu"], "row": "admin_license", "number": number}
    return actions.add_decision(**(values | {"decided_on": dt.date(2019, 3, 1)} | changes))


def income(world: World, amount: str = "12.50", **changes) -> FeeIncome:
    values = {"by": TEST, "organ": world.organs["city-edu"], "collected_on": dt.date(2019, 3, 1)}
    return actions.add_fee_income(**(values | {"amount_yuan": Decimal(amount)} | changes))


def purchase(world: World, number: str = "采-1", amount: str = "100", **changes) -> Procurement:
    values = {"by": TEST, "organ": world.organs["city-edu"], "number": number, "title": "课桌椅"}
    return actions.add_procurement(
        **(values | {"concluded_on": dt.date(2019, 3, 1), "amount_yuan": Decimal(amount)} | changes)
    )


ENTRIES = (item, decision, income, purchase)


@pytest.mark.parametrize("enter", ENTRIES)
def test_only_the_organs_own_keepers_enter(world: World, enter) -> None:
    for home, role in product(("city-edu", "city", "county-b"), Role.values):
        viewer = world.viewer(home, role)
        by = Actor(
            f"staff:{viewer.person_id}", role, viewer.person_id, viewer.grants[0].post_id, viewer=viewer
        )
        numbered = {"number": f"{role}-1"} if enter in (decision, purchase) else {}
        if home == "city-edu" and role in ("handler", "office", "head"):
            record = enter(world, by=by, **numbered)
            assert (record.path, record.entered_by) == (world.organs["city-edu"].path, by.key)
            assert AuditEntry.objects.filter(subject_id=str(record.pk), actor=by.key).count() == 1
        else:
            with pytest.raises(Refused):
                enter(world, by=by, **numbered)


def test_others_may_neither_correct_nor_strike_nor_remove(world: World) -> None:
    kept, stranger = item(world), world.actor("city", "head", "acts")
    for attempt in (
        lambda: actions.correct(kept, by=stranger, reason="x", name="y"),
        lambda: actions.strike(kept, by=stranger, reason="x"),
        lambda: actions.remove_item(kept, by=stranger, on=dt.date(2019, 1, 1)),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize(
    ("enter", "changes", "field"),
    [
        (item, {"row": "fines"}, "row"),
        (item, {"name": ""}, "name"),
        (item, {"removed_on": dt.date(2018, 4, 30)}, "removed_on"),
        (decision, {"row": "admin_fees"}, "row"),
        (decision, {"decided_on": dt.date(2022, 6, 2)}, "decided_on"),
        (income, {"amount": "0"}, "amount_yuan"),
        (income, {"amount": "0.001"}, "amount_yuan"),
        (income, {"collected_on": dt.date(2022, 6, 2)}, "collected_on"),
        (purchase, {"amount": "-1"}, "amount_yuan"),
        (purchase, {"concluded_on": dt.date(2022, 6, 2)}, "concluded_on"),
    ],
)
def test_bad_rows_are_refused_by_field(world: World, enter, changes: dict, field: str) -> None:
    with clock.on_day(dt.date(2022, 6, 1)), pytest.raises(ValidationError) as refused:
        enter(world, **changes)
    assert list(refused.value.message_dict) == [field]


def test_a_row_belongs_to_an_item_of_its_own_organ_and_kind(world: World) -> None:
    fee = item(world, row="admin_fees", name="考试费")
    for enter, wrong in ((decision, fee), (income, item(world)), (decision, item(world, "county-a"))):
        with pytest.raises(ValidationError) as refused:
            enter(world, item=wrong)
        assert "item" in refused.value.message_dict
    assert income(world, item=fee).item == fee


def test_numbers_are_unique_among_standing_rows(world: World) -> None:
    first = decision(world)
    with pytest.raises(ValidationError):
        decision(world)
    actions.strike(first, by=TEST, reason="重复录入")
    assert decision(world).pk != first.pk


def test_an_item_is_removed_once(world: World) -> None:
    kept = actions.remove_item(item(world), by=TEST, on=dt.date(2019, 6, 30))
    assert kept.removed_on == dt.date(2019, 6, 30)
    with pytest.raises(Refused):
        actions.remove_item(kept, by=TEST, on=dt.date(2019, 7, 1))
    with pytest.raises(ValidationError, match="早于"):
        actions.remove_item(item(world), by=TEST, on=dt.date(2018, 1, 1))


def test_a_corrected_row_counts_back_and_both_are_kept(world: World) -> None:
    measure, path = get("keyareas.decisions"), world.organs["city"].path
    old = decision(world)
    new = actions.correct(old, by=TEST, reason="日期录错", decided_on=dt.date(2020, 3, 1))
    assert (new.number, new.replaces) == (old.number, old)
    assert [measure.count(Period.year(year), path) for year in (2019, 2020)] == [0, 1]
    assert queries.history(new) == [new, old]
    with pytest.raises(Refused, match="划去"):
        actions.correct(old, by=TEST, reason="又改", decided_on=dt.date(2018, 3, 1))
    with pytest.raises(ValidationError, match="原因"):
        actions.strike(new, by=TEST, reason=" ")
    with pytest.raises(ValidationError, match="栏目"):
        actions.correct(new, by=TEST, reason="改", organ=world.organs["city"])


def test_correcting_an_item_takes_its_rows_along_and_striking_one_in_use_is_refused(world: World) -> None:
    fee = item(world, row="admin_fees", name="考试费")
    paid = income(world, item=fee)
    with pytest.raises(Refused, match="还有"):
        actions.strike(fee, by=TEST, reason="错")
    fee.refresh_from_db()
    assert fee.struck_at is None
    new = actions.correct(fee, by=TEST, reason="名称录错", name="自学考试费")
    paid.refresh_from_db()
    assert paid.item == new
    assert verify.problems() == []


def test_items_change_by_what_is_added_and_removed(world: World) -> None:
    """Hand count for 2019: three open at its start; one added, two removed, one added and removed."""
    item(world)
    item(world, removed_on=dt.date(2019, 1, 1))
    item(world, removed_on=dt.date(2019, 12, 31))
    item(world, removed_on=dt.date(2018, 12, 31))
    item(world, added_on=dt.date(2019, 1, 1))
    item(world, added_on=dt.date(2019, 2, 1), removed_on=dt.date(2019, 3, 1))
    item(world, added_on=dt.date(2020, 1, 1))
    item(world, "county-a", row="admin_penalty", added_on=dt.date(2019, 5, 1))
    path = world.organs["city-edu"].path
    before, change = get("keyareas.items_prev_year"), get("keyareas.items_change")
    assert before.count(Y2019, path, row="admin_license") == 3
    assert change.count(Y2019, path, row="admin_license") == -1
    assert before.count(Period.year(2020), path) == 2
    assert change.by_path(Y2019, world.organs["city"].path) == {
        (path, ("admin_license",)): -1,
        (world.organs["county-a"].path, ("admin_penalty",)): 1,
    }


def test_decisions_money_and_projects_are_counted_by_their_dates(world: World) -> None:
    for number, (row, day) in enumerate(
        [
            ("admin_license", dt.date(2019, 1, 1)),
            ("admin_license", dt.date(2019, 12, 31)),
            ("admin_license", dt.date(2020, 1, 1)),
            ("admin_penalty", dt.date(2019, 6, 1)),
            ("other_public_services", dt.date(2019, 6, 1)),
            ("admin_coercion", dt.date(2018, 12, 31)),
        ]
    ):
        decision(world, f"第{number}号", row=row, decided_on=day)
    path = world.organs["city"].path
    counted = get("keyareas.decisions").by_path(Y2019, path)
    assert {row: number for (_, (row,)), number in counted.items()} == {
        "admin_license": 2,
        "admin_penalty": 1,
        "other_public_services": 1,
    }
    income(world, "12.50")
    income(world, "-2.25", note="退费")
    income(world, "1000", collected_on=dt.date(2020, 1, 1))
    assert get("keyareas.fee_income_yuan").count(Y2019, path) == Decimal("10.25")
    purchase(world, "采-1", "100.10")
    purchase(world, "采-2", "0.90")
    actions.strike(purchase(world, "采-3", "5"), by=TEST, reason="取消")
    assert get("keyareas.procurement_items").count(Y2019, path) == 2
    assert get("keyareas.procurement_amount_yuan").count(Y2019, path) == Decimal("101.00")


def test_every_value_of_a_tree_takes_one_query(world: World, django_assert_num_queries) -> None:
    for code in world.organs:
        item(world, code, added_on=dt.date(2019, 2, 1))
    for key in ("keyareas.items_prev_year", "keyareas.items_change", "keyareas.decisions"):
        with django_assert_num_queries(1):
            get(key).by_path(Y2019, world.organs["city"].path)


def test_lists_and_choosers_stay_in_scope(world: World, django_assert_num_queries) -> None:
    kept = item(world)
    item(world, removed_on=dt.date(2019, 1, 1))
    assert queries.items_on(world.organs["city-edu"], dt.date(2019, 1, 1)).get() == kept
    assert queries.items_on(world.organs["city-edu"], dt.date(2018, 12, 31), "admin_license").count() == 2
    assert not queries.register_rows(world.viewer("city-office", "head"), PowerItem).exists()
    auditor = world.viewer("city", "auditor")
    with django_assert_num_queries(1):
        names = [row.organ.name for row in queries.register_rows(auditor, PowerItem)]
    assert names == ["甲市教育局"] * 2


def test_verify_names_damaged_rows(world: World) -> None:
    fee = item(world, row="admin_fees")
    income(world, item=fee)
    assert verify.problems() == []
    PowerItem.objects.update(path=world.organs["county-b"].path, removed_on=dt.date(2000, 1, 1))
    assert len(verify.problems()) == 3
