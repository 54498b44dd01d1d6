"""What the case page shows beyond the case file itself: words for the clock, the entries as one reads them, what is linked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.desk.review import offering
from gongkai.law.outcomes import APPLICANT_KINDS, CHANNELS, OUTCOMES
from gongkai.law.procedure import ACTIONS, STATES, Action
from gongkai.law.wording import zh_date
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.scope import Viewer
from gongkai.remedies.models import Proceeding
from gongkai.requests import actions, applicants, load
from gongkai.requests.casefile import CasePage, Offer
from gongkai.requests.models import Case, CaseFile
from gongkai.requests.reviewing import KIND
from gongkai.requests.timeline import Happening, words

_CHOICES: dict[str, Any] = {
    "id_type": applicants.ID_TYPES,
    "delivery_form": applicants.DELIVERY_FORMS,
    "delivery_way": applicants.DELIVERY_WAYS,
}
_ALARMS = {"overdue": "over", "today": "soon", "two": "soon", "five": "soon"}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `replaced_by` is the entry that stands in its place now."""

    told: Happening
    replaced_by: int | None
    may_correct: bool


@dataclass(frozen=True)
class Sheet:
    """The case page's own words and lists."""

    kind: str
    channel: str
    mark: str
    state: str
    clock: str
    waiting: str
    due: dt.date | None
    entries: list[Entry]
    contacts: list[Happening]
    application: list[tuple[Any, str]]
    identity: list[CaseFile]
    lacks: list[str]
    review_href: str  # the way to the chain of signatures, "" where nothing is to be signed or somebody else submits it
    primary: Offer | None
    doable: list[Offer]
    undoable: list[Offer]
    proceedings: list[Proceeding]
    siblings: list[Case]


def build(who: Viewer, page: CasePage) -> Sheet:
    """Everything for the page; two queries more, one more each while it is drafted and for a part of a split."""
    case, facts = page.case, page.facts
    channel = CHANNELS.get(facts.channel)
    identity = [file for file in page.files if file.purpose == CaseFile.Purpose.IDENTITY]
    return Sheet(
        kind=APPLICANT_KINDS[case.kind].label if case.kind in APPLICANT_KINDS else "",
        channel=channel.label if channel else "",
        mark=_mark(page),
        state=page.outcome or page.state,
        clock=clock_words(page),
        waiting=_waiting(page),
        due=page.term.due if page.term else None,
        entries=_entries(who, page),
        contacts=[told for told in page.happenings if told.kind == "contact" and not told.superseded],
        application=_application(page),
        identity=identity,
        lacks=_lacks(page),
        review_href=_review_href(who, page),
        primary=page.next_offer,
        doable=[o for o in page.offers if o.reason is None and o != page.next_offer],
        undoable=[o for o in page.offers if o.reason is not None],
        proceedings=list(scope.rows(who, Proceeding).filter(Q(case=case) | Q(redo=case)).distinct()),
        siblings=_siblings(case),
    )


def _review_href(who: Viewer, page: CasePage) -> str:
    if page.draft is None or page.case.dispatched_on is not None:
        return ""
    return offering.href(who, KIND, page.case.pk, page.case.path)


def clock_words(page: CasePage) -> str:
    """How much time is left, or why the clock does not run, in a few words."""
    term = page.term
    if page.facts.stopped_on:
        return _("期限已停止计算")
    if term is None or term.days_left is None or term.due is None:
        return _("到期日未定")
    least = _("至少") if term.at_least else ""
    if term.days_left < 0:
        return _("已超期%(n)s个工作日") % {"n": -term.days_left}
    if term.days_left == 0:
        return _("今天到期")
    return _("%(least)s还有%(n)s个工作日") % {"least": least, "n": term.days_left}


def _mark(page: CasePage) -> str:
    if page.facts.stopped_on:
        return "done"
    return _ALARMS.get(page.alarm or "", "open")


def _waiting(page: CasePage) -> str:
    """Whose term runs besides the office's: the applicant's, until when. Inquiries speak for themselves."""
    until = page.wait_until
    if until is None or page.facts.open_inquiries:
        return ""
    day = zh_date(until)
    if until < clock.today():
        return _("申请人的期限已于%(day)s届满。") % {"day": day}
    return _("正在等申请人，期限到%(day)s。") % {"day": day}


def _entries(who: Viewer, page: CasePage) -> list[Entry]:
    """Newest first, the mistaken ones with what replaced them, and a way to put right what this person may."""
    replaced = {told.corrects: told.seq for told in page.happenings if told.corrects}
    may = any(o.action.key == "supersede" and o.reason is None for o in page.offers)
    roles = {actor.role for actor in actors_for(who, "cases", page.case.path)}
    return [
        Entry(told, replaced.get(told.seq), may and not told.superseded and _theirs(told.kind, roles))
        for told in reversed(page.happenings)
    ]


def _theirs(kind: str, roles: set[str]) -> bool:
    if kind == "annul":
        return False
    return kind not in ACTIONS or bool(roles.intersection(ACTIONS[kind].roles))


def _application(page: CasePage) -> list[tuple[Any, str]]:
    """The fields as they were filled in; the description stands by itself."""
    return [
        (label, str(_CHOICES.get(key, {}).get(page.form[key], page.form[key])))
        for key, (label, _longest) in applicants.FIELDS.items()
        if page.form.get(key) and key != "info_description"
    ]


def _lacks(page: CasePage) -> list[str]:
    """What the draft in hand still needs before it may be submitted."""
    if page.draft is None or page.facts.state != "drafting":
        return []
    annexes = load.annexes(page.case, page.facts).exists()
    return actions.draft_lacks(page.facts, page.draft, has_annexes=annexes)


def _siblings(case: Case) -> list[Case]:
    """The other parts of the submission this case was split from."""
    return list(case.split_of.parts.exclude(pk=case.pk).order_by("pk")) if case.split_of else []


def changes(action: Action, before: CasePage, after: CasePage) -> str:
    """What an action changed, for the message after it."""
    told = [_("已办理“%(what)s”。") % {"what": action.label}]
    if before.facts.number != after.facts.number:
        told.append(_("编号%(number)s。") % {"number": after.facts.number})
    if before.facts.state != after.facts.state:
        told.append(_("本件现在是“%(state)s”。") % {"state": STATES[after.facts.state]})
    if before.facts.outcome != after.facts.outcome and after.facts.outcome:
        told.append(_("办理结果为“%(outcome)s”。") % {"outcome": OUTCOMES[after.facts.outcome].label})
    term, was = after.term, before.term
    if term and term.due and (was is None or (was.due, was.at_least) != (term.due, term.at_least)):
        least = _("至少") if term.at_least else ""
        told.append(_("到期日%(least)s为%(day)s。") % {"least": least, "day": zh_date(term.due)})
    return "".join(told)


def draft_lines(content: Any) -> list[tuple[str, str]]:
    """What a draft or an answer says besides its text, label by label."""
    named = (
        (_("办理结果"), words("outcome", content.outcome)),
        (_("具体情形"), words("sub_reason", content.sub_reason) if content.sub_reason else ""),
        (_("法律依据"), content.article),
        (_("理由"), content.reason),
        (_("检索记录"), content.search_record),
        (_("此前答复"), content.earlier_answer),
        (_("替代的答复"), content.replaces),
    )
    return [(label, text) for label, text in named if text]
