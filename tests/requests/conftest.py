"""An office at work on a day well after everything the stories tell."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from gongkai.base import clock
from tests.requests.stories import Office
from tests.support.world import World, small_city

TODAY = dt.date(2022, 12, 30)


@pytest.fixture(autouse=True)
def today() -> Iterator[dt.date]:
    with clock.on_day(TODAY):
        yield TODAY


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One city for a whole module, inside a transaction around its tests' own: making it costs a second.

    Tests that need real commits stand in a module that does not use it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_city()
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, db: None) -> World:
    """The module's city, as a copy that a test may change."""
    return copy.deepcopy(city)


@pytest.fixture
def office(world: World) -> Office:
    """The city's office, which receives most of what tests send."""
    return Office(world)
