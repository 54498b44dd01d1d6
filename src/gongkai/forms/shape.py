"""What a statutory form is made of: tables, rows, columns, cells and sections.

A cell is named by its path: ``table2.<block>.<row>.<column>``, ``table3.<row>.<column>`` or
``table4.<group>.<column>``. Paths are the machine keys of imports, exports, snapshots and drill-downs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

TABLES = ("table2", "table3", "table4")


class Unit(StrEnum):
    """What the number in a cell measures."""

    COUNT = "count"  # whole number, never negative
    CHANGE = "change"  # whole number, may be negative (本年增/减)
    MONEY_WAN = "money_wan"  # 万元, printed with exactly four decimals


class RowKind(StrEnum):
    """What a line of table 3 holds: figures, only a heading, or the sum of figures above it."""

    DATA = "data"
    GROUP = "group"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``group`` is the heading printed above several columns, "" if there is none."""

    key: str
    label: str
    unit: Unit = Unit.COUNT
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of table 2."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Block:
    """One part of table 2: the item of art. 20 it reports on, with its own rows and columns."""

    key: str
    label: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of table 3: ``number`` and ``text`` as printed, ``path`` the enclosing groups from outside in."""

    key: str
    number: str
    text: str
    path: tuple[str, ...] = ()
    kind: RowKind = RowKind.DATA

    @property
    def label(self) -> str:
        """The label as printed on the form, e.g. ``1.属于国家秘密``."""
        return self.number + self.text


@dataclass(frozen=True, slots=True)
class RemedyGroup:
    """Five columns of table 4: ``heading`` is the printed top heading, ``subheading`` the one below or ""."""

    key: str
    heading: str
    subheading: str = ""

    @property
    def label(self) -> str:
        """Both headings in one, e.g. ``行政诉讼（复议后起诉）``."""
        return f"{self.heading}（{self.subheading}）" if self.subheading else self.heading


@dataclass(frozen=True, slots=True)
class Subheading:
    """A sub-heading inside a section of text; printed as ``（一）主动公开``."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six parts of the report. ``table`` names its table, "" where the part is text."""

    key: str
    heading: str
    table: str = ""
    subheadings: tuple[Subheading, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a form: its path, unit, and the words that tell a reader where it stands."""

    path: str
    unit: Unit
    row_label: str
    column_label: str

    @property
    def label(self) -> str:
        """Row and column in words, e.g. ``（一）予以公开·自然人``."""
        return f"{self.row_label}·{self.column_label}"

    @property
    def table(self) -> str:
        """The table the cell stands in: ``table2``, ``table3`` or ``table4``."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, eq=False)
class Form:
    """A statutory form: the layout that every report of its years must use, with the labels printed on it.

    ``first_year``/``last_year`` are report years; ``last_year`` is None while the form is in use. There is
    one object per form, so forms compare by identity.
    """

    key: str
    first_year: int
    last_year: int | None
    notice: str  # the notice that prescribes the form, with its number
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    applicants: tuple[Column, ...]
    remedy_groups: tuple[RemedyGroup, ...]
    remedy_columns: tuple[Column, ...]
    sections: tuple[Section, ...]

    def covers(self, year: int) -> bool:
        """Whether reports of this year use the form."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def cells(self) -> Iterator[Cell]:
        """All cells in printed order, table by table."""
        return iter(self._cells.values())

    def cell(self, path: str) -> Cell:
        """The cell at this path. Raises :class:`NoSuchCell` if the form has none."""
        try:
            return self._cells[path]
        except KeyError:
            raise NoSuchCell(self.key, path) from None

    @property
    def paths(self) -> tuple[str, ...]:
        """All cell paths in printed order."""
        return self._paths

    def __contains__(self, path: object) -> bool:
        return path in self._cells

    def line(self, key: str) -> Line:
        """The line of table 3 with this key, group headings included."""
        return self._lines[key]

    @cached_property
    def data_lines(self) -> tuple[Line, ...]:
        """The lines of table 3 that have cells (23 in the form of 2019, 25 in that of 2021)."""
        return tuple(line for line in self.lines if line.kind is not RowKind.GROUP)

    def leaves(self) -> tuple[Line, ...]:
        """The outcome lines of table 3 that hold no other line: what 总计 sums (19 / 21)."""
        return self._leaves

    def group_leaves(self, group: str) -> tuple[Line, ...]:
        """The outcome lines under a heading, e.g. ``denied`` = the eight lines under （三）不予公开."""
        return tuple(line for line in self._leaves if group in line.path)

    def block(self, key: str) -> Block:
        """The block of table 2 with this key."""
        return next(block for block in self.blocks if block.key == key)

    def section(self, key: str) -> Section:
        """One of the six sections, ``s1`` … ``s6``."""
        return next(section for section in self.sections if section.key == key)

    @cached_property
    def _cells(self) -> dict[str, Cell]:
        return {cell.path: cell for cell in self._build_cells()}

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(self._cells)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines}

    @cached_property
    def _leaves(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.path and line.kind is RowKind.DATA)

    def _build_cells(self) -> Iterator[Cell]:
        for block in self.blocks:
            for row in block.rows:
                for column in block.columns:
                    path = f"table2.{block.key}.{row.key}.{column.key}"
                    yield Cell(path, column.unit, row.label, column.label)
        for line in self.data_lines:
            for column in self.applicants:
                label = f"{column.group}—{column.label}" if column.group else column.label
                yield Cell(f"table3.{line.key}.{column.key}", column.unit, self._full_label(line), label)
        for group in self.remedy_groups:
            for column in self.remedy_columns:
                yield Cell(f"table4.{group.key}.{column.key}", column.unit, group.label, column.label)

    def _full_label(self, line: Line) -> str:
        """Numbers start again under each heading, so a line below （三）…（六） is named with its heading."""
        inner = line.path[1:]
        return "".join(self._lines[key].label for key in inner) + line.label


class NoSuchCell(KeyError):
    """A path that the form does not have: FR5, rows and columns can neither be added nor dropped."""

    def __init__(self, form: str, path: str) -> None:
        super().__init__(path)
        self.form, self.path = form, path

    def __str__(self) -> str:
        return f"年度报告格式（{self.form}）中没有单元格“{self.path}”。"
