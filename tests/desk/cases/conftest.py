"""An office at its desk: people signed in, cases made by the actions, forms sent as a browser would."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from gongkai.base import clock
from gongkai.requests.models import Case
from tests.requests.stories import NAME, NUMBER, PHONE, Office
from tests.support.world import World, small_city

TODAY = dt.date(2022, 3, 24)
PERSONAL = (NAME, NUMBER, PHONE)


@pytest.fixture(autouse=True)
def today() -> Iterator[dt.date]:
    with clock.on_day(TODAY):
        yield TODAY


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One city for a whole module, inside a transaction around its tests' own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_city()
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, db: None) -> World:
    return city


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@dataclass
class Desk:
    """Somebody signed in at the desk; `page` is the text of the last answer."""

    client: Client
    response: Any = None
    addresses: list[str] = field(default_factory=list)

    def get(self, address: str, **query: str) -> Any:
        self.response = self.client.get(address, query)
        self._note()
        return self.response

    def post(self, address: str, data: dict[str, Any] | None = None) -> Any:
        self.response = self.client.post(address, data or {}, follow=True)
        self._note()
        return self.response

    def _note(self) -> None:
        chain = [target for target, _status in getattr(self.response, "redirect_chain", [])]
        self.addresses += [self.response.request["PATH_INFO"] + self.response.request["QUERY_STRING"], *chain]

    @property
    def page(self) -> str:
        return html.unescape(self.response.content.decode())

    @property
    def said(self) -> str:
        """The messages after an action, as text."""
        found = re.findall(r'<p class="notice notice--\w+" role="status">(.*?)</p>', self.page)
        return "".join(found)

    def do(self, case: Case, action: str, **answers: Any) -> Any:
        """Open an action's form, fill it in and send it; what is not named stays as the form had it."""
        address = f"/desk/cases/{case.pk}/?do={action}"
        opened = self.client.get(address)
        steering = {name: answers[name] for name in ("outcome", "seq_entry") if name in answers}
        if steering:  # the fields follow from this choice
            form = opened.context["form"]
            again = {"again": "1", "shown": form.shown_for}
            opened = self.client.post(address, {**initial(form), **steering, **again})
        assert opened.status_code == 200, opened.status_code
        form = opened.context["form"]
        assert form is not None, opened.context["refused"]
        sent = {
            "seen": str(opened.context["page"].facts.last_seq),
            "shown": form.shown_for,
            **initial(form),
            **answers,
        }
        return self.post(address, {name: value for name, value in sent.items() if value is not None})


def initial(form: Any) -> dict[str, Any]:
    """What a browser would send of a form nobody touched."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            value = "on" if value else None
        if value not in (None, "", []):
            sent[bound.html_name] = value.isoformat() if isinstance(value, dt.date) else value
        elif getattr(bound.field, "choices", None) and value in (None, ""):
            first = next(iter(bound.field.choices))[0]
            sent[bound.html_name] = first
    return {name: value for name, value in sent.items() if value is not None}


def desk_of(world: World, username: str) -> Desk:
    client = Client()
    client.force_login(world.people[username])
    return Desk(client)


@pytest.fixture
def handler(world: World) -> Desk:
    return desk_of(world, "city-office-handler")


@pytest.fixture
def head(world: World) -> Desk:
    return desk_of(world, "city-office-head")


@pytest.fixture
def leader(world: World) -> Desk:
    return desk_of(world, "city-office-leader")


@pytest.fixture
def secrecy(world: World) -> Desk:
    return desk_of(world, "city-office-secrecy")
