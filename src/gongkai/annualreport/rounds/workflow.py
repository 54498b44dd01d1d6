"""Who may do what with a round or a duty, and when: one declared table, for buttons, permissions and refusals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.organs import authority
from gongkai.organs.actors import MACHINE, Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused

from .models import REGISTER, Duty, Round

UPPER, UNIT = "upper", "unit"  # who collects, who owes
OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
Stage = Duty.Stage

_CLERKS = frozenset({Role.OFFICE.value, Role.HEAD.value})
_KEEPERS = _CLERKS | {Role.HANDLER.value}


@dataclass(frozen=True)
class Permit:
    """One thing to do: its name on the button, whose it is, by which roles, and in which states of round and duty.

    `stages` empty: it is done to the round, not to one duty. `purpose` "" serves both kinds of rounds.
    """

    action: str
    label: Promise
    side: str
    roles: frozenset[str]
    stages: frozenset[str] = frozenset()
    rounds: frozenset[str] = frozenset({OPEN})
    purpose: str = ""


_OUTSTANDING = frozenset({Stage.WAITING.value, Stage.RETURNED.value})
_HANDED_IN = frozenset({Stage.SUBMITTED.value})
_ANY = frozenset(Stage.values)
_REPORTS, _SHEET = Round.Purpose.REPORTS.value, Round.Purpose.SHEET.value

PERMITS: tuple[Permit, ...] = (
    Permit("deadline", gettext_lazy("调整期限"), UPPER, _CLERKS),
    Permit("include", gettext_lazy("补充名单"), UPPER, _CLERKS),
    Permit("close", gettext_lazy("结束报送"), UPPER, _CLERKS),
    Permit("reopen", gettext_lazy("重新开放"), UPPER, _CLERKS, rounds=frozenset({CLOSED})),
    Permit("cancel", gettext_lazy("撤销这次报送"), UPPER, _CLERKS),
    Permit("extend", gettext_lazy("单独调整期限"), UPPER, _CLERKS, _OUTSTANDING),
    Permit("remind", gettext_lazy("催报"), UPPER, _CLERKS, _OUTSTANDING),
    Permit("accept", gettext_lazy("接收"), UPPER, _CLERKS, _HANDED_IN),
    Permit(
        "return",
        gettext_lazy("退回"),
        UPPER,
        _CLERKS,
        frozenset({Stage.SUBMITTED.value, Stage.ACCEPTED.value}),
    ),
    Permit("receive", gettext_lazy("代为接收"), UPPER, _CLERKS, _OUTSTANDING, purpose=_REPORTS),
    Permit("submit", gettext_lazy("报送"), UNIT, _CLERKS, _ANY, purpose=_REPORTS),
    Permit("fill", gettext_lazy("填数"), UNIT, _KEEPERS, _OUTSTANDING, purpose=_SHEET),
    Permit("hand-in", gettext_lazy("报送"), UNIT, _KEEPERS, _OUTSTANDING, purpose=_SHEET),
)
BY_ACTION = {permit.action: permit for permit in PERMITS}


@dataclass(frozen=True)
class Offer:
    """An action as the page shows it: the actor who would do it, or the reason why it is greyed."""

    action: str
    label: str
    actor: Actor | None
    reason: str = ""


def state_of(round_: Round) -> str:
    """Whether the round still collects."""
    if round_.cancelled_on is not None:
        return CANCELLED
    return OPEN if round_.closed_on is None else CLOSED


def label(action: str, round_: Round) -> str:
    """The word on the button: a sheet is confirmed, a report accepted."""
    if action == "accept" and not round_.collects_reports:
        return _("确认")
    return str(BY_ACTION[action].label)


def refusal(action: str, role: str, round_: Round, duty: Duty | None = None) -> str | None:
    """Why a role may not do this now, or None when it may."""
    permit = BY_ACTION[action]
    word = label(action, round_)
    if permit.purpose and permit.purpose != round_.purpose:
        return _("这里没有“%(label)s”这件事。") % {"label": word}
    if role not in permit.roles and role != MACHINE:
        names = "、".join(str(one.label) for one in Role if one.value in permit.roles)
        return _("“%(label)s”由%(roles)s办理。") % {"label": word, "roles": names}
    if state_of(round_) not in permit.rounds:
        return _STATE_REFUSALS[state_of(round_)] % {"label": word}
    if duty is not None and permit.stages and duty.stage not in permit.stages:
        return _("现在是“%(stage)s”，不能“%(label)s”。") % {"stage": stage_word(duty), "label": word}
    return None


_STATE_REFUSALS = {
    OPEN: gettext_lazy("这次报送正在进行，不能“%(label)s”。"),
    CLOSED: gettext_lazy("这次报送已经结束，不能“%(label)s”；如有更正，请上级先重新开放。"),
    CANCELLED: gettext_lazy("这次报送已经撤销，不能“%(label)s”。"),
}


def stage_word(duty: Duty) -> str:
    """The stage in the words of its kind of round."""
    if duty.stage == Stage.ACCEPTED and not duty.round.collects_reports:
        return _("已确认")
    return str(Stage(duty.stage).label)


def path_of(action: str, round_: Round, duty: Duty | None) -> str:
    """Whose right it takes: the collecting organ's, or that of the organ that owes."""
    if BY_ACTION[action].side == UNIT and duty is not None:
        return duty.path
    return round_.path


def check(by: Actor, action: str, round_: Round, duty: Duty | None = None) -> None:
    """Refuse unless `by` may do this now. Raises Refused."""
    if not authority.holds(by, authority.WORK, REGISTER, path_of(action, round_, duty)):
        raise Refused(_("您在该机关没有办理报送的岗位。"))
    reason = refusal(action, by.role, round_, duty)
    if reason is not None:
        raise Refused(str(reason))


def offer(action: str, actors: Iterable[Actor], round_: Round, duty: Duty | None = None) -> Offer:
    """One action with who may do it now, or why none of `actors` may."""
    reasons = []
    roles = BY_ACTION[action].roles
    for actor in actors:
        if not authority.holds(actor, authority.WORK, REGISTER, path_of(action, round_, duty)):
            continue
        reason = refusal(action, actor.role, round_, duty)
        if reason is None:
            return Offer(action, label(action, round_), actor)
        reasons.append((actor.role in roles, str(reason)))
    # The reason of a capacity whose role fits says more than that of one whose role does not.
    best = max(reasons, default=(False, str(refusal(action, "", round_, duty) or "")))
    return Offer(action, label(action, round_), None, best[1])
