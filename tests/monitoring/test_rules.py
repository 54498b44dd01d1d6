"""What is told of a site: one case for each rule that finds something, and a site that is in order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongkai.monitoring import actions, rules
from gongkai.monitoring.models import Site
from tests.monitoring.conftest import OPENED, new_site
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)


def codes(site: Site) -> list[str]:
    return [found.rule for found in rules.findings(Site.objects.get(pk=site.pk), DAY) if found.rule != "EM2"]


def test_a_site_in_order_is_told_nothing_but_the_missing_emblem(site: Site) -> None:
    assert [found.rule for found in rules.findings(site, DAY)] == ["EM2"]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("name", "甲市之窗", "SN1"),
        ("emblem", "", "EM1"),
        ("errors_url", "", "FT2"),
        ("id_code", "12345", "FT3"),
        ("phone", "", "FT5"),
        ("icp", "05000001", "FT6"),
        ("police", "41030000000001", "FT7"),
        ("ipv6", "no", "V6"),
        ("ipv6", "", "V6"),
    ],
)
def test_each_mark_is_checked(site: Site, field: str, value: str, rule: str) -> None:
    Site.objects.filter(pk=site.pk).update(**{field: value})
    assert codes(site) == [rule]


@pytest.mark.parametrize(
    ("kind", "name", "fits"),
    [
        ("portal", "www.jia-shi.gov.cn", True),
        ("portal", "jia.gov.cn", False),
        ("portal", "www.jia.com.cn", False),
        ("portal", "www.jia.公益", False),
        ("department", "edu.jia.gov.cn", True),
        ("department", "www.jiaedu.gov.cn", False),
        ("department", "edu.yi.gov.cn", False),
        ("department", "edu.jia.cn", False),
    ],
)
def test_domains_follow_d1(site: Site, world: World, kind: str, name: str, fits: bool) -> None:
    parent = site if kind == "department" else None
    other = new_site(world.organs["city-edu" if parent else "county-a"], kind=kind, parent=parent)
    actions.add_domain(other, by=TEST, name=name, use="main", valid_from=OPENED)
    assert ("D1" not in codes(other)) is fits


def test_only_a_main_sites_domain_in_service_binds_those_below(
    site: Site, world: World, django_assert_num_queries: Any
) -> None:
    other = new_site(world.organs["city-edu"], kind="department", parent=site)
    for name in ("edu.yi.gov.cn", "edu2.yi.gov.cn", "edu3.yi.gov.cn"):
        actions.add_domain(other, by=TEST, name=name, use="other", valid_from=OPENED)
    fresh = Site.objects.select_related("organ", "parent").get(pk=other.pk)
    with django_assert_num_queries(3):
        assert [one.rule for one in rules.findings(fresh, DAY)].count("D1") == 3
    site.domains.update(valid_from=dt.date(2022, 6, 2))
    assert "D1" not in codes(other)


def test_chinese_and_preview_names_are_no_irregular_domains(site: Site) -> None:
    actions.add_domain(site, by=TEST, name="甲市.政务", use="other", valid_from=OPENED)
    actions.add_domain(site, by=TEST, name="jia.localhost", use="preview", valid_from=OPENED)
    assert codes(site) == []


def test_several_and_idle_domains_are_told_until_they_are_cancelled(site: Site) -> None:
    second = actions.add_domain(site, by=TEST, name="www.jiashi.gov.cn", use="other", valid_from=OPENED)
    assert codes(site) == ["D3"]
    actions.idle_domain(second, by=TEST, on=dt.date(2020, 1, 1))
    assert codes(site) == ["D4"]
    actions.cancel_domain(second, by=TEST, on=dt.date(2022, 1, 1))
    assert codes(site) == []


def test_a_site_without_main_domain_and_a_towns_site(world: World) -> None:
    assert codes(new_site(world.organs["county-a"])) == ["D2"]
    assert "L1" in codes(new_site(world.organs["town-a1"]))


def test_a_second_site_of_one_organ_is_told(site: Site, world: World) -> None:
    new_site(world.organs["city"], id_code="")
    assert "L2" in codes(site)


def test_the_code_begins_with_the_division(site: Site) -> None:
    type(site.organ).objects.filter(pk=site.organ_id).update(division_code="420100")
    assert codes(site) == ["FT3"]


def test_a_closed_site_owes_only_its_domains(site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(state="closed", name="", closed_on=dt.date(2021, 1, 1))
    assert codes(site) == ["D4"]
