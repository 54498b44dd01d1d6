"""Bars: to scale, below zero to the left, unknown ones hatched and never a bar of nothing."""

from __future__ import annotations

from decimal import Decimal

from gongkai.desk.figures import chart
from gongkai.forms.values import known, unknown


def test_bars_are_to_scale() -> None:
    drawn = chart.bars([("2021", known(50)), ("2022", known(100))])
    assert drawn is not None
    half, whole = drawn.bars
    assert whole.width == 2 * half.width
    assert (half.text, whole.text) == ("50", "100")
    assert half.x == whole.x == drawn.zero


def test_what_is_below_zero_lies_left_of_it() -> None:
    drawn = chart.bars([("增", known(30)), ("减", known(-10))])
    assert drawn is not None
    grown, shrunk = drawn.bars
    assert grown.x == drawn.zero
    assert shrunk.x + shrunk.width == drawn.zero
    assert shrunk.text == "-10"


def test_unknown_is_hatched_with_what_there_is_at_least() -> None:
    drawn = chart.bars([("2020", unknown()), ("2021", unknown(5)), ("2022", known(Decimal("10")))])
    assert drawn is not None
    nothing, least, full = drawn.bars
    assert (nothing.hatched, least.hatched, full.hatched) == (True, True, False)
    assert (nothing.text, least.text) == ("未知", "至少 5")
    assert nothing.width > 0


def test_a_year_without_the_organ_has_no_bar() -> None:
    drawn = chart.bars([("2021", None), ("2022", known(0))])
    assert drawn is not None
    assert drawn.bars[0].width == 0
    assert drawn.bars[0].text == "当年没有这个机关"
    assert drawn.bars[1].text == "0"


def test_nothing_known_at_all_is_not_drawn() -> None:
    assert chart.bars([("2022", unknown()), ("2023", None)]) is None
