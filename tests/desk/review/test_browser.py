"""The review pages in a real browser: axe in both lights, nothing sideways on a phone, signing by keyboard without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock
from gongkai.documents.reviewing import KIND
from gongkai.review import actions, course
from gongkai.review.models import ConsultedParty, ReviewRun
from tests.review import support
from tests.review.support import actor, started
from tests.support.browser import NARROW, scrolls_sideways, violations
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CITY = "city-edu"


@pytest.fixture
def city(transactional_db: None) -> World:
    return small_city()


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any, city: World) -> Callable[..., Any]:
    def entered(role: str, address: str, **options: Any) -> Any:
        client = Client()
        client.force_login(city.people[f"{CITY}-{role}"])
        page = open_page(**options)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + address)
        return page

    return entered


def addresses(city: World) -> list[tuple[str, str]]:
    """Every page of the room, with who opens it."""
    run = started(city, body="机密★10年\n身份证11010519491231002X\n名单：张三、李四、王小明、赵六")
    asked = actions.consult(
        by=actor(city, CITY, "office"), run=run, question="是否同意", organs=[city.organs["county-a"]]
    )
    page, draft = reverse("desk:review", args=[run.pk]), support.edition(city.organs[CITY])
    return [
        ("office", reverse("desk:reviews")),
        ("office", reverse("desk:reviews-all")),
        ("office", page),
        ("office", f"{page}?do=opine"),
        ("office", f"{page}?do=return"),
        ("office", f"{page}?do=amend"),
        ("secrecy", f"{page}?do=conclude_secrecy"),
        ("secrecy", f"{page}?do=consult"),
        ("leader", reverse("desk:review-sheet", args=[run.pk])),
        ("leader", reverse("desk:review-drafts", args=[run.pk])),
        ("leader", reverse("desk:review-authorise")),
        ("handler", reverse("desk:review-submit", args=[KIND, draft.pk])),
        ("office", reverse("desk:review-party", args=[ConsultedParty.objects.get(consultation=asked).pk])),
        ("office", reverse("desk:today")),
    ]


def test_no_page_has_a_violation_or_scrolls_sideways(enter: Callable[..., Any], city: World) -> None:
    for role, address in addresses(city):
        page = enter(role, address)
        assert violations(page) == [], address
        page.emulate_media(color_scheme="dark")
        assert violations(page) == [], address
        page.context.close()
        phone = enter(role, address, viewport=NARROW)
        assert not scrolls_sideways(phone), address
        phone.context.close()


def test_a_step_is_signed_without_script(enter: Callable[..., Any], city: World) -> None:
    run = started(city)
    page = enter("office", reverse("desk:reviews"), java_script_enabled=False)
    page.click(f"text={run.title}")
    page.click("text=签署意见")
    page.check("text=修改后同意")
    page.click("main form button.btn--primary")
    assert "理由" in page.inner_text(".error-summary")
    page.fill("textarea[name=text]", "第一条加上起止时间")
    page.check("text=修改后同意")
    page.click("main form button.btn--primary")
    assert "意见已签署" in page.inner_text("main")
    assert ReviewRun.objects.get(pk=run.pk).state == course.AMENDING
    assert clock.today()
