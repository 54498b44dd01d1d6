"""The application form: from the first question to the receipt, without script, without a trace on the way."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from gongkai.base import clock
from gongkai.portal.draft import Draft, LostDraft
from gongkai.requests.models import Case, CaseFile, Submission
from tests.portal.conftest import HOW, PERSONAL, WHO, Applicant, receipt_of

PDF = b"%PDF-1.4 identity"


def test_the_form_leads_to_a_receipt_and_one_case(applicant: Applicant) -> None:
    with clock.on_day(dt.date(2022, 12, 30)):
        html = applicant.fill().send().content.decode()
    reference, secret = receipt_of(applicant.response)
    submission = Submission.objects.get(reference=reference)
    assert submission.form["applicant_name"] == "欧阳测试"
    assert submission.form["info_description"].startswith("2021年无名路")
    assert submission.form["delivery_way"] == "website"
    assert "kind" not in submission.form
    assert (submission.kind, submission.channel) == ("natural_person", "internet")
    assert Case.objects.get().arrived_on == dt.date(2022, 12, 30)
    assert "登记回执" in html
    assert "2022年12月30日" in html
    assert "以双方确认之日为收到申请之日" in html
    assert "待确认" in html
    assert secret not in submission.secret_hash


def test_the_check_page_shows_every_answer_in_words(applicant: Applicant) -> None:
    html = applicant.fill().page
    assert "核对并提交" in html
    for words in (*PERSONAL, "自然人", "居民身份证", "电子文件", "在本网站下载"):
        assert words in html


def test_an_answer_can_be_changed_from_the_check_page_and_leads_back_to_it(applicant: Applicant) -> None:
    applicant.fill().post("check", go="edit:who")
    assert 'value="欧阳测试"' in applicant.page
    applicant.post("who", {**WHO, "applicant_name": "欧阳改名"})
    assert "核对并提交" in applicant.page
    assert "欧阳改名" in applicant.page
    applicant.send()
    assert Submission.objects.get().form["applicant_name"] == "欧阳改名"


def test_going_back_keeps_what_was_typed_even_if_it_is_wrong(applicant: Applicant) -> None:
    applicant.post("who", WHO)
    applicant.post("reach", {"email": "不是邮箱"}, go="back")
    assert 'value="欧阳测试"' in applicant.page
    applicant.post("who", WHO)
    assert "电子邮箱的写法不对" in applicant.page
    assert 'value="不是邮箱"' in applicant.page


@pytest.mark.parametrize(
    ("step", "answers", "sentence", "field"),
    [
        ("who", {**WHO, "applicant_name": ""}, "请填写姓名或者单位名称。", "applicant_name"),
        ("who", {**WHO, "kind": "martian"}, "选择一个有效的选项", "kind_0"),
        ("who", {**WHO, "agent_phone": "139"}, "请填写代理人姓名", "agent_name"),
        ("reach", {}, "请至少留一样", "phone"),
        ("reach", {"email": "nobody"}, "电子邮箱的写法不对", "email"),
        ("what", {"info_description": "  "}, "请写明要申请公开的信息。", "info_description"),
        ("what", {"info_description": "长" * 3001}, "请写在3000字以内", "info_description"),
        ("how", {**HOW, "delivery_way": "mail"}, "您没有留通信地址", "delivery_way_0"),
        ("how", {**HOW, "delivery_way": "email"}, "您没有留电子邮箱", "delivery_way_0"),
        ("how", {}, "请选择信息的形式。", "delivery_form_0"),
    ],
)
def test_bad_input_is_refused_politely_beside_the_field_and_at_the_top(
    applicant: Applicant, step: str, answers: dict[str, str], sentence: str, field: str
) -> None:
    before = {"who": WHO, "reach": {"phone": "1"}, "what": {"info_description": "某文件"}, "how": HOW}
    for key, given in before.items():
        if key == step:
            break
        applicant.post(key, given)
    applicant.post(step, answers)
    html = applicant.page
    assert 'class="error-summary" role="alert"' in html
    assert re.search(rf'<a href="#id_{field}">[^<]*{re.escape(sentence)}', html), html
    assert 'class="field field--error"' in html
    assert f'id="id_{field}"' in html
    assert Case.objects.count() == 0


def test_the_same_form_sent_twice_makes_one_case_and_shows_the_same_receipt(applicant: Applicant) -> None:
    applicant.fill()
    check_page = applicant.response
    first = receipt_of(applicant.send())
    applicant.response = check_page
    again = applicant.send()
    assert receipt_of(again) == first
    assert "没有重复登记" in again.content.decode()
    assert (Submission.objects.count(), Case.objects.count()) == (1, 1)


def test_two_forms_are_two_cases(client: Client, applicant: Applicant) -> None:
    first = receipt_of(applicant.fill().send())
    second = receipt_of(Applicant(client).fill().send())
    assert first != second
    assert Case.objects.count() == 2


@pytest.mark.parametrize("state", ["", "altered", "gAAAAABaltered"])
def test_an_altered_draft_starts_again_and_says_that_nothing_was_sent(
    client: Client, world: Any, state: str
) -> None:
    response = client.post("/o/city-office/apply/", {"state": state, "step": "check", "go": "send"})
    assert "没有任何内容被提交" in response.content.decode()
    assert Case.objects.count() == 0


def test_a_draft_of_one_organ_is_no_draft_of_another(world: Any) -> None:
    sealed = Draft(world.organs["city"].pk).seal()
    with pytest.raises(LostDraft):
        Draft.open(sealed, world.organs["city-edu"].pk)


def test_no_page_can_be_skipped(client: Client, world: Any) -> None:
    applicant = Applicant(client)
    applicant.post("check", go="send")
    assert "您是谁" in applicant.page
    assert Case.objects.count() == 0


def test_identity_evidence_goes_with_the_application_and_is_kept_sealed(applicant: Applicant) -> None:
    upload = SimpleUploadedFile("欧阳测试身份证.pdf", PDF, "application/pdf")
    applicant.fill().send(identity_files=[upload])
    kept = CaseFile.objects.get()
    assert kept.purpose == CaseFile.Purpose.IDENTITY
    assert kept.file.media_type == "application/pdf"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM base_storedfile")
        assert "欧阳".encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.exe", b"MZ", "不能接收"),
        ("a.pdf", b"no pdf", "文件内容与扩展名"),
        ("a.pdf", b"", "文件是空的"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    applicant: Applicant, name: str, content: bytes, sentence: str
) -> None:
    applicant.fill().send(identity_files=[SimpleUploadedFile(name, content)])
    assert sentence in applicant.page
    assert "核对并提交" in applicant.page
    assert (Case.objects.count(), CaseFile.objects.count()) == (0, 0)
    receipt_of(applicant.send())


def test_too_many_files_are_refused(applicant: Applicant) -> None:
    files = [SimpleUploadedFile(f"{i}.pdf", PDF) for i in range(6)]
    applicant.fill().send(identity_files=files)
    assert "最多上传 5 个文件" in applicant.page
    assert Case.objects.count() == 0


def test_personal_data_is_in_no_session_no_address_and_no_plain_column(applicant: Applicant) -> None:
    applicant.fill()
    for words in PERSONAL:
        assert words not in applicant.response.wsgi_request.get_full_path()
    applicant.send()
    assert Session.objects.count() == 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  table names come from the database itself
            stored = repr(
                [[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor.fetchall()]
            )
            for words in PERSONAL:
                assert words not in stored, table
                assert repr(words.encode())[2:-1] not in stored, table


def test_pages_with_answers_are_kept_by_nobody(applicant: Applicant) -> None:
    applicant.post("who", WHO)
    assert "no-store" in applicant.response["Cache-Control"]
    applicant.fill().send()
    assert "no-store" in applicant.response["Cache-Control"]
    assert applicant.response["X-Robots-Tag"] == "noindex"


@override_settings(SUBMISSIONS_PER_HOUR=1)
def test_beyond_the_limit_one_is_told_so_and_nothing_is_acknowledged(
    client: Client, applicant: Applicant
) -> None:
    receipt_of(applicant.fill().send())
    second = Applicant(client).fill().send()
    assert second.status_code == 429
    assert "没有收到您的申请" in second.content.decode()
    assert "receipt__number" not in second.content.decode()
    assert Case.objects.count() == 1


@override_settings(SUBMISSIONS_PER_HOUR=1, TRUSTED_PROXIES=1)
def test_behind_a_proxy_each_reader_has_a_limit_of_their_own(world: Any) -> None:
    for address in ("203.0.113.5", "203.0.113.6"):
        client = Client(headers={"X-Forwarded-For": f"198.51.100.1, {address}"})
        receipt_of(Applicant(client).fill().send())
    blocked = Client(headers={"X-Forwarded-For": "203.0.113.7, 203.0.113.6"})
    assert Applicant(blocked).fill().send().status_code == 429


def test_an_organisation_applies_with_its_agent(applicant: Applicant) -> None:
    who = {
        **WHO,
        "kind": "legal_service_org",
        "applicant_name": "某某律师事务所",
        "id_type": "credit_code",
        "id_number": "91000000TEST000001",
        "legal_representative": "甲某",
        "contact_person": "乙某",
        "agent_name": "丙某",
        "agent_phone": "13800000000",
    }
    applicant.fill(who=who, reach={"assistance_need": "需要大字版"}).send()
    submission = Submission.objects.get()
    assert submission.kind == "legal_service_org"
    assert submission.form["agent_name"] == "丙某"
    assert submission.form["assistance_need"] == "需要大字版"


def test_the_purpose_is_never_asked(applicant: Applicant) -> None:
    applicant.post("who", WHO)
    applicant.post("reach", {"phone": "1"})
    names = re.findall(r'name="([^"]+)"', applicant.page)
    assert "不需要写用途" in applicant.page
    assert not any("purpose" in name or "use" in name for name in names)


def test_the_form_needs_its_csrf_token(world: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/o/city-office/apply/")
    assert strict.post("/o/city-office/apply/", {"step": "who"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    state = re.search(r'name="state" value="([^"]+)"', page.content.decode())
    assert token
    assert state
    sent = {"csrfmiddlewaretoken": token[1], "state": state[1], "step": "who", "go": "next", **WHO}
    assert "怎么联系您" in strict.post("/o/city-office/apply/", sent).content.decode()
