"""What an answer, an extension, a correction term, a delay and a payment must carry."""

from datetime import date

import pytest

from gongkai.law.outcomes import OUTCOMES
from gongkai.law.procedure import (
    answer_problems,
    correction_term_problem,
    delay_problem,
    extension_problem,
    payment_problem,
)

COMPLETE = {
    "reason": "经审查，理由如下。",
    "article": "《中华人民共和国保守国家秘密法》第九条",
    "has_consultation": True,
    "search_record": "检索人、范围、关键词",
    "earlier_answer": "公开告〔2022〕1号",
}


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES.values() if not o.by_closing], ids=lambda o: o.key)
def test_a_complete_answer_has_no_problems(outcome) -> None:
    for sub_reason in ["", *outcome.sub_reasons]:
        if outcome.sub_reason_required and not sub_reason:
            continue
        assert answer_problems(outcome.key, sub_reason=sub_reason, **COMPLETE) == []


@pytest.mark.parametrize(
    "outcome", [o for o in OUTCOMES.values() if o.group != "granted"], ids=lambda o: o.key
)
def test_everything_but_a_plain_grant_needs_something(outcome) -> None:
    assert answer_problems(outcome.key) != []


@pytest.mark.parametrize(
    ("key", "facts", "fragment"),
    [
        ("partially_granted", {"article": "第三十七条"}, "理由"),
        ("partially_granted", {"reason": "部分涉密"}, "法律依据"),
        ("denied_state_secret", {"reason": "  ", "article": "第十四条"}, "理由"),
        ("denied_law_prohibited", {"reason": "禁止", "article": "某局规定第三条"}, "规章不足为据"),
        ("denied_third_party", {"reason": "商业秘密", "article": "第十五条"}, "征求第三方意见"),
        (
            "denied_internal_affairs",
            {"reason": "内部", "article": "第十六条"},
            "人事管理、后勤管理、内部工作流程",
        ),
        ("unable_not_held", {"reason": "不存在", "sub_reason": "not_exist"}, "检索记录"),
        ("unable_not_held", {"reason": "不存在"}, "选择具体情形"),
        ("granted", {"sub_reason": "not_exist", "search_record": "x"}, "没有“not_exist”"),
        ("granted", {"third_party_objected": True, "has_consultation": True}, "须写明理由"),
        ("granted", {"third_party_objected": True, "reason": "公共利益"}, "征求意见的记录"),
        ("rejected_duplicate", {}, "文号和日期"),
        (
            "unable_unclear_after_correction",
            {"reason": "不明", "correction_received": False},
            "没有收到过补正",
        ),
        ("other_misc", {}, "理由"),
        ("other_fee_unpaid", {}, "结案记录"),
        ("granted", {"supersedes_required": True}, "替代哪一份答复"),
        ("no_such_outcome", {}, "没有“no_such_outcome”"),
    ],
)
def test_what_is_missing_is_said(key: str, facts: dict, fragment: str) -> None:
    assert any(fragment in problem for problem in answer_problems(key, **facts))


def test_disclosure_against_an_objection_is_possible_with_record_and_reason() -> None:
    assert answer_problems("granted", "公共利益", third_party_objected=True, has_consultation=True) == []


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True), (20, True), (21, False), (-3, False)])
def test_length_of_an_extension(days: int, fine: bool) -> None:
    assert (extension_problem(days) is None) is fine


def test_old_regulation_extends_by_fifteen_at_most() -> None:
    assert extension_problem(16, limit=15) == "延长期限须在1至15个工作日之间。"


@pytest.mark.parametrize(("days", "fine"), [(4, False), (5, True), (10, True)])
def test_a_correction_term_is_reasonable(days: int, fine: bool) -> None:
    assert (correction_term_problem(days) is None) is fine


DUE = date(2022, 12, 30)


@pytest.mark.parametrize(
    ("until", "reason", "fragment"),
    [
        (None, "数量大", "明确的答复日期"),
        (date(2023, 2, 1), " ", "理由"),
        (DUE, "数量大", "晚于原到期日2022年12月30日"),
    ],
)
def test_a_delay_needs_a_later_date_and_a_reason(until: date | None, reason: str, fragment: str) -> None:
    assert fragment in (delay_problem(until, reason, DUE) or "")
    assert delay_problem(date(2023, 2, 1), "数量大", DUE) is None


SERVED, PAY_DUE = date(2026, 3, 20), date(2026, 4, 20)


@pytest.mark.parametrize(
    ("paid_on", "amount", "fragment"),
    [
        (date(2026, 3, 19), 1300, "不能早于"),
        (date(2026, 4, 21), 1300, "2026年4月20日届满"),
        (date(2026, 4, 2), 1299, "应缴1300元，实缴1299元"),
    ],
)
def test_payments_that_do_not_count(paid_on: date, amount: int, fragment: str) -> None:
    assert fragment in (payment_problem(paid_on, SERVED, PAY_DUE, amount, 1300) or "")


def test_a_full_payment_on_the_last_day_counts() -> None:
    assert payment_problem(PAY_DUE, SERVED, PAY_DUE, 1300, 1300) is None
