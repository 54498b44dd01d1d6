"""Labels and numbers brought into one form, however they were typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from gongkai.forms.shape import Unit
from gongkai.forms.values import Number

_HALF_WIDTH = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {
        0x3000: " ",
        0x00A0: " ",
        0x2212: "-",  # minus sign
        0xFE63: "-",
    }
    # Invisible ones; beyond the supplementary plane only tags are.
    | {
        code: None
        for code in (*range(0x20000), *range(0xE0000, 0xE0080))
        if unicodedata.category(chr(code)) == "Cf"
    }
)
_FULL_WIDTH = re.compile("[" + "".join(map(chr, _HALF_WIDTH)) + "]")
_NOT_LABEL = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")

# What clerks write where there is nothing to count. None of it is a printed 0.
_MARKS = frozenset(
    {"/", "\\", "-", "--", "—", "——", "–", "――", "―", "─", "一一", "无", "*", "／", "空", "空白", "不涉及"}
)
_UNITS = "件项个部条份次宗起篇"
_NUMBER = re.compile(
    rf"([+-]?)((?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,15}})(?:\.[0-9]{{1,10}})?)([{_UNITS}]|万元|亿元|元)?"
)
_ASIDE = re.compile(r"\((?:其中|含|包括|另)[^()]*\)")
_YUAN_FACTOR = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}


@lru_cache(maxsize=8192)
def label(text: str) -> str:
    """A label without blanks and punctuation, full-width letters made half-width: what is compared."""
    return _NOT_LABEL.sub("", unicodedata.normalize("NFKC", text))


def half_width(text: str) -> str:
    """Full-width signs and digits made half-width; circled digits and the like stay what they are."""
    return text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in a place for a figure: a number, nothing (``""``), a mark like ``/``, or something unreadable."""

    text: str
    number: Number | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing is printed."""
        return not self.text

    @property
    def is_mark(self) -> bool:
        """Something is printed that says "nothing to count" without being a number."""
        return self.text in _MARKS

    @property
    def is_blank(self) -> bool:
        """Nothing or a mark: no number was given."""
        return self.is_empty or self.is_mark

    @property
    def is_junk(self) -> bool:
        """Something is printed that is neither number nor mark."""
        return self.number is None and not self.is_blank


@lru_cache(maxsize=4096)
def printed(text: str, unit: Unit = Unit.COUNT, yuan: bool = False) -> Printed:
    """Read the text of one cell. ``yuan``: the column is headed 元 instead of 万元.

    ``22（其中修订16件）`` is 22; a number with a blank or line break inside is not read, for it could be two.
    """
    clean = half_width(text).strip()
    if not clean or clean in _MARKS:
        return Printed(clean)
    body, note = _ASIDE.sub("", clean).strip(), ""
    if body != clean:
        note = f"“{clean}”按{body}读取"
    match = _NUMBER.fullmatch(body)
    if match is None:
        return Printed(clean)
    sign, digits, suffix = match.groups()
    if digits.startswith("0") and digits[1:2].isdigit():
        return Printed(clean)  # 00 or 012: two figures that lost the blank between them
    number = Decimal(sign.replace("+", "") + digits.replace(",", ""))
    if unit is Unit.MONEY_WAN:
        if suffix and suffix in _UNITS:
            return Printed(clean)
        factor = _YUAN_FACTOR[suffix] if suffix else _YUAN_FACTOR["元" if yuan else "万元"]
        if factor < 1 and "." in digits and len(digits.partition(".")[2]) > 2:
            return Printed(clean)  # nobody counts parts of a 分: the unit or the figure is not what it seems
        if factor != 1:
            note = note or f"“{clean}”已由{suffix or '元'}换算为万元"
            number = _trimmed(number * factor)
        return Printed(clean, number, note)
    if suffix and suffix not in _UNITS:
        return Printed(clean)
    if number == number.to_integral_value() and "." not in digits:
        return Printed(clean, int(number), note)
    return Printed(clean, number, note)


def _trimmed(number: Decimal) -> Decimal:
    """Without useless zeros, but never in exponent notation."""
    trimmed = number.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral_value() else trimmed
