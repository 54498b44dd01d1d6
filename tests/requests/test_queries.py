"""The work list and the case page: what stands where, for whom, and at a fixed price."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.base import clock
from gongkai.organs import scope
from gongkai.organs.scope import Viewer
from gongkai.requests import actions, casefile, queries
from gongkai.requests.models import Case
from tests.requests.stories import Office, day

ON = day("03-24")


@pytest.fixture(autouse=True)
def spring(today: object) -> Any:
    with clock.on_day(ON):
        yield


def viewer(office: Office, role: str, code: str = "city-office") -> Viewer:
    return scope.viewer(office.world.people[f"{code}-{role}"], ON)


def listed(office: Office, which: str, role: str = "handler", code: str = "city-office") -> list[Case]:
    return list(queries.work_list(viewer(office, role, code), which, ON))


def test_each_list_holds_what_its_name_says(office: Office) -> None:
    unconfirmed = office.submitted("03-20")
    due = office.in_process("03-02")  # due 03-30, four working days away
    late = office.in_process("02-11")
    early = office.in_process("03-20")
    done = office.dispatched(office.in_process("03-02"), "03-10")
    asked = actions.ask_correction(
        office.registered("02-21"), by=office.handler, what="请补充。", on=day("02-22")
    )  # due 03-21, the correction term ended 03-08
    assert listed(office, "unconfirmed") == [unconfirmed]
    assert listed(office, "due_soon") == [due]
    assert listed(office, "overdue") == [late, asked]
    assert listed(office, "expired") == [asked]
    assert set(listed(office, "mine")) == {due, late, early}
    assert set(listed(office, "office")) == {unconfirmed, due, late, early, asked}
    assert done not in listed(office, "office")
    assert listed(office, "office") == [unconfirmed, late, asked, due, early]  # without a date first


def test_decisions_wait_for_those_who_make_them(office: Office) -> None:
    proposed = office.in_process("03-02")
    actions.propose_extension(proposed, by=office.handler, days=5, reason="需核实", on=day("03-08"))
    reviewed = office.in_process("03-02")
    office.drafted(reviewed, "03-10")
    actions.submit_draft(reviewed, by=office.handler, on=day("03-10"))
    waiting = office.in_process("03-02")
    office.drafted(waiting, "03-10")
    actions.submit_draft(waiting, by=office.handler, on=day("03-10"))
    actions.review_draft(waiting, by=office.secrecy, on=day("03-10"))
    expected = {
        "handler": set(),
        "secrecy": {reviewed},
        "office": {reviewed},
        "head": {reviewed, proposed},
        "leader": {waiting},
        "supervisor": set(),
    }
    assert {role: set(listed(office, "to_decide", role)) for role in expected} == expected
    assert listed(office, "to_decide", "leader", "city") == []


def test_an_overseer_lists_the_subtree_masked(office: Office) -> None:
    case = office.in_process("02-11")
    boss = viewer(office, "supervisor", "city")
    lines = queries.lines(queries.work_list(boss, "overdue", ON), boss, ON)
    assert [(line.case, line.applicant, line.alarm) for line in lines] == [(case, "钱**", "overdue")]


def test_a_line_says_how_urgent_it_is(office: Office) -> None:
    office.submitted("03-20")
    office.in_process("03-02")
    who = viewer(office, "handler")
    lines = queries.lines(queries.work_list(who, "office", ON), who, ON)
    assert [(line.alarm, line.days_left, line.state) for line in lines] == [
        ("unconfirmed", None, "待确认"),
        ("five", 4, "办理中"),
    ]
    assert lines[1].handler == "测试handler"
    assert lines[1].applicant == "钱测试"


def test_an_unknown_list_is_an_error(office: Office) -> None:
    with pytest.raises(KeyError):
        queries.work_list(viewer(office, "handler"), "everything", ON)


def test_the_list_costs_the_same_for_one_row_and_for_many(
    office: Office, django_assert_num_queries: Any
) -> None:
    who = viewer(office, "head")
    queries.days_left(office.in_process("03-02"), ON)  # the calendar is read once in a while
    for _ in range(2):
        with django_assert_num_queries(1):
            queries.lines(queries.work_list(who, "office", ON)[:50], who, ON)
        with django_assert_num_queries(len(queries.LISTS)):
            queries.counts(who, ON)
        with django_assert_num_queries(2):
            queries.find(who, "钱测试")
        for _ in range(6):
            office.in_process("03-02")


def test_counts_stop_at_their_cap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    for _ in range(2):
        office.registered("03-02")
    who = viewer(office, "handler")
    assert str(queries.counts(who, ON)["office"]) == "2"
    office.registered("03-02")
    count = queries.counts(who, ON)["office"]
    assert (count.value, count.capped, str(count)) == (2, True, "2+")


def test_the_case_page_costs_the_same_however_much_happened(
    office: Office, django_assert_num_queries: Any
) -> None:
    who = viewer(office, "handler")
    case = office.in_process("03-02")
    queries.days_left(case, ON)  # the calendar is read once in a while
    for _ in range(2):
        with django_assert_num_queries(9):  # one of them asks the annual report whether it counts the case
            casefile.case_page(who, ON, pk=case.pk)
        for n in range(3):
            actions.consult(case, by=office.handler, whom="organ", name=f"机关{n}", on=day("03-08"))
            actions.attach(case, by=office.handler, files=[("录.txt", b"x")], on=day("03-09"))
            office.registered("03-02")


def test_the_page_offers_one_next_step_and_the_others_with_reasons(office: Office) -> None:
    case = office.registered("03-02")
    page = casefile.case_page(viewer(office, "handler"), ON, number=case.number)
    assert page.next_offer is not None
    assert page.next_offer.action.key == "accept"
    assert page.next_offer.by.role == "handler"
    reasons = {offer.action.key: offer.reason for offer in page.offers}
    assert reasons["accept"] is None
    assert "approve_draft" not in reasons
    assert reasons["dispatch"] == "本件目前为“已登记”，只有“已答复”时才能办理“发出答复”。"
    leader = casefile.case_page(viewer(office, "leader"), ON, number=case.number)
    assert leader.next_offer is None
    assert casefile.case_page(viewer(office, "supervisor"), ON, number=case.number).offers == ()


def test_the_page_tells_the_story_with_what_was_put_right(office: Office) -> None:
    case = office.in_process("03-02")
    row = actions.supersede(case, by=office.handler, seq=3, on=day("03-03"), reason="日期录错", note="更正后")
    page = casefile.case_page(viewer(office, "handler"), ON, pk=case.pk)
    told = [(h.seq, h.label, h.superseded, h.corrects, h.because) for h in page.happenings]
    assert told == [
        (1, "提交申请", False, None, ""),
        (2, "确认收到", False, None, ""),
        (3, "受理", True, None, ""),
        (4, "受理", False, 3, "日期录错"),
    ]
    assert page.happenings[3].lines == (("意见、备注", "更正后"),)
    assert page.happenings[3].who == "测试handler 承办人"
    assert page.happenings[3].late
    assert row.seq == 4


def test_repeats_of_one_applicant_are_shown_to_the_handling_organ(office: Office) -> None:
    first, second = office.registered("03-02"), office.registered("03-03")
    office.registered("03-03", id_number="another")
    page = casefile.case_page(viewer(office, "handler"), ON, pk=second.pk)
    assert page.same_applicant == (first,)
