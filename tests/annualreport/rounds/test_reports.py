"""Collecting the reports of a year: handed in, returned, corrected, accepted, and what the collecting report makes of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport import actions as annual
from gongkai.annualreport import checking
from gongkai.annualreport.compile import compile
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rounds import actions, queries, reports, verify
from gongkai.annualreport.rounds.models import RoundFact
from gongkai.base.clock import on_day
from gongkai.forms.findings import Result
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import publish, reporter, sign_off, submitted, zero_tables
from tests.annualreport.records import case
from tests.annualreport.rounds.flow import (
    D,
    accept,
    clerk,
    duty,
    hand_in,
    opened,
    return_,
    standing,
)
from tests.support.world import World

CHILDREN = ("city-office", "city-edu", "county-a", "county-b")
BELOW_A = ("county-a-office", "town-a1")
CELL = "table3.new_received.total"


def below(world: World, code: str) -> None:
    """The reports of everybody below a county, so that it can sign."""
    for child in BELOW_A if code == "county-a" else ():
        sign_off(world, child, 2022)


def signed(world: World, code: str) -> ReportVersion:
    below(world, code)
    return sign_off(world, code, 2022)


def corrected(world: World, version: ReportVersion, day: dt.date) -> ReportVersion:
    """A correction of a signed version, signed again."""
    code = version.report.organ.code
    with on_day(day):
        draft = annual.open_correction(by=reporter(world, code, "office"), report=version.report, note="更正")
        annual.submit(by=reporter(world, code, "office"), version=draft)
        return annual.sign(by=reporter(world, code, "leader"), version=draft)


def test_children_of_the_report_owe_and_nobody_else(world: World) -> None:
    round_ = opened(world)
    assert [one.organ.code for one in round_.duties.order_by("path")] == list(CHILDREN)
    assert {one.stage for one in round_.duties.all()} == {"waiting"}
    assert list(verify.problems()) == []


def test_an_organ_that_ended_in_the_year_still_owes_and_its_successor_may_hand_in(world: World) -> None:
    with on_day(D(2022, 1, 10)):
        round_ = actions.open_reports(
            by=clerk(world, "city", day=D(2022, 1, 10)), organ=world.organs["city"], year=2021
        )
    assert "old-b" in {one.organ.code for one in round_.duties.all()}
    heir = world.actor("county-b", "office", "rounds", D(2022, 1, 10))
    with on_day(D(2022, 1, 12)), pytest.raises(Refused, match="还没有签发"):
        reports.submit(by=heir, duty=duty(world, round_, "old-b"), version=_draft_of_old(world))


def _draft_of_old(world: World) -> ReportVersion:
    by = next(a for a in [world.actor("county-b", "office", "reports", D(2022, 1, 10))])
    return annual.open_report(by=by, organ=world.organs["old-b"], year=2021)


def test_only_what_was_accepted_is_final_above(world: World) -> None:
    versions = {code: signed(world, code) for code in CHILDREN}
    city = world.organs["city"]
    assert all(line.is_final for line in compile(city, 2022).children)
    round_ = opened(world)
    lines = compile(city, 2022).children
    assert not any(line.is_final for line in lines)
    assert {line.source for line in lines} == {"frozen"}  # the figures stand, they are not final
    for code in CHILDREN:
        hand_in(world, round_, versions[code], D(2023, 1, 20))
    assert not any(line.is_final for line in compile(city, 2022).children)
    accept(world, round_, *CHILDREN)
    assert all(line.is_final for line in compile(city, 2022).children)
    assert compile(city, 2022).children[0].as_json()["version"] == versions["city-office"].pk


def test_one_that_is_late_keeps_the_parent_from_signing_by_name(world: World) -> None:
    versions = {code: signed(world, code) for code in CHILDREN}
    round_ = opened(world)
    for code in CHILDREN[:-1]:
        hand_in(world, round_, versions[code], D(2023, 1, 20))
    accept(world, round_, *CHILDREN[:-1])
    version = submitted(world, "city", 2022)
    (finding,) = [one for one in checking.from_records(version.findings) if one.rule == "R-MISS"]
    assert finding.result is Result.CANNOT_BE_JUDGED
    assert finding.waiting_for == ("甲市西区人民政府",)
    leader = reporter(world, "city", "leader", D(2023, 4, 1))
    with on_day(D(2023, 4, 1)):
        assert standing(world, round_, "county-b", D(2023, 4, 1)).late
        with pytest.raises(Refused, match="甲市西区人民政府的年度报告尚未报送，汇总报告不能签发"):
            annual.sign(by=leader, version=version)
        hand_in(world, round_, versions["county-b"], D(2023, 4, 1))
        with pytest.raises(Refused, match="甲市西区人民政府的年度报告已报送，尚未接收"):
            annual.sign(by=leader, version=version)
        accept(world, round_, "county-b", day=D(2023, 4, 1))
        assert annual.sign(by=leader, version=version).hash
    assert standing(world, round_, "county-b", D(2023, 5, 1)).days_late == 1


def test_returned_corrected_and_handed_in_again(world: World) -> None:
    organ = world.organs["city-edu"]
    first = signed(world, "city-edu")
    round_ = opened(world)
    hand_in(world, round_, first, D(2023, 1, 20))
    owed = return_(world, round_, "city-edu", until=D(2023, 2, 3))
    assert (owed.stage, owed.deadline) == ("returned", D(2023, 2, 3))
    remark = standing(world, round_, "city-edu", D(2023, 1, 26)).remark
    assert remark is not None
    assert remark.note == "请核对第三部分。"
    with pytest.raises(ValidationError, match="请先编制更正版"):
        hand_in(world, round_, first, D(2023, 1, 26))
    case(organ, received=D(2022, 3, 1), closed=D(2022, 3, 20))
    second = corrected(world, first, D(2023, 1, 27))
    assert compile(world.organs["city"], 2022).figures.number(CELL) == 1
    hand_in(world, round_, second, D(2023, 1, 28))
    accept(world, round_, "city-edu", day=D(2023, 1, 30))
    owed = duty(world, round_, "city-edu")
    assert (owed.stage, owed.accepted_id) == ("accepted", second.pk)
    kinds = [fact.kind for fact in standing(world, round_, "city-edu", D(2023, 2, 1)).facts]
    assert kinds == ["submitted", "returned", "submitted", "accepted"]
    assert list(verify.problems()) == []


def test_a_returned_report_may_come_back_unchanged_with_an_answer(world: World) -> None:
    version = signed(world, "city-edu")
    round_ = opened(world)
    hand_in(world, round_, version, D(2023, 1, 20))
    return_(world, round_, "city-edu")
    owed = hand_in(world, round_, version, D(2023, 1, 26), note="经核对无误，原样再报。")
    assert owed.stage == "submitted"


def test_what_was_accepted_counts_until_a_correction_is_accepted(world: World) -> None:
    first = signed(world, "city-edu")
    round_ = opened(world)
    hand_in(world, round_, first, D(2023, 1, 20))
    accept(world, round_, "city-edu")
    case(world.organs["city-edu"], received=D(2022, 3, 1), closed=D(2022, 3, 20))
    second = corrected(world, first, D(2023, 2, 1))
    city = world.organs["city"]
    edu = world.organs["city-edu"].pk

    def line() -> tuple[int | None, bool, object]:
        found = next(one for one in compile(city, 2022).children if one.organ_id == edu)
        return found.version_id, found.is_final, found.figures.number(CELL)

    assert line() == (first.pk, True, 0)
    hand_in(world, round_, second, D(2023, 2, 2))
    assert line() == (first.pk, True, 0)
    accept(world, round_, "city-edu", day=D(2023, 2, 3))
    assert line() == (second.pk, True, 1)
    return_(world, round_, "city-edu", D(2023, 2, 4), until=D(2023, 2, 9))
    assert line()[1] is False


def test_a_correction_returned_leaves_what_was_accepted(world: World) -> None:
    first = signed(world, "city-edu")
    round_ = opened(world)
    hand_in(world, round_, first, D(2023, 1, 20))
    accept(world, round_, "city-edu")
    second = corrected(world, first, D(2023, 2, 1))
    hand_in(world, round_, second, D(2023, 2, 2))
    owed = return_(world, round_, "city-edu", D(2023, 2, 3), until=D(2023, 2, 9))
    assert owed.accepted_id == first.pk


def test_a_report_on_paper_is_taken_in_for_who_does_not_work_here(world: World) -> None:
    round_ = opened(world)
    tables = zero_tables(2022)
    tables["table3"]["new_received"] = dict.fromkeys(tables["table3"]["new_received"], 0) | {
        "natural_person": 4,
        "total": 4,
    }
    with on_day(D(2023, 1, 20)):
        office = clerk(world, "city")
        owed = duty(world, round_, "county-b")
        with pytest.raises(ValidationError, match="还没有导入"):
            reports.receive(by=office, duty=owed, source="纸质报告，1月19日收到")
        fact = reports.receive(by=office, duty=owed, source="纸质报告，1月19日收到", tables=tables)
    assert fact.content == {"on_behalf": True}
    county = world.organs["county-b"].pk
    line = next(one for one in compile(world.organs["city"], 2022).children if one.organ_id == county)
    # accepted by hand, it stands although the county's registers are kept here
    assert (line.source, line.is_final, line.figures.number(CELL)) == ("imported", True, 4)


def test_no_paper_for_who_signed_here(world: World) -> None:
    signed(world, "city-edu")
    round_ = opened(world)
    with on_day(D(2023, 1, 20)), pytest.raises(Refused, match="请由该单位报送"):
        reports.receive(
            by=clerk(world, "city"),
            duty=duty(world, round_, "city-edu"),
            source="纸质",
            tables=zero_tables(2022),
        )


@pytest.mark.parametrize(
    ("code", "year", "words"),
    [("city-office", 2022, "不是应报送的那一份"), ("city-edu", 2021, "不是应报送的那一份")],
)
def test_another_report_is_not_handed_in(world: World, code: str, year: int, words: str) -> None:
    version = publish(world, code, year)
    round_ = opened(world)
    with on_day(D(2023, 1, 20)), pytest.raises(Refused, match=words):
        reports.submit(by=clerk(world, "city-edu"), duty=duty(world, round_, "city-edu"), version=version)


def test_a_draft_or_the_same_version_twice_is_not_handed_in(world: World) -> None:
    round_ = opened(world)
    version = submitted(world, "city-edu", 2022)
    with pytest.raises(Refused, match="还没有签发"):
        hand_in(world, round_, version, D(2023, 1, 20))
    with on_day(D(2023, 1, 18)):
        annual.sign(by=reporter(world, "city-edu", "leader"), version=version)
    hand_in(world, round_, version, D(2023, 1, 20))
    with pytest.raises(Refused, match="已经报送过"):
        hand_in(world, round_, version, D(2023, 1, 20))
    accept(world, round_, "city-edu")
    with pytest.raises(Refused, match="已经报送过"):
        hand_in(world, round_, version, D(2023, 1, 26))


def test_a_tampered_version_is_not_handed_in(world: World) -> None:
    round_ = opened(world)
    version = signed(world, "city-edu")
    ReportVersion.objects.filter(pk=version.pk).update(sections={"s5": {"": "改过"}})
    with pytest.raises(Refused, match="校验值不符"):
        hand_in(world, round_, version, D(2023, 1, 20))


def test_a_county_collects_for_itself(world: World) -> None:
    """Each tier its own round: the county's children are final for the county when it accepted them."""
    for code in BELOW_A:
        sign_off(world, code, 2022)
    round_ = opened(world, "county-a")
    county = world.organs["county-a"]
    assert not any(line.is_final for line in compile(county, 2022).children)
    for code in BELOW_A:
        version = ReportVersion.objects.get(report__organ__code=code)
        hand_in(world, round_, version, D(2023, 1, 20))
    accept(world, round_, *BELOW_A)
    assert all(line.is_final for line in compile(county, 2022).children)


def test_without_a_round_signed_is_final_as_before(world: World) -> None:
    signed(world, "city-edu")
    line = next(
        one
        for one in compile(world.organs["city"], 2022).children
        if one.path.endswith(world.organs["city-edu"].path)
    )
    assert line.is_final
    assert "collected" not in line.as_json()
    assert line.collected is None


def test_a_cancelled_round_is_as_if_there_were_none(world: World) -> None:
    signed(world, "city-edu")
    round_ = opened(world)
    with on_day(D(2023, 1, 11)):
        actions.cancel(by=clerk(world, "city"), round_=round_, reason="年度选错")
    edu = world.organs["city-edu"].pk
    line = next(one for one in compile(world.organs["city"], 2022).children if one.organ_id == edu)
    assert line.is_final
    again = opened(world)
    assert again.number == 2
    assert RoundFact.objects.filter(round=round_, kind="cancelled").get().note == "年度选错"


def test_somebody_registered_later_is_put_on_the_list(world: World) -> None:
    round_ = opened(world)
    with on_day(D(2023, 1, 11)), pytest.raises(Refused, match="名单齐全"):
        actions.include(by=clerk(world, "city"), round_=round_)
    world.organ("city-new", "甲市新局", "department", "city", "city")
    fresh = next(one for one in compile(world.organs["city"], 2022).children if one.label == "甲市新局")
    assert not fresh.is_final  # not on the list, so nobody accepted it
    assert [node.name for node in queries.newcomers(round_)] == ["甲市新局"]
    with on_day(D(2023, 1, 11)):
        actions.include(by=clerk(world, "city"), round_=round_)
    owed = duty(world, round_, "city-new")
    assert (owed.stage, owed.deadline) == ("waiting", D(2023, 1, 31))
    assert list(verify.problems()) == []
