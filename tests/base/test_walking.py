"""Where very many rows match, SQLite reads them along the index of their order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from gongkai.base import walking
from gongkai.base.fields import within
from gongkai.documents.models import Document, NumberSeries
from tests.documents.support import document
from tests.support.world import World

pytestmark = pytest.mark.django_db
MARCH = dt.date(2022, 3, 1)


@pytest.fixture
def rows(world: World) -> Any:
    for number in range(6):
        document(
            world,
            ("city", "city-edu")[number % 2],
            title=f"第{number}件",
            made_on=MARCH + dt.timedelta(days=number // 2),
        )
    found = Document.objects.filter(within("path", world.organs["city"].path), struck_at=None)
    return found.select_related("organ").order_by("-made_on", "-pk")


def _plan(rows: Any) -> str:
    with connection.cursor() as cursor:
        statement, given = rows[:2].query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        return "; ".join(str(line[3]) for line in cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's way of reading")
def test_many_rows_are_read_along_the_index_of_their_order(rows: Any) -> None:
    walked = walking.in_order(rows, number=walking.MANY + 1)
    assert "TEMP B-TREE" in _plan(rows)
    assert "made_on" in _plan(walked)
    assert "TEMP B-TREE" not in _plan(walked)


def test_the_rows_and_their_order_stay(rows: Any, world: World) -> None:
    asked = rows.filter(kind="normative_docs").exclude(title__contains="第5").exclude(organ__code="county")
    walked = walking.in_order(asked, number=walking.MANY + 1)
    assert list(walked) == list(asked)
    assert len(list(walked)) == 5
    assert list(walked.filter(made_on__lte=MARCH)) == list(asked.filter(made_on__lte=MARCH))
    elsewhere = rows.filter(within("path", world.organs["city-edu"].path))
    assert [one.title for one in walking.in_order(elsewhere, number=walking.MANY + 1)] == [
        "第5件",
        "第3件",
        "第1件",
    ]


def test_few_rows_and_orders_without_an_index_are_left_as_they_are(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walking.in_order(rows) is rows
    assert walking.in_order(rows, number=walking.MANY) is rows
    series = NumberSeries.objects.filter(path="0001.").order_by("mark")
    assert walking.in_order(series, number=walking.MANY + 1) is series
    monkeypatch.setattr(walking, "MANY", 3)
    assert (walking.in_order(rows) is not rows) == (connection.vendor == "sqlite")
