"""Which measures fill which cell of the two forms. Declared once; value, drill-down and evidence all follow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from gongkai.forms.identities import outcome_totals, remedy_totals, row_totals
from gongkai.forms.layout import Form, Unit
from gongkai.forms.values import MONEY_PLACES, Number
from gongkai.law.outcomes import OUTCOMES

YUAN_PER_WAN = 10_000
ACTIVE = "remedies.active"  # table 4 by default; a region may count proceedings by the year they were filed (04 §6)
TOTAL = "total"


@dataclass(frozen=True)
class Term:
    """One measure at given dimension values, added (+1) or subtracted (−1)."""

    measure: str
    dims: Mapping[str, str] = field(default_factory=dict)
    sign: int = 1


@dataclass(frozen=True)
class Source:
    """A cell's figure: the sum of its terms divided by `divisor` (10000 turns yuan into 万元)."""

    cell: str
    terms: tuple[Term, ...]
    divisor: int = 1

    def figure(self, total: Number) -> Number:
        """The sum of the terms as it stands in the cell: 万元 with four decimals rounded half up, or as it is."""
        if self.divisor == 1:
            return total
        return (Decimal(total) / self.divisor).quantize(MONEY_PLACES, rounding=ROUND_HALF_UP)


# table 3: lines that are dates, not outcomes
_INTAKE = {
    "new_received": "requests.received",
    "carried_in": "requests.carried_in",
    "carried_out": "requests.carried_out",
}
# table 2: column of a block -> measure by the row's key
_BY_KIND = {
    "made_this_year": "documents.made",
    "newly_disclosed_this_year": "documents.newly_disclosed",
    "total_disclosed": "documents.total_disclosed",
    "repealed_this_year": "documents.repealed",
    "in_force": "documents.in_force",
}
_BY_ROW = {
    "prev_year_items": "keyareas.items_prev_year",
    "change_this_year": "keyareas.items_change",
    "decisions": "keyareas.decisions",
}
_AMOUNTS = {
    "procurement_items": ((Term("keyareas.procurement_items"),), 1),
    "procurement_amount_wan": ((Term("keyareas.procurement_amount_yuan"),), YUAN_PER_WAN),
    # FR9: every 行政事业性收费, information processing fees included, less what was paid back
    "fee_amount_wan": (
        (
            Term("keyareas.fee_income_yuan"),
            Term("requests.fee_collected_yuan"),
            Term("requests.fee_refunded_yuan", sign=-1),
        ),
        YUAN_PER_WAN,
    ),
}


@cache
def sources(form: Form, remedies: str = ACTIVE) -> Mapping[str, Source]:
    """The source of every leaf cell of the form, by path. Totals are the sums of leaves. `remedies` is the measure that
    counts table 4 in the organ's region."""
    declared = (*_table2(form), *_table3(form), *_table4(form, remedies))
    return {source.cell: source for source in declared}


@cache
def measures_of(form: Form, remedies: str = ACTIVE) -> tuple[str, ...]:
    """The measures a report of this form needs, each once."""
    declared = sources(form, remedies).values()
    return tuple(dict.fromkeys(term.measure for source in declared for term in source.terms))


@cache
def leaves(form: Form, cell: str) -> tuple[str, ...]:
    """The leaf cells a cell adds up: the cell itself, or for a total those below it. Raises NoSuchCell."""
    form.cell(cell)
    if cell in sources(form):
        return (cell,)
    parts = _totals(form)[cell]
    return tuple(dict.fromkeys(leaf for part in parts for leaf in leaves(form, part)))


@cache
def with_totals(form: Form, leaf: str) -> tuple[str, ...]:
    """A leaf cell and every total it is part of."""
    return tuple(cell for cell in form.paths if leaf in leaves(form, cell))


def terms(form: Form, cell: str, remedies: str = ACTIVE) -> tuple[Term, ...]:
    """Every term behind a cell, totals included: what its drill-down lists."""
    return tuple(term for leaf in leaves(form, cell) for term in sources(form, remedies)[leaf].terms)


@cache
def _totals(form: Form) -> Mapping[str, tuple[str, ...]]:
    # A cell that is a total both ways (总计 of （七）总计) is read along its line.
    families = (*outcome_totals(form), *row_totals(form), *remedy_totals(form))
    return {relation.left[0]: relation.right for relation in families}


def _table2(form: Form) -> Iterator[Source]:
    for cell in form.cells():
        if cell.table != "table2":
            continue
        _, _, row, column = cell.path.split(".")
        if column in _BY_KIND:
            yield Source(cell.path, (Term(_BY_KIND[column], {"kind": row}),))
        elif column in _BY_ROW:
            yield Source(cell.path, (Term(_BY_ROW[column], {"row": row}),))
        else:
            amount, divisor = _AMOUNTS[column]
            yield Source(cell.path, amount, divisor)


def _table3(form: Form) -> Iterator[Source]:
    for kind in (column.key for column in form.applicants if column.key != TOTAL):
        for line, measure in _INTAKE.items():
            yield Source(f"table3.{line}.{kind}", (Term(measure, {"kind": kind}),))
        for leaf in form.leaves():
            counted = tuple(
                Term("requests.closed", {"outcome": outcome, "kind": kind})
                for outcome in outcomes_of(form, leaf.key)
            )
            yield Source(f"table3.{leaf.key}.{kind}", counted)


def outcomes_of(form: Form, line: str) -> list[str]:
    """The outcomes a line counts: in the form of 2019 （六）其他处理 holds all three kinds."""
    if form.key == "fmt2019":
        return [key for key, outcome in OUTCOMES.items() if outcome.row2019 == line]
    return [key for key, outcome in OUTCOMES.items() if outcome.row2021 == line]


def _table4(form: Form, remedies: str) -> Iterator[Source]:
    for group in form.remedy_groups:
        for column in form.remedy_columns:
            if column.key != TOTAL:
                term = Term(remedies, {"group": group.key, "column": column.key})
                yield Source(f"table4.{group.key}.{column.key}", (term,))


def is_money(form: Form, cell: str) -> bool:
    """Whether a cell holds 万元."""
    return form.cell(cell).unit is Unit.MONEY_WAN
