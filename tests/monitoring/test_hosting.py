"""Which site a host name picks, what is kept in a process, and when it is read again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost
from django.http.request import validate_host
from django.test import RequestFactory

from gongkai.base.hosts import AllowedHosts
from gongkai.monitoring import actions, hosting
from gongkai.monitoring.models import Site
from tests.monitoring.conftest import OPENED, new_site
from tests.support.world import TEST, World


@pytest.mark.parametrize(
    "host", ["www.jia.gov.cn", "WWW.JIA.gov.cn", "www.jia.gov.cn:8000", "www.jia.gov.cn."]
)
def test_a_host_picks_its_site(site: Site, host: str) -> None:
    found = hosting.for_host(host)
    assert found is not None
    assert found.pk == site.pk


def test_other_hosts_get_the_default_site_or_none(site: Site) -> None:
    assert hosting.for_host("127.0.0.1") is None
    assert hosting.for_host("[::1]:8000") is None
    actions.make_default(site, by=TEST)
    assert getattr(hosting.for_host("[::1]:8000"), "pk", None) == site.pk


def test_a_site_hosted_elsewhere_or_not_open_yet_answers_nothing(world: World) -> None:
    away = new_site(world.organs["county-a"], served=False)
    actions.add_domain(away, by=TEST, name="www.yi.gov.cn", use="main", valid_from=OPENED)
    planned = actions.register_site(by=TEST, organ=world.organs["county-b"], name="筹建", kind="portal")
    actions.add_domain(planned, by=TEST, name="www.bing.gov.cn", use="main", valid_from=OPENED)
    assert not hosting.hosts()
    assert not hosting.now().own


def test_only_a_running_sites_domains_are_linked_to_without_a_warning(site: Site) -> None:
    actions.add_domain(site, by=TEST, name="jia.example", use="other", valid_from=OPENED)
    assert hosting.now().own == {"www.jia.gov.cn", "jia.example"}
    actions.step(
        site, by=TEST, kind="closing", on=dt.date(2022, 3, 1), until=dt.date(2022, 4, 1),
        new_address="http://www.yi.gov.cn/", reason="合并",
    )  # fmt: skip
    assert hosting.now().own == {"www.jia.gov.cn", "jia.example"}
    actions.step(site, by=TEST, kind="closed", on=dt.date(2022, 4, 2))
    assert not hosting.now().own


def test_a_cancelled_domain_is_no_longer_answered_for(site: Site) -> None:
    actions.cancel_domain(site.domains.get(), by=TEST, on=dt.date(2022, 1, 1))
    assert not hosting.hosts()


def test_asking_again_reads_nothing(site: Site, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        hosting.for_host("www.jia.gov.cn")
    with django_assert_num_queries(0):
        for _ in range(50):
            hosting.for_host("www.jia.gov.cn")
            hosting.for_host("nobody.example")


@pytest.mark.django_db(transaction=True)
def test_another_process_that_changed_the_register_is_noticed(transactional_db: None) -> None:
    from tests.support.world import small_city

    site = new_site(small_city().organs["city"])
    assert hosting.for_host("www.jia.gov.cn") is None
    kept = hosting._kept
    actions.add_domain(site, by=TEST, name="www.jia.gov.cn", use="main", valid_from=OPENED)
    hosting._kept = kept  # as a process that was not told keeps it
    assert getattr(hosting.for_host("www.jia.gov.cn"), "pk", None) == site.pk


def test_a_successors_site_shows_what_its_predecessors_left(world: World) -> None:
    made = new_site(world.organs["county-b"])
    actions.add_domain(made, by=TEST, name="www.b.gov.cn", use="main", valid_from=OPENED)
    found = hosting.for_host("www.b.gov.cn")
    assert found is not None
    assert found.roots == (world.organs["county-b"].path, world.organs["old-b"].path)


def test_allowed_hosts_are_the_configured_and_the_registered(site: Site, settings: Any) -> None:
    settings.ALLOWED_HOSTS = AllowedHosts(["127.0.0.1"])
    assert validate_host("www.jia.gov.cn", settings.ALLOWED_HOSTS)
    assert not validate_host("evil.jia.gov.cn", settings.ALLOWED_HOSTS)
    assert not validate_host("evil.example", settings.ALLOWED_HOSTS)
    assert RequestFactory().get("/", headers={"host": "www.jia.gov.cn:8443"}).get_host()
    with pytest.raises(DisallowedHost):
        RequestFactory().get("/", headers={"host": "evil.example"}).get_host()


def test_a_configured_host_does_not_ask_the_register(settings: Any) -> None:
    """No database here: the test would fail if it were asked."""
    assert validate_host("127.0.0.1", AllowedHosts(["127.0.0.1"]))
