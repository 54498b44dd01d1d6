"""The library in a real browser: axe finds nothing at a desktop's and a phone's width, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from gongkai.annualreport.library.models import ExternalOrgan, Intake, ReadVersion
from tests.annualreport.library import shelf
from tests.desk.library.conftest import P1
from tests.desk.reports.test_browser import INLINE
from tests.support.browser import DESKTOP, PHONE, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stocked() -> World:
    world = small_city()
    city = world.organs["city"]
    for organ, figures in (("甲市东县人民政府", (10, 80)), ("某县人民政府", (30, 31))):
        for year, received in zip((2021, 2022), figures, strict=True):
            shelf.keep(city, shelf.text(organ, year, received, part_one=P1.format(n=received)))
    shelf.keep(city, shelf.XG20)
    shelf.keep(city, shelf.text("某县人民政府", 2018))
    return world


def pages() -> list[str]:
    damaged = ReadVersion.objects.get(report__name="西工区人民政府")
    waiting = ReadVersion.objects.get(report=None)
    one = ExternalOrgan.objects.get(name="某县人民政府")
    addresses = [
        reverse("desk:library"),
        reverse("desk:library-unclaimed"),
        reverse("desk:library-import"),
        reverse("desk:library-version", args=[damaged.pk]),
        reverse("desk:library-version", args=[waiting.pk]),
        reverse("desk:library-organ", args=[one.key]),
        f"{reverse('desk:library-compare')}?year=2022&per=head",
        f"{reverse('desk:library-outliers')}?year=2022",
        f"{reverse('desk:library-alike')}?year=2022&how=organs",
        reverse("desk:library-pair", args=["s1", f"{one.key}-2022", f"{one.key}-2021"]),
        reverse("desk:library-export"),
        reverse("desk:register", args=["populations"]),
    ]
    return addresses + [reverse("desk:library-intake", args=[intake.pk]) for intake in Intake.objects.all()]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "375"])
def test_axe_finds_nothing(
    live_server: Any, stocked: World, open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    client = Client()
    client.force_login(stocked.people["city-office"])
    name = settings.SESSION_COOKIE_NAME
    page = open_page(viewport=size)
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    for address in pages():
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address
        assert not INLINE.search(page.content()), address


def test_a_file_is_given_and_its_report_opened_without_a_script(
    live_server: Any, stocked: World, open_page: Callable[..., Any]
) -> None:
    client = Client()
    client.force_login(stocked.people["city-office"])
    name = settings.SESSION_COOKIE_NAME
    page = open_page(java_script_enabled=False)
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(live_server.url + reverse("desk:library-import"))
    content = shelf.text("新县人民政府", 2022, 12).encode()
    page.set_input_files("[name=uploads]", {"name": "新.txt", "mimeType": "text/plain", "buffer": content})
    page.click("main form button")
    assert "已入库" in page.content()
    page.click("text=新县人民政府 2022")
    assert page.locator("h1").inner_text().startswith("新县人民政府 2022")
    assert page.locator("table.checked td", has_text="12").count() >= 3
