"""Who may do what in the review room, and in which state of a run: one declared table, printed in docs/review-table.md."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.organs import authority
from gongkai.organs.actors import MACHINE, Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.review import course
from gongkai.review.models import ReviewRun

State = ReviewRun.State
NONE = "none"  # no open run
ANY_STATE = frozenset({NONE, *State.values})
_OPEN = frozenset(course.OPEN)
_SIGNING = frozenset({course.SIGNING})
_AUTHORS = frozenset({Role.HANDLER.value, Role.OFFICE.value, Role.HEAD.value})
_SIGNERS = _AUTHORS | {Role.SECRECY.value, Role.LEADER.value}
_KEEPERS = frozenset({Role.OFFICE.value, Role.HEAD.value, Role.SECRECY.value})


@dataclass(frozen=True)
class Permit:
    """One action: its name on the button, the roles that may, the states of the run, and the rule beyond the table.
    `machine`: a job of the system may as well; it never signs."""

    action: str
    label: Promise
    roles: frozenset[str]
    states: frozenset[str]
    rule: Promise | str = ""
    machine: bool = False
    register: str = "review"


PERMITS: tuple[Permit, ...] = (
    Permit("start", gettext_lazy("送审"), _AUTHORS, frozenset({NONE}), gettext_lazy("一件同时只有一次审签")),
    Permit(
        "opine",
        gettext_lazy("签署意见"),
        _SIGNERS,
        _SIGNING,
        gettext_lazy("轮到本岗位；不是送审人，没有签署上一步；送审以后内容没有改动"),
    ),
    Permit("return", gettext_lazy("退回"), _SIGNERS, _SIGNING, gettext_lazy("同“签署意见”；写明理由")),
    Permit(
        "amend",
        gettext_lazy("按意见修改后送回"),
        _AUTHORS,
        frozenset({course.AMENDING}),
        gettext_lazy("由送审人办理，内容已经改动"),
    ),
    Permit(
        "resubmit",
        gettext_lazy("重新送审"),
        _AUTHORS,
        frozenset({course.RETURNED, course.SIGNING}),
        gettext_lazy("由送审人办理；审签中的，内容改动了才可以"),
    ),
    Permit(
        "withdraw", gettext_lazy("撤回送审"), _AUTHORS, _OPEN, gettext_lazy("由送审人或者公开办负责人办理")
    ),
    Permit(
        "consult",
        gettext_lazy("征询其他机关"),
        _SIGNERS,
        _OPEN | {course.COMPLETED},
        gettext_lazy("发布的信息涉及其他机关（条例第十一条）"),
    ),
    Permit(
        "reply",
        gettext_lazy("答复征询"),
        _SIGNERS,
        ANY_STATE,
        gettext_lazy("由被征询机关，或者由征询机关代为登记"),
    ),
    Permit(
        "conclude_secrecy",
        gettext_lazy("作出保密审查结论"),
        frozenset({Role.SECRECY.value}),
        _OPEN | {course.COMPLETED},
        gettext_lazy("不是送审人；送审以后内容没有改动"),
    ),
    Permit("delegate", gettext_lazy("授权他人签署"), _SIGNERS, ANY_STATE, gettext_lazy("由岗位本人办理")),
    Permit(
        "revoke_delegation",
        gettext_lazy("撤回授权"),
        _SIGNERS,
        ANY_STATE,
        gettext_lazy("由授权人或者受权人办理"),
    ),
    Permit("withhold", gettext_lazy("登记未主动公开"), _KEEPERS | _AUTHORS, ANY_STATE, machine=True),
    Permit("reexamine", gettext_lazy("评估未主动公开的信息"), _KEEPERS, ANY_STATE, machine=True),
    Permit("report_leak", gettext_lazy("登记泄密事件"), _KEEPERS, ANY_STATE, machine=True, register="leaks"),
    Permit(
        "follow_up_leak",
        gettext_lazy("登记泄密事件的处理"),
        _KEEPERS,
        ANY_STATE,
        machine=True,
        register="leaks",
    ),
)
BY_ACTION = {permit.action: permit for permit in PERMITS}


def refusal(action: str, state: str, role: str) -> str:
    """Why a role may not do this in this state; "" when the table lets it."""
    permit = BY_ACTION[action]
    if role not in permit.roles and not (role == MACHINE and permit.machine):
        return _("“%(label)s”由%(roles)s办理。") % {"label": permit.label, "roles": role_names(permit)}
    if state not in permit.states:
        word = State(state).label if state != NONE else _("没有正在进行的审签")
        return _("%(state)s，不能“%(label)s”。") % {"label": permit.label, "state": word}
    return ""


def check(by: Actor, action: str, path: str, state: str = NONE) -> None:
    """Refuse unless `by` may do this at `path` in this state. Raises Refused."""
    permit = BY_ACTION[action]
    authority.require(by, authority.WORK, permit.register, path)
    if reason := refusal(action, state, by.role):
        raise Refused(reason)


def role_names(permit: Permit) -> str:
    """The roles in words."""
    return "、".join(str(role.label) for role in Role if role.value in permit.roles)
