"""Correction, explanation, inquiries, extension, delay and splitting, each along its own path."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, load
from gongkai.requests.models import Case, RequestSettings
from tests.requests.stories import Office, day

# The term vectors of domain/01 §6 on the calendar of 2026.
SPRING_2026 = dt.date(2026, 5, 29)


def spring(office: Office) -> Case:
    with clock.on_day(SPRING_2026):
        return actions.accept(office.registered("2026-03-02"), by=office.handler, on=day("2026-03-02"))


def test_a_correction_in_time_starts_the_term_anew(office: Office) -> None:
    case = spring(office)
    with clock.on_day(SPRING_2026):
        actions.ask_correction(case, by=office.handler, what="请写明文号。", on=day("2026-03-11"))
        assert (case.state, case.due_on, case.wait_until) == (
            "awaiting_correction",
            day("2026-03-30"),
            day("2026-03-25"),
        )
        actions.receive_correction(case, by=office.handler, text="文号为……", on=day("2026-03-18"))
    assert (case.state, case.due_on, case.anchor_on) == ("in_process", day("2026-04-16"), day("2026-03-18"))
    assert case.first_received_on == day("2026-03-02")


def test_a_late_correction_notice_changes_nothing_but_is_reported(office: Office) -> None:
    case = spring(office)
    with clock.on_day(SPRING_2026):
        actions.ask_correction(case, by=office.handler, what="请写明文号。", on=day("2026-03-12"))
        actions.receive_correction(case, by=office.handler, text="文号为……", on=day("2026-03-18"))
    assert case.due_on == day("2026-03-30")
    term = load.case_facts(case).term(*_now(case))
    assert [line.article for line in term.violations] == ["《政府信息公开条例》第三十条"]


def _now(case: Case):  # type: ignore[no-untyped-def]
    from gongkai.organs import calendars

    return calendars.for_region(case.organ.region), SPRING_2026


def test_a_correction_is_asked_once_and_leaves_time(office: Office) -> None:
    case = office.registered()
    with pytest.raises(ValidationError, match="不得少于5个工作日"):
        actions.ask_correction(case, by=office.handler, what="请补充。", days=4, on=day("03-03"))
    actions.ask_correction(case, by=office.handler, what="请补充。", until=day("03-15"), on=day("03-03"))
    actions.receive_correction(case, by=APPLICANT, text="已补充", on=day("03-10"))
    with pytest.raises(Refused, match="一次性"):
        actions.ask_correction(case, by=office.handler, what="再补充。", on=day("03-11"))


def test_the_offices_own_correction_term_is_used(office: Office) -> None:
    organ = office.world.organs["city"]
    RequestSettings.objects.create(organ=organ, correction_days=15)
    case = actions.ask_correction(office.registered(), by=office.handler, what="请补充。", on=day("03-03"))
    assert case.wait_until == day("03-24")


def test_without_correction_the_case_lapses_after_its_extended_term(office: Office) -> None:
    case = actions.ask_correction(office.registered(), by=office.handler, what="请补充。", on=day("03-03"))
    with pytest.raises(Refused, match="尚未逾期"):
        actions.lapse_correction(case, by=office.handler, on=day("03-17"))
    actions.extend_correction(case, by=office.handler, reason="申请人住院", days=15, on=day("03-10"))
    with pytest.raises(Refused, match="尚未逾期"):
        actions.lapse_correction(case, by=office.handler, on=day("03-31"))
    actions.lapse_correction(case, by=office.handler, on=day("04-01"))
    assert (case.state, case.outcome, case.closed_on) == (
        "lapsed",
        "other_correction_lapsed",
        day("04-01"),
    )


def test_an_explanation_does_not_stop_the_clock(office: Office) -> None:
    case = office.in_process()
    due = case.due_on
    actions.ask_explanation(case, by=office.handler, what="请说明理由。", on=day("03-04"))
    assert (case.state, case.due_on) == ("awaiting_explanation", due)
    actions.receive_explanation(case, by=APPLICANT, text="用于研究", reasonable=True, on=day("03-08"))
    assert case.state == "in_process"
    told = case.actions.get(kind="receive_explanation")
    assert "reasonable" not in told.payload  # the applicant does not judge their own reasons


def test_without_explanation_the_answer_is_drafted(office: Office) -> None:
    case = office.in_process()
    actions.ask_explanation(case, by=office.handler, what="请说明理由。", days=3, on=day("03-04"))
    with pytest.raises(Refused):
        actions.lapse_explanation(case, by=office.handler, on=day("03-09"))
    actions.lapse_explanation(case, by=office.handler, on=day("03-10"))
    assert case.state == "drafting"


def test_overlapping_inquiries_are_left_out_once(office: Office) -> None:
    case = spring(office)
    with clock.on_day(SPRING_2026):
        first = actions.consult(
            case, by=office.handler, whom="third_party", name="某公司", on=day("2026-03-09")
        )
        second = actions.consult(case, by=office.handler, whom="organ", name="市水利局", on=day("2026-03-16"))
        assert (case.open_inquiries, case.due_on) == (2, None)
        actions.close_consultation(
            case, by=office.handler, inquiry=first, reply="agree", on=day("2026-03-20")
        )
        assert case.due_on is None
        actions.close_consultation(
            case, by=office.handler, inquiry=second, reply="agree", on=day("2026-03-27")
        )
    assert (case.open_inquiries, case.due_on) == (0, day("2026-04-20"))


def test_silence_ends_the_inquiry_with_its_fifteen_days(office: Office) -> None:
    case = spring(office)
    with clock.on_day(SPRING_2026):
        actions.consult(
            case,
            by=office.handler,
            whom="organ",
            name="市水利局",
            served_on=day("2026-03-10"),
            on=day("2026-03-09"),
        )
        assert case.wait_until == day("2026-03-31")
        with pytest.raises(Refused, match="尚未期满"):
            actions.close_consultation(case, by=office.handler, reply="silent", on=day("2026-03-31"))
        actions.close_consultation(case, by=office.handler, reply="silent", on=day("2026-04-10"))
    inquiry = next(iter(load.case_facts(case).inquiries.values()))
    assert inquiry.ended_on == day("2026-03-31")


def test_an_open_inquiry_holds_back_the_draft(office: Office) -> None:
    case = office.in_process()
    actions.consult(case, by=office.handler, whom="third_party", name="某公司", on=day("03-04"))
    office.drafted(case, "03-07")
    with pytest.raises(Refused, match="征求意见"):
        actions.submit_draft(case, by=office.handler, on=day("03-07"))


def test_the_head_alone_extends_once_and_before_the_due_date(office: Office) -> None:
    case = office.in_process()
    actions.propose_extension(case, by=office.handler, days=10, reason="需核实", on=day("03-28"))
    assert case.proposed == "extension"
    with pytest.raises(Refused, match="公开办负责人"):
        actions.approve_extension(case, by=office.office, on=day("03-28"))
    with pytest.raises(Refused, match="到期日前"):
        actions.approve_extension(case, by=office.head, on=day("03-31"))
    actions.approve_extension(case, by=office.head, on=day("03-30"))
    assert (case.proposed, case.due_on) == (None, day("04-14"))
    with pytest.raises(Refused, match="一次为限"):
        actions.propose_extension(case, by=office.handler, days=5, reason="还需核实", on=day("04-01"))


@pytest.mark.parametrize("days", [0, 21])
def test_an_extension_has_its_bounds(office: Office, days: int) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.propose_extension(
            office.in_process(), by=office.handler, days=days, reason="—", on=day("03-07")
        )
    assert "days" in refused.value.message_dict


def test_under_the_old_regulation_fifteen_days_is_the_most(office: Office) -> None:
    case = office.in_process("2019-04-01")
    assert case.due_on == day("2019-04-23")
    with pytest.raises(ValidationError):
        actions.propose_extension(case, by=office.handler, days=16, reason="—", on=day("2019-04-08"))


def test_a_declined_proposal_leaves_the_due_date(office: Office) -> None:
    case = office.in_process()
    actions.propose_extension(case, by=office.handler, days=10, reason="需核实", on=day("03-08"))
    actions.decline_extension(case, by=office.head, on=day("03-09"), note="按期答复")
    assert (case.proposed, case.due_on) == (None, day("03-30"))


def test_a_delay_sets_an_explicit_date(office: Office) -> None:
    case = office.in_process()
    with pytest.raises(ValidationError):
        actions.propose_delay(case, by=office.handler, until=day("03-30"), reason="量大", on=day("03-08"))
    with pytest.raises(ValidationError):
        actions.propose_delay(case, by=office.handler, until=day("06-30"), reason="", on=day("03-08"))
    actions.propose_delay(case, by=office.handler, until=day("06-30"), reason="量大", on=day("03-08"))
    actions.approve_delay(case, by=office.head, on=day("03-09"))
    assert (case.state, case.due_on) == ("delayed", day("06-30"))


def test_handing_over_inside_the_organ_keeps_the_clock(office: Office) -> None:
    case = office.in_process()
    colleague = office.world.people["city-office-office"]
    actions.assign(case, by=office.head, person=colleague, on=day("03-08"))
    assert (case.handler_id, case.due_on, case.state) == (colleague.pk, day("03-30"), "in_process")
    with pytest.raises(ValidationError):
        actions.assign(case, by=office.head, person=office.world.people["city-edu-handler"])


@pytest.mark.seed("S121")
def test_a_split_makes_items_with_numbers_and_the_same_receipt_date(office: Office) -> None:
    trunk = office.in_process()
    actions.ask_correction(trunk, by=office.handler, what="请补充。", on=day("03-04"))
    actions.receive_correction(trunk, by=APPLICANT, text="已补充", on=day("03-08"))
    parts = actions.split(
        trunk,
        by=office.office,
        parts=[f"第{n}项" for n in range(1, 24)],
        reason="一事一申请",
        on=day("03-09"),
    )
    assert len(parts) == 23
    assert (trunk.state, trunk.counted, trunk.outcome) == ("split", False, "")
    assert [part.number for part in parts[:2]] == ["city-office-2022-0002", "city-office-2022-0003"]
    for part in parts:
        assert (part.state, part.first_received_on, part.due_on) == (
            "registered",
            day("03-02"),
            trunk.due_on,
        )
        assert part.counted
    with pytest.raises(Refused, match="一次性"):
        actions.ask_correction(parts[0], by=office.handler, what="再补充。", on=day("03-10"))


def test_a_split_needs_reason_and_two_parts_and_no_outcome(office: Office) -> None:
    case = office.in_process()
    with pytest.raises(ValidationError):
        actions.split(case, by=office.office, parts=["只有一项"], reason="一事一申请")
    with pytest.raises(ValidationError):
        actions.split(case, by=office.office, parts=["甲", "乙"], reason="")
    office.dispatched(case, "03-10")
    with pytest.raises(Refused, match="已作出办理结果"):
        actions.split(case, by=office.office, parts=["甲", "乙"], reason="一事一申请")


def test_what_a_frozen_report_counts_is_not_split(office: Office) -> None:
    from gongkai.requests.actions import steps

    case = office.in_process()
    frozen = lambda row: row.pk == case.pk  # noqa: E731
    actions.frozen_by(frozen)
    try:
        with pytest.raises(Refused, match="定稿"):
            actions.split(case, by=office.office, parts=["甲", "乙"], reason="一事一申请")
    finally:
        steps._frozen.remove(frozen)


def test_a_step_cannot_count_before_the_step_it_follows(office: Office) -> None:
    case = office.registered("03-02")
    with pytest.raises(ValidationError) as refused:
        actions.accept(case, by=office.handler, on=day("03-01"))
    assert "on" in refused.value.message_dict
    with pytest.raises(ValidationError):
        actions.accept(case, by=office.handler, on=dt.date(2022, 12, 31))
