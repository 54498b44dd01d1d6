"""Tables 2–4 of a checked report as on the form, each cell with its state and the findings it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.forms.grid import Grid, GridCell, grids
from gongkai.forms.layout import TABLES, Form

# Verdict → class of the cell, shape and short word of the mark, from the worst down.
_MARKS: dict[str, tuple[str, str, Any]] = {
    "publisher_fault": ("is-fault", "▲", gettext_lazy("错")),
    "doubt": ("is-doubt", "■", gettext_lazy("疑")),
    "reading_loss": ("is-loss", "?", gettext_lazy("缺")),
}
_SHAPES = "".join(shape for _css, shape, _word in _MARKS.values())
_SECTIONS = {"table2": "s2", "table3": "s3", "table4": "s4"}
_LONGEST = 24


@dataclass(frozen=True)
class Mark:
    """That a cell is part of a finding: its verdict, and its number in the list, 0 when it isn't listed."""

    verdict: str
    word: str
    number: int


@dataclass(frozen=True)
class Drawn:
    """What the tables are drawn from: cells of the answer, and by path anchors, marks, changes and proofs."""

    cells: Mapping[str, Any]
    anchors: Mapping[str, str]
    marks: Mapping[str, list[Mark]]
    changes: Mapping[str, str]
    proofs: Mapping[str, str]


@dataclass(frozen=True)
class CheckedCell:
    """A cell ready to be written: heading, fixed text, or figure with its mark and what that leads to."""

    cell: GridCell
    text: str
    anchor: str = ""
    css: str = ""
    href: str = ""
    label: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One separately headed part of a table."""

    caption: str
    lines: list[list[CheckedCell]]
    narrow: bool


@dataclass(frozen=True)
class Table:
    """Table 2, 3 or 4."""

    key: str
    heading: str
    parts: list[Part]


def draw(form: Form, drawn: Drawn) -> list[Table]:
    """The three tables as printed on the form."""
    return [
        Table(table, form.section(_SECTIONS[table]).heading, _parts(form, table, drawn)) for table in TABLES
    ]


def _parts(form: Form, table: str, drawn: Drawn) -> list[Part]:
    heading = form.section(_SECTIONS[table]).heading
    captions = [block.label for block in form.blocks] if table == "table2" else [heading]
    return [
        Part(caption, [[_cell(form, cell, drawn) for cell in line] for line in grid], _is_narrow(grid))
        for caption, grid in zip(captions, grids(form, table), strict=True)
    ]


def _is_narrow(grid: Grid) -> bool:
    return max(sum(cell.colspan for cell in line) for line in grid) <= 4


def _cell(form: Form, cell: GridCell, drawn: Drawn) -> CheckedCell:
    if not cell.path:
        return CheckedCell(cell, cell.text)
    read, marks = drawn.cells[cell.path], drawn.marks.get(cell.path, [])
    words, css, tags = _state(read)
    change = drawn.changes.get(cell.path, "")
    if not marks and not change and not tags:
        return CheckedCell(cell, words, css=css)
    if marks:
        worst = next(verdict for verdict in _MARKS if any(mark.verdict == verdict for mark in marks))
        css = f"{css} {_MARKS[worst][0]}".strip()
        tags = (*tags, *_tags(marks, read["state"]))
    if change:
        css, tags = f"{css} is-mend".strip(), (*tags, _("可改为 %(number)s") % {"number": change})
    return CheckedCell(
        cell,
        words,
        drawn.anchors[cell.path],
        css,
        _href(cell.path, marks, drawn),
        _label(words, tags, marks),
        tags,
    )


def _state(read: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """What stands in the cell, its class, and the mark its state gives."""
    if read["state"] == "unread":
        return _("未读出"), "unknown", ()
    if read["state"] == "blank":
        return _("空白"), "is-blank", ()
    number = str(read["value"])[:_LONGEST]
    return (number, "is-inferred", (_("推定"),)) if read["state"] == "inferred" else (number, "", ())


def _tags(marks: list[Mark], state: str) -> tuple[str, ...]:
    """▲错1·3: all findings of one verdict in one mark. That an unread cell isn't read needs no second mark."""
    tags = []
    for verdict, (_css, shape, word) in _MARKS.items():
        of = [mark for mark in marks if mark.verdict == verdict]
        if of and not (verdict == "reading_loss" and state == "unread"):
            tags.append(f"{shape}{word}" + "·".join(str(mark.number) for mark in of if mark.number))
    return tuple(tags)


def _label(words: str, tags: tuple[str, ...], marks: list[Mark]) -> str:
    """What is read out, after the headings of row and column: what stands there, and what is said of it."""
    said = [tag for tag in tags if tag[0] not in _SHAPES]
    for word in dict.fromkeys(mark.word for mark in marks):
        listed = "、".join(str(mark.number) for mark in marks if mark.word == word and mark.number)
        said.append(
            _("%(verdict)s第%(numbers)s处") % {"verdict": word, "numbers": listed} if listed else word
        )
    return "，".join([words, *said])


def _href(path: str, marks: list[Mark], drawn: Drawn) -> str:
    """The first finding, the worst leading; else the proof."""
    for verdict in _MARKS:
        for mark in marks:
            if mark.verdict == verdict:
                return f"#f{mark.number}" if mark.number else f"#{verdict}"
    return f"#{drawn.proofs.get(path, 'proofs')}" if drawn.cells[path]["state"] == "inferred" else ""
