"""What is found in the published reports: the true findings, all of them, and nothing false."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from gongkai.reading.cells import read
from gongkai.reading.checking import Finding, Verdict, check_report
from gongkai.reading.report import Paragraph, Report

from . import published

FAULTS = {
    "LY19": {("N-RATE", Decimal(98)), ("N-COR", 0)},
    "MJ20": {("S124", 9)},
    "XG20": {("N-SUM", 4799), ("N-LIT", 1)},
    "PDS19": {("N-CARRY", 1)},
    "LYO22": {("N-DOC", 48)},
    "HZ23": {("T4-SUM", 0)},
    "SY23": set(),
}
DOUBTS = {
    "LY19": {"T2A-6F", "N-PROC", "S-TWICE"},
    "MJ20": {"T2A-5", "T2A-6F", "FR1", "FR5", "N-NEW", "S-MEASURE", "F15"},
    "XG20": {"FR5", "S-NEST", "S-POINT"},
    "PDS19": {"T2A-2"},
    "LYO22": {"T2B-1", "N-DONE", "N-FEE", "N-UNIT"},
    "HZ23": {"T2B-1", "FR5"},
    "SY23": {"T2B-1", "T3-FULL", "FR5", "S-HEAD"},
}


@cache
def findings(name: str) -> tuple[Finding, ...]:
    return tuple(check_report(published.report(name)))


def of(name: str, rule: str) -> list[Finding]:
    return [finding for finding in findings(name) if finding.rule == rule]


@pytest.mark.parametrize("name", published.FILES)
def test_faults_of_the_publisher_are_exactly_the_true_ones(name):
    assert {(f.rule, f.found) for f in findings(name) if f.verdict is Verdict.FAULT} == FAULTS[name]


@pytest.mark.parametrize("name", published.FILES)
def test_doubts_are_exactly_those_worth_asking(name):
    assert {f.rule for f in findings(name) if f.verdict is Verdict.DOUBT} == DOUBTS[name]


@pytest.mark.parametrize("name", published.FILES)
def test_no_loss_in_reading_is_left(name):
    assert [f for f in findings(name) if f.verdict is Verdict.LOSS] == []


@pytest.mark.seed("F1")
def test_the_computed_rate_is_set_against_the_typed_one():
    (wrong,) = [f for f in of("LY19", "N-RATE") if f.verdict is Verdict.FAULT]
    assert (wrong.expected, wrong.found) == (Decimal("99.96"), Decimal(98))
    assert "5111" in wrong.quote
    assert [f.found for f in of("LY19", "N-RATE") if f.verdict is Verdict.HOLDS] == [Decimal(97)]


@pytest.mark.seed("F2")
def test_two_different_counts_are_not_merged():
    text = published.report("LY19").sections["s1"]
    assert "50家市直部门及全市17个区县" in text
    assert "56家和18个县区" in text
    assert not any("17个区县" in f.quote or "18个县区" in f.quote for f in findings("LY19"))


@pytest.mark.seed("F5")
def test_the_wrong_direction_of_a_carry_over_is_named():
    (wrong,) = [f for f in of("PDS19", "N-CARRY") if f.verdict is Verdict.FAULT]
    assert "方向写反" in wrong.message
    assert wrong.expected == 11


@pytest.mark.seed("F6")
def test_two_cohorts_do_not_contradict_each_other():
    assert of("PDS19", "T3-COL") == []
    assert [(f.verdict, f.found) for f in of("PDS19", "N-DONE")] == [(Verdict.HOLDS, 701)]


@pytest.mark.seed("F9")
def test_notices_payers_and_items_are_told_apart():
    (asked,) = [f for f in of("LYO22", "N-FEE") if f.verdict is Verdict.DOUBT]
    assert (asked.expected, asked.found) == (9, 11)
    assert "份与件口径不同" in asked.message


def test_the_fee_follows_from_the_items_and_stands_in_table_2():
    held = [f for f in of("LYO22", "N-FEE") if f.verdict is Verdict.HOLDS]
    assert {(f.expected, f.found) for f in held} == {
        (Decimal("0.1300"), Decimal("0.13")),
        (1300, Decimal(1300)),
    }


@pytest.mark.seed("F10")
def test_a_suit_in_the_text_and_none_in_the_table():
    (wrong,) = of("XG20", "N-LIT")
    assert wrong.verdict is Verdict.FAULT
    assert "行政诉讼0件" in wrong.message


@pytest.mark.seed("F11")
def test_parts_by_channel_that_exceed_their_total():
    (wrong,) = of("XG20", "N-SUM")
    assert (wrong.expected, wrong.found) == (4325, 4799)


@pytest.mark.seed("F12")
def test_a_figure_of_another_scope_is_asked_about():
    (asked,) = of("MJ20", "N-NEW")
    assert (asked.verdict, asked.expected, asked.found) == (Verdict.DOUBT, 64, 16)
    assert "范围" in asked.message


@pytest.mark.seed("F13")
def test_names_of_applicants_are_found_and_not_repeated():
    (wrong,) = of("MJ20", "S124")
    assert wrong.severity.value == "E"
    assert not any(name in wrong.quote + wrong.message for name in ("张选", "田保均", "朱万成", "任满堂"))


@pytest.mark.seed("F14")
def test_disclosing_more_documents_than_made_is_allowed():
    (asked,) = of("PDS19", "T2A-2")
    assert (asked.verdict, asked.severity.value) == (Verdict.DOUBT, "I")


@pytest.mark.seed("F15")
def test_a_copied_paragraph_is_found():
    (copied,) = of("MJ20", "F15")
    assert copied.quote.startswith("一是明确总体目标要求")


@pytest.mark.seed("F16")
def test_what_is_left_after_closing_accounts():
    (right,) = [f for f in of("LY19", "N-SUM") if "583" in f.message]
    assert (right.verdict, right.found) == (Verdict.HOLDS, 299)


@pytest.mark.parametrize(
    ("name", "rule", "count"), [("LY19", "N-SUM", 5), ("PDS19", "N-OUT", 6), ("PDS19", "N-RATE", 2)]
)
def test_what_is_right_is_confirmed(name, rule, count):
    assert sum(f.verdict is Verdict.HOLDS for f in of(name, rule)) == count


def changed(report: Report, **numbers: int) -> Report:
    cells = {path.replace("__", "."): number for path, number in numbers.items()}
    return replace(
        report,
        cells={**report.cells, **{path: read(number, "第1行") for path, number in cells.items()}},
    )


def test_the_smallest_mending_change_is_one_cell_that_mends_all():
    wrong = changed(published.report("PDS19"), table3__granted__natural_person=203)
    broken = [f for f in check_report(wrong) if f.rule in ("T3-ROW", "T3-OUT")]
    assert {f.rule for f in broken} == {"T3-ROW", "T3-OUT"}
    assert {mend.cells for f in broken for mend in f.mend} == {(("table3.granted.natural_person", 230),)}


def test_two_separate_mistakes_are_mended_separately_and_never_below_0():
    first, second = (tuple(mend.cells for mend in f.mend) for f in of("HZ23", "T4-SUM"))
    assert first == ((("table4.review.total", 11),),)
    group = "table4.litigation_after_review"
    assert second == (((f"{group}.total", 5),), ((f"{group}.upheld", 0),))


def test_a_mistake_in_a_damaged_row_is_nobodys_fault():
    report = published.report("XG20")
    cell = report.cells["table3.granted.natural_person"]._replace(number=12, doubtful=True)
    wrong = replace(report, cells={**report.cells, "table3.granted.natural_person": cell})
    verdicts = {f.verdict for f in check_report(wrong) if f.rule.startswith("T3-")}
    assert verdicts == {Verdict.LOSS}


def test_last_years_report_is_compared():
    this = published.report("PDS19")
    before = changed(replace(this, year=2018), table3__carried_out__total=10)
    rules = {(f.rule, f.verdict) for f in check_report(this, before)}
    assert ("Y-CARRY", Verdict.FAULT) in rules
    other = {(f.rule, f.verdict) for f in check_report(this, replace(before, organ="洛阳市人民政府"))}
    assert ("Y-CARRY", Verdict.DOUBT) in other


def test_growth_is_judged_when_last_years_report_is_there():
    text = "2019年，全市共收到政府信息公开申请702件，较上年增长{}%。"
    before = changed(replace(published.report("PDS19"), year=2018), table3__new_received__total=600)
    for percent, verdict in (("17", Verdict.HOLDS), ("17.0", Verdict.HOLDS), ("71", Verdict.FAULT)):
        report = replace(
            published.report("PDS19"), paragraphs={"s1": (Paragraph(text.format(percent), "第1段"),)}
        )
        assert [f.verdict for f in check_report(report, before) if f.rule == "N-GROW"] == [verdict]
        assert [f for f in check_report(report) if f.rule == "N-GROW"] == []


def test_the_form_of_another_year_is_noticed():
    report = replace(published.report("PDS19"), year=2022)
    assert "FORM-YEAR" in {f.rule for f in check_report(report)}
