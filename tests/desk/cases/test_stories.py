"""A case from its arrival to its file, through the forms of the desk alone, everybody in their own post."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.base import clock
from gongkai.requests.models import Case
from tests.desk.cases.conftest import Desk
from tests.portal.conftest import Applicant, receipt_of
from tests.requests.stories import NAME, Office, day


def test_from_the_portal_to_the_file(office: Office, handler: Desk, secrecy: Desk, leader: Desk) -> None:
    case = office.submitted("03-23")
    handler.get("/desk/today/")
    assert case.submission.reference in handler.page
    assert f"/desk/cases/{case.pk}/?do=confirm#now" in handler.page

    handler.do(case, "confirm", method="phone")
    case.refresh_from_db()
    assert case.state == "registered"
    assert handler.response.status_code == 200
    assert f"编号{case.number}" in handler.said
    assert "本件现在是“已登记”" in handler.said
    assert "到期日为2022年4月22日" in handler.said

    handler.do(case, "accept")
    handler.do(case, "draft", outcome="partially_granted")
    handler.do(
        case,
        "draft",
        outcome="partially_granted",
        article="《政府信息公开条例》第三十七条",
        reason="部分内容涉及个人隐私。",
        text="现将可以公开的部分提供给您。",
    )
    handler.do(case, "submit_draft")
    case.refresh_from_db()
    assert case.state == "review"
    secrecy.get("/desk/today/")
    assert "审核通过" in secrecy.page
    secrecy.do(case, "review_draft", note="同意。")
    leader.do(case, "approve_draft")
    handler.do(case, "answer")
    assert "办理结果为“部分公开”" in handler.said
    handler.do(case, "dispatch")
    handler.do(case, "serve", receiver="本人")
    handler.do(case, "archive")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("archived", "partially_granted")
    handler.get(f"/desk/cases/{case.pk}/")
    assert "现将可以公开的部分提供给您。" in handler.page
    assert NAME in handler.page
    assert Case.objects.count() == 1


def test_an_application_of_the_portal_is_answered_and_fetched(
    office: Office, handler: Desk, secrecy: Desk, leader: Desk
) -> None:
    applicant = Client()
    reference, secret = receipt_of(Applicant(applicant).fill().send())
    case = Case.objects.get()
    handler.post("/desk/search/", {"q": "欧阳测试"})
    assert handler.addresses[-1] == f"/desk/cases/{case.pk}/"
    handler.do(case, "contact", reached="no", note="无人接听")
    handler.do(case, "confirm", method="phone", note="本人确认")
    assert "无人接听" in handler.page
    handler.do(case, "accept")
    paper = SimpleUploadedFile("欧阳测试答复.pdf", b"%PDF-1.4 answer", "application/pdf")
    handler.post(
        f"/desk/cases/{case.pk}/?do=draft",
        {
            "seen": "4",
            "shown": "granted",
            "outcome": "granted",
            "article": "第三十六条",
            "text": "见附件。",
            "papers": paper,
        },
    )
    handler.do(case, "submit_draft")
    secrecy.do(case, "review_draft")
    leader.do(case, "return_draft", note="请写明文件名称。")
    handler.get("/desk/today/")
    assert f"/desk/cases/{case.pk}/?do=submit_draft#now" in handler.page
    handler.do(case, "draft", text="《方案》全文见附件。")
    handler.do(case, "submit_draft")
    secrecy.do(case, "review_draft")
    leader.do(case, "approve_draft")
    handler.do(case, "answer")
    number = Case.objects.get().answer_number
    assert "《方案》全文" not in _tracked(applicant, reference, secret)
    handler.do(case, "dispatch")
    seen = _tracked(applicant, reference, secret)
    assert "《方案》全文见附件。" in seen
    assert number in seen
    assert "下载附件 1" in seen


def _tracked(applicant: Client, reference: str, secret: str) -> str:
    sent = {"reference": reference, "secret": secret}
    return str(applicant.post("/track/", sent, follow=True).content.decode())


def test_a_long_course_with_correction_inquiry_and_extension(
    office: Office, handler: Desk, head: Desk
) -> None:
    case = office.registered("03-22")
    handler.do(case, "ask_correction", what="请写明年份。")
    assert "正在等申请人，期限到2022年4月8日。" in handler.page
    with clock.on_day(day("03-28")):
        handler.do(case, "receive_correction", text="2021年。")
        assert "到期日为2022年4月25日" in handler.said
    with clock.on_day(day("03-30")):
        handler.do(case, "consult", whom="organ", name="市水利局", served_on="2022-03-30")
        assert "市水利局" in handler.page
    with clock.on_day(day("04-08")):
        handler.do(case, "close_consultation", reply="agree", text="同意公开。")
        assert "到期日为2022年5月6日" in handler.said
        handler.do(case, "propose_extension", days="5", reason="需要核实附件")
    with clock.on_day(day("04-11")):
        head.get("/desk/today/")
        assert f"/desk/cases/{case.pk}/?do=approve_extension#now" in head.page
        head.do(case, "approve_extension")
        assert "到期日为2022年5月12日" in head.said
    handler.get(f"/desk/cases/{case.pk}/")
    assert "第三十条" in handler.page
    assert handler.response.context["page"].facts.state == "in_process"


def test_ends_without_an_answer(office: Office, handler: Desk) -> None:
    withdrawn, forwarded = office.in_process("03-22"), office.submitted("03-23")
    handler.do(withdrawn, "withdraw", reason="申请人来电撤回")
    assert "办理结果为“其他”" in handler.said
    handler.do(forwarded, "forward", to="甲市教育局", note="属教育局职责")
    forwarded.refresh_from_db()
    assert (forwarded.state, forwarded.number) == ("forwarded", None)
    assert forwarded.actions.get(kind="forward").payload["organ_id"] == office.world.organs["city-edu"].pk
    asked = office.registered("03-01")
    handler.do(asked, "ask_correction", what="请补充。", on="2022-03-02")
    handler.get("/desk/today/")
    assert "补正、缴费、意见的期限已过" in handler.page
    handler.do(asked, "lapse_correction")
    asked.refresh_from_db()
    assert asked.outcome == "other_correction_lapsed"
