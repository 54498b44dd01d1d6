"""Collecting in a real browser: the city gathers five counties, one is late; and every page under axe, on a phone too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from gongkai.annualreport import actions as annual
from gongkai.annualreport.compile import compile
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.queries import figures_of
from gongkai.annualreport.rounds import actions, sheets
from gongkai.annualreport.rounds.models import Duty, Round
from gongkai.base.clock import on_day
from gongkai.forms.values import add
from tests.annualreport.flow import reporter, sign_off, submitted
from tests.annualreport.records import case, cover, keep_all, proceeding
from tests.annualreport.rounds.flow import clerk, duty, hand_in, opened, return_
from tests.support.browser import DESKTOP, PHONE, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = dt.date
OpenPage = Callable[..., Any]
COUNTIES = ("东县", "南县", "西县", "北县", "中县")
CELL = "table3.new_received.total"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son[a-z]+=", re.IGNORECASE)


def five_counties() -> World:
    """A city with five counties and nothing else below it, each with some applications of the year."""
    world = World()
    world.organ("city", "甲市人民政府", "government", "city", makes_rules=True)
    world.staff("city")
    keep_all(world.organs["city"])
    case(world.organs["city"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    for number, name in enumerate(COUNTIES, start=1):
        code = f"county-{number}"
        world.organ(code, f"甲市{name}人民政府", "government", "county", "city")
        world.staff(code, "office", "leader", "handler")
        for _case in range(number):
            case(world.organs[code], received=D(2022, 5, 1), closed=D(2022, 5, 20))
    return world


@dataclass
class Office:
    """Somebody at a desk in the browser."""

    page: Any
    address: str
    days: pytest.MonkeyPatch = field(repr=False)

    def go(self, where: str) -> Office:
        answer = self.page.goto(self.address + where)
        assert answer.status in (200, 409, 422), where
        return self

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()

    def press(self, label: str) -> None:
        self.page.locator("main").get_by_role("button", name=label, exact=True).first.click()

    def unfold(self, label: str) -> Any:
        """Open the short form under a button, and give it."""
        found = (
            self.page.locator("details.act").filter(has=self.page.locator("summary", has_text=label)).first
        )
        found.locator("summary").click()
        return found


@pytest.fixture
def seat(open_page: OpenPage, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Office]:
    """``seat(world, "city-office")`` signs in; the day is set with ``GONGKAI_TODAY``."""

    def taken(world: World, username: str, **options: Any) -> Office:
        client = Client()
        client.force_login(world.people[username])
        name = settings.SESSION_COOKIE_NAME
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return Office(page, live_server.url, monkeypatch)

    return taken


def test_the_city_collects_five_counties_and_one_is_late(
    seat: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance 5: counties hand in, one goes back with remarks, one is late and holds up the signature; in the end the
    city's figures are its own and the sum of the five."""
    monkeypatch.setenv("GONGKAI_TODAY", "2023-03-01")
    world = five_counties()
    city = seat(world, "city-office").go("/desk/rounds/")
    city.page.get_by_role("link", name="开始收年报").click()
    city.page.get_by_label("报告年度").select_option("2022")
    city.press("开始报送")
    assert city.says("已接收 0 家，共 5 家")
    assert city.says("2023年3月31日")
    round_ = Round.objects.get()

    # Four counties sign and hand in, each having seen what the city will count.
    counties = {}
    for number in range(1, 5):
        code = f"county-{number}"
        sign_off(world, code, 2022)
        office = counties[number] = seat(world, f"{code}-office")
        office.go("/desk/today/").page.get_by_role("link", name="2022年度报告报送").click()
        office.page.get_by_role("link", name="上级将从这里计入的数").click()
        assert office.says("甲市人民政府将从这里汇入的数")
        figure = office.page.get_by_role(
            "link", name=re.compile(f"新收政府信息公开申请数量·总计：{number}，")
        )
        assert figure.count() == 1
        office.page.get_by_role("link", name="回到报送").click()
        office.unfold("报送").get_by_role("button", name="报送").click()
        assert office.says("已报送，等上级接收")

    # The city looks: one goes back with remarks, three are accepted together.
    monkeypatch.setenv("GONGKAI_TODAY", "2023-03-20")
    city.go(f"/desk/rounds/{round_.pk}/")
    assert city.page.locator("table.duties .state", has_text="已报送").count() == 4
    city.page.get_by_role("link", name="甲市南县人民政府").click()
    form = city.unfold("退回")
    form.get_by_label("退回意见").fill("少报一件，请核对。")
    form.get_by_role("button", name="退回").click()
    assert city.says("已退回，意见在对方的“今日”里")
    city.go(f"/desk/rounds/{round_.pk}/")
    for name in ("东县", "西县", "北县"):
        city.page.get_by_role("checkbox", name=f"甲市{name}人民政府").check()
    city.press("接收")
    assert city.says("已对3家办理“接收”")
    assert city.says("已接收 3 家，共 5 家")

    # The second county corrects and hands in again.
    south = counties[2].go("/desk/today/")
    assert south.says("退回意见：少报一件，请核对。")
    case(world.organs["county-2"], received=D(2022, 6, 1), closed=D(2022, 6, 20))
    report = ReportVersion.objects.get(report__organ=world.organs["county-2"]).report
    draft = annual.open_correction(by=reporter(world, "county-2", "office"), report=report, note="补一件")
    annual.submit(by=reporter(world, "county-2", "office"), version=draft)
    annual.sign(by=reporter(world, "county-2", "leader"), version=draft)
    south.page.get_by_role("link", name="2022年度报告报送").click()
    south.page.get_by_role("link", name="上级将从这里计入的数").click()
    assert south.says("与上次报送的第 1 版相比")
    south.page.get_by_role("link", name="回到报送").click()
    south.unfold("报送").get_by_role("button", name="报送").click()
    city.go(f"/desk/rounds/duties/{duty(world, round_, 'county-2').pk}/").press("接收")
    assert city.says("已接收")

    # The fifth is late: the city sees it, reminds it, and its leader cannot sign.
    monkeypatch.setenv("GONGKAI_TODAY", "2023-04-03")
    city.go(f"/desk/rounds/{round_.pk}/")
    assert city.says("逾期未报")
    assert city.says("已逾期3天")
    form = city.unfold("催报")
    form.get_by_label("附言").fill("全市只差你县。")
    form.get_by_role("button", name="催报").click()
    version = submitted(world, "city", 2022)
    leader = seat(world, "city-leader").go(f"/desk/reports/{version.report_id}/")
    leader.press("签发")
    assert leader.says("没有办成")
    assert leader.says("甲市中县人民政府的年度报告尚未报送，汇总报告不能签发")

    # It arrives, is accepted, and the leader signs.
    sign_off(world, "county-5", 2022)
    late = seat(world, "county-5-office").go("/desk/today/")
    assert late.says("全市只差你县。")
    late.page.get_by_role("link", name="2022年度报告报送").click()
    late.unfold("报送").get_by_role("button", name="报送").click()
    city.go(f"/desk/rounds/{round_.pk}/?where=submitted")
    city.page.get_by_role("checkbox", name="甲市中县人民政府").check()
    city.press("接收")
    assert city.says("已接收 5 家，共 5 家")
    assert city.says("晚报3天")
    leader.go(f"/desk/reports/{version.report_id}/").press("签发")
    assert leader.says("已签发。数和文字从此固定")

    # The city's figures are its own and the sum of the five.
    version.refresh_from_db()
    own, *children = compile(world.organs["city"], 2022).lines
    assert [line.figures.number(CELL) for line in children] == [1, 3, 3, 4, 5]
    signed = figures_of(version)
    assert signed.number(CELL) == 1 + sum(range(1, 6)) + 1
    for cell in signed:
        assert signed[cell] == add(line.figures[cell] for line in (own, *children)), cell


@dataclass
class Shown:
    world: World
    pages: dict[str, list[str]]


@pytest.fixture
def shown(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """A round in which something of everything happened, and a sheet half filled in."""
    monkeypatch.setenv("GONGKAI_TODAY", "2023-02-03")
    world = small_city()
    keep_all(world.organs["city"], but=("acts.decisions", "acts.fees"))
    cover(world.organs["city-edu"], "acts.decisions", mode="tally")
    proceeding(world.organs["city-office"], world.organs["city-edu"], filed=D(2022, 5, 1))
    round_ = opened(world)
    for code in ("city-office", "city-edu"):
        hand_in(world, round_, sign_off(world, code, 2022, explain=True), D(2023, 1, 20))
    return_(world, round_, "city-edu")
    with on_day(D(2023, 2, 2)):
        actions.remind(by=clerk(world, "city"), round_=round_, note="请尽快")
        annual.open_report(by=reporter(world, "city", "office"), organ=world.organs["city"], year=2022)
    keys = ["requests.received|", "keyareas.decisions|row=admin_license", "keyareas.fee_income_yuan|"]
    with on_day(D(2023, 1, 4)):
        by = clerk(world, "city")
        sheet = sheets.define(
            by=by,
            organ=world.organs["city"],
            name="情况统计表",
            basis="制度",
            frequency="quarter",
            keys=keys,
        )
        asked = actions.open_sheet(by=by, sheet=sheet, year=2022, index=4)
    with on_day(D(2023, 1, 10)):
        sheets.hand_in(by=clerk(world, "city-office"), duty=duty(world, asked, "city-office"), note="另报")
    case(world.organs["city-office"], received=D(2022, 11, 1), closed=D(2022, 11, 9))
    sheet_of = {owed.organ.code: owed.pk for owed in Duty.objects.filter(round=asked)}
    owed = duty(world, round_, "city-edu").pk
    return Shown(
        world,
        {
            "city-office": [
                "/desk/rounds/",
                "/desk/rounds/open/",
                f"/desk/rounds/{round_.pk}/",
                f"/desk/rounds/{asked.pk}/",
                f"/desk/rounds/duties/{duty(world, round_, 'city-office').pk}/",
                f"/desk/rounds/duties/{sheet_of['city-office']}/",
                f"/desk/rounds/sheets/{sheet.pk}/",
                "/desk/rounds/sheets/new/",
            ],
            "city-edu-office": [
                "/desk/today/",
                "/desk/rounds/",
                f"/desk/rounds/duties/{owed}/",
                f"/desk/rounds/duties/{owed}/counted/",
                f"/desk/rounds/duties/{sheet_of['city-edu']}/",
                f"/desk/rounds/duties/{sheet_of['city-edu']}/figures/0/",
            ],
        },
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "375"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    shown: Shown, seat: Callable[..., Office], size: dict[str, int]
) -> None:
    for username, addresses in shown.pages.items():
        office = seat(shown.world, username, viewport=size)
        for address in addresses:
            answer = office.page.goto(office.address + address)
            assert answer.status == 200, address
            assert INLINE.findall(answer.text()) == [], address
            folded = office.page.locator("details.act:not([open]) > summary")
            while folded.count():
                folded.first.click()
            assert violations(office.page) == [], address
            assert not scrolls_sideways(office.page), address


def test_the_dark_desk_reads_as_well(shown: Shown, seat: Callable[..., Office]) -> None:
    for username, addresses in shown.pages.items():
        office = seat(shown.world, username, color_scheme="dark")
        for address in addresses[2:4]:
            office.go(address)
            assert violations(office.page) == [], address


def test_a_sheet_is_filled_in_without_script(shown: Shown, seat: Callable[..., Office]) -> None:
    office = seat(shown.world, "city-edu-handler", java_script_enabled=False)
    office.go(shown.pages["city-edu-office"][4])
    office.page.get_by_label("处理决定数量（行政许可）").fill("12")
    office.page.get_by_label(re.compile("不涉及：行政事业性收费")).check()
    office.press("记下填的数")
    assert office.says("已记下2项")
    office.page.locator("summary", has_text="报送").click()
    office.page.locator("details.act").get_by_role("button", name="报送").click()
    assert office.says("报送的数从此固定")
