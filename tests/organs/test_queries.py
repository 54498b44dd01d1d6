"""Organs asked for by any name they ever had, as trees, through time; people by organ and role."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.base import clock
from gongkai.organs import actions, queries
from gongkai.organs.actors import system
from gongkai.organs.models import Organ, OrganName, Role
from gongkai.organs.queries import Node, by_any_name, tree
from tests.support.world import World

MACHINE = system("test")
DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _fixed_day() -> object:
    with clock.on_day(DAY):
        yield


def found(world: World, code: str, name: str, parent: str = "city", **more: object) -> Organ:
    profile = {"kind": "department", "tier": "township", "valid_from": dt.date(2015, 1, 1)} | more
    return actions.create_organ(by=MACHINE, code=code, name=name, parent=world.organs[parent], **profile)


def test_an_organ_is_found_by_code_name_former_name_and_alias(world: World) -> None:
    edu = world.organs["city-edu"]
    actions.rename(by=MACHINE, organ=edu, name="甲市教育体育局", on=dt.date(2020, 1, 1))
    actions.add_alias(by=MACHINE, organ=edu, name="市教体局（高新区）", kind=OrganName.Kind.SHORT)
    for text in (
        "city-edu",
        "甲市教育体育局",
        "甲市教育局",
        "市教体局（高新区）",
        "市教体局(高新区)",
        " 甲市 教育局 ",
    ):
        assert by_any_name(text) == edu


def test_the_present_official_name_wins_over_former_names_and_aliases(world: World) -> None:
    edu = world.organs["city-edu"]
    actions.rename(by=MACHINE, organ=edu, name="甲市教育体育局", on=dt.date(2020, 1, 1))
    heir = found(world, "edu-2", "甲市教育局")
    assert by_any_name("甲市教育局") == heir
    other = found(world, "x", "某局")
    actions.add_alias(by=MACHINE, organ=other, name="甲市教育体育局")
    assert by_any_name("甲市教育体育局") == edu


def test_an_organ_that_stands_wins_over_one_that_ended(world: World) -> None:
    old = found(world, "old", "甲市某局")
    actions.close_organ(by=MACHINE, organ=old, on=dt.date(2018, 1, 1))
    assert by_any_name("甲市某局") == old
    new = found(world, "new", "甲市某局", valid_from=dt.date(2018, 1, 2))
    assert by_any_name("甲市某局") == new


def test_several_candidates_are_named(world: World) -> None:
    found(world, "a-office", "办公室", "county-a")
    found(world, "b-office", "办公室", "county-b")
    with pytest.raises(ValidationError) as refused:
        by_any_name("办公室")
    assert refused.value.messages == [
        "“办公室”对应多个机关：办公室（a-office）；办公室（b-office）。请用代码指明。"
    ]
    below_a = Organ.objects.filter(parent=world.organs["county-a"])
    assert by_any_name("办公室", below_a).code == "a-office"


@pytest.mark.parametrize("text", ["不存在的机关", "", "  "])
def test_nothing_found_is_said(world: World, text: str) -> None:
    with pytest.raises(ValidationError, match="没有找到"):
        by_any_name(text)


def _shape(nodes: list[Node]) -> list[object]:
    return [(node.organ.code, _shape(node.children)) for node in nodes]


def test_the_tree_is_what_the_viewer_reaches_in_one_query(world: World) -> None:
    who = world.viewer("county-a", "head")
    with CaptureQueriesContext(connection) as asked:
        shape = _shape(tree(who))
    assert len(asked) == 1
    assert shape == [("county-a", [("county-a-office", []), ("town-a1", [])])]
    b_shape = _shape(tree(world.viewer("county-b", "head")))
    assert b_shape == [("county-b", []), ("old-b", [])], "with the organ it succeeds beside it"
    [city] = tree(world.viewer("city", "supervisor"))
    assert len(city.children) == 5


def test_the_tree_on_a_day_and_without_units(world: World) -> None:
    found(world, "u", "科", "county-a", kind="unit", tier="county")
    actions.close_organ(by=MACHINE, organ=world.organs["town-a1"], on=dt.date(2021, 12, 31))
    who = world.viewer("county-a", "head")
    assert _shape(tree(who, DAY, units=False)) == [("county-a", [("county-a-office", [])])]
    assert _shape(tree(who, dt.date(2021, 12, 31), units=False)) == [
        ("county-a", [("county-a-office", []), ("town-a1", [])])
    ]
    assert _shape(tree(who, DAY)) == [("county-a", [("county-a-office", []), ("u", [])])]


def test_children_are_those_in_scope(world: World) -> None:
    below = world.organs["city"]
    assert queries.children(world.viewer("city", "head"), below).count() == 5
    assert [o.code for o in queries.children(world.viewer("county-a", "head"), below)] == ["county-a"]
    assert not queries.children(world.viewer("city", "head"), below, dt.date(2014, 1, 1)).exists()


def test_a_chooser_offers_standing_organs_and_no_units(world: World) -> None:
    found(world, "u", "科", "county-b", kind="unit", tier="county")
    who = world.viewer("county-b", "handler")
    assert [o.code for o in queries.choices(who, "cases", "work", DAY)] == ["county-b", "old-b"]
    Organ.objects.filter(code="old-b").update(valid_to=dt.date(2021, 3, 17))
    assert [o.code for o in queries.choices(who, "cases", "work", DAY)] == ["county-b"]
    assert [o.code for o in queries.choices(world.viewer("city", "operator"), "cases", "work", DAY)] == []


def test_the_contact_card_of_a_unit_falls_back_on_its_organ(world: World) -> None:
    office = world.organs["city-office"]
    actions.edit_profile(
        by=MACHINE, organ=office, address="甲市一路1号", phones="0379-1、0379-2", email="a@example.org"
    )
    unit = found(world, "u", "信息公开科", "city-office", kind="unit", tier="city", phones="0379-3")
    card = queries.contact_card(unit)
    assert (card.name, card.address, card.phones, card.email) == (
        "信息公开科",
        "甲市一路1号",
        ("0379-3",),
        "a@example.org",
    )
    assert queries.contact_card(office).phones == ("0379-1", "0379-2")
    assert queries.contact_card(world.organs["county-b"]).phones == ()


def test_names_on_a_day(world: World) -> None:
    edu = world.organs["city-edu"]
    actions.rename(by=MACHINE, organ=edu, name="甲市教育体育局", on=dt.date(2020, 1, 1))
    actions.add_alias(by=MACHINE, organ=edu, name="市教委", valid_to=dt.date(2016, 12, 31))
    assert queries.names_on(edu, dt.date(2016, 12, 31)) == ["甲市教育局", "市教委"]
    assert queries.names_on(edu, dt.date(2017, 1, 1)) == ["甲市教育局"]
    assert queries.name_on(edu, dt.date(2000, 1, 1)) == "甲市教育局", "before its first day, the first name"
    assert [row.name for row in queries.official_names(edu)] == ["甲市教育局", "甲市教育体育局"]


def test_successors_and_predecessors_through_generations(world: World) -> None:
    third = found(world, "third", "甲市第三区人民政府", kind="government", tier="county")
    actions.succeed(
        by=MACHINE,
        predecessors=[world.organs["county-b"]],
        successor=third,
        on=dt.date(2022, 1, 1),
        kind="merger",
    )
    old = world.organs["old-b"]
    assert list(queries.successors(old)) == [world.organs["county-b"], third]
    assert list(queries.successors(old, dt.date(2021, 12, 31))) == [world.organs["county-b"]]
    assert set(queries.predecessors(third)) == {world.organs["county-b"], old}
    assert not queries.predecessors(old).exists()
    Organ.objects.filter(pk=old.pk).update(valid_to=dt.date(2021, 3, 17))
    old.refresh_from_db()
    assert queries.organ_on(old, dt.date(2021, 12, 31)) == [Organ.objects.get(code="county-b")]
    assert queries.organ_on(old, DAY) == [third]
    assert queries.organ_on(old, dt.date(2014, 1, 1)) == []


def test_people_of_an_organ_with_its_units_as_far_as_the_viewer_sees_them(world: World) -> None:
    unit = found(world, "u", "科", "county-a-office", kind="unit", tier="county")
    inner = found(world, "v", "组", "county-a-office", kind="unit", tier="county")
    for organ in (unit, inner):
        actions.add_person(
            by=MACHINE, username=organ.code, name="测试", organ=organ, role="handler", valid_from=DAY
        )
    office = world.organs["county-a-office"]
    head = world.viewer("county-a-office", "head", DAY)
    handlers = queries.people_of(head, office, DAY, Role.HANDLER)
    assert {person.username for person in handlers} == {"county-a-office-handler", "u", "v"}
    assert queries.people_of(head, office, DAY - dt.timedelta(days=1), Role.HANDLER).count() == 1
    assert queries.posts_of(head, office, DAY).count() == len(Role.values) + 2
    assert not queries.posts_of(head, world.organs["county-a"], DAY).exists(), "not its own organ"
    assert not queries.posts_of(world.viewer("county-a-office", "handler", DAY), office, DAY).exists()
    actions.deactivate(by=MACHINE, person=world.people["county-a-office-handler"])
    assert queries.people_of(head, office, DAY, Role.HANDLER).count() == 2
