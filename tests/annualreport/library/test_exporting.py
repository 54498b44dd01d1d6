"""What is taken away: every cell with its state, the same in CSV, XLSX and Parquet, safe to open, and explained."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb
import openpyxl
import pytest
from django.core.exceptions import ValidationError

from gongkai import cli
from gongkai.annualreport.library import dictionary, exporting, lines
from gongkai.annualreport.library.exporting import CSV, LONG, PARQUET, WIDE, XLSX
from gongkai.annualreport.library.lines import Asked
from gongkai.forms.layout import form_by_key
from gongkai.organs.scope import SYSTEM
from tests.annualreport.library import shelf
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(world: World) -> World:
    for path in (shelf.LY19, shelf.XG20, shelf.SHUYANG, shelf.HONGZE):
        shelf.keep(world.organs["city"], path)
    shelf.keep(world.organs["city"], shelf.text("=HYPERLINK某县人民政府", 2022), name="@危险.txt")
    return world


def table(shape: str) -> exporting.Table:
    return exporting.table(partial(lines.each, SYSTEM, Asked()), shape)


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def parquet_rows(path: Path) -> list[dict[str, object]]:
    with duckdb.connect() as base:
        found = base.execute("SELECT * FROM read_parquet($1)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("shape", [LONG, WIDE])
def test_parquet_holds_what_the_csv_holds(kept: World, tmp_path: Path, shape: str) -> None:
    counts = {kind: exporting.write(table(shape), kind, tmp_path / f"x.{kind}") for kind in (CSV, PARQUET)}
    plain, typed = csv_rows(tmp_path / "x.csv"), parquet_rows(tmp_path / "x.parquet")
    assert len(plain) == len(typed) == counts[CSV] == counts[PARQUET]
    kinds = dict(table(shape).columns)
    for left, right in zip(plain, typed, strict=True):
        assert left.keys() == right.keys()
        for name, text in left.items():
            value = right[name]
            if kinds[name] == "text":
                assert text.removeprefix("'") == (value or "").removeprefix("'"), name
            elif text == "":
                assert value is None, name
            else:
                assert Decimal(text) == value, name


def test_the_long_form_tells_every_cell_with_its_state_and_never_a_nought_for_the_unknown(
    kept: World, tmp_path: Path
) -> None:
    exporting.write(table(LONG), CSV, tmp_path / "x.csv")
    rows = csv_rows(tmp_path / "x.csv")
    xigong = [row for row in rows if row["organ"] == "西工区人民政府"]
    assert [row["cell"] for row in xigong] == list(form_by_key("fmt2019").paths)
    assert {row["state"] for row in rows} >= {"read", "inferred", "blank"}
    for row in rows:
        assert (row["value"] != "") is (row["state"] in ("read", "inferred")), row
        assert (row["proof"] != "") is (row["state"] == "inferred"), row


def test_the_wide_form_has_a_line_for_each_report_and_names_what_was_not_read(
    kept: World, tmp_path: Path
) -> None:
    exporting.write(table(WIDE), CSV, tmp_path / "x.csv")
    rows = {row["organ"]: row for row in csv_rows(tmp_path / "x.csv")}
    assert len(rows) == 5
    assert rows["洛阳市人民政府"]["table3.new_received.total"] == "915"
    xigong = rows["西工区人民政府"]
    assert "=inferred" in xigong["not_read"]
    for part in rows["沭阳县发展和改革局"]["not_read"].split(";"):
        cell, _, state = part.partition("=")
        if state in ("blank", "unread"):
            assert rows["沭阳县发展和改革局"][cell] == ""


def test_no_cell_is_run_as_a_formula(kept: World, tmp_path: Path) -> None:
    exporting.write(table(LONG), CSV, tmp_path / "x.csv")
    exporting.write(table(LONG), XLSX, tmp_path / "x.xlsx")
    texts = [text for row in csv_rows(tmp_path / "x.csv") for text in row.values()]
    assert any(text.startswith("'@") for text in texts)
    assert not any(text.startswith(("=", "@")) for text in texts)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_xlsx_holds_numbers_as_numbers_and_explains_itself(kept: World, tmp_path: Path) -> None:
    count = exporting.write(table(LONG), XLSX, tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
    data, words = book.worksheets
    rows = list(data.iter_rows(values_only=True))
    assert len(rows) == count + 1
    place = list(rows[0]).index("value")
    assert {type(row[place]) for row in rows[1:]} <= {int, float, type(None)}
    assert list(next(words.iter_rows(values_only=True))) == dictionary.HEADER


def test_a_sheet_that_is_full_is_followed_by_another(
    kept: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 300)
    count = exporting.write(table(LONG), XLSX, tmp_path / "x.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True).worksheets[:-1]
    assert sum(sum(1 for _ in sheet.iter_rows()) - 1 for sheet in sheets) == count
    assert len(sheets) == -(-count // 300)


def test_the_dictionary_explains_every_column_cell_and_state(kept: World) -> None:
    explained = {(kind, name) for kind, name, *_rest in dictionary.rows()}
    for shape, words in ((LONG, "列（长表）"), (WIDE, "列（宽表）")):
        for name in table(shape).header:
            assert (words, name) in explained or ("单元格", name) in explained, name
    for word in exporting.WORDS.values():
        assert ("状态", word) in explained
    for key in ("fmt2019", "fmt2021"):
        for path in form_by_key(key).paths:
            assert ("单元格", path) in explained
    assert all(meaning for _kind, _name, meaning, *_rest in dictionary.rows())


def test_without_duckdb_there_is_no_parquet_and_the_reason_is_said(
    kept: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValidationError, match="analytics"):
        exporting.write(table(LONG), PARQUET, tmp_path / "x.parquet")
    assert cli.main(["library", "export", "--format", "parquet", "--out", str(tmp_path / "x.parquet")]) == 2
    assert "gongkai[analytics]" in capsys.readouterr().err


def test_the_command_writes_the_table_and_its_dictionary(
    kept: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "库.csv"
    assert cli.main(["library", "export", "--out", str(out), "--years", "2019-2020", "--organ", "city"]) == 0
    assert {row["year"] for row in csv_rows(out)} == {"2019", "2020"}
    assert (tmp_path / "库.dictionary.csv").is_file()
    assert "2 份报告" in capsys.readouterr().out


@pytest.mark.parametrize("years", ["两年", "2022-2019", "20", "2019-"])
def test_bad_years_are_one_sentence(
    kept: World, tmp_path: Path, years: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["library", "export", "--out", str(tmp_path / "x.csv"), "--years", years]
    assert cli.main(arguments) == (0 if years == "2019-" else 2)


def test_rows_are_streamed(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are asked for in parts, and a part is not asked for before its rows are wanted."""
    monkeypatch.setattr(lines, "CHUNK", 1)
    asked: list[int] = []
    load = lines._load
    monkeypatch.setattr(lines, "_load", lambda part, texts: asked.append(len(part)) or load(part, texts))
    stream = table(WIDE).rows()
    next(stream)
    assert asked == [1]
    assert sum(1 for _ in stream) == 4
    assert asked == [1] * 5
