"""The words that follow from data, and 无 where nothing is to be said."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.annualreport import actions, narrative, queries, sections
from gongkai.annualreport.compile import compile
from gongkai.annualreport.models import Report, ReportVersion
from gongkai.base.clock import SHANGHAI, on_day
from gongkai.forms.layout import form_for
from gongkai.law.fees import fee_items, rate
from gongkai.requests.models import FeeLine, FeeNotice
from tests.annualreport.flow import draft, publish, reporter
from tests.annualreport.records import case, keep_all
from tests.support.world import World

D = dt.date


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def generated(world: World, code: str, year: int) -> dict[str, str]:
    """The sentences that a draft of the organ would have now."""
    compiled = compile(world.organs[code], year)
    report = Report(organ=world.organs[code], path=world.organs[code].path, year=year, scope=compiled.scope)
    return sections.generate(report, compiled.grid.tree, narrative.gather_fees(report, compiled))


def fee(world: World, code: str, *, items: int, paid: bool) -> FeeNotice:
    """A notice over `items` cases of one applicant in the month, as the fee actions leave it."""
    organ = world.organs[code]
    cases = [case(organ, received=D(2022, 5, 3)) for _ in range(items)]
    amount = fee_items(items)
    notice = FeeNotice.objects.create(
        organ=organ,
        number=f"费〔2022〕{FeeNotice.objects.count() + 1}号",
        applicant_key=cases[0].submission.applicant_key,
        month="2022-05",
        issued_on=D(2022, 5, 20),
        served_on=D(2022, 5, 21),
        total_yuan=amount,
        paid_on=D(2022, 6, 1) if paid else None,
        paid_yuan=amount if paid else 0,
    )
    for position, one in enumerate(cases, 1):
        FeeLine.objects.create(
            notice=notice,
            case=one,
            basis="by_item",
            position=position,
            amount_yuan=rate(position),
        )
    return notice


@pytest.mark.seed("S263", "S262")
def test_the_preamble_names_basis_and_period(kept: World) -> None:
    for year, notice in ((2019, "国办公开办函〔2019〕60号"), (2022, "国办公开办函〔2021〕30号")):
        words = generated(kept, "city-edu", year)
        assert words["title"] == f"甲市教育局{year}年政府信息公开工作年度报告"
        assert "《中华人民共和国政府信息公开条例》" in words["preamble"]
        assert notice in words["preamble"]
        assert f"统计期限为{year}年1月1日至{year}年12月31日" in words["preamble"]


def test_a_governments_report_is_drawn_up_by_its_office_and_says_that_it_sums_up(kept: World) -> None:
    words = generated(kept, "city", 2022)
    assert "由甲市人民政府办公室汇总甲市人民政府" in words["preamble"]
    own = generated(kept, "city-edu", 2022)
    assert "汇总" not in own["preamble"]


@pytest.mark.seed("S295")
def test_the_contact_block_prints_address_postcode_and_both_phones(kept: World) -> None:
    office = kept.organs["city-office"]
    office.address, office.postcode, office.phones = "甲市新城区1号", "467099", "0375-2662809、0375-2662810"
    office.save()
    for code in ("city", "city-office"):
        contact = generated(kept, code, 2022)["contact"]
        assert contact.startswith("如有疑问或意见建议，请与甲市人民政府办公室联系")
        for part in ("地址：甲市新城区1号", "邮编：467099", "0375-2662809", "0375-2662810"):
            assert part in contact


@pytest.mark.seed("S122")
def test_no_fee_is_said_when_none_was_charged_or_no_standard_existed(kept: World) -> None:
    assert generated(kept, "city-edu", 2019)["fees"] == (
        "2019年尚未出台政府信息公开申请的相关收费标准，不存在收费情况。"
    )
    sentence = generated(kept, "city-edu", 2022)["fees"]
    assert "没有依据" in sentence
    assert "收取信息处理费0元" in sentence


def test_fees_are_told_with_the_figures_of_the_ledger(kept: World) -> None:
    fee(kept, "city-edu", items=23, paid=True)
    fee(kept, "city-edu", items=11, paid=False)
    sentence = generated(kept, "city-edu", 2022)["fees"]
    assert "收费通知2份" in sentence
    assert "1名申请人" in sentence
    assert "实际收取信息处理费1300元" in sentence
    assert generated(kept, "city", 2022)["fees"] == sentence


def test_fees_without_a_register_are_not_called_zero(world: World) -> None:
    assert "暂不能统计" in generated(world, "city-edu", 2022)["fees"]


def assert_six_parts(world: World, year: int) -> ReportVersion:
    version = publish(world, "city-edu", year)
    printed, form = sections.printed(version), form_for(year)
    assert [part.heading for part in printed.parts] == [section.heading for section in form.sections]
    assert [part.table for part in printed.parts] == ["", "table2", "table3", "table4", "", ""]
    assert [paragraph.label for paragraph in printed.parts[0].paragraphs] == [
        sub.label for sub in form.section("s1").subheadings
    ]
    assert len(printed.parts[0].paragraphs) == 5
    return version


@pytest.mark.seed("S260")
def test_six_parts_in_the_form_of_2019(kept: World) -> None:
    version = assert_six_parts(kept, 2019)
    assert "table3.other.total" in version.cells
    assert "table2.art20_9.gov_procurement.procurement_items" in version.cells


@pytest.mark.seed("S261")
def test_six_parts_in_the_form_of_2021(kept: World) -> None:
    version = assert_six_parts(kept, 2022)
    for line in ("other_correction_lapsed", "other_fee_unpaid", "other_misc"):
        assert f"table3.{line}.total" in version.cells
    for column in ("made_this_year", "repealed_this_year", "in_force"):
        assert f"table2.art20_1.normative_docs.{column}" in version.cells
    assert "table3.other.total" not in version.cells


@pytest.mark.seed("S265")
def test_an_empty_part_prints_wu(kept: World) -> None:
    version, office = draft(kept, "city-edu", 2022, words=False), reporter(kept, "city-edu", "office")
    version = actions.edit_section(
        by=office, version=version, section="s1", key="proactive", text="全部公开。"
    )
    version = actions.edit_section(by=office, version=version, section="s5", key="problems", text="  ")
    printed = sections.printed(version)
    assert [paragraph.text for paragraph in printed.parts[0].paragraphs] == ["全部公开。", *["无"] * 4]
    assert [paragraph.text for paragraph in printed.parts[4].paragraphs] == ["无", "无"]
    assert [paragraph.text for paragraph in printed.parts[5].paragraphs] == ["无"]


def test_the_fee_sentence_opens_part_six(kept: World) -> None:
    version, office = draft(kept, "city-edu", 2022), reporter(kept, "city-edu", "office")
    version = actions.edit_section(by=office, version=version, section="s6", text="另有一事。")
    words = generated(kept, "city-edu", 2022)
    part = sections.printed(version, words).parts[5]
    assert [paragraph.text for paragraph in part.paragraphs] == [words["fees"], "另有一事。"]


def test_a_frozen_report_keeps_its_sentences(kept: World) -> None:
    version = publish(kept, "city-edu", 2022)
    before = sections.printed(version)
    edu = kept.organs["city-edu"]
    edu.address, edu.name = "新址", "甲市教育体育局"
    edu.save()
    with on_day(D(2024, 1, 1)):
        version = queries.published().get(pk=version.pk)
        assert sections.printed(version) == before
    assert version.published_at.astimezone(SHANGHAI).date() == D(2023, 1, 19)
