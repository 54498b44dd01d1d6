"""Every role × state × action through the real functions: done exactly where the procedure permits it, refused elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction

from gongkai.law import procedure
from gongkai.organs import calendars
from gongkai.organs.actors import APPLICANT, Actor
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, load
from gongkai.requests.course import CaseFacts, Entry
from gongkai.requests.models import Case
from tests.requests.stories import Office, day, form

ON, LATE = day("03-14"), day("05-20")
PDF = actions.Upload("件.pdf", b"%PDF-1")


def arguments(office: Office, on: dt.date = ON) -> dict[str, Callable[[], dict[str, Any]]]:
    """Good input for every action; `on` is added."""
    return {
        "contact": lambda: {"note": "已电话联系"},
        "forward": lambda: {"to": "市教育局"},
        "assign": lambda: {"person": office.world.people["city-office-handler"]},
        "split": lambda: {"parts": ["甲", "乙"], "reason": "一事一申请"},
        "ask_correction": lambda: {"what": "请补充"},
        "receive_correction": lambda: {"text": "已补充"},
        "extend_correction": lambda: {"reason": "申请人住院", "until": day("08-01")},
        "ask_explanation": lambda: {"what": "请说明"},
        "receive_explanation": lambda: {"text": "理由"},
        "consult": lambda: {"whom": "organ", "name": "市水利局"},
        "close_consultation": lambda: {"reply": "agree"},
        "propose_extension": lambda: {"days": 10, "reason": "需核实"},
        "propose_fee": lambda: {"basis": "by_volume", "pages": 40, "reason": "篇幅大"},
        "revoke_fee": lambda: {"reason": "计费有误"},
        "record_payment": lambda: {"amount_yuan": 100, "hold": on == LATE},
        "refund": lambda: {"reason": "逾期"},
        "propose_delay": lambda: {"until": day("08-01"), "reason": "量大"},
        "draft": lambda: {"outcome": "granted", "text": "现予公开。"},
        "return_draft": lambda: {"note": "请修改"},
        "withdraw": lambda: {"reason": "书面撤回"},
        "lapse": lambda: {"reason": "咨询事项"},
        "redo": lambda: {"order": "复议决定"},
        "attach": lambda: {"files": [PDF]},
    }


_DRAFT = ("drafting", "review", "approval", "approved", "decided")
_ASIDE = ("in_process", "awaiting_correction", "awaiting_explanation", "delayed")
_AFTER = ("dispatched", "served", "archived", "lapsed")


def situations(office: Office) -> dict[str, tuple[Case, dt.date]]:
    """A case in every state, then with inquiries, proposals or payments in each state that can have them."""
    found: dict[str, Case] = {
        "submitted": office.submitted(),
        "registered": office.registered(),
        "forwarded": actions.forward(office.submitted(), by=office.office, to="市教育局", on=ON),
        "split": office.registered(),
    }
    actions.split(found["split"], by=office.office, parts=["甲", "乙"], reason="一事一申请", on=ON)
    for state in (*_ASIDE, "fee_pending", *_DRAFT, *_AFTER):
        found[state] = _led_to(office, office.in_process(), state)
    for state in (*_ASIDE, "fee_pending", "drafting"):
        found[f"consulted {state}"] = _led_to(office, _consulted(office), state)
    for state in (*_ASIDE, "fee_pending", *_DRAFT[:-1]):
        found[f"proposed {state}"] = _led_to(office, _proposed(office, state), state)
    for state in (*_ASIDE, *_DRAFT, *_AFTER):
        found[f"paid {state}"] = _led_to(office, _paid(office), state)
    stands = {name: (case, ON) for name, case in found.items()}
    for state in ("awaiting_correction", "awaiting_explanation", "fee_pending"):
        stands[f"over {state}"] = (found[state], LATE)
    unpaid = _led_to(office, office.in_process(), "fee_pending")
    actions.lapse_fee(unpaid, by=office.handler, on=LATE)
    stands["unpaid lapsed"] = (unpaid, LATE)
    held = _led_to(office, office.in_process(), "fee_pending")
    actions.record_payment(held, by=office.handler, amount_yuan=50, hold=True, on=ON)
    stands["held fee_pending"] = (held, ON)
    return stands


def _consulted(office: Office) -> Case:
    case = office.in_process()
    actions.consult(case, by=office.handler, whom="organ", name="市水利局", on=day("03-04"))
    return case


def _proposed(office: Office, state: str) -> Case:
    """A case with every proposal open that the way to `state` leaves open."""
    case = office.in_process()
    decided = {"fee_pending": "fee", "delayed": "delay"}.get(state)
    for what in {"extension", "fee", "delay"} - {decided}:
        extra = arguments(office)[f"propose_{what}"]()
        getattr(actions, f"propose_{what}")(case, by=office.handler, on=day("03-08"), **extra)
    return case


def _paid(office: Office) -> Case:
    case = _led_to(office, office.in_process(), "fee_pending")
    actions.record_payment(case, by=office.handler, amount_yuan=100, on=day("03-09"))
    return case


def _led_to(office: Office, case: Case, state: str) -> Case:
    """From work to `state`, by the shortest way."""
    on = day("03-09")
    if state == "awaiting_correction":
        actions.ask_correction(case, by=office.handler, what="请补充", on=on)
    elif state == "awaiting_explanation":
        actions.ask_explanation(case, by=office.handler, what="请说明", on=on)
    elif state == "fee_pending":
        actions.propose_fee(case, by=office.handler, basis="by_volume", pages=40, reason="篇幅大", on=on)
        actions.approve_fee(case, by=office.head, on=on, served_on=on)
    elif state == "delayed":
        actions.propose_delay(case, by=office.handler, until=day("08-01"), reason="量大", on=on)
        actions.approve_delay(case, by=office.head, on=on)
    elif state == "lapsed":
        actions.lapse(case, by=office.office, reason="咨询事项", on=on)
    elif state != "in_process":
        _drafted_to(office, case, state, on)
    assert case.state == state
    return case


def _drafted_to(office: Office, case: Case, state: str, on: dt.date) -> None:
    office.drafted(case, "03-09")
    for action, by in (
        (actions.submit_draft, office.handler),
        (actions.review_draft, office.secrecy),
        (actions.approve_draft, office.leader),
        (actions.answer, office.handler),
        (actions.dispatch, office.handler),
        (actions.serve, office.handler),
        (actions.archive, office.handler),
    ):
        if case.state == state:
            return
        action(case, by=by, on=on)


def everybody(office: Office) -> dict[str, Actor]:
    """One actor for every role; those without a desk here get one made for them, to meet the table alone."""
    actors = {role: getattr(office, role) for role in ("handler", "office", "head", "secrecy", "leader")}
    strangers = {role: replace(office.handler, role=role) for role in ("supervisor", "auditor", "operator")}
    return {"applicant": APPLICANT, **actors, **strangers}


def attempt(office: Office, case: Case, action: str, by: Actor, on: dt.date, **more: Any) -> str | None:
    """Do it, look at the refusal, and take it back."""
    fresh = Case.objects.select_related("organ", "submission").get(pk=case.pk)
    try:
        with transaction.atomic():
            extra = arguments(office, on).get(action, dict)()
            getattr(actions, action)(fresh, by=by, on=on, **extra, **more)
            to_state = procedure.ACTIONS[action].to_state
            assert to_state is None or fresh.state == to_state
            transaction.set_rollback(True)
    except Refused as refused:
        return str(refused)
    return None


def put_right(office: Office, case: Case, facts: CaseFacts, role: str, by: Actor) -> str | None:
    """Supersede the latest entry this role may have written, with itself."""
    entry = _own(facts, role) or facts.entries[0]
    return attempt(office, case, "supersede", by, entry.on, seq=entry.seq, reason="核对无误")


def _own(facts: CaseFacts, role: str) -> Entry | None:
    mine = [entry for entry in facts.entries if role in procedure.ACTIONS[entry.kind].roles]
    return mine[-1] if mine else None


def not_theirs(facts: CaseFacts, role: str) -> str | None:
    """What `supersede` asks beyond the table: whose record it is."""
    return None if _own(facts, role) else "“提交申请”的记录须由有权办理该事项的岗位更正。"


def test_every_combination_is_done_or_refused_as_the_table_says(office: Office) -> None:
    done: set[tuple[str, str, str]] = set()
    actors = everybody(office)
    for name, (case, on) in situations(office).items():
        facts = load.case_facts(case)
        for role, action in worth_trying(name, facts.state):
            view = facts.view(calendars.for_region(case.organ.region), on, actors[role].person_id)
            expected = procedure.refusal(action, role, view)
            if action == "supersede":
                said = put_right(office, case, facts, role, actors[role])
                expected = expected or not_theirs(facts, role)
            else:
                said = attempt(office, case, action, actors[role], on)
            assert said == expected, (name, role, action)
            if said is None:
                done.add((role, facts.state, action))
    listed = {
        (role, state, action.key)
        for action in procedure.TABLE
        for role in action.roles
        for state in action.states_for(role)
        if action.key != "submit"
    }
    assert done <= listed
    undone = {one for one in listed - done if one[0] not in DECIDERS or one[2] != "supersede"}
    assert sorted(undone) == sorted(UNREACHABLE), "permitted, but no way leads there"
    for role in DECIDERS:  # they put right what they decided, in every state that comes after it
        assert {(role, state, "supersede") for state in ("approved", "dispatched", "archived")} <= done


def worth_trying(name: str, state: str) -> list[tuple[str, str]]:
    """Role and action for a situation: everything in `in_process`; elsewhere who could ever do it; in further
    situations of a state what the state permits and its conditions decide."""
    tried = []
    for role in procedure.ROLES:
        for action in procedure.TABLE:
            if " " in name:
                sensible = state in action.states_for(role)
            else:
                sensible = role in action.roles or name == "in_process"
            if sensible and action.key != "submit":
                tried.append((role, action.key))
    return tried


DECIDERS = {"secrecy", "leader"}
# Nothing can be owed or proposed before the case is in process.
UNREACHABLE = [
    *((role, "registered", "refund") for role in ("office", "head")),
    *(("head", "registered", f"decline_{what}") for what in ("extension", "fee", "delay")),
    ("head", "fee_pending", "decline_fee"),
    ("head", "delayed", "decline_delay"),
]


def test_submitting_follows_the_table_too(office: Office) -> None:
    for role, by in everybody(office).items():
        view = procedure.CaseView(procedure.NEW, ON)
        try:
            with transaction.atomic():
                actions.submit(
                    organ=office.world.organs["city-office"],
                    channel="internet",
                    kind="natural_person",
                    form=form(),
                    token=f"walk-{role}",
                    by=by,
                    on=ON,
                )
            said = None
        except Refused as refused:
            said = str(refused)
        assert said == procedure.refusal("submit", role, view)
