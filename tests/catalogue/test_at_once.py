"""Two officials at one organ at the same moment: both are heard, one after the other, or one is told why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.models import GuideVersion, Inapplicable, PlatformDuty, ProfileVersion
from gongkai.organs.refusals import Refused
from tests.base.concurrently import concurrently
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)
HANDS = 4


def at_once(work: Callable[[], Any]) -> list[str]:
    """What each hand got: "" or the refusal's words."""

    def one() -> str:
        with clock.on_day(DAY):
            try:
                work()
            except Refused as refused:
                return str(refused)
        return ""

    return concurrently(HANDS, one)


@pytest.mark.django_db(transaction=True)
def test_what_an_organ_says_of_itself_is_numbered_without_a_gap_or_a_clash(world: World) -> None:
    city = world.organs["city"]
    said = {"functions": "职能", "leaders": [{"name": "李四", "post": "市长"}]}
    at_once(lambda: actions.publish_guide(by=TEST, organ=city, on=DAY))
    at_once(lambda: actions.publish_profile(by=TEST, organ=city, on=DAY, **said))
    for model in (GuideVersion, ProfileVersion):
        assert sorted(model.objects.values_list("seq", flat=True)) == list(range(1, HANDS + 1))


@pytest.mark.django_db(transaction=True)
def test_a_first_deadline_set_twice_is_one_deadline(world: World) -> None:
    city, edu = world.organs["city"], world.organs["city-edu"]
    assert (
        at_once(lambda: actions.set_deadline(by=TEST, organ=edu, above=city, due_on=DAY, basis="61号函"))
        == [""] * HANDS
    )
    assert PlatformDuty.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_does_not_apply_is_marked_by_one_and_the_others_are_told(world: World) -> None:
    edu = world.organs["city-edu"]
    told = at_once(
        lambda: actions.mark_inapplicable(by=TEST, organ=edu, code="B5", reason="没有此项职能", on=DAY)
    )
    assert sorted(told) == ["", *["这一项已标明不涉及。"] * (HANDS - 1)]
    assert Inapplicable.objects.count() == 1
