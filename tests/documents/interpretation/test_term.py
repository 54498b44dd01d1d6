"""The term of three working days, who owes an interpretation, and the measures."""

import datetime as dt

import pytest

from gongkai.base import clock, measures
from gongkai.base.measures import Period
from gongkai.documents import actions as documents
from gongkai.documents import timeliness
from gongkai.documents.interpretation import actions, choices, queries, term
from gongkai.documents.interpretation.term import Status
from gongkai.documents.models import Document
from gongkai.figures.growth import rate
from gongkai.figures.values import evaluate
from gongkai.organs import calendars, tallies
from tests.documents.interpretation.support import interpretation, settings
from tests.documents.support import document, released
from tests.support.world import TEST, World

FRIDAY = dt.date(2019, 9, 27)  # 1–7 October are holidays, 29 September is a working Sunday
DUE = dt.date(2019, 10, 8)
DAY = dt.date(2022, 6, 1)
Y2019 = Period.year(2019)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.on_day(DAY):
        yield


def standing(kept: Document, day: dt.date = DAY) -> term.Standing:
    return term.standings([kept], day)[kept.pk]


@pytest.mark.seed("S060")
def test_three_working_days_across_a_holiday_with_the_sentence_that_says_why(world: World) -> None:
    kept = released(world, FRIDAY)
    found = standing(kept, FRIDAY)
    assert (found.status, found.due_on) == (Status.NOT_DUE, DUE)
    assert found.sentence.startswith(
        "2019年9月27日公开，次日起第3个工作日为2019年10月8日（国办发〔2016〕80号"
    )
    assert standing(kept, DUE).status == Status.NOT_DUE
    assert standing(kept, DUE + dt.timedelta(days=1)).status == Status.OVERDUE
    row = interpretation(kept, made_on=FRIDAY, on=DUE)
    assert standing(kept).status == Status.ON_TIME
    documents.correct_release(
        row.document.releases.get(), by=TEST, reason="日期有误", on=DUE + dt.timedelta(days=1)
    )
    assert standing(kept).status == Status.LATE


def test_the_number_of_days_is_the_organs_choice(world: World) -> None:
    settings(world, "city", days=1)
    settings(world, "city-edu", days=0)
    assert standing(released(world, FRIDAY)).due_on == dt.date(2019, 9, 29)
    same = standing(released(world, FRIDAY, "city-edu"))
    assert same.due_on == FRIDAY
    assert "须与文件同日解读（甲市政策解读办法）" in same.sentence


def test_without_a_calendar_nobody_is_late(world: World) -> None:
    day = dt.date(2041, 1, 7)
    with clock.on_day(day):
        kept = released(world, day, made_on=day)
    found = standing(kept, dt.date(2041, 6, 1))
    assert (found.status, found.due_on) == (Status.UNKNOWN, None)
    assert "还没有装入工作日历" in found.sentence
    assert owing(dt.date(2041, 6, 1), late=True) == set()
    row = Document.objects.annotate(due_on=term.due_on(day, day)).get(pk=kept.pk)
    assert row.due_on is None
    with clock.on_day(day):
        same_day = released(world, day, made_on=day)
        interpretation(same_day, made_on=day, on=day)
    with clock.on_day(day + dt.timedelta(days=1)):
        interpretation(kept, made_on=day, on=clock.today())
    assert standing(same_day).status == Status.ON_TIME
    assert standing(kept).status == Status.UNKNOWN
    assert term.interpreted_late(Document.objects.all(), day, day) == []


def test_an_on_time_rate_without_a_calendar_is_not_known(world: World) -> None:
    day, y2041 = dt.date(2041, 1, 7), Period.year(2041)
    path, edu = world.organs["city"].path, world.organs["city-edu"].path
    for code in ("city", "city-edu"):
        tallies.set_coverage(
            by=TEST,
            organ=world.organs[code],
            register="documents",
            mode="here",
            valid_from=day.replace(day=1),
        )
    with clock.on_day(day):
        interpretation(released(world, day, "city-edu", made_on=day), made_on=day, on=day)
        kept = released(world, day, made_on=day)
    with clock.on_day(day + dt.timedelta(days=1)):
        interpretation(kept, made_on=day, on=clock.today())
    keys = ["interpretations.required", "interpretations.done", "interpretations.on_time"]
    grid = evaluate(keys, path, y2041)
    assert [grid.value(key, path).number for key in keys] == [1, 1, None]
    assert grid.value(keys[2], path).at_least == 0
    assert grid.value(keys[2], edu).number == 1
    assert rate(grid.value(keys[2], path), grid.value(keys[0], path)) is None


def owing(day: dt.date = DAY, late: bool = False) -> set[str]:
    return {row.title for row in term.owing(Document.objects.all(), day, late)}


@pytest.mark.seed("S057")
def test_who_still_owes_an_interpretation(world: World) -> None:
    settings(world, since=dt.date(2019, 1, 1))
    released(world, FRIDAY, title="欠着")
    released(world, FRIDAY, kind="notice", title="不要求")
    released(world, dt.date(2018, 5, 4), title="要求以前的", made_on=dt.date(2018, 5, 3))
    document(world, title="没公开")
    actions.mark_important(released(world, FRIDAY, kind="other", title="重要政策"), by=TEST)
    actions.exempt(released(world, FRIDAY, title="不需要"), by=TEST, reason="内容简明")
    interpretation(released(world, FRIDAY, title="解读了"), on=DUE, made_on=FRIDAY)
    interpretation(released(world, FRIDAY, title="解读没公开"), made_on=FRIDAY)
    gone = released(world, FRIDAY, title="废止了")
    documents.change_validity(gone, by=TEST, kind="repealed", on=DUE, decided_by="甲政〔2019〕9号")
    withdrawn = released(world, FRIDAY, title="撤下了")
    documents.withdraw_release(withdrawn.releases.get(), by=TEST, on=DUE, reason="有误")
    assert owing() == {"欠着", "重要政策", "解读没公开"}
    assert owing(DUE, late=True) == set()
    assert owing(DUE + dt.timedelta(days=1), late=True) == {"欠着", "重要政策", "解读没公开"}


def test_late_ones_are_found(world: World) -> None:
    for name, on in (("当天", FRIDAY), ("最后一天", DUE), ("晚一天", DUE + dt.timedelta(days=1))):
        interpretation(released(world, FRIDAY, title=name), on=on, made_on=FRIDAY)
    late = term.interpreted_late(Document.objects.all(), dt.date(2018, 1, 1), dt.date(2021, 12, 31))
    assert [row.title for row in late] == ["晚一天"]


def test_the_expression_says_what_the_calendar_says(world: World) -> None:
    settings(world, "county-a", days=5)
    days = [dt.date(2019, 9, 20) + dt.timedelta(days=number) for number in range(25)]
    made = [released(world, day, code) for day in days for code in ("city", "county-a")]
    rows = Document.objects.annotate(due_on=term.due_on(days[0], days[-1])).in_bulk()
    for row in made:
        expected = term.of_document(row, DAY)
        assert expected is not None
        assert rows[row.pk].due_on == expected.due_on


@pytest.mark.parametrize("days", [0, 1, 3, 20])
def test_the_last_day_of_release_whose_term_is_over(days: int, db: None) -> None:
    calendar = calendars.for_region(calendars.NATIONWIDE)
    for number in range(30):
        day = dt.date(2019, 9, 20) + dt.timedelta(days=number)
        last = timeliness.made_at_the_latest(day, days, calendar)
        assert term.due(last, days, calendar) < day
        assert term.due(last + dt.timedelta(days=1), days, calendar) >= day


@pytest.mark.seed("S056", "S057", "S063")
def test_the_measures(world: World) -> None:
    first, second = released(world, FRIDAY), released(world, FRIDAY)
    third = released(world, FRIDAY, "county-a")
    released(world, FRIDAY, kind="notice")
    interpretation(first, second, on=DUE, made_on=FRIDAY, form="graphic")
    interpretation(first, on=dt.date(2019, 12, 2), made_on=FRIDAY, form="interview")
    interpretation(third, on=dt.date(2020, 1, 6), made_on=FRIDAY)
    alone = released(world, FRIDAY, kind="interpretation", body="没有登记形式")
    interpretation(first, made_on=FRIDAY)
    path = world.organs["city"].path

    def total(key: str, period: Period = Y2019, **dims: str) -> int:
        return int(measures.get(f"interpretations.{key}").count(period, path, **dims))

    assert total("released") == 3
    assert [total("released", form=form) for form in ("graphic", "interview", "video", "")] == [1, 1, 0, 1]
    assert total("released", Period.year(2020)) == 1
    assert (total("required"), total("done"), total("on_time")) == (3, 2, 2)
    assert measures.get("interpretations.released").by_path(Y2019, path) == {
        (path, ("graphic",)): 1,
        (path, ("interview",)): 1,
        (path, ("",)): 1,
    }
    documents.strike_document(alone, by=TEST, reason="误登")
    assert total("released") == 2


def test_required_follows_the_settings_of_each_organ(world: World) -> None:
    for code in ("city", "city-edu", "county-a", "town-a1"):
        released(world, FRIDAY, code, title=code)
    settings(world, "city", kinds=[], marked=False)
    settings(world, "county-a")
    settings(world, "town-a1", since=dt.date(2020, 1, 1))
    rows = Document.objects.filter(choices.required(choices.Rules.read()))
    assert {row.title for row in rows} == {"county-a"}


def test_the_days_work_names_what_is_owed_and_only_to_whom_it_belongs(world: World) -> None:
    kept = released(world, FRIDAY, "city-edu")
    mine = queries.to_do(world.viewer("city-edu", "handler", DAY), FRIDAY)
    assert [(one.document.pk, one.left) for one in mine] == [(kept.pk, 11)]
    for code, role in (("city-edu", "auditor"), ("county-a", "handler"), ("city", "supervisor")):
        assert queries.to_do(world.viewer(code, role, DAY), FRIDAY) == []


def test_the_public_list_narrows_and_asks_little(world: World, django_assert_max_num_queries) -> None:
    kept = released(world, FRIDAY, number="甲政〔2019〕3号", title="供水办法")
    interpretation(kept, on=DUE, made_on=FRIDAY, title="解读一", form="video", topic="供水")
    interpretation(kept, on=dt.date(2020, 1, 6), made_on=FRIDAY, title="解读二")
    interpretation(kept, made_on=FRIDAY, title="没公开")

    def titles(**asked) -> list[str]:
        return [row.title for row in queries.public_list(DAY, **asked)]

    assert titles() == ["解读二", "解读一"]
    assert titles(form="video") == titles(year=2019) == ["解读一"]
    assert titles(form="dance") == ["解读二", "解读一"]
    assert titles(words="〔2019〕3号") == ["解读二", "解读一"]
    assert titles(words="供水") == ["解读一"]
    assert titles(organ_path=world.organs["county-a"].path) == []
    assert queries.public_years(DAY) == [2020, 2019]
    assert queries.public_forms(DAY) == {"text": 1, "video": 1}
    with django_assert_max_num_queries(2):
        shown = queries.with_explained(list(queries.public_list(DAY)), DAY)
    assert [[one.title for one in explained] for _row, explained in shown] == [["供水办法"], ["供水办法"]]


def test_the_number_of_what_is_not_out_is_not_found(world: World) -> None:
    hidden = released(world, FRIDAY, number="甲政〔2019〕9号", title="撤下的办法")
    row = interpretation(hidden, on=DUE, made_on=FRIDAY, title="解读三")
    assert [one.pk for one in queries.public_list(DAY, words="〔2019〕9号")] == [row.document.pk]
    documents.withdraw_release(hidden.releases.get(), by=TEST, on=DUE, reason="有误")
    assert [one.pk for one in queries.public_list(DAY)] == [row.document.pk]
    assert not queries.public_list(DAY, words="〔2019〕9号").exists()
    interpretation(document(world, number="甲政〔2019〕8号"), on=DUE, made_on=FRIDAY, title="解读四")
    assert not queries.public_list(DAY, words="〔2019〕8号").exists()
