"""The processing fee against the schedules' boundary values and its invariants."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.fees import explain_items, explain_pages, fee_items, fee_month, fee_pages, pay_due, rate
from gongkai.law.workdays import Calendar

ITEMS = {
    0: 0,
    10: 0,
    11: 100,
    12: 200,
    23: 1300,
    30: 2000,
    31: 2200,
    35: 3000,
    40: 4000,
    41: 4300,
    50: 7000,
    51: 7400,
    60: 11000,
    61: 11500,
}
PAGES = {
    0: 0,
    30: 0,
    31: 10,
    100: 700,
    101: 720,
    120: 1100,
    150: 1700,
    200: 2700,
    201: 2740,
    250: 4700,
    1500: 54700,
}


@pytest.mark.parametrize(("n", "yuan"), ITEMS.items())
def test_by_item(n: int, yuan: int) -> None:
    assert fee_items(n) == yuan


@pytest.mark.parametrize(("p", "yuan"), PAGES.items())
def test_by_page(p: int, yuan: int) -> None:
    assert fee_pages(p) == yuan


@pytest.mark.parametrize(
    ("k", "yuan"),
    [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400), (60, 400)],
)
def test_rate_of_the_kth_item(k: int, yuan: int) -> None:
    assert rate(k) == yuan


@given(st.integers(0, 3000))
def test_the_sum_of_the_rates_is_the_fee(n: int) -> None:
    assert fee_items(n) == sum(rate(k) for k in range(1, n + 1))


@given(st.integers(0, 10**30))
def test_the_lines_add_up_and_stay_few(n: int) -> None:
    for fee, units in ((explain_items(n), n), (explain_pages(n), n)):
        assert fee.amount_yuan == sum(line.amount_yuan for line in fee.lines)
        assert sum(line.count for line in fee.lines) == units
        assert 1 <= len(fee.lines) <= 23
    assert explain_items(n).amount_yuan == fee_items(n)
    assert explain_pages(n).amount_yuan == fee_pages(n)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_never_costs_less(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert fee_items(low) <= fee_items(high)
    assert fee_pages(low) <= fee_pages(high)


@given(st.integers(1, 200), st.integers(0, 100))
def test_a_month_by_item_alone_is_the_difference_of_two_fees(first: int, more: int) -> None:
    assert fee_month(first, first + more).amount_yuan == fee_items(first + more) - fee_items(first - 1)


def test_an_item_charged_by_page_keeps_its_place_in_the_month() -> None:
    fee = fee_month(11, 15, {13: 120})
    assert fee.amount_yuan == 1500
    assert [line.amount_yuan for line in fee.lines] == [100, 100, 1100, 100, 100]


def test_each_month_begins_anew() -> None:
    assert fee_items(12) + fee_items(12) == 400 != fee_items(24)


@pytest.mark.parametrize(
    ("first", "last", "pages"), [(0, 3, {}), (5, 4, {}), (11, 15, {16: 40}), (11, 15, {12: -1})]
)
def test_impossible_months_are_refused(first: int, last: int, pages: dict[int, int]) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        fee_month(first, last, pages)


def test_negative_numbers_are_refused() -> None:
    for compute in (fee_items, fee_pages, rate):
        with pytest.raises(ValueError, match=r"。$"):
            compute(-1)


def test_the_lines_say_how_1300_yuan_come_about() -> None:
    assert [line.text for line in explain_items(23).lines] == [
        "第1至10件，不收费：10件，计0元",
        "第11至30件，每件100元：13件，计1300元",
    ]


def test_payment_term_counts_from_the_day_after_service() -> None:
    assert pay_due(date(2026, 3, 20), Calendar.shipped()) == date(2026, 4, 20)
