"""The day's page and the lists: who stands where, with which next step, at a fixed price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.desk.cases import lists
from gongkai.organs import actions as organs
from gongkai.organs import calendars
from gongkai.organs.models import Role
from gongkai.requests import actions
from gongkai.requests.models import Case
from tests.desk.cases.conftest import TODAY, Desk, desk_of
from tests.requests.stories import Office, day
from tests.support.world import SINCE, TEST


def groups_of(desk: Desk) -> dict[str, list[int]]:
    desk.get("/desk/today/")
    return {g.key: [row.line.case.pk for row in g.rows] for g in desk.response.context["groups"]}


def test_the_day_groups_by_what_to_do_and_names_each_case_once(office: Office, handler: Desk) -> None:
    late, soon = office.in_process("02-11"), office.in_process("02-28")
    unconfirmed, mine = office.submitted("03-23"), office.in_process("03-20")
    others = office.registered("03-21")
    sent = office.dispatched(office.in_process("03-02"), "03-10")
    assert groups_of(handler) == {
        "overdue": [late.pk],
        "two_days": [soon.pk],
        "unconfirmed": [unconfirmed.pk],
        "mine": [mine.pk],
        "to_send": [sent.pk],
        "office": [others.pk],
    }
    assert "▲" in handler.page
    assert "1 件已超期" in handler.page
    assert "（超" in handler.page


def test_who_decides_finds_what_waits_for_them(
    office: Office, head: Desk, secrecy: Desk, leader: Desk
) -> None:
    proposed, drafted = office.in_process("03-10"), office.in_process("03-10")
    actions.propose_extension(proposed, by=office.handler, days=5, reason="需核实", on=day("03-24"))
    office.drafted(drafted, "03-20")
    actions.submit_draft(drafted, by=office.handler, on=day("03-20"))
    assert groups_of(head)["to_decide"] == [proposed.pk, drafted.pk]
    assert "批准延期" in head.page
    assert groups_of(secrecy)["to_decide"] == [drafted.pk]
    assert "to_decide" not in groups_of(leader)
    actions.review_draft(drafted, by=office.secrecy, on=day("03-21"))
    assert groups_of(leader)["to_decide"] == [drafted.pk]


def test_nothing_to_do_is_said_kindly(office: Office, handler: Desk) -> None:
    handler.get("/desk/today/")
    assert "眼下没有等着办的事，辛苦了。" in handler.page
    handler.get("/desk/cases/", view="mine")
    assert "“我的”里现在一件也没有。" in handler.page


def test_every_view_opens_and_no_other(office: Office, handler: Desk) -> None:
    done = office.dispatched(office.in_process("03-02"), "03-10")
    for view in lists.VIEWS:
        assert handler.get("/desk/cases/", view=view).status_code == 200, view
    handler.get("/desk/cases/", view="closed")
    assert str(done.number) in handler.page
    assert "2022-03-10 办结" in handler.page
    assert handler.get("/desk/cases/", view="everything").status_code == 404


def test_a_long_list_is_paged_and_its_count_capped(
    office: Office, handler: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    monkeypatch.setattr("gongkai.requests.queries.MOST_COUNTED", 3)
    cases = [office.registered("03-21") for _ in range(5)]
    handler.get("/desk/cases/", view="office")
    assert "3+ 件" in handler.page
    assert "第 1 页，共 2 页" in handler.page
    assert str(cases[0].number) in handler.page
    assert str(cases[2].number) not in handler.page
    handler.get("/desk/cases/", view="office", page="2")
    assert str(cases[2].number) in handler.page


def test_the_price_of_a_page_does_not_grow_with_the_cases(office: Office, handler: Desk) -> None:
    def price(address: str) -> int:
        calendars.reset()  # read once every few seconds: always part of the price here
        with CaptureQueriesContext(connection) as caught:
            assert handler.client.get(address).status_code == 200
        return len(caught)

    def one_more_of_each() -> Case:
        office.submitted("03-23")
        office.in_process("02-11")
        office.dispatched(office.in_process("03-02"), "03-10")
        return office.in_process("03-20")

    case = one_more_of_each()
    addresses = (
        "/desk/today/",
        "/desk/cases/?view=mine",
        "/desk/cases/?view=closed",
        f"/desk/cases/{case.pk}/",
    )
    price(addresses[0])  # what a process reads once, such as the hosts of its sites
    before = {address: price(address) for address in addresses}
    for _ in range(3):
        one_more_of_each()
    for number in range(3):
        actions.contact(case, by=office.handler, note=f"第{number}次联系", on=TODAY)
    assert {address: price(address) for address in addresses} == before
    assert before["/desk/today/"] <= 30
    assert before[f"/desk/cases/{case.pk}/"] <= 28


def test_a_search_for_one_case_opens_it_and_several_are_listed(office: Office, handler: Desk) -> None:
    case, other = office.in_process("03-02"), office.in_process("03-02", applicant_name="孙另一")
    handler.post("/desk/search/", {"q": str(case.number)})
    assert handler.addresses[-1] == f"/desk/cases/{case.pk}/"
    handler.post("/desk/search/", {"q": "13800000000"})
    assert str(case.number) in handler.page
    assert str(other.number) in handler.page
    handler.post("/desk/search/", {"q": "无此人"})
    assert "没有找到相符的案件" in handler.page
    handler.post("/desk/search/", {"q": " "})
    assert "没有找到" not in handler.page


def test_the_chosen_organ_narrows_the_lists(office: Office) -> None:
    person = office.world.people["city-office-handler"]
    edu = office.world.organs["city-edu"]
    organs.appoint(by=TEST, person=person, organ=edu, role=Role.HANDLER, valid_from=SINCE)
    here, there = office.registered("03-21"), Office(office.world, "city-edu").registered("03-21")
    desk = desk_of(office.world, "city-office-handler")
    assert groups_of(desk)["office"] == [here.pk, there.pk]
    assert "甲市教育局" in desk.page
    desk.post("/desk/organ/", {"organ": str(edu.pk), "next": "/desk/today/"})
    assert groups_of(desk)["office"] == [there.pk]
    assert desk.get(f"/desk/cases/{here.pk}/").status_code == 200  # still theirs to open
