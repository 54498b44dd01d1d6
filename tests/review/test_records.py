"""Delegation, chains and their versions, leaks, re-examination, settings; and that tampering is found."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from gongkai.base import clock, coverage
from gongkai.base.measures import Period
from gongkai.documents.reviewing import subject_of
from gongkai.figures.values import evaluate
from gongkai.organs import scope
from gongkai.organs import tallies as tallying
from gongkai.organs.models import Post
from gongkai.organs.refusals import Refused
from gongkai.review import actions, chains, choices, queries, verify
from gongkai.review.models import ReviewDelegation, ReviewRun
from gongkai.review.workflow_table import PATH, render
from tests.review import support
from tests.review.support import CLEAR, DAY, actor, sign, started, step
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
CITY = "city-edu"


def post_of(world: World, role: str) -> Post:
    return world.people[f"{CITY}-{role}"].posts.get()


def authorise(world: World, role: str, to: str, **more: object) -> ReviewDelegation:
    given = {"valid_from": DAY, "valid_to": DAY + dt.timedelta(days=10), "reason": "出差"} | more
    return actions.delegate(
        by=actor(world, CITY, role),
        post=post_of(world, role),
        to=world.people[f"{CITY}-{to}"],
        **given,  # type: ignore[arg-type]
    )


# --- delegation ------------------------------------------------------------------------------------------------------


def test_an_authorised_person_signs_and_it_is_said(world: World) -> None:
    run = started(world)
    given = authorise(world, "office", "secrecy")
    who = world.viewer(CITY, "secrecy", DAY)
    assert [turn.principal for turn in queries.inbox(who, DAY)] == ["测试office"]
    entry = actions.opine(by=actor(world, CITY, "secrecy"), run=run, opinion="agree")
    assert (entry.delegation, entry.delegated_name) == (given, "测试office")
    assert "保密审查岗" in entry.capacity


@pytest.mark.parametrize(
    "more",
    [{"chain": "OTHER"}, {"valid_from": DAY + dt.timedelta(days=1)}],
    ids=["another chain", "not yet"],
)
def test_outside_its_scope_or_time_it_is_nothing(world: World, more: dict[str, object]) -> None:
    run = started(world)
    authorise(world, "office", "secrecy", **more)
    with pytest.raises(Refused, match="由公开办审核岗签署"):
        actions.opine(by=actor(world, CITY, "secrecy"), run=run, opinion="agree")


def test_for_one_run_only(world: World) -> None:
    one, other = started(world), started(world)
    authorise(world, "office", "secrecy", run=one, chain="T")
    actions.opine(by=actor(world, CITY, "secrecy"), run=one, opinion="agree")
    with pytest.raises(Refused):
        actions.opine(by=actor(world, CITY, "secrecy"), run=other, opinion="agree")


def test_no_authorisation_gets_round_the_separation_of_steps(world: World) -> None:
    run = started(world)
    authorise(world, "office", "handler")
    with pytest.raises(Refused, match="送审人不能签署"):
        actions.opine(by=actor(world, CITY, "handler"), run=run, opinion="agree")
    authorise(world, "head", "office")
    sign(world, run, "office")
    with pytest.raises(Refused, match="您签署了上一步"):
        actions.opine(by=actor(world, CITY, "office"), run=run, opinion="agree")
    authorise(world, "leader", "secrecy")
    sign(world, run, "head")
    actions.opine(by=actor(world, CITY, "secrecy"), run=run, opinion="agree")


def test_who_may_authorise_whom(world: World) -> None:
    head, office = actor(world, CITY, "head"), post_of(world, "office")
    dates = {"valid_from": DAY, "valid_to": DAY, "reason": "出差"}
    with pytest.raises(Refused, match="只有岗位本人"):
        actions.delegate(by=head, post=office, to=world.people[f"{CITY}-secrecy"], **dates)
    by = actor(world, CITY, "office")
    with pytest.raises(ValidationError, match="本人"):
        actions.delegate(by=by, post=office, to=world.people[f"{CITY}-office"], **dates)
    with pytest.raises(ValidationError, match="本机关任职"):
        actions.delegate(by=by, post=office, to=world.people["city-office-office"], **dates)
    with pytest.raises(ValidationError, match="结束日期"):
        actions.delegate(
            by=by,
            post=office,
            to=world.people[f"{CITY}-secrecy"],
            **(dates | {"valid_to": DAY - dt.timedelta(days=1)}),
        )


def test_it_is_revoked_by_either_side_and_ends_at_once(world: World) -> None:
    run, given = started(world), authorise(world, "office", "secrecy")
    with pytest.raises(Refused, match="授权人或者受权人"):
        actions.revoke_delegation(by=actor(world, CITY, "head"), delegation=given)
    actions.revoke_delegation(by=actor(world, CITY, "secrecy"), delegation=given)
    with pytest.raises(Refused):
        actions.opine(by=actor(world, CITY, "secrecy"), run=run, opinion="agree")
    with pytest.raises(ValidationError, match="已于"):
        actions.revoke_delegation(by=actor(world, CITY, "office"), delegation=given)


def test_it_ends_with_the_post_it_was_given_for(world: World) -> None:
    from gongkai.organs import actions as organs

    run = started(world)
    authorise(world, "office", "secrecy")
    organs.end_post(by=TEST, post=post_of(world, "office"), on=DAY - dt.timedelta(days=1))
    with pytest.raises(Refused):
        actions.opine(by=actor(world, CITY, "secrecy"), run=run, opinion="agree")


# --- chains ----------------------------------------------------------------------------------------------------------


def test_the_shipped_chains_are_whole() -> None:
    assert set(chains.shipped()) == {"T-LY", "T-MJ", "T-XG"}
    assert [len(chains.read(one["steps"])) for one in chains.shipped().values()] == [3, 6, 3]
    for one in chains.shipped().values():
        steps = chains.read(one["steps"])
        assert chains.read(chains.write(steps)) == steps


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "至少要有一步"),
        ([{"title": "提出", "proposes": True}], "由别人签署"),
        ([step("", "office")], "名称"),
        ([step("审核")], "由谁签署"),
        ([step("审核", "operator")], "不能签署"),
        ([step("审核", "office", rule="most")], "会签方式"),
        ([step("审核", "office", rule="quorum", quorum=2)], "会签人数"),
        ([step("审核", "office", when="raining")], "条件"),
        ([step("审核", "office", when="doubtful")], "每件都须"),
        ([step("审核", "office", days=99)], "期限"),
        ([step("审核", "office"), {"title": "提出", "proposes": True}], "只有第一步"),
        ([step("审核", "office", needs=["luck"])], "前提"),
        ([{"title": "审核", "who": "x"}], "写法不对"),
        ([{"title": "审核", "signers": [{"role": "office", "organ": "nowhere"}]}], "没有代码"),
        ([{"title": "审核", "signers": [{"person": "nobody"}]}], "没有账号"),
    ],
)
def test_a_chain_that_cannot_work_is_refused_in_words(world: World, steps: list, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        support.chain(world.organs[CITY], *steps)


def test_a_run_keeps_the_version_it_began_with(world: World) -> None:
    run = started(world)
    support.chain(world.organs[CITY], step("一步", "leader"))
    assert choices.chain_for(world.organs[CITY], run.subject_kind).version == 2  # type: ignore[union-attr]
    page = queries.run_page(world.viewer(CITY, "office", DAY), run.pk, DAY)
    assert page.course.steps[0].title == "办公室审核"
    newest = actions.retire_chain(by=TEST, template=run.template)
    assert choices.chains_for(world.organs[CITY], run.subject_kind) == []
    with pytest.raises(Refused):
        actions.retire_chain(by=TEST, template=newest)


def test_chains_are_inherited_when_meant_to_be_and_nearest_first(world: World) -> None:
    city, town = world.organs["city"], world.organs["town-a1"]
    support.chain(city, *support.THREE, key="own")
    assert choices.chains_for(town, "documents.edition") == []
    support.chain(city, *support.THREE, key="all", whole_tree=True)
    support.chain(world.organs["county-a"], *support.THREE, key="near", whole_tree=True)
    support.chain(
        world.organs["county-a"], *support.THREE, key="a-kind", whole_tree=True, kinds=["documents.edition"]
    )
    keys = [row.key for row in choices.chains_for(town, "documents.edition")]
    assert keys == ["a-kind", "near", "all"]


def test_who_may_change_chains(world: World) -> None:
    organ = world.organs[CITY]
    for code, role, may in (
        (CITY, "head", True),
        (CITY, "office", False),
        (CITY, "leader", False),
        ("city", "operator", True),
        ("city-office", "head", False),
    ):
        found = [
            a
            for a in _managing(world, code, role)
            if scope.allows(a.viewer, "manage", "chains", organ.path)  # type: ignore[arg-type]
        ]
        assert bool(found) is may, (code, role)
        if found:
            actions.adopt_chain(by=found[0], organ=organ, key="T-XG")


def _managing(world: World, code: str, role: str) -> list:
    from gongkai.organs.actors import actors_for

    return list(actors_for(world.viewer(code, role, DAY), "chains", world.organs[CITY].path, "manage"))


def test_settings_come_from_the_nearest_organ_and_words_from_all(world: World) -> None:
    actions.set_choices(by=TEST, organ=world.organs["city"], sensitive_words="征地\n拆迁", reexamine_months=6)
    actions.set_choices(by=TEST, organ=world.organs["county-a"], sensitive_words="水库", reexamine_months=3)
    town = world.organs["town-a1"]
    assert choices.settings_for(town).reexamine_months == 3
    assert (
        choices.sensitive_words(town) == ["征地", "拆迁", "水库"] or len(choices.sensitive_words(town)) == 3
    )
    assert choices.settings_for(world.organs[CITY]).reexamine_months == 6
    for name, value in (("reexamine_months", 0), ("consult_days", 99)):
        with pytest.raises(ValidationError):
            actions.set_choices(by=TEST, organ=town, **{name: value})


# --- leaks -----------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S024")
def test_no_leak_is_a_zero_that_can_be_proven(world: World) -> None:
    """Unknown without coverage; 0 where the register is kept and empty; counted when one happened; and nothing goes out
    without a completed review."""
    organ, year = world.organs[CITY], Period.year(2022)

    def number(day: dt.date = dt.date(2022, 12, 31)) -> object:
        value = evaluate(["review.leaks"], organ.path, year).total("review.leaks", organ.path)
        return value.number if value.is_known else None

    assert number() is None
    tallying.set_coverage(by=TEST, organ=organ, register="leaks", mode="here", valid_from=dt.date(2019, 1, 1))
    assert number() == 0
    leak = actions.report_leak(
        by=actor_on_leaks(world, "office"),
        organ=organ,
        matter="privacy",
        happened_on=DAY - dt.timedelta(days=3),
        discovered_on=DAY,
        summary="附表含身份证件号码",
        measures="当日撤下",
    )
    assert number() == 1
    actions.follow_up_leak(by=actor_on_leaks(world, "head"), incident=leak, kind="void", text="误登")
    assert number() == 0
    run = started(world)
    subject = subject_of(support.Edition.objects.get(pk=run.subject_key))
    assert not queries.may_publish(subject).ok


def actor_on_leaks(world: World, role: str) -> object:
    return world.actor(CITY, role, "leaks", DAY)


def test_leaks_are_dated_and_followed_to_their_end(world: World) -> None:
    organ, by = world.organs[CITY], actor_on_leaks(world, "secrecy")
    wrong = {"organ": organ, "matter": "privacy", "summary": "x", "discovered_on": DAY}
    with pytest.raises(ValidationError, match="发现日期"):
        actions.report_leak(by=by, happened_on=DAY + dt.timedelta(days=1), **wrong)  # type: ignore[arg-type]
    leak = actions.report_leak(by=by, happened_on=DAY, **wrong)  # type: ignore[arg-type]
    actions.follow_up_leak(by=by, incident=leak, kind="report", text="报告市保密局")  # type: ignore[arg-type]
    actions.follow_up_leak(by=by, incident=leak, kind="close", text="已处理")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="办结"):
        actions.follow_up_leak(by=by, incident=leak, kind="report", text="x")  # type: ignore[arg-type]
    with pytest.raises(Refused):
        actions.report_leak(by=actor(world, CITY, "handler"), happened_on=DAY, **wrong)  # type: ignore[arg-type]


# --- re-examination --------------------------------------------------------------------------------------------------


def test_what_is_withheld_is_looked_at_again_every_year(world: World) -> None:
    organ = world.organs[CITY]
    actions.set_choices(by=TEST, organ=world.organs["city"], reexamine_months=12)
    subject = subject_of(support.edition(organ, attribute="closed", attribute_reason="内部事务信息"))
    row = actions.withhold(by=TEST, subject=subject, attribute="closed", reason="内部事务信息", since=DAY)
    assert row.next_due_on == dt.date(2023, 6, 1)
    who = world.viewer(CITY, "office", DAY)
    assert not queries.to_reexamine(who, DAY).exists()
    later = dt.date(2023, 6, 1)
    assert list(queries.to_reexamine(who, later)) == [row]
    with clock.on_day(later):
        by = actor(world, CITY, "office")
        actions.reexamine(by=by, withheld=row, conclusion="on_request", reason="可以依申请公开")
        row.refresh_from_db()
        assert (row.attribute, row.next_due_on) == ("on_request", dt.date(2024, 6, 3))
        with pytest.raises(ValidationError, match="维持"):
            actions.reexamine(by=by, withheld=row, conclusion="on_request", reason="x")
        actions.reexamine(by=by, withheld=row, conclusion="open", reason="已无不公开的理由")
        row.refresh_from_db()
        assert (row.ended_on, row.next_due_on) == (later, None)
        with pytest.raises(Refused, match="已转为主动公开"):
            actions.reexamine(by=by, withheld=row, conclusion="keep", reason="x")
    assert list(verify.problems()) == []


def test_withheld_again_is_brought_up_to_date(world: World) -> None:
    subject = subject_of(support.edition(world.organs[CITY], attribute="closed", attribute_reason="内部"))
    first = actions.withhold(by=TEST, subject=subject, attribute="closed", reason="内部", since=DAY)
    again = actions.withhold(by=TEST, subject=subject, attribute="on_request", reason="过程性", since=DAY)
    assert (first.pk, again.attribute) == (again.pk, "on_request")


# --- verification ----------------------------------------------------------------------------------------------------


def tampered(sql: str, run: ReviewRun) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [run.pk])
    return " ".join(verify.problems())


def test_whole_runs_verify(world: World) -> None:
    run = sign(world, started(world), "office", "head")
    actions.return_(by=actor(world, CITY, "leader"), run=run, text="再核", to_step=2)
    actions.conclude_secrecy(by=actor(world, CITY, "secrecy"), run=run, answers=CLEAR, conclusion="open")
    assert list(verify.problems()) == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE review_reviewopinion SET text = 'x' WHERE seq = 2 AND run_id = %s", "第2条意见被改动"),
        (
            "UPDATE review_reviewopinion SET opinion = 'disagree' WHERE seq = 3 AND run_id = %s",
            "第3条意见被改动",
        ),
        (
            "UPDATE review_reviewopinion SET signer_name = 'x' WHERE seq = 1 AND run_id = %s",
            "第1条意见被改动",
        ),
        ("UPDATE review_reviewopinion SET at = '2022-01-01 00:00:00' WHERE seq = 2 AND run_id = %s", "第2条"),
        ("DELETE FROM review_reviewopinion WHERE seq = 2 AND run_id = %s", "缺少第2条"),
        ("DELETE FROM review_reviewopinion WHERE seq = 3 AND run_id = %s", "最后的意见被删除"),
        ("UPDATE review_reviewrun SET state = 'completed' WHERE id = %s", "状态与意见不符"),
        ("DELETE FROM review_reviewtask WHERE run_id = %s", "待签事项"),
        ("UPDATE review_submitteddraft SET files = '[\"x\"]' WHERE run_id = %s", "送审稿1被改动"),
        ("DELETE FROM review_submitteddraft WHERE run_id = %s", "第1条送审的文稿没有留存"),
        ("UPDATE review_secrecyconclusion SET conclusion = 'open' WHERE run_id = %s", "保密审查记录"),
    ],
)
def test_tampering_is_found(world: World, sql: str, words: str) -> None:
    run = sign(world, started(world), "office", "head")
    actions.conclude_secrecy(
        by=actor(world, CITY, "secrecy"), run=run, answers=CLEAR, conclusion="closed", note="x"
    )
    assert words in tampered(sql, run)


def test_a_tail_cut_off_with_its_traces_is_still_in_the_audit_log(world: World) -> None:
    run = sign(world, started(world), "office", "head")
    kept = run.opinions.get(seq=2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM review_reviewopinion WHERE seq = 3 AND run_id = %s", [run.pk])
        cursor.execute(
            "UPDATE review_reviewrun SET last_seq = 2, last_hash = %s, step = 2 WHERE id = %s",
            [kept.hash, run.pk],
        )
        cursor.execute("UPDATE review_reviewtask SET step = 2 WHERE run_id = %s", [run.pk])
    assert list(verify.problems()) == [f"审签第{run.pk}号的意见与审计日志不符"]


def test_the_printed_table_is_current() -> None:
    assert PATH.read_text("utf-8") == render()


def test_coverage_speaks_of_leaks() -> None:
    assert "leaks" in coverage.registers_known()
