"""A government's report on the desk: its parts, what is unknown and whose, adjustments, and the way down to each child."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from gongkai.annualreport.models import ReportVersion
from tests.annualreport.flow import draft, sign_off
from tests.annualreport.records import case, cover, keep_all, proceeding, tally
from tests.annualreport.rounds import flow as rounds
from tests.desk.reports.conftest import Desk
from tests.support.world import World

D = dt.date
CELL = "table3.granted.natural_person"


@pytest.fixture
def city_report(kept: World) -> ReportVersion:
    """The office's report is frozen, the others' records count live."""
    case(kept.organs["city-office"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    case(kept.organs["city-edu"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    sign_off(kept, "city-office", 2022)
    return draft(kept, "city", 2022)


def at(version: ReportVersion) -> str:
    return f"/desk/reports/{version.report_id}/v{version.number}/"


def test_each_part_says_where_it_comes_from(city_report: ReportVersion, at_desk: Callable[..., Desk]) -> None:
    page = at_desk("city-office").get(at(city_report))
    lines = page.split('id="lines-title"')[1].split("</section>")[0]
    office = ReportVersion.objects.get(report__organ__code="city-office")
    assert (
        f'<a href="{at(office)}">甲市人民政府办公室</a></th><td class="tight">已签发的年度报告</td>' in lines
    )
    assert '<th scope="row">甲市教育局</th><td class="tight">按记录即时汇总</td>' in lines
    assert "家下级的报告还没有定稿：甲市教育局、" in page


def test_a_part_that_a_round_has_not_accepted_says_so(kept: World, at_desk: Callable[..., Desk]) -> None:
    version = sign_off(kept, "city-office", 2022)
    collecting = rounds.opened(kept)
    rounds.hand_in(kept, collecting, version, D(2023, 1, 20))
    page = at_desk("city-office").get(at(draft(kept, "city", 2022)))
    lines = page.split('id="lines-title"')[1].split("</section>")[0]
    office, edu = (lines.split(f"甲市{name}</")[1].split("</td>")[0] for name in ("人民政府办公室", "教育局"))
    assert "已签发的年度报告" in office
    assert "已报送，尚未接收" in office
    assert "尚未报送" in edu
    rounds.accept(kept, collecting, "city-office")
    page = at_desk("city-office").get(at(ReportVersion.objects.get(report__organ__code="city")))
    assert "已报送，尚未接收" not in page.split('id="lines-title"')[1].split("</section>")[0]


def test_a_figure_leads_down_to_each_child(
    city_report: ReportVersion, at_desk: Callable[..., Desk], world: World
) -> None:
    people = at_desk("city-office")
    page = people.get(f"{at(city_report)}cells/{CELL}/")
    office = ReportVersion.objects.get(report__organ__code="city-office")
    assert f'<a href="{at(office)}cells/{CELL}/">甲市人民政府办公室</a>' in page
    edu = world.organs["city-edu"].pk
    assert f'<a href="{at(city_report)}cells/{CELL}/?part={edu}">甲市教育局</a>' in page
    part = people.get(f"{at(city_report)}cells/{CELL}/?part={edu}")
    assert "这个单位的记录由它自己保管" in part  # the city's office sees figures below, not cases
    supervisor = at_desk("city-supervisor")
    supervisor.get(f"{at(city_report)}cells/{CELL}/?part={edu}", expect=200)
    assert "/desk/cases/" in supervisor.page


def test_unknown_cells_are_hatched_and_say_who_is_missing(world: World, at_desk: Callable[..., Desk]) -> None:
    keep_all(world.organs["city"], but=("acts.fees",))
    for code in ("city", "city-office", "county-a", "county-a-office", "town-a1", "county-b"):
        cover(world.organs[code], "acts.fees")
    version = draft(world, "city", 2022)
    people = at_desk("city-office")
    page = people.get(at(version))
    fees = "table2.art20_8.admin_fees.fee_amount_wan"
    assert f'<td class="unknown"><a class="fig" href="{at(version)}cells/{fees}/"' in page
    assert "1 格还不知道，打了斜线" in page
    assert "甲市教育局：1 格" in page
    assert "还缺这些机关的数：甲市教育局" in people.get(f"{at(version)}cells/{fees}/")


def test_an_adjustment_is_added_with_a_reason_and_revoked(
    city_report: ReportVersion, at_desk: Callable[..., Desk]
) -> None:
    people, here = at_desk("city-office"), at(city_report)
    assert 'aria-label="（一）予以公开·自然人：2，' in people.get(here)
    people.post(f"{here}do/eliminate/", expect=422, cell=CELL, amount="很多", reason="重复计数。")
    assert "“很多”不是数字。" in people.page
    page = people.follow(f"{here}do/eliminate/", cell=CELL, amount="1", reason="两家重复登记同一件。")
    assert 'aria-label="（一）予以公开·自然人：1，' in page
    assert "两家重复登记同一件。" in page
    line = city_report.report.eliminations.get()
    people.post(f"{here}do/revoke/", expect=422, elimination=str(line.pk), reason="")
    page = people.follow(f"{here}do/revoke/", elimination=str(line.pk), reason="经核实不是同一件。")
    assert 'aria-label="（一）予以公开·自然人：2，' in page
    people.post(f"{here}do/revoke/", expect=404, elimination="999", reason="没有这一项。")


def test_one_case_of_two_organs_is_counted_once_and_said(kept: World, at_desk: Callable[..., Desk]) -> None:
    proceeding(kept.organs["city-office"], kept.organs["city-edu"], filed=D(2022, 5, 5), group="review")
    version = draft(kept, "city", 2022)
    page = at_desk("city-office").get(at(version))
    assert "同一案件同时计入" in page
    assert "自动" in page.split('id="eliminations-title"')[1].split("</section>")[0]


def test_tallies_stand_with_author_and_source(world: World, at_desk: Callable[..., Desk]) -> None:
    keep_all(world.organs["city-edu"], but=("acts.decisions",))
    cover(world.organs["city-edu"], "acts.decisions", mode="tally")
    tally(world.organs["city-edu"], "keyareas.decisions", 7, 2022, row="admin_license")
    version = draft(world, "city-edu", 2022)
    page = at_desk("city-edu-office").get(f"{at(version)}cells/table2.art20_5.admin_license.decisions/")
    assert '<span class="num">7</span>' in page
    assert "统计期内作出的处理决定数" in page
    assert "单位填报" in page
    assert "test" in page  # who counted
