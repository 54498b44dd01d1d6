"""One city for a whole module, in which everybody keeps every register."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.annualreport.records import keep_all
from tests.requests.conftest import city
from tests.requests.conftest import world as copied
from tests.support.world import World

__all__ = ["city", "copied"]


@pytest.fixture
def world(copied: World) -> World:
    keep_all(copied.organs["city"])
    old = copied.organs["old-b"]
    old.valid_to = dt.date(2021, 3, 17)
    old.save()
    return copied
