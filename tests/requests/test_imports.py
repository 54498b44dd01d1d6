"""Open cases of an older book: taken over through the actions, with their numbers and dates, all or nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base import crypto, tables
from gongkai.law.workdays import Calendar
from gongkai.organs.actors import APPLICANT, system
from gongkai.requests import actions, imports
from gongkai.requests.models import Case, Submission
from tests.support.world import World

BY = system("import")
PLAIN = {
    "机关代码": "city-office",
    "编号": "city-office-2022-0007",
    "渠道": "互联网渠道",
    "申请人类别": "自然人",
    "到达日期": "2022-11-28",
    "确认日期": "2022年11月30日",
    "申请人": "张三",
    "证件号码": "41030319900101123X",
    "电话": "13800000000",
    "所需信息": "2021年某路改造工程的批准文件",
    "承办人账号": "city-office-handler",
}


def take_over(*rows: dict[str, str], dry_run: bool = False):  # type: ignore[no-untyped-def]
    """Import as from a CSV file with these rows."""
    header = list(dict.fromkeys(column for row in rows for column in row))
    content = b"".join(tables.csv_bytes(header, [[row.get(column, "") for column in header] for row in rows]))
    read = tables.read(content, "book.csv", required=imports.REQUIRED, optional=imports.OPTIONAL)
    return imports.import_cases(read, by=BY, dry_run=dry_run)


def due(received: dt.date, days: int = 20) -> dt.date:
    return Calendar.shipped().add(received, days)


def test_a_case_stands_where_the_old_book_left_it(world: World) -> None:
    report = take_over(PLAIN)
    assert (report.errors, report.rows, report.kept) == ([], 1, True)
    case = Case.objects.get()
    assert case.number == "city-office-2022-0007"
    assert case.path == world.organs["city-office"].path
    assert (case.arrived_on, case.first_received_on) == (dt.date(2022, 11, 28), dt.date(2022, 11, 30))
    assert case.due_on == due(dt.date(2022, 11, 30))
    assert case.handler == world.people["city-office-handler"]
    assert case.submission.form["applicant_name"] == "张三"
    assert Submission.objects.filter(name_index=crypto.blind("name", "张三")).exists()
    assert {row.actor for row in case.actions.all()} == {"system:import"}


def test_the_series_goes_on_after_the_highest_number_taken_over(world: World) -> None:
    take_over(PLAIN, PLAIN | {"编号": "city-office-2022-0003"})
    new = actions.submit(
        organ=world.organs["city-office"],
        channel="internet",
        kind="natural_person",
        form={
            "applicant_name": "李四",
            "id_number": "410303199001011111",
            "phone": "13900000000",
            "info_description": "某文件",
            "delivery_form": "electronic",
            "delivery_way": "website",
        },
        token="one",
        by=APPLICANT,
    ).case
    new = actions.confirm(new, by=world.actor("city-office", "office", day=dt.date(2022, 12, 30)))
    assert new.number == "city-office-2022-0008"


def test_corrections_inquiries_and_extensions_move_the_clock_as_they_would_have(world: World) -> None:
    take_over(
        PLAIN
        | {
            "补正通知日期": "2022-12-02",
            "补正期限": "2022-12-20",
            "补正事项": "请写明文件名称",
            "补正收到日期": "2022-12-08",
            "延期批准日期": "2022-12-20",
            "延期工作日": "20",
            "延期理由": "情况复杂",
        },
        PLAIN | {"编号": "旧簿第8号", "征求意见日期": "2022-12-05", "第三方名称": "某公司"},
    )
    extended, consulted = Case.objects.order_by("pk")
    assert extended.anchor_on == dt.date(2022, 12, 8)
    assert extended.due_on == due(dt.date(2022, 12, 8), 40)
    assert consulted.number == "旧簿第8号"
    assert consulted.open_inquiries == 1
    assert consulted.due_on is None


def test_a_case_not_confirmed_yet_waits_for_confirmation(world: World) -> None:
    row = {key: value for key, value in PLAIN.items() if key not in ("确认日期", "承办人账号")}
    assert take_over(row).kept
    case = Case.objects.get()
    assert (case.state, case.number, case.due_on) == ("submitted", None, None)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"机关代码": "nowhere"}, "第3行“机关代码”列：没有代码为“nowhere”的机关。"),
        ({"渠道": "飞鸽"}, "第3行“渠道”列：“飞鸽”无法识别"),
        ({"申请人类别": "外星人"}, "第3行“申请人类别”列：“外星人”无法识别"),
        ({"到达日期": "昨天"}, "第3行“到达日期”列：“昨天”不是日期"),
        ({"到达日期": "2023-01-05"}, "不能晚于今天"),
        ({"所需信息": ""}, "第3行“所需信息”列：请填写"),
        ({"编号": "city-office-2022-0007"}, "第3行“编号”列"),
        ({"承办人账号": "nobody"}, "第3行“承办人账号”列：没有账号“nobody”"),
        ({"承办人账号": "town-a1-handler"}, "第3行“承办人账号”列：该人员当日不在办理本件的岗位上"),
        ({"确认日期": ""}, "第3行“确认日期”列：已开始办理的"),
        ({"延期批准日期": "2022-12-20", "延期工作日": "很多", "延期理由": "x"}, "第3行“延期工作日”列"),
    ],
)
def test_one_bad_row_keeps_everything_out_and_is_named(
    world: World, change: dict[str, str], error: str
) -> None:
    report = take_over(PLAIN, PLAIN | {"编号": "city-office-2022-0008"} | change)
    assert not report.kept
    assert error in str(report.errors[0])
    assert not Submission.objects.exists()


def test_a_dry_run_keeps_nothing(world: World) -> None:
    report = take_over(PLAIN, dry_run=True)
    assert (report.errors, report.rows, report.kept) == ([], 1, False)
    assert not Case.objects.exists()


def test_the_same_book_twice_makes_no_second_case(world: World) -> None:
    take_over(PLAIN)
    again = take_over(PLAIN)
    assert [str(error) for error in again.errors] == ["第2行“编号”列：编号city-office-2022-0007已经导入过。"]
    assert Case.objects.count() == 1
