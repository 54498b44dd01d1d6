"""The course of a case: accepted, assigned, corrected, explained, consulted on, extended or put off, split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.law.document_guards import correction_term_problem, delay_problem, extension_problem
from gongkai.law.regulations import rules_on
from gongkai.law.wording import zh_date
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Person
from gongkai.organs.refusals import Refused
from gongkai.requests import facts as f
from gongkai.requests.actions.intake import next_number
from gongkai.requests.actions.steps import (
    Step,
    Upload,
    begin,
    choice,
    open_new,
    optional,
    past_day,
    term_end,
    text,
)
from gongkai.requests.choices import choices_for
from gongkai.requests.models import Case

CONSULTED = ("third_party", "organ")


@transaction.atomic
def accept(
    case: Case, *, by: Actor, on: dt.date | None = None, handler: Person | None = None, note: str = ""
) -> Case:
    """Start work on a registered case. Whoever accepts becomes its handler, unless another is named."""
    step = begin(case, "accept", by, on)
    person_id = handler.pk if handler else None
    if handler:
        _must_work_here(step, handler)
    elif step.facts.handler_id is None:
        person_id = by.person_id
    step.write(f.Accepted(person_id=person_id, note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def assign(case: Case, *, by: Actor, person: Person, on: dt.date | None = None, note: str = "") -> Case:
    """Name the handler. Same case, same clock: a hand-over inside one organ changes nothing else (01 §9)."""
    step = begin(case, "assign", by, on)
    _must_work_here(step, person)
    step.write(f.Assigned(person_id=person.pk, note=optional(note, "note", 2000)))
    return step.case


def _must_work_here(step: Step, person: Person) -> None:
    viewer = scope.viewer(person, step.on)
    if not scope.allows(viewer, scope.WORK, "cases", step.case.path):
        raise ValidationError({"person": _("该人员当日不在办理本件的岗位上。")})


# correction (art. 30)


@transaction.atomic
def ask_correction(
    case: Case,
    *,
    by: Actor,
    what: str,
    days: int | None = None,
    until: dt.date | None = None,
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """Tell the applicant, once and completely, what to correct and until when.

    The term is `days` working days (default: the office's setting, at least 5) or ends on `until`. Asked later than
    7 working days after receipt, the notice has no effect on the term; the page reports that, nothing is blocked.
    """
    step = begin(case, "ask_correction", by, on)
    what = text(what, "what", _("请写明需要补正的内容和方法。"))
    end = _term(step, until, days, lambda: choices_for(step.case.organ).correction_days)
    if (length := _length(step, end)) is not None and (problem := correction_term_problem(length)):
        raise ValidationError({"until": problem})
    step.write(f.CorrectionAsked(until=end, what=what), files=files)
    return step.case


@transaction.atomic
def receive_correction(
    case: Case,
    *,
    by: Actor,
    text: str = "",
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """The corrected application came in. The term restarts from this day when the notice was in time."""
    step = begin(case, "receive_correction", by, on)
    files = list(files)
    content = optional(text, "text")
    if not content and not files:
        raise ValidationError({"text": _("请填写补正内容或者上传补正材料。")})
    step.write(f.CorrectionReceived(text=content), files=files)
    return step.case


@transaction.atomic
def extend_correction(
    case: Case,
    *,
    by: Actor,
    reason: str,
    days: int | None = None,
    until: dt.date | None = None,
    on: dt.date | None = None,
) -> Case:
    """Give the applicant more time to correct: `days` working days from the fact's day, or until a date."""
    step = begin(case, "extend_correction", by, on)
    reason = text(reason, "reason", _("请写明延长补正期限的理由。"), 2000)
    end = _term(step, until, days, lambda: choices_for(step.case.organ).correction_days)
    if step.facts.correction_until and end <= step.facts.correction_until:
        message = _("新的期限须晚于原期限%(day)s。") % {"day": zh_date(step.facts.correction_until)}
        raise ValidationError({"until": message})
    step.write(f.CorrectionExtended(until=end, reason=reason))
    return step.case


@transaction.atomic
def lapse_correction(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Close: no correction in time and no good reason; deemed abandoned (outcome ``other_correction_lapsed``)."""
    step = begin(case, "lapse_correction", by, on)
    step.write(f.CorrectionLapsed(note=optional(note, "note", 2000)))
    return step.case


# explanation (art. 35)


@transaction.atomic
def ask_explanation(
    case: Case,
    *,
    by: Actor,
    what: str,
    days: int | None = None,
    until: dt.date | None = None,
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """Ask for reasons when number or frequency is clearly beyond reason. The term goes on running."""
    step = begin(case, "ask_explanation", by, on)
    what = text(what, "what", _("请写明查明的申请数量、频次和需要说明的事项。"))
    end = _term(step, until, days, lambda: choices_for(step.case.organ).explanation_days)
    step.write(f.ExplanationAsked(until=end, what=what), files=files)
    return step.case


@transaction.atomic
def receive_explanation(
    case: Case,
    *,
    by: Actor,
    text: str = "",
    reasonable: bool | None = None,
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """The applicant's reasons came in; `reasonable` is the office's view of them, if it has one already."""
    step = begin(case, "receive_explanation", by, on)
    files = list(files)
    content = optional(text, "text")
    if not content and not files:
        raise ValidationError({"text": _("请填写说明的理由。")})
    view = None if by.role == "applicant" else reasonable
    step.write(f.ExplanationReceived(reasonable=view, text=content), files=files)
    return step.case


@transaction.atomic
def lapse_explanation(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """No reasons were given in time; the answer can be drafted."""
    step = begin(case, "lapse_explanation", by, on)
    step.write(f.ExplanationLapsed(note=optional(note, "note", 2000)))
    return step.case


# inquiries (arts. 32, 34)


@transaction.atomic
def consult(
    case: Case,
    *,
    by: Actor,
    whom: str,
    name: str,
    what: str = "",
    served_on: dt.date | None = None,
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> int:
    """Send a letter asking a ``third_party`` or another ``organ`` for its opinion; returns the inquiry's number.

    Several may be open at once: call it once for each. `served_on` is the day the letter was received; the 15 working
    days run from it. Not known yet? Give it when closing, or correct the entry later.
    """
    step = begin(case, "consult", by, on)
    choice(whom, CONSULTED, "whom")
    fact = f.Consulted(
        whom=whom,
        served_on=_served(step, served_on),
        name=text(name, "name", _("请填写被征求意见的第三方或者机关。"), 200),
        what=optional(what, "what"),
    )
    return step.write(fact, files=files).seq


@transaction.atomic
def close_consultation(
    case: Case,
    *,
    by: Actor,
    reply: str,
    inquiry: int | None = None,
    text: str = "",
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """Close one inquiry with its reply (a key of facts.REPLIES); `inquiry` may be left out when only one is open.

    `on` is the day the reply arrived. ``silent``: the 15 working days are over without a reply — from another organ that
    is consent (art. 34), from a third party it is neither consent nor refusal (art. 32); the excluded time ends with them.
    """
    step = begin(case, "close_consultation", by, on)
    choice(reply, f.REPLIES, "reply")
    waiting = step.facts.open_inquiries
    found = [i for i in waiting if i.number == inquiry] if inquiry is not None else waiting
    if len(found) != 1:
        raise ValidationError({"inquiry": _("请选择一项未办结的征求意见。")})
    mine = found[0]
    if step.on < mine.sent_on:
        raise ValidationError({"on": _("日期不能早于征求意见书发出的日期。")})
    ended = step.on
    if reply == "silent":
        due = mine.reply_due(step.calendar)
        if due is None:
            raise ValidationError({"reply": _("征求意见书的送达日期或者工作日历未知，无法确认期满。")})
        if step.on <= due:
            raise Refused(_("答复意见的期限至%(day)s届满，目前尚未期满。") % {"day": zh_date(due)})
        ended = due
    fact = f.ConsultationClosed(inquiry=mine.number, reply=reply, ended_on=ended, text=optional(text, "text"))
    step.write(fact, files=files)
    return step.case


def _served(step: Step, served_on: dt.date | None) -> dt.date | None:
    if served_on is None:
        return None
    day = past_day(served_on, "served_on")
    if day < step.on:
        raise ValidationError({"served_on": _("送达日期不能早于发出日期。")})
    return day


# the head decides: extension (art. 33) and delay (art. 35)


@transaction.atomic
def propose_extension(case: Case, *, by: Actor, days: int, reason: str, on: dt.date | None = None) -> Case:
    """Propose to extend the running term by `days` working days; only the office head approves."""
    step = begin(case, "propose_extension", by, on)
    _check_extension(step, days)
    fact = f.ExtensionProposed(days=days, reason=text(reason, "reason", _("请写明延期的理由。"), 2000))
    step.write(fact)
    return step.case


@transaction.atomic
def approve_extension(
    case: Case, *, by: Actor, days: int | None = None, on: dt.date | None = None, note: str = ""
) -> Case:
    """Approve the open proposal, for its days or fewer; the due date moves. Not possible after the due date."""
    step = begin(case, "approve_extension", by, on)
    proposed = step.facts.proposals["extension"].fact
    granted = days if days is not None else proposed.days  # type: ignore[attr-defined]
    _check_extension(step, granted)
    _after_proposal(step, "extension")
    step.write(f.ExtensionApproved(days=granted, note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def decline_extension(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Decline the open proposal; the due date stays."""
    step = begin(case, "decline_extension", by, on)
    _after_proposal(step, "extension")
    step.write(f.ExtensionDeclined(note=optional(note, "note", 2000)))
    return step.case


def _check_extension(step: Step, days: int) -> None:
    limit = rules_on(step.facts.received_on or step.on).max_extension
    if problem := extension_problem(days, limit):
        raise ValidationError({"days": problem})


@transaction.atomic
def propose_delay(case: Case, *, by: Actor, until: dt.date, reason: str, on: dt.date | None = None) -> Case:
    """Propose an explicit later date for a request that is reasonable but too much for the term."""
    step = begin(case, "propose_delay", by, on)
    reason = optional(reason, "reason", 2000)
    _check_delay(step, until, reason)
    step.write(f.DelayProposed(until=until, reason=reason))
    return step.case


@transaction.atomic
def approve_delay(
    case: Case, *, by: Actor, until: dt.date | None = None, on: dt.date | None = None, note: str = ""
) -> Case:
    """Approve the open proposal; the set date becomes the due date."""
    step = begin(case, "approve_delay", by, on)
    granted = until or step.facts.proposals["delay"].fact.until  # type: ignore[attr-defined]
    _check_delay(step, granted, "—")
    _after_proposal(step, "delay")
    step.write(f.DelayApproved(until=granted, note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def decline_delay(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Decline the open proposal."""
    step = begin(case, "decline_delay", by, on)
    _after_proposal(step, "delay")
    step.write(f.DelayDeclined(note=optional(note, "note", 2000)))
    return step.case


def _check_delay(step: Step, until: dt.date | None, reason: str) -> None:
    due = step.facts.term(step.calendar, step.on).due
    if problem := delay_problem(until, reason, due):
        raise ValidationError({"until" if reason else "reason": problem})


def _after_proposal(step: Step, what: str) -> None:
    proposed_on = step.facts.proposals[what].on
    if step.on < proposed_on:
        raise ValidationError(
            {"on": _("决定日期不能早于提出建议的%(day)s。") % {"day": zh_date(proposed_on)}}
        )


# splitting (01 §1)


@transaction.atomic
def split(
    case: Case, *, by: Actor, parts: Sequence[str], reason: str, on: dt.date | None = None
) -> list[Case]:
    """Split a case into the smallest reasonable items, one for each description in `parts`; returns the new cases.

    Each gets its own number and outcome and keeps the submission's receipt date and the term so far. The trunk ends in
    state ``split`` and is not counted; the parts are. Not possible once an outcome exists or a frozen report counts it.
    """
    step = begin(case, "split", by, on)
    reason = text(reason, "reason", _("请写明拆分的理由。"), 2000)
    wanted = [text(part, "parts", _("每一件都要写明所需的政府信息。"), 5000) for part in parts]
    if len(wanted) < 2:
        raise ValidationError({"parts": _("拆分至少为两件。")})
    trunk, told = step.case, step.facts
    received = told.received_on
    if received is None:
        raise Refused(_("本件尚未登记，不能拆分。"))
    made = []
    for description in wanted:
        child = Case.objects.create(
            organ=trunk.organ,
            submission_id=trunk.submission_id,
            split_of=trunk,
            content={"info_description": description},
            kind=told.applicant_kind,
            arrived_on=trunk.arrived_on,
        )
        opening = f.Part(
            number=next_number(trunk.organ, received.year),
            received_on=received,
            trunk=trunk.pk,
            applicant_kind=told.applicant_kind,
            history=told.history(),
            reason=reason,
        )
        open_new(child, by, step.on).write(opening, detail={"trunk": trunk.pk})
        made.append(child)
    step.write(f.Split(parts=len(wanted), reason=reason))
    return made


def _term(step: Step, until: dt.date | None, days: int | None, default: object) -> dt.date:
    """The last day of a term given to the applicant."""
    if until is not None:
        if until <= step.on:
            raise ValidationError({"until": _("期限须在告知日期之后。")})
        return until
    length = days if days is not None else default()  # type: ignore[operator]
    if length < 1:
        raise ValidationError({"days": _("期限至少为1个工作日。")})
    return term_end(step.calendar, step.on, length, "until")


def _length(step: Step, end: dt.date) -> int | None:
    """Working days from the notice to the end of its term; None when the calendar does not say."""
    try:
        return step.calendar.between(step.on, end)
    except CalendarYearMissing:
        return None
