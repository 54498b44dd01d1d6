"""What is out of scope does not exist: no page, file, action, row, count, search or export tells of it."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.law import procedure
from gongkai.requests import actions
from gongkai.requests.models import Case, CaseFile
from tests.desk.cases.conftest import PERSONAL, Desk, desk_of
from tests.requests.stories import NAME, NUMBER, PHONE, Office, day

STRANGERS = ("city-edu-handler", "city-edu-office", "county-a-office-head", "county-b-leader", "city-head")
VIEWS = ("mine", "office", "due_soon", "unconfirmed", "closed", "to_decide", "overdue", "two_days", "expired")


@pytest.fixture
def case(office: Office, handler: Desk) -> Case:
    """An open case of the office with a file, a draft and everything urgent about it."""
    found = office.in_process("03-02")
    handler.do(found, "attach", purpose="identity", papers=SimpleUploadedFile("证.pdf", b"%PDF-1"))
    actions.propose_extension(found, by=office.handler, days=5, reason="需核实", on=day("03-24"))
    return found


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize("username", STRANGERS)
def test_a_stranger_finds_no_trace(office: Office, case: Case, username: str) -> None:
    desk, file = desk_of(office.world, username), CaseFile.objects.get()
    office.submitted("03-23")
    for address in (
        f"/desk/cases/{case.pk}/",
        f"/desk/cases/{case.pk}/slip/",
        f"/desk/cases/{case.pk}/form/",
        f"/desk/cases/{case.pk}/files/{file.pk}/",
    ):
        assert desk.get(address).status_code == 404, address
    for key in procedure.ACTIONS:
        address = f"/desk/cases/{case.pk}/?do={key}"
        assert desk.get(address).status_code == 404, key
        assert desk.post(address, {"seen": "4", "note": "x", "because": "x"}).status_code == 404, key
    assert Case.objects.get(pk=case.pk).last_seq == case.last_seq
    for view in VIEWS:
        desk.get("/desk/cases/", view=view)
        assert desk.response.context["count"].value == 0
        assert str(case.number) not in desk.page
        rows = body(desk.get("/desk/cases/export.csv", view=view)).decode().splitlines()
        assert len(rows) == 1, rows
    assert "眼下没有等着办的事" in (desk.get("/desk/today/") and desk.page)
    for typed in (str(case.number), case.submission.reference, *PERSONAL):
        desk.post("/desk/search/", {"q": typed})
        assert "没有找到相符的案件" in desk.page, typed


def test_who_oversees_sees_the_case_masked_and_acts_on_nothing(office: Office, case: Case) -> None:
    desk, file = desk_of(office.world, "city-supervisor"), CaseFile.objects.get()
    assert desk.get(f"/desk/cases/{case.pk}/").status_code == 200
    for word in (NAME, NUMBER, PHONE):
        assert word not in desk.page
    assert "钱**" in desk.page
    assert "需核实" not in desk.page
    assert "您现在的岗位可以查看，不能办理。" in desk.page
    assert "?do=" not in desk.page
    assert desk.get(f"/desk/cases/{case.pk}/?do=accept").status_code == 404
    assert desk.get(f"/desk/cases/{case.pk}/files/{file.pk}/").status_code == 404
    assert desk.get(f"/desk/cases/{case.pk}/slip/").status_code == 404
    desk.get("/desk/cases/", view="office")
    assert str(case.number) in desk.page
    assert NAME not in desk.page
    desk.post("/desk/search/", {"q": NAME})
    assert "没有找到相符的案件" in desk.page
    desk.post("/desk/search/", {"q": str(case.number)})
    assert desk.addresses[-1] == f"/desk/cases/{case.pk}/"
    assert desk.get("/desk/cases/new/").status_code == 404


def test_a_successor_continues_its_predecessors_case(office: Office) -> None:
    old = Office(office.world, "old-b").in_process("03-02")
    desk = desk_of(office.world, "county-b-handler")
    desk.get(f"/desk/cases/{old.pk}/")
    assert NAME in desk.page
    desk.do(old, "contact", note="由继受机关联系")
    assert "已办理“记录联系情况”" in desk.said


def test_operators_have_no_cases(office: Office, case: Case) -> None:
    desk = desk_of(office.world, "city-office-operator")
    for address in (
        "/desk/today/",
        "/desk/cases/",
        "/desk/cases/export.csv",
        "/desk/cases/new/",
    ):
        assert desk.get(address).status_code == 404, address
    for typed in (str(case.number), NAME, NUMBER, PHONE):
        desk.post("/desk/search/", {"q": typed})
        assert "没有找到相符的案件" in desk.page, typed


def test_strangers_to_the_house_are_asked_to_sign_in(client: Any, db: None) -> None:
    for address in ("/desk/today/", "/desk/cases/1/", "/desk/cases/1/files/1/", "/desk/cases/export.csv"):
        assert client.get(address)["Location"].startswith("/desk/sign-in/")


def test_a_sealed_search_is_its_owners_alone(office: Office, case: Case, handler: Desk, head: Desk) -> None:
    office.in_process("03-02")
    handler.post("/desk/search/", {"q": NAME})
    token = handler.addresses[-1].partition("?s=")[2]
    assert str(case.number) in handler.page
    head.get("/desk/search/", s=token)
    assert str(case.number) not in head.page
    head.get("/desk/search/", s="nonsense")
    assert head.response.status_code == 200


def test_the_export_holds_no_applicant_and_no_formula(office: Office, handler: Desk, case: Case) -> None:
    text = body(handler.get("/desk/cases/export.csv", view="office")).decode("utf-8-sig")
    header, line = text.splitlines()
    assert header.split(",")[:4] == ["编号", "机关", "申请人类别", "到达日期"]
    assert line.startswith(
        f"{case.number},甲市人民政府办公室,自然人,2022-03-02,2022-03-02,2022-03-30,4,办理中"
    )
    assert not any(word in text for word in (*PERSONAL, "道路维修"))
    response = handler.get("/desk/cases/export.xlsx", view="office")
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).worksheets[0]
    assert sheet.max_row == 2
    assert sheet["A2"].value == case.number
    assert not any(word in response["Content-Disposition"] for word in PERSONAL)
    assert handler.get("/desk/cases/export.csv", view="none").status_code == 404


def test_numbers_no_case_can_have_lead_nowhere(handler: Desk) -> None:
    for address in ("/desk/cases/99999999999999999999/", "/desk/cases/1/files/99999999999999999999/"):
        assert handler.get(address).status_code == 404, address
