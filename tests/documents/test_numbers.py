"""发文字号 by series and 索引号: allotted once, unique, with a report of what is missing."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.documents import actions, series
from gongkai.documents.models import Document, NumberSeries
from gongkai.organs.refusals import Refused
from tests.documents.support import document, released
from tests.support.world import TEST, World

APR = dt.date(2019, 4, 1)


@pytest.fixture
def kept_series(world: World) -> NumberSeries:
    return actions.open_series(
        by=TEST, organ=world.organs["city"], mark="甲政", valid_from=dt.date(2019, 1, 1)
    )


@pytest.mark.seed("S068")
def test_numbers_run_by_year_are_unique_and_gaps_are_told(world: World, kept_series: NumberSeries) -> None:
    by_hand = document(world, number="甲政〔2019〕2号")
    numbers = [actions.allot_number(document(world), by=TEST, series=kept_series) for _ in range(2)]
    assert numbers == ["甲政〔2019〕1号", "甲政〔2019〕3号"], "the one entered by hand is passed over"
    next_year = document(world, made_on=dt.date(2020, 1, 2))
    assert actions.allot_number(next_year, by=TEST, series=kept_series) == "甲政〔2020〕1号"
    document(world, number="甲政〔2019〕6号", attribute="closed", attribute_reason="条例第十六条")
    actions.strike_document(by_hand, by=TEST, reason="误登")
    report = series.gaps(kept_series, 2019)
    assert (report.highest, report.registered, report.unexplained) == (6, 3, 3)
    assert [(gap.serial, gap.reason) for gap in report.gaps] == [(2, ""), (4, ""), (5, ""), (6, "不予公开")]
    actions.explain_gap(kept_series, by=TEST, year=2019, serial=4, reason="void", note="重复编号")
    actions.explain_gap(kept_series, by=TEST, year=2019, serial=5, reason="not_open")
    actions.explain_gap(kept_series, by=TEST, year=2019, serial=5, reason="outside")
    report = series.gaps(kept_series, 2019)
    assert [(gap.serial, gap.reason, gap.note) for gap in report.gaps if gap.explained] == [
        (4, "作废", "重复编号"),
        (5, "未在本系统登记", ""),
        (6, "不予公开", "条例第十六条"),
    ]
    assert series.years(kept_series) == [2020, 2019]


def test_a_number_is_given_once_from_the_leads_own_series(world: World, kept_series: NumberSeries) -> None:
    kept = document(world)
    actions.allot_number(kept, by=TEST, series=kept_series)
    with pytest.raises(Refused, match="已有发文字号"):
        actions.allot_number(kept, by=TEST, series=kept_series)
    with pytest.raises(Refused, match="主办机关"):
        actions.allot_number(document(world, "city-edu"), by=TEST, series=kept_series)
    with pytest.raises(Refused, match="不编"):
        actions.allot_number(document(world, kind="news"), by=TEST, series=kept_series)
    with pytest.raises(Refused, match="没有启用"):
        actions.allot_number(document(world, made_on=dt.date(2018, 12, 31)), by=TEST, series=kept_series)
    actions.close_series(kept_series, by=TEST, on=dt.date(2019, 12, 31))
    with pytest.raises(Refused, match="没有启用"):
        actions.allot_number(document(world, made_on=dt.date(2020, 1, 1)), by=TEST, series=kept_series)


def test_a_refused_number_is_not_lost(world: World, kept_series: NumberSeries) -> None:
    from django.db import transaction

    kept = document(world)
    with transaction.atomic():
        actions.allot_number(kept, by=TEST, series=kept_series)
        transaction.set_rollback(True)
    kept.refresh_from_db()
    assert actions.allot_number(kept, by=TEST, series=kept_series) == "甲政〔2019〕1号"


def test_a_series_is_checked(world: World, kept_series: NumberSeries) -> None:
    city = world.organs["city"]
    for mark, words in (("甲政〔2019〕", "只写汉字"), ("甲政", "已有")):
        with pytest.raises(ValidationError, match=words):
            actions.open_series(by=TEST, organ=city, mark=mark, valid_from=APR)
    with pytest.raises(ValidationError, match="没有缺这个号"):
        actions.explain_gap(kept_series, by=TEST, year=2019, serial=1, reason="void")
    with pytest.raises(Refused):
        actions.close_series(kept_series, by=world.actor("city-edu", "head", "documents"), on=APR)


def test_an_index_number_comes_with_the_first_release_and_stays(world: World) -> None:
    city = world.organs["city"]
    city.credit_code = "11410300005388010R"
    city.save()
    draft = document(world)
    assert draft.index_no == ""
    first, second = released(world, APR), released(world, APR)
    assert (first.index_no, second.index_no) == (
        "11410300005388010R/2019-00001",
        "11410300005388010R/2019-00002",
    )
    actions.strike_document(first, by=TEST, reason="误登")
    assert released(world, APR).index_no.endswith("00003"), "never used again"
    actions.release(second, by=TEST, channel="政府公报", on=APR)
    second.refresh_from_db()
    assert second.index_no.endswith("00002")
    assert released(world, APR, made_on=dt.date(2018, 12, 1)).index_no.endswith("/2018-00001")
    assert released(world, APR, code="city-edu").index_no == "city-edu/2019-00001"


def test_old_index_numbers_are_kept_as_they_are_and_passed_over(world: World) -> None:
    old = document(world, code="city-edu")
    actions.keep_index_no(old, by=TEST, index_no="005388010-01_A/2009-0012001")
    with pytest.raises(Refused, match="不改动"):
        actions.keep_index_no(old, by=TEST, index_no="x")
    with pytest.raises(ValidationError, match="用过"):
        actions.keep_index_no(document(world), by=TEST, index_no="005388010-01_A/2009-0012001")
    actions.keep_index_no(document(world, code="city-edu"), by=TEST, index_no="city-edu/2019-00001")
    assert released(world, APR, code="city-edu").index_no == "city-edu/2019-00002"
    released_old = actions.release(old, by=TEST, channel="政府网站", on=APR).document
    assert Document.objects.get(pk=released_old.pk).index_no == "005388010-01_A/2009-0012001"


def test_a_number_of_another_organs_series_is_not_registered_twice(
    world: World, kept_series: NumberSeries
) -> None:
    with pytest.raises(ValidationError, match="发文字号系列；原件已在库中的请直接引用"):
        document(world, "city-edu", number="甲政〔2019〕2号")
    actions.open_series(by=TEST, organ=world.organs["city-edu"], mark="甲政", valid_from=APR)
    assert document(world, "city-edu", number="甲政〔2019〕2号").number, (
        "a mark two organs keep is each one's own"
    )


def test_a_series_tells_of_the_years_since_it_was_opened(world: World, kept_series: NumberSeries) -> None:
    document(world, number="甲政〔2018〕30号", made_on=dt.date(2018, 5, 1))
    document(world, number="甲政〔2019〕1号")
    assert series.years(kept_series) == [2019]
