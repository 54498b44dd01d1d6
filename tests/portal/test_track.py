"""Following a case through HTTP: what happened, when it is due and why, and everything the applicant can do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.base import clock, outbox
from gongkai.organs.actors import Actor
from gongkai.requests import actions
from gongkai.requests.models import Case, CaseFile
from tests.portal.conftest import PERSONAL, Applicant, receipt_of
from tests.support.world import World

DAY = dt.date(2022, 6, 1)
PDF = b"%PDF-1.4 annex"


class Follower:
    """An applicant with a receipt, and the staff of the office that handles the case."""

    def __init__(self, client: Client, world: World) -> None:
        self.client, self.world = client, world
        self.reference, self.secret = receipt_of(Applicant(client).fill().send())
        self.case = Case.objects.get()

    def staff(self, role: str) -> Actor:
        return self.world.actor("city-office", role)

    def open(self, **changed: str) -> Any:
        sent = {"reference": self.reference, "secret": self.secret, **changed}
        return self.client.post("/track/", sent, follow=True)

    @property
    def page(self) -> str:
        outbox.drain()
        return str(self.client.get("/track/").content.decode())

    def received(self) -> Follower:
        actions.confirm(self.case, by=self.staff("handler"))
        actions.accept(self.case, by=self.staff("handler"))
        return self

    def answered(self, **answer: str) -> Follower:
        handler, files = self.staff("handler"), [actions.Upload("补偿方案.pdf", PDF)]
        actions.draft(self.case, by=handler, outcome="granted", sub_reason="provided", files=files, **answer)
        actions.submit_draft(self.case, by=handler)
        actions.review_draft(self.case, by=self.staff("secrecy"))
        actions.approve_draft(self.case, by=self.staff("leader"))
        actions.answer(self.case, by=handler)
        actions.dispatch(self.case, by=handler)
        return self

    def act(self, verb: str, **sent: Any) -> Any:
        return self.client.post(f"/track/case/{self.case.pk}/{verb}/", sent, follow=True)


@pytest.fixture
def follower(client: Client, world: World) -> Any:
    with clock.on_day(DAY):
        yield Follower(client, world)


def test_before_confirmation_the_page_says_why_no_day_is_known(follower: Follower) -> None:
    html = follower.open().content.decode()
    assert "待确认" in html
    assert "自双方确认收到申请之日起计算" in html
    assert "尚未编号" in html


def test_after_confirmation_the_due_day_unfolds_its_reasons(follower: Follower) -> None:
    follower.open()
    html = follower.received().page
    assert "最迟2022年6月30日答复您" in html
    assert "还有 20 个工作日" in html
    assert '<details class="why"><summary>为什么是这一天</summary>' in html
    assert "2022年6月1日收到申请，答复期限为20个工作日" in html
    assert "第三十三条" in html
    assert "city-office-2022-0001" in html
    assert "您的申请已受理，正在办理。" in html
    assert html.count('class="is-now"') == 1


@pytest.mark.parametrize(
    "changed", [{"secret": "0000-0000-0000"}, {"reference": "NOBODY000000"}, {"secret": ""}]
)
def test_a_wrong_number_or_secret_opens_nothing_and_tells_nothing(
    follower: Follower, changed: dict[str, str]
) -> None:
    html = follower.open(**changed).content.decode()
    assert 'class="error-summary"' in html
    for words in PERSONAL:
        assert words not in html
    assert follower.client.get("/track/").content.decode().count("办理过程") == 0


def test_the_secret_is_read_with_or_without_its_dashes(follower: Follower) -> None:
    html = follower.open(secret=follower.secret.replace("-", "").lower()).content.decode()
    assert "办理过程" in html


def test_guessing_is_slowed_down(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.requests.limits.WRONG_SECRETS_PER_HOUR", 2)
    answers = [follower.open(secret="WRONG").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_session_holds_a_key_and_nothing_of_the_person(follower: Follower) -> None:
    follower.open()
    kept = Session.objects.get().get_decoded()
    assert set(kept) <= {"tracked", "_session_expiry"}
    assert kept["tracked"][0] == follower.case.submission_id
    for words in (*PERSONAL, follower.secret, follower.reference):
        assert words not in str(kept)


def test_leaving_closes_the_case_on_this_computer(follower: Follower) -> None:
    follower.open()
    assert "已退出查询" in follower.client.post("/track/leave/", follow=True).content.decode()
    assert "办理过程" not in follower.page


def test_the_applicant_withdraws(follower: Follower) -> None:
    follower.open()
    follower.received()
    refused = follower.act("withdraw", text="").content.decode()
    assert "撤回后不再办理，请勾选确认。" in refused
    html = follower.act("withdraw", text="已经得到", sure="on").content.decode()
    assert "“撤回申请”已收到。" in html
    follower.case.refresh_from_db()
    assert (follower.case.state, follower.case.outcome) == ("lapsed", "other_misc")
    assert "/withdraw/" not in follower.page
    assert (
        "本件已作出办理结果"
        in follower.client.get(f"/track/case/{follower.case.pk}/withdraw/").content.decode()
    )


def test_the_applicant_answers_a_correction_notice_and_the_term_starts_anew(follower: Follower) -> None:
    follower.open()
    follower.received()
    actions.ask_correction(follower.case, by=follower.staff("handler"), what="请写明是哪一年的方案。")
    html = follower.page
    assert "请写明是哪一年的方案。" in html
    assert re.search(r"请在2022年6月\d+日前回复", html)
    assert 'class="btn btn--primary" href="/track/case/' in html
    assert "请写下您的回复。" in follower.act("correct", text=" ").content.decode()
    upload = SimpleUploadedFile("说明.pdf", PDF)
    follower.act("correct", text="是2021年的方案。", papers=[upload])
    assert "收到补正" in follower.page
    assert CaseFile.objects.get().purpose == CaseFile.Purpose.APPLICANT
    again = follower.act("correct", text="再补一次").content.decode()
    assert "本件目前为“办理中”" in again


def test_the_applicant_gives_an_explanation(follower: Follower) -> None:
    follower.open()
    follower.received()
    actions.ask_explanation(follower.case, by=follower.staff("handler"), what="请说明多次申请的理由。")
    follower.act("explain", text="因诉讼需要。")
    follower.case.refresh_from_db()
    assert follower.case.state == "in_process"


def test_more_papers_can_be_sent_while_the_case_is_open(follower: Follower) -> None:
    follower.open()
    follower.received()
    assert "请选择要补充的文件。" in follower.act("attach").content.decode()
    assert "不能接收" in follower.act("attach", papers=[SimpleUploadedFile("a.exe", b"MZ")]).content.decode()
    follower.act("attach", papers=[SimpleUploadedFile("委托书.pdf", PDF)])
    assert CaseFile.objects.count() == 1


def test_the_answer_is_read_and_its_file_fetched(follower: Follower) -> None:
    follower.open()
    assert "提供该信息" not in follower.received().page
    follower.answered(
        text="现提供该信息，见附件。", article="《中华人民共和国政府信息公开条例》第三十六条第（二）项"
    )
    html = follower.page
    assert "予以公开" in html
    assert "现提供该信息，见附件。" in html
    assert "答复已于2022年6月1日发出" in html
    assert "答复已发出，可在本页查看和下载。" in html
    address = re.search(r'href="(/track/files/\d+/)"', html)
    assert address
    fetched = follower.client.get(address[1])
    assert (fetched.content, fetched["Content-Type"]) == (PDF, "application/pdf")
    assert "补偿方案" not in fetched["Content-Disposition"]
    assert "no-store" in fetched["Cache-Control"]


def test_a_file_is_nobody_elses(follower: Follower) -> None:
    follower.received().answered(text="见附件。", article="第三十六条")
    key = CaseFile.objects.get().pk
    assert follower.client.get(f"/track/files/{key}/").status_code == 404
    other = Client()
    second = receipt_of(Applicant(other).fill().send())
    other.post("/track/", {"reference": second[0], "secret": second[1]})
    assert other.get(f"/track/files/{key}/").status_code == 404
    assert other.post(f"/track/case/{follower.case.pk}/withdraw/", {"sure": "on"}).status_code == 404
    follower.case.refresh_from_db()
    assert follower.case.state == "dispatched"


def test_before_it_is_sent_the_answer_is_the_offices_own(follower: Follower) -> None:
    follower.open()
    handler = follower.received().staff("handler")
    actions.draft(follower.case, by=handler, outcome="granted", sub_reason="provided", text="草稿内容")
    html = follower.page
    assert "草稿内容" not in html
    assert "拟写答复" not in html
    assert "测试handler" not in html


def test_a_fee_notice_shows_amount_and_deadline(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    follower.open()
    follower.received()
    for _ in range(10):
        Applicant(Client()).fill().send()
    # The eleventh item of the month is the first that costs something; the fees stand on the earlier ones.
    for case in Case.objects.exclude(pk=follower.case.pk):
        actions.confirm(case, by=follower.staff("handler"))
    late = Case.objects.order_by("-pk")[0]
    actions.accept(late, by=follower.staff("handler"))
    actions.propose_fee(late, by=follower.staff("handler"), basis="by_item", reason="数量明显超过合理范围")
    actions.approve_fee(late, by=follower.staff("head"), served_on=DAY)
    submission = late.submission
    session = follower.client.session
    session["tracked"] = [submission.pk, submission.secret_hash]
    session.save()
    html = follower.page
    assert "收费通知" in html
    assert "本件 100元" in html
    assert "请在2022年6月30日前缴纳" in html


def test_a_lost_secret_is_replaced_and_closes_what_was_open(follower: Follower) -> None:
    follower.open()
    proof = {"reference": follower.reference, "applicant_name": "欧阳测试", "id_number": "41030519900101777X"}
    wrong = follower.client.post("/track/lost/", {**proof, "id_number": "1"}).content.decode()
    assert "不一致" in wrong
    assert "receipt__number" not in wrong
    found = re.search(
        r'receipt__number">([^<]+)<', follower.client.post("/track/lost/", proof).content.decode()
    )
    assert found
    assert "办理过程" not in follower.page
    assert "办理过程" not in follower.open().content.decode()
    assert "办理过程" in follower.open(secret=found[1]).content.decode()


def test_the_lost_secret_form_asks_for_enough(follower: Follower) -> None:
    html = follower.client.post("/track/lost/", {"reference": "X", "applicant_name": "某"}).content.decode()
    assert "请填写姓名或者名称，以及证件号码或者联系电话。" in html


def test_the_tracking_page_costs_the_same_however_long_the_story(
    follower: Follower, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    follower.open()
    handler = follower.received().staff("handler")
    for number in range(20):
        actions.contact(follower.case, by=handler, note=f"第{number}次联系")
    outbox.drain()
    with django_assert_max_num_queries(12):
        html = follower.client.get("/track/").content.decode()
    assert len(html.encode()) < 100_000
