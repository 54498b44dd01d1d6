"""The facts of a case from which its term follows; dates only, in any order, nothing computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ConsultationKind = Literal["third_party", "organ"]


@dataclass(frozen=True)
class Correction:
    """A correction notice (``asked``, ``None`` when only the answer is known) and the corrected application."""

    asked: date | None
    given: date | None = None

    def __post_init__(self) -> None:
        if self.asked and self.given and self.given < self.asked:
            raise ValueError("收到补正的日期不能早于告知补正的日期。")


@dataclass(frozen=True)
class Consultation:
    """An inquiry to a third party or another organ.

    ``ended``: the opinion came in, or the inquiry was called back. ``served``: the letter was received, from which
    the opinion term of 15 working days runs; after it the inquiry has lapsed. ``lapses_on`` sets another end.
    Without ``served`` and ``lapses_on`` an open inquiry has no end.
    """

    sent: date
    ended: date | None = None
    kind: ConsultationKind = "third_party"
    served: date | None = None
    lapses_on: date | None = None

    def __post_init__(self) -> None:
        if self.ended and self.ended < self.sent:
            raise ValueError("征求意见的结束日期不能早于发出日期。")


@dataclass(frozen=True)
class Extension:
    """An approved extension of ``days`` working days; without a date it counts in the last term."""

    days: int
    approved_on: date | None = None


@dataclass(frozen=True)
class FeeNotice:
    """A fee notice; ``paid`` is the day the whole sum was paid. Only ``paid`` known: taken as in order."""

    issued: date | None = None
    served: date | None = None
    paid: date | None = None
    revoked: bool = False

    def __post_init__(self) -> None:
        start = self.served or self.issued
        if self.paid and start and self.paid < start:
            raise ValueError("缴费日期不能早于收费通知的日期。")


@dataclass(frozen=True)
class Delay:
    """A delay under art. 35: the head approved (``approved_on``) an explicit later date (``until``)."""

    until: date
    approved_on: date | None = None


@dataclass(frozen=True)
class TermFacts:
    """Everything that moves the term of one item.

    ``received``: date of receipt, ``None`` while unconfirmed. ``closed_on``: the day the clock stopped (dispatch of
    the answer, or the closing record). ``days``: another length than the Regulation's, as an order to redo sets it.
    """

    received: date | None
    corrections: tuple[Correction, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    fee_notices: tuple[FeeNotice, ...] = ()
    delay: Delay | None = None
    closed_on: date | None = None
    days: int | None = None
