"""What `gongkai verify` finds when the library is not whole."""

from __future__ import annotations

import pytest

from gongkai.annualreport.library.models import CollectedReport, ReadVersion
from gongkai.annualreport.library.verify import problems
from tests.annualreport.library import shelf
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(world: World) -> World:
    for path in (shelf.XG20, shelf.HONGZE):
        shelf.keep(world.organs["city"], path)
    shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022, 1))
    shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022, 2))
    return world


def test_a_whole_library_has_none(kept: World) -> None:
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sha256": "0" * 64}, "校验值"),
        ({"blank_cells": 99}, "各状态格数"),
        ({"cells": {"table9.x": 1}}, "无法解读"),
    ],
)
def test_what_was_altered_is_told(kept: World, change: dict[str, object], words: str) -> None:
    ReadVersion.objects.filter(report__name="某县人民政府", number=2).update(**change)
    (problem,) = problems()
    assert words in problem


def test_a_latest_that_is_not_the_last_is_told(kept: World) -> None:
    report = CollectedReport.objects.get(name="某县人民政府")
    CollectedReport.objects.filter(pk=report.pk).update(latest=report.versions.get(number=1))
    (problem,) = problems()
    assert "最新一版" in problem
