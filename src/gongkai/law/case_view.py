"""The pure facts of one item that decide what may be done with it, and the conditions that read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from .wording import zh_date

# A fee notice in one of these conditions counts: an item is never in two of them.
LIVE_FEE_STATES: Final = frozenset({"issued", "served", "paid"})


@dataclass(frozen=True)
class CaseView:
    """What the conditions need to know; every field has the value of a fresh item as its default.

    ``state``: a key of ``procedure.STATES`` (``new`` before the item exists).
    ``today``: the day of the question.
    ``due_on``: the due date, or the "at least" date while an inquiry is open; ``None`` while unknown.
    ``outcome``: the recorded outcome, ``None`` before; ``dispatched``: an answer has left the house.
    ``correction_until``, ``explanation_until``, ``pay_due``: last day of the applicant's terms.
    ``open_proposals``: those of ``extension``, ``fee``, ``delay`` that wait for the office head.
    ``fee_state``: ``issued``, ``served``, ``paid``, ``lapsed``, ``revoked``, ``refunded`` or ``None``.
    ``fee_received``: money for this item was received and not yet refunded.
    ``drafter_id``, ``actor_id``: who wrote the latest draft and who asks now (any comparable identifiers).
    """

    state: str
    today: date
    number: str | None = None
    due_on: date | None = None
    outcome: str | None = None
    dispatched: bool = False
    extension_used: bool = False
    correction_asked: bool = False
    correction_until: date | None = None
    explanation_asked: bool = False
    explanation_until: date | None = None
    open_inquiries: int = 0
    has_consultation: bool = False
    third_party_objected: bool = False
    open_proposals: frozenset[str] = frozenset()
    fee_state: str | None = None
    pay_due: date | None = None
    fee_received: bool = False
    drafter_id: object = None
    actor_id: object = None
    counted_in_frozen: bool = False


@dataclass(frozen=True)
class Guard:
    """A condition beyond role and state: its label for the table, and the check (sentence or ``None``)."""

    key: str
    label: str
    check: Callable[[CaseView], str | None]


def _no_number(view: CaseView) -> str | None:
    if view.number is None:
        return None
    return (
        f"本件已编号登记（{view.number}），不能再转办；"
        "如不属于本机关负责公开，请以“本机关不掌握相关政府信息”答复。"
    )


def _no_outcome(view: CaseView) -> str | None:
    if view.outcome is None and not view.dispatched:
        return None
    return "本件已作出办理结果，不能再办理此项；如需变更，请另行作出替代答复。"


def _not_frozen(view: CaseView) -> str | None:
    return "本件已计入定稿的年度报告，不能再拆分。" if view.counted_in_frozen else None


def _no_open_inquiry(view: CaseView) -> str | None:
    if not view.open_inquiries:
        return None
    return f"尚有{view.open_inquiries}项征求意见未办结，请先收回意见或者待期限届满。"


def _has_open_inquiry(view: CaseView) -> str | None:
    return None if view.open_inquiries else "目前没有未办结的征求意见。"


def _correction_once(view: CaseView) -> str | None:
    return "补正须一次性告知，本件已经发出过补正告知书。" if view.correction_asked else None


def _explanation_once(view: CaseView) -> str | None:
    return "本件已经要求申请人说明过理由。" if view.explanation_asked else None


def _over(name: str, until: date | None, today: date) -> str | None:
    if until is None:
        return f"{name}尚未开始计算，不能以逾期为由办理。"
    if today <= until:
        return f"{name}至{zh_date(until)}届满，目前尚未逾期。"
    return None


def _correction_over(view: CaseView) -> str | None:
    return _over("补正期限", view.correction_until, view.today)


def _explanation_over(view: CaseView) -> str | None:
    return _over("说明理由的期限", view.explanation_until, view.today)


def _payment_over(view: CaseView) -> str | None:
    return _over("缴费期限", view.pay_due, view.today)


def _not_after_due(thing: str) -> Callable[[CaseView], str | None]:
    def check(view: CaseView) -> str | None:
        if view.due_on is None or view.today <= view.due_on:
            return None
        return f"{thing}，本件已于{zh_date(view.due_on)}到期。"

    return check


def _extension_unused(view: CaseView) -> str | None:
    return "延期以一次为限，本件已经批准过延期。" if view.extension_used else None


_PROPOSALS: Final = {"extension": "延期", "fee": "收费", "delay": "延迟答复"}


def _proposed(kind: str) -> Callable[[CaseView], str | None]:
    def check(view: CaseView) -> str | None:
        return None if kind in view.open_proposals else f"目前没有待批的{_PROPOSALS[kind]}建议。"

    return check


def _not_proposed(kind: str) -> Callable[[CaseView], str | None]:
    def check(view: CaseView) -> str | None:
        return (
            f"已有一项{_PROPOSALS[kind]}建议待批，请等待负责人决定。" if kind in view.open_proposals else None
        )

    return check


def _no_open_proposal(view: CaseView) -> str | None:
    if not view.open_proposals:
        return None
    waiting = "、".join(label for kind, label in _PROPOSALS.items() if kind in view.open_proposals)
    return f"尚有{waiting}建议待批，请先由负责人决定。"


def _no_live_fee(view: CaseView) -> str | None:
    if view.fee_state not in LIVE_FEE_STATES:
        return None
    return "本件已列入一份有效的收费通知，不能重复收费。"


def _payment_expected(view: CaseView) -> str | None:
    if view.fee_state in {"issued", "served"} or (view.state == "lapsed" and view.fee_state == "lapsed"):
        return None
    return "本件没有待缴费的收费通知。"


def _fee_received(view: CaseView) -> str | None:
    return None if view.fee_received else "本件没有可退付的款项。"


def _not_drafter(view: CaseView) -> str | None:
    if view.drafter_id is not None and view.drafter_id == view.actor_id:
        return "审核人、批准人不得为拟稿人本人，请由其他人员办理。"
    return None


def _answered_before(view: CaseView) -> str | None:
    if view.state in {"dispatched", "served", "archived"} and not view.dispatched:
        return "本件没有发出过答复，不能作出替代答复。"
    return None


GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {
        guard.key: guard
        for guard in (
            Guard("no_number", "尚未编号登记", _no_number),
            Guard("no_outcome", "尚无办理结果", _no_outcome),
            Guard("not_frozen", "未计入定稿年报", _not_frozen),
            Guard("no_open_inquiry", "没有未办结的征求意见", _no_open_inquiry),
            Guard("has_open_inquiry", "有未办结的征求意见", _has_open_inquiry),
            Guard("correction_once", "尚未告知补正", _correction_once),
            Guard("correction_over", "补正期限已过", _correction_over),
            Guard("explanation_once", "尚未要求说明理由", _explanation_once),
            Guard("explanation_over", "说明理由期限已过", _explanation_over),
            Guard("extension_before_due", "未过到期日", _not_after_due("延期须在到期日前批准")),
            Guard("fee_before_due", "未过到期日", _not_after_due("收费通知须在办理期限内发出")),
            Guard("delay_before_due", "未过到期日", _not_after_due("延迟答复须在到期日前确定")),
            Guard("extension_unused", "尚未延期", _extension_unused),
            Guard("extension_proposed", "有待批的延期建议", _proposed("extension")),
            Guard("extension_not_proposed", "无待批的延期建议", _not_proposed("extension")),
            Guard("fee_proposed", "有待批的收费建议", _proposed("fee")),
            Guard("fee_not_proposed", "无待批的收费建议", _not_proposed("fee")),
            Guard("delay_proposed", "有待批的延迟建议", _proposed("delay")),
            Guard("delay_not_proposed", "无待批的延迟建议", _not_proposed("delay")),
            Guard("no_open_proposal", "无待批的建议", _no_open_proposal),
            Guard("no_live_fee", "无有效收费通知", _no_live_fee),
            Guard("payment_expected", "有待缴费的收费通知", _payment_expected),
            Guard("payment_over", "缴费期限已过", _payment_over),
            Guard("fee_received", "有未退付的款项", _fee_received),
            Guard("not_drafter", "不是拟稿人本人", _not_drafter),
            Guard("answered_before", "替代答复须已发出过答复", _answered_before),
        )
    }
)
