"""The figures of one report: a value for every cell of its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from .layout import form_by_key, form_for
from .shape import Cell, Form, NoSuchCell, Unit
from .values import (
    NOT_KNOWN,
    Number,
    State,
    Value,
    add,
    known,
    money_text,
    normalise,
    parse_money,
    unknown,
)

CellContent = Value | int | Decimal | None


class Figures(Mapping[str, Value]):
    """An unchangeable mapping from cell path to :class:`Value`, complete for its form.

    Numbers may be given bare; ``None`` and cells not given are unknown. Raises :class:`NoSuchCell` for a path
    that the form does not have.
    """

    def __init__(self, form: Form, cells: Mapping[str, CellContent] | None = None) -> None:
        self.form = form
        given = dict(cells or {})
        self._values: dict[str, Value] = {
            cell.path: _as_value(cell, given.pop(cell.path, None)) for cell in form.cells()
        }
        if given:
            raise NoSuchCell(form.key, next(iter(given)))

    def __getitem__(self, path: str) -> Value:
        try:
            return self._values[path]
        except KeyError:
            raise NoSuchCell(self.form.key, path) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Figures):
            return NotImplemented
        return self.form is other.form and self._values == other._values

    __hash__ = None  # type: ignore[assignment]  # compared by content, like every mapping

    def __repr__(self) -> str:
        return f"Figures({self.form.key}, {len(self.numbers)} of {len(self)} cells known)"

    @cached_property
    def numbers(self) -> Mapping[str, Number]:
        """The cells that hold a number, without the others: what the rules calculate with."""
        return {path: value.number for path, value in self._values.items() if value.number is not None}

    def number(self, path: str) -> Number | None:
        """The number in a cell, None where none is known."""
        return self[path].number

    def replace(self, cells: Mapping[str, CellContent]) -> Figures:
        """The same figures with these cells changed."""
        return Figures(self.form, {**self._values, **cells})

    @classmethod
    def from_seed_tables(cls, data: Mapping[str, Any], *, null: State = State.UNREAD) -> Figures:
        """Read the nested exchange shape: ``{"format" or "report_year", "table2", "table3", "table4"}``.

        Counts are integers, money a string of 万元, ``null`` a figure that is not there: the caller says
        whether it was unread (the default), blank or unknown. A cell left out is unknown. Raises ``NoForm``,
        :class:`NoSuchCell`, ``ValueError`` (an amount that is none) or ``TypeError`` (not a figure).
        """
        form = form_by_key(data["format"]) if "format" in data else form_for(data["report_year"])
        missing = Value(null)
        cells = {
            path: missing if content is None else _read(form.cell(path), content)
            for table in ("table2", "table3", "table4")
            for path, content in _flatten(table, data.get(table, {}))
        }
        return cls(form, cells)

    def to_seed_tables(self) -> dict[str, Any]:
        """The exchange shape of the three tables: counts as integers, money as text with four decimals.

        A cell without a number is None, whatever the reason; :meth:`to_cells` keeps the reason.
        """
        tables: dict[str, Any] = {"table2": {}, "table3": {}, "table4": {}}
        for path, value in self._values.items():
            *branches, leaf = path.split(".")
            place = tables
            for branch in branches:
                place = place.setdefault(branch, {})
            place[leaf] = _written(value.number)
        return tables

    def to_cells(self) -> dict[str, Any]:
        """A flat, lossless, JSON-ready record: number, or an object with state and what is known about it."""
        return {path: _record(value) for path, value in self._values.items()}

    @classmethod
    def from_cells(cls, form: Form, record: Mapping[str, Any]) -> Figures:
        """The figures kept by :meth:`to_cells`."""
        return cls(form, {path: _from_record(form.cell(path), content) for path, content in record.items()})

    @staticmethod
    def value_from_record(cell: Cell, content: Any) -> Value:
        """One cell out of what :meth:`to_cells` keeps, without building the others; None there is unknown."""
        return NOT_KNOWN if content is None else _from_record(cell, content)


def add_figures(form: Form, parts: Mapping[str, Figures | None]) -> Figures:
    """Cell by cell the sum of several units' figures (name → figures, None where a unit has none).

    A unit without a figure makes the sum unknown; the sum then says "at least" and names the unit. So does a
    unit whose report uses the other form, in the cells that it does not have.
    """
    return Figures(form, {cell.path: _add_cell(cell, parts) for cell in form.cells()})


def _add_cell(cell: Cell, parts: Mapping[str, Figures | None]) -> Value:
    return add((_contribution(name, figures, cell.path) for name, figures in parts.items()), cell.unit)


def _contribution(name: str, figures: Figures | None, path: str) -> Value:
    if figures is None or path not in figures.form:
        return unknown(missing=(name,))
    value = figures[path]
    # A unit that itself is a sum knows better which of its parts is missing.
    return value if value.is_known or value.missing else unknown(value.at_least, (name,))


def _as_value(cell: Cell, content: CellContent) -> Value:
    if content is None:
        return NOT_KNOWN
    if isinstance(content, Value):
        if content.number is None:
            return content
        number = normalise(content.number, cell.unit)
        return content if number is content.number else Value(content.state, number, proof=content.proof)
    return known(normalise(content, cell.unit))


def _flatten(path: str, content: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(content, Mapping):
        yield path, content
        return
    for key, inner in content.items():
        yield from _flatten(f"{path}.{key}", inner)


def _read(cell: Cell, content: Any) -> Number:
    if isinstance(content, str):
        if cell.unit is not Unit.MONEY_WAN:
            raise TypeError(f"not a count: {content!r} ({cell.path})")
        return parse_money(content)
    return normalise(content, cell.unit)


def _written(number: Number | None) -> int | str | None:
    return money_text(number) if isinstance(number, Decimal) else number


def _record(value: Value) -> Any:
    if value.state is State.KNOWN:
        return _exact(value.number)
    record: dict[str, Any] = {"state": value.state.value}
    if value.number is not None:
        record["number"] = _exact(value.number)
    if value.at_least is not None:
        record["at_least"] = _exact(value.at_least)
    if value.missing:
        record["missing"] = list(value.missing)
    if value.proof:
        record["proof"] = value.proof
    return record


def _from_record(cell: Cell, content: Any) -> Value:
    if not isinstance(content, Mapping):
        return known(_from_exact(content))
    return Value(
        State(content["state"]),
        _from_exact(content.get("number")),
        _from_exact(content.get("at_least")),
        tuple(content.get("missing", ())),
        content.get("proof", ""),
    )


def _exact(number: Number | None) -> int | str | None:
    return format(number, "f") if isinstance(number, Decimal) else number


def _from_exact(content: int | str | None) -> Any:
    return Decimal(content) if isinstance(content, str) else content
