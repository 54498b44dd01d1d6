"""The information processing fee: proposed, approved with a notice, revoked, paid, refunded, lapsed (domain 02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import numbering
from gongkai.law.document_guards import payment_problem
from gongkai.law.wording import zh_date
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.requests import facts as f
from gongkai.requests import fees
from gongkai.requests.actions.steps import Step, begin, begin_many, choice, optional, past_day, text
from gongkai.requests.choices import choices_for
from gongkai.requests.models import Case, FeeLine, FeeNotice


@transaction.atomic
def propose_fee(
    case: Case,
    *,
    by: Actor,
    reason: str,
    basis: str = fees.BY_ITEM,
    pages: int | None = None,
    on: dt.date | None = None,
) -> Case:
    """Propose to charge this case ``by_item`` (its place in the applicant's month) or ``by_volume`` (its `pages`).

    Charging is a power, not a duty: the office head decides. Refused where the office charges no fees.
    """
    step = begin(case, "propose_fee", by, on)
    choice(basis, fees.BASES, "basis")
    if not choices_for(step.case.organ).charges_fees:
        raise Refused(_("本机关未开展信息处理费收取工作。"))
    if basis == fees.BY_VOLUME and (pages is None or pages < 1):
        raise ValidationError({"pages": _("按量计收须填写页数。")})
    fact = f.FeeProposed(
        basis=basis,
        pages=pages if basis == fees.BY_VOLUME else None,
        reason=text(reason, "reason", _("请写明收费的理由。"), 2000),
    )
    step.write(fact)
    return step.case


@transaction.atomic
def approve_fee(
    cases: Sequence[Case] | Case,
    *,
    by: Actor,
    on: dt.date | None = None,
    served_on: dt.date | None = None,
    number: str = "",
    note: str = "",
) -> FeeNotice:
    """Approve the open proposals of one or several cases of one applicant and month, and issue one notice over them.

    `served_on` is the day the applicant received the notice; payment is due 20 working days later. Not known yet? It is
    given later with `supersede` on the ``approve_fee`` entry. Raises ValidationError when a case would cost nothing.
    """
    given = [cases] if isinstance(cases, Case) else list(cases)
    if not given:
        raise ValidationError({"cases": _("请选择收费的件。")})
    steps = begin_many(given, "approve_fee", by, on)
    day = steps[0].on
    for step in steps:
        proposed = step.facts.proposals["fee"].on
        if day < proposed:
            message = _("决定日期不能早于提出建议的%(day)s。") % {"day": zh_date(proposed)}
            raise ValidationError({"on": message})
    if served_on is not None and past_day(served_on, "served_on") < day:
        raise ValidationError({"served_on": _("送达日期不能早于发出日期。")})
    key, month = _one_applicant_and_month(steps)
    prices = _prices(steps, key, month)
    total = sum(price.amount for price in prices)
    organ = steps[0].case.organ
    notice = FeeNotice.objects.create(
        organ=organ,
        number=optional(number, "number", 80) or _next_notice_number(steps[0]),
        applicant_key=key,
        month=month,
        issued_on=day,
        served_on=served_on,
        total_yuan=total,
    )
    for step, price in zip(steps, prices, strict=True):
        FeeLine.objects.create(
            notice=notice,
            case=step.case,
            basis=price.basis,
            position=price.position,
            pages=price.pages,
            amount_yuan=price.amount,
        )
        fact = f.FeeApproved(
            notice=notice.pk,
            number=notice.number,
            month=month,
            basis=price.basis,
            position=price.position,
            pages=price.pages,
            amount=price.amount,
            total=total,
            served_on=served_on,
            note=optional(note, "note", 2000),
        )
        step.write(fact, detail={"notice": notice.pk})
    fees.project_notice(notice, steps[0].calendar)
    return notice


def _one_applicant_and_month(steps: list[Step]) -> tuple[str, str]:
    keys = {step.case.submission.applicant_key for step in steps}
    months = {fees.month_of(step.facts.received_on) for step in steps if step.facts.received_on}
    organs = {step.case.organ_id for step in steps}
    if len(keys) != 1 or len(months) != 1 or len(organs) != 1:
        raise ValidationError({"cases": _("一份收费通知只能包括同一申请人在同一自然月内的件。")})
    return keys.pop(), months.pop()


def _prices(steps: list[Step], key: str, month: str) -> list[fees.Price]:
    places = fees.positions(steps[0].case.path, key, month)
    prices = []
    for step in steps:
        proposal = step.facts.proposals["fee"].fact
        place = places.get(step.case.pk)
        if not isinstance(proposal, f.FeeProposed) or place is None:
            raise ValidationError({"cases": _("重新办理的件不收费。")})
        price = fees.price(place, proposal.basis, proposal.pages)
        if not price.amount:
            message = _("%(number)s为本月第%(place)s件，不产生费用，不能列入收费通知。")
            raise ValidationError({"cases": message % {"number": step.case.number, "place": place}})
        prices.append(price)
    return prices


def _next_notice_number(step: Step) -> str:
    organ, year = step.case.organ, step.on.year
    return f"{organ.name}收费〔{year}〕{numbering.take(f'fee:{organ.pk}:{year}')}号"


@transaction.atomic
def decline_fee(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> Case:
    """Decline the open proposal: no fee."""
    step = begin(case, "decline_fee", by, on)
    step.write(f.FeeDeclined(note=optional(note, "note", 2000)))
    return step.case


@transaction.atomic
def revoke_fee(case: Case, *, by: Actor, reason: str, on: dt.date | None = None) -> list[Case]:
    """Revoke the notice this case stands on, for all its cases that wait for payment; they go on as before."""
    steps = _on_the_notice(case, "revoke_fee", by, on)
    reason = text(reason, "reason", _("请写明撤销收费通知的理由。"), 2000)
    for step in steps:
        step.write(f.FeeRevoked(notice=_notice_id(step), reason=reason))
    _project(steps)
    return [step.case for step in steps]


@transaction.atomic
def record_payment(
    case: Case,
    *,
    by: Actor,
    amount_yuan: int,
    on: dt.date | None = None,
    receipt_number: str = "",
    payment_code: str = "",
    hold: bool = False,
) -> list[Case]:
    """Record that the whole notice of this case was paid on `on`: the terms of its cases start anew.

    Money that came late or short does not count: Refused with the reason. It can be recorded with ``hold=True`` as held
    for refund, which moves nothing. Returns the cases that go on.
    """
    lock_notice(case)
    first = begin(case, "record_payment", by, on)
    item = first.facts.fee
    if item is None:
        raise Refused(_("本件没有待缴费的收费通知。"))
    problem = payment_problem(
        first.on, item.approved.served_on or item.issued_on, item.pay_due(first.calendar),
        amount_yuan, item.approved.total,
    )  # fmt: skip
    if amount_yuan < 1 or amount_yuan > item.approved.total:
        message = _("应缴%(total)s元，请核对实缴金额。") % {"total": item.approved.total}
        raise ValidationError({"amount_yuan": message})
    if not problem and first.facts.state == "lapsed":
        problem = _("本件已按逾期未缴费办结；如确系按期缴费，请先更正“逾期未缴费，不再处理”的记录。")
    if problem and not hold:
        raise Refused(problem)
    if hold and not problem:
        raise ValidationError({"hold": _("款项按期足额缴纳，请登记为缴费。")})
    receipt_number = optional(receipt_number, "receipt_number", 60)
    payment_code = optional(payment_code, "payment_code", 60)
    paid = f.FeePaid(
        notice=_notice_id(first),
        amount=amount_yuan,
        counts=not hold,
        receipt_number=receipt_number,
        payment_code=payment_code,
    )
    if hold:
        first.write(paid)
        return [first.case]
    steps = _on_the_notice(case, "record_payment", by, on)
    for step in steps:
        step.write(paid)
    _project(steps)
    return [step.case for step in steps]


@transaction.atomic
def refund(
    case: Case, *, by: Actor, reason: str, amount_yuan: int | None = None, on: dt.date | None = None
) -> Case:
    """Pay back what was received for this case (default: all of it that is left)."""
    step = begin(case, "refund", by, on)
    item = next(item for item in reversed(list(step.facts.fees.values())) if item.refundable)
    amount = item.refundable if amount_yuan is None else amount_yuan
    if not 1 <= amount <= item.refundable:
        message = _("本件可退付的金额为%(amount)s元。") % {"amount": item.refundable}
        raise ValidationError({"amount_yuan": message})
    if item.paid_on and step.on < item.paid_on:
        raise ValidationError({"on": _("退付日期不能早于缴费日期。")})
    reason = text(reason, "reason", _("请写明退付的理由。"), 2000)
    step.write(f.FeeRefunded(notice=item.approved.notice, amount=amount, reason=reason))
    _project([step])
    return step.case


@transaction.atomic
def lapse_fee(case: Case, *, by: Actor, on: dt.date | None = None, note: str = "") -> list[Case]:
    """Close: the notice was not paid in time. Closes all its cases that still wait (outcome ``other_fee_unpaid``)."""
    steps = _on_the_notice(case, "lapse_fee", by, on)
    for step in steps:
        step.write(f.FeeLapsed(notice=_notice_id(step), note=optional(note, "note", 2000)))
    _project(steps)
    return [step.case for step in steps]


def _on_the_notice(case: Case, action: str, by: Actor, on: dt.date | None) -> list[Step]:
    """Steps on every case of this case's notice that waits for payment; the case itself must."""
    lock_notice(case)
    own = begin(case, action, by, on)
    others = Case.objects.select_related("organ").filter(
        fee_lines__notice_id=_notice_id(own), state="fee_pending"
    )
    return [own, *begin_many(list(others.exclude(pk=case.pk)), action, by, on)]


def lock_notice(case: Case) -> None:
    """Hold the notice before its cases, so that two writers on different cases of it never wait for each other."""
    FeeNotice.objects.select_for_update(of=("self",)).filter(lines__case=case).order_by("-pk").first()


def _notice_id(step: Step) -> int:
    if step.facts.fee is None:
        raise Refused(_("本件没有待缴费的收费通知。"))
    return step.facts.fee.approved.notice


def _project(steps: list[Step]) -> None:
    notice = FeeNotice.objects.select_for_update(of=("self",)).get(pk=_notice_id(steps[0]))
    fees.project_notice(notice, steps[0].calendar)
