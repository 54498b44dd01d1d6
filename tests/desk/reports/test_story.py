"""A report's way over the desk: opened, written, explained, submitted, returned, signed, published, corrected."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from gongkai.annualreport.models import Report, ReportVersion
from gongkai.base.clock import on_day
from tests.annualreport.flow import wrote
from tests.annualreport.records import case
from tests.desk.reports.conftest import Desk
from tests.support.world import TEST, World

D = dt.date
CELL = "table3.granted.natural_person"


@pytest.fixture
def office(kept: World, at_desk: Callable[..., Desk]) -> Desk:
    """The disclosure office of an organ with two answered applications and one left open for two years."""
    organ = kept.organs["city-office"]
    case(organ, received=D(2022, 3, 1), closed=D(2022, 3, 20))
    case(organ, received=D(2022, 4, 1), closed=D(2022, 4, 20), outcome="partially_granted")
    case(organ, received=D(2021, 4, 1))
    return at_desk("city-office-office")


def opened(office: Desk) -> str:
    """Begin the report and write something in every box; its address."""
    office.post("/desk/reports/open/", organ="city-office", year="2022")
    version = ReportVersion.objects.get()
    with on_day(office.day):
        wrote(version, TEST)
    return f"/desk/reports/{version.report_id}/v{version.number}/"


def seen(desk: Desk) -> str:
    found = re.search(r'name="seen" value="(\d+)"', desk.page)
    assert found
    return found[1]


def finding_key(desk: Desk) -> str:
    found = re.search(r'name="finding_key" value="([0-9a-f]{64})"', desk.page)
    assert found
    return found[1]


def explain(office: Desk, here: str) -> None:
    office.get(here)
    office.follow(f"{here}do/accept/", finding_key=finding_key(office), reason="申请人失联，正在公告。")


def submit(office: Desk, here: str) -> str:
    office.get(here)
    return office.follow(f"{here}do/submit/", seen=seen(office))


def signed(office: Desk, leader: Desk) -> str:
    here = opened(office)
    explain(office, here)
    submit(office, here)
    leader.get(here)
    leader.follow(f"{here}do/sign/", seen=seen(leader))
    return here


def test_the_list_offers_to_begin_and_says_whose_turn_it_is(office: Desk) -> None:
    page = office.get("/desk/reports/?year=2022")
    assert "未开始" in page
    assert "开始编制" in page
    opened(office)
    page = office.get("/desk/reports/?year=2022")
    assert "起草中" in page
    assert "公开办审核岗、公开办负责人：送审" in page
    assert 'action="/desk/reports/open/"' not in page


def test_opening_shows_the_form_with_its_figures_as_links(office: Desk) -> None:
    here = opened(office)
    page = office.get(here)
    assert f'href="{here}cells/{CELL}/" aria-label="（一）予以公开·自然人：1，查看所统计的记录"' in page
    assert "统计期限为2022年1月1日至2022年12月31日" in page
    assert "差 2 步可以签发" in page
    assert "1条提示须说明理由" in page
    assert "T3-OLD" in page


def test_words_are_written_under_their_headings(office: Desk) -> None:
    here = opened(office)
    page = office.follow(f"{here}do/edit/", section="s1", key="proactive", text="全年主动公开若干条。")
    assert "全年主动公开若干条。" in page
    assert ReportVersion.objects.get().sections["s1"]["proactive"] == "全年主动公开若干条。"
    office.post(f"{here}do/edit/", expect=422, section="s1", key="nonsense", text="x")
    assert "报告格式中没有这一处文字内容。" in office.page


def test_an_unexplained_warning_blocks_and_an_explained_one_stays_explained(office: Desk) -> None:
    here = opened(office)
    office.get(here)
    office.post(f"{here}do/submit/", expect=409, seen=seen(office))
    assert "暂不能送审" in office.page
    assert ReportVersion.objects.get().state == "draft"
    assert '<button class="btn">送审</button>' in office.page
    explain(office, here)
    assert "申请人失联，正在公告。" in office.page
    assert "提示都已说明" in office.page
    assert '<button class="btn btn--primary">送审</button>' in office.page  # now it is what comes next
    office.follow(f"{here}do/recompile/")
    assert "申请人失联，正在公告。" in office.page
    assert "已送领导审签" in submit(office, here)


def test_a_reason_is_asked_for_beside_the_finding(office: Desk) -> None:
    here = opened(office)
    office.get(here)
    office.post(f"{here}do/accept/", expect=422, finding_key=finding_key(office), reason=" ")
    assert "这个字段是必填项。" in office.page
    assert '<details class="act" open>' in office.page


def test_the_leader_returns_with_a_reason_then_signs(office: Desk, at_desk: Callable[..., Desk]) -> None:
    here, leader = opened(office), at_desk("city-office-leader")
    explain(office, here)
    submit(office, here)
    page = office.get(here)
    assert "“签发”由分管领导办理。" in page
    assert f"{here}do/sign/" not in page
    assert "可以签发了" in leader.get(here)
    leader.post(f"{here}do/return/", expect=422, seen=seen(leader), reason="")
    assert "退回" in leader.follow(f"{here}do/return/", seen=seen(leader), reason="请补写第五部分。")
    assert "请补写第五部分。" in office.get(here)
    submit(office, here)
    leader.get(here)
    assert "已签发" in leader.follow(f"{here}do/sign/", seen=seen(leader))
    version = ReportVersion.objects.get()
    assert version.state == "signed"
    assert version.hash in leader.page


def test_nobody_signs_what_they_have_not_seen(office: Desk, at_desk: Callable[..., Desk]) -> None:
    here, leader = opened(office), at_desk("city-office-leader")
    explain(office, here)
    submit(office, here)
    leader.get(here)
    stale = seen(leader)
    leader.post(f"{here}do/return/", seen=stale, reason="改一处文字。")
    office.post(f"{here}do/edit/", section="s5", key="problems", text="改过的文字。")
    submit(office, here)
    leader.post(f"{here}do/sign/", expect=409, seen=stale)
    assert "报告在您打开页面之后又有人办理" in leader.page
    assert ReportVersion.objects.get().state == "submitted"


def test_words_sent_too_late_are_given_back(office: Desk) -> None:
    here = opened(office)
    explain(office, here)
    submit(office, here)
    office.post(f"{here}do/edit/", expect=409, section="s1", key="proactive", text="来迟的一段话。")
    assert "不能“修改文字”" in office.page
    assert ">来迟的一段话。</textarea>" in office.page


def test_published_it_stands_at_its_address_and_is_corrected_by_a_new_version(
    office: Desk, kept: World, at_desk: Callable[..., Desk]
) -> None:
    here = signed(office, at_desk("city-office-leader"))
    office.get(here)
    page = office.follow(f"{here}do/publish/", seen=seen(office))
    public = "/reports/city-office/2022/v1/"
    assert f'href="{public}"' in page
    assert "所依据的记录没有变动" in page
    office.get(public)
    late = case(kept.organs["city-office"], received=D(2022, 5, 1), closed=D(2022, 5, 20), number="补录1号")
    page = office.get(here)
    assert "签发以后，有" in page
    moved = page.split('id="moved-title"')[1].split("</section>")[0]
    assert "（一）予以公开·自然人" in moved
    assert f'<a href="/desk/cases/{late.pk}/">补录1号</a>' in moved
    assert 'aria-label="（一）予以公开·自然人：1，' in page  # the frozen figure does not move
    office.post(f"{here}do/correct/", expect=422, note="")
    page = office.follow(f"{here}do/correct/", note="补录一件已办结的申请。")
    assert "第 2 版" in page
    assert 'aria-label="（一）予以公开·自然人：2，' in page
    old = office.get(here)
    assert "这是较早的版本" in old
    assert 'aria-label="（一）予以公开·自然人：1，' in old
    assert "/do/" not in old
    assert Report.objects.count() == 1


def test_before_the_year_is_over_the_page_says_so(kept: World, at_desk: Callable[..., Desk]) -> None:
    office = at_desk("city-office-office", D(2022, 12, 30))
    here = opened(office)
    assert "统计期限到2022年12月31日才届满" in office.get(here)
    submit(office, here)
    leader = at_desk("city-office-leader", D(2022, 12, 30))
    leader.get(here)
    leader.post(f"{here}do/sign/", expect=409, seen=seen(leader))
    assert "统计期限尚未届满" in leader.page


def test_figures_that_moved_since_the_compile_ask_for_another(office: Desk, kept: World) -> None:
    here = opened(office)
    case(kept.organs["city-office"], received=D(2022, 6, 1), closed=D(2022, 6, 20))
    assert "数据在汇总之后有变动，请重新汇总" in office.get(here)
    page = office.follow(f"{here}do/recompile/", seen=seen(office))
    assert "表中的数与现在的记录一致" in page
    assert 'aria-label="（一）予以公开·自然人：2，' in page


def test_a_report_to_sign_or_to_publish_stands_in_the_day_of_whoever_does_it(
    kept: World, at_desk: Callable[..., Desk]
) -> None:
    office, leader, other = (
        at_desk(f"city-{name}") for name in ("office-office", "office-leader", "edu-leader")
    )
    here = opened(office)
    leader.get("/desk/today/")
    assert "2022年度报告" not in leader.page
    submit(office, here)
    for desk, stands in ((leader, True), (office, False), (other, False)):
        desk.get("/desk/today/")
        assert ("2022年度报告" in desk.page) is stands
    leader.get("/desk/today/")
    assert "签发" in leader.page
