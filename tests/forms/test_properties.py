"""Properties of the rules on random reports in both forms."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.forms.context import Context
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import FORMS
from gongkai.forms.reconcile import check

from .examples import complete
from .strategies import reconciled_figures


def checked(figures: Figures) -> list[Finding]:
    return check(figures, Context(year=figures.form.first_year, rulemaking_power=True, open_before_year=0))


def errors(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.result is Result.FAILS and f.severity is Severity.ERROR]


@given(reconciled_figures())
def test_reports_that_add_up_reconcile(figures: Figures) -> None:
    assert errors(checked(figures)) == []


@given(reconciled_figures(), st.data())
def test_any_single_wrong_figure_in_tables_3_and_4_is_found(figures: Figures, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([p for p in figures if not p.startswith("table2.")]))
    wrong = data.draw(st.integers(-3, 200).filter(lambda n: n != figures.number(path)))
    found = errors(checked(figures.replace({path: wrong})))
    assert any(path in finding.cells for finding in found)


@given(reconciled_figures(), st.data())
def test_unknown_figures_are_never_held_against_a_report(figures: Figures, data: st.DataObject) -> None:
    paths = data.draw(st.sets(st.sampled_from(list(figures)), min_size=1))
    whole, partial = checked(figures), checked(figures.replace(dict.fromkeys(paths)))
    assert {f.key for f in partial if f.result is Result.FAILS} <= {
        f.key for f in whole if f.result is Result.FAILS
    }
    unread = {cell for f in partial if f.result is Result.CANNOT_BE_JUDGED for cell in f.cells}
    assert unread == paths  # every cell must at least be filled in, so every unknown one is reported


@given(reconciled_figures())
def test_a_check_says_the_same_every_time(figures: Figures) -> None:
    first, second = checked(figures), checked(figures)
    assert first == second
    assert [f.key for f in first] == [f.key for f in second]


@pytest.mark.parametrize("form", FORMS)
def test_checking_a_report_takes_at_most_five_milliseconds(form: str) -> None:
    figures, context = complete(form)
    times = []
    for _ in range(20):
        start = perf_counter()
        check(figures.replace({}), context)
        times.append(perf_counter() - start)
    assert min(times) <= 0.005
