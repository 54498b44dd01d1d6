"""Who applied is encrypted at rest, masked outside the handling organ, and findable only inside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from gongkai.base.models import AuditEntry, OutboxMessage, StoredFile
from gongkai.organs import scope
from gongkai.organs.actors import APPLICANT
from gongkai.organs.models import Role
from gongkai.organs.scope import Viewer
from gongkai.requests import actions, applicants, casefile, queries
from gongkai.requests.actions import Upload
from gongkai.requests.models import Case, CaseFile
from tests.requests.conftest import TODAY
from tests.requests.stories import NAME, NUMBER, PHONE, Office, day

SECRETS = (
    NAME,
    NUMBER,
    PHONE,
    "道路维修计划",
    "某第三方公司",
    "钱测试的身份证.pdf",
    "答复正文在此",
    "请写明路段",
)


def viewer(office: Office, code: str, role: str) -> Viewer:
    return scope.viewer(office.world.people[f"{code}-{role}"], TODAY)


@pytest.fixture
def case(office: Office) -> Case:
    """A case with a name, a third party, a file and an answer in it."""
    case = office.in_process()
    identity = Upload("钱测试的身份证.pdf", b"%PDF-1 id", "identity")
    actions.attach(case, by=APPLICANT, files=[identity], on=day("03-03"))
    actions.ask_correction(case, by=office.handler, what="请写明路段。", on=day("03-03"))
    actions.receive_correction(case, by=APPLICANT, text=f"{NAME}补正：人民路", on=day("03-04"))
    actions.consult(case, by=office.handler, whom="third_party", name="某第三方公司", on=day("03-04"))
    actions.close_consultation(case, by=office.handler, reply="agree", on=day("03-08"))
    return office.dispatched(case, "03-10", text="答复正文在此")


def test_no_table_holds_a_name_in_the_clear(case: Case) -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  the database's own table names
            content = repr([[_raw(value) for value in row] for row in cursor.fetchall()])
            for secret in SECRETS:
                assert secret not in content, table


def _raw(value: Any) -> Any:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value


def test_no_file_on_disk_shows_its_name_or_content(case: Case, settings: Any) -> None:
    stored = CaseFile.objects.get(action__case=case, purpose="identity").file
    path = settings.HOME.files / stored.key[:2] / stored.key
    assert b"%PDF" not in path.read_bytes()
    assert isinstance(stored, StoredFile)


def test_audit_and_outbox_name_nobody(case: Case) -> None:
    entries = [entry.detail for entry in AuditEntry.objects.filter(subject_id=str(case.pk))]
    messages = [message.payload for message in OutboxMessage.objects.all()]
    assert len(entries) > 10
    assert len(messages) > 3
    assert not any(secret in repr([*entries, *messages]) for secret in SECRETS)


def test_the_handling_organ_sees_who_applied(office: Office, case: Case) -> None:
    page = casefile.case_page(viewer(office, "city-office", "handler"), TODAY, pk=case.pk)
    assert page.identified
    assert (page.form["applicant_name"], page.form["id_number"]) == (NAME, NUMBER)
    assert page.inquiries[0].name == "某第三方公司"
    assert page.answers[0].text == "答复正文在此"
    assert [file.purpose for file in page.files] == ["identity"]


def test_an_overseer_sees_the_case_and_nobody_in_it(office: Office, case: Case) -> None:
    page = casefile.case_page(viewer(office, "city", "supervisor"), TODAY, pk=case.pk)
    assert not page.identified
    assert (page.form["applicant_name"], page.form["phone"]) == ("钱**", "***00")
    assert page.form["id_number"] == "4****************1"
    assert (page.files, page.same_applicant, page.draft, page.answers) == ((), (), None, ())
    written = repr((page.happenings, page.inquiries, page.form))
    assert not any(secret in written for secret in SECRETS if secret != "道路维修计划")
    assert page.state == "已发出"


def test_masking_reaches_into_the_description(office: Office) -> None:
    case = office.registered(info_description=f"{NAME}（{PHONE}）名下房屋的征收档案")
    page = casefile.case_page(viewer(office, "city", "auditor"), TODAY, pk=case.pk)
    assert page.form["info_description"] == "钱**（***00）名下房屋的征收档案"


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("applicant_name", "欧阳某", "欧**"),
        ("id_number", "41030019900101001X", "4****************X"),
        ("id_number", "12", "***"),
        ("phone", "123", "***"),
        ("email", "someone@example.com", "s***@example.com"),
        ("address", "某市某路1号", "***"),
        ("agent_name", "", ""),
    ],
)
def test_each_field_has_its_mask(key: str, value: str, shown: str) -> None:
    assert applicants.mask(key, value) == shown


@pytest.mark.parametrize("text", [NAME, f" {NAME} ", NUMBER, PHONE, "138 0000 0000"])
def test_applicants_are_found_by_name_id_and_phone(office: Office, case: Case, text: str) -> None:
    assert queries.find(viewer(office, "city-office", "handler"), text) == [case]


def test_cases_are_found_by_their_numbers(office: Office, case: Case) -> None:
    handler = viewer(office, "city-office", "handler")
    for text in (case.number, case.submission.reference, case.answer_number):
        assert queries.find(handler, text or "") == [case]
    assert queries.find(handler, "") == []
    assert queries.find(handler, "没有这个人") == []


def test_names_find_nothing_outside_the_handling_organ(office: Office, case: Case) -> None:
    overseer, neighbour = viewer(office, "city", "supervisor"), viewer(office, "city-edu", "handler")
    assert queries.find(overseer, NAME) == []
    assert queries.find(overseer, case.number or "") == [case]
    for text in (NAME, case.number or "", case.submission.reference):
        assert queries.find(neighbour, text) == []


@pytest.mark.parametrize("code", ["city-edu", "county-a", "county-a-office", "town-a1"])
def test_a_case_of_another_organ_does_not_exist(office: Office, case: Case, code: str) -> None:
    kept = CaseFile.objects.get(action__case=case, purpose="identity")
    for role in Role.values:
        stranger = viewer(office, code, role)
        with pytest.raises(Http404):
            casefile.case_page(stranger, TODAY, pk=case.pk)
        with pytest.raises(Http404):
            casefile.file_in(stranger, kept.pk)
        for which in queries.LISTS:
            assert case not in queries.work_list(stranger, which, TODAY)


def test_the_public_learns_month_outcome_article_and_days(case: Case) -> None:
    assert casefile.public_row(case) == {
        "month": "2022-03",
        "outcome": "予以公开",
        "article": "《政府信息公开条例》第三十六条第（一）项、第（二）项",
        "days_used": case.days_used,
    }
