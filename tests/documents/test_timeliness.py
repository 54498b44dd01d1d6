"""Article 26, releases planned ahead, and validity that runs out."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.documents import actions, queries, scheduling, timeliness
from gongkai.documents.models import Document, ReleasePlan
from gongkai.documents.timeliness import Status
from gongkai.operating.work import one_round
from gongkai.organs import calendars
from gongkai.organs.refusals import Refused
from tests.documents.support import document, released
from tests.inspection import samples
from tests.support.world import TEST, World

MADE = dt.date(2022, 9, 20)  # the National Day lies within its term; 8 and 9 October are worked
CLOSED = {"attribute": "closed", "attribute_reason": "条例第十六条"}
NINE = dt.datetime(2022, 12, 31, 9, 0, tzinfo=clock.SHANGHAI)


def test_twenty_working_days_pass_over_the_holiday(world: World) -> None:
    calendar = calendars.for_region()
    due = calendar.add(MADE, 20)
    assert (
        sum(calendar.is_workday(MADE + dt.timedelta(days=n)) for n in range(1, (due - MADE).days + 1)) == 20
    )
    day = dt.timedelta(days=1)
    for released_on, today, status in (
        (None, due, Status.NOT_DUE),
        (None, due + day, Status.OVERDUE),
        (due, due + 9 * day, Status.ON_TIME),
        (due + day, due + 9 * day, Status.LATE),
    ):
        found = timeliness.standing(MADE, released_on, today, calendar)
        assert (found.status, found.due_on) == (status, due)
    assert timeliness.standing(MADE, due, due, calendar).days == 20
    assert timeliness.standing(MADE, MADE, due, calendar).days == 0


@pytest.mark.seed("S036")
def test_overdue_are_those_to_be_public_whose_term_is_over(world: World) -> None:
    due = calendars.for_region().add(MADE, 20)
    made = {"made_on": MADE}
    kept = document(world, title="超期", **made)
    document(world, title="不公开", **made, **CLOSED)
    document(world, title="刚成文", made_on=due)
    struck = document(world, title="误登", **made)
    actions.strike_document(struck, by=TEST, reason="误登")
    on_time = released(world, due, title="按期", **made)
    late = released(world, due + dt.timedelta(days=3), title="超期公开", **made)
    everything, day = Document.objects.all(), due + dt.timedelta(days=1)
    assert list(timeliness.overdue(everything, day)) == [kept]
    assert not timeliness.overdue(everything, due).exists()
    assert not timeliness.overdue(everything, dt.date(2098, 1, 1)).exists(), "no calendar, nothing guessed"
    assert timeliness.late(everything, dt.date(2022, 1, 1), dt.date(2022, 12, 31)) == [late]
    assert timeliness.counts(everything.filter(struck_at=None).select_related("organ"), day) == {
        Status.NOT_DUE: 1,
        Status.ON_TIME: 1,
        Status.LATE: 1,
        Status.OVERDUE: 1,
    }
    found = timeliness.of_document(on_time, day)
    assert found is not None
    assert found.sentence == f"{due.isoformat()}（成文后第20个工作日），已用20个工作日"


def test_a_planned_release_happens_at_its_minute_and_no_sooner(world: World) -> None:
    with clock.on_day(dt.date(2022, 12, 30)):
        kept = document(world, made_on=dt.date(2022, 12, 20))
        plan = actions.plan_release(kept, by=TEST, channel="政府网站", at=NINE)
        with pytest.raises(Refused, match="已安排"):
            actions.plan_release(kept, by=TEST, channel="政府网站", at=NINE)
        with pytest.raises(ValidationError, match="晚于现在"):
            actions.plan_release(kept, by=TEST, channel="报刊", at=NINE - dt.timedelta(days=2))
        assert scheduling.carry_out_due() == 0
        assert not queries.public_documents(dt.date(2023, 1, 1)).exists()
    with clock.on_day(dt.date(2023, 1, 1)):
        one_round()
        assert scheduling.carry_out_due() == 0, "once"
    plan.refresh_from_db()
    fact = kept.releases.get()
    assert (plan.state, fact.on, fact.at) == ("done", NINE.date(), NINE.timetz().replace(tzinfo=None))
    with pytest.raises(Refused, match="不能取消"):
        actions.cancel_plan(plan, by=TEST)


def test_what_may_no_longer_go_out_is_not_released_and_says_why(world: World) -> None:
    with clock.on_day(dt.date(2022, 12, 30)):
        kept = document(world, made_on=dt.date(2022, 12, 20))
        plan = actions.plan_release(kept, by=TEST, channel="政府网站", at=NINE)
        actions.attach(
            kept.editions.get(), by=TEST, name="a.xlsx", content=samples.xlsx(samples.hidden_sheet)
        )
        with pytest.raises(Refused, match="隐藏"):
            actions.plan_release(kept, by=TEST, channel="报刊", at=NINE)
        with pytest.raises(Refused):
            actions.plan_release(document(world, **CLOSED), by=TEST, channel="报刊", at=NINE)
        other = actions.plan_release(document(world), by=TEST, channel="政府网站", at=NINE)
        actions.cancel_plan(other, by=TEST)
    with clock.on_day(dt.date(2023, 1, 1)):
        assert scheduling.carry_out_due() == 0
    plan.refresh_from_db()
    assert plan.state == ReleasePlan.State.FAILED
    assert "隐藏" in plan.why
    assert not kept.releases.exists()


def test_a_validity_that_runs_out_is_announced(world: World) -> None:
    day, everything = dt.date(2022, 6, 1), Document.objects.all()
    ends = {}
    for days in (-1, 0, 30, 90, 91):
        ends[days] = document(world, title=str(days))
        actions.describe(ends[days], by=TEST, valid_until=day + dt.timedelta(days=days))
    ended = document(world)
    actions.describe(ended, by=TEST, valid_until=day)
    actions.change_validity(ended, by=TEST, kind="expired", on=day, note="有效期届满")
    assert {row.title for row in timeliness.expiring(everything, day, 90)} == {"0", "30", "90"}
    assert {row.title for row in timeliness.expiring(everything, day, 30)} == {"0", "30"}
    assert [row.title for row in timeliness.expired(everything, day)] == ["-1"]
    left = [timeliness.alert(day + dt.timedelta(days=n), day) for n in (-1, 0, 1, 30, 31, 90, 91)]
    assert left == [None, 0, 30, 30, 90, 90, None]
