"""Answers and reports go through the same room as documents: submitted from their own pages, signed, and stale once changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.annualreport import actions as reports
from gongkai.annualreport import checking, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.reviewing import KIND as REPORT
from gongkai.organs.refusals import Refused
from gongkai.requests import actions as answers
from gongkai.requests import tracking
from gongkai.requests.reviewing import KIND as ANSWER
from gongkai.review import course, drafts, queries, subjects
from gongkai.review.common import unchanged
from gongkai.review.models import ReviewRun
from tests.annualreport.flow import draft as report_draft
from tests.annualreport.flow import reporter, sign_off, wrote
from tests.annualreport.records import keep_all
from tests.requests.stories import NAME, Office, day
from tests.review.support import DAY, THREE, chain, sign
from tests.support.world import World

pytestmark = pytest.mark.django_db
CODE = "city-office"


def submit(world: World, role: str, kind: str, key: int) -> ReviewRun:
    """Over HTTP, as the link on the record's page leads."""
    client = Client()
    client.force_login(world.people[f"{CODE}-{role}"])
    page = reverse("desk:review-submit", args=[kind, key])
    template = str(chain(world.organs[CODE], *THREE).pk)
    assert client.get(page).status_code == 200
    assert client.post(page, {"template": template, "text": "请审"}).status_code == 302
    return ReviewRun.objects.get(subject_kind=kind, subject_key=str(key))


def test_an_answer_is_signed_step_by_step_and_names_nobody(world: World) -> None:
    office = Office(world)
    case = office.drafted(
        office.in_process("03-02"), "03-10", sub_reason="provided", text=f"{NAME}：现予公开。"
    )
    client = Client()
    client.force_login(world.people[f"{CODE}-handler"])
    way = reverse("desk:review-submit", args=[ANSWER, case.pk])
    page = reverse("desk:case", args=[case.pk])
    assert way in client.get(page).content.decode()
    client.force_login(world.people[f"{CODE}-leader"])
    assert way not in client.get(page).content.decode()  # who decides does not submit
    run = submit(world, "handler", ANSWER, case.pk)
    subject = subjects.load(ANSWER, str(case.pk))
    assert subject is not None
    assert NAME not in f"{run.title}{subject.title}{subject.text}"
    assert sign(world, run, "office", "head", "leader", code=CODE).state == course.COMPLETED
    kept = run.drafts.get()
    assert drafts.is_whole(kept)
    assert NAME not in drafts.plain(kept), "the sheet shows no more than the run"
    office.drafted(case, "03-11", sub_reason="provided", text="改过的答复。")
    later = subjects.load(ANSWER, str(case.pk))
    assert later is not None
    assert "又有改动" in queries.unreviewed(later)[0]
    assert subjects.load(ANSWER, "0") is None


def test_the_signers_are_shown_the_annexes_that_go_out_and_no_others(world: World) -> None:
    office = Office(world)
    case = office.drafted(office.in_process("03-02"), "03-10", files=[("旧稿.txt", "旧".encode())])
    office.drafted(case, "03-11", files=[("附件一.txt", "一".encode())], keep_files=False)
    office.approved(case, "03-12", files=[("附件二.txt", "二".encode())])

    def shown() -> tuple[list[str], str]:
        subject = subjects.load(ANSWER, str(case.pk))
        assert subject is not None
        return [str(file.name) for file in subject.files], subject.digest

    before = shown()
    assert before[0] == ["附件一.txt", "附件二.txt"]
    case = answers.answer(case, by=office.handler, on=day("03-13"))
    assert shown() == before  # giving it its number changes nothing of what was signed
    answers.dispatch(case, by=office.handler, on=day("03-13"))
    (tracked,) = tracking.opened(case.submission).cases
    assert [str(one.file.name) for one in tracked.answers[0].files] == before[0]


def test_a_report_is_signed_step_by_step_before_the_leader_signs_it(world: World) -> None:
    version = report_draft(world, CODE, 2021)
    client = Client()
    client.force_login(world.people[f"{CODE}-office"])
    way = reverse("desk:review-submit", args=[REPORT, version.pk])
    page = f"/desk/reports/{version.report_id}/v{version.number}/"
    assert way in client.get(page).content.decode()
    client.force_login(world.people[f"{CODE}-leader"])
    assert way not in client.get(page).content.decode()
    run = submit(world, "office", REPORT, version.pk)
    subject = subjects.load(REPORT, str(version.pk))
    assert subject is not None
    assert "基层人员不足" in subject.text
    with pytest.raises(Refused, match="送审人不能签署"):
        sign(world, run, "office", code=CODE)
    wrote(version, reporter(world, CODE, "office", DAY), problems="人手不足。")
    changed = subjects.load(REPORT, str(version.pk))
    assert changed is not None
    assert changed.digest != subject.digest
    with pytest.raises(Refused, match="请由送审人重新送审"):
        unchanged(run)


def test_handing_a_report_in_changes_nothing_of_what_was_signed(world: World) -> None:
    keep_all(world.organs["city"])
    office, head, leader = (reporter(world, CODE, role, DAY) for role in ("office", "head", "leader"))
    version = report_draft(world, CODE, 2021)
    for finding in checking.blocking(version):
        reports.accept_finding(by=office, version=version, finding_key=finding.key, reason="经核对属实。")
    run = submit(world, "handler", REPORT, version.pk)
    before = seen(version)
    words = sections.generated(version)
    assert all(words[name] in before.text for name in ("preamble", "fees", "contact"))
    sign(world, run, "office", code=CODE)
    reports.submit(by=office, version=version)  # the signatures go on over what was handed in
    assert seen(version) == before
    assert sign(world, run, "head", "leader", code=CODE).state == course.COMPLETED
    assert drafts.is_whole(run.drafts.get())
    reports.return_report(by=head, version=version, reason="待领导回来")
    assert seen(version).digest == before.digest
    reports.submit(by=office, version=version)
    assert not [one for one in queries.unreviewed(seen(version)) if "改动" in one]
    reports.sign(by=leader, version=version)
    assert subjects.load(REPORT, str(version.pk)) is None


def test_what_is_published_beside_a_report_is_signed_with_it(world: World) -> None:
    version = sign_off(world, CODE, 2021, explain=True)
    office = reporter(world, CODE, "office", DAY)
    correction = reports.open_correction(by=office, report=version.report, note="表三漏计一件")
    before = seen(correction)
    assert "更正说明：表三漏计一件" in before.text
    reports.reword_correction(by=office, version=correction, note="表三漏计两件")
    assert seen(correction).digest != before.digest


def seen(version: ReportVersion) -> subjects.Subject:
    """The report as the signers see it now."""
    found = subjects.load(REPORT, str(version.pk))
    assert found is not None
    return found


def test_a_duty_names_only_what_asks_before_it_publishes() -> None:
    named = {key for key, _word in subjects.sorts()}
    assert "documents.edition" in named
    assert not named & {ANSWER, REPORT}
    assert {ANSWER, REPORT} <= set(subjects.kinds())
