"""The demo, loaded once into the test database; every test runs on top of it and is rolled back.

A run of its own (``make test`` starts it): the records must not be there when other tests count theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gongkai import home
from gongkai.base import clock
from gongkai.demo.load import load
from gongkai.monitoring import hosting
from gongkai.organs.models import Organ

DEMO_DAY = dt.date.fromisoformat(home.DEMO_DATE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        load(say=lambda line: None)


@pytest.fixture(autouse=True)
def _on_the_demos_day(db: None) -> Iterator[None]:
    hosting.reset()
    with clock.on_day(DEMO_DAY):
        yield


@pytest.fixture
def organ() -> Any:
    """An organ of the demo by its code."""
    return lambda code: Organ.objects.get(code=code)
