"""The procedure of an application: who may do what in which state.

``TABLE`` is the only place that decides buttons, permissions and refusals; ``docs/procedure-table.md``
is generated from it. Two parallel consultations are child records, so the item stays ``in_process``
meanwhile. A superseding decision starts again at ``draft`` after dispatch; the first decision stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .articles import FEE_RULES, regulation
from .case_view import GUARDS, CaseView, Guard
from .document_guards import (
    answer_problems,
    correction_term_problem,
    delay_problem,
    extension_problem,
    payment_problem,
)

__all__ = [
    "ACTIONS",
    "GUARDS",
    "NEW",
    "ROLES",
    "STATES",
    "TABLE",
    "Action",
    "CaseView",
    "Guard",
    "Where",
    "answer_problems",
    "correction_term_problem",
    "delay_problem",
    "extension_problem",
    "next_action",
    "offers",
    "payment_problem",
    "permitted",
    "refusal",
]

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "applicant": "申请人",
        "handler": "承办人",
        "office": "公开办审核岗",
        "head": "公开办负责人",
        "secrecy": "保密审查岗",
        "leader": "分管领导",
        "supervisor": "监督岗",
        "auditor": "审计岗",
        "operator": "运维岗",
    }
)

NEW: Final = "new"

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        NEW: "尚未提交",
        "submitted": "待确认",
        "registered": "已登记",
        "awaiting_correction": "待补正",
        "awaiting_explanation": "待说明理由",
        "in_process": "办理中",
        "fee_pending": "待缴费",
        "delayed": "延迟答复",
        "drafting": "拟答复",
        "review": "审核中",
        "approval": "待批准",
        "approved": "已批准",
        "decided": "已答复",
        "dispatched": "已发出",
        "served": "已送达",
        "archived": "已归档",
        "lapsed": "不再处理",
        "forwarded": "已转办",
        "split": "已拆分",
    }
)


@dataclass(frozen=True)
class Where:
    """Roles that may act in states; ``weight`` > 0 makes it a candidate for the obvious next step."""

    roles: tuple[str, ...]
    states: tuple[str, ...]
    weight: int = 0


@dataclass(frozen=True)
class Action:
    """One thing a person can do with an item.

    ``to_state``: the state it leads to, ``None`` when unchanged or dependent on the facts.
    ``guards``: keys of ``GUARDS`` that must all hold.
    ``article``: the legal basis, empty for office practice.
    """

    key: str
    label: str
    where: tuple[Where, ...]
    to_state: str | None = None
    guards: tuple[str, ...] = ()
    article: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that may do it in some state, in the order of ``ROLES``."""
        return tuple(role for role in ROLES if any(role in w.roles for w in self.where))

    @property
    def from_states(self) -> tuple[str, ...]:
        """Every state in which somebody may do it, in the order of ``STATES``."""
        return tuple(state for state in STATES if any(state in w.states for w in self.where))

    def states_for(self, role: str) -> tuple[str, ...]:
        """The states in which this role may do it."""
        return tuple(s for s in STATES if any(role in w.roles and s in w.states for w in self.where))

    def weight(self, role: str, state: str) -> int:
        """How obvious the action is as the next step for this role in this state; 0 = never proposed."""
        return max((w.weight for w in self.where if role in w.roles and state in w.states), default=0)


_APPLICANT = ("applicant",)
_DESK = ("handler", "office", "head")
_OFFICE = ("office", "head")
_HEAD = ("head",)
_LEADER = ("leader",)
_REVIEWERS = ("secrecy", "office", "head")

_WORKING = ("in_process", "drafting")
_OPEN = (
    "registered",
    "awaiting_correction",
    "awaiting_explanation",
    "in_process",
    "fee_pending",
    "delayed",
    "drafting",
)
_BEFORE_DECISION = ("submitted", *_OPEN, "review", "approval", "approved")
_NUMBERED = (
    *_OPEN,
    "review",
    "approval",
    "approved",
    "decided",
    "dispatched",
    "served",
    "archived",
    "lapsed",
)
# Where the head decides on a proposal: the draft may already be on its way through the house.
_PROPOSAL_STATES = ("awaiting_explanation", "in_process", "drafting")
_EXTENSION_STATES = (*_PROPOSAL_STATES, "review", "approval")

TABLE: Final[tuple[Action, ...]] = (
    # receipt
    Action(
        "submit",
        "提交申请",
        (Where(_APPLICANT, (NEW,), 80), Where(_DESK, (NEW,), 80)),
        to_state="submitted",
        article=regulation("第二十九条"),
    ),
    Action(
        "contact",
        "记录联系情况",
        (Where(_DESK, ("submitted",), 20), Where(_DESK, _OPEN)),
        article=regulation("第三十一条"),
    ),
    Action(
        "confirm",
        "确认收到",
        (Where(_DESK, ("submitted",), 80),),
        to_state="registered",
        article=regulation("第三十一条"),
    ),
    Action(
        "forward",
        "转办",
        (Where(_DESK, ("submitted",)),),
        to_state="forwarded",
        guards=("no_number",),
    ),
    Action(
        "accept",
        "受理",
        (Where(_DESK, ("registered",), 80),),
        to_state="in_process",
        article=regulation("第三十三条第二款"),
    ),
    Action("assign", "指定承办人", (Where(_OFFICE, _OPEN),)),
    Action(
        "split",
        "拆分",
        (Where(_DESK, ("registered", "awaiting_explanation", *_WORKING)),),
        to_state="split",
        guards=("no_outcome", "not_frozen", "no_open_inquiry", "no_open_proposal", "no_live_fee"),
    ),
    # correction and explanation
    Action(
        "ask_correction",
        "告知补正",
        (Where(_DESK, ("registered", *_WORKING)),),
        to_state="awaiting_correction",
        guards=("no_outcome", "correction_once"),
        article=regulation("第三十条"),
    ),
    Action(
        "receive_correction",
        "收到补正",
        (Where(_APPLICANT, ("awaiting_correction",), 80), Where(_DESK, ("awaiting_correction",), 60)),
        to_state="in_process",
        article=regulation("第三十条"),
    ),
    Action(
        "extend_correction",
        "延长补正期限",
        (Where(_DESK, ("awaiting_correction",)),),
        article=regulation("第三十条"),
    ),
    Action(
        "lapse_correction",
        "逾期不补正，不再处理",
        (Where(_DESK, ("awaiting_correction",), 80),),
        to_state="lapsed",
        guards=("correction_over",),
        article=regulation("第三十条"),
    ),
    Action(
        "ask_explanation",
        "要求说明理由",
        (Where(_DESK, ("registered", *_WORKING)),),
        to_state="awaiting_explanation",
        guards=("no_outcome", "explanation_once"),
        article=regulation("第三十五条"),
    ),
    Action(
        "receive_explanation",
        "收到说明",
        (Where(_APPLICANT, ("awaiting_explanation",), 80), Where(_DESK, ("awaiting_explanation",), 60)),
        to_state="in_process",
        article=regulation("第三十五条"),
    ),
    Action(
        "lapse_explanation",
        "逾期未说明理由",
        (Where(_DESK, ("awaiting_explanation",), 80),),
        to_state="drafting",
        guards=("explanation_over",),
        article=regulation("第三十五条"),
    ),
    # inquiries; several may be open at once
    Action(
        "consult",
        "征求意见",
        (Where(_DESK, (*_WORKING, "delayed")),),
        guards=("no_outcome",),
        article=regulation("第三十二条、第三十四条"),
    ),
    Action(
        "close_consultation",
        "办结征求意见",
        (
            Where(_DESK, (*_WORKING, "delayed"), 70),
            Where(_DESK, ("awaiting_correction", "awaiting_explanation", "fee_pending")),
        ),
        guards=("has_open_inquiry",),
        article=regulation("第三十二条、第三十四条"),
    ),
    # decisions of the office head
    Action(
        "propose_extension",
        "提出延期",
        (Where(_DESK, _EXTENSION_STATES),),
        guards=("no_outcome", "extension_unused", "extension_not_proposed", "extension_before_due"),
        article=regulation("第三十三条第二款"),
    ),
    Action(
        "approve_extension",
        "批准延期",
        (Where(_HEAD, _EXTENSION_STATES, 95),),
        guards=("no_outcome", "extension_unused", "extension_proposed", "extension_before_due"),
        article=regulation("第三十三条第二款"),
    ),
    Action(
        "decline_extension",
        "不同意延期",
        (Where(_HEAD, _BEFORE_DECISION[1:], 40),),
        guards=("extension_proposed",),
        article=regulation("第三十三条第二款"),
    ),
    Action(
        "propose_fee",
        "提出收费",
        (Where(_DESK, _PROPOSAL_STATES),),
        guards=("no_outcome", "no_live_fee", "fee_not_proposed", "fee_before_due"),
        article=regulation("第四十二条"),
    ),
    Action(
        "approve_fee",
        "批准并发出收费通知",
        (Where(_HEAD, _PROPOSAL_STATES, 95),),
        to_state="fee_pending",
        guards=("no_outcome", "no_live_fee", "fee_proposed", "fee_before_due"),
        article=regulation("第四十二条"),
    ),
    Action(
        "decline_fee",
        "不同意收费",
        (Where(_HEAD, _BEFORE_DECISION[1:], 40),),
        guards=("fee_proposed",),
        article=regulation("第四十二条"),
    ),
    Action(
        "revoke_fee",
        "撤销收费通知",
        (Where(_HEAD, ("fee_pending",)),),
        to_state="in_process",
        article=FEE_RULES,
    ),
    Action(
        "record_payment",
        "登记缴费",
        (Where(_DESK, ("fee_pending",), 60), Where(_DESK, ("lapsed",))),
        guards=("payment_expected",),
        article=FEE_RULES,
    ),
    Action("refund", "退付", (Where(_OFFICE, _NUMBERED),), guards=("fee_received",), article=FEE_RULES),
    Action(
        "lapse_fee",
        "逾期未缴费，不再处理",
        (Where(_DESK, ("fee_pending",), 80),),
        to_state="lapsed",
        guards=("payment_over",),
        article=FEE_RULES,
    ),
    Action(
        "propose_delay",
        "提出延迟答复",
        (Where(_DESK, _PROPOSAL_STATES),),
        guards=("no_outcome", "delay_not_proposed", "delay_before_due"),
        article=regulation("第三十五条"),
    ),
    Action(
        "approve_delay",
        "批准延迟答复",
        (Where(_HEAD, _PROPOSAL_STATES, 95),),
        to_state="delayed",
        guards=("no_outcome", "delay_proposed", "delay_before_due"),
        article=regulation("第三十五条"),
    ),
    Action(
        "decline_delay",
        "不同意延迟答复",
        (Where(_HEAD, _BEFORE_DECISION[1:], 40),),
        guards=("delay_proposed",),
        article=regulation("第三十五条"),
    ),
    # answer
    Action(
        "draft",
        "拟写答复",
        (
            Where(_DESK, ("in_process", "delayed"), 50),
            Where(_DESK, ("drafting", "dispatched", "served", "archived")),
        ),
        to_state="drafting",
        guards=("answered_before",),
        article=regulation("第三十六条"),
    ),
    Action(
        "submit_draft",
        "送审",
        (Where(_DESK, ("drafting",), 60),),
        to_state="review",
        guards=("no_open_inquiry",),
        article=regulation("第十七条"),
    ),
    Action(
        "review_draft",
        "审核通过",
        (Where(_REVIEWERS, ("review",), 60),),
        to_state="approval",
        guards=("not_drafter",),
        article=regulation("第十七条"),
    ),
    Action(
        "return_draft",
        "退回修改",
        (Where(_REVIEWERS, ("review",), 10), Where(_LEADER, ("approval",), 10)),
        to_state="drafting",
        article=regulation("第十七条"),
    ),
    Action(
        "approve_draft",
        "批准",
        (Where(_LEADER, ("approval",), 60),),
        to_state="approved",
        guards=("not_drafter",),
        article=regulation("第十七条"),
    ),
    Action(
        "answer",
        "作出答复",
        (Where(_DESK, ("approved",), 60),),
        to_state="decided",
        guards=("no_open_inquiry",),
        article=regulation("第三十六条"),
    ),
    Action(
        "dispatch",
        "发出答复",
        (Where(_DESK, ("decided",), 60),),
        to_state="dispatched",
        article=regulation("第三十三条"),
    ),
    Action(
        "serve",
        "登记送达",
        (Where(_DESK, ("dispatched",), 60),),
        to_state="served",
        article=regulation("第四十五条"),
    ),
    Action(
        "archive",
        "归档",
        (Where(_DESK, ("served", "lapsed"), 60),),
        to_state="archived",
        article=regulation("第四十五条"),
    ),
    # other endings and records
    Action(
        "withdraw",
        "撤回申请",
        (Where(_APPLICANT, _BEFORE_DECISION), Where(_DESK, _BEFORE_DECISION)),
        to_state="lapsed",
        guards=("no_outcome",),
    ),
    Action(
        "lapse",
        "不再处理",
        (Where(_OFFICE, _OPEN),),
        to_state="lapsed",
        guards=("no_outcome",),
    ),
    Action("redo", "依决定重新办理", (Where(_OFFICE, ("dispatched", "served", "archived", "lapsed")),)),
    Action(
        "attach",
        "补充附件",
        (Where(_APPLICANT, _BEFORE_DECISION), Where(_DESK, ("submitted", *_NUMBERED, "forwarded", "split"))),
        article=regulation("第四十五条"),
    ),
    Action(
        "supersede",
        "更正记录",
        # Reviewers and leaders too: whoever decides puts right the record of that decision, nobody else does.
        (Where((*_DESK, "secrecy", "leader"), ("submitted", *_NUMBERED, "forwarded", "split")),),
        article=regulation("第四十五条"),
    ),
)

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType({action.key: action for action in TABLE})

# Where the state forbids an action, these conditions say why in plainer words than the state's name.
_TELLING_GUARDS: Final = frozenset({"no_number", "no_outcome", "not_frozen"})


def refusal(action_key: str, role: str, view: CaseView) -> str | None:
    """Why this role may not do this now: one courteous sentence, or ``None`` when it is permitted.

    Raises ``KeyError`` for an action, role or state that does not exist.
    """
    action = ACTIONS[action_key]
    if role not in action.roles:
        who = "、".join(ROLES[r] for r in action.roles)
        return f"“{action.label}”由{who}办理，{ROLES[role]}不能办理。"
    states = action.states_for(role)
    if view.state not in states:
        for key in action.guards:
            if key in _TELLING_GUARDS and (sentence := GUARDS[key].check(view)):
                return sentence
        return f"本件目前为“{STATES[view.state]}”，{_in_words(action, states)}"
    for key in action.guards:
        if sentence := GUARDS[key].check(view):
            return sentence
    return None


def permitted(role: str, view: CaseView) -> list[Action]:
    """Every action this role may do now, in the order of the table."""
    return [action for action in TABLE if refusal(action.key, role, view) is None]


def offers(role: str, view: CaseView) -> list[tuple[Action, str | None]]:
    """Every action of this role with the reason why not (``None`` = permitted); for buttons, greyed ones too.

    Submitting is offered only where nothing exists yet.
    """
    return [
        (action, refusal(action.key, role, view))
        for action in TABLE
        if role in action.roles and (action.key == "submit") == (view.state == NEW)
    ]


def next_action(role: str, view: CaseView) -> Action | None:
    """The one obvious next step for this role, or ``None`` when it is somebody else's turn."""
    weights = {action.key: action.weight(role, view.state) for action in TABLE}
    open_to = [a for a in TABLE if weights[a.key] > 0 and refusal(a.key, role, view) is None]
    return max(open_to, key=lambda a: weights[a.key], default=None)


def _in_words(action: Action, states: tuple[str, ...]) -> str:
    if len(states) > 4:
        return f"此时不能办理“{action.label}”。"
    names = "、".join(f"“{STATES[state]}”" for state in states)
    return f"只有{names}时才能办理“{action.label}”。"
