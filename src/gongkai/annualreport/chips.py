"""Figure chips: tokens in the report's text that stand for a figure, so that a printed number cannot drift from it.

A chip is written ``{{…}}``. What may stand between the braces::

    chip  = "year" | "last_year" | sum | "last:" sum | "growth:" sum | "rate:" sum "/" sum
    sum   = item { ("+" | "-") item }
    item  = cell | "measure:" key [ "(" dim "=" value { "," dim "=" value } ")" ]
    cell  = the path of a cell of the form, or of a heading of table 3 (``table3.denied.total``: what stands under it)

Blanks between these parts do not matter. This module knows no records and no form: it reads tokens, and prints them from
the figures it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from gongkai.forms.values import Number, number_text

OPEN, CLOSE = "{{", "}}"
LONGEST = 600  # characters between the braces
MOST_ITEMS = 30
UNKNOWN = "未知"

_NAME = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_VALUE = r"[A-Za-z0-9_\-]+"
_DIM = rf"[a-z][a-z0-9_]*\s*=\s*{_VALUE}"
_ITEM = re.compile(rf"\s*(measure\s*:\s*)?({_NAME})\s*(?:\(\s*({_DIM}(?:\s*,\s*{_DIM})*)\s*\))?\s*")
_SIGN = re.compile(r"[+-]")
_PREFIX = re.compile(r"\s*(last|growth|rate)\s*:")
_MOST_DIGITS = 6


class BadChip(ValueError):
    """A token that is no chip. `token` is what was written, the message says what is wrong with it."""

    def __init__(self, token: str, reason: str) -> None:
        super().__init__(f"“{token}”{reason}")
        self.token = token


class Show(StrEnum):
    """What a chip prints of its figures."""

    YEAR = "year"
    LAST_YEAR = "last_year"
    FIGURE = "figure"
    LAST = "last"  # last year's figure
    GROWTH = "growth"  # against last year: 增长12.5%
    RATE = "rate"  # the first sum as a percentage of the second


@dataclass(frozen=True, slots=True)
class Item:
    """A cell, or a measure with the values of its dimensions, added or taken off."""

    name: str
    measure: bool = False
    dims: tuple[tuple[str, str], ...] = ()
    sign: int = 1

    @property
    def figure(self) -> str:
        """The item without its sign: what a figure is looked up by."""
        dims = ",".join(f"{name}={value}" for name, value in self.dims)
        return f"{'measure:' if self.measure else ''}{self.name}{f'({dims})' if dims else ''}"


Sum = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One token: how it prints, and of which sums (two for a rate, none for a year)."""

    show: Show
    sums: tuple[Sum, ...] = ()

    @property
    def token(self) -> str:
        """The token as it is written, blanks left out."""
        if not self.sums:
            return f"{OPEN}{self.show.value}{CLOSE}"
        prefix = "" if self.show is Show.FIGURE else f"{self.show.value}:"
        return f"{OPEN}{prefix}{'/'.join(map(_written, self.sums))}{CLOSE}"

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of its sums."""
        return tuple(item for one in self.sums for item in one)

    @property
    def needs_last(self) -> bool:
        """Whether it prints something of last year."""
        return self.show in (Show.LAST, Show.GROWTH)

    @property
    def cell(self) -> str:
        """The one cell of this year whose records stand behind the printed number; "" if it is none or several."""
        if self.show is Show.LAST or not self.sums or len(self.sums[0]) != 1:
            return ""
        first = self.sums[0][0]
        return "" if first.measure or first.sign < 0 else first.name


@dataclass(frozen=True, slots=True)
class Printed:
    """What a chip came to: the words, and why there is no number ("" when there is)."""

    text: str
    lacks: str = ""


# item, whether of last year → its number, None when it is not known
Lookup = Callable[[Item, bool], Number | None]


def parse(text: str) -> tuple[str | Chip, ...]:
    """The text as plain pieces and chips, in order. Raises BadChip for the first token that is none."""
    return tuple(_parts(text))


def unparse(parts: tuple[str | Chip, ...]) -> str:
    """The text again; tokens in their short form."""
    return "".join(part if isinstance(part, str) else part.token for part in parts)


def _parts(text: str) -> Iterator[str | Chip]:
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        end = text.find(CLOSE, start + len(OPEN))
        if end < 0:
            raise BadChip(_short(text[start:]), "没有写完，少了后面的“}}”。")
        if start > at:
            yield text[at:start]
        yield read(text[start + len(OPEN) : end])
        at = end + len(CLOSE)
    if at < len(text):
        yield text[at:]


def read(body: str) -> Chip:
    """The chip between a pair of braces. Raises BadChip."""
    token = _short(f"{OPEN}{body}{CLOSE}")
    if len(body) > LONGEST:
        raise BadChip(token, "太长，请分开来写。")
    bare = body.strip()
    if bare in (Show.YEAR, Show.LAST_YEAR):
        return Chip(Show(bare))
    prefix = _PREFIX.match(body)
    show = Show(prefix[1]) if prefix else Show.FIGURE
    sums = [_sum(part, token) for part in body[prefix.end() if prefix else 0 :].split("/")]
    wanted = 2 if show is Show.RATE else 1
    if len(sums) != wanted:
        reason = (
            "写比率要有两个数，中间用“/”隔开。" if show is Show.RATE else "只有写比率（rate:）才能用“/”。"
        )
        raise BadChip(token, reason)
    return Chip(show, tuple(sums))


def _sum(text: str, token: str) -> Sum:
    items: list[Item] = []
    at, sign = 0, 1
    while True:
        match = _ITEM.match(text, at)
        if match is None:
            raise BadChip(token, "不是联动数的写法，请从右边的清单里复制。")
        items.append(_item(match, sign, token))
        if len(items) > MOST_ITEMS:
            raise BadChip(token, f"相加的数超过{MOST_ITEMS}个。")
        at = match.end()
        if at == len(text):
            return tuple(items)
        if not _SIGN.match(text, at):
            raise BadChip(token, "不是联动数的写法，请从右边的清单里复制。")
        sign = 1 if text[at] == "+" else -1
        at += 1


def _item(match: re.Match[str], sign: int, token: str) -> Item:
    dims = tuple(
        (name.strip(), value.strip())
        for name, value in (pair.split("=") for pair in (match[3] or "").split(",") if pair)
    )
    if dims and not match[1]:
        raise BadChip(token, "中，只有台账的数（measure:）才能带条件。")
    if len({name for name, _value in dims}) < len(dims):
        raise BadChip(token, "中，同一个条件写了两次。")
    return Item(match[2], bool(match[1]), tuple(sorted(dims)), sign)


def _written(items: Sum) -> str:
    first, *rest = items
    return first.figure + "".join(f"{'+' if item.sign > 0 else '-'}{item.figure}" for item in rest)


def _short(token: str) -> str:
    return token if len(token) <= 60 else f"{token[:59]}…"


def show(chip: Chip, year: int, lookup: Lookup) -> Printed:
    """What a chip prints in the report of `year`. A figure that is not known prints 未知, never 0."""
    if not chip.sums:
        return Printed(str(year if chip.show is Show.YEAR else year - 1))
    last = chip.show is Show.LAST
    now = _add(chip.sums[0], lookup, last=last)
    if now is None:
        return Printed(UNKNOWN, "没有上年的数" if last else "这个数现在还不知道")
    if chip.show is Show.RATE:
        return _rate(now, _add(chip.sums[1], lookup, last=False))
    if chip.show is Show.GROWTH:
        return _growth(now, _add(chip.sums[0], lookup, last=True))
    return Printed(_number(now, chip.sums[0]))


def _add(items: Sum, lookup: Lookup, *, last: bool) -> Number | None:
    total: Number = 0
    for item in items:
        number = lookup(item, last)
        if number is None:
            return None
        total += item.sign * number
    return total


def _number(number: Number, items: Sum) -> str:
    """Cells as on the form, amounts of 万元 with four decimals; measures are whole, or yuan with what cents there are."""
    if isinstance(number, int) or not items[0].measure:
        return number_text(number)
    whole = number.to_integral_value()
    return str(int(whole)) if number == whole else format(number.quantize(Decimal("0.01")), "f")


def _rate(part: Number, whole: Number | None) -> Printed:
    if whole is None:
        return Printed(UNKNOWN, "这个数现在还不知道")
    if whole == 0:
        return Printed(UNKNOWN, "分母是0，没有比率")
    return Printed(f"{percent(part, whole)}%")


def _growth(now: Number, before: Number | None) -> Printed:
    if before is None:
        return Printed(UNKNOWN, "没有上年的数")
    if now == before:
        return Printed("持平")
    if before == 0:
        return Printed(UNKNOWN, "上年是0，没有增长率")
    word = "增长" if now > before else "下降"
    change, base = Decimal(now) - before, Decimal(before)
    return Printed(f"{word}{percent(abs(change), abs(base))}%")


def percent(part: Number, whole: Number) -> str:
    """`part` of `whole` in per cent: two decimals without useless zeros, more where it would else print 0 or 100 and is
    not."""
    exact = Decimal(100) * part / whole
    for digits in range(2, _MOST_DIGITS + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        if rounded == exact or (rounded != 0 and rounded != 100):
            break
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
