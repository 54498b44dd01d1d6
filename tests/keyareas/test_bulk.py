"""Imports of many acts: streamed, repeatable, wrong rows named."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from gongkai.base.measures import Period, get
from gongkai.base.models import AuditEntry
from gongkai.keyareas.bulk import add_many
from gongkai.keyareas.models import Decision, Procurement
from gongkai.organs.refusals import Refused
from tests.support.world import TEST, World


def rows(count: int) -> Iterator[dict]:
    for number in range(count):
        yield {
            "row": "admin_penalty",
            "number": f"罚{number}",
            "decided_on": dt.date(2019, 1, 1) + dt.timedelta(days=number % 365),
        }


def test_a_stream_of_rows_is_added_in_few_queries(world: World, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(40):
        loaded = add_many(by=TEST, organ=world.organs["city-edu"], model=Decision, rows=rows(2500))
    assert (loaded.added, loaded.known, loaded.refused) == (2500, 0, 0)
    assert get("keyareas.decisions").count(Period.year(2019), world.organs["city"].path) == 2500
    assert sum(entry.detail["rows"] for entry in AuditEntry.objects.filter(verb="decision.import")) == 2500


def test_a_second_run_adds_nothing(world: World) -> None:
    organ = world.organs["city-edu"]
    add_many(by=TEST, organ=organ, model=Decision, rows=rows(10), batch=3)
    again = add_many(by=TEST, organ=organ, model=Decision, rows=[*rows(10), *rows(12)], batch=50)
    assert (again.added, again.known) == (2, 20)
    assert Decision.objects.count() == 12


def test_wrong_rows_are_named_and_the_others_added(world: World) -> None:
    good = {"number": "采-1", "title": "设备", "concluded_on": dt.date(2019, 1, 1), "amount_yuan": Decimal(5)}
    loaded = add_many(
        by=TEST,
        organ=world.organs["city-edu"],
        model=Procurement,
        rows=[good, good | {"number": "采-2", "amount_yuan": Decimal(-5)}, good | {"number": ""}],
    )
    assert (loaded.added, loaded.refused) == (1, 2)
    assert [position for position, _ in loaded.errors] == [2, 3]
    assert "大于零" in loaded.errors[0][1]


def test_only_the_organs_own_keepers_import(world: World) -> None:
    with pytest.raises(Refused):
        add_many(
            by=world.actor("city", "head", "acts"),
            organ=world.organs["city-edu"],
            model=Decision,
            rows=rows(1),
        )
