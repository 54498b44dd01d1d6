"""Labels say what scope says: for every role, register and organ, for trees and posts made up at random."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.documents import actions as documents
from gongkai.documents.models import Document
from gongkai.organs import scope
from gongkai.organs.models import Organ, Role
from gongkai.organs.scope import NOBODY, SYSTEM, VIEW, Grant, Viewer
from gongkai.search import labels, queries
from gongkai.search.engine import Query, State
from tests.desk import rows
from tests.search.reference import Reference
from tests.search.texts import DAY, entry
from tests.support.world import TEST, World

PATHS = st.lists(st.sampled_from(["0001.", "0002."]), min_size=1, max_size=4).map("".join)
GRANTS = st.builds(
    Grant,
    post_id=st.just(1),
    role=st.sampled_from(list(Role)),
    organ_id=st.just(1),
    path=PATHS,
    inherited=st.lists(PATHS, max_size=2).map(tuple),
    units=st.lists(PATHS, max_size=2).map(tuple),
    inherited_below=st.lists(PATHS, max_size=1).map(tuple),
)
VIEWERS = st.builds(Viewer, st.just(1), grants=st.lists(GRANTS, max_size=3).map(tuple))


@given(VIEWERS, st.sampled_from(labels.REGISTERS), PATHS)
def test_labels_meet_exactly_where_scope_allows(who: Viewer, register: str, path: str) -> None:
    meet = bool(labels.of_record(register, path) & labels.of_viewer(who))
    assert meet == scope.allows(who, VIEW, register, path)


@given(st.lists(st.tuples(st.sampled_from(labels.REGISTERS), PATHS), max_size=12), VIEWERS)
def test_no_result_lies_outside_the_viewers_scope(records: list[tuple[str, str]], who: Viewer) -> None:
    engine = Reference()
    engine.index(
        entry(number, "办法", labels=labels.of_record(register, path), path=path)
        for number, (register, path) in enumerate(records)
    )
    engine.commit(State(0, "", DAY))
    found = engine.query(Query(labels=labels.of_viewer(who), text="办法", limit=50))
    allowed = {n for n, (register, path) in enumerate(records) if scope.allows(who, VIEW, register, path)}
    assert {hit.pk for hit in found.hits} == allowed
    assert sum(found.counts.values()) == len(allowed)


def test_nobody_carries_no_label_and_only_the_machine_carries_the_one_of_all() -> None:
    assert labels.of_viewer(NOBODY) == frozenset()
    assert labels.of_viewer(SYSTEM) == {labels.EVERYTHING}
    assert labels.EVERYTHING not in labels.of_record("documents", "0001.")
    assert labels.PUBLIC not in labels.of_record("documents", "0001.")


@pytest.fixture
def stocked(world: World, index: Any) -> World:
    """A row of each searchable register at every organ; the documents are drafts."""
    for organ in world.organs.values():
        for make in (rows.document, rows.item, rows.decision, rows.project, rows.proceeding):
            make(organ)
    index()
    return world


def test_what_the_desk_finds_is_what_its_registers_show(stocked: World) -> None:
    for code in stocked.organs:
        for role in Role.values:
            who = stocked.viewer(code, role)
            for model, category in ((Document, "documents"), (Organ, "organs")):
                answer = queries.at_desk(who, Query(labels=labels.ANYBODY, category=category, limit=100))
                assert {one.row.pk for one in answer.found} == set(
                    scope.rows(who, model).values_list("pk", flat=True)
                ), (code, role)
                assert answer.total == len(answer.found)
                assert answer.counts.get(category, 0) == answer.total


def test_the_public_finds_no_draft_no_register_and_no_internal_unit(stocked: World, index: Any) -> None:
    stocked.organ("unit", "内设信息科", "unit", "city", "city-office")
    index()
    everything = queries.public(
        Query(labels=frozenset({"*"}), limit=100)
    )  # the label given is not listened to
    assert set(everything.counts) == {"organs"}
    assert {one.row.code for one in everything.found} == set(stocked.organs) - {"unit"}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["draft", "shown", "gone"])), max_size=6))
def test_the_public_finds_what_is_shown_today_and_nothing_else(
    world: World, index: Any, course: list[tuple[int, str]]
) -> None:
    organs = list(world.organs.values())
    with transaction.atomic():
        shown = set()
        for number, (place, state) in enumerate(course):
            document = documents.add_document(
                by=TEST, organ=organs[place], kind="other", title=f"办法{number}", made_on=dt.date(2022, 1, 5)
            )
            if state == "draft":
                continue
            fact = documents.release(document, by=TEST, channel="政府网站", on=dt.date(2022, 1, 5))
            if state == "gone":
                documents.withdraw_release(fact, by=TEST, on=dt.date(2022, 2, 1), reason="有误")
            else:
                shown.add(document.pk)
        index()
        answer = queries.public(Query(labels=labels.ANYBODY, text="办法", limit=50))
        assert {one.row.pk for one in answer.found} == shown
        assert answer.counts.get("documents", 0) == len(shown)
        transaction.set_rollback(True)
    index()
