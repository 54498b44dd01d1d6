"""Every cell of both forms has exactly one declared source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.annualreport import cells
from gongkai.base import measures
from gongkai.forms.identities import outcome_totals, remedy_totals, row_totals
from gongkai.forms.layout import FORMS, Form
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES

BOTH = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())


def totals(form: Form) -> set[str]:
    families = (*outcome_totals(form), *row_totals(form), *remedy_totals(form))
    return {cell for relation in families for cell in relation.left}


@BOTH
def test_every_leaf_cell_is_mapped_exactly_once_and_no_total_is(form: Form) -> None:
    declared = [
        source.cell
        for source in (*cells._table2(form), *cells._table3(form), *cells._table4(form, cells.ACTIVE))
    ]
    assert len(declared) == len(set(declared))
    assert set(declared) == set(form.paths) - totals(form)


@BOTH
def test_no_record_is_counted_in_two_cells_of_one_measure(form: Form) -> None:
    places = [
        (term.measure, tuple(sorted(term.dims.items())))
        for source in cells.sources(form).values()
        for term in source.terms
    ]
    assert len(places) == len(set(places))


@BOTH
def test_every_outcome_and_every_kind_of_applicant_has_its_cell(form: Form) -> None:
    found = {
        (term.dims["outcome"], term.dims["kind"])
        for source in cells.sources(form).values()
        for term in source.terms
        if term.measure == "requests.closed"
    }
    assert found == {(outcome, kind) for outcome in OUTCOMES for kind in APPLICANT_KINDS}


@BOTH
@pytest.mark.parametrize("remedies", ["remedies.active", "remedies.filed"])
def test_terms_name_measures_there_are_and_all_their_dimensions(form: Form, remedies: str) -> None:
    for source in cells.sources(form, remedies).values():
        for term in source.terms:
            assert set(term.dims) == set(measures.get(term.measure).dimensions)


def test_other_of_2019_sums_the_three_kinds() -> None:
    source = cells.sources(FORMS["fmt2019"])["table3.other.natural_person"]
    assert [term.dims["outcome"] for term in source.terms] == [
        "other_correction_lapsed",
        "other_fee_unpaid",
        "other_misc",
    ]


@BOTH
def test_a_total_is_made_of_its_leaves(form: Form) -> None:
    grand = cells.leaves(form, "table3.outcome_total.total")
    assert len(grand) == len(form.leaves()) * 6
    assert cells.leaves(form, "table4.review.total") == tuple(
        f"table4.review.{key}" for key in ("upheld", "corrected", "other", "pending")
    )
    for leaf in grand:
        assert "table3.outcome_total.total" in cells.with_totals(form, leaf)


def test_fees_are_collected_less_refunded_in_wan_half_up() -> None:
    source = cells.sources(FORMS["fmt2021"])["table2.art20_8.admin_fees.fee_amount_wan"]
    assert [(term.measure, term.sign) for term in source.terms] == [
        ("keyareas.fee_income_yuan", 1),
        ("requests.fee_collected_yuan", 1),
        ("requests.fee_refunded_yuan", -1),
    ]
    assert str(source.figure(1300)) == "0.1300"
    assert str(source.figure(0)) == "0.0000"
    assert str(source.figure(Decimal("0.50"))) == "0.0001"
    assert str(source.figure(Decimal("1.49"))) == "0.0001"
    assert str(source.figure(Decimal("-0.50"))) == "-0.0001"
