"""Statistics sheets at the desk: made, asked for, filled in by a clerk, handed in, looked at, confirmed."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from gongkai.annualreport.rounds import queries
from gongkai.annualreport.rounds.models import Duty, Round, Sheet
from gongkai.base.clock import on_day
from gongkai.base.models import Coverage, Tally
from tests.annualreport.records import case, cover, keep_all
from tests.annualreport.rounds.flow import duty
from tests.desk.rounds.conftest import Desk
from tests.support.world import World

D = dt.date
AtDesk = Callable[..., Desk]
COLUMNS = ["requests.received|", "keyareas.decisions|row=admin_license", "keyareas.fee_income_yuan|"]


@pytest.fixture
def world(copied: World) -> World:
    keep_all(copied.organs["city"], but=("acts.decisions", "acts.fees"))
    old = copied.organs["old-b"]
    old.valid_to = D(2021, 3, 17)
    old.save()
    cover(copied.organs["city-edu"], "acts.decisions", mode="tally")
    return copied


@pytest.fixture
def asked(world: World, at_desk: AtDesk) -> Round:
    office = at_desk("city-office", D(2023, 1, 4))
    office.follow(
        "/desk/rounds/sheets/new/",
        organ=world.organs["city"].pk,
        name="政府信息公开情况统计表",
        basis="政府信息公开统计制度",
        frequency="quarter",
        days="10",
        day_kind="workdays",
        columns=COLUMNS,
    )
    sheet = Sheet.objects.get()
    page = office.follow(f"/desk/rounds/sheets/{sheet.pk}/open/", period="2022-4")
    assert "政府信息公开情况统计表（2022年第四季度）" in page
    return Round.objects.get()


def looked_at(owed: Duty) -> str:
    return queries.standing(Duty.objects.select_related("round").get(pk=owed.pk), D(2023, 1, 12)).seen


def at(owed: Duty) -> str:
    return f"/desk/rounds/duties/{owed.pk}/"


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def test_a_clerk_fills_in_and_hands_in_and_the_office_confirms(
    world: World, asked: Round, at_desk: AtDesk
) -> None:
    owed = duty(world, asked, "city-edu")
    clerk = at_desk("city-edu-handler", D(2023, 1, 9))
    assert "政府信息公开情况统计表（2022年第四季度）" in clerk.get("/desk/today/")
    case(world.organs["city-edu"], received=D(2022, 11, 1), number="城教-1")
    page = clerk.get(at(owed))
    assert 'name="c0"' not in page  # what records give has no box
    assert 'name="c1"' in page
    assert "城教-1" in clerk.get(f"{at(owed)}figures/0/")
    clerk.post(f"{at(owed)}do/hand-in/", expect=422, note="", seen="")
    assert "还有2项没有数" in clerk.page
    clerk.post(f"{at(owed)}fill/", expect=422, c1="十二", note="")
    assert "“十二”不是数字。" in clerk.page
    assert 'value="十二"' in clerk.page
    page = clerk.follow(f"{at(owed)}fill/", c1="12", absent="2", note="窗口台账")
    assert "已记下2项" in page
    assert Tally.objects.get().value == 12
    assert Coverage.objects.filter(path=owed.path, register="acts.fees").get().mode == "none"
    assert "12" in clerk.get(f"{at(owed)}figures/1/")
    page = clerk.follow(f"{at(owed)}do/hand-in/", note="", seen=seen(clerk.get(at(owed))))
    assert "等布置单位确认" in page
    office = at_desk("city-office", D(2023, 1, 10))
    assert "1 家待接收" in office.get("/desk/today/")
    page = office.get(f"/desk/rounds/{asked.pk}/")
    assert "至少 12" in page
    assert "确认" in office.get(at(owed))
    assert "已确认" in office.follow(f"{at(owed)}do/accept/", seen=looked_at(owed))
    case(world.organs["city-edu"], received=D(2022, 11, 2))
    page = office.get(at(owed))
    assert "有 1 项的记录变了" in page
    assert "现在是" in page


def test_a_stale_page_hands_in_nothing(world: World, asked: Round, at_desk: AtDesk) -> None:
    clerk = at_desk("city-edu-handler", D(2023, 1, 9))
    owed = duty(world, asked, "city-edu")
    stale = seen(clerk.get(at(owed)))
    case(world.organs["city-edu"], received=D(2022, 11, 1))
    clerk.post(f"{at(owed)}do/hand-in/", expect=409, note="没有分季的数", seen=stale)
    assert "请先看过现在的数字" in clerk.page
    assert duty(world, asked, "city-edu").stage == "waiting"


def test_the_office_above_sees_figures_and_no_cases(world: World, asked: Round, at_desk: AtDesk) -> None:
    case(world.organs["city-edu"], received=D(2022, 11, 1), number="城教-1")
    page = at_desk("city-office").get(f"{at(duty(world, asked, 'city-edu'))}figures/0/")
    assert "城教-1" not in page
    assert "这里没有您能看到的记录" in page


@pytest.mark.parametrize("place", [3, 999999])
def test_a_figure_the_sheet_has_not(world: World, asked: Round, at_desk: AtDesk, place: int) -> None:
    owed = duty(world, asked, "city-edu")
    at_desk("city-edu-handler", D(2023, 1, 9)).get(f"{at(owed)}figures/{place}/", expect=404)
    at_desk("city-edu-handler", D(2023, 1, 9)).get(f"{at(owed)}counted/", expect=404)


def test_a_sheet_without_columns_says_so_beside_them(world: World, at_desk: AtDesk) -> None:
    office = at_desk("city-office", D(2023, 1, 4))
    office.get("/desk/rounds/sheets/new/")
    given = {"organ": world.organs["city"].pk, "name": "表", "basis": "制度", "frequency": "month"}
    office.post("/desk/rounds/sheets/new/", expect=422, days="10", day_kind="workdays", **given)
    assert "请至少选一项指标" in office.page
    office.post("/desk/rounds/sheets/new/", expect=422, days="10", day_kind="workdays", columns="x|", **given)
    assert not Sheet.objects.exists()


def test_a_sheet_is_opened_once_a_period_and_put_out_of_use(
    world: World, asked: Round, at_desk: AtDesk
) -> None:
    office = at_desk("city-office", D(2023, 1, 5))
    at_sheet = f"/desk/rounds/sheets/{asked.sheet_id}/"
    assert '<option value="2022-3" selected>' in office.get(at_sheet)  # the newest that was not asked for yet
    office.post(f"{at_sheet}open/", expect=409, period="2022-4")
    assert "不能重复开始" in office.page
    office.post(f"{at_sheet}open/", expect=422, period="2031-9")
    assert "已停用" in office.follow(f"{at_sheet}end/")
    assert "期末后 10 个工作日" in html.unescape(office.page)


def test_the_export_has_a_line_a_unit_and_the_sum(world: World, asked: Round, at_desk: AtDesk) -> None:
    case(world.organs["city-edu"], received=D(2022, 11, 1))
    clerk = at_desk("city-edu-handler", D(2023, 1, 9))
    clerk.follow(f"{at(duty(world, asked, 'city-edu'))}do/hand-in/", note="没有分季的数", seen="")
    office = at_desk("city-office", D(2023, 1, 10))
    with on_day(office.day):
        content = office.client.get(f"/desk/rounds/{asked.pk}/export.xlsx").content
    book: Any = load_workbook(io.BytesIO(content), read_only=True)
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert rows[0][7] == "本期新收政府信息公开申请数量（件）"
    by_name = {row[0]: row[7:] for row in rows[1:]}
    assert by_name["甲市教育局"] == [1, "未知", "未知"]
    assert by_name["甲市人民政府办公室"] == ["未知", "未知", "未知"]
    assert by_name["合计"] == ["至少 1", "未知", "未知"]


def test_a_unit_that_did_not_exist_in_the_period_is_told_so(
    world: World, asked: Round, at_desk: AtDesk
) -> None:
    owed = duty(world, asked, "city-edu")
    Round.objects.filter(pk=asked.pk).update(start=D(1950, 1, 1), end=D(1950, 3, 31))
    office = at_desk("city-office", D(2023, 1, 5))
    assert "甲市教育局在这一统计期内不存在" in office.get(at(owed))
    assert "甲市教育局在这一统计期内不存在" in office.get(f"{at(owed)}figures/0/", expect=409)
    child = at_desk("city-edu-office", D(2023, 1, 5))
    child.post(f"{at(owed)}do/hand-in/", expect=409, seen="", note="")
    assert "甲市教育局在这一统计期内不存在" in child.page
