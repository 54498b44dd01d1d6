"""The course of proceedings: steps, refusals, corrections, links, deadlines, warnings, rights."""

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.law.workdays import Calendar
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.remedies import actions, queries, results, verify
from gongkai.remedies.course import COURSE
from gongkai.remedies.models import Proceeding, Respondent, ResultRule, State, StepKind
from gongkai.remedies.terms import TERMS
from tests.remedies.support import closed, filed
from tests.support.world import TEST, World

MAR, APR, MAY, JUN = (dt.date(2019, month, 1) for month in (3, 4, 5, 6))
REVIEW, DIRECT, AFTER = "review", "litigation_direct", "litigation_after_review"


def test_only_the_organs_own_keepers_file(world: World) -> None:
    for home, role in product(("county-a", "city", "county-b"), Role.values):
        viewer = world.viewer(home, role)
        by = Actor(
            f"staff:{viewer.person_id}", role, viewer.person_id, viewer.grants[0].post_id, viewer=viewer
        )
        if home == "county-a" and role in ("handler", "office", "head"):
            assert filed(world, by=by).path == world.organs["county-a"].path
        else:
            with pytest.raises(Refused):
                filed(world, by=by)
    assert Proceeding.objects.count() == 3


def test_nobody_else_takes_a_step(world: World) -> None:
    kept, by = filed(world), world.actor("city", "head", "remedies")
    step = kept.steps.get()
    for attempt in (
        lambda: actions.accept(kept, by=by, on=APR),
        lambda: actions.decline(kept, by=by, on=APR),
        lambda: actions.reply(kept, by=by, on=APR),
        lambda: actions.suspend(kept, by=by, on=APR),
        lambda: actions.decide(kept, by=by, on=APR, result="review_upheld"),
        lambda: actions.withdraw(kept, by=by, on=APR),
        lambda: actions.join(kept, by=by, organ=world.organs["city"], on=APR),
        lambda: actions.link(kept, by=by, no_parent_reason="x"),
        lambda: actions.order_redo(kept, by=by, on=APR),
        lambda: actions.correct_step(step, by=by, reason="x", on=APR),
        lambda: actions.void_step(step, by=by, reason="x"),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_review_goes_from_notice_to_result(world: World) -> None:
    kept = filed(world)
    actions.accept(kept, by=TEST, on=dt.date(2019, 3, 5))
    actions.reply(kept, by=TEST, on=dt.date(2019, 3, 12))
    actions.suspend(kept, by=TEST, on=dt.date(2019, 3, 20), reason="等待他案")
    assert actions.resume(kept, by=TEST, on=APR).state == State.OPEN
    done = actions.decide(kept, by=TEST, on=MAY, result="review_changed", document="甲政复决〔2019〕1号")
    assert (done.state, done.closed_on, done.column) == (State.CLOSED, MAY, "corrected")
    row = done.respondents.get()
    assert (row.path, row.filed_on, row.closed_on, row.column) == (kept.path, MAR, MAY, "corrected")


def test_a_lawsuit_is_pending_until_the_last_effective_result(world: World) -> None:
    kept = filed(world, DIRECT)
    actions.accept(kept, by=TEST, on=MAR)
    first = actions.decide(kept, by=TEST, on=APR, result="court_revoked")
    assert (first.state, first.column, first.closed_on) == (State.DECIDED, "", None)
    assert actions.appeal(kept, by=TEST, on=dt.date(2019, 4, 10)).state == State.APPEAL
    last = actions.close(kept, by=TEST, on=JUN, result="court_suit_rejected", document="（2019）终1号")
    assert (last.state, last.column, last.closed_on) == (State.CLOSED, "other", JUN)


def test_a_first_instance_that_nobody_appeals_becomes_the_result(world: World) -> None:
    kept = filed(world, DIRECT)
    actions.decide(kept, by=TEST, on=APR, result="court_claims_dismissed", document="（2019）初1号")
    done = actions.close(kept, by=TEST, on=dt.date(2019, 4, 17))
    assert (done.result, done.column) == ("court_claims_dismissed", "upheld")
    assert queries.warnings(done) == []


@pytest.mark.parametrize(
    ("group", "end", "code"),
    [
        (REVIEW, "decline", "review_not_accepted"),
        (DIRECT, "decline", "court_not_docketed"),
        (REVIEW, "withdraw", "review_terminated"),
        (AFTER, "withdraw", "court_withdrawn"),
    ],
)
def test_what_ends_without_a_decision_counts_as_other(world: World, group: str, end: str, code: str) -> None:
    done = getattr(actions, end)(filed(world, group), by=TEST, on=APR)
    assert (done.result, done.column) == (code, "other")


ROADS = {
    State.FILED: [],
    State.OPEN: [StepKind.ACCEPTED],
    State.SUSPENDED: [StepKind.ACCEPTED, StepKind.SUSPENDED],
    State.DECIDED: [StepKind.DECIDED],
    State.APPEAL: [StepKind.DECIDED, StepKind.APPEALED],
    State.CLOSED: [StepKind.CLOSED],
}
VERBS = {
    StepKind.ACCEPTED: lambda p: actions.accept(p, by=TEST, on=MAR),
    StepKind.REPLIED: lambda p: actions.reply(p, by=TEST, on=MAR),
    StepKind.SUSPENDED: lambda p: actions.suspend(p, by=TEST, on=MAR),
    StepKind.RESUMED: lambda p: actions.resume(p, by=TEST, on=MAR),
    StepKind.DECIDED: lambda p: actions.decide(p, by=TEST, on=MAR, result="court_revoked"),
    StepKind.APPEALED: lambda p: actions.appeal(p, by=TEST, on=MAR),
    StepKind.CLOSED: lambda p: actions.close(p, by=TEST, on=MAR, result="court_revoked"),
    StepKind.REOPENED: lambda p: actions.reopen(p, by=TEST, on=MAR, reason="再审"),
}


@pytest.mark.parametrize("state", ROADS)
def test_every_step_in_every_state_follows_the_table(world: World, state: State) -> None:
    for kind, verb in VERBS.items():
        kept = filed(world, DIRECT)
        for step in ROADS[state]:
            VERBS[step](kept)
        allowed, leads_to = COURSE[kind]
        if state in allowed:
            assert verb(kept).state == (leads_to or state)
        else:
            with pytest.raises(Refused, match=str(state.label)):
                verb(kept)
            assert kept.steps.count() == 1 + len(ROADS[state])


def test_reviews_know_no_appeal_and_no_retrial(world: World) -> None:
    kept = closed(world)
    with pytest.raises(Refused, match="没有"):
        actions.reopen(kept, by=TEST, on=JUN, reason="再审")
    with pytest.raises(Refused, match="没有"):
        actions.appeal(filed(world), by=TEST, on=JUN)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"group": "complaint"}, "group"),
        ({"number": " "}, "number"),
        ({"forum": ""}, "forum"),
        ({"on": dt.date(2022, 6, 2)}, "on"),
        ({"group": AFTER, "no_parent_reason": ""}, "parent"),
    ],
)
def test_bad_filings_are_refused_by_field(world: World, changes: dict, field: str) -> None:
    with clock.on_day(dt.date(2022, 6, 1)), pytest.raises(ValidationError) as refused:
        filed(world, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Proceeding.objects.exists()


def test_a_number_is_used_once_in_an_organ(world: World) -> None:
    first = filed(world, number="（2019）行初1号")
    with pytest.raises(ValidationError, match="登记过"):
        filed(world, number="（2019）行初1号")
    filed(world, code="city", number="（2019）行初1号")
    actions.void_step(first.steps.get(), by=TEST, reason="重复登记")
    assert filed(world, number="（2019）行初1号").pk


def test_a_suit_after_review_names_a_review_in_sight(world: World) -> None:
    review = closed(world)
    by = world.actor("county-a", "handler", "remedies")
    suit = filed(world, AFTER, JUN, by=by, parent=review, no_parent_reason="")
    assert (suit.parent, list(review.followers.all())) == (review, [suit])
    elsewhere = closed(world, code="county-b")
    for parent, group, sentence in (
        (elsewhere, AFTER, "没有找到"),
        (suit, AFTER, "应是行政复议"),
        (review, DIRECT, "只有复议后起诉"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            filed(world, group, JUN, by=by, parent=parent)
    without = filed(world, AFTER, JUN)
    assert queries.warnings(without) == []
    Proceeding.objects.filter(pk=without.pk).update(no_parent_reason="")
    without.refresh_from_db()
    assert queries.warnings(without) == ["复议后起诉的案件没有关联前置复议，也没有写明原因。"]
    assert queries.warnings(actions.link(without, by=TEST, parent=review)) == []


def test_several_respondents_have_the_case_each_in_its_own_table(world: World) -> None:
    organs = [world.organs["county-a"], world.organs["city"]]
    kept = filed(world, DIRECT, respondents=organs)
    assert {row.path for row in kept.respondents.all()} == {organ.path for organ in organs}
    assert AuditEntry.objects.filter(verb="proceeding.filed").count() == 2
    actions.join(kept, by=TEST, organ=world.organs["county-b"], on=APR)
    done = actions.close(kept, by=TEST, on=MAY, result="court_redo")
    rows = {row.path: (row.filed_on, row.column) for row in done.respondents.all()}
    assert rows[world.organs["county-b"].path] == (APR, "corrected")
    assert rows[world.organs["city"].path] == (MAR, "corrected")
    with pytest.raises(Refused):
        actions.join(kept, by=TEST, organ=world.organs["city"], on=MAY)


def test_a_file_is_kept_by_a_respondent_or_by_its_governments_office(world: World) -> None:
    government = world.organs["county-a"]
    kept = filed(world, code="county-a-office", respondents=[government])
    assert kept.respondents.get().organ == government
    with pytest.raises(ValidationError, match="被诉机关登记"):
        filed(world, code="county-a-office", respondents=[world.organs["county-b"]])


def test_days_follow_one_another_and_lie_not_ahead(world: World) -> None:
    kept = filed(world)
    with pytest.raises(Refused, match="早于前一步"):
        actions.accept(kept, by=TEST, on=MAR - dt.timedelta(days=1))
    with clock.on_day(APR), pytest.raises(ValidationError, match="晚于今天"):
        actions.accept(kept, by=TEST, on=MAY)


@pytest.mark.parametrize(
    ("group", "code"), [(REVIEW, "court_revoked"), (DIRECT, "review_revoked"), (DIRECT, "won")]
)
def test_results_fit_the_group(world: World, group: str, code: str) -> None:
    with pytest.raises(ValidationError, match="结果"):
        actions.decide(filed(world, group), by=TEST, on=APR, result=code)


def test_closing_needs_a_result(world: World) -> None:
    with pytest.raises(Refused, match="写明结果"):
        actions.close(filed(world), by=TEST, on=APR)


def test_a_wrong_step_is_corrected_and_everything_counts_back(world: World) -> None:
    kept = closed(world)
    step = kept.steps.get(kind="closed")
    actions.correct_step(step, by=TEST, reason="日期与结果录错", on=JUN, result="review_revoked")
    kept.refresh_from_db()
    assert (kept.closed_on, kept.column) == (JUN, "corrected")
    with pytest.raises(Refused, match="最新"):
        actions.correct_step(step, by=TEST, reason="又改", on=MAY)
    actions.void_step(kept.steps.get(supersedes=step), by=TEST, reason="并未审结")
    kept.refresh_from_db()
    assert (kept.state, kept.closed_on, kept.column, kept.steps.count()) == (State.FILED, None, "", 4)
    assert verify.problems() == []


def test_a_corrected_filing_moves_group_day_and_respondents_but_keeps_the_rows(world: World) -> None:
    kept = filed(world, DIRECT)
    row = kept.respondents.get()
    organs = [world.organs["county-a"].pk, world.organs["city"].pk]
    actions.accept(kept, by=TEST, on=APR)
    actions.correct_step(
        kept.steps.get(seq=1),
        by=TEST,
        reason="实为复议后起诉",
        group=AFTER,
        respondents=organs,
        on=dt.date(2018, 12, 30),
    )
    kept.refresh_from_db()
    assert (kept.group, kept.filed_on, kept.state) == (AFTER, dt.date(2018, 12, 30), State.OPEN)
    assert kept.respondents.get(organ_id=organs[0]).pk == row.pk
    assert set(kept.respondents.values_list("group", "filed_on")) == {(AFTER, dt.date(2018, 12, 30))}


def test_corrections_that_make_no_sense_are_refused(world: World) -> None:
    kept = filed(world, DIRECT)
    actions.accept(kept, by=TEST, on=APR)
    actions.decide(kept, by=TEST, on=MAY, result="court_revoked")
    filing, accepted, _ = kept.steps.order_by("seq")
    for attempt, error, sentence in (
        (lambda: actions.void_step(filing, by=TEST, reason="x"), Refused, "第一步"),
        (lambda: actions.correct_step(accepted, by=TEST, reason="x", on=JUN), Refused, "早于前一步"),
        (
            lambda: actions.correct_step(filing, by=TEST, reason="x", group=REVIEW),
            ValidationError,
            "不能互改",
        ),
        (lambda: actions.correct_step(filing, by=TEST, reason="x", group="y"), ValidationError, "类别"),
        (lambda: actions.correct_step(accepted, by=TEST, reason="x", result="y"), ValidationError, "栏目"),
        (lambda: actions.correct_step(accepted, by=TEST, reason=" "), ValidationError, "原因"),
    ):
        with pytest.raises(error, match=sentence):
            attempt()
    kept.refresh_from_db()
    assert (kept.state, kept.steps.count()) == (State.DECIDED, 3)


def test_a_struck_proceeding_counts_nowhere_and_stays_readable(world: World) -> None:
    kept = filed(world)
    actions.void_step(kept.steps.get(), by=TEST, reason="非政府信息公开案件")
    kept.refresh_from_db()
    assert kept.state == State.STRUCK
    assert not Respondent.objects.exists()
    assert kept.steps.count() == 2
    with pytest.raises(Refused, match="划去"):
        actions.accept(kept, by=TEST, on=APR)
    assert verify.problems() == []


def test_deadlines_name_their_unit_and_end(world: World) -> None:
    """Hand count: 10 working days from Friday 1 March 2019 end on the 15th; 60 days from 5 March on Saturday 4 May,
    which the Labour Day holiday (1–4 May; 5 May worked) moves to Sunday the 5th."""
    kept = filed(world)
    reply = queries.next_deadline(kept)
    assert reply is not None
    assert (reply.term.length_text, reply.due_on) == ("10个工作日", dt.date(2019, 3, 15))
    actions.accept(kept, by=TEST, on=dt.date(2019, 3, 5))
    actions.reply(kept, by=TEST, on=dt.date(2019, 3, 12))
    assert [(d.term.key, d.due_on) for d in queries.deadlines(kept)] == [
        ("review_decide", dt.date(2019, 5, 5))
    ]


@pytest.mark.parametrize(
    ("steps", "keys"),
    [
        ([], ["defence"]),
        ([lambda p: actions.accept(p, by=TEST, on=MAR)], ["defence", "judgment"]),
        ([lambda p: actions.accept(p, by=TEST, on=MAR, simplified=True)], ["defence", "judgment_simplified"]),
        ([lambda p: actions.decide(p, by=TEST, on=MAR, result="court_revoked")], ["appeal_judgment"]),
        (
            [lambda p: actions.decide(p, by=TEST, on=MAR, result="court_suit_rejected", ruling=True)],
            ["appeal_ruling"],
        ),
        ([VERBS[StepKind.DECIDED], VERBS[StepKind.APPEALED]], ["second_instance"]),
        ([VERBS[StepKind.CLOSED]], []),
        ([VERBS[StepKind.ACCEPTED], VERBS[StepKind.SUSPENDED]], []),
    ],
)
def test_each_state_has_its_running_terms(world: World, steps: list, keys: list[str]) -> None:
    kept = filed(world, DIRECT)
    for step in steps:
        step(kept)
    assert [deadline.term.key for deadline in queries.deadlines(kept)] == keys


def test_a_simplified_review_has_short_terms(world: World) -> None:
    kept = actions.accept(filed(world), by=TEST, on=MAR, simplified=True)
    found = {deadline.term.key: deadline.term.length_text for deadline in queries.deadlines(kept)}
    assert found == {"review_reply_simplified": "5个工作日", "review_decide_simplified": "30日"}


def test_an_unloaded_year_is_said_and_not_guessed(world: World) -> None:
    deadline = queries.next_deadline(filed(world), Calendar({}))
    assert deadline is not None
    assert (deadline.due_on, deadline.unknown) == (None, "2019年的工作日历尚未导入，无法推算期限。")


def test_every_term_of_the_table_ends_by_its_unit() -> None:
    calendar, start = Calendar.shipped(), dt.date(2022, 3, 1)
    ends = {
        "working_days": lambda n: calendar.add(start, n),
        "days": lambda n: calendar.add_days_calendar(start, n),
    }
    ends["months"] = lambda n: calendar.add_months(start, n)
    for term in TERMS.values():
        assert term.end(start, calendar) == ends[term.unit](term.length) > start
    assert {t.key for t in TERMS.values() if t.unit == "working_days"} >= {"review_reply", "review_copy"}


def test_a_closed_case_without_its_document_is_warned_of(world: World) -> None:
    done = actions.close(filed(world), by=TEST, on=MAY, result="review_upheld")
    assert queries.warnings(done) == ["案件已审结，但没有登记决定书或者裁判文书。"]


def test_kinds_of_result_are_there_and_survive_a_re_sorting(world: World) -> None:
    assert set(ResultRule.objects.values_list("code", flat=True)) == {row[0] for row in results.DEFAULTS}
    rule, done = ResultRule.objects.get(code="review_changed"), filed(world)
    actions.decide(done, by=TEST, on=MAY, result=rule.code)
    actions.set_column(rule, by=TEST, column="other")
    done.refresh_from_db()
    assert (done.column, done.respondents.get().column) == ("other", "other")
    assert verify.problems() == []
    ResultRule.objects.get(code="court_void").delete()
    call_command("migrate", "remedies", verbosity=0)
    assert ResultRule.objects.count() == len(results.DEFAULTS)
    assert ResultRule.objects.get(code=rule.code).column == "other"


def test_only_an_operator_at_the_top_sorts_results_and_sets_the_basis(world: World) -> None:
    rule = ResultRule.objects.get(code="review_changed")
    for home, role in product(("city", "county-a"), Role.values):
        viewer = world.viewer(home, role)
        by = Actor(
            f"staff:{viewer.person_id}", role, viewer.person_id, viewer.grants[0].post_id, viewer=viewer
        )
        if (home, role) == ("city", "operator"):
            assert actions.set_column(rule, by=by, column="corrected").column == "corrected"
            assert actions.set_count_basis(by=by, organ=world.organs["city"], basis="filed_in_year").pk
        else:
            with pytest.raises(Refused):
                actions.set_column(rule, by=by, column="other")
            with pytest.raises(Refused):
                actions.set_count_basis(by=by, organ=world.organs["city"], basis="active_in_year")
    with pytest.raises(ValidationError):
        actions.set_column(rule, by=TEST, column="pending")


def test_lists_stay_in_scope(world: World, django_assert_num_queries) -> None:
    filed(world), filed(world, code="county-b"), filed(world, code="old-b")
    actions.void_step(filed(world).steps.get(), by=TEST, reason="重复登记")
    auditor = world.viewer("city", "auditor")
    with django_assert_num_queries(1):
        assert len({row.organ.name for row in queries.register_rows(auditor)}) == 3
    assert queries.register_rows(world.viewer("county-b", "handler")).count() == 2
    assert not queries.register_rows(world.viewer("city", "handler")).exists()


def test_verify_names_what_does_not_follow_from_the_steps(world: World) -> None:
    kept = closed(world)
    assert verify.problems() == []
    Proceeding.objects.update(closed_on=JUN)
    Respondent.objects.update(column="other", path=world.organs["city"].path)
    assert verify.problems() == [
        f"复议诉讼第{kept.pk}号的closed_on与其步骤不符",
        f"复议诉讼第{kept.pk}号的被申请人、被告记录与其步骤不符",
        f"被申请人、被告第{Respondent.objects.get().pk}号的路径与所属机关不符",
    ]
