"""先审查、后公开: from the day an organ is bound to it, no way leads to the public past a finished review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.documents import scheduling
from gongkai.documents.describing import parse_appointments
from gongkai.documents.models import Document, Release, ReleasePlan
from gongkai.documents.reviewing import subject_of
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.review import actions, choices
from gongkai.review.duty import Duties
from gongkai.review.models import ReviewRun, Withheld
from tests.review.support import CLEAR, DAY, THREE, actor, chain, sign
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
CODE = "city-edu"
LATER = DAY + dt.timedelta(days=5)
NOTE = "先审查、后公开"


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def bind(world: World, code: str = "city", **more: Any) -> Any:
    given = {"valid_from": DAY, "note": NOTE} | more
    return actions.set_duty(by=TEST, organ=world.organs[code], **given)


def made(world: World, kind: str = "notice", on: dt.date = DAY, **more: Any) -> Document:
    return documents.add_document(
        by=TEST,
        organ=world.organs[CODE],
        kind=kind,
        title="关于道路施工的通告",
        body="正文",
        made_on=on,
        **more,
    )


def reviewed(world: World, document: Document, conclusion: str = "open", **more: Any) -> ReviewRun:
    if choices.chain_for(world.organs[CODE], "documents.edition") is None:
        chain(world.organs[CODE], *THREE)
    subject = subject_of(document.editions.order_by("-seq")[0])
    run = actions.start(by=actor(world, CODE, "handler"), subject=subject)
    sign(world, run, "office", "head", "leader", code=CODE)
    given = {"answers": CLEAR} | more
    actions.conclude_secrecy(by=actor(world, CODE, "secrecy"), run=run, conclusion=conclusion, **given)
    return run


def test_nothing_goes_out_unreviewed_from_that_day_on(world: World) -> None:
    early = made(world, on=DAY - dt.timedelta(days=2))
    documents.release(early, by=TEST, channel="政府网站", on=DAY - dt.timedelta(days=1))
    bind(world)
    document = made(world)
    with pytest.raises(Refused, match="还没有送审"):
        documents.release(document, by=TEST, channel="政府网站", on=DAY)
    with pytest.raises(Refused, match="还没有送审"):
        documents.plan_release(document, by=TEST, channel="政府网站", at=clock.now() + dt.timedelta(hours=1))
    documents.release(early, by=TEST, channel="政府公报", on=DAY)  # what was public before stands
    reviewed(world, document)
    shown = documents.release(document, by=TEST, channel="政府网站", on=DAY)
    documents.release(document, by=TEST, channel="政府公报", on=DAY)
    assert shown.edition.closed
    second = documents.open_edition(document, by=TEST, body="改过的正文")
    with pytest.raises(Refused, match="还没有送审"):
        documents.release(document, by=TEST, channel="政府网站", on=DAY)
    documents.release(document, by=TEST, channel="报刊", on=DAY, edition=shown.edition)
    assert not second.closed


def test_each_obstacle_is_said(world: World) -> None:
    bind(world)
    document = made(world)
    chain(world.organs[CODE], *THREE)
    run = actions.start(by=actor(world, CODE, "handler"), subject=subject_of(document.editions.get()))
    with pytest.raises(Refused, match="审签没有完成") as refused:
        documents.release(document, by=TEST, channel="政府网站", on=DAY)
    assert "还没有作出保密审查结论" in str(refused.value)
    sign(world, run, "office", "head", "leader", code=CODE)
    secrecy = actor(world, CODE, "secrecy")
    actions.conclude_secrecy(by=secrecy, run=run, answers=CLEAR, conclusion="referred", note="拿不准")
    with pytest.raises(Refused, match="报请确定"):
        documents.release(document, by=TEST, channel="政府网站", on=DAY)
    actions.conclude_secrecy(by=secrecy, run=run, answers=CLEAR, conclusion="open")
    documents.edit_edition(document.editions.get(), by=TEST, body="偷改")
    with pytest.raises(Refused, match="又有改动"):
        documents.release(document, by=TEST, channel="政府网站", on=DAY)


def test_the_number_is_given_when_everybody_has_signed(world: World) -> None:
    bind(world)
    document = made(world)
    reviewed(world, document)
    documents.open_series(by=TEST, organ=world.organs[CODE], mark="甲教", valid_from=dt.date(2020, 1, 1))
    documents.correct_document(document, by=TEST, number="甲教〔2022〕1号", reason="印发时编号")
    assert (
        documents.release(document, by=TEST, channel="政府网站", on=DAY).document.number == "甲教〔2022〕1号"
    )


def test_a_planned_release_is_asked_again_when_it_is_due(world: World) -> None:
    document = made(world)
    plan = documents.plan_release(
        document, by=TEST, channel="政府网站", at=clock.now() + dt.timedelta(hours=1)
    )
    bind(world)
    with clock.on_day(LATER):
        assert scheduling.carry_out_due() == 0
    plan.refresh_from_db()
    assert (plan.state, plan.why) == (
        ReleasePlan.State.FAILED,
        "还没有送审。先审查、后公开。",
    )
    assert not document.releases.exists()


def test_a_release_cannot_be_moved_under_the_rule_afterwards(world: World) -> None:
    document = made(world, on=DAY - dt.timedelta(days=3))
    bind(world)
    backdated = documents.release(document, by=TEST, channel="政府网站", on=DAY - dt.timedelta(days=1))
    with pytest.raises(Refused, match="还没有送审"):
        documents.correct_release(backdated, by=TEST, on=DAY, reason="实为今天")
    documents.correct_release(backdated, by=TEST, on=DAY - dt.timedelta(days=2), reason="更早")


@pytest.mark.parametrize("role", ["handler", "office", "head"])
def test_writing_yesterday_is_no_way_past_the_review(world: World, role: str) -> None:
    """Typed days decide nothing for persons; what was made before the duty, too, is recorded later by 公开办 alone."""
    bind(world)
    by = world.actor(CODE, role, "documents", DAY)
    yesterday, before = DAY - dt.timedelta(days=1), DAY - dt.timedelta(days=2)
    with clock.on_day(LATER):
        with pytest.raises(Refused, match="还没有送审") as refused:
            documents.release(made(world), by=by, channel="政府网站", on=DAY)
        assert "补录" not in str(refused.value)
        old = made(world, on=before)
        if role == "handler":
            with pytest.raises(Refused, match="请公开办补录，或者先送审"):
                documents.release(old, by=by, channel="政府网站", on=yesterday)
            assert not Release.objects.exists()
            return
        late = documents.release(old, by=by, channel="政府网站", on=yesterday)
        documents.correct_release(late, by=by, on=before, reason="实为前一日")


@pytest.mark.parametrize("role", ["handler", "office"])
def test_a_day_is_not_moved_past_the_rule_either(world: World, role: str) -> None:
    early = documents.release(
        made(world, on=DAY - dt.timedelta(days=3)), by=TEST, channel="政府网站", on=DAY - dt.timedelta(days=1)
    )
    bind(world)
    by = world.actor(CODE, role, "documents", DAY)
    same = documents.correct_release(early, by=by, on=early.on, carrier="http://a.example/1", reason="补地址")
    moved = {"by": by, "on": DAY - dt.timedelta(days=2), "reason": "更早"}
    if role == "office":
        assert documents.correct_release(same, **moved).on == moved["on"]
        return
    with pytest.raises(Refused, match="请公开办补录"):
        documents.correct_release(same, **moved)


def test_what_was_taken_down_is_not_shown_again_by_correcting_the_day(world: World) -> None:
    document = made(world, on=DAY - dt.timedelta(days=3))
    shown = documents.release(document, by=TEST, channel="政府网站", on=DAY - dt.timedelta(days=3))
    down = documents.withdraw_release(shown, by=TEST, on=DAY - dt.timedelta(days=1), reason="内容有误")
    bind(world)
    earlier = documents.correct_release(down, by=TEST, until=DAY - dt.timedelta(days=2), reason="实为前一日")
    with pytest.raises(Refused, match="还没有送审"):
        documents.correct_release(earlier, by=TEST, until=LATER, reason="再挂一个月")


def test_a_plan_is_refused_for_what_would_fail_at_its_hour(world: World) -> None:
    named = documents.add_document(
        by=TEST, organ=world.organs[CODE], kind="personnel", title="关于张三任职的通知", body="x", made_on=DAY
    )
    at = clock.now() + dt.timedelta(hours=1)
    with pytest.raises(Refused, match="任免事项"):
        documents.plan_release(named, by=TEST, channel="政府网站", at=at)
    documents.set_appointments(named, by=TEST, lines=parse_appointments("张三 任命 甲市教育局局长"))
    assert documents.plan_release(named, by=TEST, channel="政府网站", at=at).pk


def test_the_machine_is_asked_for_the_day_itself(world: World) -> None:
    bind(world)
    with clock.on_day(LATER):
        old = made(world, on=DAY - dt.timedelta(days=2))
        assert documents.release(old, by=TEST, channel="政府网站", on=DAY - dt.timedelta(days=1)).pk


def test_the_rule_may_name_types(world: World) -> None:
    bind(world, kinds=["documents.edition/normative_docs"])
    documents.release(made(world), by=TEST, channel="政府网站", on=DAY)
    with pytest.raises(Refused, match="还没有送审"):
        documents.release(made(world, "normative_docs"), by=TEST, channel="政府网站", on=DAY)
    with pytest.raises(ValidationError, match="没有"):
        bind(world, kinds=["nothing"])


def test_the_nearest_rule_decides_and_none_is_loosened_from_below(world: World) -> None:
    bind(world, kinds=["documents.edition/notice"])
    edu = world.organs[CODE]
    head = next(one for one in _actors(world, CODE, "head") if one.role == Role.HEAD)
    for looser in ({"required": False}, {"kinds": ["documents.edition/news"]}):
        with pytest.raises(Refused, match="不能自行放宽"):
            actions.set_duty(by=head, organ=edu, valid_from=DAY, note=NOTE, **looser)
    actions.set_duty(by=head, organ=edu, valid_from=LATER, note="局务会议")
    rules = Duties.read()
    assert not rules.hold(edu, "documents.edition", "news", DAY)
    assert rules.hold(edu, "documents.edition", "news", LATER)
    assert not rules.hold(world.organs["county-a"], "documents.edition", "news", LATER)
    assert not rules.hold(edu, "documents.edition", "notice", DAY - dt.timedelta(days=1))
    bind(world, CODE, required=False, valid_from=LATER)  # the machine, at the root, decides for everybody
    assert not Duties.of(edu).hold(edu, "documents.edition", "notice", LATER)
    with pytest.raises(ValidationError, match="今天"):
        bind(world, valid_from=DAY - dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="依据"):
        bind(world, note=" ")
    for role in ("handler", "office", "secrecy", "leader", "supervisor", "auditor"):
        for by in _actors(world, CODE, role):
            with pytest.raises(Refused):
                actions.set_duty(by=by, organ=edu, valid_from=DAY, note=NOTE)


@pytest.mark.parametrize("since", [DAY, LATER, LATER + dt.timedelta(days=9)])
@pytest.mark.parametrize("looser", [{"required": False}, {"kinds": ["documents.edition/news"]}])
def test_what_was_set_below_before_loosens_nothing(
    world: World, since: dt.date, looser: dict[str, Any]
) -> None:
    """The county had set something of its own first, for the same day or any other; what it demands itself still holds."""
    county, town = world.organs["county-a"], world.organs["town-a1"]
    own = bind(world, "county-a", valid_from=since, **looser)
    whole = bind(world, valid_from=LATER, kinds=["documents.edition/notice"])
    long_after = since + dt.timedelta(days=30)
    for organ in (county, town):
        assert Duties.of(organ).hold(organ, "documents.edition", "notice", long_after)
        assert Duties.of(organ).hold(organ, "documents.edition", "news", long_after) is own.required
    allowed = bind(world, "county-a", required=False, valid_from=LATER)  # by who decides for the city
    assert Duties.of(town).rules(town, LATER) == [allowed]
    assert Duties.of(world.organs["county-b"]).rules(world.organs["county-b"], LATER) == [whole]


def _actors(world: World, code: str, role: str) -> Any:
    from gongkai.organs.actors import actors_for

    return actors_for(world.viewer(code, role, DAY), "chains", world.organs[code].path, "view")


def test_many_questions_cost_one_query(world: World, django_assert_num_queries: Any) -> None:
    bind(world)
    organs = list(world.organs.values())
    with django_assert_num_queries(1):
        rules = Duties.read()
        assert all(
            rules.hold(organ, "documents.edition", "notice", DAY) for organ in organs if organ.code != "x"
        )


@pytest.mark.parametrize(
    ("given", "conclusion", "more", "attribute", "reason"),
    [
        (
            {"attribute": "on_request", "attribute_reason": "涉及特定对象，依申请提供"},
            "open",
            {},
            "on_request",
            "涉及特定对象，依申请提供",
        ),
        ({}, "closed", {"note": "附表标有密级"}, "closed", "附表标有密级"),
    ],
)
def test_what_is_not_to_be_open_is_kept_inside_with_its_reason(
    world: World, given: dict[str, str], conclusion: str, more: dict[str, str], attribute: str, reason: str
) -> None:
    bind(world)
    document = made(world, **given)
    run = reviewed(world, document, conclusion, **more)
    kept = Withheld.objects.get(subject_key=run.subject_key)
    assert (kept.attribute, kept.reason, kept.since) == (attribute, reason, DAY)
    assert kept.next_due_on == dt.date(2023, 6, 1)
    with pytest.raises(Refused):
        documents.release(document, by=TEST, channel="政府网站", on=DAY)


def test_a_later_conclusion_opens_it_again(world: World) -> None:
    bind(world)
    document = made(world)
    run = reviewed(world, document, "closed", note="待有关部门确认")
    actions.conclude_secrecy(
        by=actor(world, CODE, "secrecy"), run=run, answers=CLEAR, conclusion="open", note="已确认不涉密"
    )
    kept = Withheld.objects.get(subject_key=run.subject_key)
    assert kept.ended_on == DAY
    assert "已确认不涉密" in kept.examinations.get().reason
    assert documents.release(document, by=TEST, channel="政府网站", on=DAY).pk


def test_a_final_wording_that_is_not_open_is_withheld_without_a_review(world: World) -> None:
    document = made(
        world, "telegram", attribute="closed", attribute_reason="内部事务信息（条例第十六条第一款）"
    )
    documents.close_edition(document.editions.get(), by=actor(world, CODE, "handler"))
    kept = Withheld.objects.get()
    assert (kept.attribute, kept.title) == ("closed", document.title)


@pytest.mark.seed("S023")
def test_only_the_lead_of_a_joint_document_proposes_its_attribute(world: World) -> None:
    """Lead and co-organs are on record; who works at a co-organ can neither set the attribute nor submit it to review; the
    joint document passes the steps that are for joint documents."""
    document = made(world)
    documents.set_co_organs(document, by=TEST, names=["甲市人民政府办公室", "市气象局"])
    edition = document.editions.get()
    subject = subject_of(edition)
    assert "joint" in subject.facts
    chain(world.organs[CODE], *THREE, {"title": "会签", "when": "joint", "signers": [{"role": "secrecy"}]})
    for role in ("handler", "office", "head"):
        stranger = world.actor("city-office", role, "documents", DAY)
        with pytest.raises(Refused):
            documents.edit_edition(edition, by=stranger, attribute="closed", attribute_reason="x")
        with pytest.raises(Refused):
            actions.start(by=actor(world, "city-office", role), subject=subject)
    run = actions.start(by=actor(world, CODE, "handler"), subject=subject, text="建议主动公开")
    sign(world, run, "office", "head", "leader", code=CODE)
    assert run.state == ReviewRun.State.SIGNING
    assert sign(world, run, "secrecy", code=CODE).state == ReviewRun.State.COMPLETED
    assert [row.name for row in document.co_organs.all()] == ["甲市人民政府办公室", "市气象局"]


def test_what_came_from_another_organ_says_so(world: World) -> None:
    document = made(world)
    for source, other in (("甲市统计局", True), ("甲市教育局", False)):
        described = documents.describe(document, by=TEST, source=source)
        assert ("other_organs" in subject_of(described.editions.get()).facts) is other
