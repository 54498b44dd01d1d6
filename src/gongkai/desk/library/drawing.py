"""Bars for figures of any unit: a name above each bar, its figure behind it, what is unknown hatched, readable in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH, FIGURE, STEP, NAME, BAR = 640, 150, 62, 30, 22


@dataclass(frozen=True)
class Bar:
    """One bar with where it stands."""

    label: str
    text: str
    y: int
    width: int
    hatched: bool

    @property
    def name_y(self) -> int:
        return self.y + NAME - 7

    @property
    def bar_y(self) -> int:
        return self.y + NAME

    @property
    def middle(self) -> int:
        return self.y + NAME + BAR // 2

    @property
    def text_x(self) -> int:
        return self.width + 8

    @property
    def height(self) -> int:
        return BAR


@dataclass(frozen=True)
class Chart:
    """The whole drawing, in the units of its view box."""

    bars: tuple[Bar, ...]
    width: int
    height: int


def bars(rows: Sequence[tuple[str, Fraction | None, str]]) -> Chart | None:
    """A bar per (name, figure, words); None when no figure is known. Nothing below 0 is drawn to the left: such figures
    have a bar of no length and say their number."""
    known = [number for _name, number, _text in rows if number is not None]
    if not known:
        return None
    greatest = max([*known, Fraction(0)]) or Fraction(1)
    drawn = tuple(
        _bar(name, number, text, place, greatest) for place, (name, number, text) in enumerate(rows)
    )
    return Chart(drawn, WIDTH, STEP * len(drawn) + 4)


def _bar(name: str, number: Fraction | None, text: str, place: int, greatest: Fraction) -> Bar:
    # What is unknown from 0 on gets a stub, so that it does not look like a bar of nothing.
    width = 24 if number is None else round(max(number, Fraction(0)) / greatest * (WIDTH - FIGURE))
    return Bar(name, text, place * STEP, width, number is None)
