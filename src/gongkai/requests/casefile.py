"""Everything the desk's page of one case shows: what happened, where the clock stands, what can be done next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.law import procedure
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.procedure import Action
from gongkai.law.terms import Term, alarm_level
from gongkai.organs import calendars, scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.scope import VIEW, Viewer
from gongkai.requests import facts as f
from gongkai.requests import fees, load, queries, timeline
from gongkai.requests.actions import steps
from gongkai.requests.course import CaseFacts, Inquiry
from gongkai.requests.models import Case, CaseAction, CaseFile, FeeLine


@dataclass(frozen=True)
class Offer:
    """A button: the action, the capacity in which this viewer would do it, and why not (None = permitted)."""

    action: Action
    by: Actor
    reason: str | None


@dataclass(frozen=True)
class InquiryLine:
    """One inquiry with its party's name (empty without IDENTITY) and the last day for the opinion."""

    inquiry: Inquiry
    name: str
    reply: str
    reply_due: dt.date | None


@dataclass(frozen=True)
class CasePage:
    """One case for one viewer. `identified`: names and written texts are shown as they are."""

    case: Case
    form: dict[str, str]
    identified: bool
    state: str
    outcome: str
    facts: CaseFacts
    term: Term | None
    alarm: str | None
    wait_until: dt.date | None
    happenings: tuple[timeline.Happening, ...]
    files: tuple[CaseFile, ...]
    inquiries: tuple[InquiryLine, ...]
    draft: f.Drafted | None
    answers: tuple[f.Answered, ...]
    fee_lines: tuple[FeeLine, ...]
    parts: tuple[Case, ...]
    redos: tuple[Case, ...]
    same_applicant: tuple[Case, ...]
    offers: tuple[Offer, ...]
    next_offer: Offer | None


def case_page(viewer: Viewer, today: dt.date, **lookup: object) -> CasePage:
    """The page of the case found by `lookup` (``pk=…`` or ``number=…``). Http404 when it is out of scope."""
    related = ("organ", "submission", "handler", "split_of", "redo_of")
    case = scope.get(viewer, Case.objects.select_related(*related), VIEW, **lookup)
    identified = queries.may_identify(viewer, case)
    rows = list(CaseAction.objects.filter(case=case).order_by("seq"))
    facts = load.from_rows(rows, private=identified)
    calendar = calendars.for_region(case.organ.region)
    term = facts.term(calendar, today)
    files = list(CaseFile.objects.select_related("file").filter(action__case=case).order_by("pk"))
    by_action: dict[int, list[CaseFile]] = {}
    for file in files if identified else []:
        by_action.setdefault(file.action_id, []).append(file)
    offers = offers_for(viewer, case, facts, today)
    return CasePage(
        case=case,
        form=queries.form_for(case, viewer),
        identified=identified,
        state=procedure.STATES[facts.state],
        outcome=OUTCOMES[facts.outcome].label if facts.outcome else "",
        facts=facts,
        term=term,
        alarm=alarm_level(term) if facts.stopped_on is None else None,
        wait_until=facts.wait_until(calendar),
        happenings=tuple(timeline.for_desk(rows, by_action, private=identified)),
        files=tuple(files) if identified else (),
        inquiries=tuple(_inquiry(facts, inquiry, calendar) for inquiry in facts.inquiries.values()),
        draft=facts.draft_content if identified else None,
        answers=tuple(facts.answered) if identified else (),
        fee_lines=tuple(FeeLine.objects.select_related("notice").filter(case=case).order_by("pk")),
        parts=tuple(case.parts.order_by("pk")),
        redos=tuple(case.redos.order_by("pk")),
        same_applicant=tuple(_same_applicant(viewer, case)),
        offers=tuple(offers),
        next_offer=next_offer(offers, case.state),
    )


def offers_for(viewer: Viewer, case: Case, facts: CaseFacts, today: dt.date) -> list[Offer]:
    """Every action of the viewer's capacities here, in the order of the procedure; permitted in the best of them."""
    calendar = calendars.for_region(case.organ.region)
    best: dict[str, Offer] = {}
    frozen = steps.counted_in_frozen(case)
    for actor in actors_for(viewer, "cases", case.path):
        if actor.role not in procedure.ROLES:
            continue
        view = facts.view(calendar, today, actor.person_id, frozen)
        for action, reason in procedure.offers(actor.role, view):
            known = best.get(action.key)
            if known is None or (known.reason is not None and reason is None):
                best[action.key] = Offer(action, actor, reason)
    order = list(procedure.ACTIONS)
    return sorted(best.values(), key=lambda offer: order.index(offer.action.key))


def next_offers(viewer: Viewer, cases: Sequence[Case], today: dt.date) -> dict[int, Offer]:
    """The one obvious next step of each case of a list, by key; none where it is somebody else's turn. One query."""
    told = load.facts_of(case.pk for case in cases)
    found: dict[int, Offer] = {}
    for case in cases:
        actors = [a for a in actors_for(viewer, "cases", case.path) if a.role in procedure.ROLES]
        if not actors:
            continue
        view = told[case.pk].view(calendars.for_region(case.organ.region), today, viewer.person_id)
        steps_open = [
            Offer(action, actor, None)
            for actor in actors
            if (action := procedure.next_action(actor.role, view)) is not None
        ]
        if (best := next_offer(steps_open, case.state)) is not None:
            found[case.pk] = best
    return found


def next_offer(offers: list[Offer], state: str) -> Offer | None:
    """The one obvious next step among the permitted ones, or None when it is somebody else's turn."""
    open_to = [o for o in offers if o.reason is None and o.action.weight(o.by.role, state) > 0]
    return max(open_to, key=lambda o: o.action.weight(o.by.role, state), default=None)


def _inquiry(facts: CaseFacts, inquiry: Inquiry, calendar: object) -> InquiryLine:
    entry = next(e for e in facts.entries if e.kind == "consult" and e.place == inquiry.number)
    return InquiryLine(
        inquiry=inquiry,
        name=getattr(entry.fact, "name", ""),
        reply=f.REPLIES.get(inquiry.reply or "", ""),
        reply_due=inquiry.reply_due(calendar),  # type: ignore[arg-type]
    )


def _same_applicant(viewer: Viewer, case: Case) -> list[Case]:
    """Other cases of the same applicant at this organ, newest first: for repeats (art. 36(6)) and the month's count."""
    if not queries.may_identify(viewer, case):
        return []
    others = Case.objects.filter(
        submission__applicant_key=case.submission.applicant_key, path=case.path
    ).exclude(pk=case.pk)
    return list(others.order_by("-pk")[:20])


def fee_quote(case: Case, basis: str = fees.BY_ITEM, pages: int | None = None) -> fees.Price | None:
    """What a fee notice issued now would ask for this case."""
    return fees.quote(case, basis, pages)


def file_in(viewer: Viewer, file_id: int) -> CaseFile:
    """One file of a case in scope. Http404 otherwise."""
    return scope.get(viewer, CaseFile.objects.select_related("file", "action__case"), VIEW, pk=file_id)


def public_row(case: Case) -> dict[str, object]:
    """What the public may know of a counted case: month, outcome, article, working days used — nothing else."""
    outcome = OUTCOMES.get(case.outcome)
    month = case.closed_on or case.first_received_on
    return {
        "month": f"{month:%Y-%m}" if month else "",
        "outcome": outcome.label if outcome else "尚未办结",
        "article": outcome.article if outcome else "",
        "days_used": case.days_used,
    }
