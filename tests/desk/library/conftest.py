"""A library with a little of everything, and people to look at it."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.annualreport.library import actions
from gongkai.annualreport.library.models import ExternalOrgan, ReadVersion
from tests.annualreport.library import shelf
from tests.support.world import TEST, World

P1 = (
    "坚持以公开为常态、不公开为例外，全面推进决策、执行、管理、服务、结果公开，主动公开信息{n}条，"
    "及时回应社会关切，较好地满足了公众对政府信息的需求，各项工作平稳有序开展。"
)


@pytest.fixture
def stocked(world: World) -> World:
    """In the city's library: two organs in two years, one of them external, both reports of the year before alike; the
    seed with the most damage; and a file nobody has claimed."""
    city = world.organs["city"]
    for organ, figures in (("甲市东县人民政府", (10, 80)), ("某县人民政府", (30, 31))):
        for year, received in zip((2021, 2022), figures, strict=True):
            shelf.keep(city, shelf.text(organ, year, received, part_one=P1.format(n=received * 7)))
    shelf.keep(city, shelf.XG20)
    shelf.keep(city, shelf.SHUYANG)
    shelf.keep(city, shelf.text("某县人民政府", 2018))
    actions.record_population(
        by=TEST,
        organ=city,
        subject=world.organs["county-a"],
        as_of=dt.date(2020, 11, 1),
        persons=50_000,
        source="公报",
    )
    return world


def unclaimed() -> ReadVersion:
    return ReadVersion.objects.get(report=None)


def version(name: str, year: int) -> ReadVersion:
    return ReadVersion.objects.get(report__name=name, report__year=year)


def external() -> ExternalOrgan:
    return ExternalOrgan.objects.get(name="某县人民政府")
