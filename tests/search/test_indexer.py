"""The index follows the database: every change, renames, the turn of a day; and it is built anew when it must be."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.annualreport import actions as reporting
from gongkai.annualreport import sections
from gongkai.annualreport.problem_actions import add_problem, add_step
from gongkai.annualreport.seals import fingerprint
from gongkai.base import audit, clock
from gongkai.base.models import AuditEntry, AuditSeal
from gongkai.documents import actions as documents
from gongkai.documents.models import Document
from gongkai.keyareas.bulk import add_many
from gongkai.keyareas.models import Procurement
from gongkai.organs import actions as organs
from gongkai.search import checking, feed, indexer, labels, place, queries
from gongkai.search.embedded import Condition, Folder, Lock
from gongkai.search.engine import Busy, Query, State
from tests.annualreport.flow import draft as report_draft
from tests.annualreport.flow import reporter, wrote
from tests.annualreport.records import keep_all
from tests.desk import rows
from tests.support.world import TEST, World

DAY = dt.date(2022, 1, 5)
Index = Callable[[], None]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.on_day(dt.date(2022, 6, 1)):
        yield


def document(world: World, title: str = "供水办法", **given: Any) -> Document:
    organ = world.organs[given.pop("organ", "city-office")]
    return documents.add_document(by=TEST, organ=organ, kind="other", title=title, made_on=DAY, **given)


def public(words: str) -> list[str]:
    answer = queries.public(Query(labels=labels.ANYBODY, text=words, limit=50))
    assert answer.total == len(answer.found)
    return [one.hit.title for one in answer.found]


def test_release_withdrawal_correction_and_strike_are_followed(world: World, index: Index) -> None:
    made = document(world, number="甲政办〔2022〕1号")
    index()
    assert public("供水") == []
    fact = documents.release(made, by=TEST, channel="政府网站", on=DAY)
    index()
    assert public("供水") == ["供水办法"]
    documents.correct_document(made, by=TEST, number="甲政办〔2022〕2号", reason="编号有误")
    index()
    assert public("甲政办[2022]2号") == ["供水办法"]
    assert public("甲政办[2022]1号") == []
    documents.open_edition(made, by=TEST, title="供水管理规定")
    documents.release(made, by=TEST, channel="政府公报", on=DAY)
    index()
    assert public("供水") == ["供水管理规定"]
    documents.void_release(made.releases.get(channel__name="政府公报"), by=TEST, reason="没有登")
    index()
    assert public("供水") == ["供水办法"]
    documents.withdraw_release(fact, by=TEST, on=dt.date(2022, 5, 1), reason="有误")
    index()
    assert public("供水") == []
    documents.strike_document(made, by=TEST, reason="重复")
    index()
    assert f"documents/{made.pk}#" not in dict(place.reader().digests())
    assert not list(checking.differences(place.reader()))


def test_a_rename_reaches_the_organ_its_documents_and_its_reports(world: World, index: Index) -> None:
    documents.release(document(world, organ="city-edu"), by=TEST, channel="政府网站", on=DAY)
    index()
    assert public("教育体育局") == []
    organs.rename(by=TEST, organ=world.organs["city-edu"], name="甲市教育体育局", on=dt.date(2022, 5, 1))
    index()
    assert set(public("教育体育局")) == {"甲市教育体育局", "供水办法"}
    assert "甲市教育体育局" in public("甲市教育局")
    assert not list(checking.differences(place.reader()))


def test_an_import_with_one_audit_entry_is_taken_in_whole(world: World, index: Index) -> None:
    index()
    sheet = [
        {"title": f"项目{n}", "number": f"采-{n}", "concluded_on": DAY, "amount_yuan": n} for n in range(1, 8)
    ]
    add_many(by=TEST, organ=world.organs["city-office"], model=Procurement, rows=sheet)
    index()
    assert sum(1 for key, _ in place.reader().digests() if key.startswith("procurement/")) == 7
    assert not list(checking.differences(place.reader()))


def test_a_published_report_is_found_and_its_draft_is_not(world: World, index: Index) -> None:
    tables = {"table3": {"new_received": {"natural_person": 3, "total": 3}}}
    with clock.on_day(dt.date(2023, 1, 16)):
        version = reporting.import_report(
            by=TEST, organ=world.organs["city-edu"], year=2022, scope="own", tables=tables, source="测试"
        )
        index()
        assert public("甲市教育局2022年政府信息公开工作年度报告") == []
        reporting.publish(by=TEST, version=version)
        index()
        assert public("甲市教育局2022年政府信息公开工作年度报告") == [
            "甲市教育局2022年政府信息公开工作年度报告"
        ]
        assert not list(checking.differences(place.reader()))


def test_of_a_published_report_what_is_printed_is_found_and_nothing_kept_beside_it(
    world: World, index: Index
) -> None:
    keep_all(world.organs["city"])
    office, leader = (reporter(world, "city-edu", role) for role in ("office", "leader"))
    with clock.on_day(dt.date(2023, 1, 16)):
        problem = add_problem(
            by=TEST,
            organ=world.organs["city-edu"],
            text="投诉人赵六反映栏目更新不及时",
            source="inspection",
            found_on=dt.date(2022, 5, 1),
        )
        add_step(problem, by=TEST, kind="measure", on=dt.date(2022, 5, 2), text="每周提醒")
        version = report_draft(world, "city-edu", 2022)
        version = reporting.write_problems(by=office, version=version)
        assert "赵六" in version.sections["s5"]["problems"]
        index()
        wrote(version, office, problems="{{year}}年还有栏目更新不及时的问题。")
        reporting.submit(by=office, version=version)
        version = reporting.sign(by=leader, version=version)
        version = reporting.publish(by=office, version=version)
        index()
        assert sections.FROM_REGISTER not in version.sections
        assert fingerprint(version) == version.hash
        assert public("赵六") == public("投诉人") == public("{{year}}") == []
        for printed in ("栏目更新不及时的问题", "2022年还有栏目"):
            assert public(printed) == ["甲市教育局2022年政府信息公开工作年度报告"]
        assert not list(checking.differences(place.reader()))


def test_the_day_turns_without_a_change(world: World, index: Index) -> None:
    shown, ending = document(world, "排水办法"), document(world, "节水办法")
    fact = documents.release(shown, by=TEST, channel="政府网站", on=DAY)
    documents.withdraw_release(fact, by=TEST, on=dt.date(2022, 6, 2), reason="到期")
    documents.release(ending, by=TEST, channel="政府网站", on=DAY)
    documents.change_validity(ending, by=TEST, kind="expired", on=dt.date(2022, 6, 2), note="有效期届满")

    def in_force() -> list[str]:
        asked = Query(labels=labels.ANYBODY, text="办法", validity="in_force")
        return sorted(hit.title for hit in place.reader().query(asked).hits)

    index()
    assert in_force() == ["排水办法", "节水办法"]
    with clock.on_day(dt.date(2022, 6, 2)):
        index()
        assert in_force() == []
        assert not list(checking.differences(place.reader()))
    index()  # and back, as a demo's day may
    assert in_force() == ["排水办法", "节水办法"]


def test_what_is_not_ours_is_remembered_without_a_commit_for_each(world: World, index: Index) -> None:
    index()
    folder = place.folder()
    with Lock(folder):
        writer, follower = indexer._ready(folder, threading.Event())
        opened = (writer.place / "meta.json").stat().st_mtime_ns
        rows.tally(world.organs["city"])
        assert follower.round()
        assert not follower.round()
        assert (writer.place / "meta.json").stat().st_mtime_ns == opened
        assert follower.state.seal > 0
        follower.catch_up()
        assert writer.state() == follower.state
        writer.close()


def test_an_idle_round_reads_little_and_writes_nothing(world: World, index: Index) -> None:
    index()
    with Lock(place.folder()):
        writer, follower = indexer._ready(place.folder(), threading.Event())
        follower.catch_up()
        with CaptureQueriesContext(connection) as asked:
            assert not follower.round()
        assert len(asked) == 2
        assert all(query["sql"].startswith("SELECT") for query in asked)
        writer.close()


def test_entries_are_fed_in_the_order_of_their_seals_whatever_their_keys(world: World) -> None:
    """A transaction that began earlier and committed later has the smaller key and the later seal."""
    audit.seal_waiting()
    state = feed.now()
    first, late = rows.item(world.organs["city"]), rows.item(world.organs["city-edu"])
    entries = {
        one.subject_id: one for one in AuditEntry.objects.filter(subject_type="keyareas.poweritem", seal=None)
    }
    held_back = entries[str(first.pk)]
    assert held_back.pk < entries[str(late.pk)].pk
    elsewhere = AuditSeal.objects.create(
        number=0, entries=0, previous_hash="x", hash="y", sealed_at=clock.now()
    )
    AuditEntry.objects.filter(pk=held_back.pk).update(seal=elsewhere)  # not visible yet
    audit.seal_waiting()
    news = feed.after(state)
    assert news is not None
    assert [one.subject_id for one in news.changes if one.subject_type == "keyareas.poweritem"] == [
        str(late.pk)
    ]
    AuditEntry.objects.filter(pk=held_back.pk).update(seal=None)
    elsewhere.__class__.objects.filter(pk=elsewhere.pk)._raw_delete("default")
    audit.seal_waiting()
    later = feed.after(news.state)
    assert later is not None
    assert [one.subject_id for one in later.changes] == [str(first.pk)]
    assert feed.after(later.state) is None


@pytest.mark.django_db(transaction=True)
def test_a_change_committed_late_is_not_passed_over(world: World) -> None:
    """The same with two transactions that really overlap; SQLite has one writer and never lets them."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    begun, may_end = threading.Event(), threading.Event()
    late: list[int] = []

    def slowly() -> None:
        with transaction.atomic():
            late.append(document(world, "迟到的办法").pk)
            begun.set()
            may_end.wait(30)
        connection.close()

    audit.seal_waiting()
    state = feed.now()
    thread = threading.Thread(target=slowly)
    thread.start()
    begun.wait(30)
    early = document(world, "先到的办法")
    try:
        feed.seal()
        news = feed.after(state)
        assert news is not None
        assert {one.subject_id for one in news.changes} == {str(early.pk)}
    finally:
        may_end.set()
        thread.join()
    feed.seal()
    later = feed.after(news.state)
    assert later is not None
    assert {one.subject_id for one in later.changes} == {str(late[0])}


def lost(folder: Folder) -> None:
    shutil.rmtree(folder.path)


def pointerless(folder: Folder) -> None:
    folder.pointer.unlink()


def half_written(folder: Folder) -> None:
    current = folder.current()
    assert current is not None
    victim = next(file for file in current.iterdir() if file.suffix == ".store")
    shorter = current / "shorter"  # in its place: what this process has mapped is not pulled away from it
    shorter.write_bytes(victim.read_bytes()[:20])
    shorter.replace(victim)


def foreign(folder: Folder) -> None:
    kept = json.loads(folder.pointer.read_text("utf-8"))
    kept["made_with"]["fields"] = "another version"
    folder.pointer.write_text(json.dumps(kept), "utf-8")


def stale(folder: Folder) -> None:
    kept = json.loads(folder.pointer.read_text("utf-8"))
    kept["made_with"]["cutting"] = "another dictionary"
    folder.pointer.write_text(json.dumps(kept), "utf-8")


def of_another_database(folder: Folder) -> None:
    with Lock(folder):
        writer, follower = indexer._ready(folder, threading.Event())
        writer.commit(State(follower.state.seal + 5, "mark of another", follower.state.day))
        writer.close()


@pytest.mark.parametrize("harm", [lost, pointerless, half_written, foreign, stale, of_another_database])
def test_an_index_that_will_not_do_is_noticed_said_and_built_anew(
    world: World, index: Index, harm: Callable[[Folder], None]
) -> None:
    documents.release(document(world), by=TEST, channel="政府网站", on=DAY)
    index()
    folder = place.folder()
    before = folder.current()
    assert checking.standing(folder, place.reader()).fine
    harm(folder)
    said = checking.standing(folder, place.reader())
    assert not said.fine
    assert "重建" in said.sentence or "建立" in said.sentence
    index()
    assert folder.condition() is Condition.WHOLE
    assert folder.current() != before
    assert len(list(folder.path.glob("index-*"))) == 1
    assert public("供水") == ["供水办法"]
    assert checking.standing(folder, place.reader()).fine


def test_the_old_index_answers_and_grows_while_the_new_one_is_built(
    world: World, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.release(document(world), by=TEST, channel="政府网站", on=DAY)
    index()
    folder = place.folder()
    stale(folder)
    seen: list[list[str]] = []
    build = indexer.build

    def building(folder: Folder, meanwhile: Callable[[], object] = lambda: None) -> None:
        def between() -> None:
            if not seen:
                documents.release(document(world, "供热办法"), by=TEST, channel="政府网站", on=DAY)
            meanwhile()
            seen.append(sorted(public("办法")))

        build(folder, between)

    monkeypatch.setattr(indexer, "build", building)
    index()
    assert seen[0] == ["供水办法", "供热办法"]
    assert sorted(public("办法")) == ["供水办法", "供热办法"]
    assert not list(checking.differences(place.reader()))


def test_a_building_that_is_stopped_leaves_the_old_index_as_it_is(world: World, index: Index) -> None:
    documents.release(document(world), by=TEST, channel="政府网站", on=DAY)
    index()
    folder, stop = place.folder(), threading.Event()
    before = folder.current()
    stale(folder)
    stop.set()
    with Lock(folder), pytest.raises(indexer.Stopped):
        indexer._ready(folder, stop)
    assert folder.current() == before
    assert public("供水") == ["供水办法"]
    index()
    assert len(list(folder.path.glob("index-*"))) == 1


def test_two_cannot_write_and_the_second_says_who_does(world: World, index: Index) -> None:
    index()
    with Lock(place.folder()):
        with pytest.raises(Busy):
            indexer.once()
        with pytest.raises(Busy):
            indexer.rebuild()


def test_differences_name_what_is_missing_old_and_gone(world: World, index: Index) -> None:
    one, other, third = document(world, "甲办法"), document(world, "乙办法"), document(world, "丙办法")
    Document.objects.filter(pk=third.pk).update(struck_at=clock.now())
    index()
    Document.objects.filter(pk=one.pk).update(number="甲政办〔2022〕9号")
    Document.objects.filter(pk=other.pk).update(struck_at=clock.now())
    Document.objects.filter(pk=third.pk).update(struck_at=None)
    assert sorted(checking.differences(place.reader())) == sorted(
        [
            f"documents/{one.pk}# 在索引中不是最新的内容",
            f"documents/{other.pk}#desk 在索引中，但数据库中没有",
            f"documents/{third.pk}#desk 没有收入索引",
        ]
    ) or sorted(one.partition(" ")[2] for one in checking.differences(place.reader())) == [
        "在索引中不是最新的内容",
        "在索引中，但数据库中没有",
        "没有收入索引",
    ]


def test_lag_is_said_when_nobody_indexes(world: World, index: Index) -> None:
    index()
    document(world)
    audit.seal_waiting()
    assert checking.standing(place.folder(), place.reader()).fine
    AuditSeal.objects.update(sealed_at=clock.now() - dt.timedelta(minutes=5))
    said = checking.standing(place.folder(), place.reader())
    assert not said.fine
    assert "落后" in said.sentence


@pytest.mark.django_db(transaction=True)
def test_the_running_indexer_finds_within_two_seconds_rebuilds_on_request_and_recovers(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.SEARCH_FOLDER = tmp_path / "search"
    folder, stop = place.folder(), threading.Event()
    thread = threading.Thread(target=_indexing, args=(stop, folder))
    thread.start()
    try:
        _await(lambda: folder.condition() is Condition.WHOLE)
        began = time.monotonic()
        fact = documents.release(document(world), by=TEST, channel="政府网站", on=DAY)
        _await(lambda: _found("供水") == 1)
        assert time.monotonic() - began < 2
        began = time.monotonic()
        documents.withdraw_release(fact, by=TEST, on=dt.date(2022, 5, 1), reason="有误")
        _await(lambda: _found("供水") == 0)
        assert time.monotonic() - began < 2
        before = folder.current()
        folder.asked_anew.touch()
        _await(lambda: folder.current() != before and not folder.asked_anew.exists())
    finally:
        stop.set()
        thread.join()
    assert folder.condition() is Condition.WHOLE


def _indexing(stop: threading.Event, folder: Folder) -> None:
    with clock.on_day(dt.date(2022, 6, 1)):
        indexer.until(stop, folder)
    connection.close()


def _found(words: str) -> int:
    return place.reader().query(Query(labels=labels.ANYBODY, text=words)).total


def _await(done: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(400):
        if done():
            return
        pause.wait(0.025)
    raise AssertionError("it did not come about in ten seconds")
