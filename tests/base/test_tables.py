"""Tables in: the same rows from XLSX, UTF-8 and GBK CSV; hostile files refused. Tables out: no cell is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.base import tables
from gongkai.base.tables import (
    TableError,
    csv_bytes,
    parse_date,
    parse_yes,
    plain_cell,
    read,
    safe_cell,
    xlsx_bytes,
)

HEADER = ["机关代码", "名称", "成立日期", "件数"]
LINES = [
    ["a-1", "东县教育局", dt.date(2019, 5, 15), 12],
    [None, None, None, None],
    ["a-2", "东县“财政”局, 国资办", dt.date(2020, 1, 2), 0.5],
]
EXPECTED = [
    (2, {"机关代码": "a-1", "名称": "东县教育局", "成立日期": "2019-05-15", "件数": "12"}),
    (4, {"机关代码": "a-2", "名称": "东县“财政”局, 国资办", "成立日期": "2020-01-02", "件数": "0.5"}),
]


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(*lines: list[object]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("机关.xlsx", workbook(HEADER, *LINES)),
        ("机关.csv", csv_text(HEADER, *LINES).encode("utf-8-sig")),
        ("机关.csv", csv_text(HEADER, *LINES).encode()),
        ("机关.CSV", csv_text(HEADER, *LINES).encode("gbk")),
    ],
)
def test_every_format_gives_the_same_rows(name: str, content: bytes) -> None:
    assert list(read(content, name, required=HEADER)) == EXPECTED


def test_a_file_on_disk_reads_like_bytes(tmp_path: Path) -> None:
    for name, content in (("t.xlsx", workbook(HEADER, *LINES)), ("t.csv", csv_text(HEADER, *LINES).encode())):
        (tmp_path / name).write_bytes(content)
        assert list(read(tmp_path / name, name)) == EXPECTED


def test_tabs_separate_too() -> None:
    assert list(read("名称\t电话\n甲局\t1,2\n".encode(), "t.csv")) == [(2, {"名称": "甲局", "电话": "1,2"})]


def test_a_title_may_stand_above_the_header_and_required_marks_on_it() -> None:
    content = workbook(["2022年机关一览表"], [], ["* 名称", "机关\n代码"], ["甲局", "a"])
    assert list(read(content, "t.xlsx", required=["机关代码", "名称"])) == [
        (4, {"名称": "甲局", "机关代码": "a"})
    ]


def test_numbers_truth_and_moments_become_text() -> None:
    content = workbook(["数", "真", "时"], [410300000000.0, True, dt.datetime(2022, 1, 2, 3, 4)])  # noqa: DTZ001 a spreadsheet knows no zones
    assert list(read(content, "t.xlsx")) == [
        (2, {"数": "410300000000", "真": "是", "时": "2022-01-02 03:04:00"})
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("t.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("t.pdf", b"%PDF-", "只能导入"),
        ("t.csv", b"", "文件是空的"),
        ("t.csv", b"a\0b", "不是 CSV"),
        ("t.csv", b"\xff\xff\xff", "编码"),
        ("t.csv", '名称,代码\n"甲局,a\n'.encode(), "引号"),
        ("t.csv", b"\n\n", "表格是空的"),
        ("t.csv", "代码,代码\n".encode(), "表格缺少列：名称"),
        ("t.csv", "名称,代码,代码\n".encode(), "重复的列：代码"),
        ("t.csv", "名称,代码,备考\n".encode(), "不认识的列：备考"),
        ("t.csv", "名称,代码\n甲局,a,多余\n".encode(), "第 2 行有一格没有表头"),
        ("t.xlsx", b"PK\x03\x04 not a zip", "损坏"),
        ("t.xlsx", "名称,代码\n".encode(), "损坏"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        list(read(content, name, required=["名称"], optional=["代码"]))


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(TableError, match="损坏"):
        list(read(_zip({"a.txt": b"1"}), "t.xlsx"))


def test_a_zip_bomb_is_refused_before_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1_000_000)
    bomb = _zip({"xl/worksheets/sheet1.xml": b" " * 2_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(TableError, match="解压后过大"):
        list(read(bomb, "t.xlsx"))


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_PARTS", 3)
    with pytest.raises(TableError, match="解压后过大"):
        list(read(_zip({f"{n}.xml": b"" for n in range(4)}), "t.xlsx"))


def test_an_entity_bomb_is_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>'
    with pytest.raises(TableError, match="不安全"):
        list(read(_zip({"xl/workbook.xml": laughs}), "t.xlsx"))


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [("LARGEST", 10, "MB"), ("MOST_ROWS", 2, "行"), ("MOST_COLUMNS", 2, "列")],
)
def test_the_limits_hold(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, sentence: str) -> None:
    monkeypatch.setattr(tables, limit, value)
    for name, content in (("t.csv", b"a,b,c\n1,2,3\n1,2,3\n"), ("t.xlsx", workbook(list("abc"), [1], [2]))):
        with pytest.raises(TableError, match=sentence):
            list(read(content, name))


@pytest.mark.parametrize("text", ["2019-05-15", "2019/5/15", "2019.5.15", "2019年5月15日", "20190515"])
def test_a_date_in_any_usual_writing(text: str) -> None:
    assert parse_date(text) == dt.date(2019, 5, 15)


def test_no_date_and_no_such_date() -> None:
    assert parse_date("") is None
    for text in ("2019-02-30", "去年", "15/05/2019", "2019-05"):
        with pytest.raises(ValueError, match="不是日期"):
            parse_date(text)


def test_yes_and_no() -> None:
    assert parse_yes("是")
    assert not parse_yes("否")
    assert parse_yes("", blank=True)
    with pytest.raises(ValueError, match="应填"):
        parse_yes("大概")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "'=1", "＝1", "\r=1", "|x", "%0A"],
)
def test_text_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["-5", "+3", "-1,200.50", "-", "甲局", 5, Decimal("-0.13"), dt.date(2022, 1, 2)]
)
def test_numbers_dates_and_plain_text_stay(value: object) -> None:
    assert safe_cell(value) == value


def test_nothing_and_truth_are_shown_as_an_office_writes_them() -> None:
    assert (safe_cell(None), safe_cell(True)) == ("", "是")
    assert safe_cell("甲\x07局") == "甲局"


@given(st.text())
def test_no_exported_text_starts_a_formula(text: str) -> None:
    out = safe_cell(text)
    assert len(out.strip()) <= 1 or out.strip()[0] not in "=@|"
    assert out.endswith(text[-1:]) or not text[-1:].isprintable()


def test_what_goes_out_comes_back() -> None:
    lines = [["甲局", 12, dt.date(2022, 1, 2)], ["=乙局", None, ""]]
    expected = [
        (2, {"名称": "甲局", "件数": "12", "日期": "2022-01-02"}),
        (3, {"名称": "'=乙局", "件数": "", "日期": ""}),
    ]
    header = ["名称", "件数", "日期"]
    assert list(read(b"".join(csv_bytes(header, lines)), "t.csv")) == expected
    assert list(read(xlsx_bytes(header, lines, "甲/乙"), "t.xlsx")) == expected


@given(st.text(st.sampled_from("'=+-@1 甲%\n"), max_size=6))
def test_a_quote_that_was_put_on_comes_off_and_no_other(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
