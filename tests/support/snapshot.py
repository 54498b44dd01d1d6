"""The small city, built once in each process through the actions and laid down again as rows for every further test.

Building it takes some 900 queries; laying it down takes a dozen. Kept by the day the test stands on, since rows carry it.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass

from django.core.management.color import no_style
from django.db import connection, models

from gongkai.base import clock
from gongkai.base.models import AuditEntry, Sequence
from gongkai.organs.models import Organ, OrganName, Person, Post, Succession
from tests.support.world import World, small_city

# In the order in which they refer to one another; everything building a city writes.
MODELS: tuple[type[models.Model], ...] = (
    Sequence,
    AuditEntry,
    Organ,
    OrganName,
    Person,
    Post,
    Succession,
)


@dataclass(frozen=True)
class _Kept:
    world: World
    rows: list[list[models.Model]]


_kept: dict[dt.date, _Kept] = {}


def city() -> World:
    """The city in this test's database. Where something stands there already, it is built beside it."""
    if any(model._base_manager.exists() for model in MODELS):
        return small_city()
    kept = _kept.get(clock.today())
    if kept is None:
        world = small_city()
        rows = [list(model._base_manager.order_by("pk")) for model in MODELS]
        _kept[clock.today()] = _Kept(copy.deepcopy(world), rows)
        return world
    for model, rows in zip(MODELS, kept.rows, strict=True):
        model._base_manager.bulk_create(copy.deepcopy(rows))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(MODELS)):
            cursor.execute(statement)
    return copy.deepcopy(kept.world)
