"""Rows of the seed checklist about review, each by its own evidence: chains, opinions, signatures and conclusions of the demo."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.demo.places import LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.demo.reviews import BODY
from gongkai.documents import archiving
from gongkai.documents.models import CURRENT, Document, Edition, Kind, Release
from gongkai.documents.queries import public_documents
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.organs.actors import system
from gongkai.review import queries, sheet, verify
from gongkai.review.models import ConsultationReply, ReviewOpinion, ReviewRun, SecrecyConclusion, Withheld

Opinion = ReviewOpinion.Opinion


def runs(code: str, organ: Any) -> Any:
    return ReviewRun.objects.filter(organ=organ(code), subject_kind=KIND).select_related("organ", "template")


def document_of(run: ReviewRun) -> Document:
    return Edition.objects.get(pk=run.subject_key).document


@pytest.mark.seed("S020")
def test_every_document_carries_an_attribute_decided_before_issue() -> None:
    """On every document of the demo; with a reason where it is not 主动公开; and where a document went through a chain, the
    proposal came first, with the attribute in it."""
    assert not Edition.objects.exclude(attribute__in=Edition.Attribute.values).exists()
    not_open = Edition.objects.exclude(attribute=Edition.Attribute.OPEN)
    assert {row.attribute for row in not_open} == {"on_request", "closed"}
    assert all("条例第" in row.attribute_reason for row in not_open)
    for release in Release.objects.filter(CURRENT).select_related("document", "edition").iterator():
        assert release.document.recorded_at <= release.recorded_at
        assert (release.edition.closed, release.edition.attribute) == (True, "open")
    for run in ReviewRun.objects.filter(subject_kind=KIND):
        edition = Edition.objects.get(pk=run.subject_key)
        proposal = run.opinions.order_by("seq")[0]
        assert proposal.opinion == Opinion.PROPOSE
        assert str(Edition.Attribute(edition.attribute).label) in proposal.text
        public_since = edition.document.first_released_on
        assert public_since is None or proposal.at.astimezone(clock.SHANGHAI).date() < public_since


@pytest.mark.seed("S021")
def test_luoyangs_three_steps_are_signed_one_after_the_other(organ: Any) -> None:
    found = [sheet.of(run) for run in runs(LY_OFFICE, organ)]
    assert len(found) == 6
    for printed in found:
        assert printed.completed
        assert [one.step for one in printed.signatures] == [
            "制发科室提出公开意见",
            "政务公开办审核把关公开属性",
            "机要文电科审核保密事宜、备案",
        ]
        assert all(one.signer and one.text and one.at and one.hash for one in printed.signatures)
        assert len({one.signer for one in printed.signatures}) == 3
        assert [one.at for one in printed.signatures] == sorted(one.at for one in printed.signatures)
    assert list(verify.problems()) == []


@pytest.mark.seed("S022")
def test_mengjins_six_steps_with_a_return_and_a_delegation(organ: Any) -> None:
    found = [(run, sheet.of(run)) for run in runs(MENGJIN, organ).order_by("pk")]
    assert len(found) == 4
    titles = ["起草部门建议", "跟口秘书初审", "综合科审核", "政府办主任审核", "主管县长审核", "县长审核"]
    for run, printed in found:
        assert printed.completed
        assert [step for _n, step, _who, _applies in printed.steps] == titles
        last = {one.step: one for one in printed.signatures}
        assert list(last)[:1] == titles[:1]
        assert set(last) == set(titles)
        assert queries.may_publish(subject_of(Edition.objects.get(pk=run.subject_key))).ok
    returned = [
        printed for _run, printed in found if any(one.opinion == "退回" for one in printed.signatures)
    ]
    assert len(returned) == 1
    assert [one.opinion for one in returned[0].signatures[:4]] == ["提出", "同意", "退回", "重新送审"]
    lent = [one for _run, printed in found for one in printed.signatures if one.delegated]
    assert [(one.step, one.signer, one.delegated) for one in lent] == [
        ("主管县长审核", "周分管", "受卫县长授权")
    ]


@pytest.mark.seed("S023")
def test_the_lead_alone_proposes_the_attribute_of_a_joint_document(organ: Any) -> None:
    joint = Document.objects.filter(organ=organ(MENGJIN), co_organs__isnull=False).distinct().get()
    assert [row.name for row in joint.co_organs.all()] == ["孟津县市场监督管理局", "孟津县公安局"]
    run = ReviewRun.objects.get(subject_kind=KIND, subject_key=str(joint.editions.get().pk))
    assert "joint" in run.facts
    proposal = run.opinions.order_by("seq")[0]
    assert proposal.capacity.startswith(organ(MENGJIN).names.order_by("pk")[0].name)


@pytest.mark.seed("S024")
def test_what_was_released_under_the_rule_had_been_reviewed(organ: Any) -> None:
    """先审查、后公开: no release of the bound offices since they are bound is without a finished review of that very wording
    no later; and no leak is on record."""
    bound = {LY_OFFICE: dt.date(2023, 1, 1), MENGJIN: dt.date(2021, 1, 1), XIGONG: dt.date(2021, 1, 1)}
    checked = 0
    for code, day in bound.items():
        # the rule is the office's own from that day; others' records of it are none of its
        for release in Release.objects.filter(CURRENT, document__organ=organ(code), on__gte=day):
            run = queries.latest_run(subject_of(release.edition))
            assert run is not None, release.document.title
            assert run.state == ReviewRun.State.COMPLETED
            assert run.closed_on is not None
            assert run.closed_on <= release.on
            assert run.secrecy.filter(conclusion__in=SecrecyConclusion.PUBLISHABLE).exists()
            checked += 1
    assert checked >= 9


@pytest.mark.seed("S025")
def test_a_secrecy_record_per_document_and_the_doubtful_asked(organ: Any) -> None:
    done = ReviewRun.objects.filter(subject_kind=KIND, state=ReviewRun.State.COMPLETED)
    for run in done:
        record = run.secrecy.get()
        assert record.reviewer_name == "赵保密"
        assert record.subject_hash == run.subject_hash
        assert set(record.answers) == set(SecrecyConclusion.QUESTIONS)
    doubtful = [run for run in runs(XIGONG, organ) if run.opinions.filter(raised=["doubtful"]).exists()]
    assert [[one.step for one in sheet.of(run).signatures] for run in doubtful] == [
        ["送审人", "信息公开股初步审查", "咨询业务部门和保密工作部门", "分管领导审核"]
    ]
    plain = next(run for run in runs(XIGONG, organ) if run.state == "completed" and run not in doubtful)
    assert [one.step for one in sheet.of(plain).signatures] == [
        "送审人",
        "信息公开股初步审查",
        "分管领导审核",
    ]
    closed = SecrecyConclusion.objects.get(conclusion=SecrecyConclusion.Conclusion.CLOSED)
    assert closed.run.state == ReviewRun.State.COMPLETED
    secret = document_of(closed.run)
    assert secret.first_released_on is None
    assert Withheld.objects.get(subject_key=closed.run.subject_key).reason == closed.note


@pytest.mark.seed("S270")
def test_other_organs_were_asked_and_agreed_to_a_wording(organ: Any) -> None:
    replies = ConsultationReply.objects.filter(party__consultation__organ=organ(XIGONG)).order_by("pk")
    assert [
        (one.party.name, one.kind, one.agreed_text, one.party.consultation.asked_on <= one.on)
        for one in replies
    ] == [
        ("西工区住房和城乡建设局", "agrees_changed", "公布小区名称和改造内容，不公布住户姓名。", True),
        ("西工区国家保密局", "agrees", "", True),
    ]


@pytest.mark.seed("S272")
def test_the_package_for_the_archives_holds_drafts_opinions_and_signatures(organ: Any) -> None:
    run = next(run for run in runs(MENGJIN, organ) if run.rounds == 2)
    packed = archiving.package(document_of(run), by=system("test"))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = set(archive.namelist())
        record = json.loads(archive.read("文件.json"))
        signed = json.loads(archive.read("第1版/审查单1.json"))
        assert "首末班时间已核对" in archive.read("第1版/正文.txt").decode()
        first = archive.read("第1版/送审稿1.txt").decode()
        second = archive.read("第1版/送审稿2.txt").decode()
    assert BODY in first
    assert "首末班时间已核对" not in first, "the wording the first opinions are on"
    assert "首末班时间已核对" in second
    assert all("公开属性：主动公开" in draft for draft in (first, second))
    assert {"文件.json", "第1版/正文.html", "第1版/审查单1.json", "经过.json", "SHA256SUMS.txt"} <= names
    assert record["editions"][0]["attribute"] == "open"
    assert [one["draft"] for one in signed["signatures"]] == [1, 1, 1, 2, 2, 2, 2, 2, 2]
    assert all(one["signer"] and one["at"] and one["hash"] for one in signed["signatures"])


@pytest.mark.seed("S284")
def test_the_telegram_is_visible_only_inside(organ: Any) -> None:
    telegram = Document.objects.get(organ=organ(PINGDINGSHAN), kind=Kind.TELEGRAM)
    edition = telegram.editions.get()
    assert (edition.attribute, edition.closed) == ("closed", True)
    assert "条例第十六条" in edition.attribute_reason
    assert not public_documents(clock.today()).filter(kind=Kind.TELEGRAM).exists()
    assert Client().get(f"/d/{telegram.pk}/").status_code == 404
    assert Withheld.objects.filter(subject_key=str(edition.pk), attribute="closed").exists()


@pytest.mark.seed("S036")
def test_what_went_through_a_chain_was_public_in_twenty_working_days() -> None:
    from gongkai.documents import timeliness

    reviewed = [
        document_of(run)
        for run in ReviewRun.objects.filter(subject_kind=KIND)
        if document_of(run).first_released_on
    ]
    found = [timeliness.of_document(document, clock.today()) for document in reviewed]
    assert {one.status for one in found if one} == {timeliness.Status.ON_TIME}
