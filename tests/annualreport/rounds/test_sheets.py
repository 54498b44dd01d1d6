"""Statistics sheets: filled from records, entered where records cannot give, handed in, returned, confirmed, frozen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.annualreport.rounds import actions, filling, queries, sheets, verify
from gongkai.annualreport.rounds.models import Duty, Round, RoundFact, Sheet
from gongkai.base.clock import on_day
from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.figures.values import evaluate
from gongkai.keyareas import actions as keyareas
from gongkai.organs import tallies
from gongkai.organs.refusals import Refused
from tests.annualreport.records import case, cover, keep_all
from tests.annualreport.rounds.flow import D, clerk, duty
from tests.support.world import World

QUARTER = Period(D(2022, 10, 1), D(2022, 12, 31))
ASKED, HANDED_IN, DUE = D(2023, 1, 4), D(2023, 1, 10), D(2023, 1, 16)
RECEIVED, CLOSED, LICENCES, FEES = range(4)
KEYS = (
    "requests.received|",
    "requests.closed|kind=natural_person",
    "keyareas.decisions|row=admin_license",
    "keyareas.fee_income_yuan|",
)
UNITS = ("city-office", "city-edu", "county-a", "county-b")


@pytest.fixture
def world(copied: World) -> World:
    """Applications are registered everywhere; acts by tally at the office, here at the bureau, unsaid elsewhere."""
    keep_all(copied.organs["city"], but=("acts.decisions", "acts.fees"))
    old = copied.organs["old-b"]
    old.valid_to = D(2021, 3, 17)
    old.save()
    for register in ("acts.decisions", "acts.fees"):
        cover(copied.organs["city-office"], register, mode="tally")
        cover(copied.organs["city-edu"], register)
    return copied


def defined(world: World, **more: Any) -> Sheet:
    given = {"name": "情况统计表", "basis": "政府信息公开统计制度", "frequency": "quarter", "keys": KEYS}
    with on_day(ASKED):
        return sheets.define(by=clerk(world, "city"), organ=world.organs["city"], **{**given, **more})


@pytest.fixture
def asked(world: World) -> Round:
    with on_day(ASKED):
        return actions.open_sheet(by=clerk(world, "city"), sheet=defined(world), year=2022, index=4)


def entries(world: World, round_: Round, code: str) -> list[filling.Entry]:
    return filling.entries(duty(world, round_, code))


def fill(world: World, round_: Round, code: str, counts: dict[int, str], **more: Any) -> int:
    with on_day(D(2023, 1, 9)):
        by = clerk(world, code, "handler")
        return sheets.fill(by=by, duty=duty(world, round_, code), counts=counts, **more)


def hand_in(
    world: World, round_: Round, code: str, note: str = "", day: dt.date = HANDED_IN, **more: Any
) -> RoundFact:
    with on_day(day):
        by = clerk(world, code, "handler")
        return sheets.hand_in(by=by, duty=duty(world, round_, code), note=note, **more)


def confirm(world: World, round_: Round, code: str) -> None:
    with on_day(D(2023, 1, 12)):
        actions.accept(by=clerk(world, "city"), round_=round_, duties=[duty(world, round_, code)])


@pytest.mark.seed("S271")
def test_from_the_records_to_the_confirmed_sheet(world: World, asked: Round) -> None:
    """S271: a sheet per unit, filled from records, with submit, return, confirm and a deadline."""
    edu = world.organs["city-edu"]
    for day in (D(2022, 9, 30), D(2022, 10, 1), D(2022, 12, 31), D(2023, 1, 1)):
        case(edu, received=day, closed=D(2022, 12, 31) if day.year == 2022 else None)
    owed = duty(world, asked, "city-edu")
    assert (owed.stage, owed.deadline) == ("waiting", DUE)  # ten working days after the quarter
    found = entries(world, asked, "city-edu")
    grid = evaluate(["requests.received", "requests.closed"], edu.path, QUARTER, own=True)
    assert found[RECEIVED].value == grid.value("requests.received", edu.path)
    assert found[RECEIVED].value.number == 2
    assert found[CLOSED].value == grid.value("requests.closed", edu.path, kind="natural_person")
    assert found[CLOSED].value.number == 3
    assert found[RECEIVED].is_from_records
    assert [fact.kind for fact in queries.standing(owed, DUE).facts] == []

    hand_in(world, asked, "city-edu")
    with on_day(D(2023, 1, 11)):
        actions.return_(by=clerk(world, "city"), duty=duty(world, asked, "city-edu"), reason="请核对办结数。")
    assert queries.standing(duty(world, asked, "city-edu"), D(2023, 1, 11)).remark is not None
    fact = hand_in(world, asked, "city-edu", "已核对。", D(2023, 1, 12))
    confirm(world, asked, "city-edu")
    owed = duty(world, asked, "city-edu")
    assert owed.stage == "accepted"
    assert [value.number for value in filling.frozen(fact)] == [2, 3, 0, 0]
    kinds = [one.kind for one in queries.standing(owed, DUE).facts]
    assert kinds == ["submitted", "returned", "submitted", "accepted"]
    late = queries.standing(duty(world, asked, "county-a"), DUE + dt.timedelta(days=1))
    assert (late.late, late.days_left) == (True, -1)
    assert list(verify.problems()) == []


def test_records_cannot_be_typed_over(world: World, asked: Round) -> None:
    with pytest.raises(ValidationError) as refused:
        fill(world, asked, "city-edu", {RECEIVED: "9", LICENCES: "9"})
    assert refused.value.message_dict == {
        "c0": ["数字由登记的记录得出；不对的，请更正记录。"],
        "c2": ["数字由登记的记录得出；不对的，请更正记录。"],
    }
    assert not Tally.objects.exists()


def test_what_a_unit_counts_becomes_a_dated_tally(world: World, asked: Round) -> None:
    office = world.organs["city-office"]
    assert entries(world, asked, "city-office")[LICENCES].value.number is None
    assert fill(world, asked, "city-office", {LICENCES: "12", FEES: "30.50"}, note="窗口台账") == 2
    tally = Tally.objects.get(measure="keyareas.decisions")
    assert (tally.organ_id, tally.period_from, tally.period_to) == (office.pk, QUARTER.start, QUARTER.end)
    assert (tally.dimensions, tally.source, tally.note) == ({"row": "admin_license"}, "unit", "窗口台账")
    assert tally.author == clerk(world, "city-office", "handler").key
    found = entries(world, asked, "city-office")
    assert (found[LICENCES].value.number, found[LICENCES].source) == (12, "单位填报")
    assert str(found[FEES].value.number) == "30.5000"
    assert fill(world, asked, "city-office", {LICENCES: "13"}, note="漏数一件") == 1
    assert entries(world, asked, "city-office")[LICENCES].value.number == 13
    assert (
        Tally.objects.filter(measure="keyareas.decisions").count() == 2
    )  # the first is superseded, not lost
    with pytest.raises(Refused, match="与现在的相同"):
        fill(world, asked, "city-office", {LICENCES: "13"})


def test_who_never_said_how_it_keeps_a_register_says_so_with_the_count(world: World, asked: Round) -> None:
    assert entries(world, asked, "county-b")[LICENCES].source == "未设台账方式"
    fill(world, asked, "county-b", {LICENCES: "0"}, absent=[FEES])
    modes = dict(Coverage.objects.filter(path=world.organs["county-b"].path).values_list("register", "mode"))
    assert modes == {"acts.decisions": "tally", "acts.fees": "none"}
    found = entries(world, asked, "county-b")
    assert [found[LICENCES].value.number, found[FEES].value.number] == [0, 0]
    assert found[FEES].source == "不涉及"
    with pytest.raises(ValidationError, match="已经设置台账方式"):
        fill(world, asked, "county-b", {}, absent=[FEES])
    with pytest.raises(ValidationError, match="登记为不涉及"):
        fill(world, asked, "county-b", {FEES: "1"})


@pytest.mark.parametrize(
    ("counts", "absent", "words"),
    [
        ({LICENCES: "很多"}, [], "不是数字"),
        ({LICENCES: "-1"}, [], "不能是负数"),
        ({LICENCES: "1.5"}, [], "应为整数"),
        ({LICENCES: "1e400000"}, [], "."),
        ({LICENCES: "NaN"}, [], "不是数字"),
        ({99: "1"}, [], "没有这一项"),
        ({}, [99], "没有这一项"),
        ({LICENCES: "1"}, [LICENCES], "二者选一"),
    ],
)
def test_bad_counts_change_nothing(
    world: World, asked: Round, counts: dict[int, str], absent: list[int], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        fill(world, asked, "county-b", {FEES: "5", **counts}, absent=absent)
    assert not Tally.objects.exists()
    assert not Coverage.objects.filter(path=world.organs["county-b"].path).exists()


def test_nothing_filled_is_said(world: World, asked: Round) -> None:
    with pytest.raises(Refused, match="没有填写任何数字"):
        fill(world, asked, "city-office", {LICENCES: "  "})


def test_a_count_of_the_whole_year_already_there_is_not_doubled(world: World, asked: Round) -> None:
    with on_day(D(2023, 1, 5)):
        tallies.record_tally(
            by=world.actor("city-office", "handler", "tallies"),
            organ=world.organs["city-office"],
            measure="keyareas.decisions",
            dimensions={"row": "admin_license"},
            period=Period.year(2022),
            value=40,
        )
    with pytest.raises(ValidationError, match="期间重叠"):
        fill(world, asked, "city-office", {LICENCES: "10"})


def test_unknown_figures_need_words(world: World, asked: Round) -> None:
    with pytest.raises(ValidationError, match="还有2项没有数：处理决定数量（行政许可）、"):
        hand_in(world, asked, "city-office")
    fact = hand_in(world, asked, "city-office", "许可数按年统计。")
    assert [value.number for value in filling.frozen(fact)] == [0, 0, None, None]


def test_figures_moved_since_the_page_was_opened_are_not_passed_on(world: World, asked: Round) -> None:
    seen = filling.fingerprint(entries(world, asked, "city-edu"))
    case(world.organs["city-edu"], received=D(2022, 11, 1))
    with pytest.raises(Refused, match="在您打开页面之后有变动"):
        hand_in(world, asked, "city-edu", seen=seen)
    hand_in(world, asked, "city-edu", seen=filling.fingerprint(entries(world, asked, "city-edu")))


def test_what_was_handed_in_stays_and_what_moved_since_is_told(world: World, asked: Round) -> None:
    fact = hand_in(world, asked, "city-edu")
    confirm(world, asked, "city-edu")
    assert filling.moved(fact, entries(world, asked, "city-edu")) == []
    case(world.organs["city-edu"], received=D(2022, 11, 1))
    with on_day(D(2023, 1, 13)):
        keyareas.add_decision(
            by=world.actor("city-edu", "office", "acts"),
            organ=world.organs["city-edu"],
            row="admin_license",
            number="许可1号",
            decided_on=D(2022, 12, 1),
        )
    (first, second) = filling.moved(fact, entries(world, asked, "city-edu"))
    assert (first.column.measure.key, first.then.number, first.now.number) == ("requests.received", 0, 1)
    assert (second.column.measure.key, second.now.number) == ("keyareas.decisions", 1)
    assert [value.number for value in filling.frozen(fact)] == [0, 0, 0, 0]
    with pytest.raises(Refused, match="现在是“已确认”"):
        fill(world, asked, "city-edu", {LICENCES: "1"})


def test_the_matrix_adds_up_and_the_missing_are_unknown(world: World, asked: Round) -> None:
    case(world.organs["city-edu"], received=D(2022, 11, 1))
    fill(world, asked, "city-office", {LICENCES: "12", FEES: "0"})
    hand_in(world, asked, "city-office")
    hand_in(world, asked, "city-edu")
    matrix = filling.matrix(asked, queries.standings(asked, DUE))
    assert [one.duty.organ.code for one, _values in matrix.lines] == list(UNITS)
    total = matrix.totals[LICENCES]
    assert (total.number, total.at_least) == (None, 12)
    assert total.missing == ("甲市东县人民政府", "甲市西区人民政府")
    for code in ("county-a", "county-b"):
        hand_in(world, asked, code, "另报。")
    assert matrix.totals[RECEIVED].number is None
    matrix = filling.matrix(asked, queries.standings(asked, DUE))
    assert matrix.totals[RECEIVED].number == 1
    assert matrix.totals[LICENCES].number is None  # the counties do not know theirs


def test_a_sheet_is_not_handed_in_before_the_period_ends(world: World) -> None:
    with on_day(D(2022, 12, 1)):
        by = clerk(world, "city", day=D(2022, 12, 1))
        sheet = sheets.define(
            by=by,
            organ=world.organs["city"],
            name="季报",
            basis="制度",
            frequency="quarter",
            keys=["requests.received|"],
        )
        round_ = actions.open_sheet(by=by, sheet=sheet, year=2022, index=4)
        with pytest.raises(ValidationError, match="统计期尚未开始"):
            actions.open_sheet(by=by, sheet=sheet, year=2023, index=1)
    with pytest.raises(Refused, match="统计期到2022年12月31日才结束"):
        hand_in(world, round_, "city-edu", day=D(2022, 12, 31))
    hand_in(world, round_, "city-edu", day=D(2023, 1, 1))


def test_only_the_units_chosen_are_asked(world: World) -> None:
    sheet = defined(world, units=[world.organs["city-edu"], world.organs["county-a"]])
    with on_day(ASKED):
        round_ = actions.open_sheet(by=clerk(world, "city"), sheet=sheet, year=2022, index=4)
    assert {one.organ.code for one in round_.duties.all()} == {"city-edu", "county-a"}
    world.organ("city-new", "甲市新局", "department", "city", "city")
    assert queries.newcomers(round_) == []


def test_a_period_is_asked_once_and_a_sheet_out_of_use_not_at_all(world: World, asked: Round) -> None:
    assert asked.sheet is not None
    by = clerk(world, "city")
    with on_day(ASKED):
        with pytest.raises(Refused, match="2022年第四季度已经在报送"):
            actions.open_sheet(by=by, sheet=asked.sheet, year=2022, index=4)
        with pytest.raises(ValidationError, match="没有这个统计期"):
            actions.open_sheet(by=by, sheet=asked.sheet, year=2022, index=5)
        actions.cancel(by=by, round_=asked, reason="选错了季度")
        assert actions.open_sheet(by=by, sheet=asked.sheet, year=2022, index=4).number == 2
        sheets.end(by=by, sheet=asked.sheet)
        with pytest.raises(Refused, match="已经停用"):
            actions.open_sheet(by=by, sheet=asked.sheet, year=2022, index=3)
        with pytest.raises(Refused, match="已经停用"):
            sheets.end(by=by, sheet=asked.sheet)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"keys": []}, "至少选一项"),
        ({"keys": ["没有|"]}, "没有指标"),
        ({"keys": ["requests.received|kind=alien"]}, "没有这样的分类"),
        ({"keys": ["requests.received|colour=red"]}, "没有这样的分类"),
        ({"keys": ["keyareas.items_prev_year|row=admin_license"]}, "按整年填报"),
        ({"days": 0}, "报送期限"),
        ({"days": 61}, "报送期限"),
        ({"name": " "}, ""),
        ({"basis": "长" * 201}, ""),
        ({"frequency": "week"}, ""),
        ({"day_kind": "moons"}, ""),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused(world: World, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words or None):
        defined(world, **given)
    assert not Sheet.objects.exists()


def test_units_outside_are_refused(world: World) -> None:
    with on_day(ASKED), pytest.raises(ValidationError, match="不是下级单位"):
        sheets.define(
            by=clerk(world, "county-a"),
            organ=world.organs["county-a"],
            name="季报",
            basis="制度",
            frequency="quarter",
            keys=KEYS,
            units=[world.organs["city-edu"]],
        )


def test_a_tampered_submission_is_found(world: World, asked: Round) -> None:
    fact = hand_in(world, asked, "city-edu")
    cells = [{**cell, "number": "7"} for cell in fact.content["cells"]]
    RoundFact.objects.filter(pk=fact.pk).update(content={"cells": cells})
    (problem,) = verify.problems()
    assert "甲市教育局" in problem


def test_a_column_that_differs_from_the_facts_is_found(world: World, asked: Round) -> None:
    Duty.objects.filter(round=asked, organ=world.organs["city-edu"]).update(stage="accepted")
    Round.objects.filter(pk=asked.pk).update(closed_on=DUE)
    assert len(list(verify.problems())) == 2


def test_titles_speak_of_the_period(world: World, asked: Round) -> None:
    titles = [entry.column.title for entry in entries(world, asked, "city-edu")]
    assert titles[:2] == ["本期新收政府信息公开申请数量", "办理结果（自然人）"]


def test_the_overview_costs_the_same_for_many_units(world: World, asked: Round) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            filling.matrix(asked, queries.standings(asked, DUE))
        return len(found)

    few = cost()
    for number in range(6):
        world.organ(f"extra-{number}", f"甲市第{number}局", "department", "city", "city")
    with on_day(ASKED):
        actions.include(by=clerk(world, "city"), round_=asked)
    assert len(queries.standings(asked, DUE)) == 10
    assert cost() == few
