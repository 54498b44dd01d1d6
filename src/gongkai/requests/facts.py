"""What each action of a case keeps: one frozen dataclass per kind, split into what may be read and what is sealed.

`encode` gives the two columns of a :class:`~gongkai.requests.models.CaseAction`: ``payload`` (codes, dates, numbers) and
``sealed`` (everything a person wrote, and names). Fields left at their default are not stored.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, get_type_hints

KINDS: dict[str, type[Fact]] = {}


def sealed() -> Any:
    """A text field that is encrypted at rest."""
    return field(default="", metadata={"sealed": True})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all facts. `because` says why an earlier entry is corrected, on the fact that supersedes it."""

    kind: ClassVar[str]
    because: str = sealed()

    def __init_subclass__(cls, kind: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        if kind:
            cls.kind = kind
            KINDS[kind] = cls


@dataclass(frozen=True, kw_only=True)
class _Noted(Fact):
    note: str = sealed()


# receipt and registration


@dataclass(frozen=True, kw_only=True)
class Submitted(Fact, kind="submit"):
    """The application arrived. `on` is the day of arrival; `submitted_on` the day the applicant sent it, if known."""

    channel: str
    applicant_kind: str
    submitted_on: dt.date | None = None
    form: str = sealed()  # JSON of the fields as corrected later; the original stays with the submission


@dataclass(frozen=True, kw_only=True)
class Contacted(_Noted, kind="contact"):
    method: str = "phone"
    reached: bool = True


@dataclass(frozen=True, kw_only=True)
class Confirmed(_Noted, kind="confirm"):
    """Registered under `number`; `received_on` follows from the channel (art. 31). `given`: a number of an older book."""

    number: str
    received_on: dt.date
    method: str = "phone"
    given: bool = False


@dataclass(frozen=True, kw_only=True)
class Forwarded(_Noted, kind="forward"):
    organ_id: int | None = None
    to: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Accepted(_Noted, kind="accept"):
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Assigned(_Noted, kind="assign"):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Split(Fact, kind="split"):
    """The trunk ends here; its parts are items of their own."""

    parts: int
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Part(Fact, kind="part"):
    """How a part of a split begins: own number, the submission's receipt date, and the trunk's term so far (01 §1)."""

    number: str
    received_on: dt.date
    trunk: int
    applicant_kind: str
    history: dict[str, Any] = field(default_factory=dict)
    reason: str = sealed()


# correction and explanation


@dataclass(frozen=True, kw_only=True)
class CorrectionAsked(Fact, kind="ask_correction"):
    until: dt.date
    what: str = sealed()


@dataclass(frozen=True, kw_only=True)
class CorrectionReceived(Fact, kind="receive_correction"):
    text: str = sealed()


@dataclass(frozen=True, kw_only=True)
class CorrectionExtended(Fact, kind="extend_correction"):
    until: dt.date
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class CorrectionLapsed(_Noted, kind="lapse_correction"):
    pass


@dataclass(frozen=True, kw_only=True)
class ExplanationAsked(Fact, kind="ask_explanation"):
    until: dt.date
    what: str = sealed()


@dataclass(frozen=True, kw_only=True)
class ExplanationReceived(Fact, kind="receive_explanation"):
    """`reasonable`: the office's view of it, unknown while only the applicant has written."""

    reasonable: bool | None = None
    text: str = sealed()


@dataclass(frozen=True, kw_only=True)
class ExplanationLapsed(_Noted, kind="lapse_explanation"):
    pass


# inquiries


@dataclass(frozen=True, kw_only=True)
class Consulted(Fact, kind="consult"):
    """A letter asking for an opinion, sent on the fact's day; the 15 working days run from `served_on` (arts. 32, 34)."""

    whom: str
    served_on: dt.date | None = None
    name: str = sealed()
    what: str = sealed()


@dataclass(frozen=True, kw_only=True)
class ConsultationClosed(Fact, kind="close_consultation"):
    """How inquiry number `inquiry` (the seq of its letter) ended; `reply` is a key of REPLIES."""

    inquiry: int
    reply: str
    ended_on: dt.date
    text: str = sealed()


# decisions of the office head


@dataclass(frozen=True, kw_only=True)
class ExtensionProposed(Fact, kind="propose_extension"):
    days: int
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class ExtensionApproved(_Noted, kind="approve_extension"):
    days: int


@dataclass(frozen=True, kw_only=True)
class ExtensionDeclined(_Noted, kind="decline_extension"):
    pass


@dataclass(frozen=True, kw_only=True)
class FeeProposed(Fact, kind="propose_fee"):
    basis: str
    pages: int | None = None
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class FeeApproved(_Noted, kind="approve_fee"):
    """This case's line on a fee notice, and the notice's own facts; money in whole yuan."""

    notice: int
    number: str
    month: str
    basis: str
    position: int
    pages: int | None = None
    amount: int
    total: int
    served_on: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class FeeDeclined(_Noted, kind="decline_fee"):
    pass


@dataclass(frozen=True, kw_only=True)
class FeeRevoked(Fact, kind="revoke_fee"):
    notice: int
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class FeePaid(Fact, kind="record_payment"):
    """Money for the whole notice. `counts` is false for money that came late or short: it is held until refunded."""

    notice: int
    amount: int
    counts: bool = True
    receipt_number: str = ""
    payment_code: str = ""


@dataclass(frozen=True, kw_only=True)
class FeeRefunded(Fact, kind="refund"):
    notice: int
    amount: int
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class FeeLapsed(_Noted, kind="lapse_fee"):
    notice: int


@dataclass(frozen=True, kw_only=True)
class DelayProposed(Fact, kind="propose_delay"):
    until: dt.date
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class DelayApproved(_Noted, kind="approve_delay"):
    until: dt.date


@dataclass(frozen=True, kw_only=True)
class DelayDeclined(_Noted, kind="decline_delay"):
    pass


# the answer


@dataclass(frozen=True, kw_only=True)
class _Content(Fact):
    """What an answer says; `replaces` is the number of the dispatched answer it supersedes."""

    outcome: str
    sub_reason: str = ""
    replaces: str = ""
    article: str = sealed()
    reason: str = sealed()
    text: str = sealed()
    search_record: str = sealed()
    earlier_answer: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Drafted(_Content, kind="draft"):
    """`keeps`: the annexes of the draft before stay annexes."""

    keeps: bool = True


@dataclass(frozen=True, kw_only=True)
class DraftSubmitted(_Noted, kind="submit_draft"):
    pass


@dataclass(frozen=True, kw_only=True)
class DraftReviewed(_Noted, kind="review_draft"):
    pass


@dataclass(frozen=True, kw_only=True)
class DraftReturned(_Noted, kind="return_draft"):
    pass


@dataclass(frozen=True, kw_only=True)
class DraftApproved(_Noted, kind="approve_draft"):
    pass


@dataclass(frozen=True, kw_only=True)
class Answered(_Content, kind="answer"):
    number: str


@dataclass(frozen=True, kw_only=True)
class Dispatched(_Noted, kind="dispatch"):
    way: str = "website"


@dataclass(frozen=True, kw_only=True)
class Served(_Noted, kind="serve"):
    way: str = "website"
    receiver: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Archived(_Noted, kind="archive"):
    pass


# other endings and records


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Fact, kind="withdraw"):
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Lapsed(Fact, kind="lapse"):
    sub_reason: str = "other"
    reason: str = sealed()


@dataclass(frozen=True, kw_only=True)
class RedoOrdered(Fact, kind="redo"):
    """On the old case: a review or court decision orders a new answer, which is case `case`."""

    case: int
    order: str = sealed()


@dataclass(frozen=True, kw_only=True)
class RedoOpened(Fact, kind="redone"):
    """How the new case begins: the term runs from service of the order, `days` when the order sets another length."""

    number: str
    received_on: dt.date
    original: int
    channel: str
    applicant_kind: str
    days: int | None = None
    counted: bool = False
    order: str = sealed()


@dataclass(frozen=True, kw_only=True)
class Attached(_Noted, kind="attach"):
    pass


@dataclass(frozen=True, kw_only=True)
class Annulled(Fact, kind="annul"):
    """Says that the entry it supersedes never happened."""


REPLIES = {
    "agree": "同意公开",
    "object": "不同意公开",
    "other": "其他意见",
    "silent": "期满未回复",
    "recalled": "收回征求",
}


def encode(fact: Fact) -> tuple[dict[str, Any], dict[str, str] | None]:
    """The stored form: `payload` and `sealed` (None when nothing was written)."""
    payload: dict[str, Any] = {}
    private: dict[str, str] = {}
    for part in fields(fact):
        value = getattr(fact, part.name)
        if value == part.default:
            continue
        if part.metadata.get("sealed"):
            private[part.name] = value
        else:
            payload[part.name] = value.isoformat() if isinstance(value, dt.date) else value
    return payload, private or None


def decode(kind: str, payload: dict[str, Any], private: dict[str, str] | None = None) -> Fact:
    """The fact of :func:`encode`; without `private` the sealed fields are empty. Raises LookupError, TypeError."""
    cls = KINDS[kind]
    dates = _dates(kind)
    values: dict[str, Any] = {
        name: dt.date.fromisoformat(value) if name in dates and value else value
        for name, value in payload.items()
    }
    return cls(**values, **(private or {}))


@cache
def _dates(kind: str) -> frozenset[str]:
    cls = KINDS[kind]
    hints = get_type_hints(cls)
    return frozenset(part.name for part in fields(cls) if hints[part.name] in (dt.date, dt.date | None))
