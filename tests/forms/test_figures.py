"""The figures of a report: complete for the form, exchanged and kept without loss, added up unit by unit."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.forms.derive import cohort_bounds, derive
from gongkai.forms.figures import Figures, add_figures
from gongkai.forms.layout import FORMS, NoForm, NoSuchCell, form_for
from gongkai.forms.values import BLANK, NOT_KNOWN, UNREAD, State, inferred, known, unknown

from .examples import nothing
from .seeds import SEEDS, seed, seed_figures
from .strategies import reconciled_figures

GRANTED = "table3.granted.natural_person"
FEE = "table2.art20_8.admin_fees.fee_amount_wan"
FORM = FORMS["fmt2021"]


def test_cells_not_given_are_unknown_not_zero() -> None:
    figures = Figures(FORM, {GRANTED: 0})
    assert figures[GRANTED] == known(0)
    assert figures["table3.granted.total"] == NOT_KNOWN
    assert len(figures) == len(FORM.paths)
    assert figures.numbers == {GRANTED: 0}


def test_cells_the_form_does_not_have_are_refused() -> None:
    with pytest.raises(NoSuchCell):
        Figures(FORM, {"table3.other.total": 1})
    with pytest.raises(NoSuchCell):
        Figures(FORM)["table2.art20_9.gov_procurement.procurement_items"]


@pytest.mark.parametrize("name", SEEDS)
def test_the_exchange_shape_survives_a_round_trip(name: str) -> None:
    data, written = seed(name), seed_figures(name).to_seed_tables()
    assert written["table3"] == data["table3"]
    assert written["table4"] == data["table4"]
    assert _amounts_as_numbers(written["table2"]) == _amounts_as_numbers(data["table2"])
    again = Figures.from_seed_tables({"format": data["format"], **written})
    assert again.to_seed_tables() == written


@pytest.mark.parametrize("name", SEEDS)
def test_the_exchange_shape_keeps_the_printed_order(name: str) -> None:
    data, written = seed(name), seed_figures(name).to_seed_tables()
    for table in ("table2", "table3", "table4"):
        assert list(written[table]) == list(data[table])


def test_money_is_written_with_four_decimals_and_null_where_nothing_is_known() -> None:
    tables = seed_figures("LYO22").replace({GRANTED: None}).to_seed_tables()
    assert tables["table2"]["art20_8"]["admin_fees"]["fee_amount_wan"] == "0.1300"
    assert tables["table3"]["granted"]["natural_person"] is None


def test_the_caller_says_what_null_means() -> None:
    data = seed("LY19")
    path = "table3.rejected_reissue.natural_person"
    assert Figures.from_seed_tables(data)[path] == UNREAD
    assert Figures.from_seed_tables(data, null=State.BLANK)[path] == BLANK


def test_the_year_gives_the_form_where_none_is_named() -> None:
    assert Figures.from_seed_tables({"report_year": 2023}).form is FORM
    with pytest.raises(NoForm):
        Figures.from_seed_tables({"report_year": 2018})
    with pytest.raises(NoForm):
        Figures.from_seed_tables({"format": "fmt1999"})


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        ({"table3": {"granted": {"natural_person": "12"}}}, TypeError),
        ({"table3": {"granted": {"natural_person": 1.5}}}, TypeError),
        ({"table3": {"granted": 12}}, NoSuchCell),
        ({"table2": {"art20_8": {"admin_fees": {"fee_amount_wan": "一千"}}}}, ValueError),
    ],
)
def test_what_is_not_in_the_shape_is_refused(tables: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        Figures.from_seed_tables({"format": "fmt2021", **tables})


states = st.sampled_from(
    [BLANK, UNREAD, NOT_KNOWN, unknown(3, ["甲局"]), inferred(4, "由总计推定"), known(7)]
)


@given(reconciled_figures(), st.data())
def test_a_kept_record_loses_nothing(figures: Figures, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([p for p in figures if not p.endswith("_wan")]))
    figures = figures.replace({path: data.draw(states)})
    record = json.loads(json.dumps(figures.to_cells()))
    kept = Figures.from_cells(figures.form, record)
    assert kept == figures
    assert {p: str(n) for p, n in kept.numbers.items()} == {p: str(n) for p, n in figures.numbers.items()}


def test_adding_units_names_those_without_figures() -> None:
    own = nothing(FORM).replace({GRANTED: 2, FEE: Decimal("0.1300")})
    child = nothing(FORM).replace({GRANTED: 3})
    assert add_figures(FORM, {"本级": own, "甲局": child}).number(GRANTED) == 5
    partial = add_figures(FORM, {"本级": own, "甲局": child.replace({GRANTED: None}), "乙局": None})
    assert partial[GRANTED] == unknown(2, ["甲局", "乙局"])
    assert partial[FEE] == unknown(Decimal("0.1300"), ["乙局"])
    # A sum of sums still names the unit at the bottom that is missing.
    assert add_figures(FORM, {"丙县": partial})[GRANTED] == unknown(2, ["甲局", "乙局"])


def test_a_report_of_the_other_form_leaves_cells_it_does_not_have_unknown() -> None:
    total = add_figures(FORM, {"本级": nothing(FORM), "甲局": nothing(FORMS["fmt2019"])})
    assert total["table3.other_misc.total"] == unknown(0, ["甲局"])
    assert total["table3.granted.total"] == known(0)


@given(reconciled_figures())
def test_totals_are_derived_from_the_parts(figures: Figures) -> None:
    totals = [p for p in figures if p.endswith(".total") or p.startswith("table3.outcome_total.")]
    assert derive(figures.replace(dict.fromkeys(totals))) == figures


def test_a_total_with_an_unknown_part_is_at_least_the_rest_and_a_given_one_stays() -> None:
    figures = seed_figures("LYO22").replace(
        {GRANTED: None, "table3.granted.total": None, "table3.outcome_total.natural_person": None}
    )
    derived = derive(figures)
    assert derived["table3.granted.total"] == unknown(0)
    assert derived["table3.outcome_total.natural_person"] == unknown(78)
    wrong = figures.replace({"table3.granted.total": 99, "table4.review.total": UNREAD})
    assert derive(wrong).number("table3.granted.total") == 99
    assert derive(wrong)["table4.review.total"] == UNREAD


def test_how_many_of_this_years_requests_were_closed_this_year() -> None:
    """LYO22: 92 outcomes with 8 carried in → 84 to 92 of the 95; PDS19: 701 to 702 of the 702."""
    assert cohort_bounds(seed_figures("LYO22")) == (84, 92)
    assert cohort_bounds(seed_figures("PDS19")) == (701, 702)
    assert cohort_bounds(seed_figures("LYO22").replace({"table3.carried_in.total": None})) is None
    assert cohort_bounds(nothing(form_for(2020)), "natural_person") == (0, 0)


def _amounts_as_numbers(content: object) -> object:
    if isinstance(content, dict):
        return {key: _amounts_as_numbers(inner) for key, inner in content.items()}
    return Decimal(content) if isinstance(content, str) else content
