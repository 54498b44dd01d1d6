"""``gongkai report compile``: the seed tables' shape, any name the organ had, courteous refusals."""

from __future__ import annotations

import argparse
import datetime as dt
import json

import pytest

from gongkai.annualreport import cli
from gongkai.law.cli import CourteousParser
from gongkai.organs.models import OrganName
from tests.annualreport.records import case, keep_all
from tests.support.world import World

D = dt.date
KEYS = ["organ", "report_year", "format", "scope", "table2", "table3", "table4", "findings"]


def parse(*words: str) -> argparse.Namespace:
    parser = CourteousParser(prog="gongkai report")
    cli.add_arguments(parser)
    return parser.parse_args(["compile", *words])


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    case(world.organs["city-office"], received=D(2022, 5, 5), closed=D(2022, 5, 20))
    return world


def test_json_is_in_the_shape_of_the_seed_tables(kept: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(parse("--organ", "甲市人民政府办公室", "--year", "2022", "--json")) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == KEYS
    assert (content["organ"], content["report_year"], content["format"], content["scope"]) == (
        "甲市人民政府办公室",
        2022,
        "fmt2021",
        "own",
    )
    assert content["table3"]["granted"] == {
        "natural_person": 1,
        "commercial_enterprise": 0,
        "research_institution": 0,
        "public_welfare_org": 0,
        "legal_service_org": 0,
        "other_org": 0,
        "total": 1,
    }
    assert content["table2"]["art20_8"]["admin_fees"]["fee_amount_wan"] == "0.0000"
    assert set(content["findings"][0]) == {"rule", "severity", "result", "cells", "message"}
    results = {finding["rule"]: finding["result"] for finding in content["findings"]}
    assert results["T3-COL"] == results["T3-SYS"] == "holds"
    assert results["Y-CARRY"] == "cannot_be_judged"


def test_any_name_the_organ_ever_had_or_its_code(kept: World, capsys: pytest.CaptureFixture[str]) -> None:
    OrganName.objects.create(organ=kept.organs["city-edu"], name="甲市教委", kind="alias")
    for name in ("甲市教委", "city-edu", "甲市教育局"):
        assert cli.run(parse("--organ", name, "--year", "2022", "--json")) == 0
        assert json.loads(capsys.readouterr().out)["organ"] == "甲市教育局"


def test_scope_is_the_statutory_one_unless_asked(kept: World, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(parse("--organ", "city", "--year", "2022", "--json"))
    assert json.loads(capsys.readouterr().out)["scope"] == "consolidated"
    cli.run(parse("--organ", "city", "--year", "2022", "--scope", "own", "--json"))
    content = json.loads(capsys.readouterr().out)
    assert (content["scope"], content["table3"]["granted"]["total"]) == ("own", 0)


def test_without_json_people_can_read_it(kept: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(parse("--organ", "city-office", "--year", "2022")) == 0
    text = capsys.readouterr().out
    assert "甲市人民政府办公室 2022年度报告（本机关，fmt2021）" in text
    assert "（一）予以公开·总计\t1" in text


@pytest.mark.parametrize(
    ("organ", "year", "words"),
    [
        ("没有这个局", "2022", "没有找到"),
        ("city-edu", "二〇二二", "四位数字"),
        ("city-edu", "2018", "没有统一的年度报告"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    kept: World, capsys: pytest.CaptureFixture[str], organ: str, year: str, words: str
) -> None:
    assert cli.run(parse("--organ", organ, "--year", year, "--json")) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


def test_the_parser_refuses_an_unknown_scope(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse("--organ", "x", "--year", "2022", "--scope", "whole")
    assert exit_.value.code == 2
    assert capsys.readouterr().err
