"""What follows from the figures of one report: its totals, and what the range of this year's intake can be."""

from __future__ import annotations

from .figures import CellContent, Figures
from .identities import outcome_totals, remedy_totals, row_totals
from .relations import Relation
from .values import Number, State, add


def derive(figures: Figures) -> Figures:
    """Fill the totals nobody gave: （七）总计 per column, 总计 per line, 总计 per group of table 4.

    Only unknown cells are filled; a total that was given stays, even if wrong, for the rules to object to. With a part
    unknown the total is unknown too, "at least" the known parts.
    """
    form = figures.form
    figures = _fill(figures, outcome_totals(form)[:-1])  # the column 总计 itself follows from the lines
    figures = _fill(figures, row_totals(form))
    return _fill(figures, remedy_totals(form))


def cohort_bounds(figures: Figures, column: str = "total") -> tuple[Number, Number] | None:
    """How many of this year's own applications can have been closed this year (T3-BND), least and most.

    All that was carried in may have been closed this year, or none of it: outcomes − carried in ≤ n ≤
    min(outcomes, newly received). None if one of the three is unknown.
    """
    new = figures.number(f"table3.new_received.{column}")
    carried_in = figures.number(f"table3.carried_in.{column}")
    outcomes = figures.number(f"table3.outcome_total.{column}")
    if new is None or carried_in is None or outcomes is None:
        return None
    return max(outcomes - carried_in, 0), min(outcomes, new)


def _fill(figures: Figures, relations: tuple[Relation, ...]) -> Figures:
    filled: dict[str, CellContent] = {}
    for relation in relations:
        (total,) = relation.left
        if figures[total].state is State.UNKNOWN:
            filled[total] = add((figures[part] for part in relation.right), figures.form.cell(total).unit)
    return figures.replace(filled) if filled else figures
