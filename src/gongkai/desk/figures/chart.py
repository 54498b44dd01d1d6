"""Bars as the server draws them: a figure by year, unknown years hatched and labelled, readable in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongkai.forms.values import Number, Value, number_text

WIDTH, LABEL, FIGURE, STEP, BAR = 640, 64, 104, 36, 22


@dataclass(frozen=True)
class Bar:
    """One bar with where it stands; `hatched` when the figure is not (fully) known."""

    label: str
    text: str
    y: int
    x: int
    width: int
    text_x: int
    hatched: bool

    @property
    def middle(self) -> int:
        return self.y + BAR // 2

    @property
    def height(self) -> int:
        return BAR


@dataclass(frozen=True)
class Chart:
    """The whole drawing, in the units of its view box; `zero` is where nothing lies."""

    bars: tuple[Bar, ...]
    zero: int
    width: int
    height: int


def bars(values: Sequence[tuple[str, Value | None]]) -> Chart | None:
    """A bar per value; None when not a single number is known."""
    sizes = [_size(value) for _label, value in values]
    if all(size is None for size in sizes):
        return None
    lowest = min(0, *(size or 0 for size in sizes))
    highest = max(0, *(size or 0 for size in sizes))
    room = WIDTH - LABEL - FIGURE
    scale = room / float(highest - lowest or 1)
    zero = LABEL + round(float(-lowest) * scale)
    drawn = tuple(
        _bar(label, value, size, place, zero, scale)
        for place, ((label, value), size) in enumerate(zip(values, sizes, strict=True))
    )
    return Chart(drawn, zero, WIDTH, STEP * len(drawn) + 4)


def _size(value: Value | None) -> Number | None:
    if value is None:
        return None
    return value.at_least if value.number is None else value.number


def _bar(label: str, value: Value | None, size: Number | None, place: int, zero: int, scale: float) -> Bar:
    length = round(abs(float(size or 0)) * scale)
    start = zero - length if size is not None and size < 0 else zero
    hatched = value is not None and value.number is None
    # What is unknown from 0 on gets a stub, so that it does not look like a bar of nothing.
    drawn = max(length, 24) if hatched else length
    end = max(start + drawn, zero)
    return Bar(label, _text(value), place * STEP + 4, start, drawn, end + 8, hatched)


def _text(value: Value | None) -> str:
    if value is None:
        return _("当年没有这个机关")
    if value.number is not None:
        return number_text(value.number)
    if value.at_least:
        return _("至少 %(number)s") % {"number": number_text(value.at_least)}
    return _("未知")
