"""What the desk's tests share: people signed in, and a city with a row of every register at every organ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from gongkai.desk.register import acting, known
from gongkai.desk.register.declare import Register
from gongkai.organs import scope
from gongkai.organs.models import Person
from tests.desk.rows import MAKERS
from tests.support.world import World, small_city


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def sign_in(world: World) -> Callable[[str], Client]:
    """``sign_in("city-office-handler")`` is a client of that person."""
    return lambda username: signed_in(world.people[username])


@dataclass
class City:
    """`rows`: register key and organ code to the row made there. `places`: register key and row key to its paths."""

    world: World
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    visitors: list[Any] = field(default_factory=list)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """Built once a module: sixty-four people and their organs' rows take longer than the doors to open."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = City(small_city())
        for register in known.all_registers():
            maker = MAKERS.get(register.key)
            if maker is None:
                pytest.fail(
                    f"register {register.key} has no maker in tests/desk/rows.py: its doors are untested"
                )
            built.rows[register.key] = {code: maker(organ) for code, organ in built.world.organs.items()}
        for register in known.all_registers():
            built.places[register.key] = _places(register)
        yield built
        transaction.set_rollback(True)


def _places(register: Register) -> dict[int, list[str]]:
    rows = register.narrow(scope.SYSTEM, register.model._default_manager.all())
    return {row.pk: acting.places(register, row) for row in rows}
