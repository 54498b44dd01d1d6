"""The desk in a real browser: axe, keyboard, a phone, the dark, and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.desk.register import known
from gongkai.organs.models import Person
from tests.desk import rows as made
from tests.support.browser import DESKTOP, NARROW, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Any]


@pytest.fixture
def city(transactional_db: None) -> World:
    return small_city()


@pytest.fixture
def enter(open_page: OpenPage, live_server: Any, city: World) -> OpenPage:
    """``enter("city-operator", "/desk/…", **browser options)`` is that page, opened by that person."""

    def entered(username: str, address: str, **options: Any) -> Any:
        client = Client()
        client.force_login(Person.objects.get(username=username))
        page = open_page(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + address)
        return page

    return entered


def serious(page: Any) -> list[str]:
    return [line for line in violations(page) if "(serious)" in line or "(critical)" in line]


def test_purpose_built_pages_have_no_violation(enter: OpenPage, city: World) -> None:
    for address in ("/desk/registers/", "/desk/account/", "/desk/account/password/", "/desk/nowhere/"):
        for look in ("light", "dark"):
            page = enter("city-operator", address, color_scheme=look)
            assert violations(page) == [], (address, look)
            page.context.close()


def test_signing_in_works_by_keyboard_alone(open_page: OpenPage, live_server: Any, city: World) -> None:
    person = city.people["city-operator"]
    person.set_password("correct-horse-9")
    person.save()
    page = open_page()
    page.goto(f"{live_server.url}/desk/registers/organs/")
    assert violations(page) == []
    page.focus("#id_username")
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert violations(page) == []
    page.fill("#id_password", "correct-horse-9")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/registers/organs/")


def test_register_pages_have_no_serious_violation(enter: OpenPage, city: World) -> None:
    for register in known.all_registers():
        row = made.MAKERS[register.key](city.organs["city-office"])
        settings = register.scope_register in ("organs", "people", "settings", "calendars", "classifications")
        username = "city-operator" if settings else "city-office-handler"
        if register.key == "audit":
            username = "city-auditor"
        base = f"/desk/registers/{register.key}/"
        page = enter(username, base)
        addresses = [
            base,
            f"{base}{row.pk}/",
            *(f"{base}new/{action.key}/" for action in register.new_actions),
        ]
        if register.importer:
            addresses.append(f"{base}import/")
        for address in addresses:
            page.goto(page.url.split("/desk/")[0] + address)
            assert serious(page) == [], address
            page.set_viewport_size(NARROW)
            assert not scrolls_sideways(page), address
            page.set_viewport_size(DESKTOP)
        page.context.close()


def test_a_list_is_worked_by_keyboard(enter: OpenPage, city: World) -> None:
    for number in range(3):
        city.organ(f"extra-{number}", f"甲市附加{number}局", "department", "city", "city")
    page = enter("city-operator", "/desk/registers/people/")
    page.keyboard.press("Tab")
    page.locator("a.skip:focus").wait_for(state="attached")
    page.keyboard.press("Enter")
    page.locator("#main:focus").wait_for(state="attached")
    page.focus("[data-choose-all]")
    page.keyboard.press("Space")
    boxes = page.locator("tbody .choose input")
    assert boxes.count() > 2
    assert all(box.is_checked() for box in boxes.all())
    page.keyboard.press("Tab")
    page.focus("tbody a")
    page.keyboard.press("Enter")
    page.wait_for_selector("dl.facts")


def test_without_script_everything_is_still_there(enter: OpenPage, city: World) -> None:
    page = enter("city-operator", "/desk/registers/people/", java_script_enabled=False)
    assert not page.locator("[data-choose-all]").is_visible()
    page.locator("tbody .choose input").first.check()
    page.get_by_role("button", name="停用账号").click()
    page.get_by_role("heading", name="停用账号").wait_for()
    page.get_by_role("button", name="停用账号").click()
    assert "停用账号" in page.locator(".notice").first.inner_text()
