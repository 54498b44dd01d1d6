"""The account pages and the warning page in a browser: nothing for axe to find, nothing wider than a narrow telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gongkai.monitoring import actions
from gongkai.portal import outbound
from tests.monitoring.conftest import new_site
from tests.support.browser import DESKTOP, NARROW, scrolls_sideways, violations
from tests.support.world import TEST, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320px"])
def test_axe_finds_nothing(live_server: Any, open_page: Callable[..., Any], size: dict[str, int]) -> None:
    site = new_site(small_city().organs["city"])
    actions.make_default(site, by=TEST)
    actions.add_service(
        site, by=TEST, title="政务服务网", url="https://www.hnzwfw.gov.cn/", note="查事项、在线办理"
    )
    page = open_page(viewport=size)

    def sound(path: str) -> None:
        page.goto(live_server.url + path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path

    long_one = outbound.address("https://example.com/" + "a-very-long-path" * 12)
    for path in ("/", "/account/sign-in/", "/account/register/", long_one):
        sound(path)
    page.goto(live_server.url + "/account/register/")
    for name, typed in (("login", "洛河边的人"), ("password", "kao-shan-lin-9"), ("again", "kao-shan-lin-9")):
        page.fill(f"[name={name}]", typed)
    with page.expect_navigation():
        page.click("main .btn--primary")
    for path in ("/account/", "/account/profile/", "/account/password/", "/account/delete/"):
        sound(path)
