"""How one invented case goes its way: which actions, by whom, on which working days, for each outcome.

Everything happens through `requests.actions`, as it would from the desk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongkai.base import clock
from gongkai.demo import invent, people
from gongkai.demo.plan import Planned
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.workdays import Calendar
from gongkai.organs import scope
from gongkai.organs.actors import APPLICANT, Actor, actors_for
from gongkai.organs.models import Organ, Role
from gongkai.requests import actions
from gongkai.requests.models import Case

SUB_REASONS = {
    "granted": ("provided", "already_public"),
    "unable_not_held": ("not_responsible", "not_exist"),
    "denied_internal_affairs": ("personnel", "workflow"),
    "denied_process_info": ("discussion_record", "working_draft", "request_report"),
    "denied_third_party": ("trade_secret", "privacy"),
    "denied_security_stability": ("social_stability",),
    "other_misc": ("not_government_info",),
}
ARTICLES = {"denied_law_prohibited": "《中华人民共和国档案法》第二十八条（演示）"}
REASON = "经审查，作出上述决定（演示理由）。"
SEARCHED = "检索人：陈承办；范围：档案室、公文系统；关键词：申请所列名称；未检得（演示）。"


@dataclass
class Office:
    """An organ at work: its staff as actors, by role."""

    organ: Organ
    staff: dict[str, Actor] = field(default_factory=dict)

    @classmethod
    def of(cls, organ: Organ) -> Office:
        """Everybody who holds a post there, on a day long ago: the demo's posts began in 2015."""
        posts = people.posts_by_role(organ)
        known = scope.viewers([post.person for post in posts.values()], people.SINCE)
        staff = {
            role: next(a for a in actors_for(known[post.person_id], "cases", organ.path) if a.role == role)
            for role, post in posts.items()
        }
        return cls(organ, staff)

    def __getitem__(self, role: Role) -> Actor:
        return self.staff[role.value]


@dataclass
class Story:
    """One planned case on its way. `at` runs an action on the n-th working day after receipt."""

    planned: Planned
    office: Office
    calendar: Calendar
    serial: int
    case: Case | None = None

    @property
    def length(self) -> int:
        """Working days from receipt to the decision."""
        if self.planned.answered_on is None:
            raise ValueError("a case that is still open has no length")
        return self.calendar.between(self.planned.received_on, self.planned.answered_on)

    def day(self, number: int) -> dt.date:
        """The n-th working day after receipt."""
        return (
            self.planned.received_on if number <= 0 else self.calendar.add(self.planned.received_on, number)
        )

    def at(self, number: int, action: Callable[..., Any], role: Role | None, **arguments: Any) -> Any:
        """Do `action` on that day as the organ's person in `role`, or as the applicant."""
        day = self.day(number)
        by = APPLICANT if role is None else self.office[role]
        with clock.on_day(day):
            return action(self.case, by=by, on=day, **arguments)

    def receive(self, form: dict[str, Any] | None = None) -> Case:
        """Application, confirmation and registration on the day of receipt."""
        self.case = self.arrive(form)
        self.at(0, actions.confirm, Role.OFFICE)
        return self.case

    def arrive(self, form: dict[str, Any] | None = None) -> Case:
        """Only the arrival: nobody has confirmed it yet."""
        day, online = self.planned.received_on, self.planned.channel == "internet"
        with clock.on_day(day):
            receipt = actions.submit(
                organ=self.office.organ,
                channel=self.planned.channel,
                kind=self.planned.kind,
                form=form or invent.application(self.planned.kind, self.serial),
                token=f"demo-{self.office.organ.code}-{self.planned.key}-{self.serial}",
                by=APPLICANT if online else self.office[Role.HANDLER],
                on=day,
            )
        self.case = receipt.case
        return receipt.case


def tell(story: Story) -> None:
    """A received case from acceptance to its outcome."""
    outcome = story.planned.outcome
    script = _SCRIPTS.get(outcome or "", _answered)
    story.at(1, actions.accept, Role.HANDLER)
    script(story)


def answer_by(story: Story, last: int, outcome: str) -> None:
    """Draft, review, approval, answer, dispatch and service; the decision falls on working day `last`."""
    story.at(last - 3, actions.draft, Role.HANDLER, **_content(story, outcome))
    story.at(last - 3, actions.submit_draft, Role.HANDLER)
    story.at(last - 2, actions.review_draft, Role.SECRECY, note="不涉及国家秘密，可以按此答复。")
    story.at(last - 1, actions.approve_draft, Role.LEADER, note="同意。")
    story.at(last, actions.answer, Role.OFFICE)
    story.at(last, actions.dispatch, Role.OFFICE)
    if story.serial % 3:
        story.at(last + 2, actions.serve, Role.OFFICE)


def _content(story: Story, outcome: str) -> dict[str, Any]:
    reasons = SUB_REASONS.get(outcome, ("",))
    sub_reason = reasons[story.serial % len(reasons)]
    return {
        "outcome": outcome,
        "sub_reason": sub_reason,
        "reason": REASON if OUTCOMES[outcome].needs_reason else "",
        "article": ARTICLES.get(outcome) or OUTCOMES[outcome].article or "（演示依据）",
        "text": f"您申请的政府信息，{OUTCOMES[outcome].label}。（演示答复）",
        "search_record": SEARCHED if sub_reason == "not_exist" else "",
        "earlier_answer": "演示公开告〔2018〕1号" if outcome == "rejected_duplicate" else "",
    }


def _answered(story: Story) -> None:
    answer_by(story, story.length, str(story.planned.outcome))


def _with_objection(story: Story) -> None:
    story.at(
        2,
        actions.consult,
        Role.HANDLER,
        whom="third_party",
        name="演示第三方",
        what="是否同意公开",
        served_on=story.day(2),
    )
    story.at(
        3, actions.close_consultation, Role.HANDLER, reply="object", text="涉及商业秘密，不同意公开（演示）。"
    )
    _answered(story)


def _after_correction(story: Story) -> None:
    story.at(1, actions.ask_correction, Role.HANDLER, what="请写明所需信息的名称、文号或者其他特征（演示）。")
    story.at(2, actions.receive_correction, Role.HANDLER, text="申请人补正后仍未指明具体信息（演示）。")
    _answered(story)


def _correction_lapsed(story: Story) -> None:
    story.at(1, actions.ask_correction, Role.HANDLER, what="请补充身份证明并写明所需信息（演示）。")
    story.at(story.length, actions.lapse_correction, Role.OFFICE)


def _unreasonable(story: Story) -> None:
    story.at(
        1,
        actions.ask_explanation,
        Role.HANDLER,
        what="近半年内已提出多次相同内容的申请，请说明理由（演示）。",
    )
    story.at(3, actions.receive_explanation, Role.HANDLER, text="未说明合理理由（演示）。", reasonable=False)
    _answered(story)


def _misc(story: Story) -> None:
    """Every other one is taken back by the applicant."""
    if story.serial % 2:
        answer_by(story, story.length, "other_misc")
    else:
        story.at(story.length, actions.withdraw, Role.OFFICE, reason="申请人书面撤回（演示）。")


_SCRIPTS: dict[str, Callable[[Story], None]] = {
    "denied_third_party": _with_objection,
    "unable_unclear_after_correction": _after_correction,
    "other_correction_lapsed": _correction_lapsed,
    "rejected_excessive": _unreasonable,
    "other_misc": _misc,
}
