"""The answering term as a ledger: from the facts of a case its due date, and the lines that explain it.

``due = add(anchor, days + extension + excluded)``. The anchor is the receipt date, moved by a corrected application
or a payment; each of these starts a term of its own, in which the extension is unused and only consultation days
after the anchor are left out. Excluded days are the working days in the union of the intervals ``(sent, end]``.
Nothing that happens after a term has expired revives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from .articles import FEE_RULES, regulation
from .fees import PAYMENT_TERM
from .fees import pay_due as payment_due
from .regulations import REGULATION_2007, REGULATION_2019, Rules, rules_on
from .term_facts import Consultation, Correction, Delay, Extension, FeeNotice, TermFacts
from .wording import zh_date
from .workdays import Calendar, CalendarYearMissing

__all__ = [
    "OPINION_TERM",
    "REGULATION_2007",
    "REGULATION_2019",
    "Consultation",
    "Correction",
    "Delay",
    "Extension",
    "FeeNotice",
    "Line",
    "Rules",
    "Term",
    "TermFacts",
    "Timeliness",
    "alarm_level",
    "answer_timeliness",
    "compute",
    "correction_notice_due",
    "opinion_due",
]

OPINION_TERM: Final = 15  # working days from service of the letter, arts. 32 and 34
_KINDS: Final = {"third_party": "第三方", "organ": "其他机关"}
_CORRECTION: Final = regulation("第三十条")
_CONFIRMATION: Final = regulation("第三十一条")
_DELAY: Final = regulation("第三十五条")


@dataclass(frozen=True)
class Line:
    """One sentence of an explanation and the article it rests on."""

    text: str
    article: str

    def as_dict(self) -> dict[str, str]:
        return {"text": self.text, "article": self.article}


@dataclass(frozen=True)
class Term:
    """Where the clock of a case stands.

    ``due``: last day for the answer, ``None`` while unknown (then ``reason`` says why). ``at_least``: an inquiry is
    open, the date still moves. ``anchor``: the day the running term started from. ``days_used``: working days since
    the anchor without the excluded ones; ``days_left``: working days until ``due``, negative when late; both up to
    the day the clock stopped, or today. ``excluded_days``: working days left out so far or for good.
    ``extension_used``: in the running term. ``waiting_for``: what the applicant still owes.
    ``missing_year``: the year whose calendar is not loaded. ``calendar``: region and sources used.
    """

    due: date | None = None
    at_least: bool = False
    anchor: date | None = None
    days_used: int | None = None
    days_left: int | None = None
    excluded_days: int = 0
    extension_used: bool = False
    waiting_for: Literal["confirmation", "correction", "payment"] | None = None
    reason: str | None = None
    missing_year: int | None = None
    rules: Rules | None = None
    explanation: tuple[Line, ...] = ()
    violations: tuple[Line, ...] = ()
    calendar: dict[str, Any] | None = None


def compute(facts: TermFacts, calendar: Calendar, today: date, rules: Rules | None = None) -> Term:
    """The term of an item as it stands today.

    ``rules`` replaces the version that follows from the date of receipt. Never raises for a year that is not
    loaded: the due date is then unknown, and ``reason`` and ``missing_year`` say why.
    """
    if facts.received is None:
        text = "申请尚未与申请人确认，收到申请之日未定，答复期限尚未开始计算。"
        line = Line(text, _CONFIRMATION)
        return Term(reason=text, waiting_for="confirmation", explanation=(line,))
    return _Ledger(facts, facts.received, calendar, today, rules or rules_on(facts.received)).term()


def opinion_due(served_on: date, calendar: Calendar) -> date:
    """Last day for the opinion of a third party or a co-making organ, from service of the letter."""
    return calendar.add(served_on, OPINION_TERM)


def correction_notice_due(received_on: date, calendar: Calendar) -> date:
    """Last day on which a correction may be asked with the effect that the term restarts (art. 30)."""
    return calendar.add(received_on, REGULATION_2019.notice_days or 0)


@dataclass(frozen=True)
class Timeliness:
    """Whether an answer left in time; ``days_late`` in working days, ``None`` while the due date is unknown."""

    on_time: bool | None
    days_late: int | None
    line: Line


def answer_timeliness(term: Term, dispatched_on: date, calendar: Calendar) -> Timeliness:
    """Whether an answer handed over or posted on this day was in time; mailing time is not counted."""
    article = (term.rules or REGULATION_2019).term_article
    if term.due is None:
        return Timeliness(None, None, Line(term.reason or "答复期限未定，无法判断是否按期答复。", article))
    if dispatched_on <= term.due:
        text = f"{zh_date(dispatched_on)}发出答复，未超过答复期限（{zh_date(term.due)}）。"
        return Timeliness(True, 0, Line(text, article))
    late = calendar.between(term.due, dispatched_on)
    text = f"{zh_date(dispatched_on)}发出答复，超过答复期限（{zh_date(term.due)}）{late}个工作日。"
    return Timeliness(False, late, Line(text, article))


def alarm_level(term: Term) -> Literal["none", "five", "two", "today", "overdue"] | None:
    """How urgent an open item is: 5 or 2 working days before the due date, the day itself, or late."""
    if term.days_left is None:
        return None
    if term.days_left < 0:
        return "overdue"
    if term.days_left == 0:
        return "today"
    if term.days_left <= 2:
        return "two"
    return "five" if term.days_left <= 5 else "none"


@dataclass(frozen=True)
class _Interval:
    """A consultation inside one term: the days ``(start, end]`` are left out."""

    start: date
    end: date
    is_open: bool
    lapsed: bool
    source: Consultation


@dataclass(frozen=True)
class _Reckoning:
    """One term computed: from its anchor to its due date."""

    due: date
    covered_until: date
    counted: tuple[_Interval, ...]
    expired: tuple[_Interval, ...]
    extension: Extension | None
    delay: Delay | None
    excluded: int
    violations: tuple[Line, ...]

    def runs_on(self, day: date) -> bool:
        """Whether the term had not expired yet on this day."""
        return day <= self.due or day <= self.covered_until


class _Ledger:
    """Works the facts of one item through, collecting the lines on the way."""

    def __init__(
        self, facts: TermFacts, received: date, calendar: Calendar, today: date, rules: Rules
    ) -> None:
        self.facts = facts
        self.calendar = calendar
        self.as_of = min(today, facts.closed_on) if facts.closed_on else today
        self.rules = rules
        self.days = facts.days or rules.days
        self.anchors = [received]
        self.lines: list[Line] = []
        self.violations: list[Line] = []
        self.waiting: Literal["correction", "payment"] | None = None

    def term(self) -> Term:
        received = self.anchors[0]
        start = f"{zh_date(received)}收到申请，答复期限为{self.days}个工作日，自次日起计算。"
        self._explain(start, self.rules.term_article)
        try:
            self._restarts()
            reckoning = self._reckon(self.anchors[-1], last=True)
            self._explain_reckoning(reckoning)
        except CalendarYearMissing as missing:
            self._explain(str(missing), self.rules.term_article)
            term = Term(reason=str(missing), missing_year=missing.year)
        else:
            term = self._counted(reckoning)
        last_year = max(term.due or self.as_of, self.as_of).year
        return replace(
            term,
            anchor=self.anchors[-1],
            waiting_for=None if self.facts.closed_on else self.waiting,
            rules=self.rules,
            explanation=tuple(self.lines),
            violations=tuple(self.violations),
            calendar=self.calendar.describe(range(received.year, last_year + 1)),
        )

    # the anchors

    def _restarts(self) -> None:
        """Find the days on which the term started anew, in their order."""
        events: list[tuple[date, int, Correction | FeeNotice]] = []
        for number, correction in enumerate(sorted(self.facts.corrections, key=_asked)):
            if self._correction_counts(correction, number) and correction.given:
                events.append((correction.given, 0, correction))
        events.extend((n.paid, 1, n) for n in self.facts.fee_notices if n.paid and not n.revoked)
        for day, _, event in sorted(events, key=lambda e: e[:2]):
            if isinstance(event, Correction):
                self._restart(day, f"{zh_date(day)}收到补正后的申请", _CORRECTION)
            elif self._notice_counts(event) and self._paid_in_time(event, day):
                self._restart(day, f"{zh_date(day)}完成缴费", FEE_RULES)
        for notice in self.facts.fee_notices:
            if notice.paid is None and not notice.revoked and self._notice_counts(notice):
                self._await_payment(notice)

    def _restart(self, day: date, what: str, article: str) -> None:
        if self.rules.restarts:
            self.anchors.append(day)
            self._explain(f"{what}，答复期限自次日起重新计算{self.days}个工作日。", article)
        else:
            self._explain(f"{what}；适用{self.rules.name}，答复期限不重新计算。", self.rules.term_article)

    def _correction_counts(self, correction: Correction, number: int) -> bool:
        asked = correction.asked
        if asked and not correction.given:
            self.waiting = "correction"
            self._explain(f"{zh_date(asked)}告知申请人补正；收到补正前，答复期限不变。", _CORRECTION)
        if number > 0 and asked:
            text = f"补正应当一次性告知，{zh_date(asked)}再次告知补正，答复期限不因此重新计算。"
            self.violations.append(Line(text, _CORRECTION))
            return False
        if asked and self.rules.notice_days is not None:
            limit = self.calendar.add(self.anchors[0], self.rules.notice_days)
            if asked > limit:
                text = (
                    f"补正告知书于{zh_date(asked)}发出，超过收到申请之日起{self.rules.notice_days}个工作日"
                    f"（{zh_date(limit)}），补正后答复期限不重新计算。"
                )
                self.violations.append(Line(text, _CORRECTION))
                return False
        return True

    def _notice_counts(self, notice: FeeNotice) -> bool:
        """A fee notice must be sent within the term that runs on its day."""
        issued = notice.issued or notice.served
        if issued is None:
            return True
        anchor = max((a for a in self.anchors if a <= issued), default=self.anchors[0])
        reckoning = self._reckon(anchor, last=False)
        if reckoning.runs_on(issued):
            return True
        text = f"收费通知于{zh_date(issued)}发出，超过办理期限（{zh_date(reckoning.due)}），答复期限不因缴费重新计算。"
        self.violations.append(Line(text, FEE_RULES))
        return False

    def _paid_in_time(self, notice: FeeNotice, paid: date) -> bool:
        if notice.served is None or paid <= (limit := payment_due(notice.served, self.calendar)):
            return True
        text = f"{zh_date(paid)}缴费已超过缴费期限（{zh_date(limit)}），答复期限不重新计算，款项应当退付。"
        self._explain(text, FEE_RULES)
        return False

    def _await_payment(self, notice: FeeNotice) -> None:
        if notice.served is None:
            text = "收费通知已发出；自收到通知次日起" + f"{PAYMENT_TERM}个工作日内缴费。"
        else:
            limit = payment_due(notice.served, self.calendar)
            if self.as_of > limit:
                self._explain(f"缴费期限已于{zh_date(limit)}届满，申请人未缴费。", FEE_RULES)
                return
            text = f"收费通知于{zh_date(notice.served)}送达，申请人应于{zh_date(limit)}前缴费。"
        self.waiting = "payment"
        self._explain(text + "缴费后答复期限重新计算。", FEE_RULES)

    # one term

    def _reckon(self, anchor: date, *, last: bool) -> _Reckoning:
        """Work the events of one term through in the order of their days.

        Each counts only if the term still ran on its day. ``last``: undated extensions and delays belong here.
        """
        events: list[tuple[date, int, _Interval | Extension | Delay]] = []
        events.extend((interval.start, 0, interval) for interval in self._intervals(anchor))
        for number, extension in enumerate(self.facts.extensions):
            if (day := self._day_in(anchor, extension.approved_on, last)) is not None:
                events.append((day, 1 + number, extension))
        delay = self.facts.delay
        if delay and (day := self._day_in(anchor, delay.approved_on, last)) is not None:
            events.append((day, 1 + len(self.facts.extensions), delay))

        state = _Running(self.calendar, anchor, self.days)
        for day, _, event in sorted(events, key=lambda e: e[:2]):
            if isinstance(event, _Interval):
                state.leave_out(event)
            elif isinstance(event, Extension):
                state.extend(event, day, self.rules)
            else:
                state.put_off(event, day)
        return state.reckoning()

    def _day_in(self, anchor: date, approved_on: date | None, last: bool) -> date | None:
        """The day on which a decision falls in the term of this anchor, or ``None`` if it belongs to another."""
        if approved_on is None:
            return anchor if last else None
        if approved_on < anchor:
            return anchor if anchor == self.anchors[0] else None
        return approved_on

    def _intervals(self, anchor: date) -> list[_Interval]:
        found = []
        for consultation in self.facts.consultations:
            if consultation.kind not in self.rules.excludes:
                continue
            end, is_open, lapsed = self._end(consultation)
            start = max(consultation.sent, anchor)
            if end > start or is_open:
                found.append(_Interval(start, max(end, start), is_open, lapsed, consultation))
        return found

    def _end(self, consultation: Consultation) -> tuple[date, bool, bool]:
        """Last excluded day, whether the inquiry is still open, whether its opinion term lapsed."""
        limit = consultation.lapses_on
        if limit is None and consultation.served:
            limit = opinion_due(consultation.served, self.calendar)
        if consultation.ended and (limit is None or consultation.ended <= limit):
            return consultation.ended, False, False
        if limit is not None and (consultation.ended or self.as_of > limit):
            return limit, False, True
        return max(self.as_of, consultation.sent), self.facts.closed_on is None, False

    # the result

    def _counted(self, reckoning: _Reckoning) -> Term:
        anchor = self.anchors[-1]
        used: int | None = None
        left: int | None = None
        missing_year: int | None = None
        try:
            used = self._used(anchor, reckoning.counted)
            left = self.calendar.between(self.as_of, reckoning.due)
        except CalendarYearMissing as missing:
            # The due date stands; only today lies in a year that is not loaded.
            missing_year = missing.year
        return Term(
            due=reckoning.due,
            at_least=reckoning.delay is None and any(i.is_open for i in reckoning.counted),
            days_used=used,
            days_left=left,
            excluded_days=reckoning.excluded,
            extension_used=reckoning.extension is not None,
            missing_year=missing_year,
        )

    def _used(self, anchor: date, counted: Iterable[_Interval]) -> int:
        if self.as_of <= anchor:
            return 0
        excluded, covered = 0, anchor
        for interval in counted:
            start, end = max(interval.start, covered), min(interval.end, self.as_of)
            if end > start:
                excluded += self.calendar.between(start, end)
                covered = end
        return self.calendar.between(anchor, self.as_of) - excluded

    # the lines

    def _explain(self, text: str, article: str) -> None:
        self.lines.append(Line(text, article))

    def _explain_reckoning(self, reckoning: _Reckoning) -> None:
        self.violations.extend(reckoning.violations)
        self._explain_consultations(reckoning)
        if extension := reckoning.extension:
            when = f"{zh_date(extension.approved_on)}" if extension.approved_on else ""
            days = min(extension.days, self.rules.max_extension)
            text = f"{when}经政府信息公开工作机构负责人同意，延长答复期限{days}个工作日。"
            self._explain(text, self.rules.extension_article)
        if delay := reckoning.delay:
            text = f"申请公开的数量、频次明显超过合理范围，确定延迟至{zh_date(delay.until)}答复。"
            self._explain(text, _DELAY)
        self._explain_due(reckoning)

    def _explain_consultations(self, reckoning: _Reckoning) -> None:
        article = self.rules.consultation_article
        for interval in reckoning.counted:
            self._explain(self._consultation_text(interval), article)
        if len(reckoning.counted) > 1:
            text = f"征求意见重叠的期间只扣除一次，合计扣除{reckoning.excluded}个工作日。"
            self._explain(text, article)
        for interval in reckoning.expired:
            text = f"{zh_date(interval.source.sent)}征求意见时答复期限已经届满，所需时间不再扣除。"
            self._explain(text, article)
        shown = {id(i.source) for i in (*reckoning.counted, *reckoning.expired)}
        for consultation in self.facts.consultations:
            if id(consultation) in shown:
                continue
            who = _KINDS[consultation.kind]
            if consultation.kind not in self.rules.excludes:
                text = f"适用{self.rules.name}，征求{who}意见所需时间计入答复期限。"
            else:
                text = f"{zh_date(consultation.sent)}起征求{who}意见的时间不在本次计算的期限之内，不予扣除。"
            self._explain(text, article)

    def _consultation_text(self, interval: _Interval) -> str:
        who = _KINDS[interval.source.kind]
        start = zh_date(interval.source.sent)
        days = self.calendar.between(interval.start, interval.end)
        if interval.is_open:
            return f"{start}起征求{who}意见，尚未结束，截至{zh_date(self.as_of)}已有{days}个工作日不计算在期限内。"
        end = zh_date(interval.end)
        silent = "期满未收到答复，" if interval.lapsed else ""
        return f"{start}至{end}征求{who}意见，{silent}所需的{days}个工作日不计算在期限内。"

    def _explain_due(self, reckoning: _Reckoning) -> None:
        due = zh_date(reckoning.due)
        if reckoning.delay is None and any(i.is_open for i in reckoning.counted):
            text = f"征求意见尚未结束，答复期限至少至{due}，并随征求意见所需时间顺延。"
            self._explain(text, self.rules.consultation_article)
        elif reckoning.delay is None:
            self._explain(f"答复期限至{due}届满。", self.rules.term_article)


class _Running:
    """A term while its events are worked through; each method takes one event."""

    def __init__(self, calendar: Calendar, anchor: date, days: int) -> None:
        self.calendar = calendar
        self.anchor = anchor
        self.days = days
        self.excluded = 0
        self.covered = anchor
        self.extension: Extension | None = None
        self.extended = 0
        self.delay: Delay | None = None
        self.counted: list[_Interval] = []
        self.expired: list[_Interval] = []
        self.violations: list[Line] = []
        self.due = calendar.add(anchor, days)

    def leave_out(self, interval: _Interval) -> None:
        if not self._runs_on(interval.start):
            self.expired.append(interval)
            return
        self.counted.append(interval)
        start = max(interval.start, self.covered)
        if interval.end > start:
            self.excluded += self.calendar.between(start, interval.end)
            self.covered = interval.end
            self._move()

    def extend(self, extension: Extension, day: date, rules: Rules) -> None:
        if self.extension is not None:
            self._violate(f"{zh_date(day)}再次延期；延期以一次为限，不予计入。", rules.extension_article)
        elif not self._runs_on(day):
            text = f"{zh_date(day)}批准延期时答复期限已于{zh_date(self.due)}届满，延期不予计入。"
            self._violate(text, rules.extension_article)
        elif extension.days > 0:
            if extension.days > rules.max_extension:
                text = f"延期{extension.days}个工作日，超过{rules.max_extension}个工作日的部分不予计入。"
                self._violate(text, rules.extension_article)
            self.extension = extension
            self.extended = min(extension.days, rules.max_extension)
            self._move()

    def put_off(self, delay: Delay, day: date) -> None:
        if not self._runs_on(day):
            text = f"{zh_date(day)}确定延迟答复时答复期限已于{zh_date(self.due)}届满，延迟不予计入。"
            self._violate(text, _DELAY)
        else:
            self.delay = delay
            self._move()

    def reckoning(self) -> _Reckoning:
        return _Reckoning(
            due=self.due,
            covered_until=self.covered,
            counted=tuple(self.counted),
            expired=tuple(self.expired),
            extension=self.extension,
            delay=self.delay,
            excluded=self.excluded,
            violations=tuple(self.violations),
        )

    def _runs_on(self, day: date) -> bool:
        return day <= self.due or day <= self.covered

    def _move(self) -> None:
        if self.delay is not None:
            self.due = self.delay.until
        else:
            self.due = self.calendar.add(self.anchor, self.days + self.extended + self.excluded)

    def _violate(self, text: str, article: str) -> None:
        self.violations.append(Line(text, article))


def _asked(correction: Correction) -> date:
    return correction.asked or correction.given or date.min
