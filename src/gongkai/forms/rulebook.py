"""How a rule is declared: its sentence, when it applies, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .context import Facts
from .findings import Severity, value_text
from .relations import Relation
from .shape import Form
from .values import Number

BOTH_FORMS = ("fmt2019", "fmt2021")


@dataclass(frozen=True, slots=True)
class Failure:
    """A place where a rule does not hold."""

    message: str
    cells: tuple[str, ...] = ()
    expected: Number | None = None
    found: Number | None = None
    operands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something without which a rule cannot be judged: operands without a number, or a reason in words."""

    missing: tuple[str, ...] = ()
    reason: str = ""
    waiting_for: tuple[str, ...] = ()


Verdict = Failure | Gap


def _no_relations(form: Form) -> tuple[Relation, ...]:
    return ()


def _nothing_to_add(facts: Facts) -> Iterable[Verdict]:
    return ()


def _no_obstacle(facts: Facts) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reconciliation rule.

    It is judged by ``relations`` (arithmetic between cells), by ``judge`` (anything else; yields only what fails
    or cannot be judged), or both. ``obstacle`` gives the reason, if there is one, why it cannot be judged at all.
    It exists for reports of ``formats`` and of the years from ``first_year`` to ``last_year``.
    """

    id: str
    severity: Severity
    sentence: str
    relations: Callable[[Form], tuple[Relation, ...]] = _no_relations
    judge: Callable[[Facts], Iterable[Verdict]] = _nothing_to_add
    obstacle: Callable[[Facts], str] = _no_obstacle
    formats: tuple[str, ...] = BOTH_FORMS
    first_year: int = 2019
    last_year: int | None = None

    def applies(self, form: Form, year: int) -> bool:
        """Whether reports of this form and year are subject to the rule."""
        return (
            form.key in self.formats
            and self.first_year <= year
            and (self.last_year is None or year <= self.last_year)
        )


def operands(facts: Facts, *names: str) -> tuple[tuple[str, str], ...]:
    """The named operands with their numbers, for a fingerprint."""
    return tuple((name, value_text(facts.numbers.get(name))) for name in names)
