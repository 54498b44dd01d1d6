"""The 审查单 of a run as data: what the printed sheet shows, and what goes to the archives with the document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gongkai.review import course, subjects
from gongkai.review.chains import FACTS
from gongkai.review.common import course_of, steps_of
from gongkai.review.models import (
    ConsultationReply,
    ConsultedParty,
    ReviewOpinion,
    ReviewRun,
    SecrecyConclusion,
    SubmittedDraft,
)


@dataclass(frozen=True)
class Draft:
    """One wording that was submitted: what its signers read."""

    number: int
    at: dt.datetime
    title: str
    told: tuple[tuple[str, str], ...]
    text: str
    hash: str


@dataclass(frozen=True)
class Signature:
    """One opinion with its signature and time. `draft`: the number of the wording it is on."""

    seq: int
    step: str
    opinion: str
    text: str
    signer: str
    capacity: str
    delegated: str
    at: dt.datetime
    hash: str
    draft: int | None


@dataclass(frozen=True)
class Secrecy:
    """One secrecy conclusion. `answers`: question and answer in words."""

    conclusion: str
    answers: tuple[tuple[str, str], ...]
    basis: str
    note: str
    redaction: str
    consulted: str
    reply: str
    reviewer: str
    capacity: str
    on: dt.date
    of_final_content: bool


@dataclass(frozen=True)
class Asked:
    """One organ that was asked, and what it said."""

    name: str
    question: str
    asked_on: dt.date
    answer: str
    text: str
    answered_on: dt.date | None


@dataclass(frozen=True)
class Sheet:
    """The whole sheet."""

    organ: str
    title: str
    kind: str
    chain: str
    facts: tuple[str, ...]
    submitter: str
    started_at: dt.datetime
    state: str
    completed: bool
    content_hash: str
    seal: str
    steps: tuple[tuple[int, str, str, bool], ...]
    drafts: tuple[Draft, ...]
    signatures: tuple[Signature, ...]
    secrecy: tuple[Secrecy, ...]
    asked: tuple[Asked, ...]


def of(run: ReviewRun) -> Sheet:
    """The sheet of a run as it stands. `seal` is the last hash: it covers every opinion before it, and by their hashes the
    wordings they are on."""
    entries = list(run.opinions.order_by("seq"))
    drafts = tuple(map(_draft, run.drafts.order_by("number")))
    numbers = {draft.hash: draft.number for draft in drafts}
    where = course_of(run, entries)
    return Sheet(
        organ=run.organ.name,
        title=run.title,
        kind=subjects.word(run.subject_kind),
        chain=_("%(title)s（%(key)s 第%(version)d版）")
        % {"title": run.template.title, "key": run.template.key, "version": run.template.version},
        facts=tuple(str(FACTS[fact]) for fact in sorted(where.facts)),
        submitter=run.submitter.name,
        started_at=run.started_at,
        state=str(run.get_state_display()),
        completed=run.state == course.COMPLETED,
        content_hash=run.subject_hash,
        seal=run.last_hash,
        steps=tuple((s.order, s.title, s.who, s.applies(where.facts)) for s in steps_of(run)),
        drafts=drafts,
        signatures=tuple(_signature(entry, numbers.get(entry.subject_hash)) for entry in entries),
        secrecy=tuple(_secrecy(one, run) for one in run.secrecy.order_by("pk")),
        asked=tuple(_asked(run)),
    )


def _draft(row: SubmittedDraft) -> Draft:
    return Draft(
        number=row.number,
        at=row.at,
        title=row.title,
        told=tuple((label, words) for label, words in row.told),
        text=row.text,
        hash=row.subject_hash,
    )


def _signature(entry: ReviewOpinion, draft: int | None) -> Signature:
    return Signature(
        seq=entry.seq,
        step=entry.step_title,
        opinion=str(entry.get_opinion_display()),
        text=entry.text,
        signer=entry.signer_name,
        capacity=entry.capacity,
        delegated=_("受%(name)s授权") % {"name": entry.delegated_name} if entry.delegated_name else "",
        at=entry.at,
        hash=entry.hash,
        draft=draft,
    )


def _secrecy(record: SecrecyConclusion, run: ReviewRun) -> Secrecy:
    questions, answer = SecrecyConclusion.QUESTIONS, SecrecyConclusion.Answer
    return Secrecy(
        conclusion=str(record.get_conclusion_display()),
        answers=tuple((str(questions[key]), str(answer(record.answers[key]).label)) for key in questions),
        basis=record.basis,
        note=record.note,
        redaction=record.redaction,
        consulted=record.consulted,
        reply=record.consulted_reply,
        reviewer=record.reviewer_name,
        capacity=record.capacity,
        on=record.on,
        of_final_content=record.subject_hash == run.subject_hash,
    )


def _asked(run: ReviewRun) -> list[Asked]:
    parties = ConsultedParty.objects.filter(consultation__run=run).select_related("consultation")
    return [_answer(party) for party in parties.prefetch_related("replies").order_by("consultation_id", "pk")]


def _answer(party: ConsultedParty) -> Asked:
    last: Any = max(party.replies.all(), key=lambda one: one.pk, default=None)
    return Asked(
        name=party.name,
        question=party.consultation.question,
        asked_on=party.consultation.asked_on,
        answer=str(ConsultationReply.Kind(last.kind).label) if last else _("尚未答复"),
        text=(last.agreed_text or last.text) if last else "",
        answered_on=last.on if last else None,
    )
