"""Arithmetic relations between cells: the language in which most reconciliation rules are written.

An operand is the path of a cell of the report itself, or such a path behind a prefix: :func:`last_year` (last
year's report), :func:`from_records` (the count of case records), :func:`rolled_up` (own figures plus children).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .shape import Form
from .values import Number

_COMPARE: dict[str, Callable[[Number, Number], bool]] = {
    "=": lambda left, right: left == right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}

_LAST_YEAR, _RECORDS, _ROLLED_UP = "上年:", "记录:", "汇总:"


@dataclass(frozen=True, slots=True)
class Relation:
    """``sum(left) op sum(right)``; ``where`` and the two texts name it for the reader."""

    left: tuple[str, ...]
    op: str
    right: tuple[str, ...]
    where: str
    left_text: str
    right_text: str

    @property
    def operands(self) -> tuple[str, ...]:
        """Both sides, left first."""
        return self.left + self.right

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the report itself that take part."""
        return tuple(dict.fromkeys(_cell_of(operand) for operand in self.operands if _is_shown(operand)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both sums of a relation and whether it holds; ``missing`` operands make all of them None."""

    holds: bool | None
    left: Number | None = None
    right: Number | None = None
    missing: tuple[str, ...] = ()


_HOLDS = Outcome(True)


def evaluate(relation: Relation, numbers: Mapping[str, Number]) -> Outcome:
    """Judge a relation on the known numbers; with an operand missing it is not judged."""
    left: Number = 0
    right: Number = 0
    try:
        for operand in relation.left:
            left += numbers[operand]
        for operand in relation.right:
            right += numbers[operand]
    except KeyError:
        return Outcome(None, missing=tuple(name for name in relation.operands if name not in numbers))
    if _COMPARE[relation.op](left, right):
        return _HOLDS
    return Outcome(False, left, right)


def last_year(path: str) -> str:
    """The operand for a cell of last year's frozen or imported report."""
    return _LAST_YEAR + path


def from_records(path: str) -> str:
    """The operand for what the case records give for a cell."""
    return _RECORDS + path


def rolled_up(path: str) -> str:
    """The operand for own figures plus children's, less the eliminations."""
    return _ROLLED_UP + path


def operand_label(form: Form, operand: str) -> str:
    """An operand in words."""
    prefix = next((prefix for prefix in (_LAST_YEAR, _RECORDS, _ROLLED_UP) if operand.startswith(prefix)), "")
    path = operand.removeprefix(prefix)
    label = form.cell(path).label if path in form else path
    return f"{prefix.rstrip(':')}“{label}”"


def _cell_of(operand: str) -> str:
    return operand.removeprefix(_ROLLED_UP).removeprefix(_RECORDS)


def _is_shown(operand: str) -> bool:
    return not operand.startswith(_LAST_YEAR)
