"""A mistake is put right by a superseding fact; both stay, and what follows from them is computed again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import crypto, measures
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry
from gongkai.organs.refusals import Refused
from gongkai.requests import actions
from gongkai.requests.models import Case, CaseAction, Submission
from tests.requests.stories import Office, day, form


def put_right(office: Office, case: Case, kind: str, **how: Any) -> CaseAction:
    entry = case.actions.filter(kind=kind).order_by("-seq")[0]
    how.setdefault("by", office.handler)
    how.setdefault("reason", "录入有误")
    return actions.supersede(case, seq=entry.seq, **how)


def test_both_facts_stay_and_the_year_of_receipt_counts_back(office: Office) -> None:
    case = office.registered("2022-01-04", channel="internet")
    entry = case.actions.get(kind="confirm")
    with pytest.raises(ValidationError):
        actions.supersede(case, by=office.handler, seq=entry.seq, on=day("2021-12-31"), reason=" ")
    put_right(office, case, "submit", on=day("2021-12-31"))
    row = put_right(office, case, "confirm", on=day("2021-12-31"))
    assert (row.supersedes_id, row.sealed) == (entry.pk, {"because": "录入有误"})
    assert CaseAction.objects.filter(pk=entry.pk, payload__received_on="2022-01-04").exists()
    assert (case.first_received_on, case.arrived_on) == (day("2021-12-31"), day("2021-12-31"))
    received = measures.get("requests.received")
    assert (received.count(Period.year(2021)), received.count(Period.year(2022))) == (1, 0)
    assert AuditEntry.objects.filter(verb="case.supersede", subject_id=str(case.pk)).count() == 2


def test_the_due_date_follows(office: Office) -> None:
    case = office.in_process()
    actions.propose_extension(case, by=office.handler, days=5, reason="需核实", on=day("03-08"))
    actions.approve_extension(case, by=office.head, on=day("03-09"))
    put_right(office, case, "approve_extension", by=office.head, days=10)
    assert case.due_on == day("04-14")
    assert Case.objects.get(pk=case.pk).due_on == day("04-14")


def test_a_fact_superseded_twice_counts_once(office: Office) -> None:
    case = office.in_process()
    actions.consult(case, by=office.handler, whom="third_party", name="某公司", on=day("03-04"))
    put_right(office, case, "consult", served_on=day("03-07"))
    put_right(office, case, "consult", served_on=day("03-08"))
    assert (case.open_inquiries, case.wait_until) == (1, day("03-29"))
    first = case.actions.filter(kind="consult").order_by("seq")[0]
    with pytest.raises(ValidationError, match="没有可以更正"):
        actions.supersede(case, by=office.handler, seq=first.seq, name="另一公司", reason="—")


def test_decisions_are_put_right_by_those_who_make_them(office: Office) -> None:
    case = office.in_process()
    actions.propose_extension(case, by=office.handler, days=5, reason="需核实", on=day("03-08"))
    actions.approve_extension(case, by=office.head, on=day("03-09"))
    with pytest.raises(Refused, match="有权办理"):
        put_right(office, case, "approve_extension", by=office.handler, days=10)


def test_what_is_put_right_must_still_hold_together(office: Office) -> None:
    case = office.dispatched(office.in_process(), "03-10")
    for kind, on in (("accept", "03-20"), ("answer", "03-20"), ("answer", "03-01"), ("confirm", "02-01")):
        with pytest.raises(ValidationError):
            put_right(office, case, kind, on=day(on))
    with pytest.raises(ValidationError, match="不能接在"):
        put_right(office, case, "accept", annul=True)
    case.refresh_from_db()
    assert (case.state, case.closed_on, case.last_seq) == ("dispatched", day("03-10"), 9)


def test_what_a_dispatched_answer_says_is_never_put_right(office: Office) -> None:
    case = office.dispatched(office.in_process(), "03-10")
    with pytest.raises(ValidationError, match="不能更正"):
        put_right(office, case, "answer", outcome="rejected_petition")
    with pytest.raises(Refused, match="替代答复"):
        put_right(office, case, "answer", annul=True)
    put_right(office, case, "dispatch", on=day("03-11"))
    assert (case.dispatched_on, case.outcome) == (day("03-11"), "granted")


def test_an_annulled_step_never_was(office: Office) -> None:
    case = office.answered(office.in_process(), "03-10")
    put_right(office, case, "answer", annul=True)
    assert (case.state, case.outcome, case.closed_on, case.answer_number) == ("approved", "", None, "")
    put_right(office, case, "approve_draft", by=office.leader, annul=True)
    assert case.state == "approval"
    assert case.actions.filter(kind="annul").count() == 2


def test_registration_is_never_annulled(office: Office) -> None:
    case = office.registered()
    with pytest.raises(Refused, match="不能撤销"):
        put_right(office, case, "confirm", annul=True)


def test_a_wrong_kind_of_applicant_moves_the_column(office: Office) -> None:
    case = office.registered()
    put_right(office, case, "submit", applicant_kind="legal_service_org")
    received = measures.get("requests.received")
    assert received.by_path(Period.year(2022), case.path) == {(case.path, ("legal_service_org",)): 1}


def test_a_clerks_slip_in_the_form_is_put_right_and_found(office: Office) -> None:
    case = office.submitted(by=office.handler, applicant_name="孙来信")
    original = bytes(Submission.objects.get(pk=case.submission_id).raw)
    put_right(office, case, "submit", form=form(applicant_name="孙来新"))
    stored = Submission.objects.get(pk=case.submission_id)
    assert (stored.form["applicant_name"], stored.name_index) == ("孙来新", crypto.blind("name", "孙来新"))
    assert bytes(stored.raw) == original
    assert "孙来信" in original.decode()


def test_parts_are_put_right_on_their_own(office: Office) -> None:
    trunk = office.registered()
    part, _ = actions.split(trunk, by=office.office, parts=["甲", "乙"], reason="一事一申请", on=day("03-03"))
    with pytest.raises(Refused, match="各拆分件"):
        put_right(office, trunk, "confirm", on=day("03-01"))
    put_right(office, part, "part", received_on=day("03-01"))
    assert part.first_received_on == day("03-01")


@pytest.mark.parametrize("how", [{}, {"colour": "red"}, {"until": "soon"}, {"number": "x"}])
def test_only_what_can_be_wrong_can_be_put_right(office: Office, how: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        put_right(office, office.registered(), "confirm", **how)


def test_stored_actions_are_never_changed_or_deleted(office: Office) -> None:
    row = office.registered().actions.get(kind="confirm")
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
