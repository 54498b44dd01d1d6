"""Lost figures are proposed only where the form's own equations leave no choice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.forms.figures import Figures
from gongkai.forms.inference import accept, infer
from gongkai.forms.values import BLANK, UNREAD, State

from .seeds import SEEDS, seed, seed_figures
from .strategies import reconciled_figures

GRANTED = "table3.granted.natural_person"


@pytest.mark.parametrize("name", SEEDS)
def test_the_lost_figures_of_the_published_reports_are_proved(name: str) -> None:
    proposals = {proposal.path: proposal.value for proposal in infer(seed_figures(name))}
    assert proposals == {lost["path"]: lost["value"] for lost in seed(name)["inferred"]}


def test_a_proof_names_its_equations_and_a_second_independent_one() -> None:
    (proposal,) = infer(seed_figures("LY19"))
    assert "（T3-ROW）" in proposal.proof
    assert "（T3-OUT）" in proposal.proof
    assert "独立得出同一数" in proposal.proof


def test_nothing_is_written_without_a_person_taking_it_over() -> None:
    figures = seed_figures("LY19")
    proposals = infer(figures)
    assert figures["table3.rejected_reissue.natural_person"] == UNREAD
    value = accept(figures, proposals)["table3.rejected_reissue.natural_person"]
    assert (value.state, value.number, value.proof) == (State.INFERRED, 1, proposals[0].proof)


def _tables_3_and_4(figures: Figures) -> list[str]:
    return [path for path in figures if not path.startswith("table2.")]


@given(reconciled_figures(), st.data())
def test_a_single_lost_figure_is_always_found_again(figures: Figures, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_tables_3_and_4(figures)))
    lost = figures.replace({path: data.draw(st.sampled_from([BLANK, UNREAD, None]))})
    assert [(p.path, p.value) for p in infer(lost)] == [(path, figures.number(path))]


@given(reconciled_figures(), st.data())
def test_of_many_lost_figures_none_is_proposed_wrongly(figures: Figures, data: st.DataObject) -> None:
    paths = data.draw(st.sets(st.sampled_from(_tables_3_and_4(figures)), max_size=40))
    for proposal in infer(figures.replace(dict.fromkeys(paths, UNREAD))):
        assert proposal.path in paths
        assert proposal.value == figures.number(proposal.path)


def test_figures_that_contradict_one_another_prove_nothing() -> None:
    figures = seed_figures("LYO22").replace({GRANTED: UNREAD, "table3.granted.total": 13})
    assert infer(figures) == []  # the row says 13, the column says 12


def test_a_negative_solution_is_none() -> None:
    figures = seed_figures("LYO22").replace({"table4.review.upheld": UNREAD, "table4.review.total": 0})
    assert infer(figures) == []


def test_two_unknowns_with_a_rest_to_share_stay_unknown() -> None:
    figures = seed_figures("LYO22").replace({"table4.review.upheld": UNREAD, "table4.review.other": UNREAD})
    assert infer(figures) == []


def test_a_proposal_that_breaks_another_equation_is_withdrawn_with_all_that_lean_on_it() -> None:
    figures = seed_figures("LYO22").replace(
        {
            "table3.carried_out.natural_person": UNREAD,  # the column gives 7 …
            "table3.carried_out.other_org": UNREAD,
            "table3.carried_out.total": 9,  # … which leaves −2 for the last one
        }
    )
    assert "table3.carried_out.natural_person" not in {proposal.path for proposal in infer(figures)}
