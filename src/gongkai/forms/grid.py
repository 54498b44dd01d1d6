"""The tables as printed on the form: cells with their spans, ready for an HTML ``<table>`` or a document.

A grid is a list of lines, each a list of :class:`GridCell`, with the meaning HTML gives to rowspan and
colspan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .parts import APPLICANT_CAPTION, CONTENT_CAPTION, CORNER_NOTE
from .shape import Block, Column, Form, Line, RowKind

_LABEL_COLUMNS = 3  # table 3 prints 三、… / （三）… / 1.… beside one another


@dataclass(frozen=True, slots=True)
class GridCell:
    """A printed cell: either a fixed ``text`` or the ``path`` of the figure that belongs there.

    ``scope`` is that of an HTML header cell: "col", "row", "colgroup", "rowgroup", or "" for a cell that
    heads nothing.
    """

    text: str = ""
    path: str = ""
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    scope: str = ""


Grid = list[list[GridCell]]


def grids(form: Form, table: str) -> list[Grid]:
    """A table as separately headed parts: the blocks of table 2 one by one, table 3 and table 4 whole."""
    if table == "table2":
        return [grid(form, f"table2.{block.key}") for block in form.blocks]
    return [grid(form, table)]


def grid(form: Form, table: str) -> Grid:
    """``table2``, ``table3`` or ``table4`` as printed, or one block of table 2 alone (``table2.art20_1``).

    Raises ``ValueError`` for any other name.
    """
    return [list(line) for line in _grid(form, table)]


@lru_cache(maxsize=32)
def _grid(form: Form, table: str) -> tuple[tuple[GridCell, ...], ...]:
    name, _, block_key = table.partition(".")
    if name == "table2" and block_key:
        block = form.block(block_key)
        lines = _block(block, 1 + len(block.columns))
    elif table == "table2":
        width = 1 + max(len(block.columns) for block in form.blocks)
        lines = [line for block in form.blocks for line in _block(block, width)]
    elif table == "table3":
        lines = [*_applicant_heads(form.applicants), *_application_lines(form)]
    elif table == "table4":
        lines = _remedies(form)
    else:
        raise ValueError(f"no such table: {table}")
    return tuple(tuple(line) for line in lines)


def _block(block: Block, width: int) -> Grid:
    """One item of art. 20; in a table wider than the block the last column takes the room that is left."""
    spans = [1] * len(block.columns)
    spans[-1] = width - len(block.columns)
    columns = list(zip(block.columns, spans, strict=True))
    lines = [
        [GridCell(block.label, colspan=width, header=True, scope="colgroup")],
        [
            GridCell(CONTENT_CAPTION, header=True, scope="col"),
            *(GridCell(column.label, colspan=span, header=True, scope="col") for column, span in columns),
        ],
    ]
    for row in block.rows:
        figures = (
            GridCell(path=f"table2.{block.key}.{row.key}.{column.key}", colspan=span)
            for column, span in columns
        )
        lines.append([GridCell(row.label, header=True, scope="row"), *figures])
    return lines


def _applicant_heads(columns: tuple[Column, ...]) -> Grid:
    top = [
        GridCell(CORNER_NOTE, rowspan=3, colspan=_LABEL_COLUMNS),
        GridCell(APPLICANT_CAPTION, colspan=len(columns), header=True, scope="colgroup"),
    ]
    middle: list[GridCell] = []
    bottom: list[GridCell] = []
    grouped: set[str] = set()
    for column in columns:
        if not column.group:
            middle.append(GridCell(column.label, rowspan=2, header=True, scope="col"))
            continue
        if column.group not in grouped:
            grouped.add(column.group)
            members = sum(other.group == column.group for other in columns)
            middle.append(GridCell(column.group, colspan=members, header=True, scope="colgroup"))
        bottom.append(GridCell(column.label, header=True, scope="col"))
    return [top, middle, bottom]


def _application_lines(form: Form) -> Grid:
    """The lines of table 3; a group heading stands to the left of its lines and spans them all."""
    grid: Grid = []
    headings: list[GridCell] = []  # group headings waiting for their first line with figures
    for line in form.lines:
        depth = len(line.path)
        if line.kind is RowKind.GROUP:
            members = sum(line.key in other.path for other in form.data_lines)
            headings.append(GridCell(line.label, rowspan=members, header=True, scope="rowgroup"))
            continue
        label = GridCell(line.label, colspan=_LABEL_COLUMNS - depth, header=True, scope="row")
        grid.append([*headings, label, *_figures(form, line)])
        headings = []
    return grid


def _figures(form: Form, line: Line) -> list[GridCell]:
    return [GridCell(path=f"table3.{line.key}.{column.key}") for column in form.applicants]


def _remedies(form: Form) -> Grid:
    top: list[GridCell] = []
    middle: list[GridCell] = []
    bottom: list[GridCell] = []
    width = len(form.remedy_columns)
    headings: set[str] = set()
    for group in form.remedy_groups:
        if group.heading not in headings:
            headings.add(group.heading)
            members = sum(other.heading == group.heading for other in form.remedy_groups)
            top.append(GridCell(group.heading, colspan=members * width, header=True, scope="colgroup"))
        if group.subheading:
            middle.append(GridCell(group.subheading, colspan=width, header=True, scope="colgroup"))
            bottom.extend(GridCell(column.label, header=True, scope="col") for column in form.remedy_columns)
        else:
            middle.extend(
                GridCell(column.label, rowspan=2, header=True, scope="col") for column in form.remedy_columns
            )
    figures = [
        GridCell(path=f"table4.{group.key}.{column.key}")
        for group in form.remedy_groups
        for column in form.remedy_columns
    ]
    return [top, middle, bottom, figures]
