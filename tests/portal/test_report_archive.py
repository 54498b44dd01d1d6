"""年报: the archive by unit and year, its filters and particulars, and files that are exactly what was archived."""

# ruff: noqa: F811 - the fixture `published` is that of test_reports

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import random
import re
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client

from gongkai.annualreport import actions as reporting
from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rendering import prints
from gongkai.base import clock, files, outbox
from gongkai.forms.values import number_text
from gongkai.organs.models import Organ
from gongkai.portal import archive
from tests.annualreport.flow import wrote, zero_tables
from tests.annualreport.rendering.samples import bare, numbers, read
from tests.portal.test_reports import CELL, PUBLISHED_ON, _publish, published  # noqa: F401  the fixture
from tests.reading.render.model import random_report
from tests.support.typefaces import need_chinese
from tests.support.world import TEST, World

BASE = "/reports/city-office/2022/v1/"


def _taken_in(organ: Organ, year: int, source: str = "https://www.example.gov.cn/2022.html") -> ReportVersion:
    version = reporting.import_report(
        by=TEST, organ=organ, year=year, tables=zero_tables(year), source=source
    )
    with clock.on_day(dt.date(year + 1, 2, 1)):
        return reporting.publish(by=TEST, version=version)


def _page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def _titles(html: str) -> list[str]:
    return re.findall(r'<h2><a href="/reports/[^"]+">([^<]+)</a></h2>', html)


@pytest.mark.seed("S177")
def test_reports_are_archived_by_unit_and_year_with_every_version(client: Client, published: World) -> None:
    """S177: 政府信息公开年报 as a column: annual reports archive by unit and year."""
    city, office = published.organs["city"], published.organs["city-office"]
    _taken_in(city, 2019)
    _taken_in(city, 2021, "市档案馆纸质文件")
    _taken_in(office, 2020)
    with clock.on_day(dt.date(2023, 3, 1)):
        corrected = _publish(published, "city-office", 2022, note="更正一处笔误")
    html = _page(client, "/reports/")
    assert _titles(html) == [
        f"{name}{year}年政府信息公开工作年度报告"
        for name, year in (
            ("甲市人民政府办公室", 2022),
            ("甲市人民政府", 2021),
            ("甲市人民政府办公室", 2020),
            ("甲市人民政府", 2019),
        )
    ]
    assert [(year, number) for year, number in archive.years()] == [
        (2022, 1),
        (2021, 1),
        (2020, 1),
        (2019, 1),
    ]
    # by year, by unit, by both
    assert _titles(_page(client, "/reports/?year=2019")) == ["甲市人民政府2019年政府信息公开工作年度报告"]
    of_unit = _titles(_page(client, "/reports/?q=办公室"))
    assert of_unit == _titles(_page(client, "/o/city-office/reports/"))
    assert of_unit == [f"甲市人民政府办公室{year}年政府信息公开工作年度报告" for year in (2022, 2020)]
    assert _titles(_page(client, "/reports/?q=办公室&year=2020")) == of_unit[1:]
    # the version in force first, the one before it beside it, each at its own address
    entry = archive.of_organ(office)[0]
    assert (entry.current.number, entry.current.hash) == (2, corrected.hash)
    assert [(one.number, one.note) for one in entry.issues] == [(2, "更正一处笔误"), (1, "")]
    for number in (1, 2):
        assert f'href="/reports/city-office/2022/v{number}/"' in html
    # and its particulars
    assert corrected.hash in html
    for words in (
        "2023-03-01",
        "本机关",
        "汇总",
        "2021年格式",
        "2019年格式",
        "更正一处笔误",
        "市档案馆纸质文件",
    ):
        assert words in html
    assert 'href="https://www.example.gov.cn/2022.html"' in html
    assert "2022年政府信息公开工作年度报告" not in _page(
        client, "/o/city-edu/reports/"
    )  # a draft is not there


def test_the_column_carries_its_meta_tags_and_leads_from_home_and_organ(
    client: Client,
    published: World,
) -> None:
    html = _page(client, "/reports/")
    for name in ("SiteName", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
        assert html.count(f'<meta name="{name}"') == 1
    report = _page(client, "/reports/city-office/2022/")
    assert '<meta name="ArticleTitle" content="甲市人民政府办公室2022年政府信息公开工作年度报告">' in report
    assert '<meta name="PubDate" content="2023-01-16 ' in report
    assert '<meta name="ContentSource" content="甲市人民政府办公室">' in report
    for path in ("/", "/o/city-office/reports/"):
        assert 'href="/reports/"' in _page(client, path)


def test_the_filters_pass_over_what_makes_no_sense(client: Client, published: World) -> None:
    one = ["甲市人民政府办公室2022年政府信息公开工作年度报告"]
    for asked in (
        "?year=abc",
        "?year=²⁰²²",
        "?tier=planet",
        "?tier=city",
        "?page=99",
        "?q=%20%20",
        "?year=20220",
    ):
        assert _titles(_page(client, f"/reports/{asked}")) == one, asked
    for asked in ("?tier=county", "?year=1999", "?q=没有这个机关", "?tier=village&year=1999"):
        html = _page(client, f"/reports/{asked}")
        assert _titles(html) == [], asked
        assert "没有符合条件的年度报告" in html


def test_a_name_given_up_finds_the_report_and_a_hostile_one_is_text(client: Client, published: World) -> None:
    html = _page(client, "/reports/?q=" + quote('"><script>alert(1)</script>'))
    assert "<script>alert" not in html


def test_the_column_costs_the_same_for_one_report_and_for_many(
    client: Client,
    published: World,
    django_assert_num_queries: Any,
) -> None:
    outbox.drain()
    with django_assert_num_queries(5):
        _page(client, "/reports/")
    with django_assert_num_queries(2):
        _page(client, "/reports/city-office/2022/")
    for year in range(2019, 2023):
        for code in ("city", "county-a"):
            _taken_in(published.organs[code], year)
    outbox.drain()
    with django_assert_num_queries(5):
        assert len(_titles(_page(client, "/reports/"))) == 9
    with django_assert_num_queries(2):
        _page(client, "/reports/city-office/2022/")


def test_long_lists_come_in_pages_that_keep_the_filter(client: Client, world: World) -> None:
    for code in world.organs:
        if world.organs[code].kind in Organ.REPORTING_KINDS:
            for year in (2019, 2020, 2021, 2022):
                _taken_in(world.organs[code], year)
    count = archive.found(archive.Asked()).count()
    assert count > 20
    first, second = (_titles(_page(client, f"/reports/?page={page}")) for page in (1, 2))
    assert len(first) == 20
    assert not set(first) & set(second)
    onward = re.search(r'rel="next" href="([^"]+)"', _page(client, "/reports/?q=甲市")).group(1)
    there = _titles(_page(client, "/reports/" + onward.replace("&amp;", "&")))
    assert there == _titles(_page(client, "/reports/?q=甲市&page=2"))
    assert all("甲市" in title for title in there)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_archived_bytes_are_served_with_hash_and_tag(client: Client, published: World, kind: str) -> None:
    need_chinese()
    outbox.drain()
    version = ReportVersion.objects.get(report__organ__code="city-office")
    made = prints.of_version(version)[kind]
    response = client.get(f"{BASE}report.{kind}")
    assert response.content == prints.content(made)
    digest = hashlib.sha256(response.content)
    assert response["ETag"] == f'"{digest.hexdigest()}"' == f'"{made.sha256}"'
    assert response["Repr-Digest"] == f"sha-256=:{b64encode(digest.digest()).decode()}:"
    assert response["Content-Type"] == files.ACCEPTED[f".{kind}"]
    assert (
        quote(f"甲市人民政府办公室2022年政府信息公开工作年度报告.{kind}") in response["Content-Disposition"]
    )
    assert response["Content-Disposition"].startswith("attachment")
    again = client.get(f"{BASE}report.{kind}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"{BASE}report.{kind}")["ETag"] == response["ETag"]
    page = _page(client, "/reports/city-office/2022/")
    assert made.sha256 in page
    assert filesizeformat(made.size) in page
    assert f'href="{BASE}report.{kind}"' in page


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_data_files_too_are_named_with_size_and_hash(client: Client, published: World, kind: str) -> None:
    response = client.get(f"{BASE}report.{kind}")
    digest = hashlib.sha256(response.content).hexdigest()
    assert response["ETag"] == f'"{digest}"'
    page = _page(client, "/reports/city-office/2022/")
    assert digest in page
    assert filesizeformat(len(response.content)) in page
    assert client.get(f"{BASE}report.{kind}", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_what_is_not_made_yet_is_said_and_not_found(client: Client, published: World) -> None:
    page = _page(client, "/reports/city-office/2022/")
    assert page.count("正在生成，请稍后刷新") == 2
    for kind in ("docx", "pdf", "exe", ""):
        assert client.get(f"{BASE}report.{kind}").status_code == 404
    assert client.get(f"{BASE}docx").status_code == 404


def test_an_altered_file_is_not_given_out(client: Client, published: World) -> None:
    outbox.drain()
    version = ReportVersion.objects.get(report__organ__code="city-office")
    files.location(prints.of_version(version)["docx"].file.key).write_bytes(b"something else")
    response = client.get(f"{BASE}report.docx")
    assert response.status_code == 503
    assert "与存档时的校验值不符" in response.content.decode()


def test_figures_in_the_words_lead_to_their_records(client: Client, world: World, published: World) -> None:
    with clock.on_day(dt.date(2023, 3, 1)):
        office, leader = (
            world.actor("city-office", role, "reports", PUBLISHED_ON) for role in ("office", "leader")
        )
        report = ReportVersion.objects.get(report__organ__code="city-office").report
        version = reporting.open_correction(by=office, report=report, note="写入申请数")
        words = "全年新收自然人申请{{" + CELL + "}}件<b>。"
        version = reporting.submit(by=office, version=wrote(version, office, on_request=words))
        reporting.publish(by=office, version=reporting.sign(by=leader, version=version))
    html = _page(client, "/reports/city-office/2022/")
    link = f'<a class="fig-word" href="/reports/city-office/2022/v2/cells/{CELL}/">2</a>'
    assert f"全年新收自然人申请{link}件&lt;b&gt;。" in html


def _random_version(organ: Organ, form: str, seed: int) -> ReportVersion:
    """A published version with random figures and words full of numbers, as signing would leave it."""
    made = random_report(random.Random(f"agree/{form}/{seed}"))  # noqa: S311
    while made.form.key != form or made.figures.form is not queries.form_for(made.year):
        made = random_report(made.rng)
    version = _taken_in(organ, made.year, "随机数据")
    texts = {
        place.name: [
            [f"{place.name}：全年{made.rng.randint(1, 10**6)}件，占{made.rng.randint(0, 999) / 10}%。"]
        ]
        for place in sections.places(made.form)
    }
    ReportVersion.objects.filter(pk=version.pk).update(
        cells=made.figures.to_cells(),
        sections={
            sections.PRINTED: texts,
            sections.GENERATED: {
                "preamble": f"统计期限为{made.year}年1月1日至{made.year}年12月31日，共{made.rng.randint(2, 99)}家。",
                "contact": "电话：0379-63930000。",
            },
        },
    )
    return ReportVersion.objects.select_related("report__organ").get(pk=version.pk)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("form", ["fmt2019", "fmt2021"])
def test_page_word_and_pdf_agree_to_the_digit(client: Client, world: World, form: str, seed: int) -> None:
    """The three are read back like any published report, and every cell and every number of the words compared with
    what is frozen; so are the two data files."""
    need_chinese()
    version = _random_version(world.organs["city"], form, seed)
    outbox.drain()
    base = f"/reports/city/{version.report.year}/v{version.number}/"
    frozen, printed = queries.figures_of(version), sections.printed(version)
    for name in ("", "report.docx", "report.pdf"):
        found = read(client.get(base + name).content)
        assert {path: cell.number for path, cell in found.cells.items()} == frozen.numbers, name
        assert found.damage == ()
        for part in printed.parts:
            said = numbers("".join(one.text for one in part.paragraphs))
            told = numbers(found.sections[part.key])
            assert "/".join(said) in "/".join(told), (name, part.key)
            for paragraph in part.paragraphs:
                assert bare(paragraph.text) in bare(found.sections[part.key]), (name, part.key)
        assert bare(printed.preamble) in bare(found.sections["s0"])
    data = json.loads(client.get(f"{base}report.json").content)
    assert {name: data[name] for name in ("table2", "table3", "table4")} == frozen.to_seed_tables()
    rows = csv.DictReader(io.StringIO(client.get(f"{base}report.csv").content.decode("utf-8-sig")))
    assert {row["单元格"]: row["数值"] for row in rows} == {
        path: number_text(number) for path, number in frozen.numbers.items()
    }
