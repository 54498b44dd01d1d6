"""What comes by mail, fax, e-mail, in person or by word of mouth is entered by a clerk, once, with its scan."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.law.outcomes import CHANNELS
from gongkai.requests import tracking
from gongkai.requests.models import Case, CaseFile, Submission
from tests.desk.cases.conftest import Desk, desk_of, initial
from tests.requests.stories import Office


def filled(desk: Desk, **answers: Any) -> dict[str, Any]:
    form = desk.get("/desk/cases/new/").context["form"]
    return {
        **initial(form),
        "channel": "signed_mail",
        "kind": "natural_person",
        "applicant_name": "周来信",
        "info_description": "2021年河道治理项目清单",
        **answers,
    }


@pytest.mark.parametrize("channel", [key for key in CHANNELS if key != "internet"])
def test_every_channel_on_paper_can_be_entered(office: Office, handler: Desk, channel: str) -> None:
    response = handler.post("/desk/cases/new/", filled(handler, channel=channel))
    assert "申请已登记" in handler.page
    case = Case.objects.get()
    assert (case.submission.channel, case.state) == (channel, "submitted")
    assert case.submission.entered_by == f"staff:{office.world.people['city-office-handler'].pk}"
    assert CHANNELS[channel].confirm_rule.text in handler.page
    reference, secret = re.findall(r'class="receipt__number">([^<]+)<', handler.page)
    assert tracking.find(reference, secret) == case.submission
    assert secret not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
    handler.do(case, "confirm")
    case.refresh_from_db()
    assert case.first_received_on is not None


def test_the_scan_is_kept_as_such(office: Office, handler: Desk) -> None:
    scan = SimpleUploadedFile("周来信.pdf", b"%PDF-1", "application/pdf")
    handler.post("/desk/cases/new/", filled(handler, papers=scan))
    assert CaseFile.objects.get().purpose == CaseFile.Purpose.SCAN
    bad = SimpleUploadedFile("周来信.exe", b"MZ", "application/octet-stream")
    response = handler.post("/desk/cases/new/", filled(handler, papers=bad))
    assert response.status_code == 422
    assert "papers" in response.context["form"].errors
    assert Submission.objects.count() == 1


def test_the_same_form_sent_twice_is_one_case(office: Office, handler: Desk) -> None:
    sent = filled(handler)
    handler.post("/desk/cases/new/", sent)
    first = re.findall(r'class="receipt__number">([^<]+)<', handler.page)
    handler.post("/desk/cases/new/", sent)
    assert "没有重复" in handler.page
    assert re.findall(r'class="receipt__number">([^<]+)<', handler.page) == first
    assert Case.objects.count() == 1


def test_what_is_missing_is_said_and_nothing_is_lost(office: Office, handler: Desk) -> None:
    response = handler.post("/desk/cases/new/", filled(handler, applicant_name="", on="2022-03-25"))
    assert response.status_code == 422
    assert "请填写姓名或者名称。" in handler.page
    assert "2021年河道治理项目清单" in handler.page
    response = handler.post("/desk/cases/new/", filled(handler, on="2022-03-25"))
    assert "日期不能晚于今天" in handler.page
    assert Case.objects.count() == 0


def test_only_organs_one_works_for_can_be_chosen(office: Office, handler: Desk, secrecy: Desk) -> None:
    foreign = office.world.organs["city-edu"]
    response = handler.post("/desk/cases/new/", filled(handler, organ=str(foreign.pk)))
    assert response.status_code == 422
    assert Case.objects.count() == 0
    assert "甲市教育局" not in handler.page
    desk = desk_of(office.world, "city-edu-handler")
    desk.post("/desk/cases/new/", filled(desk))
    assert Case.objects.get().organ == foreign
    secrecy.post("/desk/cases/new/", filled(secrecy))
    assert "保密审查岗不能办理" in secrecy.page
