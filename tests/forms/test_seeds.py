"""What the rules find in five published reports."""

from __future__ import annotations

import pytest

from gongkai.forms.context import Context
from gongkai.forms.findings import Finding, Result
from gongkai.forms.inference import accept, infer
from gongkai.forms.reconcile import blocking, check

from .seeds import SEEDS, seed, seed_figures

IDENTITIES = ("T3-COL", "T3-ROW", "T3-OUT", "T3-INT", "T3-FULL", "T4-SUM", "T4-INT", "T4-FULL")


def read(name: str, *, inferred: bool = True) -> list[Finding]:
    data, figures = seed(name), seed_figures(name)
    if inferred:
        figures = accept(figures, infer(figures))
    city = data["tier"] == "city"
    return check(figures, Context(year=data["report_year"], scope=data["scope"], rulemaking_power=city))


def failing(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings if finding.result is Result.FAILS]


@pytest.mark.parametrize("name", SEEDS)
def test_all_identities_hold_once_the_provable_blanks_are_filled(name: str) -> None:
    results = {(f.rule, f.result) for f in read(name) if f.rule in IDENTITIES}
    assert results == {(rule, Result.HOLDS) for rule in IDENTITIES}


@pytest.mark.parametrize("name", SEEDS)
def test_lost_figures_never_make_a_rule_fail(name: str) -> None:
    findings = read(name, inferred=False)
    assert not set(failing(findings)) & set(IDENTITIES)
    unjudged = {f.rule for f in findings if f.result is Result.CANNOT_BE_JUDGED and f.rule in IDENTITIES}
    lost = bool(seed(name)["inferred"])
    assert unjudged == ({"T3-ROW", "T3-OUT", "T3-INT", "T3-FULL"} if lost else set())


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("LY19", ["T2A-6F"]),  # procurement 1993404 without decimals
        ("MJ20", ["T2A-5", "T2A-6F"]),  # 102 other services, no decision; procurement 90,100
        ("XG20", []),
        ("PDS19", ["T2A-2"]),  # 90 documents disclosed, 86 made
        ("LYO22", ["T2B-1"]),  # fee 0.13 instead of 0.1300
    ],
)
def test_the_known_deviations_are_found_and_no_others(name: str, rules: list[str]) -> None:
    assert failing(read(name)) == rules


@pytest.mark.seed("F14")
def test_more_documents_may_be_disclosed_than_made() -> None:
    """PDS19: 86 made, 90 disclosed — allowed, so it is only asked about."""
    findings = read("PDS19")
    (finding,) = [f for f in findings if f.result is Result.FAILS]
    assert blocking(findings) == []
    assert finding.severity.value == "I"
    assert (finding.expected, finding.found) == (86, 90)


@pytest.mark.parametrize("name", SEEDS)
def test_without_neighbours_nothing_is_said_about_years_and_children(name: str) -> None:
    findings = [f for f in read(name) if f.rule.startswith(("Y-", "R-"))]
    assert len(findings) >= 6
    assert {f.result for f in findings} == {Result.CANNOT_BE_JUDGED}
