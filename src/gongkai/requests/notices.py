"""What the applicant is told on the tracking page. Owed with the fact, written after commit, never twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, outbox
from gongkai.law.wording import zh_date
from gongkai.organs.actors import Actor
from gongkai.requests import facts as f
from gongkai.requests.models import ApplicantNotice, Case, CaseAction

TOPIC = "requests.notice"
_silent: ContextVar[bool] = ContextVar("gongkai_requests_silent", default=False)


@contextmanager
def silenced() -> Iterator[None]:
    """Owe nobody a notice inside: for loaders that write history, whose applicants were told at the time."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def owe(row: CaseAction, fact: f.Fact, case: Case, by: Actor) -> None:
    """Owe the applicant a notice of `fact`, when it concerns them and somebody else did it.

    Jobs of the machine load what happened earlier: the applicant was told then.
    """
    if by.is_machine or by.role == "applicant" or _silent.get():
        return
    corrected = str(_("本件的办理记录有更正。")) + _due(case)
    sentence = corrected if row.supersedes_id else notice_text(fact, case)
    if sentence:
        outbox.post(TOPIC, case=case.pk, action=row.pk, text=sentence)


@outbox.handles(TOPIC)
def write_notice(payload: dict[str, Any]) -> None:
    """Outbox handler: one notice per action, however often it runs."""
    ApplicantNotice.objects.get_or_create(
        action_id=payload["action"],
        defaults={"case_id": payload["case"], "at": clock.now(), "text": payload["text"]},
    )


def notice_text(fact: f.Fact, case: Case) -> str:
    """The sentence for the applicant, or "" when the fact is the office's own business. Names nobody."""
    writer = _TEXTS.get(fact.kind)
    return str(writer(fact, case)) if writer else ""


def _due(case: Case) -> str:
    return str(_("答复期限至%(day)s。") % {"day": zh_date(case.due_on)}) if case.due_on else ""


def _day(day: dt.date | None) -> str:
    return zh_date(day) if day else ""


def _confirmed(fact: Any, case: Case) -> str:
    return _("您的申请已登记，编号%(number)s，收到日期%(day)s。") % {
        "number": fact.number,
        "day": zh_date(fact.received_on),
    } + _due(case)


def _part(fact: Any, case: Case) -> str:
    return _("您的申请已按“一事一申请”拆分，本件编号%(number)s。") % {"number": fact.number} + _due(case)


def _redone(fact: Any, case: Case) -> str:
    return _("您的申请将重新办理，编号%(number)s。") % {"number": fact.number} + _due(case)


def _ask_correction(fact: Any, case: Case) -> str:
    return _("您的申请需要补正，请在%(day)s前补正；逾期不补正的，视为放弃申请。") % {"day": _day(fact.until)}


def _extend_correction(fact: Any, case: Case) -> str:
    return _("补正期限延长至%(day)s。") % {"day": _day(fact.until)}


def _ask_explanation(fact: Any, case: Case) -> str:
    return _("请在%(day)s前说明申请的理由。") % {"day": _day(fact.until)}


def _consult(fact: Any, case: Case) -> str:
    whom = _("第三方") if fact.whom == "third_party" else _("其他机关")
    return _("正在征求%(whom)s意见，所需时间不计算在答复期限内。") % {"whom": whom}


def _close_consultation(fact: Any, case: Case) -> str:
    return _("征求意见已结束。") + _due(case)


def _extended(fact: Any, case: Case) -> str:
    return _("经政府信息公开工作机构负责人同意，答复期限延长%(days)s个工作日。") % {"days": fact.days} + _due(
        case
    )


def _delayed(fact: Any, case: Case) -> str:
    return _("申请的数量、频次明显超过合理范围，将延迟至%(day)s前答复。") % {"day": _day(fact.until)}


def _fee(fact: Any, case: Case) -> str:
    told = _("已发出收费通知（%(number)s），应缴%(total)s元，请自收到通知次日起20个工作日内缴纳。")
    return told % {"number": fact.number, "total": fact.total}


def _paid(fact: Any, case: Case) -> str:
    if not fact.counts:
        return str(_("所缴款项逾期或者不足，将予退付。"))
    told = str(_("已收到信息处理费%(amount)s元，答复期限自缴费次日起重新计算。")) % {"amount": fact.amount}
    return told + _due(case)


def _refunded(fact: Any, case: Case) -> str:
    return str(_("已退付信息处理费%(amount)s元。")) % {"amount": fact.amount}


def _says(sentence: Any) -> Any:
    def writer(fact: Any, case: Case) -> str:
        return str(sentence)

    return writer


_TEXTS: dict[str, Any] = {
    "confirm": _confirmed,
    "forward": _says(_("您的申请已转送有关机关办理，去向见办理过程。")),
    "accept": _says(_("您的申请已受理，正在办理。")),
    "split": _says(_("您的申请已拆分为若干件分别办理。")),
    "part": _part,
    "redone": _redone,
    "ask_correction": _ask_correction,
    "extend_correction": _extend_correction,
    "receive_correction": _says(_("已收到您的补正材料。")),
    "lapse_correction": _says(_("补正期限已过，您的申请不再处理。")),
    "ask_explanation": _ask_explanation,
    "receive_explanation": _says(_("已收到您的说明。")),
    "consult": _consult,
    "close_consultation": _close_consultation,
    "approve_extension": _extended,
    "approve_delay": _delayed,
    "approve_fee": _fee,
    "revoke_fee": _says(_("收费通知已撤销，无需缴费，您的申请继续办理。")),
    "record_payment": _paid,
    "refund": _refunded,
    "lapse_fee": _says(_("缴费期限已过，您的申请不再处理。")),
    "dispatch": _says(_("答复已发出，可在本页查看和下载。")),
    "withdraw": _says(_("已登记您撤回申请，本件不再处理。")),
    "lapse": _says(_("您的申请不再处理，理由见办理过程。")),
}
