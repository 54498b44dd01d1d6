"""The annual-report column: what is published, at its permanent address, with what each figure counts and nothing more."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.annualreport import actions as reporting
from gongkai.annualreport.models import ReportVersion
from gongkai.base import clock
from gongkai.base.models import Coverage
from gongkai.documents import actions as documents
from gongkai.organs.actors import system
from gongkai.organs.models import Organ
from gongkai.requests import actions as requests
from tests.annualreport.flow import wrote
from tests.portal.conftest import PERSONAL
from tests.support.world import SINCE, TEST, World

PUBLISHED_ON = dt.date(2023, 1, 16)
CELL = "table3.new_received.natural_person"
DEMO = system("test")


def _case(organ: Organ, number: int, arrived: dt.date, kind: str = "natural_person") -> None:
    form = {
        "applicant_name": "欧阳测试",
        "id_number": "41030519900101777X",
        "phone": "13900001234",
        "email": "ouyang@example.com",
        "info_description": f"无名路第{number}号征收方案",
        "delivery_form": "electronic",
        "delivery_way": "website",
    }
    receipt = requests.submit(
        organ=organ, channel="internet", kind=kind, form=form, token=f"t{number}", by=DEMO, on=arrived
    )
    requests.confirm(receipt.case, by=DEMO, on=arrived)


def _publish(world: World, code: str, year: int, note: str = "") -> ReportVersion:
    organ = world.organs[code]
    office, leader = (world.actor(code, role, "reports", PUBLISHED_ON) for role in ("office", "leader"))
    if note:
        version = reporting.open_correction(
            by=office, report=ReportVersion.objects.filter(report__organ=organ)[0].report, note=note
        )
    else:
        version = reporting.open_report(by=office, organ=organ, year=year)
        version = wrote(version, office, proactive="公开文件若干。")
    version = reporting.submit(by=office, version=version)
    version = reporting.sign(by=leader, version=version)
    return reporting.publish(by=office, version=version)


@pytest.fixture
def published(world: World) -> World:
    """city-office with three applications of 2022, its report published; a draft of city-edu beside it."""
    office = world.organs["city-office"]
    for register in ("requests", "documents", "acts.items", "acts.decisions", "acts.fees", "remedies"):
        Coverage.objects.create(organ=office, register=register, mode="here", valid_from=SINCE)
    with clock.on_day(PUBLISHED_ON):
        for number in range(2):
            _case(office, number, dt.date(2022, 3, 1 + number))
        _case(office, 3, dt.date(2022, 12, 20), "commercial_enterprise")
        document = documents.add_document(
            by=DEMO,
            organ=office,
            title="公开的规范性文件",
            kind="normative_docs",
            made_on=dt.date(2022, 4, 1),
        )
        documents.release(document, by=DEMO, channel="政府网站", on=dt.date(2022, 4, 2))
        _publish(world, "city-office", 2022)
        editor = world.actor("city-edu", "office", "reports", PUBLISHED_ON)
        reporting.open_report(by=editor, organ=world.organs["city-edu"], year=2022)
    return world


def _text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def test_the_report_has_six_sections_the_tables_and_a_link_behind_each_figure(
    client: Client, published: World
) -> None:
    html = _text(client, "/reports/city-office/2022/")
    headings = [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    for number, heading in enumerate(headings, 1):
        assert f'<section id="s{number}"' in html
        assert f'id="s{number}-title">{heading}</h2>' in html
        assert f'<a href="#s{number}">{heading}</a>' in html
    assert "甲市人民政府办公室2022年政府信息公开工作年度报告" in html
    assert "公开文件若干。" in html
    assert 'rowspan="8"' in html
    assert 'colspan="7"' in html
    link = f'href="/reports/city-office/2022/v1/cells/{CELL}/" aria-label="一、本年新收政府信息公开申请数量·自然人：2，查看所统计的记录"'
    assert link in html
    assert ReportVersion.objects.get(report__organ__code="city-office").hash in html
    assert len(html.encode()) < 100_000
    for tag in ("ArticleTitle", "PubDate", "ContentSource", "ColumnName"):
        assert html.count(f'<meta name="{tag}" content="') == 1
    assert re.search(r'<meta name="PubDate" content="2023-01-16 \d\d:\d\d">', html)


def test_neither_findings_nor_persons_are_shown(client: Client, published: World) -> None:
    version = ReportVersion.objects.get(report__organ__code="city-office")
    assert version.findings
    html = _text(client, "/reports/city-office/2022/") + _text(
        client, f"/reports/city-office/2022/v1/cells/{CELL}/"
    )
    for finding in version.findings:
        assert finding["message"] not in html
    for words in PERSONAL:
        assert words not in html


def test_behind_a_figure_stand_month_outcome_article_and_days(client: Client, published: World) -> None:
    html = _text(client, f"/reports/city-office/2022/v1/cells/{CELL}/")
    assert "所统计的申请：2 件" in html
    assert html.count("<td>2022年3月</td>") == 2
    for heading in ("月份", "办理结果", "依据", "所用工作日"):
        assert heading in html
    assert "公开的规范性文件" in _text(
        client, "/reports/city-office/2022/v1/cells/table2.art20_1.normative_docs.made_this_year/"
    )
    assert "这一项为 0" in _text(client, "/reports/city-office/2022/v1/cells/table3.granted.total/")


def test_long_evidence_comes_in_pages_at_a_fixed_number_of_queries(
    client: Client, published: World, django_assert_max_num_queries: Any
) -> None:
    office = published.organs["city-office"]
    with clock.on_day(PUBLISHED_ON):
        for number in range(10, 65):
            _case(office, number, dt.date(2022, 5, 5))
        _publish(published, "city-office", 2022, note="补登漏登的申请")
    with django_assert_max_num_queries(6):
        html = _text(client, f"/reports/city-office/2022/v2/cells/{CELL}/")
    assert html.count("<tr>") == 51
    assert "第 1 页，共 2 页" in html
    assert _text(client, f"/reports/city-office/2022/v2/cells/{CELL}/?page=2").count("<tr>") == 8


def test_a_correction_is_listed_and_the_old_version_keeps_its_address(
    client: Client, published: World
) -> None:
    with clock.on_day(PUBLISHED_ON):
        _case(published.organs["city-office"], 9, dt.date(2022, 6, 1))
        _publish(published, "city-office", 2022, note="补登一件漏登的申请")
    now = _text(client, "/reports/city-office/2022/")
    assert "更正说明：补登一件漏登的申请" in now
    assert "自然人：3，查看" in now
    old = _text(client, "/reports/city-office/2022/v1/")
    assert "自然人：2，查看" in old
    assert "这是较早的版本，已有更正版" in old
    assert "补登一件漏登的申请" in old


def test_only_published_reports_exist(client: Client, published: World) -> None:
    for path in ("/reports/city-edu/2022/", "/reports/city-edu/2022/v1/", "/reports/city-office/2021/"):
        _text(client, path, 404)
    _text(client, "/reports/city-edu/2022/v1/report.json", 404)
    _text(client, f"/reports/city-edu/2022/v1/cells/{CELL}/", 404)
    _text(client, "/reports/city-office/2022/v1/cells/table3.made.up/", 404)
    _text(client, "/reports/city-office/2022/v1/report.exe", 404)


def test_a_version_can_be_taken_away_as_data(client: Client, published: World) -> None:
    data = client.get("/reports/city-office/2022/v1/report.json")
    assert data["Content-Disposition"] == 'attachment; filename="city-office-2022-v1.json"'
    assert data.json()["table3"]["new_received"]["natural_person"] == 2
    assert "findings" not in data.json()
    text = client.get("/reports/city-office/2022/v1/report.csv").content.decode("utf-8-sig")
    rows = {row["单元格"]: row["数值"] for row in csv.DictReader(io.StringIO(text))}
    assert rows[CELL] == "2"


def test_the_column_lists_years_and_organs_and_the_search_finds_them(
    client: Client, published: World, index: Callable[[], None]
) -> None:
    index()
    title = "甲市人民政府办公室2022年政府信息公开工作年度报告"
    for path in (
        "/reports/",
        "/reports/?year=2022",
        "/",
        "/o/city-office/",
        "/o/city-office/reports/",
        "/search/?q=办公室 2022",
        "/search/?q=2022",
    ):
        html = _text(client, path).replace("<mark>", "").replace("</mark>", "")
        assert title in html, path
        assert "教育局2022" not in html
    assert title not in _text(client, "/search/?q=2021&place=title")
    assert _text(client, "/reports/?year=abc")


def test_the_list_costs_the_same_for_one_report_and_many(
    client: Client, published: World, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        _text(client, "/reports/")
    with django_assert_max_num_queries(3):
        _text(client, "/reports/city-office/2022/")


def test_the_home_page_shows_the_year_of_a_top_government_in_figures(client: Client, world: World) -> None:
    tables = {"table3": {"new_received": {"natural_person": 900, "total": 915}}}
    version = reporting.import_report(
        by=TEST, organ=world.organs["city"], year=2022, tables=tables, source="某市政府网站"
    )
    with clock.on_day(PUBLISHED_ON):
        reporting.publish(by=TEST, version=version)
    html = _text(client, "/")
    assert "甲市人民政府 2022年" in html
    href = "/reports/city/2022/v1/cells/table3.new_received.total/"
    assert re.search(rf'href="{href}"><span class="figure-card__value">915<small>件</small>', html)
    assert "整份导入" in _text(client, href)
    assert "整份导入，来源：某市政府网站" in _text(client, "/reports/city/2022/")
