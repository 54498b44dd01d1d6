"""Addresses nobody would write by hand answer with a page or a 404, never with an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.world import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.mark.parametrize("year", ["0000", "1999", "2101", "9" * 5000, "二〇二二", "-1"])
@pytest.mark.parametrize("name", ["library-compare", "library-outliers", "library-alike"])
def test_a_year_there_is_no_report_of_is_as_if_none_were_asked(
    world: World, sign_in: SignIn, name: str, year: str
) -> None:
    address, office = reverse(f"desk:{name}"), sign_in("city-office")
    asked = office.get(address, {"year": year, "per": "head"})
    assert asked.status_code == 200
    assert year_of(asked) == year_of(office.get(address, {"per": "head"}))


def year_of(page: Any) -> int | None:
    """The year the page shows."""
    question = page.context.get("question")
    return question.year if question else page.context["year"]


def test_an_empty_library_compares_nothing_by_inhabitants(world: World, sign_in: SignIn) -> None:
    assert sign_in("city-office").get(reverse("desk:library-compare"), {"per": "head"}).status_code == 200
