"""How the figures behind a version's words that are no cells of its tables are kept with it."""

from __future__ import annotations

from decimal import Decimal

from gongkai.forms.values import Number

FIGURES = "figures"  # where a version keeps them


def content(figure: Number | None) -> int | str | None:
    """A number as it is kept: amounts as text, None for what is not known."""
    return format(figure, "f") if isinstance(figure, Decimal) else figure


def number(kept: int | str | None) -> Number | None:
    """The number again."""
    return Decimal(kept) if isinstance(kept, str) else kept
