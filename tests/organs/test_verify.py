"""`gongkai verify` finds nothing in what the actions wrote, and every kind of damage done behind their back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gongkai.base import clock
from gongkai.base.models import Coverage
from gongkai.organs import actions, calendars, verify
from gongkai.organs.actors import system
from gongkai.organs.models import CalendarYear, Organ, OrganName, Post, Succession
from tests.support.world import World

MACHINE = system("test")
DAY = dt.date(2022, 6, 1)


@pytest.fixture
def whole(world: World) -> World:
    """The small city after a rename, a merger, a closed organ and a loaded calendar, all through the actions."""
    with clock.on_day(DAY):
        Post.objects.filter(organ=world.organs["old-b"]).update(valid_to=dt.date(2021, 3, 17))
        Organ.objects.filter(code="old-b").update(
            valid_to=dt.date(2021, 3, 17)
        )  # as its succession would have
        organs = world.organs
        actions.rename(by=MACHINE, organ=organs["city-edu"], name="甲市教育体育局", on=dt.date(2020, 1, 1))
        actions.succeed(
            by=MACHINE,
            predecessors=[organs["city-edu"]],
            successor=organs["city-office"],
            on=DAY,
            kind="merger",
        )
        actions.close_organ(by=MACHINE, organ=organs["town-a1"], on=DAY)
        calendars.load_calendar(
            by=MACHINE, region="CN", year=2031, off_days=["2031-01-01"], extra_workdays=[], source="x"
        )
        Coverage.objects.create(organ=organs["county-b"], register="requests", mode="here", valid_from=DAY)
    return world


def test_what_the_actions_wrote_is_whole(whole: World) -> None:
    assert list(verify.problems()) == []


def _name(world: World) -> None:
    OrganName.objects.create(organ=world.organs["city"], name="乙市", kind="official", valid_from=DAY)


def _two_names(world: World) -> None:
    begun = world.organs["city"].names.get().valid_from
    OrganName.objects.create(
        organ=world.organs["city"], name="甲市人民政府", kind="official", valid_from=begun
    )


def _ring(world: World) -> None:
    Succession.objects.create(
        predecessor=world.organs["county-b"], successor=world.organs["old-b"], kind="merger", on=DAY
    )


def _update(code: str, **changes: object) -> Callable[[World], object]:
    return lambda world: Organ.objects.filter(code=code).update(**changes)


DAMAGE: list[tuple[Callable[[World], object], str]] = [
    (_update("county-a-office", path="0009.0001."), "不在上级路径"),
    (_update("county-a-office", path="0001.0003.0001.0001."), "不在上级路径"),
    (_update("county-b", path="0001.0099."), "base.Coverage 有 1 条记录的路径与所属机关不符"),
    (_update("city", name="乙市"), "现名与名称记录不符"),
    (_name, "现名与名称记录不符"),
    (_two_names, "两个正式名称自同一天起"),
    (_update("county-a", valid_to=dt.date(2020, 1, 1)), "其上级“甲市东县人民政府”已撤销"),
    (_update("county-b", valid_to=dt.date(2022, 1, 1)), "任职记录"),
    (_update("old-b", valid_to=None), "但仍存续"),
    (_update("county-b", valid_from=dt.date(2021, 4, 1)), "之日不存在"),
    (_ring, "成环"),
    (lambda world: CalendarYear.objects.update(off_days=["2030-01-01"]), "工作日历有误"),
    (lambda world: CalendarYear.objects.update(extra_workdays=["x"]), "工作日历有误"),
]


@pytest.mark.parametrize(("harm", "sentence"), DAMAGE)
def test_damage_is_found(whole: World, harm: Callable[[World], object], sentence: str) -> None:
    harm(whole)
    assert any(sentence in problem for problem in verify.problems())
