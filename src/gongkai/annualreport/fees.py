"""The fees that part 六 tells: five figures of the ledger, kept with every version like those behind its chips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.forms import narrative
from gongkai.forms.values import Number

from .kept import number

MEASURES = (
    "requests.fee_notices",
    "requests.fee_payers",
    "requests.split_items",
    "requests.fee_collected_yuan",
    "requests.fee_refunded_yuan",
)
KEYS = tuple(f"measure:{key}" for key in MEASURES)  # under which a version keeps them
_TOLD = (
    "requests.fee_notices",
    "requests.fee_payers",
)  # what the sentence cannot do without, besides the amount


def sentence(kept: Mapping[str, Any], year: int, *, say_none: bool = True) -> str:
    """What part 六 says of information processing fees: charged, with the figures, or not charged (S122). "" where none
    were charged and `say_none` is off; that the figures are not complete is always said."""
    notices, payers, split, _collected, _refunded = (number(kept.get(key)) for key in KEYS)
    net = _net(kept)
    if not say_none and notices == 0 and net == 0:
        return ""
    return narrative.fee_sentence(_whole(notices), _whole(payers), _whole(split), net, year)


def are_known(kept: Mapping[str, Any], year: int) -> bool:
    """Whether the sentence can tell its figures; before there were fees it needs none."""
    told = [_net(kept), *(number(kept.get(f"measure:{key}")) for key in _TOLD)]
    return None not in told or (year < narrative.FIRST_FEE_YEAR and not any(told))


def _net(kept: Mapping[str, Any]) -> Number | None:
    collected, refunded = (number(kept.get(key)) for key in KEYS[3:])
    return None if collected is None or refunded is None else collected - refunded


def _whole(figure: Number | None) -> int | None:
    return None if figure is None else int(figure)
