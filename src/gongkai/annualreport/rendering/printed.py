"""A report laid out for paper: a flow of headings, paragraphs and statutory tables that every renderer sets alike."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.forms import narrative
from gongkai.forms.figures import Figures
from gongkai.forms.grid import GridCell, grid
from gongkai.forms.layout import Form
from gongkai.forms.values import Value, number_text

TEXT_WIDTH = 156.0  # mm between the margins of an official document (GB/T 9704)
UNKNOWN = "未知"
DRAFT = "草　稿"
DRAFT_NOTE = "未经签发，数字和文字以签发的版本为准"
INSET = 2.5  # pt between a cell's line and its content
_PT_PER_MM = 72 / 25.4
_DIGIT = 0.55  # width of a digit, in em
_SMALLEST = 4.0  # pt
_TITLE_LINE = 19  # letters of 22 pt
_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class PrintedParagraph:
    """A piece of a part: its sub-heading ("" if none) and its text."""

    label: str
    text: str


@dataclass(frozen=True)
class PrintedPart:
    """One of the six parts: text, or the key of the table it holds."""

    key: str
    heading: str
    table: str = ""
    paragraphs: tuple[PrintedParagraph, ...] = ()


@dataclass(frozen=True)
class PrintedReport:
    """All that is printed of one version. A draft says so on every page and marks the figures it does not know."""

    title: str
    figures: Figures
    parts: tuple[PrintedPart, ...]
    preamble: str = ""
    contact: str = ""
    organ: str = ""
    signed_on: dt.date | None = None
    version: int = 1
    correction_note: str = ""
    hash: str = ""
    draft: bool = False


def of_figures(
    organ: str, year: int, figures: Figures, words: Mapping[str, str] | None = None, *, draft: bool = False
) -> PrintedReport:
    """A report with these figures; `words` are the texts of parts by key (``s1``, ``s5``, ``s6``), 无 where none is given."""
    given = words or {}
    parts = tuple(
        PrintedPart(section.key, section.heading, section.table)
        if section.table
        else PrintedPart(
            section.key,
            section.heading,
            paragraphs=(PrintedParagraph("", narrative.part_text(given.get(section.key, ""))),),
        )
        for section in figures.form.sections
    )
    return PrintedReport(
        narrative.report_title(organ, year),
        figures,
        parts,
        narrative.preamble(organ, year, figures.form),
        organ=organ,
        draft=draft,
    )


class Kind(StrEnum):
    """What a block of the flow is."""

    TITLE = "title"
    NOTE = "note"  # centred below the title: which version this is
    TEXT = "text"
    PART = "part"
    SUBHEADING = "subheading"
    TABLE = "table"
    SIGNATURE = "signature"  # at the right: organ, date
    IMPRINT = "imprint"  # small, at the very end


class CellKind(StrEnum):
    """How a cell of a table is set."""

    HEAD = "head"  # over columns
    LABEL = "label"  # before a row
    GROUP = "group"  # before several rows
    FIGURE = "figure"
    UNKNOWN = "unknown"  # a figure nobody knows; only a draft says so
    NOTE = "note"  # the corner's explanation


@dataclass(frozen=True)
class PrintedCell:
    """A cell with its span, as in HTML. `size` in pt is that of its letters; a heading that needs several lines has
    `letters` in each, so that they come out even (0: as many as there is room for)."""

    text: str
    kind: CellKind
    rowspan: int
    colspan: int
    size: float
    letters: int = 0


@dataclass(frozen=True)
class PrintedTable:
    """A table as on the form: its lines, the widths of its columns in mm, how many lines head it, the usual size of its
    letters in pt."""

    lines: tuple[tuple[PrintedCell, ...], ...]
    widths: tuple[float, ...]
    heads: int
    size: float


@dataclass(frozen=True)
class Block:
    """One block of the flow: words, or a table. Only a title may have a line break."""

    kind: Kind
    text: str = ""
    table: PrintedTable | None = field(default=None, repr=False)


def flow(report: PrintedReport) -> Iterator[Block]:
    """The report from top to bottom."""
    yield Block(Kind.TITLE, _title(report))
    if report.version > 1:
        yield Block(Kind.NOTE, f"（第{report.version}版，更正版）")
    if report.correction_note:
        yield from _text(f"更正说明：{report.correction_note}")
    yield from _text(report.preamble)
    for part in report.parts:
        yield Block(Kind.PART, one_line(part.heading))
        if part.table:
            yield Block(Kind.TABLE, table=table(report.figures, part.table, draft=report.draft))
        for number, paragraph in enumerate(part.paragraphs):
            if paragraph.label:
                yield Block(Kind.SUBHEADING, f"（{_ORDINALS[number % 10]}）{one_line(paragraph.label)}")
            yield from _text(paragraph.text)
    yield from _text(report.contact)
    if report.signed_on is not None:
        day = report.signed_on
        yield Block(Kind.SIGNATURE, one_line(report.organ))
        yield Block(Kind.SIGNATURE, f"{day.year}年{day.month}月{day.day}日")
    if report.hash:
        yield Block(Kind.IMPRINT, f"第{report.version}版　内容校验值 SHA-256：{report.hash}")


def _title(report: PrintedReport) -> str:
    """The title, broken behind the organ's name if it is too long for a line."""
    title, organ = one_line(report.title), one_line(report.organ)
    if organ and len(title) > _TITLE_LINE and title.startswith(organ) and title != organ:
        return f"{organ}\n{title.removeprefix(organ)}"
    return title


def _text(text: str) -> Iterator[Block]:
    return (Block(Kind.TEXT, line) for line in lines_of(text))


def lines_of(text: str) -> list[str]:
    """The paragraphs of a text, without what no document can hold or no reader can see."""
    return [line for raw in text.splitlines() if (line := clean(raw).strip())]


def one_line(text: str) -> str:
    """The same as one paragraph."""
    return " ".join(lines_of(text))


def clean(text: str) -> str:
    """Without control, direction and other invisible characters, halves of characters, and code points that are none:
    XML cannot hold some of them, and the others would show the reader something else than stands there."""
    return "".join(character for character in text.replace("\t", " ") if _prints(character))


def _prints(character: str) -> bool:
    point = ord(character)
    noncharacter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return not noncharacter and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def table(figures: Figures, name: str, *, draft: bool = False) -> PrintedTable:
    """``table2``, ``table3`` or ``table4`` with its figures."""
    measures = _MEASURES[name](figures.form)
    lines = []
    taken: set[tuple[int, int]] = set()
    for top, line in enumerate(grid(figures.form, name)):
        left, cells = 0, []
        for cell in line:
            while (top, left) in taken:
                left += 1
            room = sum(measures.widths[left : left + cell.colspan]) * _PT_PER_MM - 2 * INSET
            cells.append(_cell(figures, cell, room, measures.size, draft))
            right = left + cell.colspan
            taken |= {(y, x) for y in range(top, top + cell.rowspan) for x in range(left, right)}
            left = right
        lines.append(tuple(cells))
    return PrintedTable(tuple(lines), measures.widths, measures.heads, measures.size)


def _cell(figures: Figures, cell: GridCell, room: float, size: float, draft: bool) -> PrintedCell:
    """A cell whose content fits `room` pt: long figures are set smaller rather than torn."""
    if not cell.path:
        kind = _kind(cell)
        letters = _even(len(cell.text), room / size) if kind is CellKind.HEAD else 0
        return PrintedCell(cell.text, kind, cell.rowspan, cell.colspan, size, letters)
    value = figures[cell.path]
    text = figure_text(value, draft=draft)
    kind = CellKind.UNKNOWN if draft and value.number is None else CellKind.FIGURE
    fitting = room / (len(text) * _DIGIT) if text else size
    return PrintedCell(text, kind, cell.rowspan, cell.colspan, max(min(size, fitting), _SMALLEST))


def _even(letters: int, room: float) -> int:
    """Letters in each line of a heading that does not fit one."""
    if letters <= room or room < 1:
        return 0
    return math.ceil(letters / math.ceil(letters / math.floor(room)))


def _kind(cell: GridCell) -> CellKind:
    if not cell.header:
        return CellKind.NOTE
    return {"row": CellKind.LABEL, "rowgroup": CellKind.GROUP}.get(cell.scope, CellKind.HEAD)


def figure_text(value: Value, *, draft: bool = False) -> str:
    """A figure as printed: without separators, money with four decimals; blank where there is none."""
    if value.number is not None:
        return number_text(value.number)
    return UNKNOWN if draft else ""


@dataclass(frozen=True)
class _Measures:
    widths: tuple[float, ...]
    heads: int
    size: float


def _disclosure(form: Form) -> _Measures:
    return _Measures(_widths((48.0,), max(len(block.columns) for block in form.blocks)), 0, 12.0)


def _applications(form: Form) -> _Measures:
    return _Measures(_widths((8.0, 17.0, 44.0), len(form.applicants)), 3, 9.0)


def _remedies(form: Form) -> _Measures:
    return _Measures(_widths((), len(form.remedy_groups) * len(form.remedy_columns)), 3, 9.0)


def _widths(labels: tuple[float, ...], figures: int) -> tuple[float, ...]:
    return (*labels, *[(TEXT_WIDTH - sum(labels)) / figures] * figures)


_MEASURES = {"table2": _disclosure, "table3": _applications, "table4": _remedies}
