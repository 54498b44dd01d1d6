"""One application from the portal to its archive."""

from __future__ import annotations

from gongkai.organs.actors import APPLICANT
from gongkai.requests import actions
from gongkai.requests.models import Case, CaseAction
from tests.requests.stories import Office, day, form


def test_an_application_is_answered_within_its_term(office: Office) -> None:
    receipt = actions.submit(
        organ=office.world.organs["city-office"],
        channel="internet",
        kind="natural_person",
        form=form(),
        token="a-token",
        by=APPLICANT,
        on=day("03-01"),
    )
    case = receipt.case
    assert (case.state, case.number, case.due_on) == ("submitted", None, None)

    actions.confirm(case, by=office.handler, on=day("03-02"), method="phone")
    assert case.number == "city-office-2022-0001"
    assert (case.first_received_on, case.due_on) == (day("03-02"), day("03-30"))

    actions.accept(case, by=office.handler, on=day("03-03"))
    assert case.handler_id == office.handler.person_id
    actions.draft(case, by=office.handler, on=day("03-10"), outcome="granted", text="现予公开。")
    actions.submit_draft(case, by=office.handler, on=day("03-10"))
    actions.review_draft(case, by=office.secrecy, on=day("03-11"), note="不涉密")
    actions.approve_draft(case, by=office.leader, on=day("03-14"))
    actions.answer(case, by=office.handler, on=day("03-15"))
    assert (case.outcome, case.closed_on) == ("granted", day("03-15"))
    assert case.answer_number == "甲市人民政府办公室公开告〔2022〕1号"
    actions.dispatch(case, by=office.handler, on=day("03-16"))
    assert case.days_used == 10
    actions.serve(case, by=office.handler, on=day("03-16"))
    actions.archive(case, by=office.handler, on=day("12-01"))

    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.last_seq, stored.dispatched_on) == ("archived", 11, day("03-16"))
    assert list(CaseAction.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)) == [
        "submit", "confirm", "accept", "draft", "submit_draft", "review_draft", "approve_draft", "answer",
        "dispatch", "serve", "archive",
    ]  # fmt: skip
