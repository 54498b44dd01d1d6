"""Reports and figures in a real browser: axe at a desktop's and a phone's width, forms that open in place, no inline code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from gongkai.annualreport.models import ReportVersion
from tests.annualreport.flow import draft, sign_off
from tests.annualreport.records import case, cover, keep_all
from tests.support.browser import DESKTOP, PHONE, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = dt.date
CELL = "table3.granted.natural_person"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son[a-z]+=", re.IGNORECASE)


@dataclass
class Served:
    """The served desk with a city's draft, a frozen report whose records moved, and unknown figures."""

    address: str
    world: World
    city: ReportVersion
    office: ReportVersion
    edu: ReportVersion

    def pages(self) -> list[str]:
        reports = [f"/desk/reports/{one.report_id}/v1/" for one in (self.city, self.office, self.edu)]
        return [
            "/desk/reports/?year=2022",
            *reports,
            f"{reports[0]}cells/{CELL}/",
            f"{reports[0]}cells/table2.art20_8.admin_fees.fee_amount_wan/",
            f"{reports[1]}cells/table3.new_received.total/",
            "/desk/reports/import/",
            "/desk/figures/",
            "/desk/figures/requests.received/?organ=city&year=2022",
            "/desk/figures/keyareas.fee_income_yuan/?organ=city&year=2022",
            "/desk/figures/requests.received/records/?organ=city&year=2022",
        ]

    def cookie(self, username: str) -> dict[str, str]:
        client = Client()
        client.force_login(self.world.people[username])
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.address}


@pytest.fixture
def served(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setenv("GONGKAI_TODAY", "2023-01-20")
    world = small_city()
    keep_all(world.organs["city"], but=("acts.fees",))
    cover(world.organs["city-office"], "acts.fees")
    for code in ("city", "city-office", "city-edu"):
        case(world.organs[code], received=D(2022, 3, 1), closed=D(2022, 3, 20), number=f"{code}-1")
    case(world.organs["city-edu"], received=D(2020, 3, 1), number="city-edu-2")
    office = sign_off(world, "city-office", 2022)
    case(world.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20), number="city-office-2")
    return Served(live_server.url, world, draft(world, "city", 2022), office, draft(world, "city-edu", 2022))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "375"])
def test_axe_finds_nothing(served: Served, open_page: Callable[..., Any], size: dict[str, int]) -> None:
    page = open_page(viewport=size)
    page.context.add_cookies([served.cookie("city-office")])
    for address in served.pages():
        answer = page.goto(served.address + address)
        assert answer.status == 200, address
        assert INLINE.findall(answer.text()) == [], address
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "375"])
def test_a_warning_is_explained_and_words_written_in_place(
    served: Served, open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = open_page(viewport=size)
    page.context.add_cookies([served.cookie("city-edu-office")])
    page.goto(f"{served.address}/desk/reports/{served.edu.report_id}/")
    folded = page.locator("details.act:not([open]) > summary")
    while folded.count():
        folded.first.click()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.locator("#findings textarea").first.fill("申请人失联，正在公告送达。")
    page.get_by_role("button", name="记下理由").first.click()
    page.get_by_text("申请人失联，正在公告送达。").wait_for()
    assert page.get_by_text("提示都已说明").is_visible()
    page.get_by_role("link", name=re.compile("修改文字.*存在的主要问题")).click()
    page.locator("textarea[name=text]").fill("人手不足。")
    page.get_by_role("button", name="保存并看效果").click()
    page.locator(".preview").get_by_text("人手不足。").wait_for()
    page.goto(f"{served.address}/desk/reports/{served.edu.report_id}/v1/cells/{CELL}/")
    assert page.get_by_role("link", name="city-edu-1").is_visible()


def test_the_dark_desk_reads_as_well(served: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(color_scheme="dark")
    page.context.add_cookies([served.cookie("city-office")])
    for address in (f"/desk/reports/{served.city.report_id}/", "/desk/figures/requests.received/?organ=city"):
        page.goto(served.address + address)
        assert violations(page) == [], address
