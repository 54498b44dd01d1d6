"""The portal in a real browser: axe on every page at a desktop's and a narrow phone's width, and by keyboard alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from gongkai.base import outbox
from gongkai.catalogue import actions as columns
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.organs.models import Organ
from gongkai.requests import actions
from gongkai.requests.models import Case
from tests.portal.conftest import HOW, REACH, WHAT, WHO, Applicant, receipt_of
from tests.portal.test_reports import CELL, PUBLISHED_ON, published  # noqa: F401  the fixture
from tests.support.browser import DESKTOP, NARROW, PHONE, scrolls_sideways, violations
from tests.support.world import TEST, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = "2023-01-16"
STATIC_PAGES = (
    "/",
    "/search/?q=甲市",
    "/search/?q=甲市&type=rules",
    "/search/?q=年度报告&organ=city&sort=newest",
    "/o/",
    "/o/city/",
    "/o/city-office/",
    "/o/city-office/guide/",
    "/o/city-office/rules/",
    "/o/city-office/content/",
    "/o/city/content/A01/",
    "/o/city/profile/",
    "/o/city/columns/",
    "/o/city/gathered/",
    "/o/city/c/affairs/",
    "/o/city/c/flood/",
    "/o/city-office/reports/",
    "/interpretations/",
    "/apply/",
    "/track/",
    "/track/lost/",
    "/account/sign-in/",
    "/account/register/",
    "/reports/",
    "/reports/city-office/2022/",
    f"/reports/city-office/2022/v1/cells/{CELL}/",
    "/check/",
    "/site-map/",
    "/accessibility/",
    "/nothing/",
)


@dataclass
class Site:
    """The served portal: `at` makes an address absolute; `receipt` follows a case that has a correction notice."""

    address: str
    receipt: tuple[str, str]
    case: Case

    def at(self, path: str) -> str:
        return self.address + path


@pytest.fixture
def site(
    live_server: Any,
    published: World,  # noqa: F811
    index: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    monkeypatch.setenv("GONGKAI_TODAY", TODAY)
    _columns(published.organs["city"])
    Organ.objects.filter(code="city-office").update(address="甲市乙区某某路1号", phones="0000-1234567")
    receipt = receipt_of(Applicant(Client()).fill().send())
    case, handler = (
        Case.objects.order_by("-pk")[0],
        published.actor("city-office", "handler", day=PUBLISHED_ON),
    )
    actions.confirm(case, by=handler)
    actions.accept(case, by=handler)
    actions.ask_correction(case, by=handler, what="请写明是哪一年的方案。")
    outbox.drain()
    index()
    return Site(live_server.url, receipt, case)


def _columns(city: Organ) -> None:
    given: dict[str, Any] = {"by": TEST, "organ": city, "description": "说明", "on": dt.date(2020, 1, 1)}
    affairs = columns.add_column(slug="affairs", title="政务公开", front=1, **given)
    feed = [Rule(kinds=("normative_docs", "notice"), organs=SUBTREE)]
    columns.add_column(slug="notices", title="通知公告", parent=affairs, feed=feed, front=2, **given)
    topic = columns.add_column(slug="flood", title="防汛救灾", kind="topic", **given)
    columns.archive_column(topic, by=TEST, on=dt.date(2022, 1, 1), reason="结束")
    leaders = [{"name": "李四", "post": "市长", "duties": "主持全面工作"}]
    columns.publish_profile(
        by=TEST, organ=city, functions="一、起草文件。", leaders=leaders, on=dt.date(2022, 1, 1)
    )
    columns.publish_guide(by=TEST, organ=city, on=dt.date(2022, 1, 1))


def _fill(page: Any, answers: dict[str, str]) -> None:
    for name, answer in answers.items():
        box = page.locator(f"[name={name}]").first
        if box.get_attribute("type") == "radio":
            page.locator(f"[name={name}][value={answer}]").check()
        elif box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(answer)
        else:
            box.fill(answer)


def _next(page: Any) -> None:
    with page.expect_navigation():  # not before the next page stands is anything asked of it
        page.locator("main .btn--primary").first.click()


def _has_focus(page: Any, selector: str) -> None:
    """Waits until it has: between two pages nothing has."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_be_focused()


def _sound(page: Any, where: str) -> None:
    assert violations(page) == [], where
    assert not scrolls_sideways(page), where


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320px"])
def test_axe_finds_nothing_on_any_page(
    site: Site, open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = open_page(viewport=size)
    for path in STATIC_PAGES:
        page.goto(site.at(path))
        _sound(page, path)
    _walk_the_application(page, site)
    _walk_the_tracking(page, site)


@pytest.mark.parametrize(
    ("size", "modes"), [(PHONE, "elder"), (DESKTOP, "contrast")], ids=["phone-elder", "desktop-contrast"]
)
def test_other_ways_of_reading_are_as_sound(
    site: Site, open_page: Callable[..., Any], size: dict[str, int], modes: str
) -> None:
    page = open_page(viewport=size)
    page.context.add_cookies([{"name": "reading", "value": modes, "url": site.address}])
    for path in (
        "/",
        "/search/?q=甲市",
        "/o/city-office/",
        "/o/city-office/apply/",
        "/reports/city-office/2022/",
    ):
        page.goto(site.at(path))
        _sound(page, path)


def _walk_the_application(page: Any, site: Site) -> None:
    page.goto(site.at("/o/city-office/apply/"))
    _next(page)
    _sound(page, "first page with errors")
    for title, answers in (("您是谁", WHO), ("怎么联系您", REACH), ("您想要什么", WHAT), ("怎样给您", HOW)):
        assert page.locator("h1").inner_text() == title
        folded = page.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        _sound(page, title)
        _fill(page, answers)
        _next(page)
    assert page.locator("h1").inner_text() == "核对并提交"
    _sound(page, "check")
    page.locator("button[value=send]").click()
    page.get_by_role("heading", name="申请已提交").wait_for()
    _sound(page, "receipt")


def _walk_the_tracking(page: Any, site: Site) -> None:
    page.goto(site.at("/track/"))
    _fill(page, {"reference": site.receipt[0], "secret": "WRONG"})
    _next(page)
    _sound(page, "wrong secret")
    _fill(page, {"reference": site.receipt[0], "secret": site.receipt[1]})
    _next(page)
    page.locator("details.why > summary").click()
    page.get_by_text("收到申请，答复期限为20个工作日").wait_for()
    _sound(page, "tracked")
    for verb in ("correct", "attach", "withdraw"):
        page.goto(site.at(f"/track/case/{site.case.pk}/{verb}/"))
        _sound(page, verb)
    page.goto(site.at("/track/"))
    with page.expect_navigation():
        page.get_by_role("button", name="退出查询").click()
    _sound(page, "left")


def _tab_to(page: Any, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_an_application_by_keyboard_alone(site: Site, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(site.at("/o/city-office/"))
    page.keyboard.press("Tab")
    _has_focus(page, "a.skip")
    page.keyboard.press("Enter")
    _has_focus(page, "#main")
    _tab_to(page, "main a.btn--primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/")
    _tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    for name in ("applicant_name", "id_number"):
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(WHO[name])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="怎么联系您").wait_for()
    _tab_to(page, "[name=phone]")
    page.keyboard.type(REACH["phone"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="您想要什么").wait_for()
    _tab_to(page, "textarea")
    page.keyboard.type(WHAT["info_description"])
    _tab_to(page, "main button.btn--primary")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="怎样给您").wait_for()
    _tab_to(page, "main button.btn--primary")
    page.keyboard.press("Space")
    page.get_by_role("heading", name="核对并提交").wait_for()
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="申请已提交").wait_for()
    assert Case.objects.order_by("-pk")[0].submission.form["applicant_name"] == WHO["applicant_name"]


def test_errors_take_the_focus_and_lead_to_their_field(site: Site, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(site.at("/o/city-office/apply/"))
    _next(page)
    _has_focus(page, ".error-summary")
    page.get_by_role("link", name="请填写证件号码。").click()
    _has_focus(page, "#id_id_number")


def test_everything_works_without_script(site: Site, open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.at("/o/city-office/apply/"))
    for answers in (WHO, REACH, WHAT):
        for name, answer in answers.items():
            if name not in ("kind", "id_type"):
                page.locator(f"[name={name}]").first.fill(answer)
        _next(page)
    _next(page)
    page.locator("button[value=send]").click()
    reference, secret = (page.locator(".receipt__number").nth(i).inner_text() for i in (0, 1))
    page.goto(site.at("/track/"))
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=secret]").fill(secret)
    _next(page)
    page.get_by_text("尚未编号").wait_for()


def test_targets_are_large_enough_in_the_elderly_version(site: Site, open_page: Callable[..., Any]) -> None:
    page = open_page(viewport=PHONE)
    page.goto(site.at("/"))
    with page.expect_navigation():
        page.get_by_role("link", name="长者版").click()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    page.goto(site.at("/o/city-office/apply/"))
    small = page.evaluate(
        """() => [...document.querySelectorAll(`main .btn, main input:not([type=hidden], [type=radio]), main select,
              main .choice label, main fieldset div > label, .site-nav a, .site-tools a`)]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 59.5)
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_the_printed_receipt_is_the_slip_alone(site: Site, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(site.at("/o/city-office/apply/"))
    for answers in (WHO, REACH, WHAT, HOW):
        _fill(page, answers)
        _next(page)
    page.locator("button[value=send]").click()
    page.locator(".receipt").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".receipt").is_visible()
    for selector in (".site-nav", ".site-foot", ".demo-bar", "main .actions", ".breadcrumb"):
        assert not page.locator(selector).first.is_visible(), selector
