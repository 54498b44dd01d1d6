"""An office at work on a day well after everything the stories tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from gongkai.base import clock
from tests.requests.stories import Office
from tests.support.world import World

TODAY = dt.date(2022, 12, 30)


@pytest.fixture(autouse=True)
def today() -> Iterator[dt.date]:
    with clock.on_day(TODAY):
        yield TODAY


@pytest.fixture
def office(world: World) -> Office:
    """The city's office, which receives most of what tests send."""
    return Office(world)
