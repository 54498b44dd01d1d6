"""Writing the report over the desk without script: box by box, chips, two people at one box, last year's text beside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from gongkai.annualreport import actions, problem_actions
from gongkai.annualreport.models import ReportVersion
from gongkai.base.clock import on_day
from tests.annualreport.flow import draft, reporter, wrote
from tests.annualreport.records import case
from tests.desk.reports.conftest import Desk
from tests.support.world import TEST, World

D = dt.date
WORDS = "新收政府信息公开申请{{table3.new_received.total}}件。"


@pytest.fixture
def office(kept: World, at_desk: Callable[..., Desk]) -> Desk:
    for day in (1, 2):
        case(kept.organs["city-office"], received=D(2022, 3, day), closed=D(2022, 3, 20))
    return at_desk("city-office-office")


@pytest.fixture
def box(kept: World, office: Desk) -> str:
    """The address of a box of a draft."""
    version = draft(kept, "city-office", 2022)
    return f"/desk/reports/{version.report_id}/v1/write/s1.on_request/"


def hidden(desk: Desk, name: str) -> str:
    found = re.search(rf'name="{name}"(?: value="([^"]*)")?', desk.page)
    assert found
    return found[1] or ""


def fields(desk: Desk) -> dict[str, str]:
    return {name: hidden(desk, name) for name in ("section", "key", "was")}


def save(desk: Desk, box: str, text: str, expect: int = 302, **more: str) -> str:
    desk.post(box, expect=expect, **{**fields(desk), "text": text, **more})
    return desk.get(desk.response.url) if expect == 302 else desk.page


def test_chips_stand_ready_with_their_figures_and_print_after_saving(office: Desk, box: str) -> None:
    page = office.get(box)
    assert '<code class="token">{{table3.new_received.total}}</code>' in page
    assert re.search(r"本年新收</span> <strong class=\"num\">2</strong>", page)
    page = save(office, box, WORDS)
    assert "文字已保存" in page
    preview = page.split('id="preview"')[1]
    assert re.search(
        r'<a class="chip" href="/desk/reports/\d+/v1/cells/table3.new_received.total/"[^>]*>2</a>件。',
        preview,
    )
    report = office.get(re.sub(r"write/.*", "", box))
    assert re.search(r"新收政府信息公开申请<a class=\"chip\"[^>]*>2</a>件。", report)


def test_saving_can_lead_to_the_next_box(office: Desk, box: str) -> None:
    office.get(box)
    office.post(box, **fields(office), text=WORDS, next="1")
    assert office.response.url.endswith("/write/s1.management/")
    last = box.replace("s1.on_request", "s6")
    office.get(last)
    office.post(last, **fields(office), text="", next="1")
    assert office.response.url.endswith("/write/s1.proactive/")


def test_what_is_no_chip_is_said_beside_the_text_and_the_words_stay(office: Desk, box: str) -> None:
    office.get(box)
    page = save(office, box, "共{{table3.nothing.total}}件。", expect=422)
    assert "不是本年度报告表格里的数" in page
    assert "共{{table3.nothing.total}}件。</textarea>" in page
    assert ReportVersion.objects.get().sections["s1"]["on_request"] == "按年度计划推进。"


def test_the_second_of_two_people_sees_both_texts_and_nothing_is_lost(
    office: Desk, box: str, at_desk: Callable[..., Desk]
) -> None:
    head = at_desk("city-office-head")
    office.get(box)
    head.get(box)
    save(office, box, "审核岗写的一段。")
    page = save(head, box, "负责人写的一段。", expect=409)
    assert "另一位同事保存了这一处文字" in page
    assert "审核岗写的一段。</textarea>" in page
    assert "负责人写的一段。</textarea>" in page
    assert ReportVersion.objects.get().sections["s1"]["on_request"] == "审核岗写的一段。"
    save(head, box, "审核岗和负责人写的一段。")
    assert ReportVersion.objects.get().sections["s1"]["on_request"] == "审核岗和负责人写的一段。"


def test_a_typed_number_is_marked_and_exchanged_with_one_click(office: Desk, box: str) -> None:
    office.get(box)
    page = save(office, box, "2022年收到政府信息公开申请59件。")
    assert '<mark class="marked marked--e">2022年收到政府信息公开申请59件。</mark>' in page
    assert "文中 59，应为 2" in page
    assert "把 59 换成联动数 2" in page
    report = office.get(re.sub(r"write/.*", "", box))
    assert "1处文字有误，须改正" in report
    assert "2022年收到政府信息公开申请59件。</q>" in report
    office.get(box)
    here = re.sub(r"write/.*", "", box)
    page = office.follow(f"{here}do/link/", finding_key=hidden(office, "finding_key"), back="s1.on_request")
    assert "已换成联动数" in page
    assert "2022年收到政府信息公开申请{{table3.new_received.total}}件。</textarea>" in page
    office.post(f"{here}do/link/", expect=409, finding_key="0" * 64)
    assert "请刷新页面" in office.page


def test_last_years_text_stands_beside_with_how_much_is_copied(
    kept: World, office: Desk, at_desk: Callable[..., Desk]
) -> None:
    text = "坚持以公开为常态、不公开为例外，围绕群众关心的事项公开信息，及时回应社会关切，主动接受社会监督，取得了较好的成效。"
    before = draft(kept, "city-office", 2021, words=False)
    clerk, leader = reporter(kept, "city-office", "office"), reporter(kept, "city-office", "leader")
    with on_day(D(2022, 1, 18)):
        before = wrote(before, clerk, proactive=text)
        actions.sign(by=leader, version=actions.submit(by=clerk, version=before))
    version = draft(kept, "city-office", 2022)
    box = f"/desk/reports/{version.report_id}/v1/write/s1.proactive/"
    page = office.get(box)
    assert "2021 年写的" in page
    assert text in page
    assert "相同" not in page.split("2021 年写的")[1].split("</section>")[0]
    page = save(office, box, f"今年，{text}")
    assert "与上年有 100% 相同" in page
    assert "疑似照抄" in page


def test_the_registers_problems_stand_beside_part_five_and_are_written_with_one_click(
    kept: World, office: Desk, box: str
) -> None:
    with on_day(D(2022, 5, 1)):
        problem = problem_actions.add_problem(
            by=TEST,
            organ=kept.organs["city-office"],
            text="公开不够及时",
            source="self",
            found_on=D(2022, 5, 1),
        )
        problem_actions.add_step(problem, by=TEST, kind="measure", on=D(2022, 5, 1), text="每月提醒")
    five = box.replace("s1.on_request", "s5.problems")
    page = office.get(five)
    assert f'<a href="/desk/registers/problems/{problem.pk}/">公开不够及时</a>' in page
    assert "措施：每月提醒" in page
    here = re.sub(r"write/.*", "", box)
    page = office.follow(f"{here}do/problems/")
    assert "2022</span>年，政府信息公开工作还存在以下问题：公开不够及时。" in page
    assert "下一步，每月提醒。" in page
    assert "都已写入第五部分。" in office.get(five)


def test_who_may_not_write_reads_and_is_told_why(
    office: Desk, box: str, at_desk: Callable[..., Desk]
) -> None:
    leader = at_desk("city-office-leader")
    page = leader.get(box)
    assert "“修改文字”由公开办审核岗、公开办负责人办理。" in page
    assert "<textarea" not in page
    assert "按年度计划推进。" in page
    leader.post(box, expect=409, text="我来写", section="s1", key="on_request")
    at_desk("county-a-office").get(box, expect=404)
    at_desk("city-edu-office").get(box, expect=404)
    office.get(box.replace("s1.on_request", "s2"), expect=404)
    office.get(box.replace("s1.on_request", "generated"), expect=404)


def test_the_editor_costs_a_fixed_number_of_queries(
    office: Desk, box: str, kept: World, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for day in range(3, 20):
        case(kept.organs["city-office"], received=D(2022, 3, day), closed=D(2022, 4, 20))
    with django_assert_max_num_queries(75):  # type: ignore[attr-defined]
        office.get(box)
