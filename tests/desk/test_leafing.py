"""Long lists leafed through by next, previous and date: every row once, in order, on every kind of order."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongkai.desk.register import leafing, tables
from gongkai.documents.models import Document
from gongkai.keyareas.models import Decision, Procurement
from gongkai.organs.models import Organ
from tests.support.world import World

SignIn = Callable[[str], Client]

pytestmark = pytest.mark.django_db
ROWS = 137


@pytest.fixture
def documents(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Documents of few days, so that many share one; keys in the order of the list."""
    monkeypatch.setattr(tables, "PAGE", 10)
    monkeypatch.setattr(tables, "MOST", 30)
    office: Organ = world.organs["city-office"]
    Document.objects.bulk_create(
        Document(
            organ=office,
            path=office.path,
            kind="news",
            title=f"信息{number}",
            made_on=dt.date(2021, 1, 1) + dt.timedelta(days=number % 9),
            entered_by="test",
            recorded_at=dt.datetime(2021, 2, 1, tzinfo=dt.UTC),
        )
        for number in range(ROWS)
    )
    return list(Document.objects.order_by("-made_on", "-pk").values_list("pk", flat=True))


def _address() -> str:
    return reverse("desk:register", args=["documents"])


def _link(page: Any, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page.content.decode())
    return html.unescape(found[1]) if found else ""


def _keys(page: Any) -> list[int]:
    return [row.pk for row in page.context["records"]]


@pytest.mark.parametrize("sort", ["", "made_on", "-made_on"])
def test_next_goes_on_behind_the_last_numbered_page(sign_in: SignIn, documents: list[int], sort: str) -> None:
    client = sign_in("city-office-handler")
    page = client.get(_address(), {"sort": sort} if sort else {})
    found, pages = _keys(page), 1
    while link := _link(page, "next"):
        page = client.get(_address() + link)
        found += _keys(page)
        pages += 1
    order = {"": ("-made_on", "-pk"), "made_on": ("made_on", "-pk"), "-made_on": ("-made_on", "pk")}[sort]
    assert found == list(Document.objects.order_by(*order).values_list("pk", flat=True))
    assert pages == 14


def test_previous_leads_all_the_way_back(sign_in: SignIn, documents: list[int]) -> None:
    client = sign_in("city-office-handler")
    page = client.get(_address(), {"at": "2021-01-01"})
    found = _keys(page)
    while link := _link(page, "prev"):
        page = client.get(_address() + link)
        found = _keys(page) + found
    at = documents.index(found[-1])
    assert found == documents[: at + 1]


def test_a_day_opens_the_list_there(sign_in: SignIn, documents: list[int]) -> None:
    client = sign_in("city-office-handler")
    page = client.get(_address(), {"at": "2021-01-05"})
    assert page.context["records"][0].made_on == dt.date(2021, 1, 5)
    assert 'name="at"' in page.content.decode()
    up = client.get(_address(), {"at": "2021-01-05", "sort": "made_on"})
    assert up.context["records"][0].made_on == dt.date(2021, 1, 5)
    newest = client.get(_address(), {"at": "2099-01-01"})
    assert _keys(newest) == documents[:10]
    assert not _link(newest, "prev")
    beyond = client.get(_address(), {"at": "1999-01-01"})
    assert "这以后没有记录了" in beyond.content.decode()


def test_a_deep_page_asks_no_more_than_the_first(sign_in: SignIn, documents: list[int]) -> None:
    from django.db import connection

    client = sign_in("city-office-handler")
    client.get(_address())
    with CaptureQueriesContext(connection) as first:
        page = client.get(_address(), {"page": 3})
    with CaptureQueriesContext(connection) as deep:
        client.get(_address() + _link(page, "next"))
    assert len(deep) <= len(first)
    assert not any("OFFSET" in query["sql"] and "COUNT" in query["sql"] for query in deep)


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"},
        {"after": "[1]"},
        {"after": '["2021-01-01",null]'},
        {"after": '["gestern",1]'},
        {"before": '["2021-01-01",{}]'},
        {"after": "[" * 5000},
        {"at": "gestern"},
        {"page": "x"},
    ],
)
def test_nonsense_in_the_address_is_the_first_page(
    sign_in: SignIn, documents: list[int], asked: dict[str, str]
) -> None:
    page = sign_in("city-office-handler").get(_address(), asked)
    assert page.status_code == 200
    assert _keys(page) == documents[:10]


def test_a_key_no_row_can_have_is_no_fault(sign_in: SignIn, documents: list[int]) -> None:
    asked = {"after": '["2021-01-05",99999999999999999999999]'}
    page = sign_in("city-office-handler").get(_address(), asked)
    assert page.context["records"][0].made_on <= dt.date(2021, 1, 5)


def test_filters_stay_on_the_way(sign_in: SignIn, documents: list[int]) -> None:
    client = sign_in("city-office-handler")
    page = client.get(_address(), {"made_on_from": "2021-01-04", "page": 3})
    link = _link(page, "next")
    assert "made_on_from=2021-01-04" in link
    assert "page=" not in link
    assert all(row.made_on >= dt.date(2021, 1, 4) for row in client.get(_address() + link).context["records"])


def test_an_order_no_key_can_follow_ends_at_the_cap() -> None:
    assert leafing.order_of(Document.objects.order_by("first_released_on", "-pk")) is None
    assert leafing.order_of(Document.objects.order_by("organ__path", "pk")) is None
    assert leafing.order_of(Document.objects.order_by("title")) is None
    assert leafing.order_of(Organ.objects.order_by("code")) is not None
    assert leafing.order_of(Decision.objects.order_by("-decided_on", "-pk")).dated  # type: ignore[union-attr]


def test_a_place_may_be_told_by_an_amount() -> None:
    order = leafing.order_of(Procurement.objects.order_by("amount_yuan", "pk"))
    assert order is not None
    text = order.place_of(Procurement(pk=7, amount_yuan=Decimal("120.50")))
    assert order.read(text) == [Decimal("120.50"), 7]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 2**62), st.booleans())
def test_a_place_says_where_a_row_stands(day: dt.date, key: int, down: bool) -> None:
    order = leafing.order_of(Document.objects.order_by(*(("-made_on", "-pk") if down else ("made_on", "pk"))))
    assert order is not None
    text = order.place_of(Document(pk=key, made_on=day))
    assert order.read(QueryDict(f"after={text}")["after"]) == [day, key]
