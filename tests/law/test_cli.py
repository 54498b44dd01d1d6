"""The command line: its contract, and that no input gets more than one sentence and status 2."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.cli import main

TODAY = date(2026, 3, 30)
KEYS = {"due", "at_least", "days_used", "days_left", "explanation", "violations", "calendar"}


def ask(capsys: pytest.CaptureFixture[str], line: str) -> dict:
    assert main([*line.split(), "--json"], TODAY) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("", "2026-03-30"),
        ("--extend 10", "2026-04-14"),
        ("--extend 20", "2026-04-28"),
        ("--consult 2026-03-09:2026-03-20", "2026-04-13"),
        ("--consult 2026-03-09:2026-03-20 --consult-organ 2026-03-16:2026-03-27", "2026-04-20"),
        ("--consult 2026-03-09:2026-03-20 --consult 2026-03-16:2026-03-27", "2026-04-20"),
        ("--consult 2026-03-09: --today 2026-04-20", "2026-05-13"),
        ("--correction-asked 2026-03-11", "2026-03-30"),
        ("--correction-asked 2026-03-11 --corrected 2026-03-18", "2026-04-16"),
        ("--correction-asked 2026-03-12 --corrected 2026-03-18", "2026-03-30"),
        ("--corrected 2026-03-18 --extend 10", "2026-04-30"),
        ("--paid 2026-04-02", "2026-05-06"),
        ("--paid 2026-04-02 --extend 1", "2026-05-07"),
        ("--corrected 2026-03-18 --consult 2026-03-03:2026-03-10", "2026-04-16"),
    ],
)
def test_due_dates(capsys: pytest.CaptureFixture[str], line: str, due: str) -> None:
    answer = ask(capsys, f"due --received 2026-03-02 {line}")
    assert set(answer) == KEYS
    assert answer["due"] == due
    assert answer["at_least"] is (":" in line and ": " in line)
    for sentence in answer["explanation"] + answer["violations"]:
        assert set(sentence) == {"text", "article"}
    assert bool(answer["violations"]) is ("2026-03-12" in line)


def test_days_used_and_left(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "due --received 2026-03-02 --consult 2026-03-09:2026-03-20 --today 2026-04-20")
    assert (answer["days_used"], answer["days_left"]) == (25, -5)
    by_clock = ask(capsys, "due --received 2026-03-02")
    assert (by_clock["days_used"], by_clock["days_left"]) == (20, 0)


def test_the_old_regulation_leaves_out_third_parties_only(capsys: pytest.CaptureFixture[str]) -> None:
    third = ask(capsys, "due --received 2019-03-04 --today 2019-03-20 --consult 2019-03-11:2019-03-22")
    organ = ask(capsys, "due --received 2019-03-04 --today 2019-03-20 --consult-organ 2019-03-11:2019-03-22")
    assert (third["due"], organ["due"]) == ("2019-04-08", "2019-03-25")


@pytest.mark.parametrize(
    ("option", "amount"), [("--items 23", 1300), ("--pages 250", 4700), ("--items 0", 0)]
)
def test_fees(capsys: pytest.CaptureFixture[str], option: str, amount: int) -> None:
    answer = ask(capsys, f"fee {option}")
    assert set(answer) == {"amount_yuan", "lines"}
    assert answer["amount_yuan"] == amount == sum(line["amount_yuan"] for line in answer["lines"])
    assert answer["lines"]


def test_readable_output(capsys: pytest.CaptureFixture[str]) -> None:
    line = "due --received 2026-03-02 --correction-asked 2026-03-12 --corrected 2026-03-18 --today 2026-04-01"
    assert main(line.split(), TODAY) == 0
    out = capsys.readouterr().out
    assert out.startswith("答复期限：2026年3月30日\n已用22个工作日，已超期2个工作日。\n")
    assert "不符合规定之处：\n1. 补正告知书于2026年3月12日发出" in out
    assert main(["fee", "--items", "23"], TODAY) == 0
    assert capsys.readouterr().out.startswith("信息处理费：1300元\n")


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    try:
        status = main(arguments, TODAY)
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else -1
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize(
    ("line", "fragment"),
    [
        ("due", "缺少必需的参数：--received"),
        ("due --received", "参数 --received 缺少取值"),
        ("due --received 2026-02-30", "日期“2026-02-30”无效"),
        ("due --received 20260302", "日期“20260302”无效"),
        ("due --received 2026-W10-1", "无效"),
        ("due --received 2026-03-02 --consult 2026-03-20:2026-03-09", "结束日期不能早于开始日期"),
        ("due --received 2026-03-02 --consult 2026-03-20", "起止日期“2026-03-20”无效"),
        ("due --received 2026-03-02 --consult :2026-03-20", "日期“”无效"),
        ("due --received 2026-03-02 --extend 21", "1至20个工作日"),
        ("due --received 2019-03-04 --extend 16 --today 2019-03-05", "1至15个工作日"),
        ("due --received 2026-03-02 --extend -1", "不能为负数"),
        ("due --received 2026-03-02 --extend 1.5", "整数"),
        ("due --received 2026-03-02 --corrected 2026-03-01", "收到补正的日期不能早于收到申请"),
        ("due --received 2026-03-02 --correction-asked 2026-03-01", "告知补正的日期不能早于"),
        ("due --received 2026-03-02 --correction-asked 2026-03-11 --corrected 2026-03-10", "告知补正的日期"),
        ("due --received 2026-03-02 --paid 2026-03-01", "缴费日期不能早于"),
        ("due --received 2026-12-21", "2027年的工作日历尚未导入"),
        ("due --received 2026-03-02 --today 2027-01-04", "2027年的工作日历尚未导入"),
        ("due --received 2003-03-03", "2003年的工作日历尚未导入"),
        ("due --received 2026-03-02 --colour red", "不认识的参数：--colour red"),
        ("due --rec 2026-03-02", "--received"),
        ("fee", "选用一个"),
        ("fee --items 23 --pages 250", "只能选用一个"),
        ("fee --items -1", "件数不能为负数"),
        ("fee --pages -1", "页数不能为负数"),
        ("fee --items many", "件数“many”无效"),
        ("fee --items 12345678901", "不超过9位"),
        ("fee --items 23 --json=yes", "参数 --json 不带取值"),
        ("refund", "没有“refund”这一命令"),
        ("", "缺少必需的参数"),
    ],
)
def test_bad_input_gets_one_sentence(capsys: pytest.CaptureFixture[str], line: str, fragment: str) -> None:
    message = refused(capsys, line.split())
    assert fragment in message
    assert re.fullmatch(r"[^\n]+。\n", message)


WORDS = st.sampled_from(
    [
        "due",
        "fee",
        "--received",
        "--consult",
        "--consult-organ",
        "--extend",
        "--correction-asked",
        "--corrected",
        "--paid",
        "--today",
        "--json",
        "--items",
        "--pages",
        "--",
        "-",
        "2026-03-02",
        "2026-03-09:2026-03-20",
        "2026-03-09:",
        "2026-12-30",
        "2019-01-04",
        "23",
        "-1",
        "0",
        "9999-12-31",
        "0001-01-01",
        "٢٠٢٦-03-02",
        "２０２６-03-02",
        "1e3",
        "99999999999",
    ]
)
ARGUMENTS = st.lists(WORDS | st.text(st.characters(exclude_characters="\0"), max_size=12), max_size=9)


@given(ARGUMENTS.filter(lambda words: not any(re.match(r"-h|--h", word) for word in words)))
def test_whatever_is_typed(words: list[str]) -> None:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(words, TODAY)
        except SystemExit as ending:
            status = ending.code
    assert status in (0, 2)
    if status == 0:
        assert out.getvalue()
        assert not err.getvalue()
    else:
        assert not out.getvalue()
        assert err.getvalue().count("\n") == 1
        assert err.getvalue().endswith("。\n")


def test_as_a_module_with_the_clock() -> None:
    command = [sys.executable, "-m", "gongkai.law", "fee", "--items", "23", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["amount_yuan"] == 1300
    bad = subprocess.run([*command[:3], "due"], capture_output=True, text=True)
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)


def test_through_the_console_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongkai.cli import main as gongkai

    monkeypatch.setenv("GONGKAI_TODAY", "2026-03-30")
    assert gongkai(["law", "due", "--received", "2026-03-02", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["days_left"] == 0
    for bad in (["law"], ["law", "fee", "--items", "-1"], ["law", "due", "--received", "2026-03-02", "--x"]):
        try:
            status = gongkai(bad)
        except SystemExit as ending:
            status = ending.code if isinstance(ending.code, int) else -1
        captured = capsys.readouterr()
        assert (status, captured.out, captured.err.count("\n")) == (2, "", 1)
