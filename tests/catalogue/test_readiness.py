"""What a unit's platform lacks: rules P1–P6, each found and mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai import readiness
from gongkai.base import clock
from gongkai.catalogue import actions, queries
from gongkai.documents import actions as documents
from gongkai.documents.models import Classification
from gongkai.organs import actions as organs
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _on_a_day() -> Any:
    with clock.on_day(DAY):
        yield


def rules(organ: Organ, *, searching: bool = False) -> list[str]:
    found = readiness.standing(organ, DAY, searching=searching)
    return sorted({one.rule for one in found.findings})


def show(world: World, code: str, kind: str, on: dt.date, group: str = "") -> None:
    made = documents.add_document(
        by=TEST, organ=world.organs[code], kind=kind, title=f"{kind}{group}", made_on=on
    )
    if group:
        entry = Classification.objects.get(scheme="group", code=group)
        documents.describe(made, by=TEST, group=entry)
    documents.release(made, by=TEST, channel="政府网站", on=on)


def test_a_bare_platform_lacks_everything_and_a_full_one_is_ready(world: World) -> None:
    town = world.organs["town-a1"]
    organs.edit_profile(
        by=TEST, organ=town, address="东一镇1号", phones="0000-1", credit_code="11410000000000001X"
    )
    town.refresh_from_db()
    assert rules(town) == ["P1", "P2"]
    actions.publish_guide(by=TEST, organ=town, on=DAY)
    for item in queries.required(town, DAY):
        if item.code in ("A14", "A09"):
            actions.mark_inapplicable(by=TEST, organ=town, code=item.code, reason="由县统一办理", on=DAY)
        elif not item.profile:
            show(world, "town-a1", "notice", dt.date(2022, 5, 1), item.code)
    standing = readiness.standing(town, DAY, searching=False)
    assert [one.words for one in standing.findings] == ["还没有公布政府信息公开年报。"]
    assert standing.filled == standing.required == 23


def test_a_guide_falls_behind_when_telephone_address_or_leader_change(world: World) -> None:
    office = world.organs["city-office"]
    actions.publish_guide(by=TEST, organ=office, on=DAY)
    assert "P4" not in rules(office)
    leaders = [{"name": "李四", "post": "主任"}]
    actions.publish_profile(by=TEST, organ=office, functions="职能", leaders=leaders, on=DAY)
    assert "P4" in rules(office)
    actions.publish_guide(by=TEST, organ=office, on=DAY)
    organs.edit_profile(by=TEST, organ=office, office_hours="全天")
    office.refresh_from_db()
    assert "P4" not in rules(office)


def test_news_among_legal_content_is_named(world: World) -> None:
    show(world, "city-edu", "news", dt.date(2022, 5, 1), "A11")
    found = readiness.standing(world.organs["city-edu"], DAY, searching=False)
    assert {"P1", "P2", "P3"} <= {one.rule for one in found.findings}
    assert found.filled == 0
    assert "法定主动公开内容还是空的。" in [one.words for one in found.findings]


def test_a_title_that_search_does_not_find_is_named(world: World, index: Callable[[], None]) -> None:
    show(world, "city-edu", "notice", dt.date(2022, 5, 1))
    index()
    assert "P6" not in rules(world.organs["city-edu"], searching=True)
    show(world, "city-edu", "list", dt.date(2022, 5, 2))
    assert "P6" in rules(world.organs["city-edu"], searching=True)
    index()
    assert "P6" not in rules(world.organs["city-edu"], searching=True)


def test_many_units_cost_as_many_queries_as_one(world: World, django_assert_num_queries: Any) -> None:
    units = list(Organ.objects.exclude(kind="unit"))
    for number in (1, len(units)):
        with django_assert_num_queries(7):
            assert len(readiness.standings(units[:number], DAY)) == number


def test_deadlines_come_from_above_and_lateness_follows(world: World) -> None:
    city, edu = world.organs["city"], world.organs["city-edu"]
    duty = actions.set_deadline(by=TEST, organ=edu, above=city, due_on=dt.date(2022, 5, 31), basis="61号函")
    assert readiness.standing(edu, DAY, searching=False).late_on(DAY)
    with pytest.raises(Refused):
        actions.set_deadline(by=TEST, organ=city, above=edu, due_on=DAY, basis="x")
    actions.launch(duty, by=TEST, on=DAY)
    assert not readiness.standing(edu, DAY, searching=False).late_on(DAY)
    with pytest.raises(Refused):
        actions.launch(duty, by=TEST, on=DAY)


def test_what_does_not_apply_is_said_once_with_a_reason_and_taken_back(world: World) -> None:
    edu = world.organs["city-edu"]
    row = actions.mark_inapplicable(by=TEST, organ=edu, code="B5", reason="不承担征收职能", on=DAY)
    with pytest.raises(Refused):
        actions.mark_inapplicable(by=TEST, organ=edu, code="B5", reason="再说", on=DAY)
    with pytest.raises(ValidationError):
        actions.mark_inapplicable(by=TEST, organ=edu, code="C1", reason="不是乡镇", on=DAY)
    with pytest.raises(ValidationError):
        actions.mark_inapplicable(by=TEST, organ=edu, code="B4", reason="", on=DAY)
    assert set(queries.inapplicable(edu, DAY)) == {"B5"}
    actions.mark_applicable(row, by=TEST, on=DAY)
    assert queries.inapplicable(edu, DAY) == {}
