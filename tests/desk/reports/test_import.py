"""Bringing in a whole report: pasted or as a file, kept as it came, refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.forms.values import State
from tests.annualreport.flow import draft, zero_tables
from tests.desk.reports.conftest import Desk
from tests.support.crowded import others_being_read
from tests.support.published import REPORTS
from tests.support.world import World

HERE = "/desk/reports/import/"


def answers(world: World, **changed: Any) -> dict[str, Any]:
    tables = zero_tables(2020)
    tables["table3"]["new_received"]["natural_person"] = 5
    return {
        "organ": world.organs["city-edu"].pk,
        "year": "2020",
        "scope": "",
        "null": "unread",
        "source": "甲市政府网站2021年1月公布的报告",
        "text": json.dumps(tables),
        **changed,
    }


@pytest.fixture
def office(world: World, at_desk: Callable[..., Desk]) -> Desk:
    return at_desk("city-edu-office")


def test_pasted_it_is_frozen_with_its_source(office: Desk, world: World) -> None:
    assert "导入整份报告" in office.get(HERE)
    page = office.follow(HERE, **answers(world))
    version = ReportVersion.objects.get()
    assert (version.origin, version.state, version.report.scope) == ("imported", "signed", "own")
    assert "整份导入，来源：甲市政府网站2021年1月公布的报告" in page
    assert "：5，查看所统计的记录" in page
    cell = office.get(f"/desk/reports/{version.report_id}/v1/cells/table3.new_received.natural_person/")
    assert "这份报告是整份导入的，本系统没有它所依据的记录。" in cell
    assert "按记录编制本机关的报告" in page


def test_a_file_serves_as_well(office: Desk, world: World) -> None:
    content = json.dumps({**zero_tables(2020), "report_year": 2020}).encode("utf-8-sig")
    sent = answers(world, text="", file=SimpleUploadedFile("报告.json", content))
    office.follow(HERE, **sent)
    assert ReportVersion.objects.get().report.year == 2020


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": "{"}, "这不是能读的JSON数据"),
        ({"text": "[]"}, "数据应是一个对象"),
        ({"text": ""}, "二者选一"),
        ({"text": '{"report_year": 2019}'}, "数据中写的是2019年度"),
        ({"text": '{"table3": {"nonsense": {"total": 1}}}'}, "没有单元格"),
        ({"text": '{"table3": 3}'}, "没有单元格"),
        ({"year": "2099"}, "2099年度尚未开始。"),
        ({"source": ""}, "这个字段是必填项。"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_kept(
    office: Desk, world: World, changed: dict[str, Any], words: str
) -> None:
    office.post(HERE, expect=422, **answers(world, **changed))
    assert words in office.page
    assert not ReportVersion.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"states": {}},
        {"states": "x"},
        {"states": {"table3.granted.total": "blank"}},
        {"sections": "x"},
        {"sections": {"s1": "别人写的一段话。"}},
        {"organ": 3},
    ],
)
def test_of_data_the_tables_are_taken_and_nothing_else(
    office: Desk, world: World, more: dict[str, Any]
) -> None:
    office.follow(HERE, **answers(world, text=json.dumps({**zero_tables(2020), **more})))
    version = ReportVersion.objects.get()
    assert version.sections == {}
    assert queries.figures_of(version).number("table3.granted.total") == 0


def test_a_file_in_another_encoding_is_refused(office: Desk, world: World) -> None:
    sent = answers(world, text="", file=SimpleUploadedFile("报告.json", '{"甲": 1}'.encode("gb18030")))
    office.post(HERE, expect=422, **sent)
    assert "这不是能读的JSON数据" in office.page


def test_a_published_report_is_read_and_what_it_lacks_stays_unknown(office: Desk, world: World) -> None:
    seed = (REPORTS / "002_7b3c60a2029ed6a7.txt").read_bytes()
    sent = answers(world, text="", null="blank", file=SimpleUploadedFile("西工区2020.txt", seed))
    office.post(HERE, expect=422, **sent)
    assert "报告上印的机关是“西工区人民政府”，请核对" in office.page
    sent["file"] = SimpleUploadedFile("西工区2020.txt", seed)
    office.follow(HERE, **sent, sure="on")
    version = ReportVersion.objects.get()
    figures = queries.figures_of(version)
    assert figures.number("table3.new_received.total") == 13
    assert figures["table3.granted.other_org"].state is State.UNREAD
    overview = sections.printed(version).parts[0]
    assert "我区认真贯彻落实新修订的《政府信息公开条例》" in overview.paragraphs[0].text
    assert all(paragraph.text != "无" for paragraph in overview.paragraphs)


def test_what_no_database_keeps_is_left_out_of_the_text(office: Desk, world: World) -> None:
    seed = (REPORTS / "002_7b3c60a2029ed6a7.txt").read_text(encoding="utf-8")
    padded = seed.replace("我区认真贯彻", "我区推进各项工作。" * 600 + "我区认\x00真\x1b贯彻")
    assert padded != seed
    sent = answers(world, text="", file=SimpleUploadedFile("西工区2020.txt", padded.encode()))
    office.follow(HERE, **sent, sure="on")
    (overview, *_rest) = sections.printed(ReportVersion.objects.get()).parts
    told = "".join(one.text for one in overview.paragraphs)
    assert "我区认真贯彻" in told
    assert not any(letter < " " and letter != "\n" for letter in told)


def test_data_without_text_says_so_and_not_that_there_is_nothing(office: Desk, world: World) -> None:
    office.follow(HERE, **answers(world))
    printed = sections.printed(ReportVersion.objects.get())
    told = {part.key: [one.text for one in part.paragraphs] for part in printed.parts if not part.table}
    assert told == {key: ["（随数据没有提供文字，见原报告。）"] for key in ("s1", "s5", "s6")}


def test_a_report_without_a_year_is_asked_about(office: Desk, world: World) -> None:
    seed = (REPORTS / "004_98f37d1067004ea6.txt").read_text(encoding="utf-8").replace("2022", "")
    sent = answers(world, text="", year="2021")
    office.post(HERE, expect=422, **sent, file=SimpleUploadedFile("年报.txt", seed.encode()))
    assert "报告上没有读出年度，请核对" in office.page
    assert not ReportVersion.objects.exists()


def test_a_report_in_another_years_form_is_sent_to_the_library(office: Desk, world: World) -> None:
    seed = (REPORTS / "004_98f37d1067004ea6.txt").read_text(encoding="utf-8")
    changed = seed.replace("2022", "2020").encode()
    office.post(HERE, expect=422, **answers(world, text="", file=SimpleUploadedFile("年报.txt", changed)))
    assert "可以放进年报库比较" in office.page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("其他.txt", "今天食堂吃什么？".encode() * 50, "没有导入任何内容。"),
        ("报告.pdf", b"%PDF-1.7 nothing", "没有导入任何内容。"),
        ("很大.docx", b" " * (20 * 1024 * 1024 + 1), "文件超过20 MB"),
        (
            "别的年度.txt",
            (REPORTS / "003_2b7bc92f2bdde0c7.txt").read_bytes(),
            "2019年度，应为2020年度",
        ),
    ],
)
def test_a_file_that_is_not_this_report_is_refused(
    office: Desk, world: World, name: str, content: bytes, words: str
) -> None:
    office.post(HERE, expect=422, **answers(world, text="", file=SimpleUploadedFile(name, content)))
    assert words in office.page
    assert not ReportVersion.objects.exists()


def test_while_others_are_being_read_one_is_asked_to_wait(office: Desk, world: World) -> None:
    seed = (REPORTS / "002_7b3c60a2029ed6a7.txt").read_bytes()
    sent = answers(world, text="", file=SimpleUploadedFile("西工区2020.txt", seed))
    with others_being_read():
        office.post(HERE, expect=422, **sent)
    assert "请过一分钟再试" in office.page
    assert not ReportVersion.objects.exists()


def test_for_another_organ_it_is_no_choice(office: Desk, world: World) -> None:
    office.post(HERE, expect=422, **answers(world, organ=world.organs["city-office"].pk))
    assert not ReportVersion.objects.exists()


def test_an_organ_with_its_own_report_does_not_import(office: Desk, world: World) -> None:
    draft(world, "city-edu", 2020)
    office.post(HERE, expect=422, **answers(world))
    assert "不能“导入整份报告”" in office.page


def test_who_only_reads_has_no_such_page(at_desk: Callable[..., Desk]) -> None:
    at_desk("city-edu-handler").get(HERE, expect=404)
