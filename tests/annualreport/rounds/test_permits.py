"""Every role in every state, for every action: allowed exactly where the table below says so, refused in words elsewhere."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport.rounds import actions, reports, sheets, workflow
from gongkai.annualreport.rounds.models import Duty, Round
from gongkai.base.clock import on_day
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import sign_off
from tests.annualreport.rounds.flow import D, accept, clerk, duty, hand_in, opened, return_
from tests.support.world import World

OFFICES = {"office", "head"}
# action → who, in which states of the round, in which stages of the duty, for which rounds
TABLE: dict[str, tuple[set[str], set[str], set[str], set[str]]] = {
    "deadline": (OFFICES, {"open"}, set(), {"reports", "sheet"}),
    "include": (OFFICES, {"open"}, set(), {"reports", "sheet"}),
    "close": (OFFICES, {"open"}, set(), {"reports", "sheet"}),
    "reopen": (OFFICES, {"closed"}, set(), {"reports", "sheet"}),
    "cancel": (OFFICES, {"open"}, set(), {"reports", "sheet"}),
    "extend": (OFFICES, {"open"}, {"waiting", "returned"}, {"reports", "sheet"}),
    "remind": (OFFICES, {"open"}, {"waiting", "returned"}, {"reports", "sheet"}),
    "accept": (OFFICES, {"open"}, {"submitted"}, {"reports", "sheet"}),
    "return": (OFFICES, {"open"}, {"submitted", "accepted"}, {"reports", "sheet"}),
    "receive": (OFFICES, {"open"}, {"waiting", "returned"}, {"reports"}),
    "submit": (OFFICES, {"open"}, set(Duty.Stage.values), {"reports"}),
    "fill": ({*OFFICES, "handler"}, {"open"}, {"waiting", "returned"}, {"sheet"}),
    "hand-in": ({*OFFICES, "handler"}, {"open"}, {"waiting", "returned"}, {"sheet"}),
}
STATES: dict[str, dict[str, Any]] = {
    "open": {},
    "closed": {"closed_on": D(2023, 2, 1)},
    "cancelled": {"cancelled_on": D(2023, 2, 1)},
}


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(workflow.BY_ACTION)


@pytest.mark.parametrize("action", sorted(TABLE))
def test_every_role_in_every_state(action: str) -> None:
    roles, states, stages, purposes = TABLE[action]
    for role, (state, days), stage, purpose in product(
        Role.values, STATES.items(), Duty.Stage.values, Round.Purpose.values
    ):
        round_ = Round(purpose=purpose, **days)
        found = workflow.refusal(action, role, round_, Duty(round=round_, stage=stage))
        allowed = (
            role in roles and state in states and purpose in purposes and (not stages or stage in stages)
        )
        assert (found is None) is allowed, (role, state, stage, purpose, found)
        assert found is None or str(found).endswith(("。", "”。"))


def test_nobody_acts_where_they_hold_no_post(world: World) -> None:
    """A county's office neither opens, accepts nor reminds in the city's round, nor hands in for its neighbour."""
    round_ = opened(world)
    county, day = clerk(world, "county-a"), D(2023, 1, 20)
    version = sign_off(world, "city-edu", 2022)
    hand_in(world, round_, version, day)
    edu, other = duty(world, round_, "city-edu"), duty(world, round_, "county-b")
    tries = [
        lambda: actions.open_reports(by=county, organ=world.organs["city"], year=2021),
        lambda: actions.accept(by=county, round_=round_, duties=[edu]),
        lambda: actions.return_(by=county, duty=edu, reason="理由"),
        lambda: actions.remind(by=county, round_=round_, duties=[other]),
        lambda: actions.extend(by=county, duty=other, day=D(2023, 3, 1), reason="理由"),
        lambda: actions.close(by=county, round_=round_),
        lambda: actions.cancel(by=county, round_=round_, reason="理由"),
        lambda: actions.include(by=county, round_=round_),
        lambda: reports.submit(by=county, duty=edu, version=version),
        lambda: reports.receive(by=county, duty=other, source="纸质", tables={}),
    ]
    for attempt in tries:
        with on_day(day), pytest.raises(Refused):
            attempt()
    assert duty(world, round_, "city-edu").stage == "submitted"


@pytest.mark.parametrize("role", [role for role in Role.values if role not in OFFICES])
def test_only_the_disclosure_office_opens_a_round_or_defines_a_sheet(world: World, role: str) -> None:
    try:
        by = clerk(world, "city", role)
    except StopIteration:
        return  # the role has no post that works on rounds at all: test_the_matrix proves it
    with on_day(D(2023, 1, 10)), pytest.raises(Refused, match="公开办"):
        actions.open_reports(by=by, organ=world.organs["city"], year=2022)
    with on_day(D(2023, 1, 10)), pytest.raises(Refused, match="公开办"):
        sheets.define(
            by=by, organ=world.organs["city"], name="季报", basis="制度", frequency="quarter", keys=[]
        )


def test_a_department_collects_nothing(world: World) -> None:
    with on_day(D(2023, 1, 10)), pytest.raises(Refused, match="没有要汇总的下级"):
        actions.open_reports(by=clerk(world, "city-edu"), organ=world.organs["city-edu"], year=2022)


def test_all_or_none_by_name(world: World) -> None:
    round_ = opened(world)
    hand_in(world, round_, sign_off(world, "city-edu", 2022), D(2023, 1, 20))
    with pytest.raises(Refused, match="甲市人民政府办公室：现在是“未报送”，不能“接收”。没有改动任何单位"):
        accept(world, round_, "city-edu", "city-office")
    assert duty(world, round_, "city-edu").stage == "submitted"


def test_duties_of_another_round_are_not_chosen(world: World) -> None:
    one, other = opened(world), opened(world, "county-a")
    stranger = duty(world, other, "town-a1")
    with on_day(D(2023, 1, 12)):
        found = actions.remind(
            by=clerk(world, "city"), round_=one, duties=[duty(world, one, "city-edu"), stranger]
        )
    assert [owed.organ.code for owed in found] == ["city-edu"]
    assert not stranger.facts.exists()


def test_a_reminder_a_day_is_enough(world: World) -> None:
    round_ = opened(world)
    by = clerk(world, "city")
    with on_day(D(2023, 1, 12)):
        assert len(actions.remind(by=by, round_=round_, note="请报送")) == 4
        with pytest.raises(Refused, match="今天已经催过"):
            actions.remind(by=by, round_=round_, duties=[duty(world, round_, "city-edu")])
        with pytest.raises(Refused, match="没有要催的单位"):
            actions.remind(by=by, round_=round_)
    with on_day(D(2023, 1, 13)):
        actions.extend(by=by, duty=duty(world, round_, "city-edu"), day=D(2023, 1, 25), reason="搬迁")
        assert len(actions.remind(by=by, round_=round_)) == 4  # another fact of today is no reminder


def test_reasons_are_required_and_bounded(world: World) -> None:
    round_ = opened(world)
    hand_in(world, round_, sign_off(world, "city-edu", 2022), D(2023, 1, 20))
    for reason in ("", "  ", "长" * 1001):
        with pytest.raises(ValidationError):
            return_(world, round_, "city-edu", reason=reason)
    with pytest.raises(ValidationError, match="不能早于今天"):
        return_(world, round_, "city-edu", until=D(2023, 1, 24))
    assert duty(world, round_, "city-edu").stage == "submitted"


def test_closing_waits_for_everybody_and_cancelling_for_nobody(world: World) -> None:
    round_ = opened(world, "county-a")
    by = clerk(world, "county-a")
    with on_day(D(2023, 1, 20)), pytest.raises(Refused, match="还有2家没有办完：东县人民政府办公室、"):
        actions.close(by=by, round_=round_)
    for code in ("county-a-office", "town-a1"):
        hand_in(world, round_, sign_off(world, code, 2022), D(2023, 1, 20))
    accept(world, round_, "county-a-office", "town-a1")
    with on_day(D(2023, 1, 26)):
        with pytest.raises(Refused, match="已经接收了单位的材料，不能撤销"):
            actions.cancel(by=by, round_=round_, reason="理由")
        actions.close(by=by, round_=round_)
        with pytest.raises(Refused, match="请上级先重新开放"):
            actions.return_(by=by, duty=duty(world, round_, "town-a1"), reason="理由")
        actions.reopen(by=by, round_=round_, reason="有更正")
        actions.return_(by=by, duty=duty(world, round_, "town-a1"), reason="理由")
    assert duty(world, round_, "town-a1").stage == "returned"


def test_a_year_is_collected_once_and_not_before_it_begins(world: World) -> None:
    opened(world)
    with pytest.raises(Refused, match="不能重复开始"):
        opened(world)
    with on_day(D(2023, 1, 10)), pytest.raises(ValidationError, match="尚未开始"):
        actions.open_reports(by=clerk(world, "city"), organ=world.organs["city"], year=2024)
