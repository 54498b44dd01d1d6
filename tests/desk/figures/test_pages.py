"""The figures browser: what a measure means, its values, growth, parts, records and sheet; and nothing out of scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.base import measures
from tests.annualreport.records import case, cover, keep_all, tally
from tests.desk.reports.conftest import Desk
from tests.support.world import World

D = dt.date
RECEIVED = "/desk/figures/requests.received/"


@pytest.fixture
def people(kept: World, at_desk: Callable[..., Desk]) -> Desk:
    """The government's office in a city with three applications in 2022 and one in 2021."""
    office, edu = kept.organs["city-office"], kept.organs["city-edu"]
    case(office, received=D(2022, 3, 1), closed=D(2022, 3, 20), number="洛2022-1号")
    case(office, received=D(2022, 4, 1), kind="commercial_enterprise")
    case(edu, received=D(2022, 5, 1))
    case(edu, received=D(2021, 5, 1), closed=D(2021, 6, 1))
    return at_desk("city-office")


def section(page: str, heading: str) -> str:
    """What stands under a heading."""
    return page.split(f'id="{heading}"')[1].split("</section>")[0]


def test_every_measure_is_listed_with_its_definition(people: Desk) -> None:
    page = people.get("/desk/figures/")
    for measure in measures.all_measures():
        assert f'href="/desk/figures/{measure.key}/">{measure.title}</a>' in page
        assert measure.definition in page


def test_a_measure_by_organ_and_year(people: Desk) -> None:
    page = people.get(f"{RECEIVED}?organ=city&year=2022")
    assert "首次收到日期在期内的办理件" in page
    table = section(page, "by-organ")
    total = table.split("合计</th>")[1].split("</tr>")[0]
    assert "year=2022" in total
    assert '<span class="num">3</span>' in total
    assert "own=1" not in total
    edu = table.split("甲市教育局</th>")[1].split("</tr>")[0]
    assert edu.count('<span class="num">1</span>') == 2
    assert f'href="{RECEIVED}records/?organ=city-edu&amp;year=2022&amp;own=1"' in edu


def test_by_the_values_of_a_dimension(people: Desk) -> None:
    page = people.get(f"{RECEIVED}?organ=city&year=2022")
    kinds = section(page, "split-1")
    assert kinds.index("自然人") < kinds.index("商业企业")
    assert "kind=commercial_enterprise" in kinds
    page = people.get(f"{RECEIVED}?organ=city&year=2022&kind=natural_person")
    assert 'id="split-1"' not in page
    assert '<span class="num">2</span>' in section(page, "by-organ")


def test_growth_against_last_years_records(people: Desk) -> None:
    growth = section(people.get(f"{RECEIVED}?organ=city&year=2022"), "growth")
    assert "200.0%" in growth
    assert "期初数" not in growth


def test_growth_marks_a_last_year_that_rests_on_an_opening_figure(
    world: World, at_desk: Callable[..., Desk]
) -> None:
    office = world.organs["city-office"]
    cover(office, "requests", since=D(2022, 1, 1))
    tally(office, "requests.received", 4, 2021, source="opening")
    case(office, received=D(2022, 3, 1))
    growth = section(at_desk("city-office-office").get(f"{RECEIVED}?year=2022"), "growth")
    assert '<span class="num">4</span> <span class="mark"' in growth
    assert "期初数" in growth
    assert "-75.0%" in growth


def test_unknown_is_hatched_and_no_bar_of_nothing(world: World, at_desk: Callable[..., Desk]) -> None:
    keep_all(world.organs["city"], but=("requests",))
    cover(world.organs["city-office"], "requests")
    case(world.organs["city-office"], received=D(2022, 3, 1))
    page = at_desk("city-office").get(f"{RECEIVED}?organ=city&year=2022")
    assert '<td class="num unknown">' in section(page, "by-organ")
    assert "至少 1" in section(page, "by-organ")
    assert 'class="chart__unknown"' in page
    assert "至少 1</text>" in page
    records = at_desk("city-office").get(f"{RECEIVED}records/?organ=city&year=2022")
    assert "还缺这些机关的数：" in records
    assert "甲市教育局" in records


def test_the_records_behind_a_figure_for_those_who_keep_them(
    people: Desk, at_desk: Callable[..., Desk]
) -> None:
    address = f"{RECEIVED}records/?organ=city-office&year=2022&own=1"
    assert "这里没有您能看到的记录" in people.get(address)  # figures below are seen, cases are not
    keeper = at_desk("city-office-handler").get(address)
    assert ">洛2022-1号</a>" in keeper
    assert '<span class="num">2</span>' in keeper
    assert "商业企业" in keeper
    assert "张三丰" not in keeper
    narrowed = at_desk("city-office-handler").get(f"{address}&kind=commercial_enterprise")
    assert "洛2022-1号" not in narrowed


def test_tallies_stand_beside_the_records(world: World, at_desk: Callable[..., Desk]) -> None:
    edu = world.organs["city-edu"]
    cover(edu, "acts.decisions", mode="tally")
    tally(edu, "keyareas.decisions", 7, 2022, row="admin_license")
    page = at_desk("city-edu-office").get(
        "/desk/figures/keyareas.decisions/records/?year=2022&row=admin_license"
    )
    assert '<span class="num">7</span>' in page
    assert "单位填报" in page
    assert "填报人" in page


def test_many_records_come_a_page_at_a_time(kept: World, at_desk: Callable[..., Desk]) -> None:
    for _ in range(51):
        case(kept.organs["city-office"], received=D(2022, 3, 1))
    keeper = at_desk("city-office-handler")
    page = keeper.get(f"{RECEIVED}records/?year=2022")
    assert page.count("<tr>") == 51  # fifty and the head
    assert "第 1 页，共 2 页" in page
    assert keeper.get(f"{RECEIVED}records/?year=2022&page=2").count("<tr>") == 2


def test_the_sheet_says_what_is_not_known(world: World, at_desk: Callable[..., Desk]) -> None:
    cover(world.organs["city-office"], "requests", since=D(2022, 1, 1))
    case(world.organs["city-office"], received=D(2022, 3, 1))
    response = at_desk("city-office-office").client.get(f"{RECEIVED}export.csv?year=2022")
    assert response.streaming
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "机关,年度,指标,数值,单位,状态,至少"
    assert lines[-1] == "甲市人民政府办公室,2022,本年新收政府信息公开申请数量,1,件,,"
    assert lines[-2] == "甲市人民政府办公室,2021,本年新收政府信息公开申请数量,,件,未知,0"


@pytest.mark.parametrize("username", ["city-edu-handler", "city-edu-office", "county-a-office"])
def test_other_organs_figures_do_not_exist(people: Desk, at_desk: Callable[..., Desk], username: str) -> None:
    stranger = at_desk(username)
    for address in (RECEIVED, f"{RECEIVED}records/", f"{RECEIVED}export.csv"):
        stranger.get(f"{address}?organ=city-office&year=2022", expect=404)
    page = stranger.get(RECEIVED)
    assert "甲市人民政府办公室" not in page


def test_who_sees_no_figures_finds_no_room(at_desk: Callable[..., Desk]) -> None:
    operator = at_desk("city-operator")
    operator.get("/desk/figures/", expect=404)
    operator.get(RECEIVED, expect=404)


@pytest.mark.parametrize(
    "address",
    [
        "/desk/figures/requests.nonsense/",
        f"{RECEIVED}?year=1066",
        f"{RECEIVED}?year=x",
        f"{RECEIVED}?kind=martian",
        f"{RECEIVED}?organ=nowhere",
    ],
)
def test_what_there_is_not_is_not_found(people: Desk, address: str) -> None:
    people.get(address, expect=404)


def test_the_page_asks_no_more_as_organs_and_cases_grow(people: Desk, kept: World) -> None:
    address = f"{RECEIVED}?organ=city&year=2022"
    people.get(address)
    with CaptureQueriesContext(connection) as before:
        people.get(address)
    for serial in range(6):
        kept.organ(f"bureau-{serial}", f"甲市第{serial}局", "department", "city", "city")
        case(kept.organs[f"bureau-{serial}"], received=D(2022, 3, 1))
    with CaptureQueriesContext(connection) as after:
        people.get(address)
    assert len(after) == len(before)
    assert len(before) < 90
