"""Collecting reports at the desk: opening, the list, reminding, returning with remarks, accepting, and the child's own page."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from gongkai.annualreport import actions as annual
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rounds import queries
from gongkai.annualreport.rounds.models import Duty, Round, RoundFact
from gongkai.base.clock import on_day
from tests.annualreport.flow import draft, reporter, sign_off, zero_tables
from tests.annualreport.records import case, proceeding
from tests.annualreport.rounds.flow import accept, duty, hand_in, opened, return_
from tests.desk.rounds.conftest import Desk
from tests.support.world import World

D = dt.date
AtDesk = Callable[..., Desk]


@pytest.fixture
def collecting(world: World) -> Round:
    return opened(world)


def at(subject: Round | Duty) -> str:
    return f"/desk/rounds/{'duties/' if isinstance(subject, Duty) else ''}{subject.pk}/"


def owed_now(owed: Duty) -> Duty:
    return Duty.objects.select_related("organ", "round").get(pk=owed.pk)


def _seen_on(page: str) -> dict[str, str]:
    """What the page of a round says was looked at, as its form posts it."""
    return dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', page))


def test_a_round_is_opened_with_an_earlier_day(world: World, at_desk: AtDesk) -> None:
    office = at_desk("city-office")
    assert "开始收年报" in office.get("/desk/rounds/")
    assert "2022" in office.get("/desk/rounds/open/")
    organ = world.organs["city"].pk
    page = office.follow(
        "/desk/rounds/open/", organ=organ, year="2022", department="2023-01-26", township="", government=""
    )
    assert "2022年度报告报送" in page
    assert "2023年1月26日" in page
    assert "已接收 0 家，共 4 家" in page
    office.post("/desk/rounds/open/", expect=422, organ=organ, year="2022")
    assert "不能重复开始" in office.page


def test_a_day_later_than_the_law_is_refused_beside_its_field(world: World, at_desk: AtDesk) -> None:
    office = at_desk("city-office")
    organ = world.organs["city"].pk
    office.post("/desk/rounds/open/", expect=422, organ=organ, year="2022", department="2023-02-01")
    assert "不能晚于法定期限2023年1月31日" in office.page
    assert not Round.objects.exists()


def test_the_list_says_in_words_where_everybody_stands(
    world: World, collecting: Round, at_desk: AtDesk
) -> None:
    hand_in(world, collecting, sign_off(world, "city-office", 2022), D(2023, 1, 20))
    page = at_desk("city-office", D(2023, 2, 2)).get(at(collecting))
    assert "逾期未报" in page
    assert "已逾期2天" in page
    assert "还有57天" in page  # the counties: 31 March
    assert "已报送" in page
    assert "第 1 版" in page
    assert "甲市教育局" in page


@pytest.mark.parametrize(
    ("where", "shown", "hidden"),
    [("submitted", "甲市人民政府办公室", "甲市教育局"), ("late", "甲市教育局", "甲市东县人民政府")],
)
def test_the_list_narrows_to_a_state(
    world: World, collecting: Round, at_desk: AtDesk, where: str, shown: str, hidden: str
) -> None:
    hand_in(world, collecting, sign_off(world, "city-office", 2022), D(2023, 1, 20))
    page = at_desk("city-office", D(2023, 2, 2)).get(f"{at(collecting)}?where={where}")
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert shown in table
    assert hidden not in table


def test_reminders_reach_the_childs_day(world: World, collecting: Round, at_desk: AtDesk) -> None:
    office = at_desk("city-office", D(2023, 1, 28))
    page = office.follow(f"{at(collecting)}do/remind/", note="请于月底前报送。")
    assert "已催报" in page
    assert RoundFact.objects.filter(kind="reminded").count() == 4
    office.post(f"{at(collecting)}do/remind/", expect=409, note="")
    assert "今天已经催过" in office.page
    child = at_desk("city-edu-office", D(2023, 1, 29))
    today = child.get("/desk/today/")
    assert "2022年度报告报送" in today
    assert "2023-01-28 上级催报。请于月底前报送。" in today
    assert "请于月底前报送。" in child.get(at(duty(world, collecting, "city-edu")))


def test_returned_with_remarks_and_handed_in_again(world: World, collecting: Round, at_desk: AtDesk) -> None:
    version = sign_off(world, "city-edu", 2022)
    owed = duty(world, collecting, "city-edu")
    child = at_desk("city-edu-office", D(2023, 1, 20))
    assert "可以报送" in child.get(at(owed))
    assert "已报送，等上级接收" in child.follow(f"{at(owed)}do/submit/", version=version.pk, note="")
    office = at_desk("city-office", D(2023, 1, 21))
    assert "1 家待接收" in office.get("/desk/today/")
    office.post(f"{at(owed)}do/return/", expect=422, reason=" ")
    page = office.follow(
        f"{at(owed)}do/return/",
        reason="收费数与财政不符，请核。",
        until="2023-02-05",
        seen=queries.standing(owed_now(owed), office.day).seen,
    )
    assert "已退回" in page
    assert "2023年2月5日" in page
    child.day = D(2023, 1, 22)
    assert "退回意见：收费数与财政不符，请核。" in child.get("/desk/today/")
    child.post(f"{at(owed)}do/submit/", expect=422, version=version.pk, note="")
    assert "请先编制更正版再报送" in child.page
    assert "已报送" in child.follow(f"{at(owed)}do/submit/", version=version.pk, note="已与财政核对，无误。")


def test_those_ticked_are_accepted_together(world: World, collecting: Round, at_desk: AtDesk) -> None:
    for code in ("city-office", "city-edu"):
        hand_in(world, collecting, sign_off(world, code, 2022), D(2023, 1, 20))
    office = at_desk("city-office", D(2023, 1, 21))
    keys = [duty(world, collecting, code).pk for code in ("city-office", "city-edu", "county-b")]
    office.post(f"{at(collecting)}chosen/accept/", expect=409, duty=keys)
    assert "甲市西区人民政府：现在是“未报送”，不能“接收”" in office.page
    assert not Duty.objects.filter(stage="accepted").exists()
    ticked = {"duty": keys[:2], **_seen_on(office.get(at(collecting)))}
    assert "已对2家办理“接收”" in office.follow(f"{at(collecting)}chosen/accept/", **ticked)
    assert Duty.objects.filter(stage="accepted").count() == 2
    office.post(f"{at(collecting)}chosen/accept/", expect=409)
    assert "没有选中任何单位" in office.page


@pytest.mark.parametrize("bad", ["abc", "99999999999999999999", "-1"])
def test_a_key_that_is_none_chooses_nobody(
    world: World, collecting: Round, at_desk: AtDesk, bad: str
) -> None:
    at_desk("city-office").post(f"{at(collecting)}chosen/remind/", expect=409, duty=[bad])
    assert not RoundFact.objects.filter(kind="reminded").exists()


def test_paper_is_taken_in_from_a_file(world: World, collecting: Round, at_desk: AtDesk) -> None:
    owed = duty(world, collecting, "county-b")
    office = at_desk("city-office", D(2023, 1, 20))
    office.post(f"{at(owed)}do/receive/", expect=422, source="纸质", text="不是数据")
    assert "没有导入任何内容" in office.page
    tables = zero_tables(2022)
    text = json.dumps({"report_year": 2021, **tables})
    office.post(f"{at(owed)}do/receive/", expect=422, source="纸质", text=text)
    assert "数据中写的是2021年度，应为2022年度" in office.page
    page = office.follow(f"{at(owed)}do/receive/", source="1月19日纸质报告", text=json.dumps(tables))
    assert "代为接收" in page
    assert duty(world, collecting, "county-b").stage == "accepted"


def test_deadlines_are_moved_for_all_and_for_one(world: World, collecting: Round, at_desk: AtDesk) -> None:
    office = at_desk("city-office")
    page = office.follow(
        f"{at(collecting)}do/deadline/", group="department", day="2023-01-20", reason="提前汇总"
    )
    assert "2023年1月20日" in page
    assert duty(world, collecting, "city-edu").deadline == D(2023, 1, 20)
    owed = duty(world, collecting, "city-edu")
    assert "2023年1月25日" in office.follow(f"{at(owed)}do/extend/", day="2023-01-25", reason="搬迁")
    assert duty(world, collecting, "city-office").deadline == D(2023, 1, 20)
    office.post(f"{at(owed)}do/extend/", expect=422, day="2023-02-25", reason="再缓")
    assert "不能晚于法定期限" in office.page


def test_what_cannot_be_done_says_why(world: World, collecting: Round, at_desk: AtDesk) -> None:
    page = at_desk("city-office").get(at(collecting))
    assert "这次报送正在进行，不能“重新开放”" in page
    office = at_desk("city-office")
    office.post(f"{at(collecting)}do/close/", expect=409)
    assert "还有4家没有办完" in office.page
    leader = at_desk("city-leader")
    assert "另有" not in leader.get(at(collecting)) or "由公开办审核岗" in leader.page
    leader.post(f"{at(collecting)}do/remind/", expect=409)


def test_the_way_from_opening_to_the_end_and_back(world: World, at_desk: AtDesk) -> None:
    round_ = opened(world, "county-a")
    for code in ("county-a-office", "town-a1"):
        hand_in(world, round_, sign_off(world, code, 2022), D(2023, 1, 20))
    accept(world, round_, "county-a-office", "town-a1")
    office = at_desk("county-a-office", D(2023, 1, 26))
    assert "已结束" in office.follow(f"{at(round_)}do/close/")
    child = at_desk("town-a1-office", D(2023, 1, 27))
    owed = duty(world, round_, "town-a1")
    child.post(f"{at(owed)}do/submit/", expect=409, version=owed.accepted_id, note="")
    assert "请上级先重新开放" in child.page
    assert "正在报送" in office.follow(f"{at(round_)}do/reopen/", reason="有更正")


def test_a_county_sees_before_handing_in_what_the_city_will_count(
    world: World, collecting: Round, at_desk: AtDesk
) -> None:
    for code in ("county-a-office", "town-a1"):
        case(world.organs[code], received=D(2022, 3, 1), closed=D(2022, 3, 20))
        sign_off(world, code, 2022)
    both = (world.organs["county-a-office"], world.organs["city-edu"])
    proceeding(*both, filed=D(2022, 5, 1), closed=D(2022, 6, 1))
    owed = duty(world, collecting, "county-a")
    child = at_desk("county-a-office", D(2023, 1, 20))
    page = child.get(f"{at(owed)}counted/")
    assert "报告还没有开始编制" in page
    assert "同一案件同时计入" not in page  # the office's report was signed before the case was registered
    first = sign_off(world, "county-a", 2022)
    page = child.get(f"{at(owed)}counted/")
    assert "按已签发的第 1 版原样计入" in page
    assert 'aria-label="一、本年新收政府信息公开申请数量·总计：2，' in page
    hand_in(world, collecting, first, D(2023, 1, 20))
    return_(world, collecting, "county-a")
    assert "甲市人民政府将从这里汇入的数" in child.get(f"{at(owed)}counted/")


def test_adjustments_that_concern_it_and_differences_are_shown(
    world: World, collecting: Round, at_desk: AtDesk
) -> None:
    both = (world.organs["city-office"], world.organs["city-edu"])
    proceeding(*both, filed=D(2022, 5, 1), closed=D(2022, 6, 1))
    sign_off(world, "city-office", 2022)
    first = sign_off(world, "city-edu", 2022)
    hand_in(world, collecting, first, D(2023, 1, 20))
    return_(world, collecting, "city-edu")
    case(world.organs["city-edu"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    with on_day(D(2023, 1, 26)):
        annual.open_correction(by=reporter(world, "city-edu", "office"), report=first.report, note="补一件")
    child = at_desk("city-edu-office", D(2023, 1, 26))
    owed = duty(world, collecting, "city-edu")
    page = child.get(f"{at(owed)}counted/")
    assert "同一案件同时计入甲市人民政府办公室、甲市教育局的报告" in page
    assert "已签发的第 1 版" in page  # until the correction is signed, the city counts the signed one
    with on_day(D(2023, 1, 26)):
        second = first.report.versions.get(number=2)
        annual.submit(by=reporter(world, "city-edu", "office"), version=second)
        annual.sign(by=reporter(world, "city-edu", "leader"), version=second)
    page = child.get(f"{at(owed)}counted/")
    changes = page.split('id="changes"')[1].split("</section>")[0]
    assert "与上次报送的第 1 版相比" in page
    assert "一、本年新收政府信息公开申请数量·自然人" in changes


def test_the_export_holds_the_list(world: World, collecting: Round, at_desk: AtDesk) -> None:
    hand_in(world, collecting, sign_off(world, "city-office", 2022), D(2023, 1, 20))
    accept(world, collecting, "city-office")
    office = at_desk("city-office", D(2023, 2, 1))
    with on_day(office.day):
        content = office.client.get(f"/desk/rounds/{collecting.pk}/export.xlsx").content
    book: Any = load_workbook(io.BytesIO(content), read_only=True)
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert rows[0][:4] == ["单位", "状态", "期限", "报送日期"]
    assert rows[1][:2] == ["甲市人民政府办公室", "已接收"]
    assert rows[2][:2] == ["甲市教育局", "逾期未报"]
    assert rows[1][-3:] == [0, 0, 0]


def test_the_report_above_shows_its_eliminations(world: World, collecting: Round, at_desk: AtDesk) -> None:
    page = at_desk("city-office").get(at(collecting))
    assert "汇总报告还没有开始编制" in page
    both = (world.organs["city-office"], world.organs["city-edu"])
    proceeding(*both, filed=D(2022, 5, 1), closed=D(2022, 6, 1))
    draft(world, "city", 2022)
    page = at_desk("city-office").get(at(collecting))
    assert "同一案件同时计入甲市人民政府办公室、甲市教育局的报告" in page


def _listed(page: str) -> str:
    return page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""


def test_the_tabs_show_what_the_tiles_count(world: World, collecting: Round, at_desk: AtDesk) -> None:
    office = at_desk("city-office", D(2023, 2, 2))  # the departments are late by now, and have not handed in
    waiting = _listed(office.get(f"{at(collecting)}?where=waiting"))
    late = _listed(office.get(f"{at(collecting)}?where=late"))
    assert [name in waiting for name in ("甲市教育局", "甲市西区人民政府")] == [True, True]
    assert [name in late for name in ("甲市教育局", "甲市西区人民政府")] == [True, False]


def test_a_state_that_is_none_shows_everybody(world: World, collecting: Round, at_desk: AtDesk) -> None:
    page = at_desk("city-office", D(2023, 2, 2)).get(f"{at(collecting)}?where=nonsense")
    assert "甲市西区人民政府" in _listed(page)


def test_who_is_no_child_any_more_is_told_so(world: World, collecting: Round, at_desk: AtDesk) -> None:
    owed, moved = duty(world, collecting, "county-a"), world.organs["town-a1"]
    Duty.objects.filter(pk=owed.pk).update(organ=moved, path=moved.path)
    page = at_desk("city-office", D(2023, 2, 2)).get(f"{at(owed)}counted/", expect=409)
    assert f"2022年度{moved.name}已不是甲市人民政府的直接下级" in page


def test_the_export_gives_the_number_of_a_cell_that_was_inferred(
    world: World, collecting: Round, at_desk: AtDesk
) -> None:
    version = sign_off(world, "city-office", 2022)
    hand_in(world, collecting, version, D(2023, 1, 20))
    cells = dict(version.cells)
    cells["table3.new_received.total"] = {"state": "inferred", "number": 7}
    cells["table3.outcome_total.total"] = {"state": "unknown", "at_least": 3}
    ReportVersion.objects.filter(pk=version.pk).update(cells=cells)
    office = at_desk("city-office", D(2023, 2, 1))
    with on_day(office.day):
        content = office.client.get(f"/desk/rounds/{collecting.pk}/export.xlsx").content
    book: Any = load_workbook(io.BytesIO(content), read_only=True)
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert rows[1][-3:] == [7, "至少 3", 0]


def test_nobody_accepts_or_returns_what_came_after_they_looked(
    world: World, collecting: Round, at_desk: AtDesk
) -> None:
    first = sign_off(world, "city-edu", 2022)
    owed = hand_in(world, collecting, first, D(2023, 1, 20))
    office = at_desk("city-office", D(2023, 1, 21))
    looked = _seen_on(office.get(at(collecting)))
    one = looked[f"seen-{owed.pk}"]
    assert f'name="seen" value="{one}"' in office.get(at(owed))
    return_(world, collecting, "city-edu", D(2023, 1, 21))
    hand_in(world, collecting, first, D(2023, 1, 21), note="原样再报。")
    office.post(f"{at(collecting)}chosen/accept/", expect=409, duty=owed.pk, **looked)
    assert "单位又报来一版，请看过再接收。" in office.page
    office.post(f"{at(owed)}do/accept/", expect=409, seen=one)
    assert "单位又报来一版，请看过再接收。" in office.page
    office.post(f"{at(owed)}do/return/", expect=409, seen=one, reason="请核。")
    assert "单位又报来一版，请看过再退回。" in office.page
    assert duty(world, collecting, "city-edu").stage == "submitted"
    again = _seen_on(office.get(at(collecting)))
    office.follow(f"{at(collecting)}chosen/accept/", duty=owed.pk, **again)
    assert duty(world, collecting, "city-edu").stage == "accepted"


def test_a_return_after_the_deadline_says_by_when(world: World, collecting: Round, at_desk: AtDesk) -> None:
    owed = hand_in(world, collecting, sign_off(world, "city-edu", 2022), D(2023, 1, 20))
    office = at_desk("city-office", D(2023, 2, 2))
    assert "期限已过，须另定日期" in office.get(at(owed))
    seen = queries.standing(owed, office.day).seen
    office.post(f"{at(owed)}do/return/", expect=422, reason="请核。", seen=seen)
    with pytest.raises(ValidationError, match="期限已过"):
        return_(world, collecting, "city-edu", D(2023, 2, 2))
    page = office.follow(f"{at(owed)}do/return/", reason="请核。", until="2023-02-06", seen=seen)
    assert "退回后逾期" not in page
    assert duty(world, collecting, "city-edu").deadline == D(2023, 2, 6)
