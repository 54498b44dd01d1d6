"""A tracked case in the words of the tracking page: one state word, and what the applicant may do now."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.law.terms import alarm_level
from gongkai.requests.tracking import TrackedCase

# What an applicant can do on the page: address, action of the procedure, words on the button.
VERBS = {
    "correct": ("receive_correction", gettext_lazy("提交补正材料")),
    "explain": ("receive_explanation", gettext_lazy("说明理由")),
    "attach": ("attach", gettext_lazy("补充材料")),
    "withdraw": ("withdraw", gettext_lazy("撤回申请")),
}


@dataclass(frozen=True)
class Choice:
    """A button. `first` marks the obvious next step."""

    verb: str
    label: str
    first: bool


def state_of(shown: TrackedCase) -> tuple[str, str]:
    """Kind and word for the house's `state` tag."""
    if shown.case.closed_on or shown.case.dispatched_on:
        return "done", shown.state
    if shown.next_action:
        return "soon", shown.state
    if shown.term and alarm_level(shown.term) == "overdue":
        return "over", _("%(state)s，已超过答复期限") % {"state": shown.state}
    return "open", shown.state


def choices(shown: TrackedCase) -> list[Choice]:
    """What the applicant may do with this item now."""
    open_ = {action.key for action, reason in shown.offers if reason is None}
    ahead = shown.next_action.key if shown.next_action else ""
    return [
        Choice(verb, str(label), action == ahead)
        for verb, (action, label) in VERBS.items()
        if action in open_
    ]


def refusal(shown: TrackedCase, verb: str) -> str | None:
    """Why the applicant can't do this now, or None."""
    key = VERBS[verb][0]
    return next((reason for action, reason in shown.offers if action.key == key), None)
