"""Receipt: channels and their dates, the clerk's entry, double sending, limits, forwarding."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock, files
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, limits
from gongkai.requests.actions import Upload
from gongkai.requests.models import Attempt, Case, CaseFile, Submission
from tests.requests.stories import Office, day, form

PDF = b"%PDF-1.7 scanned letter"


def submit(office: Office, **changes: Any) -> actions.Receipt:
    """One application of 2 March through the portal, with changes."""
    arguments: dict[str, Any] = {
        "organ": office.world.organs["city-office"],
        "channel": "internet",
        "kind": "natural_person",
        "form": form(),
        "token": "token",
        "by": APPLICANT,
        "on": day("03-02"),
    }
    return actions.submit(**(arguments | changes))


@pytest.mark.seed("S111")
@pytest.mark.parametrize(
    ("channel", "received"),
    [
        ("in_person", "03-02"),
        ("oral", "03-02"),
        ("signed_mail", "03-02"),
        ("plain_mail", "03-04"),
        ("internet", "03-04"),
        ("email", "03-04"),
        ("fax", "03-04"),
    ],
)
def test_the_receipt_date_follows_from_the_channel(office: Office, channel: str, received: str) -> None:
    case = submit(office, channel=channel, by=office.handler).case
    assert (case.state, case.first_received_on, case.due_on) == ("submitted", None, None)
    actions.confirm(case, by=office.handler, on=day("03-04"))
    assert case.first_received_on == day(received)
    assert case.number == "city-office-2022-0001"


def test_a_clerk_enters_mail_with_its_scan(office: Office) -> None:
    paper = {"applicant_name": "孙来信", "info_description": "拆迁补偿方案"}
    receipt = submit(
        office, by=office.handler, channel="signed_mail", form=paper, files=[Upload("来信.pdf", PDF)]
    )
    kept = CaseFile.objects.get(action__case=receipt.case)
    assert kept.purpose == "scan"
    assert files.read(kept.file) == PDF
    assert receipt.case.submission.entered_by == office.handler.key


def test_original_bytes_are_kept_as_they_came(office: Office) -> None:
    submission = submit(office, raw=b"field=value&more").case.submission
    stored = Submission.objects.get(pk=submission.pk)
    assert bytes(stored.raw) == b"field=value&more"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"kind": "robot"}, "kind"),
        ({"token": ""}, "token"),
        ({"on": dt.date(2023, 1, 1)}, "on"),
        ({"form": form(applicant_name="")}, "applicant_name"),
        ({"form": form(id_number="")}, "id_number"),
        ({"form": form(phone="")}, "phone"),
        ({"form": form(info_description=" ")}, "info_description"),
        ({"form": form(delivery_way="owl")}, "delivery_way"),
        ({"form": form(info_description="字" * 5001)}, "info_description"),
        ({"submitted_on": dt.date(2022, 3, 3)}, "submitted_on"),
    ],
)
def test_bad_input_is_named_by_field(office: Office, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        submit(office, **changes)
    assert field in refused.value.message_dict
    assert not Case.objects.exists()


def test_no_purpose_is_asked_for(office: Office) -> None:
    kept = submit(office, form=form() | {"purpose": "生产需要"}).case.submission.form
    assert "purpose" not in kept


@pytest.mark.parametrize("role", ["supervisor", "auditor", "operator", "leader", "secrecy"])
def test_only_the_applicant_and_the_desk_submit(office: Office, role: str) -> None:
    actor = replace(office.handler, role=role)
    with pytest.raises(Refused):
        submit(office, by=actor)


def test_another_organs_clerk_cannot_enter_here(office: Office) -> None:
    stranger = Office(office.world, "county-b").handler
    with pytest.raises(Refused):
        submit(office, by=stranger)


def test_an_organ_that_takes_no_requests_says_so(office: Office) -> None:
    organ = office.world.organs["city-edu"]
    organ.accepts_requests = False
    with pytest.raises(Refused, match="不直接受理"):
        submit(office, organ=organ)


def test_the_same_form_sent_twice_is_one_case(office: Office) -> None:
    first, second = submit(office), submit(office)
    assert (second.case, second.reference, second.secret) == (first.case, first.reference, first.secret)
    assert (first.repeated, second.repeated) == (False, True)
    assert Case.objects.count() == 1


def test_a_used_form_with_other_content_is_not_swallowed(office: Office) -> None:
    submit(office)
    with pytest.raises(ValidationError) as refused:
        submit(office, form=form(info_description="另一份材料"))
    assert "token" in refused.value.message_dict


def test_numbers_run_without_gaps_by_organ_and_year(office: Office) -> None:
    edu = Office(office.world, "city-edu")
    numbers = [office.registered().number, edu.registered().number, office.registered().number]
    with pytest.raises(Refused):  # a refused confirmation takes no number
        actions.confirm(Case.objects.get(number=numbers[0]), by=office.handler)
    numbers.append(office.registered("2021-12-30").number)
    numbers.append(office.registered().number)
    assert numbers == [
        "city-office-2022-0001",
        "city-edu-2022-0001",
        "city-office-2022-0002",
        "city-office-2021-0001",
        "city-office-2022-0003",
    ]


def test_references_tell_no_counts(office: Office) -> None:
    references = {office.submitted().submission.reference for _ in range(5)}
    assert len(references) == 5
    assert all(len(reference) == 12 and reference.isalnum() for reference in references)


def test_a_year_without_calendar_never_blocks_receiving(office: Office) -> None:
    with clock.on_day(dt.date(2031, 3, 3)):
        case = actions.confirm(office.submitted("2031-03-03"), by=office.handler)
        actions.accept(case, by=office.handler)
    assert (case.state, case.first_received_on, case.due_on) == ("in_process", dt.date(2031, 3, 3), None)


def test_contacts_are_logged_until_somebody_answers(office: Office) -> None:
    case = office.submitted()
    actions.contact(case, by=office.handler, note="电话无人接听", reached=False, on=day("03-02"))
    with pytest.raises(ValidationError):
        actions.contact(case, by=office.handler, note=" ")
    assert case.state == "submitted"
    assert case.actions.filter(kind="contact").count() == 1


@pytest.mark.seed("S118")
def test_forwarding_is_for_unnumbered_applications_only(office: Office) -> None:
    case = office.submitted()
    with pytest.raises(ValidationError):
        actions.forward(case, by=office.office)
    actions.forward(case, by=office.office, organ=office.world.organs["city-edu"], on=day("03-03"))
    assert (case.state, case.forwarded_on, case.number) == ("forwarded", day("03-03"), None)
    with pytest.raises(Refused, match="已编号登记"):
        actions.forward(office.registered(), by=office.office, to="市教育局")


def test_the_hourly_limit_keeps_no_address(office: Office, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2
    limits.limit_submissions("192.0.2.7")
    limits.limit_submissions("192.0.2.7")
    limits.limit_submissions("192.0.2.8")
    with pytest.raises(Refused, match="没有收到您的申请"):
        limits.limit_submissions("192.0.2.7")
    assert not any(
        "192.0.2" in value for row in Attempt.objects.values_list("key", "purpose") for value in row
    )


def test_no_limit_leaves_no_trace(office: Office, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 0
    limits.limit_submissions("192.0.2.7")
    assert not Attempt.objects.exists()
