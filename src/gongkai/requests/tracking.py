"""The applicant's side: follow a case with its number and secret, and get a new secret when the old one is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, crypto
from gongkai.base.models import StoredFile
from gongkai.law import procedure
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.terms import Term
from gongkai.organs import calendars
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import facts as f
from gongkai.requests import limits, load, tickets, timeline
from gongkai.requests.course import CaseFacts
from gongkai.requests.models import ApplicantNotice, Case, CaseAction, CaseFile, Submission

# How far the house has come with a draft is its own business until the answer is sent.
_INSIDE = {"drafting", "review", "approval", "approved", "decided"}


@dataclass(frozen=True)
class GivenAnswer:
    """A dispatched answer as the applicant gets it. `replaces` is the number of the one it supersedes."""

    number: str
    on: dt.date
    outcome: str
    article: str
    reason: str
    text: str
    replaces: str
    files: tuple[CaseFile, ...]


@dataclass(frozen=True)
class TrackedCase:
    """One item of a submission as its applicant sees it. `asks` is what is to be corrected or explained now."""

    case: Case
    state: str
    description: str
    term: Term | None
    waiting_until: dt.date | None
    asks: str
    fee: f.FeeApproved | None
    pay_due: dt.date | None
    answers: tuple[GivenAnswer, ...]
    happenings: tuple[timeline.Happening, ...]
    notices: tuple[ApplicantNotice, ...]
    offers: tuple[tuple[procedure.Action, str | None], ...]
    next_action: procedure.Action | None


@dataclass(frozen=True)
class Tracked:
    """A submission opened with its secret, and its items."""

    submission: Submission
    form: dict[str, str]
    cases: tuple[TrackedCase, ...]


def find(reference: str, secret: str) -> Submission | None:
    """The submission with this query number — or the registration number of one of its items — and this secret."""
    typed = (reference or "").strip()[:80]
    found = Submission.objects.select_related("organ").filter(reference=tickets.normal(typed)).first()
    if found is None and typed:
        found = Submission.objects.select_related("organ").filter(cases__number=typed).first()
    kept, name = (found.secret_hash, found.reference) if found else ("", "")
    return found if tickets.matches(name, secret or "", kept) else None


def open_with(reference: str, secret: str, *, address: str) -> Submission:
    """:func:`find` for whoever asks from the network address. Raises ValidationError when they do not belong together,
    Refused after too many such look-ups within an hour."""
    if (found := find(reference, secret)) is not None:
        return found
    if not limits.used("look-up", address, limits.WRONG_SECRETS_PER_HOUR):
        raise Refused(_("查询号或者查询密码错误的次数太多，请一小时后再试。"))
    raise ValidationError(_("查询号和查询密码对不上，请核对回执；大小写和中间的横线不影响。"))


def track(reference: str, secret: str) -> Tracked | None:
    """Everything the applicant may see, or None when number and secret do not belong together."""
    submission = find(reference, secret)
    return opened(submission) if submission else None


def opened(submission: Submission) -> Tracked:
    """The same for a submission whose secret was checked before (:func:`find`)."""
    form = cast("dict[str, str]", submission.form)
    cases = list(submission.cases.select_related("organ").order_by("pk"))
    rows: dict[int, list[CaseAction]] = {case.pk: [] for case in cases}
    for row in CaseAction.objects.filter(case__in=cases).order_by("case", "seq"):
        rows[row.case_id].append(row)
    files: dict[int, list[CaseFile]] = {}
    kept = CaseFile.objects.select_related("file", "action").filter(action__case__in=cases).order_by("pk")
    for file in kept:
        files.setdefault(file.action_id, []).append(file)
    notices: dict[int, list[ApplicantNotice]] = {}
    for notice in ApplicantNotice.objects.filter(case__in=cases).order_by("-at", "-pk"):
        notices.setdefault(notice.case_id, []).append(notice)
    return Tracked(
        submission,
        form,
        tuple(_tracked(case, form, rows[case.pk], files, notices.get(case.pk, [])) for case in cases),
    )


def _tracked(
    case: Case,
    form: dict[str, str],
    rows: list[CaseAction],
    files: dict[int, list[CaseFile]],
    notices: list[ApplicantNotice],
) -> TrackedCase:
    facts = load.from_rows(rows, private=True)
    calendar, today = calendars.for_region(case.organ.region), clock.today()
    view = facts.view(calendar, today)
    fee = facts.fee
    own = {row.pk: _visible(row, facts, files.get(row.pk, [])) for row in rows}
    return TrackedCase(
        case=case,
        state=state_word(facts.state),
        description=cast("dict[str, str]", case.content or form).get("info_description", ""),
        term=facts.term(calendar, today) if facts.received_on else None,
        waiting_until=facts.wait_until(calendar),
        asks=_asks(facts),
        fee=fee.approved if fee else None,
        pay_due=fee.pay_due(calendar) if fee else None,
        answers=tuple(_answers(rows, facts, files)),
        happenings=tuple(timeline.for_applicant(rows, own)),
        notices=tuple(notices),
        offers=tuple(procedure.offers("applicant", view)),
        next_action=procedure.next_action("applicant", view),
    )


def state_word(state: str) -> str:
    """A case's state as its applicant is told it."""
    return "办理中" if state in _INSIDE else procedure.STATES[state]


def _asks(facts: CaseFacts) -> str:
    kinds = {"awaiting_correction": "ask_correction", "awaiting_explanation": "ask_explanation"}
    said = [entry.fact for entry in facts.entries if entry.kind == kinds.get(facts.state)]
    return getattr(said[-1], "what", "") if said else ""


def _visible(row: CaseAction, facts: CaseFacts, files: list[CaseFile]) -> list[CaseFile]:
    """Files the applicant sent, and those of letters addressed to them; an answer's annexes come with the answer."""
    if row.actor == "applicant" or row.kind in {"submit", "ask_correction", "ask_explanation"}:
        return files
    return []


def _answers(rows: list[CaseAction], facts: CaseFacts, files: dict[int, list[CaseFile]]) -> list[GivenAnswer]:
    """The answers that left the house, newest first."""
    key_of = {row.seq: row.pk for row in rows}
    sent = [entry.place for entry in facts.entries if entry.kind == "dispatch"]
    given = []
    for entry in facts.answers:
        fact = entry.fact
        if not isinstance(fact, f.Answered) or not any(place > entry.place for place in sent):
            continue
        annexes = [
            file
            for seq in facts.annexes[entry.place]
            for file in files.get(key_of[seq], [])
            if file.purpose == CaseFile.Purpose.ANSWER
        ]
        given.append(
            GivenAnswer(
                number=fact.number,
                on=entry.on,
                outcome=OUTCOMES[fact.outcome].label,
                article=fact.article,
                reason=fact.reason,
                text=fact.text,
                replaces=fact.replaces,
                files=tuple(annexes),
            )
        )
    return given[::-1]


def file_for(tracked: Tracked, file_id: int) -> StoredFile | None:
    """A file the applicant may fetch: an annex of a dispatched answer, a letter to them, or what they sent."""
    shown = [given.files for case in tracked.cases for given in case.answers]
    shown += [happening.files for case in tracked.cases for happening in case.happenings]
    return next((file.file for files in shown for file in files if file.pk == file_id), None)


def reset_secret(
    reference: str, *, name: str, id_number: str = "", phone: str = "", address: str = ""
) -> str:
    """A new secret for whoever knows the reference, the name, and the id number or phone given with the application.

    `address` is the network address, limited like the reference itself. What does not match is refused with one and
    the same sentence, whether or not the submission exists. Raises ValidationError, Refused.
    """
    if not name.strip() or not (id_number.strip() or phone.strip()):
        raise ValidationError(_("请填写姓名或者名称，以及证件号码或者联系电话。"))
    typed = tickets.normal(reference)[:40]
    limited = [limits.used("reset", typed, limits.RESETS_PER_HOUR)]
    if address:
        limited.append(limits.used("reset-from", address, limits.RESETS_PER_HOUR * 4))
    if not all(limited):
        raise Refused(_("尝试次数过多，请一小时后再试，或者与受理机关联系。"))
    secret = tickets.new_secret()
    if not _reset(typed, name, id_number, phone, secret):
        raise Refused(_("所填信息与申请不一致，无法重置查询密码；请核对后重试，或者与受理机关联系。"))
    return secret


@transaction.atomic
def _reset(reference: str, name: str, id_number: str, phone: str, secret: str) -> bool:
    digits = "".join(c for c in phone if c.isdigit())
    proofs = {"id_index": crypto.blind("id", id_number), "phone_index": crypto.blind("phone", digits)}
    found = (
        Submission.objects.select_for_update()
        .filter(reference=reference, name_index=crypto.blind("name", name))
        .first()
    )
    proven = found is not None and any(
        proof and getattr(found, key) == proof for key, proof in proofs.items()
    )
    sealed = tickets.sealed(reference, secret)
    if found is None or not proven:
        return False
    Submission.objects.filter(pk=found.pk).update(secret_hash=sealed)
    audit.record(
        actor=APPLICANT.key,
        post=APPLICANT.post,
        verb="submission.reset_secret",
        subject=found,
        path=found.path,
    )
    return True


def mark_read(tracked: Tracked) -> None:
    """The applicant has seen the notices shown."""
    ApplicantNotice.objects.filter(
        case__in=[shown.case.pk for shown in tracked.cases], read_at__isnull=True
    ).update(read_at=clock.now())
