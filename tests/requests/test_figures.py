"""The measures, on records that have the seeds' own shape: cohorts, identities, growth by organ."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.law.outcomes import APPLICANT_KINDS
from gongkai.requests import actions
from gongkai.requests.models import Case
from tests.requests.stories import MACHINE, Office, day

YEAR = Period.year(2022)


def figure(key: str, period: Period = YEAR, **dims: str) -> Any:
    return measures.get(f"requests.{key}").count(period, **dims)


def closed(office: Office, count: int, received: str, on: str) -> None:
    """Cases received and closed on these days, as briefly as the procedure allows."""
    for _ in range(count):
        actions.lapse(
            office.registered(received, by=MACHINE), by=office.office, reason="咨询事项", on=day(on)
        )


def left_open(office: Office, count: int, received: str) -> None:
    for _ in range(count):
        office.registered(received, by=MACHINE)


@pytest.mark.seed("F7", "S117")
def test_results_and_the_cohorts_closed_are_two_figures(office: Office) -> None:
    """LYO22: 95 received, 85 of them closed in the year, 92 results; 7 of the 8 carried in, 11 carried out."""
    closed(office, 7, "2021-12-20", "2022-01-10")
    left_open(office, 1, "2021-12-20")
    closed(office, 85, "2022-03-02", "2022-03-20")
    left_open(office, 10, "2022-12-20")
    assert figure("received") == 95
    assert figure("carried_in") == 8
    assert figure("closed") == 92
    assert figure("cohort_closed") == 85
    assert figure("carried_out") == 11
    assert figure("carried_in") + figure("received") == figure("closed") + figure("carried_out")
    assert measures.get("requests.closed").by_path(YEAR, office.world.organs["city"].path) == {
        (office.world.organs["city-office"].path, ("other_misc", "natural_person")): 92
    }


@pytest.mark.seed("F6", "S117")
def test_the_years_cohort_lacks_the_one_carried_out(office: Office) -> None:
    """PDS19: 702 + 11 = 713 = 712 + 1; of the year's 702 applications 701 were closed in it, 99.86 %."""
    closed(office, 11, "2018-12-20", "2019-01-10")
    closed(office, 701, "2019-06-03", "2019-06-20")
    left_open(office, 1, "2019-12-20")
    year = Period.year(2019)
    received, done = figure("received", year), figure("cohort_closed", year)
    assert (received, done, round(done / received * 100, 2)) == (702, 701, 99.86)
    assert figure("carried_in", year) + received == 713
    assert (figure("closed", year), figure("carried_out", year)) == (712, 1)


def test_every_kind_of_applicant_has_its_column(office: Office) -> None:
    for number, kind in enumerate(APPLICANT_KINDS, start=1):
        for _ in range(number):
            office.registered(kind=kind)
    path = office.world.organs["city-office"].path
    assert measures.get("requests.received").by_path(YEAR, path) == {
        (path, (kind,)): number for number, kind in enumerate(APPLICANT_KINDS, start=1)
    }


def test_figures_add_up_a_tree_and_stay_out_of_neighbours(office: Office) -> None:
    office.registered()
    Office(office.world, "town-a1").registered()
    Office(office.world, "county-b").registered()
    paths = {code: organ.path for code, organ in office.world.organs.items()}
    received = measures.get("requests.received")
    assert received.count(YEAR, paths["city"]) == 3
    assert received.count(YEAR, paths["county-a"]) == 1
    assert received.count(YEAR, paths["county-b"]) == 1
    assert received.count(YEAR, paths["city-edu"]) == 0


def test_a_corrected_application_keeps_its_year_and_carries_over(office: Office) -> None:
    case = office.registered("2021-12-27")
    actions.ask_correction(case, by=office.handler, what="请补充。", on=day("2021-12-28"))
    actions.receive_correction(case, by=office.handler, text="已补充", on=day("2022-01-05"))
    office.dispatched(case, "2022-01-20")
    old = Period.year(2021)
    assert (figure("received", old), figure("carried_out", old)) == (1, 1)
    assert (figure("received"), figure("carried_in"), figure("closed")) == (0, 1, 1)


@pytest.mark.seed("S118")
def test_forwarded_applications_are_counted_apart(office: Office) -> None:
    """LYO22: 133 forwarded, which stand in no other figure."""
    for _ in range(133):
        actions.forward(office.submitted(), by=office.office, to="市教育局", on=day("03-03"))
    office.submitted()
    office.registered()
    assert (figure("forwarded"), figure("received"), figure("carried_out")) == (133, 1, 1)


def test_the_trunk_of_a_split_is_nowhere_and_its_parts_are(office: Office) -> None:
    trunk = office.registered()
    parts = actions.split(
        trunk, by=office.office, parts=["甲", "乙", "丙"], reason="一事一申请", on=day("03-03")
    )
    office.dispatched(actions.accept(parts[0], by=office.handler, on=day("03-03")), "03-10")
    rows = measures.get("requests.received").rows(YEAR)
    assert set(rows) == set(parts)
    assert (figure("split_items"), figure("closed"), figure("carried_out")) == (3, 1, 2)


def test_a_figure_and_its_records_are_the_same_rows(office: Office) -> None:
    office.dispatched(office.in_process(), "03-10")
    office.dispatched(office.in_process(kind="other_org"), "03-10", "rejected_petition")
    shown = measures.get("requests.closed").rows(
        YEAR, office.world.organs["city-office"].path, outcome="granted", kind="natural_person"
    )
    assert [row.outcome for row in shown] == ["granted"]
    assert Case.objects.count() == 2


def test_one_payer_with_two_notices_is_one_person(office: Office) -> None:
    for month in ("03", "04"):
        case = office.in_process(f"{month}-06")
        actions.propose_fee(
            case, by=office.handler, reason="篇幅大", basis="by_volume", pages=40, on=day(f"{month}-07")
        )
        actions.approve_fee(case, by=office.head, on=day(f"{month}-08"), served_on=day(f"{month}-08"))
        actions.record_payment(case, by=office.handler, amount_yuan=100, on=day(f"{month}-12"))
    assert (figure("fee_notices"), figure("fee_payers"), figure("fee_collected_yuan")) == (2, 1, 200)
