"""Loads the demo: two cities, their people and records, so that five published reports come out by compiling.

Deterministic, in one transaction, safe to run twice. Always loaded as of ``home.DEMO_DATE``.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from gongkai import home
from gongkai.base import audit, clock
from gongkai.demo import (
    cases,
    catalogue,
    channels,
    interpretations,
    library,
    merger,
    offers,
    people,
    proceedings,
    published,
    registers,
    review,
    reviews,
    rounds,
    sites,
)
from gongkai.demo.places import LUOYANG, places
from gongkai.organs import actions
from gongkai.organs.actors import Actor, system
from gongkai.organs.models import Organ

Say = Callable[[str], None]
FOUNDED = dt.date(2000, 1, 1)


def load(say: Say = lambda line: print(line, file=sys.stderr)) -> bool:
    """Load the demo unless it is there already; True when it was loaded now."""
    if Organ.objects.filter(code=LUOYANG).exists():
        say("演示数据已在库中，不再重复装入。")
        return False
    with clock.on_day(dt.date.fromisoformat(home.DEMO_DATE)), _fast_commit():
        with transaction.atomic(), audit.together():
            _load_all(system("demo"), say)
        audit.seal_waiting()
    return True


def _load_all(by: Actor, say: Say) -> None:
    started = time.monotonic()

    def told(what: str) -> None:
        say(f"  {what}（{time.monotonic() - started:.0f} 秒）")

    organs = load_organs(by)
    people.appoint_staff(organs, by)
    told("机关与人员")
    registers.cover(organs, by)
    review.load(organs, by)
    registers.load_documents(organs, by)
    registers.load_tallies(organs, by)
    told("文件与台账")
    interpretations.load(organs, by)
    told("政策解读")
    catalogue.load(organs, by)
    told("栏目")
    cases.load(organs, by)
    told("依申请公开")
    proceedings.load(organs, by)
    told("复议与诉讼")
    merger.load(organs, by)
    published.load(organs, by)
    told("年度报告")
    library.load(organs)
    told("年报库")
    rounds.load(organs)
    told("报送")
    reviews.load(organs, by)
    told("审签")
    offers.load(organs, by)
    channels.load(organs, by)
    told("公开渠道")
    sites.load(organs, by)
    told("网站")


def load_organs(by: Actor) -> dict[str, Organ]:
    """Both trees, by code."""
    organs: dict[str, Organ] = {}
    for place in places():
        organs[place.code] = actions.create_organ(
            by=by,
            code=place.code,
            name=place.name,
            kind=place.kind,
            tier=place.tier,
            parent=organs[place.parent] if place.parent else None,
            valid_from=FOUNDED,
            **place.profile,
        )
    return organs


@contextmanager
def _fast_commit() -> Iterator[None]:
    """A demo that is cut off is simply loaded again: no need to wait for the disk at each step."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
