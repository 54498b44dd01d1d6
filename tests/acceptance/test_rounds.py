"""Collecting in the demo: 洛阳's round of 2022 on the demo's day, and 孟津县's sheet under its own rule on statistics."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.annualreport.compile import compile
from gongkai.annualreport.rounds import filling, queries
from gongkai.annualreport.rounds.models import Round
from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.demo.places import LUOYANG, MENGJIN
from gongkai.figures.values import evaluate


def test_the_round_of_2022_stands_as_a_visitor_finds_it(organ: Any) -> None:
    round_ = queries.standing_round(organ(LUOYANG), 2022)
    assert round_ is not None
    standings = queries.standings(round_, clock.today())
    counts = queries.count(standings)
    assert (counts.accepted, counts.submitted, counts.returned, counts.late) == (2, 1, 1, 1)
    (late,) = [one for one in standings if one.late]
    assert (late.duty.organ.code, late.clock) == ("ly-finance", "已逾期3天")
    final = {line.path for line in compile(organ(LUOYANG), 2022).children if line.is_final}
    assert final == {organ("ly-civil").path, organ("ly-justice").path}


@pytest.mark.seed("S271")
def test_the_countys_sheet_is_what_its_records_count(organ: Any) -> None:
    """孟津县's rule on statistics (one rule): filled from records, handed in, returned, confirmed, closed in time."""
    round_ = Round.objects.get(organ=organ(MENGJIN), purpose=Round.Purpose.SHEET)
    standings = queries.standings(round_, clock.today())
    assert {one.duty.stage for one in standings} == {"accepted"}
    assert not any(one.days_late for one in standings)
    kinds = [fact.kind for fact in standings[0].facts]
    assert kinds == ["submitted", "returned", "submitted", "accepted"]
    grid = evaluate(["requests.received"], round_.path, Period(round_.start, round_.end))
    matrix = filling.matrix(round_, standings)
    received = {one.duty.path: values[0].number for one, values in matrix.lines}
    assert received == {path: grid.value("requests.received", path).number for path in received}
    assert sum(number or 0 for number in received.values()) > 0
    assert (
        matrix.totals[-1].number is None
    )  # licences are counted by the year there: unknown for a quarter, not 0
    assert all(
        filling.moved(fact, filling.entries(one.duty)) == [] for one in standings if (fact := one.submitted)
    )
