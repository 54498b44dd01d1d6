"""Unknown is not zero: the states of a cell and the arithmetic on them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.forms.layout import Unit
from gongkai.forms.values import (
    BLANK,
    UNREAD,
    State,
    Value,
    add,
    has_four_decimals,
    inferred,
    known,
    money_text,
    normalise,
    parse_money,
    unknown,
    wan_from_yuan,
)

numbers = st.integers(0, 10**6)
values = st.one_of(
    numbers.map(known),
    st.sampled_from([BLANK, UNREAD, unknown()]),
    st.builds(unknown, numbers, st.lists(st.sampled_from(["甲局", "乙局", "丙局"]), max_size=3)),
    numbers.map(lambda n: inferred(n, "由各行之和推定")),
)


def test_a_sum_of_numbers_is_known() -> None:
    assert add([known(2), known(3)]) == known(5)
    assert add([]) == known(0)
    assert add([], Unit.MONEY_WAN) == known(Decimal("0.0000"))
    assert add([known(Decimal("0.1300")), known(Decimal("1.0000"))], Unit.MONEY_WAN) == known(
        Decimal("1.1300")
    )


def test_a_sum_with_an_unknown_part_says_at_least_and_who_is_missing() -> None:
    total = add([known(2), unknown(missing=["甲局"]), unknown(4, ["乙局", "甲局"])])
    assert total == unknown(6, ["甲局", "乙局"])
    assert total.number is None
    assert not total.is_known


def test_an_incomplete_sum_of_changes_has_no_lower_bound() -> None:
    assert add([known(-3), unknown()], Unit.CHANGE).at_least is None
    assert add([known(-3), known(2)], Unit.CHANGE) == known(-1)


def test_a_sum_with_an_inferred_part_is_inferred() -> None:
    assert add([known(2), inferred(1, "…")]).state is State.INFERRED
    assert add([known(2), inferred(1, "…")]).number == 3


@given(st.lists(values))
def test_a_sum_is_known_exactly_if_every_part_is(parts: list[Value]) -> None:
    total = add(parts)
    assert total.is_known is all(part.is_known for part in parts)
    least = sum(part.number if part.number is not None else part.at_least or 0 for part in parts)
    assert (total.number if total.is_known else total.at_least) == least
    assert set(total.missing) <= {name for part in parts for name in part.missing}


@pytest.mark.parametrize("state", [State.BLANK, State.UNREAD, State.UNKNOWN])
def test_only_known_and_inferred_cells_have_numbers(state: State) -> None:
    with pytest.raises(ValueError, match=state.value):
        Value(state, 0)
    with pytest.raises(ValueError, match="known"):
        Value(State.KNOWN)


def test_the_four_kinds_of_nothing_and_zero_are_different() -> None:
    assert len({BLANK, UNREAD, unknown(), inferred(0, ""), known(0)}) == 5


@pytest.mark.parametrize(
    ("yuan", "wan"), [(0, "0.0000"), (1300, "0.1300"), (1, "0.0001"), (10**8, "10000.0000")]
)
def test_yuan_become_wan_with_four_decimals(yuan: int, wan: str) -> None:
    assert money_text(wan_from_yuan(yuan)) == wan
    assert has_four_decimals(wan_from_yuan(yuan))


def test_amounts_keep_the_decimals_they_were_printed_with() -> None:
    assert not has_four_decimals(parse_money("0.13"))
    assert money_text(parse_money("0.13")) == "0.1300"
    assert money_text(parse_money("1993404")) == "1993404.0000"
    assert money_text(parse_money("0.123456")) == "0.123456"


@pytest.mark.parametrize("text", ["", "一百", "NaN", "Infinity", "1,300"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是金额"):
        parse_money(text)


def test_figures_are_numbers_of_their_unit() -> None:
    assert normalise(Decimal("5.0"), Unit.COUNT) == 5
    assert isinstance(normalise(Decimal("5.0"), Unit.COUNT), int)
    assert normalise(Decimal("5.5"), Unit.COUNT) == Decimal("5.5")
    assert has_four_decimals(Decimal(normalise(0, Unit.MONEY_WAN)))
    for wrong in (1.5, True, "5", None):
        with pytest.raises(TypeError):
            normalise(wrong, Unit.COUNT)  # type: ignore[arg-type]
