"""Receipt: an application arrives, is confirmed and numbered, or goes to the organ it was meant for."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.base import clock, numbering
from gongkai.law import procedure
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS
from gongkai.law.wording import zh_date
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.requests import applicants, tickets
from gongkai.requests import facts as f
from gongkai.requests.actions.steps import (
    Upload,
    begin,
    choice,
    open_new,
    optional,
    past_day,
    text,
)
from gongkai.requests.models import Case, CaseFile, Submission

CONTACT_METHODS = ("phone", "email", "sms", "letter", "in_person", "website")


@dataclass(frozen=True)
class Receipt:
    """What the applicant is given. `repeated`: this very form had been sent before; nothing new was made."""

    reference: str
    secret: str
    case: Case
    repeated: bool = False


def submit(
    *,
    organ: Organ,
    channel: str,
    kind: str,
    form: dict[str, Any],
    token: str,
    by: Actor,
    raw: bytes = b"",
    files: Iterable[Upload] = (),
    arrived_at: dt.datetime | None = None,
    on: dt.date | None = None,
    submitted_on: dt.date | None = None,
) -> Receipt:
    """Take in an application: the portal's form (``by=APPLICANT``) or a clerk's entry of mail, fax, e-mail, a visit.

    `channel` is a key of CHANNELS (the public form: ``internet``), `kind` one of APPLICANT_KINDS, `form` holds the keys
    of ``applicants.FIELDS``. `token` is the form's one-time token: the same form sent again gives the same receipt.
    `on` is the day of arrival (mail: the day the organ signed for it), `arrived_at` the moment if known; `submitted_on`
    the day it was sent or handed in when that was another. A clerk attaches the scan in `files`.

    Returns after the transaction committed, unless the caller holds one open: only then may it be acknowledged.
    Raises ValidationError by field, Refused when `by` may not enter cases for `organ` or it takes none.
    """
    arrived = past_day(on or (arrived_at.astimezone(clock.SHANGHAI).date() if arrived_at else None))
    _may_submit(by, organ, arrived)
    sent = past_day(submitted_on, "submitted_on") if submitted_on else None
    if sent and sent > arrived:
        raise ValidationError({"submitted_on": _("提交日期不能晚于到达日期。")})
    choice(channel, CHANNELS, "channel")
    choice(kind, APPLICANT_KINDS, "kind")
    kept = applicants.clean(form, online=by.role == "applicant")
    if not token or len(token) > 200:
        raise ValidationError({"token": _("表单已失效，请重新打开申请页面。")})
    if first := _sent_before(organ, token, kept):
        return first
    try:
        with transaction.atomic():
            return _keep(organ, channel, kind, kept, token, by, raw, files, arrived, arrived_at, sent)
    except IntegrityError:
        # The same form came in twice at the same moment; the other one was first.
        if first := _sent_before(organ, token, kept):
            return first
        raise


def _may_submit(by: Actor, organ: Organ, arrived: dt.date) -> None:
    gone = organ.valid_to is not None and organ.valid_to < arrived
    if gone or not organ.accepts_requests or organ.kind == Organ.Kind.UNIT:
        raise Refused(_("“%(organ)s”不直接受理政府信息公开申请。") % {"organ": organ.name})
    if by.is_machine:
        return
    if sentence := procedure.refusal("submit", by.role, procedure.CaseView(procedure.NEW, clock.today())):
        raise Refused(sentence)
    if by.role != "applicant":
        authority.require(by, authority.WORK, "cases", organ.path, _("您的岗位不能为该机关登记申请。"))


def _sent_before(organ: Organ, token: str, kept: dict[str, str]) -> Receipt | None:
    found = Submission.objects.filter(token=tickets.token_key(token)).first()
    if found is None:
        return None
    if found.organ_id != organ.pk or found.form != kept:
        raise ValidationError(
            {"token": _("这张表单已经提交过，内容却不相同；如需另行申请，请重新打开申请页面。")}
        )
    case = found.cases.order_by("pk")[0]
    secret = tickets.secret(token)
    if not tickets.matches(found.reference, secret, found.secret_hash):
        secret = ""  # it was reset since: the new one is known to the applicant alone
    return Receipt(found.reference, secret, case, repeated=True)


def _keep(
    organ: Organ,
    channel: str,
    kind: str,
    kept: dict[str, str],
    token: str,
    by: Actor,
    raw: bytes,
    files: Iterable[Upload],
    arrived: dt.date,
    arrived_at: dt.datetime | None,
    sent: dt.date | None,
) -> Receipt:
    original = raw or applicants.canonical(kept)
    reference, secret = tickets.reference(token), tickets.secret(token)
    submission = Submission.objects.create(
        organ=organ,
        reference=reference,
        secret_hash=tickets.sealed(reference, secret),
        token=tickets.token_key(token),
        channel=channel,
        kind=kind,
        arrived_at=arrived_at or dt.datetime.combine(arrived, clock.now().timetz()),
        form=kept,
        raw=original,
        raw_sha256=hashlib.sha256(original).hexdigest(),
        entered_by=by.key,
        **applicants.indexes(kept),
    )
    case = Case.objects.create(organ=organ, submission=submission, kind=kind, arrived_on=arrived)
    step = open_new(case, by, arrived)
    if by.role != "applicant":
        files = [_scan(upload) for upload in files]
    fact = f.Submitted(channel=channel, applicant_kind=kind, submitted_on=sent)
    step.write(fact, files=files, tell=False, detail={"channel": channel})
    return Receipt(reference, secret, case)


def _scan(upload: Upload) -> Upload:
    upload = upload if isinstance(upload, Upload) else Upload(*upload)
    return upload if upload.purpose else upload._replace(purpose=CaseFile.Purpose.SCAN)


@transaction.atomic
def contact(
    case: Case,
    *,
    by: Actor,
    note: str,
    reached: bool = True,
    method: str = "phone",
    on: dt.date | None = None,
) -> Case:
    """Log that the applicant was contacted, or could not be reached (art. 31: same-day duty for plain mail)."""
    step = begin(case, "contact", by, on)
    choice(method, CONTACT_METHODS, "method")
    noted = text(note, "note", _("请写明联系情况。"), 2000)
    step.write(f.Contacted(method=method, reached=reached, note=noted))
    return step.case


@transaction.atomic
def confirm(
    case: Case,
    *,
    by: Actor,
    on: dt.date | None = None,
    method: str = "phone",
    note: str = "",
    number: str = "",
) -> Case:
    """Confirm receipt and register: the receipt date follows from the channel (art. 31), the number from it.

    `on` is the day both sides confirmed; for visits and signed mail the receipt date is the day of handing in or
    signing instead. `number` is only for cases taken over from an older book. A year whose calendar is not loaded does
    not hinder it: the due date then stays unknown. Raises ValidationError, Refused.
    """
    step = begin(case, "confirm", by, on)
    choice(method, CONTACT_METHODS, "method")
    if number and not by.is_machine:
        raise ValidationError({"number": _("编号由系统依次编排。")})
    received = CHANNELS[step.facts.channel].confirm_rule.receipt_date(
        submitted_on=step.facts.submitted_on, arrived_on=case.arrived_on, confirmed_on=step.on
    )
    if received is None:
        raise ValidationError({"on": _("请填写确认日期。")})
    if received < case.arrived_on and step.facts.submitted_on is None:
        message = _("收到日期不能早于申请到达的%(day)s。") % {"day": zh_date(case.arrived_on)}
        raise ValidationError({"on": message})
    fact = f.Confirmed(
        number=_taken_over(case.organ, number) if number else next_number(case.organ, received.year),
        received_on=received,
        method=method,
        given=bool(number),
        note=optional(note, "note", 2000),
    )
    step.write(fact, detail={"number": fact.number})
    return step.case


def next_number(organ: Organ, year: int) -> str:
    """The next registration number ``organ-year-seq`` of the organ: no gaps, never used twice (01 §4)."""
    return f"{organ.code}-{year}-{numbering.take(f'case:{organ.pk}:{year}'):04d}"


def _taken_over(organ: Organ, number: str) -> str:
    """A number of an older book; where it has our own shape, the series goes on after it."""
    if Case.objects.filter(number=number).exists():
        raise ValidationError({"number": _("编号%(number)s已被使用。") % {"number": number}})
    if match := re.fullmatch(rf"{re.escape(organ.code)}-(\d{{4}})-(\d{{1,9}})", number):
        numbering.reserve(f"case:{organ.pk}:{match[1]}", int(match[2]))
    return number


@transaction.atomic
def forward(
    case: Case,
    *,
    by: Actor,
    to: str = "",
    organ: Organ | None = None,
    note: str = "",
    on: dt.date | None = None,
) -> Case:
    """Hand an application meant for another organ on to it, before it is numbered; counted apart (S118)."""
    step = begin(case, "forward", by, on)
    name = organ.name if organ else text(to, "to", _("请填写转往的机关。"), 120)
    if organ is not None and organ.pk == step.case.organ_id:
        raise ValidationError({"to": _("不能转给本机关。")})
    fact = f.Forwarded(organ_id=organ.pk if organ else None, to=name, note=optional(note, "note", 2000))
    step.write(fact)
    return step.case
