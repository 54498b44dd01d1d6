"""Runs through their chains: who signs when, and everything that is refused, in words."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.documents.reviewing import subject_of
from gongkai.organs import scope
from gongkai.organs.actors import system
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.review import actions, course, queries, sheet, workflow
from gongkai.review.models import ReviewOpinion, ReviewRun, ReviewTask
from gongkai.review.workflow import NONE, PERMITS
from tests.review import support
from tests.review.support import DAY, actor, sign, started, step
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
CITY = "city-edu"


def test_a_run_goes_its_way(world: World) -> None:
    run = started(world)
    task = run.tasks.get()
    assert (run.state, run.step) == (course.SIGNING, 1)
    assert (task.role, task.due_on) == ("office", dt.date(2022, 6, 6))  # 3 June is the Dragon Boat holiday
    sign(world, run, "office", "head")
    assert run.tasks.get().role == "leader"
    sign(world, run, "leader")
    assert (run.state, run.closed_on) == (course.COMPLETED, DAY)
    assert not run.tasks.exists()
    assert [entry.opinion for entry in run.opinions.all()] == ["propose", "agree", "agree", "agree"]
    assert AuditEntry.objects.filter(subject_type="review.reviewrun").count() == 4


def test_every_opinion_has_signer_post_time_and_hash_of_the_one_before(world: World) -> None:
    run = sign(world, started(world), "office", "head", "leader")
    previous = "0" * 64
    for entry in run.opinions.order_by("seq"):
        assert entry.signer_name
        assert "甲市教育局" in entry.capacity
        assert entry.at.date() == DAY
        assert entry.previous_hash == previous
        previous = entry.hash
    assert run.last_hash == previous
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.parametrize("permit", PERMITS, ids=lambda permit: permit.action)
def test_the_table_of_roles_and_states(permit: workflow.Permit) -> None:
    """Every role in every state: what is not listed is refused with a sentence that names who may, or why not now."""
    for role, state in product(Role.values, [NONE, *ReviewRun.State.values]):
        reason = workflow.refusal(permit.action, state, role)
        assert bool(reason) is not (role in permit.roles and state in permit.states)
        if reason and role not in permit.roles:
            assert workflow.role_names(permit) in reason
    machine = workflow.refusal(permit.action, next(iter(permit.states)), "system")
    assert bool(machine) is not permit.machine


@pytest.mark.parametrize("role", Role.values)
def test_only_the_post_whose_turn_it_is_signs(world: World, role: str) -> None:
    """Every role at the first of three steps, by the action itself."""
    run = started(world)
    who = world.viewer(CITY, role, DAY)
    acting = next((a for a in _watching(who, run) if a.role == role), None)
    if acting is None:
        assert role == "operator"
        return
    if role == "office":
        actions.opine(by=acting, run=run, opinion="agree")
        return
    with pytest.raises(Refused) as refused:
        actions.opine(by=acting, run=run, opinion="agree")
    assert str(refused.value)


def _watching(who: scope.Viewer, run: ReviewRun) -> tuple:
    from gongkai.organs.actors import watchers_for

    return watchers_for(who, "review", run.path)


def test_a_job_of_the_machine_signs_nothing(world: World) -> None:
    run = started(world)
    for do in (
        lambda: actions.opine(by=system("job"), run=run, opinion="agree"),
        lambda: actions.start(by=TEST, subject=subject_of(support.edition(world.organs[CITY]))),
        lambda: actions.withdraw(by=system("job"), run=run, text="x"),
    ):
        with pytest.raises(Refused):
            do()


def test_the_submitter_cannot_sign_in_another_post(world: World) -> None:
    run = started(world)
    from gongkai.organs import actions as organs

    handler = world.people[f"{CITY}-handler"]
    organs.appoint(
        by=TEST, person=handler, organ=world.organs[CITY], role="office", valid_from=dt.date(2020, 1, 1)
    )
    by = support.acting(handler, run.path, role="office")
    with pytest.raises(Refused, match="送审人不能签署"):
        actions.opine(by=by, run=run, opinion="agree")
    assert not queries.inbox(scope.viewer(handler, DAY), DAY)


def test_who_signed_a_step_cannot_sign_the_next(world: World) -> None:
    from gongkai.organs import actions as organs

    run = sign(world, started(world), "office")
    office = world.people[f"{CITY}-office"]
    organs.appoint(
        by=TEST, person=office, organ=world.organs[CITY], role="head", valid_from=dt.date(2020, 1, 1)
    )
    with pytest.raises(Refused, match="您签署了上一步"):
        actions.opine(by=support.acting(office, run.path, role="head"), run=run, opinion="agree")
    sign(world, run, "head")
    organs.appoint(
        by=TEST, person=office, organ=world.organs[CITY], role="leader", valid_from=dt.date(2020, 1, 1)
    )
    actions.opine(by=support.acting(office, run.path, role="leader"), run=run, opinion="agree")


def test_a_lent_post_is_recorded_and_binds_its_holder(world: World) -> None:
    from gongkai.organs import actions as organs

    run = started(world)
    post = world.people[f"{CITY}-office"].posts.get()
    organs.delegate(
        by=TEST, post=post, to=world.people[f"{CITY}-secrecy"], valid_from=DAY, valid_to=DAY, reason="出差"
    )
    by = support.acting(world.people[f"{CITY}-secrecy"], run.path, role="office")
    entry = actions.opine(by=by, run=run, opinion="agree")
    assert entry.delegated_from == world.people[f"{CITY}-office"]
    organs.appoint(
        by=TEST,
        person=world.people[f"{CITY}-office"],
        organ=world.organs[CITY],
        role="head",
        valid_from=dt.date(2020, 1, 1),
    )
    both = support.acting(world.people[f"{CITY}-office"], run.path, role="head")
    with pytest.raises(Refused, match="上一步"):
        actions.opine(by=both, run=run, opinion="agree")


def test_changed_content_stops_the_signing_and_says_so(world: World) -> None:
    run = started(world)
    what = support.Edition.objects.get(pk=run.subject_key)
    support.change(what, "改过的正文")
    with pytest.raises(Refused, match="内容有改动"):
        sign(world, run, "office")
    page = queries.run_page(world.viewer(CITY, "office", DAY), run.pk, DAY)
    assert page.stale
    assert "改动" in page.offer("opine").reason
    actions.resubmit(by=actor(world, CITY, "handler"), run=run, text="按领导要求改了正文")
    assert sign(world, run, "office", "head", "leader").state == course.COMPLETED
    assert run.rounds == 2


def test_consent_on_condition_of_changes(world: World) -> None:
    run = started(world)
    with pytest.raises(ValidationError, match="理由"):
        actions.opine(by=actor(world, CITY, "office"), run=run, opinion="agree_changed")
    sign(world, run, "office", opinion="agree_changed")
    assert (run.state, run.tasks.get().person_id) == (course.AMENDING, run.submitter_id)
    author = actor(world, CITY, "handler")
    with pytest.raises(Refused, match="还没有改动"):
        actions.amend(by=author, run=run, text="已改")
    support.change(support.Edition.objects.get(pk=run.subject_key), "改过")
    with pytest.raises(Refused, match="由送审人"):
        actions.amend(by=actor(world, CITY, "head"), run=run, text="已改")
    actions.amend(by=author, run=run, text="已按意见改了第二条")
    assert sign(world, run, "head", "leader").state == course.COMPLETED


def test_returned_to_the_author_or_an_earlier_step(world: World) -> None:
    run = sign(world, started(world), "office", "head")
    leader = actor(world, CITY, "leader")
    with pytest.raises(ValidationError, match="理由"):
        actions.return_(by=leader, run=run, text=" ")
    with pytest.raises(ValidationError, match="前面经过"):
        actions.return_(by=leader, run=run, text="请核", to_step=3)
    actions.return_(by=leader, run=run, text="请再核", to_step=2)
    run.refresh_from_db()
    assert (run.state, run.step) == (course.SIGNING, 2)
    sign(world, run, "head")
    actions.return_(by=leader, run=run, text="退起草人")
    run.refresh_from_db()
    assert run.state == course.RETURNED
    with pytest.raises(Refused, match="已退回，不能“签署意见”"):
        sign(world, run, "office")
    actions.resubmit(by=actor(world, CITY, "handler"), run=run, text="说明如下")
    assert sign(world, run, "office", "head", "leader").state == course.COMPLETED


def test_refused_and_withdrawn_runs_are_over_and_may_be_begun_anew(world: World) -> None:
    run = sign(world, started(world), "office", opinion="disagree")
    assert (run.state, run.closed_on) == (course.REFUSED, DAY)
    subject = subject_of(support.Edition.objects.get(pk=run.subject_key))
    again = actions.start(by=actor(world, CITY, "handler"), subject=subject)
    with pytest.raises(Refused, match="正在审签"):
        actions.start(by=actor(world, CITY, "handler"), subject=subject)
    with pytest.raises(Refused, match="只有送审人"):
        actions.withdraw(by=actor(world, CITY, "office"), run=again, text="不送了")
    actions.withdraw(by=actor(world, CITY, "head"), run=again, text="不送了")
    again.refresh_from_db()
    assert (again.state, again.tasks.count()) == (course.WITHDRAWN, 0)
    assert queries.latest_run(subject) == run


def test_several_sign_one_step(world: World) -> None:
    together = step("会签", "office", "secrecy", "leader", rule="quorum", quorum=2)
    run = started(world, CITY, together, step("审定", "head"))
    assert run.tasks.count() == 3
    sign(world, run, "office", "leader")
    assert run.tasks.get().role == "head"


def test_one_person_does_not_sign_twice_in_one_step(world: World) -> None:
    run = started(world, CITY, step("会签", "office", "office"), step("审定", "head"))
    sign(world, run, "office")
    with pytest.raises(Refused, match="这一步已经签署"):
        sign(world, run, "office")


def test_doubts_bring_a_step_in(world: World) -> None:
    run = started(
        world, CITY, step("初审", "office"), step("咨询", "secrecy", when="doubtful"), step("审定", "leader")
    )
    with pytest.raises(ValidationError, match="情形"):
        actions.opine(by=actor(world, CITY, "office"), run=run, opinion="agree", raises=["nonsense"])
    actions.opine(by=actor(world, CITY, "office"), run=run, opinion="agree", raises=["doubtful"])
    assert run.tasks.get().role == "secrecy"


def test_the_chain_of_an_upper_organ_is_signed_there(world: World) -> None:
    """A county's office signs for the township: they see the run although it is another organ's."""
    county, town = world.organs["county-a"], world.organs["town-a1"]
    office = {"role": "head", "organ": "county-a-office"}
    support.chain(
        county, step("本级初审", "office"), {"title": "县政府办审核", "signers": [office]}, whole_tree=True
    )
    run = actions.start(by=actor(world, "town-a1", "handler"), subject=subject_of(support.edition(town)))
    sign(world, run, "office", code="town-a1")
    who = world.viewer("county-a-office", "head", DAY)
    assert [turn.run for turn in queries.inbox(who, DAY)] == [run]
    assert queries.run_for(who, run.pk) == run
    with pytest.raises(Refused):
        actions.opine(by=actor(world, "town-a1", "head"), run=run, opinion="agree")
    by = actor(world, "county-a-office", "head")
    actions.opine(by=by, run=run, opinion="agree")
    assert (
        queries.run_for(who, run.pk) == run
    )  # signed: still theirs to look at, as long as they hold the post
    from django.http import Http404

    from gongkai.organs import actions as organs

    signer = world.people["county-a-office-head"]
    organs.end_post(by=TEST, post=signer.posts.get(), on=DAY - dt.timedelta(days=1))
    organs.appoint(by=TEST, person=signer, organ=world.organs["county-b"], role="head", valid_from=DAY)
    with pytest.raises(Http404):
        queries.run_for(scope.viewer(signer, DAY), run.pk)
    with pytest.raises(Http404):
        queries.run_for(world.viewer("county-a-office", "office", DAY), run.pk)


def test_titles_and_persons_narrow_a_step(world: World) -> None:
    organ = world.organs[CITY]
    deputy = support.person(organ, "deputy", "leader", "副局长")
    support.chain(
        organ,
        {"title": "副局长审核", "signers": [{"role": "leader", "title": "副局长"}]},
        {"title": "指定人员", "signers": [{"person": f"{CITY}-secrecy"}]},
    )
    run = started(world)
    with pytest.raises(Refused):
        sign(world, run, "leader")
    actions.opine(by=support.acting(deputy, organ.path), run=run, opinion="agree")
    assert sign(world, run, "secrecy").state == course.COMPLETED


def test_the_inbox_shows_what_is_mine_and_costs_the_same(
    world: World, django_assert_max_num_queries: object
) -> None:
    for _number in range(6):
        started(world)
    who = world.viewer(CITY, "office", DAY)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        turns = queries.inbox(who, DAY)
    assert len(turns) == 6
    assert {turn.left for turn in turns} == {2}
    assert not queries.inbox(world.viewer(CITY, "leader", DAY), DAY)
    assert not queries.inbox(world.viewer("city-office", "office", DAY), DAY)
    reviewing = world.viewer(CITY, "secrecy", DAY)
    assert {turn.step for turn in queries.inbox(reviewing, DAY)} == {"保密审查"}
    for run in ReviewRun.objects.all():
        actions.conclude_secrecy(
            by=actor(world, CITY, "secrecy"), run=run, answers=support.CLEAR, conclusion="open"
        )
    assert not queries.inbox(reviewing, DAY)
    late = queries.inbox(who, DAY + dt.timedelta(days=30))
    assert {turn.mark for turn in late} == {"over"}


def test_the_page_offers_one_obvious_thing_and_says_why_not_the_others(world: World) -> None:
    run = started(world)
    for role, primary in (
        ("office", "opine"),
        ("handler", ""),
        ("leader", ""),
        ("secrecy", "conclude_secrecy"),
    ):
        page = queries.run_page(world.viewer(CITY, role, DAY), run.pk, DAY)
        assert [one.action for one in page.offers if one.primary] == [primary] * bool(primary)
        assert all(one.reason for one in page.offers if one.actor is None)
    page = queries.run_page(world.viewer(CITY, "supervisor", DAY), run.pk, DAY)
    assert all(one.actor is None for one in page.offers)
    assert [line.kind for line in page.lines] == ["done", "now", "later", "later"]


def test_what_is_offered_can_be_done(world: World) -> None:
    """At every point of a course, for every role: an offer with an actor and no reason for signing is accepted."""
    run = started(world)
    for _turn in range(3):
        able = []
        for role in ("handler", "office", "head", "secrecy", "leader"):
            offer = queries.run_page(world.viewer(CITY, role, DAY), run.pk, DAY).offer("opine")
            if offer.actor and not offer.reason:
                able.append(offer.actor)
        assert len(able) == 1
        actions.opine(by=able[0], run=run, opinion="agree")
        run.refresh_from_db()
    assert run.state == course.COMPLETED


def test_no_chain_no_review(world: World) -> None:
    subject = subject_of(support.edition(world.organs[CITY]))
    with pytest.raises(Refused, match="还没有审签流程"):
        actions.start(by=actor(world, CITY, "handler"), subject=subject)
    assert not ReviewTask.objects.exists()


@pytest.mark.seed("S021")
def test_the_three_step_review_of_luoyang(world: World) -> None:
    """制发科室 → 政务公开办 → 机要文电科: each step with opinion, signature and time, on a sheet to print."""
    code = "city-office"
    organ = world.organs[code]
    actions.adopt_chain(by=TEST, organ=organ, key="T-LY")
    run = actions.start(
        by=actor(world, code, "handler"), subject=subject_of(support.edition(organ)), text="建议主动公开"
    )
    sign(world, run, "office", code=code)
    with pytest.raises(Refused, match="先作出保密审查结论"):
        sign(world, run, "secrecy", code=code)
    actions.conclude_secrecy(
        by=actor(world, code, "secrecy"), run=run, answers=support.CLEAR, conclusion="open"
    )
    sign(world, run, "secrecy", code=code)
    printed = sheet.of(run)
    assert printed.completed
    assert [one.step for one in printed.signatures] == [
        "制发科室提出公开意见",
        "政务公开办审核把关公开属性",
        "机要文电科审核保密事宜、备案",
    ]
    assert [one.opinion for one in printed.signatures] == ["提出", "同意", "同意"]
    assert all(one.signer and one.at and one.hash and one.text for one in printed.signatures)
    assert printed.secrecy[0].conclusion == "可以公开"


@pytest.mark.seed("S022")
def test_the_six_step_approval_of_mengjin_beside_another_chain(world: World) -> None:
    """Six steps through the same engine; the organ chooses its template, another organ has another."""
    code = "county-a-office"
    organ = world.organs[code]
    actions.adopt_chain(by=TEST, organ=organ, key="T-MJ")
    actions.adopt_chain(by=TEST, organ=world.organs[CITY], key="T-XG")
    posts = [
        ("mj-2", "office", "跟口秘书"),
        ("mj-3", "office", "综合科科长"),
        ("mj-5", "leader", "主管县长"),
        ("mj-6", "leader", "县长"),
    ]
    people = {username: support.person(organ, username, role, title) for username, role, title in posts}
    people["mj-4"] = world.people[f"{code}-head"]
    run = actions.start(
        by=actor(world, code, "handler"), subject=subject_of(support.edition(organ)), text="建议主动公开"
    )
    for number in range(2, 7):
        by = support.acting(people[f"mj-{number}"], organ.path)
        actions.opine(by=by, run=run, opinion="agree", text="同意公开")
    run.refresh_from_db()
    printed = sheet.of(run)
    assert (run.state, len(printed.signatures)) == (course.COMPLETED, 6)
    assert [one.step for one in printed.signatures] == [
        "起草部门建议",
        "跟口秘书初审",
        "综合科审核",
        "政府办主任审核",
        "主管县长审核",
        "县长审核",
    ]
    assert len({one.signer for one in printed.signatures}) == 6
    other = started(world)
    assert other.template.key == "T-XG"


def test_opinions_in_their_order(world: World) -> None:
    run = sign(world, started(world), "office")
    assert list(ReviewOpinion.objects.filter(run=run).values_list("seq", flat=True)) == [1, 2]
    assert clock.today() == DAY
