"""What a case's actions add up to: its state, its term's facts and the columns that are kept beside it.

Reads the entries in the order they count — an entry that supersedes another stands in that one's place — and never
looks at the clock: "today" is an argument of the questions that need it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.law import terms
from gongkai.law.fees import pay_due
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.procedure import ACTIONS, NEW, CaseView
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.requests import facts as f

_DECIDED_ON = {"review", "approval"}
# Entries that no person chooses from the procedure table: how parts and redone cases begin.
OPENINGS = {"part": "registered", "redone": "registered"}


@dataclass(frozen=True)
class Entry:
    """One stored action. `place` is the seq whose place it takes in the order of what happened."""

    pk: int | None
    seq: int
    place: int
    on: dt.date
    actor: str
    fact: f.Fact

    @property
    def kind(self) -> str:
        return self.fact.kind

    @property
    def person_id(self) -> int | None:
        """The member of staff who acted, if one did."""
        return int(self.actor.removeprefix("staff:")) if self.actor.startswith("staff:") else None


@dataclass
class Inquiry:
    """A letter asking for an opinion; `number` is the seq of its entry."""

    number: int
    whom: str
    sent_on: dt.date
    served_on: dt.date | None
    ended_on: dt.date | None = None
    reply: str | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    def reply_due(self, calendar: Calendar) -> dt.date | None:
        """Last day for the opinion; None while service or the year's calendar is not known."""
        return _or_unknown(terms.opinion_due, self.served_on, calendar)


@dataclass
class FeeItem:
    """This case's part in one fee notice."""

    approved: f.FeeApproved
    issued_on: dt.date
    paid_on: dt.date | None = None
    lapsed_on: dt.date | None = None
    revoked_on: dt.date | None = None
    received: int = 0  # counted money for the whole notice
    held: int = 0  # money that came late or short, for the whole notice
    refunded: int = 0
    receipt_number: str = ""
    refunds: list[tuple[int, dt.date, int]] = field(
        default_factory=list
    )  # counted money: action key, day, yuan

    @property
    def state(self) -> str:
        if self.revoked_on:
            return "revoked"
        if self.paid_on:
            return "refunded" if self.refunded >= self.approved.amount else "paid"
        if self.lapsed_on:
            return "lapsed"
        return "served" if self.approved.served_on else "issued"

    @property
    def refundable(self) -> int:
        """Whole yuan of this case still refundable: its own line when counted, else what is held."""
        paid = self.approved.amount if self.paid_on else self.held
        return max(paid - self.refunded, 0)

    def pay_due(self, calendar: Calendar) -> dt.date | None:
        """Last day for payment; None while service or the year's calendar is not known."""
        return _or_unknown(pay_due, self.approved.served_on, calendar)


@dataclass
class CaseFacts:
    """A case as its effective entries tell it. Built by :func:`read`."""

    entries: list[Entry] = field(default_factory=list)
    all_entries: list[Entry] = field(default_factory=list)
    superseded: set[int] = field(default_factory=set)  # seqs
    last_seq: int = 0
    state: str = NEW
    state_on: dt.date | None = None
    channel: str = ""
    applicant_kind: str = ""
    submitted_on: dt.date | None = None
    arrived_on: dt.date | None = None
    number: str | None = None
    received_on: dt.date | None = None
    counted: bool = True
    ordered_days: int | None = None
    handler_id: int | None = None
    corrections: list[terms.Correction] = field(default_factory=list)
    correction_until: dt.date | None = None
    explanation_asked: bool = False
    explanation_until: dt.date | None = None
    inquiries: dict[int, Inquiry] = field(default_factory=dict)
    past_inquiries: list[terms.Consultation] = field(default_factory=list)
    past_objection: bool = False
    extensions: list[terms.Extension] = field(default_factory=list)
    delay: terms.Delay | None = None
    proposals: dict[str, Entry] = field(default_factory=dict)
    fees: dict[int, FeeItem] = field(default_factory=dict)
    draft: Entry | None = None
    drafts: list[int] = field(
        default_factory=list
    )  # places of the drafts whose annexes go with the next answer
    annexes: dict[int, tuple[int, ...]] = field(
        default_factory=dict
    )  # answer's place → where its annexes hang
    answers: list[Entry] = field(default_factory=list)
    outcome: str = ""
    sub_reason: str = ""
    closed_on: dt.date | None = None
    stopped_on: dt.date | None = None
    dispatched_on: dt.date | None = None
    served_on: dt.date | None = None
    forwarded_on: dt.date | None = None
    broken: list[str] = field(default_factory=list)  # what does not follow from the procedure

    # what follows

    @property
    def annexed(self) -> tuple[int, ...]:
        """Where the annexes of the answer in hand hang: at the drafts that count, then at the answer given of them."""
        if self.answers and not self.drafts:
            return self.annexes[self.answers[-1].place]
        return tuple(self.drafts)

    def contradictions(self) -> list[str]:
        """What cannot be so: steps that do not follow from the procedure, dates in the wrong order."""
        found = list(self.broken)
        if self.arrived_on and self.received_on and self.received_on < (self.submitted_on or self.arrived_on):
            found.append("收到日期早于申请提交或者到达的日期")
        if self.closed_on and self.received_on and self.closed_on < self.received_on:
            found.append("办结日期早于收到日期")
        if self.dispatched_on and self.closed_on and self.dispatched_on < self.closed_on:
            found.append("发出日期早于答复日期")
        for item in self.fees.values():
            if item.paid_on and item.paid_on < (item.approved.served_on or item.issued_on):
                found.append("缴费日期早于收费通知")
            if item.approved.served_on and item.approved.served_on < item.issued_on:
                found.append("收费通知的送达日期早于发出日期")
            if item.refunded > (item.approved.amount if item.paid_on else item.held):
                found.append("退付的金额超过收到的金额")
        return found

    @property
    def open_inquiries(self) -> list[Inquiry]:
        return [inquiry for inquiry in self.inquiries.values() if inquiry.is_open]

    @property
    def fee(self) -> FeeItem | None:
        """The latest notice this case stands on."""
        return list(self.fees.values())[-1] if self.fees else None

    @property
    def draft_content(self) -> f.Drafted | None:
        return self.draft.fact if self.draft and isinstance(self.draft.fact, f.Drafted) else None

    @property
    def answered(self) -> list[f.Answered]:
        """The answers given, first the one that counts; each later one replaces the one before."""
        return [entry.fact for entry in self.answers if isinstance(entry.fact, f.Answered)]

    def entry(self, seq: int) -> Entry | None:
        """The entry with this seq, superseded or not."""
        return next((entry for entry in self.all_entries if entry.seq == seq), None)

    def last_day(self) -> dt.date | None:
        """The latest day anything counts for."""
        return max((entry.on for entry in self.entries), default=None)

    def term_facts(self) -> terms.TermFacts:
        """What moves the term, as the law wants it."""
        return terms.TermFacts(
            received=self.received_on,
            corrections=tuple(self.corrections),
            consultations=(
                *self.past_inquiries,
                *(
                    terms.Consultation(i.sent_on, i.ended_on, kind=i.whom, served=i.served_on)  # type: ignore[arg-type]
                    for i in self.inquiries.values()
                ),
            ),
            extensions=tuple(self.extensions),
            fee_notices=tuple(
                terms.FeeNotice(
                    item.issued_on, item.approved.served_on, item.paid_on, item.revoked_on is not None
                )
                for item in self.fees.values()
            ),
            delay=self.delay,
            closed_on=self.stopped_on,
            days=self.ordered_days,
        )

    def term(self, calendar: Calendar, today: dt.date) -> terms.Term:
        """Where the clock stands today, with its explanation."""
        return terms.compute(self.term_facts(), calendar, today)

    def wait_until(self, calendar: Calendar) -> dt.date | None:
        """Last day of the term that the applicant or a consulted party has now, if one runs."""
        if self.closed_on:
            return None
        if self.state == "awaiting_correction":
            return self.correction_until
        if self.state == "awaiting_explanation":
            return self.explanation_until
        if self.state == "fee_pending" and self.fee:
            return self.fee.pay_due(calendar)
        dues = [due for inquiry in self.open_inquiries if (due := inquiry.reply_due(calendar))]
        return min(dues, default=None)

    def view(
        self, calendar: Calendar, today: dt.date, actor_id: int | None = None, frozen: bool = False
    ) -> CaseView:
        """The facts as the procedure's conditions read them."""
        term = self.term(calendar, today) if self.received_on else None
        fee = self.fee
        return CaseView(
            state=self.state,
            today=today,
            number=self.number,
            due_on=term.due if term else None,
            outcome=self.outcome or None,
            dispatched=self.dispatched_on is not None,
            extension_used=term.extension_used if term and term.due else bool(self.extensions),
            correction_asked=bool(self.corrections),
            correction_until=self.correction_until,
            explanation_asked=self.explanation_asked,
            explanation_until=self.explanation_until,
            open_inquiries=len(self.open_inquiries),
            has_consultation=self.consulted_third_party,
            third_party_objected=self.third_party_objected,
            open_proposals=frozenset(self.proposals),
            fee_state=fee.state if fee else None,
            pay_due=fee.pay_due(calendar) if fee else None,
            fee_received=any(item.refundable for item in self.fees.values()),
            drafter_id=self.draft.person_id if self.draft else None,
            actor_id=actor_id,
            counted_in_frozen=frozen,
        )

    @property
    def consulted_third_party(self) -> bool:
        past = any(inquiry.kind == "third_party" for inquiry in self.past_inquiries)
        return past or any(inquiry.whom == "third_party" for inquiry in self.inquiries.values())

    @property
    def third_party_objected(self) -> bool:
        mine = any(i.whom == "third_party" and i.reply == "object" for i in self.inquiries.values())
        return mine or self.past_objection

    def columns(self, calendar: Calendar) -> dict[str, Any]:
        """The projections kept on the case; they follow from the facts and the calendar alone."""
        as_of = self.stopped_on or self.last_day() or dt.date.min
        term = self.term(calendar, as_of) if self.received_on else None
        in_table = bool(self.number and self.received_on)
        arrival = {"arrived_on": self.arrived_on} if self.arrived_on else {}
        return {
            **arrival,
            "number": self.number,
            "state": self.state,
            "kind": self.applicant_kind,
            "handler_id": self.handler_id,
            "first_received_on": self.received_on,
            "anchor_on": term.anchor if term else None,
            "due_on": term.due if term and not self.open_inquiries else None,
            "open_inquiries": len(self.open_inquiries),
            "closed_on": self.closed_on,
            "outcome": self.outcome if in_table else "",
            "dispatched_on": self.dispatched_on,
            "forwarded_on": self.forwarded_on,
            "counted": self.counted,
            "answer_number": self.answered[0].number if self.answers else "",
            "days_used": term.days_used if term and self.stopped_on else None,
            "proposed": ",".join(sorted(self.proposals)) or None,
            "to_decide": ",".join((*({self.state} & _DECIDED_ON), *sorted(self.proposals))) or None,
            "wait_until": self.wait_until(calendar),
            "last_seq": self.last_seq,
        }

    def history(self) -> dict[str, Any]:
        """The term so far, for the parts of a split to carry on."""
        told = self.term_facts()
        return {
            "channel": self.channel,
            "corrections": [[_iso(c.asked), _iso(c.given)] for c in told.corrections],
            "inquiries": [[_iso(c.sent), _iso(c.ended), c.kind, _iso(c.served)] for c in told.consultations],
            "objected": self.third_party_objected,
            "extensions": [[e.days, _iso(e.approved_on)] for e in told.extensions],
            "explained": self.explanation_asked,
            "delay": [_iso(self.delay.until), _iso(self.delay.approved_on)] if self.delay else None,
            "days": self.ordered_days,
            "counted": self.counted,
        }


def read(stored: Iterable[Entry], superseded: set[int]) -> CaseFacts:
    """The facts of a case from its entries; `superseded` holds the seqs that no longer count."""
    everything = sorted(stored, key=lambda entry: entry.seq)
    effective = [e for e in everything if e.seq not in superseded and e.kind != "annul"]
    effective.sort(key=lambda entry: entry.place)
    facts = CaseFacts(
        entries=effective,
        all_entries=everything,
        superseded=superseded,
        last_seq=everything[-1].seq if everything else 0,
    )
    for entry in effective:
        _take(facts, entry)
    return facts


def append(facts: CaseFacts, entry: Entry) -> None:
    """Take in a new entry that supersedes nothing: the same as reading everything again, without doing so."""
    facts.all_entries.append(entry)
    facts.entries.append(entry)
    facts.last_seq = entry.seq
    _take(facts, entry)


def _take(facts: CaseFacts, entry: Entry) -> None:
    _follow(facts, entry)
    _READERS.get(entry.kind, _nothing)(facts, entry)


def _follow(facts: CaseFacts, entry: Entry) -> None:
    """Move the state, noting what the procedure would not have allowed."""
    if entry.kind in OPENINGS:
        allowed, after = facts.state == NEW, OPENINGS[entry.kind]
    else:
        action = ACTIONS[entry.kind]
        allowed = facts.state in action.from_states
        after = action.to_state or facts.state
    if entry.kind == "record_payment" and facts.state == "fee_pending" and _counts(entry):
        after = "in_process"
    if not allowed:
        facts.broken.append(f"第{entry.seq}步“{label(entry.kind)}”不能接在“{facts.state}”之后")
    if after != facts.state:
        if facts.state_on and entry.on < facts.state_on:
            facts.broken.append(f"第{entry.seq}步“{label(entry.kind)}”的日期早于前一步")
        facts.state, facts.state_on = after, entry.on


def _counts(entry: Entry) -> bool:
    return isinstance(entry.fact, f.FeePaid) and entry.fact.counts


def label(kind: str) -> str:
    """An action's name for people."""
    special = {"part": "拆分立件", "redone": "重新办理立件", "annul": "撤销记录"}
    return special.get(kind) or ACTIONS[kind].label


# one reader per kind that says more than its state


def _nothing(facts: CaseFacts, entry: Entry) -> None:
    """Most steps only move the state."""


def _submit(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.Submitted)
    facts.channel, facts.applicant_kind = fact.channel, fact.applicant_kind
    facts.submitted_on, facts.arrived_on = fact.submitted_on, entry.on


def _confirm(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.Confirmed)
    facts.number, facts.received_on = fact.number, fact.received_on


def _part(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.Part)
    past = fact.history
    facts.number, facts.received_on = fact.number, fact.received_on
    facts.channel, facts.applicant_kind = past["channel"], fact.applicant_kind
    facts.corrections = [terms.Correction(_day(asked), _day(given)) for asked, given in past["corrections"]]
    facts.past_inquiries = [
        terms.Consultation(_sure(sent), _day(ended), kind=kind, served=_day(served))
        for sent, ended, kind, served in past["inquiries"]
    ]
    facts.past_objection = past["objected"]
    facts.extensions = [terms.Extension(days, _day(day)) for days, day in past["extensions"]]
    if past["delay"]:
        facts.delay = terms.Delay(_sure(past["delay"][0]), _day(past["delay"][1]))
    facts.explanation_asked = past["explained"]
    facts.ordered_days, facts.counted = past["days"], past["counted"]


def _redone(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.RedoOpened)
    facts.number, facts.received_on = fact.number, fact.received_on
    facts.channel, facts.applicant_kind = fact.channel, fact.applicant_kind
    facts.ordered_days, facts.counted = fact.days, fact.counted


def _forward(facts: CaseFacts, entry: Entry) -> None:
    facts.forwarded_on = entry.on
    facts.closed_on = facts.stopped_on = entry.on


def _split(facts: CaseFacts, entry: Entry) -> None:
    facts.counted = False
    facts.closed_on = facts.stopped_on = entry.on


def _accept(facts: CaseFacts, entry: Entry) -> None:
    facts.handler_id = _as(entry, f.Accepted).person_id or facts.handler_id


def _assign(facts: CaseFacts, entry: Entry) -> None:
    facts.handler_id = _as(entry, f.Assigned).person_id


def _ask_correction(facts: CaseFacts, entry: Entry) -> None:
    facts.corrections.append(terms.Correction(entry.on))
    facts.correction_until = _as(entry, f.CorrectionAsked).until


def _receive_correction(facts: CaseFacts, entry: Entry) -> None:
    asked = facts.corrections[-1].asked if facts.corrections else None
    facts.corrections[-1:] = [terms.Correction(asked, entry.on if not asked else max(entry.on, asked))]


def _extend_correction(facts: CaseFacts, entry: Entry) -> None:
    facts.correction_until = _as(entry, f.CorrectionExtended).until


def _ask_explanation(facts: CaseFacts, entry: Entry) -> None:
    facts.explanation_asked = True
    facts.explanation_until = _as(entry, f.ExplanationAsked).until


def _consult(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.Consulted)
    facts.inquiries[entry.place] = Inquiry(entry.place, fact.whom, entry.on, fact.served_on)


def _close_consultation(facts: CaseFacts, entry: Entry) -> None:
    fact = _as(entry, f.ConsultationClosed)
    inquiry = facts.inquiries.get(fact.inquiry)
    if inquiry is None:
        facts.broken.append(f"第{entry.seq}步办结的征求意见不存在")
        return
    inquiry.ended_on, inquiry.reply = max(fact.ended_on, inquiry.sent_on), fact.reply


def _propose(what: str) -> Any:
    def reader(facts: CaseFacts, entry: Entry) -> None:
        facts.proposals[what] = entry

    return reader


def _decline(what: str) -> Any:
    def reader(facts: CaseFacts, entry: Entry) -> None:
        facts.proposals.pop(what, None)

    return reader


def _approve_extension(facts: CaseFacts, entry: Entry) -> None:
    facts.proposals.pop("extension", None)
    facts.extensions.append(terms.Extension(_as(entry, f.ExtensionApproved).days, entry.on))


def _approve_delay(facts: CaseFacts, entry: Entry) -> None:
    facts.proposals.pop("delay", None)
    facts.delay = terms.Delay(_as(entry, f.DelayApproved).until, entry.on)


def _approve_fee(facts: CaseFacts, entry: Entry) -> None:
    facts.proposals.pop("fee", None)
    fact = _as(entry, f.FeeApproved)
    facts.fees[fact.notice] = FeeItem(fact, entry.on)


def _fee_step(facts: CaseFacts, entry: Entry) -> None:
    fact = entry.fact
    item = facts.fees.get(getattr(fact, "notice", 0))
    if item is None:
        facts.broken.append(f"第{entry.seq}步所指的收费通知不存在")
    elif isinstance(fact, f.FeeRevoked):
        item.revoked_on = entry.on
    elif isinstance(fact, f.FeePaid) and fact.counts:
        item.paid_on, item.received, item.receipt_number = entry.on, fact.amount, fact.receipt_number
    elif isinstance(fact, f.FeePaid):
        item.held += fact.amount
    elif isinstance(fact, f.FeeRefunded):
        item.refunded += fact.amount
        if item.paid_on and entry.pk:
            item.refunds.append((entry.pk, entry.on, fact.amount))
    elif isinstance(fact, f.FeeLapsed):
        item.lapsed_on = entry.on
        _close(facts, entry.on, "other_fee_unpaid")


def _draft(facts: CaseFacts, entry: Entry) -> None:
    if not _as(entry, f.Drafted).keeps:
        facts.drafts = []
    facts.draft = entry
    facts.drafts.append(entry.place)


def _answer(facts: CaseFacts, entry: Entry) -> None:
    facts.answers.append(entry)
    facts.annexes[entry.place] = (*facts.drafts, entry.place)
    facts.drafts = []
    if facts.closed_on is None:  # a later answer replaces the text, the old year's count stays
        fact = _as(entry, f.Answered)
        facts.outcome, facts.sub_reason = fact.outcome, fact.sub_reason
        facts.closed_on = entry.on


def _dispatch(facts: CaseFacts, entry: Entry) -> None:
    facts.dispatched_on = facts.dispatched_on or entry.on
    facts.stopped_on = facts.stopped_on or entry.on


def _serve(facts: CaseFacts, entry: Entry) -> None:
    facts.served_on = entry.on


def _lapse_correction(facts: CaseFacts, entry: Entry) -> None:
    _close(facts, entry.on, "other_correction_lapsed")


def _withdraw(facts: CaseFacts, entry: Entry) -> None:
    _close(facts, entry.on, "other_misc", "withdrawn")


def _lapse(facts: CaseFacts, entry: Entry) -> None:
    _close(facts, entry.on, "other_misc", _as(entry, f.Lapsed).sub_reason)


def _close(facts: CaseFacts, on: dt.date, outcome: str, sub_reason: str = "") -> None:
    facts.outcome, facts.sub_reason = OUTCOMES[outcome].key, sub_reason
    facts.closed_on = facts.stopped_on = on
    facts.proposals.clear()


_READERS: dict[str, Any] = {
    "submit": _submit,
    "confirm": _confirm,
    "part": _part,
    "redone": _redone,
    "forward": _forward,
    "split": _split,
    "accept": _accept,
    "assign": _assign,
    "ask_correction": _ask_correction,
    "receive_correction": _receive_correction,
    "extend_correction": _extend_correction,
    "lapse_correction": _lapse_correction,
    "ask_explanation": _ask_explanation,
    "consult": _consult,
    "close_consultation": _close_consultation,
    "propose_extension": _propose("extension"),
    "approve_extension": _approve_extension,
    "decline_extension": _decline("extension"),
    "propose_fee": _propose("fee"),
    "approve_fee": _approve_fee,
    "decline_fee": _decline("fee"),
    "revoke_fee": _fee_step,
    "record_payment": _fee_step,
    "refund": _fee_step,
    "lapse_fee": _fee_step,
    "propose_delay": _propose("delay"),
    "approve_delay": _approve_delay,
    "decline_delay": _decline("delay"),
    "draft": _draft,
    "answer": _answer,
    "dispatch": _dispatch,
    "serve": _serve,
    "withdraw": _withdraw,
    "lapse": _lapse,
}


def _as(entry: Entry, cls: type[Any]) -> Any:
    if not isinstance(entry.fact, cls):
        raise TypeError(f"entry {entry.seq} holds {type(entry.fact).__name__}, not {cls.__name__}")
    return entry.fact


def _or_unknown(rule: Any, day: dt.date | None, calendar: Calendar) -> dt.date | None:
    if day is None:
        return None
    try:
        return rule(day, calendar)
    except CalendarYearMissing:
        return None


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _sure(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def places(rows: Sequence[tuple[int, int, int | None]]) -> dict[int, int]:
    """seq → place, from (pk, seq, pk of the superseded): whatever supersedes takes the place of what it replaces."""
    seq_of = {pk: seq for pk, seq, _ in rows}
    place: dict[int, int] = {}
    for _, seq, supersedes in rows:
        place[seq] = place[seq_of[supersedes]] if supersedes else seq
    return place
