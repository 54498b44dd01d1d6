"""What the case page tells: the clock and why, what happened and was put right, and what a form that is late is told."""

from __future__ import annotations

import datetime as dt
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.base import clock
from gongkai.organs import actions as organs
from gongkai.organs.models import Role
from gongkai.requests import actions
from gongkai.requests.models import Case, CaseFile, FeeNotice
from tests.desk.cases.conftest import PERSONAL, Desk, desk_of, initial
from tests.requests.stories import NAME, Office, day
from tests.support.world import SINCE, TEST


def test_the_clock_is_explained_with_articles(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    handler.get(f"/desk/cases/{case.pk}/")
    assert "2022年3月30日 到期" in handler.page
    assert "还有4个工作日" in handler.page
    assert "为什么是这一天" in handler.page
    assert "第三十三条" in handler.page
    assert handler.page.count('class="btn btn--primary"') == 1
    assert '<a class="btn btn--primary" href="?do=draft#now">拟写答复</a>' in handler.page


def test_an_open_inquiry_makes_the_date_a_least_one(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    handler.do(case, "consult", whom="third_party", name="测试第三方公司", served_on="2022-03-24")
    assert "到期日至少到" in handler.page
    assert "至少还有" in handler.page
    assert "测试第三方公司，答复意见的期限到2022年4月15日" in handler.page


def test_a_year_without_calendar_is_named_and_blocks_nothing(office: Office, handler: Desk) -> None:
    with clock.on_day(dt.date(2035, 3, 1)):
        case = office.submitted("2035-03-01")
        handler.do(case, "confirm")
        assert "到期日未定" in handler.page
        assert "2035年" in handler.page


def test_a_late_correction_notice_is_reported(office: Office, handler: Desk) -> None:
    case = office.registered("03-02")
    handler.do(case, "ask_correction", what="请补充年份。")
    assert "notice--seal" in handler.page
    assert "第三十条" in handler.page


def test_a_mistake_is_struck_and_shows_what_replaced_it(office: Office, handler: Desk) -> None:
    case = office.registered("03-02")
    handler.do(
        case, "supersede", seq_entry="2", on="2022-03-03", received_on="2022-03-03", because="确认日期写错"
    )
    assert "已办理“更正记录”" in handler.said
    assert "到期日为2022年3月31日" in handler.said
    assert "<del>确认收到</del>" in handler.page
    assert "记录有误，已由第3条更正。" in handler.page
    assert "更正第2条：确认日期写错" in handler.page
    case.refresh_from_db()
    assert case.first_received_on == day("03-03")


def test_the_applicants_fields_are_put_right_and_found_by(office: Office, handler: Desk) -> None:
    case = office.registered("03-02")
    handler.do(case, "supersede", seq_entry="1", form_applicant_name="孙改名", because="姓名录错")
    case.submission.refresh_from_db()
    assert case.submission.form["applicant_name"] == "孙改名"
    assert case.submission.form["phone"] == "13800000000"
    assert handler.post("/desk/search/", {"q": "孙改名"}).request["PATH_INFO"] == f"/desk/cases/{case.pk}/"


def test_nothing_changed_is_said_beside_the_form(office: Office, handler: Desk) -> None:
    case = office.registered("03-02")
    response = handler.do(case, "supersede", seq_entry="2", because="没有改")
    assert response.status_code == 422
    assert "没有需要更正的内容。" in handler.page


def test_errors_stand_beside_their_fields(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    response = handler.do(case, "consult", whom="organ", name="市水利局", served_on="2022-03-01")
    assert response.status_code == 422
    assert "送达日期不能早于发出日期。" in response.context["form"].errors["served_on"]
    response = handler.do(case, "contact", note="")
    assert response.context["form"].errors["note"] == ["请写明联系情况。"]
    response = handler.do(case, "contact", note="已联系", on="2022-03-25")
    assert "日期不能晚于今天" in handler.page
    assert Case.objects.get(pk=case.pk).last_seq == 3


def test_a_stale_form_writes_nothing_and_shows_what_happened(
    office: Office, handler: Desk, head: Desk
) -> None:
    case = office.in_process("03-02")
    handler.get(f"/desk/cases/{case.pk}/", do="contact")
    seen = handler.response.context["page"].facts.last_seq
    head.do(case, "contact", note="负责人已联系")
    response = handler.post(f"/desk/cases/{case.pk}/?do=contact", {"seen": seen, "note": "我也联系了"})
    assert response.status_code == 409
    assert "在您填写期间，本件已有新的进展" in handler.page
    assert "测试head 公开办负责人：记录联系情况" in handler.page
    assert Case.objects.get(pk=case.pk).last_seq == seen + 1


def test_a_double_click_does_it_once(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    response = handler.get(f"/desk/cases/{case.pk}/", do="contact")
    sent = {"seen": "3", **initial(response.context["form"]), "note": "电话确认"}
    handler.post(f"/desk/cases/{case.pk}/?do=contact", sent)
    handler.post(f"/desk/cases/{case.pk}/?do=contact", sent)
    assert "“记录联系情况”刚才已经办好，没有重复登记。" in handler.page
    assert Case.objects.get(pk=case.pk).last_seq == 4


def test_splitting_takes_as_many_parts_as_needed(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    opened = handler.get(f"/desk/cases/{case.pk}/", do="split")
    assert [name for name in opened.context["form"].fields if name.startswith("part_")] == [
        "part_1",
        "part_2",
        "part_3",
    ]
    more = handler.post(
        f"/desk/cases/{case.pk}/?do=split",
        {"seen": "3", "part_1": "甲事", "part_2": "乙事", "part_3": "丙事", "again": "1"},
    )
    assert len([name for name in more.context["form"].fields if name.startswith("part_")]) == 6
    assert "甲事" in handler.page
    handler.do(case, "split", reason="一事一申请", part_1="甲事", part_2="乙事", part_3="丙事")
    assert list(case.parts.values_list("state", flat=True)) == ["registered"] * 3
    part = case.parts.order_by("pk")[0]
    assert handler.page.count("拆分出：") == 3
    handler.get(f"/desk/cases/{part.pk}/")
    assert "由此件拆分：" in handler.page
    assert handler.page.count("同一申请的另一件：") == 2
    one = office.in_process("03-02")
    handler.do(one, "split", reason="一事一申请", part_1="只有一件")
    assert "拆分至少为两件。" in handler.page


def test_the_draft_asks_for_what_its_outcome_needs(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    handler.get(f"/desk/cases/{case.pk}/", do="draft")
    assert set(handler.response.context["form"].fields) == {"outcome"}
    chosen = handler.post(
        f"/desk/cases/{case.pk}/?do=draft", {"seen": "3", "outcome": "unable_not_held", "again": "1"}
    )
    form = chosen.context["form"]
    assert {"sub_reason", "search_record", "reason", "article", "text"} <= set(form.fields)
    assert form["article"].value() == "《政府信息公开条例》第三十六条第（四）项、第（五）项"
    assert "须选择具体情形：经检索该政府信息不存在、不属于本机关负责公开。" in handler.page
    handler.do(case, "draft", outcome="unable_not_held", sub_reason="not_exist", reason="", text="查无此件。")
    assert "送审前还要补齐" in handler.page
    assert "须附检索记录" in handler.page
    response = handler.do(case, "submit_draft")
    assert response.status_code == 422
    assert "须附检索记录" in " ".join(response.context["form"].non_field_errors())


def test_another_choice_fills_the_form_in_anew_and_writes_nothing(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    handler.do(case, "draft", outcome="granted", text="现予公开。")
    opened = handler.get(f"/desk/cases/{case.pk}/", do="draft").context["form"]
    sent = {"seen": "4", "shown": "granted", **initial(opened), "outcome": "rejected_petition"}
    form = handler.post(f"/desk/cases/{case.pk}/?do=draft", sent).context["form"]
    assert form["article"].value() == "《政府信息公开条例》第三十九条第一款"
    assert form["text"].value() == "现予公开。"
    opened = handler.get(f"/desk/cases/{case.pk}/", do="supersede", seq_entry="2").context["form"]
    sent = {"seen": "4", "shown": "2", **initial(opened), "seq_entry": "3", "because": "选错了一条"}
    form = handler.post(f"/desk/cases/{case.pk}/?do=supersede", sent).context["form"]
    assert form.shown_for == "3"
    assert Case.objects.get(pk=case.pk).last_seq == 4


def test_fees_are_priced_before_they_are_decided(office: Office, handler: Desk, head: Desk) -> None:
    cases = [office.in_process("03-02") for _ in range(12)]
    preview = handler.post(
        f"/desk/cases/{cases[10].pk}/?do=propose_fee",
        {"seen": "3", "basis": "by_volume", "pages": "250", "again": "1"},
    )
    assert "按件计收为100元" in handler.page
    assert "按量计收250页为4700元" in handler.page
    assert preview.context["form"]["pages"].value() == "250"
    for case in cases[10:]:
        handler.do(case, "propose_fee", reason="当月申请过多")
    head.get(f"/desk/cases/{cases[10].pk}/", do="approve_fee")
    assert "本月第11件，按件计收100元" in head.page
    assert "本月第12件，按件计收100元" in head.page
    assert "提出收费的理由：当月申请过多" in head.page
    head.do(cases[10], "approve_fee", cases=[str(case.pk) for case in cases[10:]], served_on="2022-03-24")
    notice = FeeNotice.objects.get()
    assert (notice.total_yuan, notice.lines.count()) == (200, 2)
    assert {Case.objects.get(pk=case.pk).state for case in cases[10:]} == {"fee_pending"}
    assert "通知总额 200元" in head.page
    handler.do(cases[11], "record_payment", receipt_number="票-1")
    assert {Case.objects.get(pk=case.pk).state for case in cases[10:]} == {"in_process"}


def test_the_head_sees_the_proposal_and_may_grant_less(office: Office, handler: Desk, head: Desk) -> None:
    case = office.in_process("03-02")
    handler.do(case, "propose_extension", days="15", reason="需要向档案馆查询")
    head.get(f"/desk/cases/{case.pk}/", do="approve_extension")
    assert "2022年3月24日提出的建议：延长15个工作日；需要向档案馆查询" in head.page
    head.do(case, "approve_extension", days="10")
    assert "到期日为2022年4月14日" in head.said


def _of_two_posts(office: Office) -> Desk:
    """Somebody who is handler and leader at once."""
    person = organs.add_person(by=TEST, username="two-posts", name="一身二任")
    for role in (Role.HANDLER, Role.LEADER):
        organ = office.world.organs["city-office"]
        organs.appoint(by=TEST, person=person, organ=organ, role=role, valid_from=SINCE)
    client = Client()
    client.force_login(person)
    return Desk(client)


def test_several_posts_act_in_the_first_that_fits(office: Office) -> None:
    desk = _of_two_posts(office)
    case = office.in_process("03-02")
    desk.get(f"/desk/cases/{case.pk}/", do="draft")
    assert "以“承办人”的身份办理" in desk.page
    office.drafted(case, "03-10")
    actions.submit_draft(case, by=office.handler, on=day("03-10"))
    actions.review_draft(case, by=office.secrecy, on=day("03-10"))
    desk.get(f"/desk/cases/{case.pk}/", do="approve_draft")
    assert "以“分管领导”的身份办理" in desk.page
    desk.do(case, "approve_draft")
    case.refresh_from_db()
    assert case.state == "approved"
    assert case.actions.get(seq=case.last_seq).post.startswith("leader#")


def test_a_record_is_put_right_in_the_post_that_may_make_it(office: Office) -> None:
    desk = _of_two_posts(office)
    case = office.approved(office.in_process("03-02"), "03-10")
    approval = case.last_seq
    desk.do(case, "supersede", seq_entry=str(approval), on="2022-03-11", because="批准日期写错")
    assert Case.objects.get(pk=case.pk).last_seq == approval + 1
    assert case.actions.get(seq=approval + 1).post.startswith("leader#")


def test_files_are_fetched_under_a_number(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    scan = SimpleUploadedFile(f"{NAME}的身份证.pdf", b"%PDF-1.4", "application/pdf")
    handler.do(case, "attach", purpose="identity", papers=scan)
    kept = CaseFile.objects.get()
    assert kept.purpose == "identity"
    assert f"/desk/cases/{case.pk}/files/{kept.pk}/" in handler.page
    assert "身份证.pdf" not in handler.page
    response = handler.get(f"/desk/cases/{case.pk}/files/{kept.pk}/")
    assert response.content == b"%PDF-1.4"
    assert response["Content-Disposition"] == f'attachment; filename="case-{case.pk}-file-{kept.pk}.pdf"'
    assert handler.get(f"/desk/cases/{office.submitted().pk}/files/{kept.pk}/").status_code == 404


def test_the_papers_of_registration(office: Office, handler: Desk) -> None:
    case = office.dispatched(office.in_process("03-02"), "03-10")
    handler.get(f"/desk/cases/{case.pk}/slip/")
    for said in ("政府信息公开申请登记回执", str(case.number), NAME, "2022年3月2日", "2022年3月30日"):
        assert said in handler.page
    handler.get(f"/desk/cases/{case.pk}/form/")
    for said in ("政府信息公开申请登记表", "互联网渠道", "予以公开", "2022-03-10 发出答复（网站）"):
        assert said in handler.page
    assert handler.get(f"/desk/cases/{office.submitted().pk}/slip/").status_code == 404
    assert handler.get(f"/desk/cases/{case.pk}/other/").status_code == 404


def test_redoing_opens_the_new_case(office: Office) -> None:
    desk = desk_of(office.world, "city-office-office")
    case = office.dispatched(office.in_process("03-02"), "03-10")
    desk.do(case, "redo", order="甲市政复决〔2022〕1号", served_on="2022-03-22")
    new = case.redos.get()
    assert desk.addresses[-1] == f"/desk/cases/{new.pk}/"
    assert "重新办理的原件：" in desk.page


def test_no_address_ever_names_anybody(office: Office, handler: Desk) -> None:
    case = office.in_process("03-02")
    handler.get("/desk/today/")
    for typed in PERSONAL:
        handler.post("/desk/search/", {"q": typed})
    office.in_process("03-02")
    for typed in PERSONAL:
        handler.post("/desk/search/", {"q": typed})
        assert str(case.number) in handler.page
    handler.do(case, "contact", note=f"{NAME}来电")
    seen = " ".join(handler.addresses)
    assert not any(word in seen for word in PERSONAL)
    links = re.findall(r'(?:href|action)="([^"]*)"', handler.page)
    assert not any(word in link for word in PERSONAL for link in links)
