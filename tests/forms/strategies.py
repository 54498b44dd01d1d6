"""Hypothesis strategies: reports that reconcile, in both forms."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from gongkai.forms.derive import derive
from gongkai.forms.figures import CellContent, Figures
from gongkai.forms.layout import FORMS, Form, Unit

forms = st.sampled_from(list(FORMS.values()))

_counts = st.integers(0, 60)
_amounts = st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-4))


@st.composite
def reconciled_figures(draw: st.DrawFn, form: Form | None = None) -> Figures:
    """Figures of a whole report under which no rule of severity E fails. As in real ones, most cells are 0."""
    form = form or draw(forms)
    leaves = [f"table3.{line.key}.{column.key}" for line in form.leaves() for column in form.applicants[:-1]]
    carried = [f"table3.{key}.{c.key}" for key in ("carried_in", "carried_out") for c in form.applicants[:-1]]
    other = [p for p in form.paths if not p.startswith("table3.") and not p.endswith(".total")]
    money = [path for path in other if form.cell(path).unit is Unit.MONEY_WAN]
    free = leaves + carried + other
    cells: dict[str, CellContent] = dict.fromkeys(free, 0)
    cells.update(draw(st.dictionaries(st.sampled_from(free), _counts, max_size=40)))
    cells.update({path: draw(_amounts) for path in money})
    _disclosed_no_less_than_new(form, cells)
    for column in form.applicants[:-1]:
        done = sum(cells[path] for path in leaves if path.endswith(f".{column.key}"))
        done += cells[f"table3.carried_out.{column.key}"]
        carried_in = min(cells[f"table3.carried_in.{column.key}"], done)
        cells[f"table3.carried_in.{column.key}"] = carried_in
        cells[f"table3.new_received.{column.key}"] = done - carried_in
    return derive(Figures(form, cells))


def _disclosed_no_less_than_new(form: Form, cells: dict[str, CellContent]) -> None:
    for row in form.block("art20_1").rows:
        new = cells.get(f"table2.art20_1.{row.key}.newly_disclosed_this_year")
        total = f"table2.art20_1.{row.key}.total_disclosed"
        if isinstance(new, int) and isinstance(cells[total], int):
            cells[total] += new
