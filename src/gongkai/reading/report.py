"""A report as read: whose, of which year, in which form, every cell with its state and place, the text, the damage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from gongkai.forms.figures import Figures
from gongkai.forms.shape import TABLES, Form
from gongkai.forms.values import BLANK, UNREAD, Number, State, Value, inferred, known

from .cells import AlteredLabel, CellRead, Damage
from .headings import Heading
from .stream import Row

_STATE_WORDS = {State.KNOWN: "read", State.BLANK: "blank", State.INFERRED: "inferred", State.UNREAD: "unread"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a part's text with its place."""

    text: str
    at: str


@dataclass(frozen=True)
class Report:
    """What one file holds. ``form`` is the form really printed; ``paragraphs`` the text of ``s0`` (before 一) to ``s6``."""

    source: str
    organ: str
    year: int | None
    form: Form
    cells: Mapping[str, CellRead]
    paragraphs: Mapping[str, tuple[Paragraph, ...]]
    headings: tuple[Heading, ...] = ()
    damage: tuple[Damage, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    labels: tuple[AlteredLabel, ...] = ()

    @cached_property
    def figures(self) -> Figures:
        """The cells as figures of the form: read, blank, unread, and inferred where the identities prove it."""
        return Figures(self.form, {path: _value(cell) for path, cell in self.cells.items()})

    @cached_property
    def read_figures(self) -> Figures:
        """Only what was read: what a rule may hold against the publisher."""
        return Figures(
            self.form,
            {
                path: UNREAD if cell.state is State.INFERRED else _value(cell)
                for path, cell in self.cells.items()
            },
        )

    @property
    def sections(self) -> dict[str, str]:
        """The text of each part that is there."""
        return {key: "\n".join(p.text for p in parts) for key, parts in self.paragraphs.items()}

    def as_json(self) -> dict[str, Any]:
        """One object as ``gongkai report read --json`` prints it."""
        return {
            "source": self.source,
            "organ": self.organ,
            "report_year": self.year,
            "format": self.form.key,
            **self._tables(),
            "cells": {path: _cell_json(cell) for path, cell in self.cells.items()},
            "sections": self.sections,
            "damage": [str(note) for note in self.damage],
        }

    def _tables(self) -> dict[str, Any]:
        tables: dict[str, Any] = {name: {} for name in TABLES}
        for path, cell in self.cells.items():
            *branches, leaf = path.split(".")
            place = tables
            for branch in branches:
                place = place.setdefault(branch, {})
            place[leaf] = _number_json(cell.number) if cell.state is State.KNOWN else None
        return tables


def _value(cell: CellRead) -> Value:
    if cell.state is State.INFERRED and cell.number is not None:
        return inferred(cell.number, cell.proof)
    if cell.number is not None:
        return known(cell.number)
    return BLANK if cell.state is State.BLANK else UNREAD


def _cell_json(cell: CellRead) -> dict[str, Any]:
    return {
        "state": _STATE_WORDS[cell.state],
        "value": _number_json(cell.number),
        "at": cell.at,
        "proof": cell.proof,
    }


def _number_json(number: Number | None) -> int | str | None:
    return format(number, "f") if isinstance(number, Decimal) else number
