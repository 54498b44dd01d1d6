"""The procedure table: the checked-in page is current, and every combination behaves as it lists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from gongkai.law import procedure_table
from gongkai.law.procedure import (
    ACTIONS,
    GUARDS,
    NEW,
    ROLES,
    STATES,
    TABLE,
    CaseView,
    next_action,
    offers,
    permitted,
    refusal,
)

TODAY = date(2022, 12, 20)
DUE = date(2022, 12, 30)
CONTRACT = [
    "submit",
    "contact",
    "confirm",
    "forward",
    "accept",
    "assign",
    "split",
    "ask_correction",
    "receive_correction",
    "extend_correction",
    "lapse_correction",
    "ask_explanation",
    "receive_explanation",
    "lapse_explanation",
    "consult",
    "close_consultation",
    "propose_extension",
    "approve_extension",
    "decline_extension",
    "propose_fee",
    "approve_fee",
    "decline_fee",
    "revoke_fee",
    "record_payment",
    "refund",
    "lapse_fee",
    "propose_delay",
    "approve_delay",
    "decline_delay",
    "draft",
    "submit_draft",
    "review_draft",
    "return_draft",
    "approve_draft",
    "answer",
    "dispatch",
    "serve",
    "archive",
    "withdraw",
    "lapse",
    "redo",
    "attach",
    "supersede",
]

# For each guard: the fact that satisfies it, and one that breaks it.
SATISFIED = {
    "no_number": {"number": None},
    "no_outcome": {"outcome": None, "dispatched": False},
    "not_frozen": {"counted_in_frozen": False},
    "no_open_inquiry": {"open_inquiries": 0},
    "has_open_inquiry": {"open_inquiries": 2},
    "correction_once": {"correction_asked": False},
    "correction_over": {"correction_until": TODAY - timedelta(1)},
    "explanation_once": {"explanation_asked": False},
    "explanation_over": {"explanation_until": TODAY - timedelta(1)},
    "extension_before_due": {"due_on": TODAY},
    "fee_before_due": {"due_on": TODAY},
    "delay_before_due": {"due_on": TODAY},
    "extension_unused": {"extension_used": False},
    "extension_proposed": {"open_proposals": frozenset({"extension"})},
    "extension_not_proposed": {"open_proposals": frozenset()},
    "fee_proposed": {"open_proposals": frozenset({"fee"})},
    "fee_not_proposed": {"open_proposals": frozenset()},
    "delay_proposed": {"open_proposals": frozenset({"delay"})},
    "delay_not_proposed": {"open_proposals": frozenset()},
    "no_open_proposal": {"open_proposals": frozenset()},
    "no_live_fee": {"fee_state": None},
    "payment_expected": {"fee_state": "served"},
    "payment_over": {"pay_due": TODAY - timedelta(1)},
    "fee_received": {"fee_received": True},
    "not_drafter": {"drafter_id": 1, "actor_id": 2},
    "answered_before": {"dispatched": True},
}
BROKEN = {
    "no_number": [{"number": "公开2022-0001"}],
    "no_outcome": [{"outcome": "granted"}, {"dispatched": True}],
    "not_frozen": [{"counted_in_frozen": True}],
    "no_open_inquiry": [{"open_inquiries": 1}],
    "has_open_inquiry": [{"open_inquiries": 0}],
    "correction_once": [{"correction_asked": True}],
    "correction_over": [{"correction_until": TODAY}, {"correction_until": None}],
    "explanation_once": [{"explanation_asked": True}],
    "explanation_over": [{"explanation_until": TODAY}, {"explanation_until": None}],
    "extension_before_due": [{"due_on": TODAY - timedelta(1)}],
    "fee_before_due": [{"due_on": TODAY - timedelta(1)}],
    "delay_before_due": [{"due_on": TODAY - timedelta(1)}],
    "extension_unused": [{"extension_used": True}],
    "extension_proposed": [{"open_proposals": frozenset({"fee"})}],
    "extension_not_proposed": [{"open_proposals": frozenset({"extension"})}],
    "fee_proposed": [{"open_proposals": frozenset({"delay"})}],
    "fee_not_proposed": [{"open_proposals": frozenset({"fee"})}],
    "delay_proposed": [{"open_proposals": frozenset({"fee"})}],
    "delay_not_proposed": [{"open_proposals": frozenset({"delay"})}],
    "no_open_proposal": [{"open_proposals": frozenset({"fee"})}],
    "no_live_fee": [{"fee_state": "issued"}, {"fee_state": "served"}, {"fee_state": "paid"}],
    "payment_expected": [{"fee_state": None}, {"fee_state": "paid"}],
    "payment_over": [{"pay_due": TODAY}, {"pay_due": None}],
    "fee_received": [{"fee_received": False}],
    "not_drafter": [{"drafter_id": 7, "actor_id": 7}],
    # A matter of the states after dispatch only; see its own test.
    "answered_before": [],
}


def favourable(action_key: str, state: str) -> CaseView:
    """An item whose facts satisfy every condition of the action."""
    view = CaseView(state=state, today=TODAY, due_on=DUE)
    for guard in ACTIONS[action_key].guards:
        view = replace(view, **SATISFIED[guard])
    return view


def listed() -> set[tuple[str, str, str]]:
    """The combinations on the checked-in page."""
    page = procedure_table.PATH.read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(\w+)` \| `(\w+)` [^|]+ \| `(\w+)`", page, flags=re.MULTILINE))


def test_the_checked_in_table_is_current() -> None:
    assert procedure_table.main(["--check"]) == 0


def test_every_action_of_the_contract_exists_once() -> None:
    assert [a.key for a in TABLE] == sorted(CONTRACT, key=lambda key: list(ACTIONS).index(key))
    assert set(ACTIONS) == set(CONTRACT)
    assert len(TABLE) == len(ACTIONS)


def test_all_combinations_are_permitted_exactly_as_the_table_lists() -> None:
    combinations = set(product(ROLES, STATES, ACTIONS))
    allowed = {
        (role, state, key)
        for role, state, key in combinations
        if refusal(key, role, favourable(key, state)) is None
    }
    assert allowed == listed()
    assert len(combinations) == len(ROLES) * len(STATES) * len(TABLE)


def test_every_refusal_is_one_courteous_sentence() -> None:
    for role, state, key in set(product(ROLES, STATES, ACTIONS)) - listed():
        sentence = refusal(key, role, favourable(key, state))
        assert sentence is not None
        assert sentence.endswith("。")
        assert sentence.count("。") == 1


def test_every_guard_is_used_and_described_here() -> None:
    assert {g for a in TABLE for g in a.guards} == set(GUARDS) == set(SATISFIED) == set(BROKEN)


@pytest.mark.parametrize(("role", "state", "key"), sorted(listed()))
def test_each_broken_condition_refuses(role: str, state: str, key: str) -> None:
    for guard in ACTIONS[key].guards:
        for facts in BROKEN[guard]:
            sentence = refusal(key, role, replace(favourable(key, state), **facts))
            assert sentence is not None
            assert sentence.endswith("。")


def test_states_lead_only_to_states_and_every_state_is_reachable() -> None:
    reached = {NEW}
    while True:
        more = {a.to_state for a in TABLE if a.to_state and reached & set(a.from_states)} - reached
        if not more:
            break
        reached |= more
    assert reached == set(STATES)


def test_who_decides_alone() -> None:
    for key in ("extension", "fee", "delay"):
        assert ACTIONS[f"approve_{key}"].roles == ("head",)
        assert ACTIONS[f"decline_{key}"].roles == ("head",)
    assert ACTIONS["approve_draft"].roles == ("leader",)


@pytest.mark.parametrize("role", ["supervisor", "auditor", "operator"])
def test_watching_roles_act_on_no_item(role: str) -> None:
    assert not [state for state in STATES if permitted(role, CaseView(state=state, today=TODAY))]


@pytest.mark.parametrize(
    ("key", "role", "facts", "sentence"),
    [
        (
            "approve_extension",
            "head",
            {"open_proposals": frozenset({"extension"}), "today": date(2023, 1, 3), "due_on": DUE},
            "延期须在到期日前批准，本件已于2022年12月30日到期。",
        ),
        (
            "approve_extension",
            "handler",
            {},
            "“批准延期”由公开办负责人办理，承办人不能办理。",
        ),
        (
            "forward",
            "office",
            {"number": "A-2022-1"},
            "本件已编号登记（A-2022-1），不能再转办；如不属于本机关负责公开，请以“本机关不掌握相关政府信息”答复。",
        ),
        (
            "split",
            "office",
            {"state": "decided", "outcome": "granted"},
            "本件已作出办理结果，不能再办理此项；如需变更，请另行作出替代答复。",
        ),
        ("split", "office", {"counted_in_frozen": True}, "本件已计入定稿的年度报告，不能再拆分。"),
        ("confirm", "office", {}, "本件目前为“办理中”，只有“待确认”时才能办理“确认收到”。"),
        (
            "submit_draft",
            "handler",
            {"state": "drafting", "open_inquiries": 2},
            "尚有2项征求意见未办结，请先收回意见或者待期限届满。",
        ),
    ],
)
def test_refusals_say_why(key: str, role: str, facts: dict, sentence: str) -> None:
    view = replace(CaseView(state="in_process", today=TODAY, due_on=DUE), **facts)
    assert refusal(key, role, view) == sentence


def test_an_extension_is_possible_on_the_due_date_and_while_the_date_is_unknown() -> None:
    view = CaseView(state="in_process", today=DUE, due_on=DUE)
    assert refusal("propose_extension", "handler", view) is None
    assert refusal("propose_extension", "handler", replace(view, due_on=None)) is None


def test_several_consultations_may_be_open_at_once() -> None:
    view = CaseView(state="in_process", today=TODAY, due_on=DUE, open_inquiries=2)
    assert refusal("consult", "handler", view) is None
    assert next_action("handler", view) is ACTIONS["close_consultation"]


def test_only_a_dispatched_answer_can_be_replaced() -> None:
    lapsed_and_filed = CaseView(state="archived", today=TODAY, outcome="other_fee_unpaid")
    assert refusal("draft", "handler", lapsed_and_filed) == "本件没有发出过答复，不能作出替代答复。"
    answered = replace(lapsed_and_filed, outcome="granted", dispatched=True)
    assert refusal("draft", "handler", answered) is None
    # While the new answer is drafted, nothing else of the closed item moves.
    redrafting = replace(answered, state="drafting")
    assert refusal("withdraw", "applicant", redrafting) is not None
    assert refusal("propose_fee", "handler", redrafting) is not None
    assert refusal("submit_draft", "handler", redrafting) is None


@pytest.mark.parametrize(
    ("state", "role", "facts", "expected"),
    [
        ("submitted", "office", {}, "confirm"),
        ("registered", "handler", {}, "accept"),
        ("awaiting_correction", "handler", {"correction_until": DUE}, "receive_correction"),
        ("awaiting_correction", "handler", {"correction_until": date(2022, 12, 1)}, "lapse_correction"),
        ("awaiting_correction", "applicant", {}, "receive_correction"),
        ("awaiting_explanation", "handler", {"explanation_until": DUE}, "receive_explanation"),
        ("awaiting_explanation", "handler", {"explanation_until": date(2022, 12, 1)}, "lapse_explanation"),
        ("in_process", "handler", {}, "draft"),
        ("in_process", "head", {"open_proposals": frozenset({"fee"})}, "approve_fee"),
        ("in_process", "head", {"open_proposals": frozenset({"extension"})}, "approve_extension"),
        ("fee_pending", "handler", {"fee_state": "served", "pay_due": DUE}, "record_payment"),
        ("fee_pending", "handler", {"fee_state": "served", "pay_due": date(2022, 12, 1)}, "lapse_fee"),
        ("delayed", "handler", {}, "draft"),
        ("drafting", "handler", {}, "submit_draft"),
        ("review", "secrecy", {}, "review_draft"),
        ("review", "handler", {}, None),
        ("approval", "leader", {}, "approve_draft"),
        ("approval", "leader", {"drafter_id": 3, "actor_id": 3}, "return_draft"),
        ("approved", "handler", {}, "answer"),
        ("decided", "office", {"outcome": "granted"}, "dispatch"),
        ("dispatched", "handler", {"outcome": "granted", "dispatched": True}, "serve"),
        ("served", "handler", {"outcome": "granted", "dispatched": True}, "archive"),
        ("lapsed", "handler", {"outcome": "other_misc"}, "archive"),
        ("archived", "handler", {"outcome": "granted", "dispatched": True}, None),
        ("in_process", "leader", {}, None),
    ],
)
def test_the_one_obvious_next_step(state: str, role: str, facts: dict, expected: str | None) -> None:
    action = next_action(role, replace(CaseView(state=state, today=TODAY, due_on=DUE), **facts))
    assert (action.key if action else None) == expected


def test_offers_hold_all_actions_of_the_role_with_reasons() -> None:
    view = CaseView(state="in_process", today=TODAY, due_on=DUE)
    offered = offers("head", view)
    assert [a for a, why in offered if why is None] == permitted("head", view)
    assert "submit" not in [a.key for a, _ in offered]
    assert {a.key for a, _ in offered} == {a.key for a in TABLE if "head" in a.roles} - {"submit"}
    assert [a.key for a, _ in offers("applicant", CaseView(state=NEW, today=TODAY))] == ["submit"]


def test_unknown_names_are_errors() -> None:
    with pytest.raises(KeyError):
        refusal("fly", "handler", CaseView(state="in_process", today=TODAY))
