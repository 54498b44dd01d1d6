"""The answer and its paper: what must be in it, who may pass it, what replaces it, how cases end without one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, load
from gongkai.requests.actions import Upload
from gongkai.requests.models import RequestSettings
from tests.requests.stories import MACHINE, Office, day


def test_nobody_passes_their_own_draft(office: Office) -> None:
    case = office.in_process()
    actions.draft(case, by=office.office, outcome="granted", text="现予公开。", on=day("03-10"))
    actions.submit_draft(case, by=office.office, on=day("03-10"))
    with pytest.raises(Refused, match="拟稿人本人"):
        actions.review_draft(case, by=office.office, on=day("03-11"))
    actions.review_draft(case, by=office.secrecy, on=day("03-11"))
    assert case.state == "approval"


def test_a_returned_draft_is_rewritten(office: Office) -> None:
    case = office.in_process()
    office.drafted(case, "03-10")
    actions.submit_draft(case, by=office.handler, on=day("03-10"))
    with pytest.raises(ValidationError):
        actions.return_draft(case, by=office.office, note="", on=day("03-10"))
    actions.return_draft(case, by=office.office, note="请核对日期", on=day("03-10"))
    assert case.state == "drafting"
    office.dispatched(case, "03-15", text="改过的答复")
    answer = load.case_facts(case, private=True).answered[0]
    assert answer.text == "改过的答复"


@pytest.mark.parametrize(
    ("outcome", "content", "sentence"),
    [
        ("denied_state_secret", {"reason": ""}, "须写明理由"),
        ("denied_state_secret", {"article": ""}, "须写明法律依据"),
        ("denied_law_prohibited", {"article": "某规章第三条"}, "法律或者行政法规"),
        ("denied_internal_affairs", {}, "须选择具体情形"),
        ("denied_third_party", {}, "征求第三方意见"),
        ("unable_not_held", {"sub_reason": "not_exist"}, "检索记录"),
        ("unable_unclear_after_correction", {}, "没有收到过补正"),
        ("other_misc", {"reason": ""}, "须写明理由"),
        ("other_fee_unpaid", {}, "结案记录"),
        ("granted", {"text": ""}, "答复正文"),
    ],
)
def test_an_incomplete_draft_is_not_submitted(
    office: Office, outcome: str, content: dict[str, str], sentence: str
) -> None:
    case = office.in_process()
    office.drafted(case, "03-10", outcome, **content)
    with pytest.raises(ValidationError, match=sentence):
        actions.submit_draft(case, by=office.handler, on=day("03-10"))
    assert case.state == "drafting"


def test_an_unknown_outcome_is_no_outcome(office: Office) -> None:
    with pytest.raises(ValidationError):
        actions.draft(office.in_process(), by=office.handler, outcome="maybe", on=day("03-10"))


def test_disclosure_against_an_objection_needs_its_reason(office: Office) -> None:
    case = office.in_process()
    actions.consult(case, by=office.handler, whom="third_party", name="某公司", on=day("03-04"))
    actions.close_consultation(case, by=office.handler, reply="object", on=day("03-08"))
    office.drafted(case, "03-10")
    with pytest.raises(ValidationError, match="第三方不同意公开"):
        actions.submit_draft(case, by=office.handler, on=day("03-10"))
    office.drafted(case, "03-10", reason="不公开会对公共利益造成重大影响。")
    actions.submit_draft(case, by=office.handler, on=day("03-10"))
    assert case.state == "review"


def test_answers_are_numbered_by_the_offices_mark(office: Office) -> None:
    RequestSettings.objects.create(organ=office.world.organs["city"], answer_mark="甲政公开告")
    assert (
        office.answered(office.in_process(), "03-10").answer_number == "甲市人民政府办公室公开告〔2022〕1号"
    )
    RequestSettings.objects.create(organ=office.world.organs["city-office"], answer_mark="甲政办公开告")
    assert office.answered(office.in_process(), "03-10").answer_number == "甲政办公开告〔2022〕2号"


def test_annexes_stay_with_the_rewritten_draft(office: Office) -> None:
    case = office.in_process()
    pdf = Upload("附件.pdf", b"%PDF-1")
    actions.draft(case, by=office.handler, outcome="granted", files=[pdf], on=day("03-10"))
    actions.draft(case, by=office.handler, outcome="granted", on=day("03-11"))
    actions.submit_draft(case, by=office.handler, on=day("03-11"))  # the annex is the answer's paper
    actions.return_draft(case, by=office.office, note="附件有误", on=day("03-11"))
    actions.draft(case, by=office.handler, outcome="granted", keep_files=False, on=day("03-11"))
    with pytest.raises(ValidationError, match="答复正文"):
        actions.submit_draft(case, by=office.handler, on=day("03-11"))


def test_a_later_answer_replaces_and_leaves_the_count_alone(office: Office) -> None:
    case = office.dispatched(office.in_process(), "03-10", "rejected_petition")
    first = case.answer_number
    office.drafted(case, "06-01", "granted")
    assert (case.state, case.outcome, case.closed_on) == ("drafting", "rejected_petition", day("03-10"))
    actions.submit_draft(case, by=office.handler, on=day("06-01"))
    actions.review_draft(case, by=office.secrecy, on=day("06-01"))
    actions.approve_draft(case, by=office.leader, on=day("06-01"))
    actions.answer(case, by=office.handler, on=day("06-02"))
    actions.dispatch(case, by=office.handler, on=day("06-02"))
    answers = load.case_facts(case).answered
    assert [(a.outcome, a.replaces) for a in answers] == [("rejected_petition", ""), ("granted", first)]
    assert (case.outcome, case.closed_on, case.answer_number) == ("rejected_petition", day("03-10"), first)
    assert (case.dispatched_on, case.days_used) == (day("03-10"), 6)


def test_after_the_answer_nothing_reopens_the_case(office: Office) -> None:
    case = office.dispatched(office.in_process(), "03-10")
    office.drafted(case, "06-01")
    for action in (actions.withdraw, actions.lapse):
        with pytest.raises(Refused, match="已作出办理结果"):
            action(case, by=office.office, reason="—", on=day("06-01"))


def test_the_applicant_withdraws_before_the_decision(office: Office) -> None:
    case = office.in_process()
    actions.withdraw(case, by=APPLICANT, on=day("03-08"))
    assert (case.state, case.outcome, case.closed_on) == ("lapsed", "other_misc", day("03-08"))


def test_a_clerk_records_the_written_withdrawal(office: Office) -> None:
    with pytest.raises(ValidationError):
        actions.withdraw(office.in_process(), by=office.handler, on=day("03-08"))


def test_what_was_never_registered_stands_in_no_row(office: Office) -> None:
    case = office.submitted()
    actions.withdraw(case, by=APPLICANT, on=day("03-08"))
    assert (case.outcome, case.closed_on) == ("", day("03-08"))
    assert measures.get("requests.closed").count(Period.year(2022)) == 0


def test_a_redo_is_a_new_case_outside_table_three(office: Office) -> None:
    old = office.dispatched(office.in_process(), "03-10", "rejected_petition")
    new = actions.redo(
        old, by=office.office, order="甲政复决〔2022〕5号", served_on=day("06-06"), on=day("06-07")
    )
    assert (new.redo_of_id, new.state, new.counted) == (old.pk, "registered", False)
    assert (new.number, new.first_received_on, new.due_on) == (
        "city-office-2022-0002",
        day("06-06"),
        day("07-04"),
    )
    actions.accept(new, by=office.handler, on=day("06-08"))
    office.dispatched(new, "06-20")
    year = Period.year(2022)
    assert measures.get("requests.received").count(year) == 1
    assert measures.get("requests.closed").count(year, outcome="granted") == 0
    assert old.outcome == "rejected_petition"


def test_a_redo_keeps_the_orders_own_term_and_the_offices_choice(office: Office) -> None:
    RequestSettings.objects.create(organ=office.world.organs["city-office"], redo_counts=True)
    old = office.dispatched(office.in_process(), "03-10")
    new = actions.redo(old, by=office.office, order="判决", served_on=day("06-06"), days=15)
    assert (new.counted, new.due_on) == (True, day("06-27"))
    with pytest.raises(ValidationError):
        actions.redo(old, by=office.office, order="判决", served_on=day("03-01"))


def test_a_job_of_the_machine_is_bound_by_state_but_not_by_role(office: Office) -> None:
    case = office.in_process()
    actions.draft(case, by=MACHINE, outcome="granted", text="现予公开。", on=day("03-10"))
    with pytest.raises(Refused):
        actions.approve_draft(case, by=MACHINE, on=day("03-10"))
    actions.submit_draft(case, by=MACHINE, on=day("03-10"))
    actions.review_draft(case, by=MACHINE, on=day("03-10"))
    actions.approve_draft(case, by=MACHINE, on=day("03-10"))
    assert case.state == "approved"


def test_staff_of_another_organ_cannot_act_here(office: Office) -> None:
    case = office.registered()
    for code in ("city", "city-edu", "county-a-office"):
        with pytest.raises(Refused, match="办理范围"):
            actions.accept(case, by=Office(office.world, code).handler)


def test_a_successor_works_on_its_predecessors_cases(office: Office) -> None:
    old = Office(office.world, "old-b").registered("2021-03-01")
    actions.accept(old, by=Office(office.world, "county-b").handler, on=day("2021-04-01"))
    assert (old.state, old.path) == ("in_process", office.world.organs["old-b"].path)
