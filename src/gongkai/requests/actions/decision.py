"""The answer: drafted, reviewed, approved, given, sent and served; and the ways in which a case ends without one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import numbering
from gongkai.law.document_guards import answer_problems
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.requests import facts as f
from gongkai.requests import load
from gongkai.requests.actions.intake import next_number
from gongkai.requests.actions.steps import Step, Upload, begin, choice, open_new, optional, past_day, text
from gongkai.requests.choices import answer_mark, choices_for
from gongkai.requests.course import CaseFacts
from gongkai.requests.models import Case, CaseAction

WAYS = ("website", "mail", "email", "pick_up", "fax", "inspection")


@transaction.atomic
def draft(
    case: Case,
    *,
    by: Actor,
    outcome: str,
    text: str = "",
    reason: str = "",
    article: str = "",
    sub_reason: str = "",
    search_record: str = "",
    earlier_answer: str = "",
    files: Iterable[Upload] = (),
    keep_files: bool = True,
    on: dt.date | None = None,
) -> Case:
    """Write or rewrite the draft of the answer; `files` are the annexes the applicant will get with it.

    The annexes of the draft before stay unless ``keep_files=False``.
    `outcome` is a key of OUTCOMES, `article` the legal basis as the letter quotes it. May be incomplete until submitted.
    After an answer was dispatched a draft starts the decision that replaces it; the first one stays as it is.
    """
    step = begin(case, "draft", by, on)
    choice(outcome, OUTCOMES, "outcome")
    if sub_reason:
        choice(sub_reason, OUTCOMES[outcome].sub_reasons, "sub_reason")
    earlier = step.facts.answered
    fact = f.Drafted(
        outcome=outcome,
        sub_reason=sub_reason,
        replaces=earlier[-1].number if earlier else "",
        keeps=keep_files,
        article=optional(article, "article", 500),
        reason=optional(reason, "reason"),
        text=optional(text, "text"),
        search_record=optional(search_record, "search_record"),
        earlier_answer=optional(earlier_answer, "earlier_answer", 500),
    )
    step.write(fact, files=files)
    return step.case


@transaction.atomic
def submit_draft(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Send the draft to review. Raises ValidationError naming everything the paper still lacks."""
    step = begin(case, "submit_draft", by, on)
    _must_be_complete(step, _draft_of(step))
    step.write(f.DraftSubmitted(note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def review_draft(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Secrecy review or the office's opinion: passes to the leader. Not by the drafter (art. 17)."""
    step = begin(case, "review_draft", by, on)
    step.write(f.DraftReviewed(note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def return_draft(case: Case, *, by: Actor, note: str, on: dt.date | None = None) -> Case:
    """Send the draft back with what has to change."""
    step = begin(case, "return_draft", by, on)
    step.write(f.DraftReturned(note=text(note, "note", _("请写明退回修改的意见。"), 2000)))
    return step.case


@transaction.atomic
def approve_draft(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """The leader approves the draft as it stands. Not by the drafter."""
    step = begin(case, "approve_draft", by, on)
    step.write(f.DraftApproved(note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def answer(
    case: Case,
    *,
    by: Actor,
    on: dt.date | None = None,
    number: str = "",
    files: Iterable[Upload] = (),
) -> Case:
    """Give the approved draft its number (``××公开告〔YYYY〕N号``) and date: the outcome is fixed.

    The case is closed on this day for the statistics; the clock stops at dispatch. An answer that replaces a dispatched
    one leaves the counted outcome and date alone.
    """
    step = begin(case, "answer", by, on)
    content = _draft_of(step)
    _must_be_complete(step, content)
    given = optional(number, "number", 80)
    fact = f.Answered(
        number=given or _next_answer_number(step),
        outcome=content.outcome,
        sub_reason=content.sub_reason,
        replaces=content.replaces,
        article=content.article,
        reason=content.reason,
        text=content.text,
        search_record=content.search_record,
        earlier_answer=content.earlier_answer,
    )
    step.write(fact, files=files, detail={"number": fact.number, "outcome": fact.outcome})
    return step.case


def _draft_of(step: Step) -> f.Drafted:
    """The latest draft with its texts, which are read only here."""
    entry = step.facts.draft
    if entry is None:
        raise Refused(_("尚未拟写答复。"))
    row = CaseAction.objects.get(case=step.case, seq=entry.seq)
    fact = load.entry_of(row, entry.place, private=True).fact
    if not isinstance(fact, f.Drafted):
        raise TypeError("the draft's entry holds something else")
    return fact


def _must_be_complete(step: Step, content: f.Drafted) -> None:
    has_annexes = bool(content.text) or load.annexes(step.case, step.facts).exists()
    if problems := draft_lacks(step.facts, content, has_annexes=has_annexes):
        raise ValidationError(problems)


def draft_lacks(told: CaseFacts, content: f.Drafted, *, has_annexes: bool) -> list[str]:
    """What this draft still lacks before it may be submitted, in sentences; none when it is complete."""
    problems = answer_problems(
        content.outcome,
        reason=content.reason,
        article=content.article,
        sub_reason=content.sub_reason,
        search_record=content.search_record,
        has_consultation=told.consulted_third_party,
        third_party_objected=told.third_party_objected,
        earlier_answer=content.earlier_answer,
        correction_received=any(correction.given for correction in told.corrections),
        supersedes_required=told.dispatched_on is not None,
        supersedes=content.replaces or None,
    )
    if not content.text and not has_annexes:
        problems.append(_("请填写答复正文，或者附上答复书。"))
    return problems


def _next_answer_number(step: Step) -> str:
    organ, year = step.case.organ, step.on.year
    mark = answer_mark(organ, choices_for(organ))
    return f"{mark}〔{year}〕{numbering.take(f'answer:{organ.pk}:{year}')}号"


@transaction.atomic
def dispatch(
    case: Case, *, by: Actor, on: dt.date | None = None, way: str = "website", note: str = ""
) -> Case:
    """The answer left the house: the clock stops and the applicant can read and fetch it."""
    step = begin(case, "dispatch", by, on)
    choice(way, WAYS, "way")
    step.write(f.Dispatched(way=way, note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def serve(
    case: Case,
    *,
    by: Actor,
    on: dt.date | None = None,
    way: str = "website",
    receiver: str = "",
    note: str = "",
    files: Iterable[Upload] = (),
) -> Case:
    """The answer reached the applicant; the terms for review and lawsuit run from this day."""
    step = begin(case, "serve", by, on)
    choice(way, WAYS, "way")
    fact = f.Served(way=way, receiver=optional(receiver, "receiver", 100), note=optional(note, "note", 2000))
    step.write(fact, files=files)
    return step.case


@transaction.atomic
def archive(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Put the case on file."""
    step = begin(case, "archive", by, on)
    step.write(f.Archived(note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def withdraw(
    case: Case,
    *,
    by: Actor,
    reason: str = "",
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """The applicant takes the application back (outcome ``other_misc``). A clerk attaches the written withdrawal."""
    step = begin(case, "withdraw", by, on)
    files = list(files)
    said = optional(reason, "reason", 2000)
    if by.role != "applicant" and not said and not files:
        raise ValidationError({"reason": _("请写明申请人撤回的情况，或者附上书面材料。")})
    step.write(f.Withdrawn(reason=said), files=files)
    return step.case


@transaction.atomic
def lapse(
    case: Case, *, by: Actor, reason: str, sub_reason: str = "other", on: dt.date | None = None
) -> Case:
    """Close without an answer for another reason, which must be written down (outcome ``other_misc``)."""
    step = begin(case, "lapse", by, on)
    choice(sub_reason, OUTCOMES["other_misc"].sub_reasons, "sub_reason")
    said = text(reason, "reason", _("请写明不再处理的理由。"), 2000)
    step.write(f.Lapsed(sub_reason=sub_reason, reason=said))
    return step.case


@transaction.atomic
def redo(
    case: Case,
    *,
    by: Actor,
    order: str,
    served_on: dt.date | None = None,
    days: int | None = None,
    files: Iterable[Upload] = (),
    on: dt.date | None = None,
) -> Case:
    """A review or court decision (`order`) demands a new answer: opens and returns a new case linked ``redo_of``.

    Its term runs from `served_on`, the day the order was served (default: the fact's day), for 20 working days or the
    `days` the order sets. It stands in no row of table 3 unless the office's setting says otherwise (01 §15).
    """
    step = begin(case, "redo", by, on)
    order = text(order, "order", _("请填写责令重新办理的决定或者判决。"), 500)
    received = past_day(served_on or step.on, "served_on")
    if received > step.on:
        raise ValidationError({"served_on": _("决定的送达日期不能晚于登记日期。")})
    if step.facts.closed_on and received < step.facts.closed_on:
        raise ValidationError({"served_on": _("决定的送达日期不能早于原件办结日期。")})
    if days is not None and days < 1:
        raise ValidationError({"days": _("期限至少为1个工作日。")})
    old = step.case
    new = Case.objects.create(
        organ=old.organ,
        submission_id=old.submission_id,
        redo_of=old,
        content=old.content,
        kind=old.kind,
        arrived_on=received,
    )
    opening = f.RedoOpened(
        number=next_number(old.organ, received.year),
        received_on=received,
        original=old.pk,
        channel=step.facts.channel,
        applicant_kind=step.facts.applicant_kind,
        days=days,
        counted=choices_for(old.organ).redo_counts,
        order=order,
    )
    open_new(new, by, step.on).write(opening, detail={"original": old.pk})
    step.write(f.RedoOrdered(case=new.pk, order=order), files=files, tell=False)
    return new
