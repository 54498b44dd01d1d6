"""A case from its arrival to its file, through the forms of the desk alone, everybody in their own post."""

from __future__ import annotations

from gongkai.requests.models import Case
from tests.desk.cases.conftest import Desk
from tests.requests.stories import NAME, Office


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
