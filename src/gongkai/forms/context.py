"""What the rules need to know beside the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .figures import Figures
from .relations import from_records, last_year, rolled_up
from .shape import Form
from .values import Number

Scope = Literal["own", "consolidated"]
Mode = Literal["compile", "sign"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """A child's part in a consolidated report; ``is_final`` = signed and frozen, or imported whole; where the reports are
    collected, also accepted. ``standing`` says in words why it is not final, where more is known than that."""

    name: str
    figures: Figures | None
    is_final: bool
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Elimination:
    """An amount taken out of the sum of own figures and children's, with the reason (e.g. one suit, two organs)."""

    path: str
    amount: Number
    reason: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """Facts about the report and its neighbours. What is None is not known, and rules that need it are not judged.

    ``previous``: last year's frozen or imported report of the same organ and scope — never a live compile; after a
    merger the sum of the predecessors' (``add_figures``). ``own`` and ``contributions`` belong to a consolidated
    report. ``duplicates``: cell → how often too much it is counted because one case names several organs of the
    tree. ``from_records``: the same cells counted from the case records. ``fees_collected_yuan``: information
    processing fees of the year, collected less refunded. ``open_before_year``: applications received before the year
    and still open at its end. ``review_first_direct_suits``: direct suits of the year against refusals that must go
    to review first.
    """

    year: int
    scope: Scope = "own"
    mode: Mode = "compile"
    rulemaking_power: bool | None = None
    previous: Figures | None = None
    own: Figures | None = None
    contributions: tuple[Contribution, ...] | None = None
    eliminations: tuple[Elimination, ...] = ()
    duplicates: Mapping[str, Number] | None = None
    from_records: Figures | None = None
    fees_collected_yuan: Number | None = None
    open_before_year: int | None = None
    review_first_direct_suits: int | None = None


class Facts:
    """Figures and context as the rules see them: one table of known numbers, prefixed as in ``relations``."""

    def __init__(self, figures: Figures, context: Context) -> None:
        self.figures = figures
        self.context = context
        self.form: Form = figures.form

    @cached_property
    def numbers(self) -> Mapping[str, Number]:
        """Every number an operand can name."""
        numbers = dict(self.figures.numbers)
        if self.context.previous is not None:
            numbers.update((last_year(path), n) for path, n in self.context.previous.numbers.items())
        if self.context.from_records is not None:
            numbers.update((from_records(path), n) for path, n in self.context.from_records.numbers.items())
        numbers.update((rolled_up(path), n) for path, n in self._roll_up().items())
        return numbers

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The children whose report is not final."""
        return tuple(child.name for child in self.context.contributions or () if not child.is_final)

    def standing(self, name: str) -> str:
        """Why the report of the child of this name is not final, in words."""
        found = (child.standing for child in self.context.contributions or () if child.name == name)
        return next(filter(None, found), "尚未定稿")

    def _roll_up(self) -> dict[str, Number]:
        """Own + children − eliminations for every cell that all of them know; nothing while one is not final."""
        context = self.context
        if context.own is None or context.contributions is None or self.unfinished:
            return {}
        parts = [child.figures.numbers if child.figures else {} for child in context.contributions]
        total = {path: n for path, n in context.own.numbers.items() if path in self.form}
        for part in parts:
            total = {path: n + part[path] for path, n in total.items() if path in part}
        for line in context.eliminations:
            if line.path in total:
                total[line.path] -= line.amount
        return total
