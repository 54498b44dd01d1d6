"""The name and title a report was signed with stay with it, under its hash; what was sealed earlier stays as it was."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from gongkai.annualreport import actions, queries, seals, sections, verify
from gongkai.annualreport.library.lines import Asked, lines
from gongkai.annualreport.models import ReportVersion
from gongkai.base.clock import on_day
from gongkai.organs import actions as organs
from gongkai.organs.scope import SYSTEM
from tests.annualreport.flow import publish, reporter, zero_tables
from tests.annualreport.records import keep_all
from tests.support.world import TEST, World

D = dt.date
OLD, NEW = "甲市教育局", "甲市教育体育局"
TITLE = f"{OLD}2022年政府信息公开工作年度报告"


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def rename(world: World) -> None:
    with on_day(D(2024, 1, 1)):
        organs.rename(by=TEST, organ=world.organs["city-edu"], name=NEW, on=D(2024, 1, 1))


def taken_in(world: World, year: int = 2022) -> ReportVersion:
    with on_day(D(2024, 2, 1)):
        office = reporter(world, "city-edu", "office", D(2024, 2, 1))
        version = actions.import_report(
            by=office, organ=world.organs["city-edu"], year=year, tables=zero_tables(year), source="门户网站"
        )
        return actions.publish(by=office, version=version)


def test_a_signed_report_is_listed_under_the_name_it_was_signed_with(client: Client, kept: World) -> None:
    version = publish(kept, "city-edu", 2022)
    assert (version.organ_name, version.title) == (OLD, TITLE)
    rename(kept)
    with on_day(D(2024, 2, 1)):
        page = client.get(reverse("portal:organ-reports", args=["city-edu"])).content.decode()
        assert TITLE in page
        assert f"{NEW}2022年" not in page
        (line,) = lines(SYSTEM, Asked(years=(2022,)))
    assert line.name == OLD


def test_a_report_taken_in_bears_the_name_of_its_year(client: Client, kept: World) -> None:
    rename(kept)
    version = ReportVersion.objects.get(pk=taken_in(kept).pk)
    assert (version.organ_name, version.title) == (OLD, TITLE)
    assert sections.printed(version).title == TITLE
    assert version.hash == seals.fingerprint(version)


@pytest.mark.parametrize(
    "altered",
    [{"title": "别的标题"}, {"organ_name": "别的机关"}, {"signed_on": D(2023, 1, 2)}, {"sealed_as": 1}],
)
def test_name_title_and_day_of_signing_are_under_the_hash(kept: World, altered: dict[str, object]) -> None:
    version = publish(kept, "city-edu", 2022)
    assert not verify.problems()
    ReportVersion.objects.filter(pk=version.pk).update(**altered)
    assert [problem for problem in verify.problems() if "哈希" in problem]


def test_what_was_sealed_before_keeps_its_hash_and_gets_its_title(kept: World) -> None:
    """As versions stood before names and titles were kept."""
    frozen = [publish(kept, "city-edu", 2022), publish(kept, "city-office", 2022)]
    rename(kept)
    frozen.append(taken_in(kept, 2021))
    for version in frozen:
        version = ReportVersion.objects.select_related("report__organ").get(pk=version.pk)
        version.organ_name, version.title, version.sealed_as = "", "", 1
        version.hash = seals.fingerprint(version)
        version.save()
    before = list(ReportVersion.objects.order_by("pk").values_list("hash", flat=True))
    migration = import_module("gongkai.annualreport.migrations.0003_frozen_titles")
    migration.fill(apps, None)
    after = ReportVersion.objects.order_by("pk")
    assert list(after.values_list("hash", flat=True)) == before
    assert [version.title for version in after] == [
        TITLE,
        "甲市人民政府办公室2022年政府信息公开工作年度报告",
        f"{OLD}2021年政府信息公开工作年度报告",
    ]
    assert not [problem for problem in verify.problems() if "哈希" in problem]
    assert queries.organ_name(after[2]) == OLD
