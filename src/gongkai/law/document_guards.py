"""Checks on what an action carries: an answer's reason and basis, a term's length, a payment's date.

Each function returns courteous Chinese sentences about what is missing; none means the paper is complete.
"""

from __future__ import annotations

from datetime import date

from .outcomes import OUTCOMES
from .wording import zh_date

MAX_EXTENSION = 20  # working days, Regulation art. 33
MIN_CORRECTION_TERM = 5  # working days; the Regulation only says "reasonable", this is our floor
DEFAULT_CORRECTION_TERM = 10  # working days
DEFAULT_EXPLANATION_TERM = 7  # working days


def answer_problems(
    outcome_key: str,
    reason: str = "",
    article: str = "",
    sub_reason: str = "",
    search_record: str = "",
    *,
    has_consultation: bool = False,
    third_party_objected: bool = False,
    earlier_answer: str = "",
    correction_received: bool = True,
    supersedes_required: bool = False,
    supersedes: object = None,
) -> list[str]:
    """What an answer with this outcome still lacks (Regulation arts. 15, 30, 32, 36-37).

    ``article``: the legal basis written in the answer; needed for refusals, whole or partial.
    ``search_record``: who searched what with which words; courts demand it when the record does not exist.
    ``earlier_answer``: number or date of the earlier answer, for a repeated request.
    ``correction_received``: whether a correction was asked for and came in.
    ``supersedes_required``: an answer was already dispatched, so this one must name the answer it replaces.
    """
    outcome = OUTCOMES.get(outcome_key)
    if outcome is None:
        return [f"没有“{outcome_key}”这一办理结果。"]
    if outcome.by_closing:
        return [f"“{outcome.label}”以结案记录办理，不能作为答复作出。"]

    problems: list[str] = []
    if outcome.needs_reason and not reason.strip():
        problems.append(f"“{outcome.label}”须写明理由。")
    if outcome.needs_article and not article.strip():
        problems.append(f"“{outcome.label}”须写明法律依据。")
    if outcome_key == "denied_law_prohibited" and article.strip() and "《" not in article:
        problems.append("须写明禁止公开的法律或者行政法规的名称和条款，规章不足为据。")

    if sub_reason and sub_reason not in outcome.sub_reasons:
        problems.append(f"“{outcome.label}”没有“{sub_reason}”这一具体情形。")
    elif outcome.sub_reason_required and not sub_reason:
        kinds = "、".join(outcome.sub_reasons.values())
        problems.append(f"“{outcome.label}”须选择具体情形：{kinds}。")

    if sub_reason == "not_exist" and not search_record.strip():
        problems.append("答复政府信息不存在，须附检索记录（检索人、检索范围、关键词和日期）。")
    if outcome_key == "denied_third_party" and not has_consultation:
        problems.append("以保护第三方合法权益为由不予公开，须有书面征求第三方意见的记录。")
    if outcome.group in {"granted", "partial"} and third_party_objected:
        if not has_consultation:
            problems.append("第三方不同意公开的，决定公开须有征求意见的记录。")
        if not reason.strip() and not outcome.needs_reason:
            problems.append("第三方不同意公开的，决定公开须写明理由。")
    if outcome_key == "rejected_duplicate" and not earlier_answer.strip() and not reason.strip():
        problems.append("重复申请须写明此前答复的文号和日期。")
    if outcome_key == "unable_unclear_after_correction" and not correction_received:
        problems.append("本件没有收到过补正，不能以补正后内容仍不明确答复。")
    if supersedes_required and not supersedes:
        problems.append("本件的答复已经发出，须注明新答复替代哪一份答复。")
    return problems


def extension_problem(days: int, limit: int = MAX_EXTENSION) -> str | None:
    """Whether an extension of so many working days is beyond the limit of the Regulation."""
    if 1 <= days <= limit:
        return None
    return f"延长期限须在1至{limit}个工作日之间。"


def correction_term_problem(days: int) -> str | None:
    """Whether the term given for a correction (working days) is too short to be reasonable (art. 30)."""
    if days >= MIN_CORRECTION_TERM:
        return None
    return f"补正期限应当合理，不得少于{MIN_CORRECTION_TERM}个工作日。"


def delay_problem(until: date | None, reason: str, due_on: date | None) -> str | None:
    """Whether a delay under art. 35 has an explicit later date and a reason."""
    if until is None:
        return "延迟答复须确定明确的答复日期。"
    if not reason.strip():
        return "延迟答复须写明理由。"
    if due_on is not None and until <= due_on:
        return f"延迟答复的日期须晚于原到期日{zh_date(due_on)}。"
    return None


def payment_problem(
    paid_on: date, served_on: date | None, pay_due: date | None, amount: int, total: int
) -> str | None:
    """Why a payment (whole yuan) does not restart the term: late or not the whole sum.

    ``None`` when it restarts the term.
    """
    if served_on is not None and paid_on < served_on:
        return "缴费日期不能早于收费通知送达日期。"
    if pay_due is not None and paid_on > pay_due:
        return f"缴费期限已于{zh_date(pay_due)}届满，逾期缴纳的款项应当退付，申请人可以重新申请。"
    if amount < total:
        return f"应缴{total}元，实缴{amount}元，未缴足的视为未缴费，已缴部分应当退付。"
    return None
