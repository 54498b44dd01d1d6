"""The five published reports, cell by cell, out of the demo's records."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from gongkai import cli
from gongkai.demo import seeds

NAMES = {
    seeds.LY19: "洛阳市人民政府",
    seeds.MJ20: "孟津县人民政府",
    seeds.XG20: "西工区人民政府",
    seeds.PDS19: "平顶山市人民政府",
    seeds.LYO22: "洛阳市人民政府办公室",
}
WITHOUT_LAST_YEAR = {"Y-CARRY", "Y-PEND", "Y-JUMP"}


def compiled(key: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What `gongkai report compile … --json` prints for a seed."""
    arguments = ["report", "compile", "--organ", NAMES[key], "--year", str(seeds.seed(key).year), "--json"]
    assert cli.main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def flat(tables: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Cell path to value; money as a number."""
    found: dict[str, Any] = {}
    for name, value in tables.items():
        if isinstance(value, dict):
            found |= flat(value, f"{path}{name}.")
        else:
            found[path + name] = Decimal(value) if isinstance(value, str) else value
    return found


@pytest.mark.parametrize("key", seeds.ALL)
@pytest.mark.seed(
    "S103", "S104", "S105", "S106", "S107", "S108", "S114", "S115", "S116", "S130", "S131", "S132"
)
def test_the_published_tables_come_out(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    report, source = compiled(key, capsys), seeds.seed(key)
    published = {"table2": source.table2, "table3": source.table3, "table4": source.table4}
    assert flat({table: report[table] for table in published}) == flat(published)
    assert (report["report_year"], report["format"]) == (source.year, source.form)


@pytest.mark.parametrize("key", seeds.ALL)
def test_money_is_text_with_four_decimals(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    table2 = compiled(key, capsys)["table2"]
    money = (
        table2["art20_9"]["gov_procurement"]["procurement_amount_wan"]
        if "art20_9" in table2
        else (table2["art20_8"]["admin_fees"]["fee_amount_wan"])
    )
    assert money == f"{Decimal(money):.4f}"


@pytest.mark.parametrize("key", seeds.ALL)
def test_no_error_fails_and_what_lacks_last_year_is_not_judged(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = compiled(key, capsys)["findings"]
    assert [f for f in findings if f["severity"] == "E" and f["result"] == "fails"] == []
    unjudged = {f["rule"] for f in findings if f["result"] == "cannot_be_judged"}
    assert unjudged >= WITHOUT_LAST_YEAR
    if key in (seeds.LY19, seeds.MJ20, seeds.PDS19):
        assert unjudged >= {"R-SUM", "R-MISS"}


def test_a_former_name_and_a_code_find_the_same_organ(capsys: pytest.CaptureFixture[str]) -> None:
    reports = []
    for name in ("孟津县人民政府", "ly-mengjin"):
        assert cli.main(["report", "compile", "--organ", name, "--year", "2020", "--json"]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    ("organ", "year"), [("没有这个机关", "2020"), ("西工区人民政府", "1999"), ("西工区人民政府", "2050")]
)
def test_what_cannot_be_compiled_is_said_in_one_sentence(
    organ: str, year: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", "compile", "--organ", organ, "--year", year, "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
