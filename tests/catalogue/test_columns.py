"""The tree of columns as dated versions, and what stands in a column."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.catalogue import actions, queries, verify
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.catalogue.models import Column, ColumnVersion
from gongkai.documents import actions as documents
from gongkai.documents import columns
from gongkai.documents.models import Classification, Document
from gongkai.organs.refusals import Refused
from gongkai.search.sources.base import Change
from gongkai.search.sources.documents import DOCUMENTS
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _on_a_day() -> Any:
    with clock.on_day(DAY):
        yield


def column(world: World, slug: str = "news", **more: Any) -> Column:
    given: dict[str, Any] = {"title": f"栏目{slug}", "description": "说明", "on": dt.date(2019, 1, 1)} | more
    return actions.add_column(by=TEST, organ=world.organs["city"], slug=slug, **given)


def document(world: World, code: str, kind: str, on: dt.date, **data: Any) -> Document:
    made = documents.add_document(
        by=TEST, organ=world.organs[code], kind=kind, title=f"{kind}-{code}-{on}", made_on=on
    )
    if data:
        documents.describe(made, by=TEST, **data)
    documents.release(made, by=TEST, channel="政府网站", on=on)
    return Document.objects.get(pk=made.pk)


# --- versions ----------------------------------------------------------------------------------------------------


def test_a_column_is_the_list_of_its_versions_and_any_day_can_be_asked(world: World) -> None:
    city = world.organs["city"]
    affairs = column(world, "affairs", title="政务公开")
    child = column(world, "personnel", parent=affairs, title="人事")
    actions.rename_column(child, by=TEST, title="人事任免", on=dt.date(2020, 3, 1))
    other = column(world, "society", title="社会服务")
    actions.move_column(child, by=TEST, parent=other, on=dt.date(2021, 3, 1))
    actions.retire_column(child, by=TEST, on=dt.date(2022, 1, 1), reason="并入通知公告")

    def shape(day: dt.date) -> dict[str, list[str]]:
        return {root.title: [one.title for one in root.children] for root in queries.tree_on(city, day)}

    assert shape(dt.date(2018, 12, 31)) == {}
    assert shape(dt.date(2020, 2, 29)) == {"政务公开": ["人事"], "社会服务": []}
    assert shape(dt.date(2020, 3, 1)) == {"政务公开": ["人事任免"], "社会服务": []}
    assert shape(dt.date(2021, 12, 31)) == {"政务公开": [], "社会服务": ["人事任免"]}
    assert shape(DAY) == {"政务公开": [], "社会服务": []}
    changes = list(ColumnVersion.objects.filter(column=child).values_list("change", flat=True))
    assert changes == ["added", "renamed", "moved", "retired"]
    assert list(verify.problems()) == []
    Column.objects.filter(pk=child.pk).update(title="改了")
    assert len(list(verify.problems())) == 1


def test_versions_are_never_changed_and_run_forward(world: World) -> None:
    one = column(world)
    with pytest.raises(TypeError):
        one.versions.get().save()
    actions.rename_column(one, by=TEST, title="新名", on=dt.date(2022, 1, 1))
    with pytest.raises(ValidationError):
        actions.rename_column(one, by=TEST, title="旧名", on=dt.date(2021, 1, 1))
    with pytest.raises(ValidationError):
        actions.rename_column(one, by=TEST, title="新名", on=DAY)
    with pytest.raises(ValidationError):
        actions.rename_column(one, by=TEST, title="明天", on=DAY + dt.timedelta(days=1))


def test_what_cannot_be_done_is_refused_in_words(world: World) -> None:
    top = column(world, "a")
    below = column(world, "b", parent=top)
    with pytest.raises(ValidationError):
        actions.move_column(top, by=TEST, parent=below, on=DAY)
    with pytest.raises(Refused, match="下级栏目"):
        actions.retire_column(top, by=TEST, on=DAY, reason="不办了")
    with pytest.raises(Refused, match="只有专题"):
        actions.archive_column(below, by=TEST, on=DAY, reason="结束")
    with pytest.raises(ValidationError):
        column(world, "a")
    with pytest.raises(ValidationError):
        column(world, "c", feed=[Rule()])
    with pytest.raises(ValidationError):
        actions.set_standard(
            top,
            by=TEST,
            owner=world.organ("other", "乙市人民政府", "government", "city"),
            responsible="",
            update_days=7,
            on=DAY,
        )
    actions.retire_column(below, by=TEST, on=DAY, reason="不办了")
    with pytest.raises(Refused, match="已撤销"):
        actions.rename_column(below, by=TEST, title="新", on=DAY)
    assert actions.reopen_column(below, by=TEST, on=DAY, reason="又办了").state == "open"


def test_a_branch_is_moved_only_where_all_its_levels_have_room(world: World) -> None:
    one = column(world, "one")
    two = column(world, "two", parent=one)
    branch = column(world, "branch")
    leaf = column(world, "leaf", parent=column(world, "stem", parent=branch))
    with pytest.raises(ValidationError, match="最多4层"):
        actions.move_column(branch, by=TEST, parent=two, on=DAY)
    actions.move_column(leaf, by=TEST, parent=two, on=DAY)
    assert actions.move_column(branch, by=TEST, parent=two, on=DAY).parent == two


def test_a_unit_of_others_answers_for_no_column(world: World) -> None:
    stranger = world.organ("other", "乙市人民政府", "government", "city")
    with pytest.raises(ValidationError, match="责任单位"):
        column(world, "news", owner=stranger)


def test_what_only_gathers_shows_each_way_down_to_the_first_that_is_fed(world: World) -> None:
    affairs = column(world, "affairs", front=1)
    notices = column(world, "notices", parent=affairs, feed=[Rule(kinds=("notice",))])
    column(world, "below", parent=notices, feed=[Rule(kinds=("news",))])
    closed = column(world, "closed", parent=affairs, feed=[Rule(kinds=("list",))])
    actions.retire_column(closed, by=TEST, on=DAY, reason="不办了")
    (front,) = queries.fronts(world.organs["city"])
    assert [one.slug for one in front.shown()] == ["affairs", "notices"]
    notice = document(world, "city", "notice", dt.date(2022, 1, 1))
    document(world, "city", "news", dt.date(2022, 1, 2))
    document(world, "city", "list", dt.date(2022, 1, 3))
    assert columns.newest(columns.sources(front.shown()), DAY, 9) == [notice]


def test_a_topic_is_archived_and_stays_to_be_read(world: World) -> None:
    topic = column(world, "flood", kind="topic", title="防汛救灾专题")
    kept = actions.archive_column(topic, by=TEST, on=dt.date(2022, 1, 31), reason="工作结束")
    assert (kept.state, kept.closed_on) == ("archived", dt.date(2022, 1, 31))
    assert [node.title for node in queries.tree(world.organs["city"])] == ["防汛救灾专题"]


@pytest.mark.parametrize(
    ("code", "role", "may"),
    [
        ("city", "office", True),
        ("city", "head", True),
        ("city", "handler", False),
        ("city", "supervisor", False),
        ("city", "operator", False),
        ("city-office", "office", False),
        ("county-a", "office", False),
    ],
)
def test_only_the_organs_own_disclosure_office_works_on_its_columns(
    world: World, code: str, role: str, may: bool
) -> None:
    by = next(iter(actor for actor in _actors(world, code, role)))
    given = {"organ": world.organs["city"], "slug": "x", "title": "栏目", "description": "说明", "on": DAY}
    if may:
        assert actions.add_column(by=by, **given).pk
        return
    with pytest.raises(Refused):
        actions.add_column(by=by, **given)


def _actors(world: World, code: str, role: str) -> list[Any]:
    from gongkai.organs.actors import Actor
    from gongkai.organs.models import Post

    post = Post.objects.get(person=world.people[f"{code}-{role}"])
    viewer = world.viewer(code, role)
    return [Actor(f"staff:{post.person_id}", role, post.person_id, post.pk, viewer=viewer)]


# --- feeds -------------------------------------------------------------------------------------------------------


def test_a_rule_brings_what_it_names_and_nothing_else(world: World) -> None:
    theme = Classification.objects.get(scheme="theme", code="02")
    below = Classification.objects.get(scheme="theme", code="0201")
    tax = Classification.objects.get(scheme="group", code="D7")
    own = document(world, "city", "notice", dt.date(2022, 1, 1), theme=below)
    edu = document(world, "city-edu", "notice", dt.date(2022, 1, 2), theme=theme, group=tax)
    rules = document(world, "city", "other", dt.date(2022, 1, 3))
    documents.change_validity(
        rules, by=TEST, kind="repealed", on=dt.date(2022, 3, 1), decided_by="甲政〔2022〕9号"
    )
    hidden = documents.add_document(
        by=TEST, organ=world.organs["city"], kind="notice", title="没公开", made_on=DAY
    )

    def shown(*feed: Rule) -> list[int]:
        one = column(world, f"c{len(Column.objects.all())}", feed=feed)
        found = [row.pk for row in columns.newest(columns.sources([one]), DAY, 20)]
        keys = columns.of_document([one])
        ready = Document.objects.select_related("group__parent", "theme__parent").prefetch_related(
            "column_picks", "releases"
        )
        assert {row.pk for row in ready.exclude(pk=hidden.pk) if keys(row, DAY)} == set(found)
        assert columns.count(columns.sources([one]), DAY) == len(found)
        return found

    assert shown(Rule(kinds=("notice",))) == [own.pk]
    assert shown(Rule(kinds=("notice",), organs=SUBTREE)) == [edu.pk, own.pk]
    assert shown(Rule(themes=("02",), organs=SUBTREE)) == [edu.pk, own.pk]
    assert shown(Rule(themes=("0201",), organs=SUBTREE)) == [own.pk]
    assert shown(Rule(groups=("D7",), organs=SUBTREE)) == [edu.pk]
    assert shown(Rule(kinds=("other",))) == [rules.pk]
    assert shown(Rule(kinds=("other",), in_force=True)) == []
    assert shown(Rule(kinds=("notice", "other"))) == [rules.pk, own.pk]
    assert shown(Rule(kinds=("notice",)), Rule(kinds=("other",))) == [rules.pk, own.pk]
    assert shown(Rule(kinds=("notice",), channels=("government_website",))) == [own.pk]
    assert shown(Rule(kinds=("notice",), channels=("wechat",))) == []
    assert shown() == []
    assert columns.check_rule(Rule(kinds=("notice",), channels=("wechat", "鸽子"))) == ["鸽子"]


def test_what_is_picked_stands_beside_the_feed_from_its_day_to_its_day(world: World) -> None:
    topic = column(world, "flood", kind="topic")
    one = document(world, "city-edu", "news", dt.date(2022, 1, 1))
    kept = actions.pick(topic, by=TEST, document=one, on=dt.date(2022, 2, 1))
    with pytest.raises(Refused):
        actions.pick(topic, by=TEST, document=one, on=DAY)
    found = columns.sources([topic])
    assert columns.newest(found, dt.date(2022, 1, 31), 5) == []
    assert columns.newest(found, dt.date(2022, 2, 1), 5) == [one]
    actions.unpick(kept, by=TEST, on=dt.date(2022, 4, 1))
    assert columns.newest(found, DAY, 5) == []


def test_pages_follow_one_another_and_each_costs_one_query(
    world: World, django_assert_num_queries: Any
) -> None:
    for number in range(25):
        document(world, "city", "news" if number % 2 else "notice", dt.date(2022, 1, 1 + number // 3))
    one = column(world, feed=[Rule(kinds=("news", "notice"))])
    found = columns.sources([one])
    everything = columns.newest(found, DAY, 100)
    assert len(everything) == 25
    leafed: list[Document] = []
    place = None
    while True:
        with django_assert_num_queries(1):
            page = columns.newest(found, DAY, 4, before=place)
        if not page:
            break
        leafed += page
        place = (page[-1].first_released_on, page[-1].pk)
    assert leafed == everything
    until = columns.newest(found, DAY, 100, until=dt.date(2022, 1, 3))
    assert until == [row for row in everything if row.first_released_on <= dt.date(2022, 1, 3)]
    nothing = columns.sources([column(world, "empty")])
    with django_assert_num_queries(1):
        days = columns.last_days({"a": found, "b": nothing}, DAY)
    assert days == {"a": everything[0].first_released_on, "b": None}


# --- freshness ---------------------------------------------------------------------------------------------------


def test_a_column_is_as_fresh_as_what_its_page_shows(world: World, django_assert_num_queries: Any) -> None:
    affairs = column(world, "affairs")
    notices = column(world, "notices", parent=affairs, feed=[Rule(kinds=("notice",))])
    column(world, "below", parent=notices, feed=[Rule(kinds=("news",))])
    empty = column(world, "empty", feed=[Rule(kinds=("list",))])
    document(world, "city", "notice", dt.date(2022, 1, 3))
    document(world, "city", "news", dt.date(2022, 2, 3))
    with django_assert_num_queries(2):
        days = columns.freshness([affairs, notices, empty], DAY)
    on = dt.date(2022, 1, 3)
    assert days == {affairs.pk: on, notices.pk: on, empty.pk: None}


def test_the_newest_days_of_a_whole_citys_columns_can_be_asked(world: World) -> None:
    """An export asks 2,000 rows at once; one row of a result holds fewer columns than that, on either database."""
    made = document(world, "city", "news", dt.date(2022, 1, 1))
    news = columns.Source(world.organs["city"].path, Rule(kinds=("news", "notice")))
    days = columns.last_days({key: [news] for key in range(2_001)}, DAY)
    assert set(days.values()) == {made.first_released_on}
    assert len(days) == 2_001


@pytest.mark.parametrize(
    ("newest", "state", "cycle", "late"),
    [
        (dt.date(2022, 5, 25), "open", 7, 0),
        (dt.date(2022, 5, 24), "open", 7, 1),
        (None, "open", 7, 24),
        (dt.date(2022, 1, 1), "open", None, 0),
        (dt.date(2022, 1, 1), "archived", 7, 0),
        (dt.date(2022, 6, 9), "open", 7, 0),
    ],
)
def test_a_column_is_overdue_by_the_days_beyond_its_cycle(
    newest: dt.date | None, state: str, cycle: int | None, late: int
) -> None:
    one = Column(state=state, update_days=cycle, opened_on=dt.date(2022, 5, 1))
    assert one.overdue(newest, DAY) == late


# --- the search index ---------------------------------------------------------------------------------------------


def test_the_index_looks_only_at_the_columns_that_can_bring_a_document(world: World) -> None:
    """Of the organ, of those above, and of whoever picked it; what is beside and below is not even read."""
    flood = actions.add_column(
        by=TEST, organ=world.organs["county-a"], slug="flood", title="防汛", description="说明", on=DAY
    )
    around = actions.add_column(
        by=TEST, organ=world.organs["county-a"], slug="around", title="专题", description="说明", on=DAY
    )
    actions.move_column(flood, by=TEST, parent=around, on=DAY)
    own = column(world, "own", feed=[Rule(kinds=("news",))])
    below = column(world, "below", feed=[Rule(kinds=("news",), organs=SUBTREE)])
    beside = actions.add_column(
        by=TEST,
        organ=world.organs["county-b"],
        slug="beside",
        title="要闻",
        description="说明",
        on=DAY,
        feed=[Rule(kinds=("news",), organs=SUBTREE)],
    )
    made = document(world, "city-edu", "news", dt.date(2022, 1, 1))
    actions.pick(flood, by=TEST, document=made, on=DAY)
    rows = list(DOCUMENTS.rows().filter(pk=made.pk))
    assert {one.pk for one in columns.reaching(rows)} == {flood.pk, around.pk, own.pk, below.pk}
    assert beside.path not in made.path
    assert set(columns.of_document(columns.reaching(rows))(rows[0], DAY)) == {
        flood.key,
        around.key,
        below.key,
    }


def test_what_is_done_with_a_column_touches_only_what_may_be_found_otherwise(world: World) -> None:
    news = column(world, "news", feed=[Rule(kinds=("news",))])
    held = document(world, "city", "news", dt.date(2022, 1, 1))
    other = document(world, "city", "news", dt.date(2022, 1, 2))
    strange = document(world, "city-edu", "notice", dt.date(2022, 1, 3))
    kept = actions.pick(news, by=TEST, document=strange, on=DAY)

    def touched(verb: str, **detail: Any) -> set[int]:
        return set(DOCUMENTS.touched([Change(verb, "catalogue.column", str(news.pk), detail)]))

    for verb in ("rename", "edit", "standard", "archive"):
        assert touched(f"column.{verb}") == set()
    for verb in ("add", "move", "retire", "reopen", "feed"):
        assert touched(f"column.{verb}") == {held.pk, other.pk, strange.pk}
    for verb in ("pick", "unpick"):
        assert touched(f"column.{verb}", document=strange.pk) == {strange.pk}
    with pytest.raises(ValidationError, match="不能晚于今天"):
        actions.unpick(kept, by=TEST, on=DAY + dt.timedelta(days=1))
