"""Adding sheets is adding reports: the sparse way gives what the forms room gives cell by cell."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gongkai.annualreport import sheet
from gongkai.annualreport.sheet import Sheet
from gongkai.forms.figures import Figures, add_figures
from gongkai.forms.layout import FORMS, Form, Unit
from gongkai.forms.values import BLANK, UNREAD, State, Value, inferred, known, unknown

FORM = FORMS["fmt2019"]
CELLS = (
    "table3.granted.total",
    "table3.carried_in.natural_person",
    "table2.art20_5.admin_license.change_this_year",
    "table2.art20_9.gov_procurement.procurement_amount_wan",
)


def values(form: Form, cell: str) -> st.SearchStrategy[Value]:
    unit = form.cell(cell).unit
    if unit is Unit.MONEY_WAN:
        number: st.SearchStrategy[int | Decimal] = st.decimals(0, 9999, places=4)
    else:
        number = st.integers(-50 if unit is Unit.CHANGE else 0, 500)
    lacking = unit is not Unit.CHANGE
    return st.one_of(
        number.map(known),
        number.map(lambda n: inferred(n, "依据")),
        st.sampled_from([BLANK, UNREAD, unknown(missing=("丙",))]),
        number.map(lambda n: unknown(n if lacking else None)),
    )


reports = st.fixed_dictionaries({cell: values(FORM, cell) for cell in CELLS}).map(
    lambda content: Figures(FORM, {**dict.fromkeys(FORM.paths, 0), **content})
)


@given(st.lists(reports, min_size=1, max_size=5))
def test_sheets_add_up_like_reports(parts: list[Figures]) -> None:
    total = Sheet()
    for index, figures in enumerate(parts):
        total.add(sheet.of_figures(figures, f"机关{index}"))
    wanted = add_figures(FORM, {f"机关{index}": figures for index, figures in enumerate(parts)})
    assert total.figures(FORM) == wanted


@given(reports)
def test_a_report_survives_being_a_sheet(figures: Figures) -> None:
    back = sheet.of_figures(figures, "机关").figures(FORM)
    assert back.numbers == figures.numbers
    for cell, value in figures.items():
        if value.number is None:
            assert back[cell].state is State.UNKNOWN  # never 0
            assert back[cell].missing
