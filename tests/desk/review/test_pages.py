"""The pages of the review room, through the whole stack: who opens which door, and that a post does what the action does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock
from gongkai.documents.models import Edition
from gongkai.documents.reviewing import KIND
from gongkai.organs.models import Role
from gongkai.review import actions, chains, course, notation
from gongkai.review.models import ConsultedParty, ReviewDelegation, ReviewRun
from tests.desk.conftest import signed_in
from tests.review import support
from tests.review.support import CLEAR, DAY, actor, sign, started, step
from tests.support.world import World

pytestmark = pytest.mark.django_db
CITY = "city-edu"


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def client(world: World, role: str, code: str = CITY) -> Client:
    return signed_in(world.people[f"{code}-{role}"])


def do(who: Client, run: ReviewRun, verb: str, **data: Any) -> Any:
    run.refresh_from_db()
    url = f"{reverse('desk:review', args=[run.pk])}?do={verb}"
    return who.post(url, {"seen": run.last_seq, **data})


def test_the_whole_way_through_the_pages(world: World) -> None:
    """Submit, sign with a doubt, consult, return, submit anew, conclude secrecy, complete, print."""
    actions.adopt_chain(by=support.TEST, organ=world.organs[CITY], key="T-XG")
    what = support.edition(world.organs[CITY])
    handler, office, secrecy = (client(world, role) for role in ("handler", "office", "secrecy"))
    here = reverse("desk:review-submit", args=[KIND, what.pk])
    page = handler.get(here)
    assert "信息公开股初步审查" in page.content.decode()
    template = next(iter(page.context["form"].templates))
    assert handler.post(here, {"template": template, "text": "建议公开"}).status_code == 302
    run = ReviewRun.objects.get()
    assert handler.get(here).url == reverse("desk:review", args=[run.pk])

    assert "等您办的" in office.get(reverse("desk:reviews")).content.decode()
    assert run.title in office.get(reverse("desk:today")).content.decode()
    assert do(office, run, "opine", opinion="agree", raises=["doubtful"]).status_code == 302
    assert do(secrecy, run, "opine", opinion="agree").status_code == 409
    asked = do(secrecy, run, "consult", names="甲市东县人民政府\n市国家保密局", question="是否涉密")
    assert asked.status_code == 302
    party = ConsultedParty.objects.get(outside=False)
    other = client(world, "office", "county-a")
    assert run.title in other.get(reverse("desk:reviews")).content.decode()
    answered = other.post(reverse("desk:review-party", args=[party.pk]), {"kind": "agrees"})
    assert answered.status_code == 302
    outside = ConsultedParty.objects.get(outside=True)
    url = reverse("desk:review-party", args=[outside.pk])
    assert secrecy.post(url, {"kind": "objects"}).status_code == 422
    assert secrecy.post(url, {"kind": "agrees", "text": "〔2022〕3号函"}).status_code == 302
    assert do(secrecy, run, "return", to_step=0, text="请补依据").status_code == 302
    assert do(handler, run, "resubmit", text="已补").status_code == 302
    for role in ("office", "secrecy", "leader"):
        assert do(client(world, role), run, "opine", opinion="agree").status_code == 302
    answers = {f"q_{key}": value for key, value in CLEAR.items()}
    assert do(secrecy, run, "conclude_secrecy", conclusion="partly", **answers).status_code == 422
    assert do(secrecy, run, "conclude_secrecy", conclusion="open", **answers).status_code == 302
    run.refresh_from_db()
    assert run.state == course.COMPLETED
    shown = handler.get(reverse("desk:review", args=[run.pk])).content.decode()
    assert "审查手续齐全，可以公开" in shown
    sheet = handler.get(reverse("desk:review-sheet", args=[run.pk])).content.decode()
    for words in (
        "政府信息公开审查单",
        "信息公开股初步审查",
        "退回",
        "〔2022〕3号函",
        "可以公开",
        run.last_hash,
    ):
        assert words in sheet


def test_what_each_round_submitted_stands_on_the_sheet_and_side_by_side(world: World) -> None:
    run = started(world, body="第一条 初稿")
    handler, office = client(world, "handler"), client(world, "office")
    assert do(office, run, "return", to_step=0, text="请改").status_code == 302
    support.change(Edition.objects.get(pk=run.subject_key), "第一条 改稿")
    assert do(handler, run, "resubmit", text="已改").status_code == 302
    drafts = reverse("desk:review-drafts", args=[run.pk])
    page = office.get(reverse("desk:review", args=[run.pk])).content.decode()
    assert drafts in page
    sheet = office.get(reverse("desk:review-sheet", args=[run.pk])).content.decode()
    for words in ("送审稿 1", "第一条 初稿", "送审稿 2", "第一条 改稿", drafts):
        assert words in sheet
    beside = office.get(drafts).content.decode()
    assert "1 处不同" in beside
    assert "<del>第一条 初稿</del>" in beside
    assert "<ins>第一条 改稿</ins>" in beside


DOORS = ("review", "review-sheet", "review-drafts")


def test_every_door_of_a_run_for_every_role_and_organ(world: World) -> None:
    run = started(world)
    sees = {CITY: set(Role.values) - {"operator"}, "city": {"supervisor", "auditor"}}
    for code in world.organs:
        for role in Role.values:
            who = client(world, role, code)
            expected = 200 if role in sees.get(code, set()) else 404
            for door in DOORS:
                assert who.get(reverse(f"desk:{door}", args=[run.pk])).status_code == expected, (code, role)
            if expected == 404:
                assert do(who, run, "opine", opinion="agree").status_code == 404
                assert do(who, run, "withdraw", text="x").status_code == 404
                submit = who.get(reverse("desk:review-submit", args=[run.subject_kind, run.subject_key]))
                assert submit.status_code == 404
    run.refresh_from_db()
    assert (run.state, run.last_seq) == (course.SIGNING, 1)


def test_every_role_sees_its_own_list_and_no_other(world: World) -> None:
    run = started(world)
    for code in (CITY, "city-office", "county-a"):
        for role in Role.values:
            who = client(world, role, code)
            for name in ("reviews", "reviews-all"):
                page = who.get(reverse(f"desk:{name}"))
                if role == "operator":
                    assert page.status_code == 404
                    continue
                assert page.status_code == 200
                shown = run.title in page.content.decode()
                listed = (
                    code == CITY
                    if name == "reviews-all"
                    else (code, role)
                    in (
                        (CITY, "office"),
                        (CITY, "handler"),
                        (CITY, "secrecy"),
                    )
                )
                assert shown is listed, (code, role, name)


def test_a_consultation_opens_for_both_sides_only(world: World) -> None:
    run = started(world)
    actions.consult(
        by=actor(world, CITY, "office"), run=run, question="问", organs=[world.organs["county-a"]]
    )
    url = reverse("desk:review-party", args=[ConsultedParty.objects.get().pk])
    for code, role, expected in (
        (CITY, "handler", 200),
        ("county-a", "office", 200),
        ("county-b", "office", 404),
        ("city-office", "head", 404),
        ("county-a", "operator", 404),
    ):
        assert client(world, role, code).get(url).status_code == expected, (code, role)
    watching = client(world, "supervisor", "county-a")
    assert watching.get(url).status_code == 200
    assert watching.post(url, {"kind": "agrees"}).status_code == 403
    link = reverse("desk:review", args=[run.pk])
    assert link not in client(world, "office", "county-a").get(url).content.decode()


def test_silence_is_noted_from_the_page(world: World) -> None:
    run = started(world)
    actions.consult(
        by=actor(world, CITY, "office"), run=run, question="问", organs=[world.organs["county-a"]]
    )
    party = ConsultedParty.objects.get()
    url = reverse("desk:review-party", args=[party.pk])
    assert client(world, "office").post(url, {"silence": "1"}).status_code == 403
    with clock.on_day(DAY + dt.timedelta(days=30)):
        assert "登记逾期未答复" in client(world, "office").get(url).content.decode()
        assert client(world, "office").post(url, {"silence": "1"}).status_code == 302
    assert party.replies.get().kind == "silent"


def test_who_comes_late_is_told_and_changes_nothing(world: World) -> None:
    run = started(world)
    office = client(world, "office")
    url = f"{reverse('desk:review', args=[run.pk])}?do=opine"
    assert office.get(url).status_code == 200
    support.change(support.Edition.objects.get(pk=run.subject_key), "改过")
    assert "内容有改动" in office.post(url, {"seen": 1, "opinion": "agree"}).content.decode()
    actions.resubmit(by=actor(world, CITY, "handler"), run=run, text="改了")
    late = office.post(url, {"seen": 1, "opinion": "agree"})
    assert late.status_code == 409
    assert "又有人办理" in late.content.decode()
    run.refresh_from_db()
    assert run.last_seq == 2


def test_no_number_is_shown_whole(world: World) -> None:
    run = started(world, body="证件11010519491231002X")
    page = client(world, "office").get(reverse("desk:review", args=[run.pk])).content.decode()
    findings = page.split('id="prescreen"')[1].split("</section>")[0]
    assert "身份证件号码" in findings
    assert "11010519491231002X" not in findings


def test_authorising_from_the_page(world: World) -> None:
    office = client(world, "office")
    url = reverse("desk:review-authorise")
    post = world.people[f"{CITY}-office"].posts.get()
    data = {
        "post": post.pk,
        "to": world.people[f"{CITY}-secrecy"].pk,
        "valid_from": DAY.isoformat(),
        "valid_to": DAY.isoformat(),
        "reason": "出差",
    }
    foreign = data | {"to": world.people["city-office-secrecy"].pk}
    assert office.post(url, foreign).status_code == 422
    other = data | {"post": world.people[f"{CITY}-head"].posts.get().pk}
    assert office.post(url, other).status_code == 422
    assert office.post(url, data).status_code == 302
    assert ReviewDelegation.objects.get().to == world.people[f"{CITY}-secrecy"]
    run = started(world)
    page = client(world, "secrecy").get(reverse("desk:review", args=[run.pk])).content.decode()
    assert "签署意见（代测试office）" in page
    assert client(world, "operator").get(url).status_code == 404


def test_pages_cost_the_same_however_many_signed(world: World, django_assert_max_num_queries: Any) -> None:
    run = started(world)
    for _round in range(3):
        sign(world, run, "office")
        actions.return_(by=actor(world, CITY, "head"), run=run, text="再核")
        actions.resubmit(by=actor(world, CITY, "handler"), run=run, text="已核")
    who = client(world, "office")
    with django_assert_max_num_queries(32):
        who.get(reverse("desk:review", args=[run.pk]))
    for _number in range(4):
        started(world)
    with django_assert_max_num_queries(26):
        who.get(reverse("desk:reviews"))


@pytest.mark.parametrize("key", ["T-LY", "T-MJ", "T-XG"])
def test_a_chain_reads_back_as_it_was_written(key: str) -> None:
    steps = chains.read(chains.shipped()[key]["steps"])
    assert chains.read(notation.read(notation.write(steps))) == steps


def test_a_chain_with_everything_reads_back(world: World) -> None:
    data = [
        {"title": "提出", "proposes": True},
        step("会签", "office", "secrecy", "leader", rule="quorum", quorum=2, days=3, when="!joint"),
        step("任一", "office", "head", rule="any", when="doubtful", needs=["secrecy", "consultation"]),
        {"title": "上级", "signers": [{"role": "head", "organ": "city-office", "title": "主任"}]},
        {"title": "指定", "signers": [{"person": "city-edu-head"}]},
    ]
    steps = chains.read(data)
    assert chains.read(notation.read(notation.write(steps))) == steps


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("审核", "应写作"),
        ("审核 | 科长", "不认识签署人“科长”"),
        ("审核 | 分管领导 | 尽快", "不认识选项“尽快”"),
        ("审核 | 分管领导 | 限 下雨", "不认识选项"),
    ],
)
def test_what_cannot_be_read_is_said(line: str, words: str) -> None:
    with pytest.raises(notation.Unreadable, match=words):
        notation.read(line)


def test_a_chain_is_edited_in_its_box(world: World) -> None:
    made = support.chain(world.organs[CITY], *support.THREE)
    head = client(world, "head")
    url = reverse("desk:register-act", args=["chains", made.pk, "edit"])
    assert "公开办审核岗" in head.get(url).content.decode()
    wrong = head.post(url, {"title": "两步", "steps": "审核 | 科长"})
    assert wrong.status_code == 422
    assert "不认识签署人" in wrong.content.decode()
    lines = "审核 | 公开办审核岗 | 2日\n审定 | 分管领导"
    assert head.post(url, {"title": "两步", "steps": lines}).status_code == 302
    newest = type(made).objects.get(version=2)
    assert [one["title"] for one in newest.steps] == ["审核", "审定"]
    assert head.get(url).status_code == 403  # the old version is not changed any more
