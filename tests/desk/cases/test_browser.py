"""The work list and the case page in a real browser: axe at a desktop's and a phone's width, dark too, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from gongkai.requests import actions
from gongkai.requests.models import Case
from tests.requests.stories import Office, day
from tests.support.browser import DESKTOP, PHONE, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None) -> World:
    """A city of this test's own: the server reads it from another thread."""
    return small_city()


@dataclass
class Site:
    """The served desk with cases in several states, and the handler's session."""

    address: str
    cookie: str
    late: Case
    drafted: Case
    submitted: Case
    consulted: Case

    def at(self, path: str) -> str:
        return self.address + path

    def sign_in(self, page: Any) -> Any:
        page.context.add_cookies([{"name": "sessionid", "value": self.cookie, "url": self.address}])
        return page


@pytest.fixture
def site(live_server: Any, office: Office, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("GONGKAI_TODAY", "2022-03-24")
    client = Client()
    client.force_login(office.world.people["city-office-handler"])
    drafted = office.in_process("03-10")
    office.drafted(drafted, "03-20", "denied_process_info")
    consulted = office.in_process("03-02")
    actions.consult(consulted, by=office.handler, whom="third_party", name="测试公司", on=day("03-21"))
    late = office.in_process("02-11")
    actions.supersede(late, by=office.handler, seq=3, reason="日期写错", on=day("02-14"))
    return Site(
        live_server.url,
        client.cookies["sessionid"].value,
        late,
        drafted,
        office.submitted("03-23"),
        consulted,
    )


@pytest.mark.parametrize(
    ("size", "colours"),
    [(DESKTOP, "light"), (PHONE, "light"), (DESKTOP, "dark")],
    ids=["1280", "375", "dark"],
)
def test_axe_finds_nothing(
    site: Site,
    open_page: Callable[..., Any],
    size: dict[str, int],
    colours: str,
) -> None:
    page = site.sign_in(open_page(viewport=size, color_scheme=colours))
    for path in (
        "/desk/today/",
        "/desk/cases/?view=office",
        "/desk/search/",
        "/desk/cases/new/",
        f"/desk/cases/{site.late.pk}/",
        f"/desk/cases/{site.drafted.pk}/",
        f"/desk/cases/{site.drafted.pk}/?do=draft",
        f"/desk/cases/{site.late.pk}/?do=supersede&seq_entry=1",
        f"/desk/cases/{site.consulted.pk}/?do=split",
        f"/desk/cases/{site.consulted.pk}/?do=close_consultation",
        f"/desk/cases/{site.late.pk}/slip/",
        f"/desk/cases/{site.late.pk}/form/",
    ):
        page.goto(site.at(path))
        folded = page.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


def test_a_case_is_found_and_confirmed_by_keyboard_alone(
    site: Site,
    open_page: Callable[..., Any],
) -> None:
    page = site.sign_in(open_page())
    page.goto(site.at("/desk/today/"))
    keys = page.keyboard
    keys.press("j")
    assert page.evaluate("document.activeElement.textContent") == site.late.number
    keys.press("j")
    keys.press("k")
    assert page.evaluate("document.activeElement.textContent") == site.late.number
    keys.press("2")
    assert page.evaluate("document.activeElement.textContent") == site.submitted.submission.reference
    keys.press("Enter")
    page.get_by_role("link", name="确认收到").wait_for()
    page.get_by_role("link", name="确认收到").first.focus()
    keys.press("Enter")
    page.get_by_role("heading", name="确认收到").wait_for()
    page.locator("[name=note]").focus()
    keys.type("电话确认。")
    page.locator("form[data-once] .btn--primary").focus()
    keys.press("Enter")
    page.get_by_role("status").wait_for()
    assert "已办理“确认收到”" in page.get_by_role("status").inner_text()
    site.submitted.refresh_from_db()
    assert site.submitted.state == "registered"
    keys.press("/")
    keys.type(str(site.drafted.number))
    keys.press("Enter")
    page.get_by_role("heading", name=str(site.drafted.number)).wait_for()


def test_the_case_page_works_without_script(site: Site, open_page: Callable[..., Any]) -> None:
    page = site.sign_in(open_page(java_script_enabled=False))
    page.goto(site.at("/desk/today/"))
    page.get_by_role("link", name=f"确认收到：{site.submitted.submission.reference}").click()
    page.locator("form[data-once] .btn--primary").click()
    assert "已办理“确认收到”" in page.get_by_role("status").inner_text()


def test_a_printed_slip_is_the_slip_alone(site: Site, open_page: Callable[..., Any]) -> None:
    page = site.sign_in(open_page())
    page.goto(site.at(f"/desk/cases/{site.late.pk}/slip/"))
    page.emulate_media(media="print")
    assert page.locator(".paper").is_visible()
    for selector in (".desk-bar", ".desk-nav", "main .actions", ".breadcrumb"):
        assert not page.locator(selector).first.is_visible(), selector
