"""What can stand in a cell: a number, an inferred number, a blank, an unread place, or "unknown, at least n".

Unknown is not zero. Counts and changes are ``int``; money is ``Decimal`` in 万元.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from .shape import Unit

Number = int | Decimal

MONEY_PLACES = Decimal("0.0001")
_YUAN_PER_WAN = 10000


class State(StrEnum):
    """How a cell came to hold what it holds."""

    KNOWN = "known"  # counted from records, or printed and read
    INFERRED = "inferred"  # not given, but proved from other cells and accepted by a person
    BLANK = "blank"  # printed with nothing in it
    UNREAD = "unread"  # something is or was there, but it could not be read
    UNKNOWN = "unknown"  # no records cover it


@dataclass(frozen=True, slots=True)
class Value:
    """The content of a cell.

    ``number`` is set exactly for KNOWN and INFERRED. For the others ``at_least`` is a lower bound, if there
    is one, and ``missing`` names whose figures are missing. ``proof`` says how an inferred number was found.
    """

    state: State
    number: Number | None = None
    at_least: Number | None = None
    missing: tuple[str, ...] = ()
    proof: str = ""

    def __post_init__(self) -> None:
        has_number = self.state in (State.KNOWN, State.INFERRED)
        if has_number is (self.number is None):
            raise ValueError(f"a {self.state} value and number {self.number!r} do not go together")

    @property
    def is_known(self) -> bool:
        """Whether there is a number to calculate with (read, counted or inferred)."""
        return self.number is not None


BLANK = Value(State.BLANK)
UNREAD = Value(State.UNREAD)


def known(number: Number) -> Value:
    """A number that was counted or read."""
    return Value(State.KNOWN, number)


def inferred(number: Number, proof: str) -> Value:
    """A number that nobody gave but other cells prove."""
    return Value(State.INFERRED, number, proof=proof)


def unknown(at_least: Number | None = None, missing: Iterable[str] = ()) -> Value:
    """Not known; ``at_least`` = what the known parts add up to, ``missing`` = whose figures are missing."""
    return Value(State.UNKNOWN, at_least=at_least, missing=tuple(dict.fromkeys(missing)))


NOT_KNOWN = unknown()


def add(parts: Iterable[Value], unit: Unit = Unit.COUNT) -> Value:
    """The sum of the parts; unknown "at least" the known parts as soon as one part is not known.

    A change may be negative, so an incomplete sum of changes has no lower bound. The sum of no parts is 0.
    """
    total: Number = Decimal("0.0000") if unit is Unit.MONEY_WAN else 0
    complete, any_inferred = True, False
    missing: list[str] = []
    for part in parts:
        any_inferred |= part.state is State.INFERRED
        missing.extend(part.missing)
        if part.number is None:
            complete = False
            total += part.at_least or 0
        else:
            total += part.number
    if complete:
        return inferred(total, "由推定数相加") if any_inferred else known(total)
    return unknown(None if unit is Unit.CHANGE else total, missing)


def wan_from_yuan(yuan: Number) -> Decimal:
    """Yuan as 万元 with four decimals: 1300 → 0.1300."""
    return (Decimal(yuan) / _YUAN_PER_WAN).quantize(MONEY_PLACES)


def has_four_decimals(amount: Decimal) -> bool:
    """Whether an amount is written with exactly four decimals, as the form demands."""
    return amount.as_tuple().exponent == -4


def normalise(number: Number, unit: Unit) -> Number:
    """The number in the type of its unit: ``Decimal`` for money, ``int`` for a whole count.

    A count with a fraction stays a ``Decimal`` so that the rules can object to it. Raises ``TypeError`` for
    floats and truth values, which never are figures.
    """
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise TypeError(f"not a figure: {number!r}")
    if unit is Unit.MONEY_WAN:
        return number if isinstance(number, Decimal) else Decimal(number).quantize(MONEY_PLACES)
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return int(number)
    return number


def parse_money(text: str) -> Decimal:
    """An amount in 万元 as printed, keeping its decimals. Raises ``ValueError`` for what is not a number."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text}”不是金额。") from None
    if not amount.is_finite():
        raise ValueError(f"“{text}”不是金额。")
    return amount


def money_text(amount: Decimal) -> str:
    """An amount in 万元 with four decimals; one given more finely is printed as it is, so nothing is lost."""
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        return format(amount, "f")
    return format(amount.quantize(MONEY_PLACES), "f")


def number_text(number: Number) -> str:
    """A figure as printed: integers without separators, money with four decimals."""
    return money_text(number) if isinstance(number, Decimal) else str(number)
