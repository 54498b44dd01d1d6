"""The applicant follows the case with number and secret, and gets a new secret when the old one is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions, limits, notices, tracking
from gongkai.requests.actions import Upload
from gongkai.requests.models import CaseFile, Submission
from tests.requests.stories import NAME, NUMBER, PHONE, Office, day, form

PDF = b"%PDF-1"


@pytest.fixture
def receipt(office: Office) -> actions.Receipt:
    return actions.submit(
        organ=office.world.organs["city-office"],
        channel="internet",
        kind="natural_person",
        form=form(),
        token="tracked",
        by=APPLICANT,
        files=[Upload("身份证.jpg", b"\xff\xd8\xff", "identity")],
        on=day("03-02"),
    )


def followed(receipt: actions.Receipt) -> tracking.TrackedCase:
    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    return tracked.cases[0]


def test_number_and_secret_open_the_case_as_typed(receipt: actions.Receipt) -> None:
    sloppy = receipt.reference.lower().replace("0", "o").replace("1", "i")
    assert tracking.track(f" {sloppy} ", receipt.secret.replace("-", " ").lower()) is not None
    assert tracking.track(receipt.reference, receipt.secret[:-1] + "?") is None
    assert tracking.track(receipt.reference, "") is None
    assert tracking.track("", receipt.secret) is None
    assert tracking.track("NOSUCHNUMBER", receipt.secret) is None


def test_the_registration_number_opens_it_too(office: Office, receipt: actions.Receipt) -> None:
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    tracked = tracking.track("city-office-2022-0001", receipt.secret)
    assert tracked is not None
    assert tracked.form["applicant_name"] == NAME


def test_the_secret_is_not_kept(receipt: actions.Receipt) -> None:
    stored = Submission.objects.get()
    assert receipt.secret not in stored.secret_hash
    assert receipt.secret.replace("-", "") not in repr(vars(stored))
    assert stored.token != "tracked"


def test_the_due_date_is_shown_with_its_reasons(office: Office, receipt: actions.Receipt) -> None:
    waiting = followed(receipt)
    assert waiting.term is None
    assert waiting.state == "待确认"
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    term = followed(receipt).term
    assert term is not None
    assert term.due == day("03-30")
    assert [line.article for line in term.explanation] == ["《政府信息公开条例》第三十三条第二款"] * 2


def test_the_applicant_answers_a_correction_notice_or_withdraws(
    office: Office, receipt: actions.Receipt
) -> None:
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    actions.ask_correction(receipt.case, by=office.handler, what="请写明年份。", on=day("03-03"))
    shown = followed(receipt)
    assert (shown.asks, shown.waiting_until) == ("请写明年份。", day("03-17"))
    assert shown.next_action is not None
    assert shown.next_action.key == "receive_correction"
    assert {action.key for action, reason in shown.offers if reason is None} == {
        "receive_correction",
        "withdraw",
        "attach",
    }
    actions.receive_correction(shown.case, by=APPLICANT, text="2021年", on=day("03-04"))
    assert followed(receipt).state == "办理中"


def test_drafts_and_staff_stay_inside_until_the_answer_is_sent(
    office: Office, receipt: actions.Receipt
) -> None:
    case = receipt.case
    actions.confirm(case, by=office.handler, on=day("03-02"))
    actions.accept(case, by=office.handler, on=day("03-02"))
    annex = Upload("附件.pdf", PDF)
    actions.draft(case, by=office.handler, outcome="granted", text="答复全文", files=[annex], on=day("03-10"))
    kept = CaseFile.objects.get(purpose="answer")
    actions.submit_draft(case, by=office.handler, on=day("03-10"))
    actions.review_draft(case, by=office.secrecy, note="内部意见", on=day("03-10"))
    actions.approve_draft(case, by=office.leader, on=day("03-10"))
    actions.answer(case, by=office.handler, on=day("03-10"))

    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    assert (tracked.cases[0].state, tracked.cases[0].answers) == ("办理中", ())
    assert tracking.file_for(tracked, kept.pk) is None
    assert "内部意见" not in repr(tracked.cases[0].happenings)
    assert "测试" not in {happening.who for happening in tracked.cases[0].happenings}

    actions.dispatch(case, by=office.handler, on=day("03-11"))
    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    answer = tracked.cases[0].answers[0]
    assert (answer.text, answer.outcome, answer.on) == ("答复全文", "予以公开", day("03-10"))
    assert tracking.file_for(tracked, kept.pk) == kept.file


def test_a_replacing_answer_shows_when_it_is_sent_itself(office: Office) -> None:
    case = office.dispatched(office.in_process(), "03-10", "rejected_petition")
    office.answered(case, "06-01")
    shown = tracking.opened(case.submission).cases[0]
    assert [answer.outcome for answer in shown.answers] == ["信访举报投诉类申请"]
    actions.dispatch(case, by=office.handler, on=day("06-02"))
    answers = tracking.opened(case.submission).cases[0].answers
    assert [(a.outcome, a.replaces) for a in answers] == [
        ("予以公开", case.answer_number),
        ("信访举报投诉类申请", ""),
    ]


def test_every_part_of_a_split_is_followed_with_one_secret(office: Office, receipt: actions.Receipt) -> None:
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    actions.split(
        receipt.case, by=office.office, parts=["甲项", "乙项"], reason="一事一申请", on=day("03-03")
    )
    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    assert [(shown.state, shown.description[:2]) for shown in tracked.cases] == [
        ("已拆分", "20"),
        ("已登记", "甲项"),
        ("已登记", "乙项"),
    ]


def test_nobody_fetches_another_submissions_file(office: Office, receipt: actions.Receipt) -> None:
    own = CaseFile.objects.get(purpose="identity")
    other = tracking.opened(office.submitted().submission)
    assert tracking.file_for(other, own.pk) is None
    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    assert tracking.file_for(tracked, own.pk) == own.file


def test_notices_are_shown_and_read(office: Office, receipt: actions.Receipt) -> None:
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    row = receipt.case.actions.get(kind="confirm")
    notices.write_notice({"case": receipt.case.pk, "action": row.pk, "text": "已登记"})
    tracked = tracking.track(receipt.reference, receipt.secret)
    assert tracked is not None
    assert [(notice.text, notice.read_at) for notice in tracked.cases[0].notices] == [("已登记", None)]
    tracking.mark_read(tracked)
    assert followed(receipt).notices[0].read_at is not None


def test_following_costs_a_fixed_number_of_queries(
    office: Office, receipt: actions.Receipt, django_assert_num_queries: object
) -> None:
    actions.confirm(receipt.case, by=office.handler, on=day("03-02"))
    tracking.track(receipt.reference, receipt.secret)
    with django_assert_num_queries(5):  # type: ignore[operator]
        tracking.track(receipt.reference, receipt.secret)
    parts = [f"第{n}项" for n in range(8)]
    actions.split(receipt.case, by=office.office, parts=parts, reason="一事一申请", on=day("03-03"))
    with django_assert_num_queries(5):  # type: ignore[operator]
        tracking.track(receipt.reference, receipt.secret)


def test_a_lost_secret_is_replaced(receipt: actions.Receipt) -> None:
    new = tracking.reset_secret(receipt.reference, name=NAME, id_number=NUMBER)
    assert tracking.track(receipt.reference, receipt.secret) is None
    assert tracking.track(receipt.reference, new) is not None
    by_phone = tracking.reset_secret(receipt.reference, name=f" {NAME}", phone=PHONE)
    assert tracking.track(receipt.reference, by_phone) is not None


def test_a_form_sent_again_does_not_reveal_the_new_secret(office: Office, receipt: actions.Receipt) -> None:
    tracking.reset_secret(receipt.reference, name=NAME, id_number=NUMBER)
    again = actions.submit(
        organ=office.world.organs["city-office"],
        channel="internet",
        kind="natural_person",
        form=form(),
        token="tracked",
        by=APPLICANT,
    )
    assert (again.case, again.repeated, again.secret) == (receipt.case, True, "")


def test_whether_the_case_exists_is_not_told(receipt: actions.Receipt) -> None:
    wrong = [
        (receipt.reference, "别的人", NUMBER),
        (receipt.reference, NAME, "410000000000000000"),
        ("NOSUCHNUMBER", NAME, NUMBER),
    ]
    said = set()
    for reference, name, number in wrong:
        with pytest.raises(Refused) as refused:
            tracking.reset_secret(reference, name=name, id_number=number)
        said.add(str(refused.value))
    assert len(said) == 1
    with pytest.raises(ValidationError):
        tracking.reset_secret(receipt.reference, name=NAME)


def test_guessing_is_slowed_down(receipt: actions.Receipt) -> None:
    for _ in range(limits.RESETS_PER_HOUR):
        with pytest.raises(Refused, match="不一致"):
            tracking.reset_secret(receipt.reference, name="别的人", id_number=NUMBER)
    with pytest.raises(Refused, match="次数过多"):
        tracking.reset_secret(receipt.reference, name=NAME, id_number=NUMBER)
    for n in range(limits.RESETS_PER_HOUR * 4):
        with pytest.raises(Refused):
            tracking.reset_secret(f"OTHER{n}", name=NAME, id_number=NUMBER, address="192.0.2.9")
    with pytest.raises(Refused, match="次数过多"):
        tracking.reset_secret("ANOTHER", name=NAME, id_number=NUMBER, address="192.0.2.9")
