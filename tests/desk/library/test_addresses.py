"""Addresses nobody would write by hand answer with a page or a 404, never with an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.world import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.mark.parametrize("year", ["0000", "1999", "2101", "9" * 5000])
def test_years_no_report_can_have_are_not_found(world: World, sign_in: SignIn, year: str) -> None:
    address = reverse("desk:library-compare")
    assert sign_in("city-office").get(address, {"year": year, "per": "head"}).status_code == 404


def test_an_empty_library_compares_nothing_by_inhabitants(world: World, sign_in: SignIn) -> None:
    assert sign_in("city-office").get(reverse("desk:library-compare"), {"per": "head"}).status_code == 200


@pytest.mark.parametrize("name", ["library-outliers", "library-alike"])
def test_a_year_of_thousands_of_digits_is_no_year(world: World, sign_in: SignIn, name: str) -> None:
    assert sign_in("city-office").get(reverse(f"desk:{name}"), {"year": "9" * 5000}).status_code == 200
