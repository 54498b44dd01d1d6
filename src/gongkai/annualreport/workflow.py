"""Who may do what with a report version in which state: one declared table, for buttons, permissions and refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.organs import authority
from gongkai.organs.actors import MACHINE, Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused

from .models import ReportStep, ReportVersion

State = ReportVersion.State
NONE = "none"  # no open version: nothing begun, or everything so far is frozen
REGISTER = "reports"

_CLERKS = frozenset({Role.OFFICE.value, Role.HEAD.value})
_LEADER = frozenset({Role.LEADER.value})


@dataclass(frozen=True)
class Permit:
    """One thing to do with a report: its name on the button, who may, and in which states."""

    action: str
    label: Promise
    roles: frozenset[str]
    states: frozenset[str]
    machine: bool = True  # a job of the system (import, demo) may as well; never sign


_DRAFT = frozenset({State.DRAFT.value})
_SUBMITTED = frozenset({State.SUBMITTED.value})
_SIGNED = frozenset({State.SIGNED.value})
_FROZEN = frozenset({State.SIGNED.value, State.PUBLISHED.value})

PERMITS: tuple[Permit, ...] = (
    Permit("open", gettext_lazy("开始编制"), _CLERKS, frozenset({NONE})),
    Permit("recompile", gettext_lazy("重新汇总"), _CLERKS, _DRAFT),
    Permit("edit", gettext_lazy("修改文字"), _CLERKS, _DRAFT),
    Permit("accept", gettext_lazy("说明理由"), _CLERKS, _DRAFT),
    Permit("eliminate", gettext_lazy("增加调整项"), _CLERKS, _DRAFT),
    Permit("revoke", gettext_lazy("撤销调整项"), _CLERKS, _DRAFT),
    Permit("submit", gettext_lazy("送审"), _CLERKS, _DRAFT),
    Permit("return", gettext_lazy("退回修改"), _LEADER | {Role.HEAD.value}, _SUBMITTED),
    Permit("sign", gettext_lazy("签发"), _LEADER, _SUBMITTED, machine=False),
    Permit("publish", gettext_lazy("公布"), _CLERKS, _SIGNED),
    Permit("correct", gettext_lazy("编制更正版"), _CLERKS, _FROZEN),
    Permit("import", gettext_lazy("导入整份报告"), _CLERKS, frozenset({NONE})),
)
_BY_ACTION = {permit.action: permit for permit in PERMITS}


@dataclass(frozen=True)
class Offer:
    """An action as the page shows it: the actor who would do it, or the reason why it is greyed."""

    action: str
    label: str
    actor: Actor | None
    reason: str = ""


def refusal(action: str, state: str, role: str) -> str | None:
    """Why a role may not do this in this state, or None when it may."""
    permit = _BY_ACTION[action]
    if role not in permit.roles and not (role == MACHINE and permit.machine):
        return _("“%(label)s”由%(roles)s办理。") % {"label": permit.label, "roles": _role_names(permit)}
    if state not in permit.states:
        return _("%(state)s，不能“%(label)s”。") % {"label": permit.label, "state": _state_name(state)}
    return None


def check(by: Actor, action: str, path: str, state: str) -> None:
    """Refuse unless `by` may do this to a report at `path` in this state. Raises Refused."""
    if not authority.holds(by, authority.WORK, REGISTER, path):
        raise Refused(_("您在该机关没有办理年度报告的岗位。"))
    reason = refusal(action, state, by.role)
    if reason is not None:
        raise Refused(reason)


def offers(actors: Iterable[Actor], version: ReportVersion | None, path: str) -> list[Offer]:
    """Every action with who may do it now, or why nobody of `actors` may."""
    state = version.state if version else NONE
    capacities = [a for a in actors if authority.holds(a, authority.WORK, REGISTER, path)]
    return [_offer(permit, capacities, state, version) for permit in PERMITS]


def _offer(permit: Permit, capacities: list[Actor], state: str, version: ReportVersion | None) -> Offer:
    reasons = []
    for actor in capacities:
        reason = refusal(permit.action, state, actor.role)
        if (
            reason is None
            and permit.action == "sign"
            and version is not None
            and submitted_by(version, actor)
        ):
            reason = str(OWN_SUBMISSION)
        if reason is None:
            return Offer(permit.action, str(permit.label), actor)
        reasons.append((actor.role in permit.roles, reason))
    # The reason of a capacity whose role fits says more than that of one whose role does not.
    best = max(reasons, default=(False, refusal(permit.action, state, "") or ""))
    return Offer(permit.action, str(permit.label), None, str(best[1]))


OWN_SUBMISSION = gettext_lazy("送审人不能签发自己送审的报告。")


def submitted_by(version: ReportVersion, actor: Actor) -> bool:
    """Whether the version stands submitted by this very person, in whatever post."""
    last = ReportStep.objects.filter(version=version, kind="submit").order_by("id").last()
    return last is not None and last.actor == actor.key


def year_is_over(year: int, today: dt.date) -> bool:
    """Whether the statistical period has ended; nothing is signed before."""
    return today > dt.date(year, 12, 31)


# The one step that brings a report on from each state.
_ONWARD = {
    NONE: "open",
    State.DRAFT.value: "submit",
    State.SUBMITTED.value: "sign",
    State.SIGNED.value: "publish",
}


def waits_for(state: str) -> tuple[str, str] | None:
    """What comes next in a state, and which posts do it; None when nothing is left to do."""
    action = _ONWARD.get(state)
    if action is None:
        return None
    permit = _BY_ACTION[action]
    return str(permit.label), _role_names(permit)


def onward(state: str) -> str:
    """The key of the action that comes next in a state that has one. Raises KeyError."""
    return _ONWARD[state]


def _role_names(permit: Permit) -> str:
    return "、".join(str(role.label) for role in Role if role.value in permit.roles)


def _state_name(state: str) -> str:
    if state == NONE:
        return _("该年度报告没有正在编制的版本")
    return _("报告%(state)s") % {"state": State(state).label}
