"""The embedded engine: the suite of all engines, and what only a folder of files can suffer."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from gongkai.search.embedded import Condition, EmbeddedReader, EmbeddedWriter, Folder, Lock
from gongkai.search.embedded import reader as readers
from gongkai.search.embedded import schema as schemas
from gongkai.search.engine import Busy, Entry, Query, Unavailable
from tests.search.conformance import ENTRIES, PAIR, QUESTIONS, STATE, Conformance, agree, fill, titles
from tests.search.texts import ask, entry


def new_index(folder: Folder) -> EmbeddedWriter:
    place = folder.new()
    EmbeddedWriter(place, fresh=True).close()
    writer = EmbeddedWriter(place)
    folder.switch(place)
    return writer


class TestEmbedded(Conformance):
    def make(self, folder: Path) -> PAIR:
        kept = Folder(folder)
        return new_index(kept), EmbeddedReader(kept)


@settings(max_examples=80)
@given(entries=ENTRIES, questions=QUESTIONS)
def test_it_finds_and_counts_what_the_plain_walk_does(entries: list[Entry], questions: list[Query]) -> None:
    with TemporaryDirectory() as place:
        folder = Folder(Path(place))
        agree((new_index(folder), EmbeddedReader(folder)), entries, questions)


def test_there_is_one_writer_and_the_second_hears_which(tmp_path: Path) -> None:
    with Lock(Folder(tmp_path)), pytest.raises(Busy, match=r"^\d+$"):
        Lock(Folder(tmp_path))
    Lock(Folder(tmp_path)).release()


def test_a_reader_sees_each_commit_of_another_and_the_index_that_takes_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    writer, reader = new_index(folder), EmbeddedReader(folder)
    fill(writer, entry(1, "第一份"))
    assert titles(reader, "第一份") == ["第一份"]
    fill(writer, entry(2, "第二份"))
    assert titles(reader, "第二份") == ["第二份"]
    writer.close()
    place = folder.new()
    with EmbeddedWriter(place, fresh=True) as fresh:
        fill(fresh, entry(3, "第三份"))
        assert titles(reader, "第三份") == []
        folder.switch(place)
    assert titles(reader, "第三份") == ["第三份"]
    assert titles(reader, "第一份") == []
    folder.sweep()
    assert list(tmp_path.glob("index-*")) == [place]
    assert titles(reader, "第三份") == ["第三份"]


def test_threads_of_one_process_ask_together_while_it_grows(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    writer, reader = new_index(folder), EmbeddedReader(folder)
    fill(writer, entry(1, "共同的办法"))
    wrong: list[object] = []

    def asking() -> None:
        for _ in range(60):
            if reader.query(ask("共同的办法")).total < 1:
                wrong.append("lost")

    threads = [threading.Thread(target=asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 12):
        fill(writer, entry(number, f"办法{number}"))
    for thread in threads:
        thread.join()
    assert not wrong
    assert reader.query(ask("办法")).total == 11


def test_what_was_not_committed_is_gone_and_the_state_with_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    writer = new_index(folder)
    fill(writer, entry(1, "已提交"))
    writer.index([entry(2, "未提交")])
    writer.close()
    reader = EmbeddedReader(folder)
    assert titles(reader, "提交") == ["已提交"]
    assert reader.state() == STATE


def test_an_index_is_missing_until_it_is_switched_to(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "search")
    assert folder.condition() is Condition.MISSING
    with pytest.raises(Unavailable):
        EmbeddedReader(folder).query(ask("办法"))
    place = folder.new()
    EmbeddedWriter(place, fresh=True).close()
    assert folder.condition() is Condition.MISSING
    folder.switch(place)
    assert folder.condition() is Condition.WHOLE


def whole(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    with new_index(folder) as writer:
        fill(writer, *(entry(number, text="正文" * 50) for number in range(20)))
    assert folder.condition() is Condition.WHOLE
    return folder


@pytest.mark.parametrize("suffix", [".term", ".store", ".idx", ".pos", ".fast", "meta.json"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_file_that_is_lost_or_cut_short_is_noticed(tmp_path: Path, suffix: str, how: str) -> None:
    folder = whole(tmp_path)
    place = folder.current()
    assert place is not None
    victim = next(file for file in place.iterdir() if file.name.endswith(suffix))
    if how == "gone":
        victim.unlink()
    else:
        shorter = victim.with_name(
            "shorter"
        )  # in its place: what a thread of the library has mapped is not pulled away
        shorter.write_bytes(victim.read_bytes()[: victim.stat().st_size // 2])
        shorter.replace(victim)
    assert folder.condition() in (Condition.BROKEN, Condition.MISSING)
    with pytest.raises(Unavailable):
        EmbeddedReader(folder).query(ask("正文"))


def test_an_index_of_other_fields_is_not_asked_and_one_cut_otherwise_answers_meanwhile(
    tmp_path: Path,
) -> None:
    folder = whole(tmp_path)
    kept = json.loads(folder.pointer.read_text("utf-8"))
    kept["made_with"]["cutting"] = "another dictionary"
    folder.pointer.write_text(json.dumps(kept), "utf-8")
    assert folder.condition() is Condition.STALE
    assert EmbeddedReader(folder).query(ask("正文")).total == 20
    kept["made_with"] = {**schemas.fingerprint(), "fields": "another version"}
    folder.pointer.write_text(json.dumps(kept), "utf-8")
    assert folder.condition() is Condition.FOREIGN
    with pytest.raises(Unavailable):
        EmbeddedReader(folder).query(ask("正文"))
    folder.pointer.write_text("{", "utf-8")
    assert folder.condition() is Condition.MISSING


def test_files_of_a_commit_that_was_killed_do_not_stand_in_the_way_of_the_next(tmp_path: Path) -> None:
    """The list of deletions was written, what points to it was not: the same commit must succeed the next time."""
    folder = Folder(tmp_path)
    with new_index(folder) as writer:
        fill(writer, *(entry(n, f"第{n}份办法") for n in range(1, 20)))
        place = writer.place
    before = (place / "meta.json").read_bytes()
    with EmbeddedWriter(place) as writer:
        writer.delete(["documents/3"])
        writer.commit(STATE)
    (left,) = place.glob("*.del")
    (place / "meta.json").write_bytes(before)
    with EmbeddedWriter(place) as writer:
        writer.delete(["documents/3"])
        writer.commit(STATE)
    assert left in place.glob("*.del")
    assert titles(EmbeddedReader(folder), "第3份") == []
    assert len(dict(EmbeddedReader(folder).digests())) == 18


def test_the_first_deletion_after_a_kill_is_not_lost_in_a_merge(tmp_path: Path) -> None:
    """A kill leaves parts that should have been merged. The next writer merges them with its very first flush, while its first
    deletion still bears the number of the last commit."""
    folder = Folder(tmp_path)
    with new_index(folder) as writer:
        for part in range(7):
            writer.index([entry(part * 2 + 1, "办法"), entry(part * 2 + 2, "办法")])
            writer.commit(STATE)
        place = writer.place
    _twice_the_parts(place)
    with EmbeddedWriter(place) as writer:
        writer.delete(["documents/11"])  # of the part that the last commit took something from, too
        writer.index([entry(99, "办法")])
        writer.commit(STATE)
    kept = dict(EmbeddedReader(folder).digests())
    assert "documents/99#" in kept
    assert "documents/11#" not in kept


def _twice_the_parts(place: Path) -> None:
    """Seven parts are left alone, fourteen are merged: give each a twin, as a kill between commit and merge leaves many."""
    meta = json.loads((place / "meta.json").read_text())
    managed = json.loads((place / ".managed.json").read_text())
    for part in list(meta["segments"]):
        old = part["segment_id"]
        new = str(uuid.uuid4())
        for file in place.glob(f"{old.replace('-', '')}.*"):
            twin = file.name.replace(old.replace("-", ""), new.replace("-", ""))
            shutil.copy(file, place / twin)
            managed.append(twin)
        meta["segments"].append({**part, "segment_id": new})
    (place / "meta.json").write_text(json.dumps(meta))
    (place / ".managed.json").write_text(json.dumps(managed))


def test_one_question_is_counted_once_for_all_its_pages_until_the_next_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Any] = []
    count = readers._counts

    def counting(*given: Any) -> dict[str, int]:
        counted.append(given)
        return count(*given)

    monkeypatch.setattr(readers, "_counts", counting)
    folder = Folder(tmp_path)
    writer, reader = new_index(folder), EmbeddedReader(folder)
    fill(writer, entry(1, "甲办法"), entry(2, "乙办法", category="reports"))
    totals = [
        reader.query(ask("办法", **asked)).total
        for asked in ({}, {"offset": 1}, {"category": "reports"}, {"sort": "newest"})
    ]
    assert (totals, len(counted)) == ([2, 2, 1, 2], 1)
    assert reader.query(ask("办法", within="0002.")).total == 0
    assert reader.query(ask("办法", labels=frozenset({"other"}))).total == 0
    fill(writer, entry(3, "丙办法"))
    assert reader.query(ask("办法")).total == 3
    assert len(counted) == 4
