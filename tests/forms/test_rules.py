"""The list of rules: each one holds, fails and stays unjudged where it should."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.forms.context import Context, Contribution, Elimination
from gongkai.forms.figures import Figures, add_figures
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import FORMS, form_for
from gongkai.forms.reconcile import blocking, check
from gongkai.forms.rulebook import Rule
from gongkai.forms.rules import RULES, rule_by_id
from gongkai.forms.rules_across_years import NO_PREVIOUS

from .examples import ART1, EXAMPLES, FEE, GRANTED, LICENCE, REVIEW, complete, nothing
from .seeds import seed_figures

RULES_IN_FORMS = [(rule, key) for rule in RULES for key in rule.formats]


def results(findings: list[Finding], rule: str) -> set[Result]:
    return {finding.result for finding in findings if finding.rule == rule}


def failing(findings: list[Finding], *severities: Severity) -> list[str]:
    return [
        f.rule for f in findings if f.result is Result.FAILS and (not severities or f.severity in severities)
    ]


def test_ids_are_unique_and_every_rule_of_the_forms_is_declared() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    expected = (
        "T3-COL T3-ROW T3-OUT T3-INT T3-FULL T3-BND T3-OLD T3-SYS T2A-1 T2A-2 T2A-3 T2A-4 T2A-5 T2A-6 T2A-7 "
        "T2B-1 T2B-2 T2B-3 T2B-4 T4-SUM T4-INT T4-FULL T4-RF Y-CARRY Y-INFORCE Y-REPEAL Y-ITEMS Y-DISCL Y-PEND "
        "Y-JUMP R-SUM R-MISS R-DUP R-FMT"
    )
    assert set(expected.split()) <= set(ids)
    assert set(EXAMPLES) == set(ids)
    assert rule_by_id("T3-COL") in RULES


@pytest.mark.parametrize(("rule", "form"), RULES_IN_FORMS, ids=lambda value: getattr(value, "id", value))
class TestEveryRule:
    def test_holds_on_a_complete_report(self, rule: Rule, form: str) -> None:
        figures, context = complete(form)
        assert results(check(figures, context), rule.id) == {Result.HOLDS}

    def test_fails_where_it_is_broken(self, rule: Rule, form: str) -> None:
        figures, context = EXAMPLES[rule.id][0](*complete(form))
        (finding, *_) = [f for f in check(figures, context) if f.rule == rule.id and f.result is Result.FAILS]
        assert finding.severity is rule.severity
        assert finding.message.endswith("。")
        assert set(finding.cells) <= set(figures)

    def test_is_not_judged_without_what_it_needs(self, rule: Rule, form: str) -> None:
        figures, context = EXAMPLES[rule.id][1](*complete(form))
        findings = [f for f in check(figures, context) if f.rule == rule.id]
        assert [f.result for f in findings] == [Result.CANNOT_BE_JUDGED]
        assert findings[0].message.endswith("。")


@pytest.mark.parametrize("form", FORMS)
def test_a_complete_report_has_one_finding_per_rule_and_all_hold(form: str) -> None:
    figures, context = complete(form)
    findings = check(figures, context)
    assert [f.rule for f in findings] == [rule.id for rule in RULES if form in rule.formats]
    assert {f.result for f in findings} == {Result.HOLDS}
    assert blocking(findings, mode="sign") == []


@pytest.mark.parametrize(
    ("year", "absent", "present"),
    [
        (2019, {"Y-ITEMS", "Y-DISCL", "Y-INFORCE"}, {"Y-CARRY"}),
        (2020, {"Y-INFORCE", "Y-REPEAL"}, {"Y-ITEMS", "Y-DISCL"}),
        (2021, {"Y-INFORCE", "Y-REPEAL", "T4-RF", "T2A-1"}, {"Y-CARRY", "T2B-1"}),
        (2023, {"T4-RF"}, {"Y-INFORCE", "Y-REPEAL"}),
    ],
)
def test_rules_exist_only_for_the_years_they_are_about(
    year: int, absent: set[str], present: set[str]
) -> None:
    ids = {f.rule for f in check(nothing(form_for(year)), Context(year=year))}
    assert not ids & absent
    assert present <= ids


def test_a_report_year_must_belong_to_the_form() -> None:
    with pytest.raises(ValueError, match="2022年度"):
        check(nothing(form_for(2019)), Context(year=2022))


def test_a_broken_column_is_told_with_its_numbers_and_cells() -> None:
    figures, context = complete("fmt2021")
    broken = figures.replace({"table3.carried_out.natural_person": 8})
    (finding,) = [f for f in check(broken, context) if f.rule == "T3-COL" and f.result is Result.FAILS]
    assert finding.message == "表三“自然人”列：第一项加第二项之和为97，第三项加第四项之和为98，两者应当相等。"
    assert (finding.found, finding.expected) == (97, 98)
    assert finding.cells == (
        "table3.new_received.natural_person",
        "table3.carried_in.natural_person",
        "table3.outcome_total.natural_person",
        "table3.carried_out.natural_person",
    )


def test_what_lacks_numbers_is_summed_up_in_one_finding_that_names_them() -> None:
    figures, context = complete("fmt2021")
    broken = figures.replace({GRANTED: None, "table3.new_received.total": 96})
    findings = [f for f in check(broken, context) if f.rule == "T3-ROW"]
    assert [f.result for f in findings] == [Result.FAILS, Result.CANNOT_BE_JUDGED]
    assert findings[1].cells == (GRANTED,)
    assert findings[1].message == "缺少“（一）予以公开·自然人”的数据，暂不能核对。"


def test_cross_year_rules_say_why_they_cannot_be_judged() -> None:
    findings = check(seed_figures("MJ20"), Context(year=2020))
    cross = [f for f in findings if f.rule.startswith("Y-")]
    assert {f.rule for f in cross} == {"Y-CARRY", "Y-ITEMS", "Y-DISCL", "Y-PEND", "Y-JUMP"}
    assert {(f.result, f.message) for f in cross} == {(Result.CANNOT_BE_JUDGED, NO_PREVIOUS)}


def test_last_year_in_the_other_form_is_compared_where_both_forms_meet() -> None:
    figures, context = complete("fmt2021")
    previous = nothing(form_for(2020)).replace({"table3.carried_out.total": 7})
    findings = check(figures, replace(context, year=2021, previous=previous))
    assert failing([f for f in findings if f.rule == "Y-CARRY" and "table3.carried_in.total" in f.cells])
    assert Result.CANNOT_BE_JUDGED not in results(findings, "Y-JUMP")


def test_merged_organs_are_compared_with_the_sum_of_their_predecessors() -> None:
    figures, context = complete("fmt2021")
    first, second = context.previous, nothing(figures.form).replace({"table3.carried_out.total": 5})
    merged = add_figures(figures.form, {"孟津县人民政府": first, "吉利区人民政府": second})
    found = [f for f in check(figures, replace(context, previous=merged)) if f.rule == "Y-CARRY"]
    assert [(f.cells, f.expected) for f in found] == [(("table3.carried_in.total",), 13)]


@pytest.mark.parametrize(
    ("now", "before", "asks"),
    [
        (31, 20, False),
        (41, 20, True),
        (40, 20, False),
        (21, 0, True),
        (20, 0, False),
        (50, 100, False),
        (49, 100, True),
    ],
)
def test_a_jump_is_more_than_half_and_more_than_twenty(now: int, before: int, asks: bool) -> None:
    form = form_for(2022)
    figures = nothing(form).replace({REVIEW: now})
    previous = nothing(form).replace({REVIEW: before})
    findings = check(figures, Context(year=2022, previous=previous))
    assert (Result.FAILS in results(findings, "Y-JUMP")) is asks


def test_documents_in_force_continue_from_year_to_year() -> None:
    """LYO22 implies 120 − 28 + 118 = 210 documents in force at the end of 2021."""
    figures = seed_figures("LYO22")
    previous = nothing(figures.form).replace({f"{ART1}.normative_docs.in_force": 210})
    context = Context(year=2022, previous=previous)
    assert results(check(figures, context), "Y-INFORCE") == {Result.HOLDS}
    wrong = replace(context, previous=previous.replace({f"{ART1}.normative_docs.in_force": 211}))
    assert Result.FAILS in results(check(figures, wrong), "Y-INFORCE")


def test_made_and_repealed_in_one_year_need_not_be_in_force() -> None:
    form = form_for(2022)
    row = f"{ART1}.normative_docs"
    figures = nothing(form).replace({f"{row}.made_this_year": 3, f"{row}.repealed_this_year": 3})
    assert results(check(figures, Context(year=2022)), "T2B-2") == {Result.HOLDS}


@pytest.mark.parametrize(("power", "result"), [(True, Result.HOLDS), (False, Result.FAILS)])
def test_rules_are_for_organs_with_the_power_to_make_them(power: bool, result: Result) -> None:
    findings = check(seed_figures("PDS19"), Context(year=2019, rulemaking_power=power))
    assert results(findings, "T2A-7") == {result}


LICENCES = f"{LICENCE}.decisions"  # a cell that no other cell must equal


class TestRollUp:
    def consolidated(self, *children: Contribution, **facts: object) -> tuple[Figures, Context]:
        form = form_for(2022)
        own = nothing(form).replace({LICENCES: 2})
        parts = {"本级": own, **{child.name: child.figures for child in children}}
        context = Context(year=2022, scope="consolidated", own=own, contributions=children, **facts)
        return add_figures(form, parts), context

    def child(self, licences: int = 3, *, final: bool = True) -> Contribution:
        return Contribution("甲县人民政府", nothing(form_for(2022)).replace({LICENCES: licences}), final)

    def test_parent_is_own_plus_children(self) -> None:
        figures, context = self.consolidated(self.child())
        assert figures.number(LICENCES) == 5
        assert results(check(figures, context), "R-SUM") == {Result.HOLDS}
        (wrong,) = [f for f in check(figures.replace({LICENCES: 6}), context) if f.rule == "R-SUM"]
        assert (wrong.cells, wrong.found, wrong.expected) == ((LICENCES,), 6, 5)

    def test_only_a_listed_elimination_explains_a_difference(self) -> None:
        listed = Elimination(LICENCES, 1, "同一申请由两机关分别登记")
        figures, context = self.consolidated(self.child(), eliminations=(listed,))
        assert results(check(figures.replace({LICENCES: 4}), context), "R-SUM") == {Result.HOLDS}

    def test_an_elimination_needs_a_reason(self) -> None:
        bare = Elimination(REVIEW, 1, " ")
        figures, context = self.consolidated(self.child(), eliminations=(bare,), duplicates={REVIEW: 1})
        (finding,) = [f for f in check(figures, context) if f.rule == "R-DUP"]
        assert (finding.result, finding.cells) == (Result.FAILS, (REVIEW,))

    def test_a_childless_government_sums_only_itself(self) -> None:
        figures, context = self.consolidated(mode="sign")
        findings = check(figures, context)
        assert results(findings, "R-SUM") == results(findings, "R-MISS") == {Result.HOLDS}

    def test_compiling_waits_for_children_and_signing_is_blocked_by_them(self) -> None:
        figures, context = self.consolidated(self.child(final=False))
        compiled = check(figures, context)
        assert results(compiled, "R-SUM") == results(compiled, "R-MISS") == {Result.CANNOT_BE_JUDGED}
        assert blocking(compiled) == []
        assert [f.waiting_for for f in blocking(compiled, mode="sign")] == [("甲县人民政府",)]
        signed = check(figures, replace(context, mode="sign"))
        assert [f.rule for f in blocking(signed, mode="sign")] == ["R-MISS"]
        assert results(signed, "R-SUM") == {Result.CANNOT_BE_JUDGED}

    def test_own_scope_has_nothing_to_sum_and_nothing_to_wait_for(self) -> None:
        findings = check(nothing(form_for(2022)), Context(year=2022, mode="sign"))
        for rule in ("R-SUM", "R-MISS", "R-DUP", "R-FMT"):
            assert results(findings, rule) == {Result.CANNOT_BE_JUDGED}
        assert blocking(findings, mode="sign") == []


class TestBlocking:
    def test_errors_block_whatever_was_accepted(self) -> None:
        figures, context = complete("fmt2021")
        findings = check(figures.replace({FEE: Decimal("0.13")}), context)
        (error,) = blocking(findings)
        assert error.rule == "T2B-1"
        assert blocking(findings, {error.key}) == [error]

    def test_a_warning_blocks_until_it_is_explained(self) -> None:
        figures, context = complete("fmt2021")
        findings = check(figures, replace(context, open_before_year=1))
        (warning,) = blocking(findings)
        assert warning.rule == "T3-OLD"
        assert blocking(findings, {warning.key}) == []

    def test_information_never_blocks(self) -> None:
        figures, context = complete("fmt2021")
        findings = check(figures, replace(context, review_first_direct_suits=9))
        assert failing(findings) == ["T4-RF"]
        assert blocking(findings, mode="sign") == []

    def test_an_explanation_lasts_while_the_figures_judged_are_unchanged(self) -> None:
        figures, context = complete("fmt2021")
        context = replace(context, previous=context.previous.replace({"table3.new_received.total": 20}))

        def key(**changed: int) -> str:
            moved = figures.replace({path.replace("__", "."): n for path, n in changed.items()})
            (finding,) = [f for f in check(moved, context) if f.rule == "Y-JUMP"]
            return finding.key

        assert key() == key(table3__granted__total=13)  # another cell, same finding
        assert key() != key(table3__new_received__total=96)
