"""The register of sites on the desk: what an office may enter, and what is greyed for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.desk.registers.sites import SITES
from gongkai.monitoring import actions
from gongkai.monitoring.models import OldAddress, Site
from tests.monitoring.conftest import OPENED, new_site
from tests.support.world import TEST, World

SignIn = Callable[[str], Client]


def record(key: str, pk: int) -> str:
    return reverse("desk:register-record", args=[key, pk])


def act(key: str, pk: int, action: str) -> str:
    return reverse("desk:register-act", args=[key, pk, action])


def greyed(page: Any) -> dict[str, str]:
    return {action.key: str(reason) for action, reason in page.context["undoable"]}


@pytest.fixture
def main(world: World) -> Site:
    return new_site(world.organs["city"])


@pytest.fixture
def site(world: World, main: Site) -> Site:
    """A department's, which hangs on the city's."""
    return new_site(world.organs["city-edu"], kind="department", parent=main, joined_on=dt.date(2019, 3, 1))


@pytest.mark.parametrize("action", ["idle", "cancel"])
def test_a_day_left_empty_is_asked_for(site: Site, sign_in: SignIn, action: str) -> None:
    domain = actions.add_domain(site, by=TEST, name="edu.jia.gov.cn", use="main", valid_from=OPENED)
    answer = sign_in("city-edu-office").post(act("site-domains", domain.pk, action), {"on": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors["on"]


def test_an_office_keeps_and_picks_the_main_site_of_the_city(site: Site, main: Site, sign_in: SignIn) -> None:
    client, address = sign_in("city-edu-office"), act("sites", site.pk, "edit")
    form = client.get(address).context["form"]
    kept = {name: form[name].value() for name in actions.PROFILE}
    assert kept["parent"] == main.pk
    sent = {name: value for name, value in kept.items() if value not in (None, False)}
    answer = client.post(address, {**sent, "phone": "0379-00000009"})
    assert answer.status_code == 302, answer.context["form"].errors
    site.refresh_from_db()
    assert (site.phone, site.parent) == ("0379-00000009", main)
    offered = client.get(reverse("desk:register-create", args=["sites", "add"])).context["form"]["parent"]
    assert str(main) in str(offered)


def test_an_office_is_offered_no_neighbours_site_to_hang_on(
    site: Site, world: World, sign_in: SignIn
) -> None:
    neighbour = new_site(world.organs["county-a"])
    address = act("sites", site.pk, "edit")
    answer = sign_in("city-edu-office").post(address, {"name": "x", "parent": neighbour.pk})
    assert answer.context["form"].errors["parent"]


def test_the_default_site_is_chosen_by_who_keeps_the_settings(main: Site, sign_in: SignIn) -> None:
    page = sign_in("city-office-operator").get(record("sites", main.pk))
    assert page.status_code == 404  # no operator of this organ
    page = sign_in("city-operator").get(record("sites", main.pk))
    assert "default" not in greyed(page)
    assert sign_in("city-operator").post(act("sites", main.pk, "default")).status_code == 302
    assert Site.objects.get(pk=main.pk).is_default
    for who in ("city-office", "city-head"):
        page = sign_in(who).get(record("sites", main.pk))
        assert greyed(page)["default"] == "您现在的岗位可以查看，不能办理。"
        assert sign_in(who).post(act("sites", main.pk, "default")).status_code == 403


def test_what_is_over_is_greyed_with_the_actions_own_words(site: Site, sign_in: SignIn) -> None:
    client = sign_in("city-edu-office")
    domain = actions.add_domain(site, by=TEST, name="edu.jia.gov.cn", use="main", valid_from=OPENED)
    actions.cancel_domain(domain, by=TEST, on=OPENED)
    assert set(greyed(client.get(record("site-domains", domain.pk))).values()) == {"这个域名已经注销。"}
    link = actions.add_service(site, by=TEST, title="政务服务网", url="https://www.hnzwfw.gov.cn/")
    actions.end_service(link, by=TEST)
    assert greyed(client.get(record("site-services", link.pk))) == {
        "edit": "这个链接已经停用。",
        "end": "这个链接已经停用。",
    }
    first = site.steps.get()
    assert "第一步不能撤回" in greyed(client.get(record("site-steps", first.pk)))["withdraw"]


def test_a_former_address_is_deleted_from_its_own_page(site: Site, sign_in: SignIn) -> None:
    row = actions.add_old_address(site, by=TEST, old="/a.html", new="/policies/")
    client = sign_in("city-edu-office")
    assert record("site-old-addresses", row.pk) in client.get(record("sites", site.pk)).content.decode()
    answer = client.post(act("site-old-addresses", row.pk, "remove"))
    assert answer["Location"] == record("sites", site.pk)
    assert not OldAddress.objects.exists()


def test_a_long_part_says_that_there_is_more(site: Site, sign_in: SignIn) -> None:
    part = next(one for one in SITES.parts if one.register == "site-old-addresses")
    most = part.most or 0
    rows = [OldAddress(site=site, old=f"/{number:04d}", new="/") for number in range(most + 1)]
    OldAddress.objects.bulk_create(rows[:-1])
    client = sign_in("city-edu-office")
    assert "只列出前" not in client.get(record("sites", site.pk)).content.decode()
    OldAddress.objects.bulk_create(rows[-1:])
    page = client.get(record("sites", site.pk)).content.decode()
    assert f"只列出前{most}条，全部见" in page
    assert f"/{most - 1:04d}</a>" in page
    assert f"/{most:04d}</a>" not in page
