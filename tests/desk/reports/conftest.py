"""A city whose offices keep every register, and people at the desk on days after the report year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.base.clock import on_day
from tests.annualreport.records import keep_all
from tests.desk.conftest import signed_in
from tests.requests.conftest import city, world
from tests.support.world import World

__all__ = ["city", "world"]

DAY = dt.date(2023, 1, 16)


class Desk:
    """One person at the desk on a day; `page` is the last answer's text."""

    def __init__(self, client: Client, day: dt.date = DAY) -> None:
        self.client, self.day = client, day
        self.response: Any = None

    @property
    def page(self) -> str:
        return str(self.response.content.decode())

    def get(self, address: str, expect: int = 200) -> str:
        with on_day(self.day):
            self.response = self.client.get(address)
        assert self.response.status_code == expect, address
        return self.page

    def post(self, address: str, expect: int = 302, **data: Any) -> Any:
        with on_day(self.day):
            self.response = self.client.post(address, data)
        assert self.response.status_code == expect, (address, self.response.status_code)
        return self.response

    def follow(self, address: str, **data: Any) -> str:
        """Post, and the page one is sent to."""
        return self.get(self.post(address, **data).url)


@pytest.fixture
def kept(world: World) -> World:
    """Everybody keeps everything, so that what is not there is 0."""
    keep_all(world.organs["city"])
    return world


@pytest.fixture
def at_desk(world: World) -> Callable[..., Desk]:
    """``at_desk("city-office-leader")``."""

    def opened(username: str, day: dt.date = DAY) -> Desk:
        return Desk(signed_in(world.people[username]), day)

    return opened
