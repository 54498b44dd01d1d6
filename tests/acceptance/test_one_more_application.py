"""One number's way: an application through the portal, an answer at the desk, one more in the cell of the report."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai import cli
from gongkai.base import clock
from gongkai.demo.places import LY_OFFICE
from gongkai.organs.models import Person
from gongkai.requests.models import Case, CaseFile
from tests.desk.cases.conftest import Desk
from tests.portal.conftest import WHO, Applicant, receipt_of

SERVED_ON = dt.date(2022, 12, 30)
NAME = WHO["applicant_name"]
CELLS = ("new_received", "partially_granted")


@pytest.fixture(autouse=True)
def _served_at_the_end_of_the_year(_on_the_demos_day: None) -> Iterator[None]:
    with clock.on_day(SERVED_ON):
        yield


def table3(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, int]]:
    arguments = ["report", "compile", "--organ", "洛阳市人民政府办公室", "--year", "2022", "--json"]
    assert cli.main(arguments) == 0
    return json.loads(capsys.readouterr().out)["table3"]


def desk(username: str) -> Desk:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return Desk(client)


@pytest.mark.seed("S110")
def test_the_cells_grow_by_exactly_one_and_strangers_see_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = table3(capsys)
    applicant = Applicant(Client(), LY_OFFICE)
    applicant.fill()
    evidence = SimpleUploadedFile("身份证.pdf", b"%PDF-1.4 identity", content_type="application/pdf")
    applicant.send(identity_files=evidence)
    reference, secret = receipt_of(applicant.response)
    case = Case.objects.get(submission__reference=reference)

    _answer_partly(case)

    after = table3(capsys)
    assert _differences(before, after) == {
        f"{row}.{column}": 1 for row in (*CELLS, "outcome_total") for column in ("natural_person", "total")
    }
    _strangers_see_nothing(case, reference)
    _applicant_reads_the_answer(reference, secret)


def _answer_partly(case: Case) -> None:
    handler, office = desk(f"{LY_OFFICE}-handler"), desk(f"{LY_OFFICE}-office")
    office.do(case, "confirm", method="phone")
    handler.do(case, "accept")
    handler.do(
        case,
        "draft",
        outcome="partially_granted",
        article="《政府信息公开条例》第三十七条",
        reason="其中涉及第三方个人隐私的内容不予公开。",
        text="现将可以公开的部分提供给您。",
    )
    handler.do(case, "submit_draft")
    desk(f"{LY_OFFICE}-secrecy").do(case, "review_draft", note="同意。")
    desk(f"{LY_OFFICE}-leader").do(case, "approve_draft")
    office.do(case, "answer")
    office.do(case, "dispatch")
    case.refresh_from_db()
    assert (case.outcome, case.closed_on) == ("partially_granted", SERVED_ON)


def _differences(before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]) -> dict[str, int]:
    return {
        f"{row}.{column}": after[row][column] - value
        for row, columns in before.items()
        for column, value in columns.items()
        if after[row][column] != value
    }


def _strangers_see_nothing(case: Case, reference: str) -> None:
    stranger = desk("ly-edu-handler")
    files = CaseFile.objects.filter(action__case=case)
    assert files.exists()
    for address in (
        f"/desk/cases/{case.pk}/",
        f"/desk/cases/{case.pk}/?do=accept",
        f"/desk/cases/{case.pk}/slip/",
        *(f"/desk/cases/{case.pk}/files/{file.pk}/" for file in files),
    ):
        assert stranger.get(address).status_code == 404, address
    traces = (NAME, reference, str(case.number))
    for address in ("/desk/today/", "/desk/cases/", "/desk/cases/export.csv"):
        stranger.get(address)
        content = b"".join(stranger.response) if stranger.response.streaming else stranger.response.content
        assert not any(trace in html.unescape(content.decode()) for trace in traces), address
    for words in traces:
        stranger.get("/desk/search/", q=words)
        assert f"/desk/cases/{case.pk}/" not in stranger.page
    stranger.get("/desk/cases/export.xlsx")
    assert not _in_workbook(b"".join(stranger.response), traces)


def _in_workbook(content: bytes, traces: tuple[str, ...]) -> bool:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    cells = [str(value) for row in (sheet.iter_rows(values_only=True) if sheet else ()) for value in row]
    return any(trace in cell for cell in cells for trace in traces)


def _applicant_reads_the_answer(reference: str, secret: str) -> None:
    client = Client()
    response: Any = client.post("/track/", {"reference": reference, "secret": secret}, follow=True)
    page = html.unescape(response.content.decode())
    assert "现将可以公开的部分提供给您。" in page
    assert "部分公开" in page
