"""Table 4: fifteen figures in one row, or in the parts a split table leaves."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.forms.identities import remedy_totals
from gongkai.forms.relations import evaluate
from gongkai.forms.shape import Form

from .align import UNTOLD, align_groups
from .cells import TableRead, unread
from .normal import printed
from .rows import ValueRow, value_rows
from .stream import Kind, Row
from .table3 import of_printed

_GROUPS, _SIZE = 3, 5
_WIDTH = _GROUPS * _SIZE


def read_table4(rows: Sequence[Row], form: Form) -> TableRead:
    """The cells of table 4."""
    result = TableRead()
    row = _figures(rows, result)
    paths = [
        f"table4.{group.key}.{column.key}" for group in form.remedy_groups for column in form.remedy_columns
    ]
    if row is None:
        result.note("表四的数字没有找到。", "")
        result.cells.update({path: unread() for path in paths})
        return result
    aligned = align_groups(row.values, _GROUPS, _SIZE)
    damaged = not aligned.certain or row.merged
    if len(row.values) != _WIDTH:
        count = sum(not value.is_empty for value in row.values)
        result.note(f"表四有{count}个数，应为{_WIDTH}个，按勾稽关系对位。", row.at)
    for number, path in enumerate(paths):
        take = aligned.takes[number] if aligned.takes else UNTOLD
        if take is None or take == UNTOLD:
            result.cells[path] = unread(row.at)
        else:
            result.cells[path] = of_printed(row.values[take], row.places[take], damaged and not row.exact)
    if row.spread or row.shifted:
        _distrust(form, result, row)
    return result


def _distrust(form: Form, result: TableRead, row: ValueRow) -> None:
    """Figures on lines of their own, or not in their columns: where a sum fails, one may be lost and another added.

    If there are as many as there should be, that may have moved all of them.
    """
    numbers = {path: cell.number for path, cell in result.cells.items() if cell.number is not None}
    judged = [(relation, evaluate(relation, numbers).holds) for relation in remedy_totals(form)]
    failing = [relation for relation, holds in judged if holds is False]
    if len(row.values) == _WIDTH and not all(holds for _, holds in judged):
        failing = [relation for relation, _ in judged]
    for relation in failing:
        result.note(f"{relation.where}的数字可能错位，没有采用。", row.at)
        result.cells.update({path: unread(row.at) for path in relation.operands})


def _figures(rows: Sequence[Row], result: TableRead) -> ValueRow | None:
    """The one row of figures: of a real table, else whatever run of figures is longest."""
    exact = [row for row in rows if row.kind is Kind.GRID and _is_row_of_figures(row)]
    if len(exact) == 1 and len(exact[0].cells) == _WIDTH:
        return _of_cells([exact[0]])
    if len(exact) > 1 and sum(len(row.cells) for row in exact) == _WIDTH:
        return _of_cells(exact)  # a table for reviews and one for suits
    if len(exact) > 1 and len({tuple(cell.text for cell in row.cells) for row in exact}) > 1:
        result.note("表四有不止一行数字，没有采用。", exact[0].at)
        return None
    found, _ = value_rows(rows, _WIDTH)
    best = [row for row in found if row.has_figures and len(row.values) >= _SIZE]
    if [len(row.values) for row in best] == [_SIZE, 2 * _SIZE] or [len(row.values) for row in best] == [
        _SIZE
    ] * 3:
        return _joined(best)
    return best[0] if len(best) == 1 else _only_full(best, result)


def _is_row_of_figures(row: Row) -> bool:
    texts = [cell.text for cell in row.cells]
    return sum(text[:1].isdigit() for text in texts) * 2 >= len(texts) and len(texts) >= _SIZE


def _of_cells(rows: Sequence[Row]) -> ValueRow:
    cells = [(row, cell) for row in rows for cell in row.cells]
    return ValueRow(
        "",
        "",
        tuple(printed(cell.text) for _, cell in cells),
        tuple(f"{row.at}第{cell.column + 1}格" for row, cell in cells),
        exact=True,
        at=rows[0].at,
    )


def _joined(rows: Sequence[ValueRow]) -> ValueRow:
    return ValueRow(
        "",
        "",
        tuple(value for row in rows for value in row.values),
        tuple(place for row in rows for place in row.places),
        merged=True,
        at=rows[0].at,
    )


def _only_full(rows: Sequence[ValueRow], result: TableRead) -> ValueRow | None:
    full = [row for row in rows if len(row.values) == _WIDTH]
    if len({tuple(value.text for value in row.values) for row in full}) == 1:
        return full[0]
    if rows:
        result.note("表四的数字散在几处，无法确定，没有采用。", rows[0].at)
    return None
