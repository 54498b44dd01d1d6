"""A series has no gaps and no doubles, whatever is rolled back and however many take from it at once."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.base import numbering
from tests.base.concurrently import concurrently


class Cancelled(Exception):
    """Something went wrong after a number was taken."""


def take_and(fail: bool) -> int | None:
    try:
        with transaction.atomic():
            number = numbering.take("case:2022")
            if fail:
                raise Cancelled
    except Cancelled:
        return None
    return number


class NoGaps(TestCase):
    @given(st.lists(st.booleans(), max_size=12))
    @settings(max_examples=30, deadline=None)
    def test_a_use_that_fails_gives_its_number_back(self, fates: list[bool]) -> None:
        taken = [number for number in map(take_and, fates) if number is not None]
        assert taken == list(range(1, len(taken) + 1))


@pytest.mark.django_db
def test_series_do_not_know_one_another() -> None:
    assert [numbering.take("a"), numbering.take("b"), numbering.take("a")] == [1, 1, 2]


@pytest.mark.django_db
def test_reserved_numbers_are_not_given_again_and_never_backwards() -> None:
    numbering.reserve("case:2022", through=40)
    assert numbering.take("case:2022") == 41
    numbering.reserve("case:2022", through=12)
    assert numbering.take("case:2022") == 42
    assert numbering.upcoming("case:2022") == 43


@pytest.mark.django_db
def test_the_next_number_can_be_asked_without_opening_the_series() -> None:
    assert numbering.upcoming("never used") == 1
    assert numbering.take("never used") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("use", [lambda: numbering.take("x"), lambda: numbering.reserve("x", 5)])
def test_outside_a_transaction_it_is_refused(use) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RuntimeError, match="transaction"):
        use()
    assert numbering.upcoming("x") == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_every_number_once_even_on_a_new_series() -> None:
    def work() -> list[int]:
        return [number for fail in (False, True, False, False) if (number := take_and(fail)) is not None]

    taken = sorted(number for numbers in concurrently(8, work) for number in numbers)
    assert taken == list(range(1, 8 * 3 + 1))


@pytest.mark.django_db
def test_many_series_are_taken_at_once_and_go_on_alone() -> None:
    with transaction.atomic():
        numbering.take("b")
        first = numbering.take_many({"a": 3, "b": 2})
    assert {key: list(numbers) for key, numbers in first.items()} == {"a": [1, 2, 3], "b": [2, 3]}
    with transaction.atomic():
        assert numbering.take_many({"b": 1, "c": 1}) == {"b": range(4, 5), "c": range(1, 2)}
        assert numbering.take("a") == 4
    assert [numbering.upcoming(key) for key in "abc"] == [5, 5, 2]
