"""Table 2: rows by their labels; as many figures as the row has columns, or none at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gongkai.forms.shape import Block, Form, Unit
from gongkai.forms.shape import Row as FormRow

from .cells import AlteredLabel, TableRead, unread
from .labels import ITEMS
from .normal import label, printed
from .rows import ValueRow, value_rows
from .stream import Kind, Row
from .table3 import of_printed

_ONLY = {
    "fmt2019": (
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "上一年项目数量",
        "采购总金额",
        "采购项目数量",
    ),
    "fmt2021": ("本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量", "本年收费金额"),
}
_YUAN = re.compile(r"单位:?元|\(元\)|（元）|单位：元")


@dataclass
class _Found:
    """A row of table 2: its values in order, and whether a real table proves that all of them are there."""

    row: ValueRow
    by_column: dict[str, tuple[str, str]] = field(default_factory=dict)  # head → (text, place)


@dataclass(frozen=True)
class _Heads:
    """A row of headings: by column, and the column after the last."""

    names: dict[int, str]
    end: int


def form_by_heads(rows: Sequence[Row]) -> str:
    """The key of the form whose headings the table prints, "" when it prints none or both alike."""
    text = label("".join(row.text for row in rows))
    votes = {key: sum(label(head) in text for head in heads) for key, heads in _ONLY.items()}
    if votes["fmt2019"] == votes["fmt2021"]:
        return ""
    return max(votes, key=lambda key: votes[key])


def read_table2(rows: Sequence[Row], form: Form) -> TableRead:
    """The cells of table 2."""
    result = TableRead()
    found = _rows_by_key(rows, result)
    copies = _copies(rows)
    yuan = bool(_YUAN.search("".join(row.text for row in rows if row.text).replace(" ", "")))
    for block in form.blocks:
        for row in block.rows:
            entries = found.get(row.key, [])
            if times := copies.get(label(block.label)):
                entries = [
                    whole for entry in entries if (whole := _once(entry, len(block.columns), times - 1))
                ]
            _read_row(block, row, entries, result, yuan)
    _check_money_head(rows, form, result)
    return result


def _copies(rows: Sequence[Row]) -> dict[str, int]:
    """How often a converter repeated the head of a block that covers its whole width: so many columns there are."""
    copies: dict[str, int] = {}
    last, run = "", 0
    for row in rows:
        for cell in row.cells:
            name = label(cell.text)
            run = run + 1 if name == last else 1
            last = name
            if run > 1 and "第二十条" in name:
                copies[name] = max(run, copies.get(name, 0))
    return copies


def _once(entry: _Found, width: int, printed_width: int) -> _Found | None:
    """A row in which the last figure may be repeated like the heads; None when it does not fill the width."""
    row = entry.row
    if row.exact:
        return entry
    last = row.values[width - 1 :]
    if len(row.values) != printed_width or len({value.text for value in last}) > 1:
        return None
    return _Found(replace(row, values=row.values[:width], places=row.places[:width]))


def _check_money_head(rows: Sequence[Row], form: Form, result: TableRead) -> None:
    """The head of the column of money says unit and decimals; publishers drop the latter."""
    for column in (
        column for block in form.blocks for column in block.columns if column.unit is Unit.MONEY_WAN
    ):
        expected = label(column.label)
        start = label(column.label.partition("（")[0])
        for row in rows:
            for cell in row.cells:
                name = label(cell.text)
                if name.startswith(start) and "单位" in name and name != expected:
                    result.labels.append(AlteredLabel(cell.text, column.label, row.at))


def _rows_by_key(rows: Sequence[Row], result: TableRead) -> dict[str, list[_Found]]:
    heads: dict[int, _Heads] = {}  # by table, the headings last seen
    found: dict[str, list[_Found]] = {}
    loose: list[Row] = []
    for row in rows:
        if row.kind is Kind.GRID and _take_grid(row, heads, found):
            continue
        loose.append(row)
    values, _ = value_rows(loose, 0)
    for value_row in values:
        key = _key(value_row)
        if key and value_row.merged and value_row.here:
            # Figures beside the label and more on other lines: the others may be a page number.
            result.note("表二有一行数字分在几行，无法确定，没有采用。", value_row.at)
        elif key:
            found.setdefault(key, []).append(_Found(value_row))
        elif value_row.has_figures and len(value_row.text) < 60:
            result.note("表二有一行数字无法确定属于哪一项，没有采用。", value_row.at)
    return found


def _take_grid(row: Row, heads: dict[int, _Heads], found: dict[str, list[_Found]]) -> bool:
    """Keep a row of a real table under the headings that stand above its cells."""
    names = [(cell, label(cell.text)) for cell in row.cells]
    end = max(cell.column + cell.width for cell in row.cells)
    if any(name.startswith(head) for _, name in names for head in _ALL_HEADS):
        heads[row.table] = _Heads({cell.column: name for cell, name in names if name}, end)
        return True
    if any("第二十条" in name for _, name in names):
        heads.pop(row.table, None)
        return True
    above = heads.get(row.table, _Heads({}, 0))
    # A row that ends before its headings do has lost a cell, and what is left may have moved.
    table = above.names if above.end == end else {}
    first = next((number for number, (_, name) in enumerate(names) if name in ITEMS), None)
    if first is None:
        return False
    cells = row.cells[first + 1 :]
    place = {cell.column: f"{row.at}第{cell.column + 1}格" for cell in cells}
    entry = _Found(
        ValueRow(
            names[first][1],
            names[first][1],
            tuple(printed(cell.text) for cell in cells),
            tuple(place.values()),
            True,
            True,
            at=row.at,
        ),
        {table[cell.column]: (cell.text, place[cell.column]) for cell in cells if cell.column in table},
    )
    found.setdefault(ITEMS[names[first][1]], []).append(entry)
    return True


_ALL_HEADS = (*(label(head) for heads in _ONLY.values() for head in heads), "处理决定数量")


def _key(row: ValueRow) -> str:
    """The row its words end with; the longest name, since 规范性文件 ends 行政规范性文件. Or whose name they begin."""
    names = [name for name in ITEMS if row.text.endswith(name)]
    if names:
        return ITEMS[max(names, key=len)]
    begun = {key for name, key in ITEMS.items() if len(row.piece) >= 4 and name.startswith(row.piece)}
    return begun.pop() if len(begun) == 1 else ""


def _read_row(block: Block, row: FormRow, found: list[_Found], result: TableRead, yuan: bool) -> None:
    paths = [f"table2.{block.key}.{row.key}.{column.key}" for column in block.columns]
    found = _without_pieces(found, len(paths))
    distinct = {tuple(value.text for value in entry.row.values) for entry in found}
    if len(distinct) > 1:
        result.note(f"表二“{row.label}”出现两行不同的数字，均未采用。", found[0].row.at)
        found = []
    elif not found:
        result.note(f"表二“{row.label}”没有找到。", "")
    for number, (path, column) in enumerate(zip(paths, block.columns, strict=True)):
        text = _text_of(found[0], number, len(paths), label(column.label)) if found else None
        if text is None:
            result.cells[path] = unread(found[0].row.at if found else "")
            continue
        content, place = text
        money = column.unit is Unit.MONEY_WAN
        value = printed(content, column.unit, yuan) if money else printed(content)
        result.cells[path] = of_printed(value, place)
        if value.note:
            result.note(value.note, place)
    if found and all(result.cells[path] == unread(found[0].row.at) for path in paths):
        result.note(f"表二“{row.label}”的数字个数与栏数（{len(paths)}）不符，没有采用。", found[0].row.at)


def _without_pieces(found: list[_Found], width: int) -> list[_Found]:
    """A row a page break printed once whole and once in part counts once."""
    whole = [entry for entry in found if len(entry.row.values) == width]
    texts = [[value.text for value in entry.row.values] for entry in whole]
    return [
        entry
        for entry in found
        if entry in whole or not any(all(value.text in text for value in entry.row.values) for text in texts)
    ]


def _text_of(entry: _Found, number: int, width: int, head: str) -> tuple[str, str] | None:
    """Text and place of one column: in order when the row is complete, else under its heading."""
    row = entry.row
    if len(row.values) == width:
        return row.values[number].text, row.places[number]
    if row.exact:
        filled = [value for value in row.values if not value.is_empty]
        beyond = row.values[width:]
        whole = len(row.values) > width and all(value.is_empty for value in beyond) and len(filled) == width
        if whole and entry.by_column:  # by no more cells than its headings have
            return row.values[number].text, row.places[number]
        under = [content for name, content in entry.by_column.items() if name.startswith(head[:4])]
        return under[0] if len(under) == 1 else None
    return None
