"""What every search engine must do. A test module for an engine inherits `Conformance` and says how to make one.

`test_reference.py` runs it on the plain list, `test_embedded.py` on tantivy; another engine adds a module of its own.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from gongkai.search import labels
from gongkai.search.engine import (
    DEEPEST,
    IN_NUMBER,
    IN_TITLE,
    NEWEST,
    OLDEST,
    Entry,
    Query,
    Reader,
    State,
    Writer,
)
from tests.search.reference import Reference
from tests.search.texts import DAY, ask, entry

STATE = State(7, "mark", DAY)
PAIR = tuple[Writer, Reader]
LETTERS = "洛阳市政府公开办法城中村改造的〔2022〕5号，。 aBＣ１"
_TEXTS = st.text(LETTERS, max_size=25)
ENTRIES = st.lists(
    st.builds(
        entry,
        st.integers(1, 9),
        title=_TEXTS.map(lambda text: text or "文件"),
        text=_TEXTS,
        path=st.sampled_from(["0001.", "0001.0001.", "0001.0002.", "0002."]),
        labels=st.sets(st.sampled_from(["public", "documents=0001.", "documents>0001."]), max_size=2).map(
            frozenset
        ),
        numbers=st.sampled_from([(), ("洛政〔2022〕5号",), ("洛政〔2022〕15号",)]),
        category=st.sampled_from(["documents", "reports"]),
        on=st.sampled_from([None, DAY, dt.date(2021, 1, 1)]),
        type=st.sampled_from(["", "rules"]),
        validity=st.sampled_from(["", "repealed"]),
        columns=st.sampled_from([(), ("policy",)]),
    ),
    max_size=8,
    unique_by=lambda one: one.record,
)
_QUESTION = st.builds(
    Query,
    labels=st.sets(st.sampled_from(["public", "documents=0001.", "documents>0001.", "*"])).map(frozenset),
    text=_TEXTS,
    place=st.sampled_from(["all", "title", "number"]),
    category=st.sampled_from(["", "documents"]),
    within=st.sampled_from(["", "0001.", "0001.0001."]),
    since=st.sampled_from([None, dt.date(2022, 1, 1)]),
    until=st.sampled_from([None, dt.date(2022, 1, 1), DAY]),
    type=st.sampled_from(["", "rules"]),
    validity=st.sampled_from(["", "repealed"]),
    column=st.sampled_from(["", "policy"]),
    limit=st.just(50),
)
QUESTIONS = st.lists(_QUESTION, min_size=1, max_size=6)


class Conformance(ABC):
    """`make` gives a writer and a reader of one empty index, different for each folder."""

    @abstractmethod
    def make(self, folder: Path) -> PAIR: ...

    @pytest.fixture
    def engine(self, tmp_path: Path) -> PAIR:
        return self.make(tmp_path)

    def test_nothing_is_found_before_the_first_commit_and_no_state_is_known(self, engine: PAIR) -> None:
        writer, reader = engine
        writer.index([entry(1, "城中村改造办法")])
        assert reader.state() is None
        writer.commit(STATE)
        assert reader.state() == STATE
        assert titles(reader, "城中村") == ["城中村改造办法"]

    def test_what_is_indexed_again_replaces_every_entry_of_its_record(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(writer, entry(1, "旧的办法"), entry(1, "草稿办法", part="desk"), entry(2, "别的办法"))
        fill(writer, entry(1, "新的办法"))
        assert sorted(titles(reader, "办法")) == ["别的办法", "新的办法"]
        writer.delete(["documents/2", "documents/99"])
        writer.commit(STATE)
        assert titles(reader, "办法") == ["新的办法"]
        assert dict(reader.digests()) == {"documents/1#": entry(1, "新的办法").digest}

    def test_only_who_carries_a_label_finds_counts_or_hears_of_an_entry(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(
            writer,
            entry(1, "公开的办法"),
            entry(2, "内部的办法", labels=labels.of_record("documents", "0001.0002.")),
        )
        assert titles(reader, "办法") == ["公开的办法"]
        assert reader.query(ask("内部的办法")).counts == {}
        for label, seen in (
            ("documents>0001.", ["内部的办法"]),
            ("documents=0001.0002.", ["内部的办法"]),
            ("documents=0001.", []),
            ("documents>0002.", []),
            ("reports>0001.", []),
        ):
            assert titles(reader, "办法", labels=frozenset({label})) == seen
        assert titles(reader, "办法", labels=frozenset()) == []
        assert len(titles(reader, "办法", labels=frozenset({"*"}))) == 2

    def test_any_string_of_the_text_is_found_however_a_dictionary_would_cut_it(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(writer, entry(1, text="经研究，欧阳修远同志负责北京都市圈的税务工作"))
        for words in ("欧阳", "修远", "阳修", "京都", "北京都市圈", "税", "作", "税务 北京", "“京都市”"):
            assert titles(reader, words) == ["文件1"], words
        for words in ("修阳", "都京", "税务北京 杭州", "“北京税务”", "“研究欧阳”"):
            assert titles(reader, words) == [], words

    def test_a_phrase_in_quotation_marks_must_stand_together_across_digits_and_letters(
        self, engine: PAIR
    ) -> None:
        writer, reader = engine
        fill(writer, entry(1, text="2022年度GDP增长5%"), entry(2, text="年度2022，增长GDP"))
        assert titles(reader, "“2022年度”") == ["文件1"]
        assert titles(reader, "“年度2022”") == ["文件2"]
        assert titles(reader, "“gdp增长”") == ["文件1"]
        assert sorted(titles(reader, "ＧＤＰ 2022")) == ["文件1", "文件2"]
        assert titles(reader, "202") == []

    @pytest.mark.parametrize(
        "written",
        [
            "洛政〔2022〕5号",
            "洛政[2022]5号",
            "洛政（2022）5号",
            "洛政【2022】05号",
            "洛政 2022 5",
            " 洛政〔２０２２〕第5 号",
        ],
    )
    def test_a_number_is_found_in_every_way_of_writing_it_before_all_that_mentions_it(
        self, engine: PAIR, written: str
    ) -> None:
        writer, reader = engine
        fill(
            writer,
            entry(1, "关于洛政〔2022〕5号的解读", text="洛政〔2022〕5号" * 9),
            entry(2, "某某办法", numbers=("洛政〔2022〕5号",)),
            entry(3, "另一办法", numbers=("洛政〔2022〕55号",)),
        )
        found = titles(reader, written)
        assert found[0] == "某某办法"
        assert "另一办法" not in found
        assert titles(reader, written, place=IN_NUMBER)[0] == "某某办法"

    def test_an_index_number_is_found_by_its_digits(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(
            writer, entry(1, numbers=("00574832-X/2022-00012",)), entry(2, numbers=("00574832-X/2022-00112",))
        )
        assert titles(reader, "00574832X/2022-12", place=IN_NUMBER) == ["文件1"]

    def test_the_title_typed_in_full_stands_first(self, engine: PAIR) -> None:
        writer, reader = engine
        title = "洛阳市城中村改造办法（试行）"
        fill(
            writer,
            *(entry(n, f"{title}的解读之{n}", text=title * 20) for n in range(2, 6)),
            entry(1, title),
            entry(6, "另名", names=("洛阳县城中村改造办法",)),
        )
        assert titles(reader, "洛阳市城中村改造办法(试行)")[0] == title
        assert titles(reader, "洛阳县 城中村改造办法")[0] == "另名"

    def test_a_word_in_the_title_weighs_more_than_one_in_the_text(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(writer, entry(1, "会议纪要", text="补偿"), entry(2, "补偿办法", text="另有规定"))
        assert titles(reader, "补偿") == ["补偿办法", "会议纪要"]
        assert titles(reader, "补偿", place=IN_TITLE) == ["补偿办法"]

    def test_filters_narrow_results_and_counts(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(
            writer,
            entry(1, "甲办法", path="0001.0001.", type="rules", validity="in_force", columns=("policy",)),
            entry(2, "乙办法", path="0001.0002.", on=dt.date(2020, 5, 1), validity="repealed"),
            entry(3, "丙办法", path="0002.", on=None, category="reports"),
        )
        assert titles(reader, "办法", within="0001.0001.") == ["甲办法"]
        assert sorted(titles(reader, "办法", within="0001.")) == ["乙办法", "甲办法"]
        assert titles(reader, "办法", since=DAY) == ["甲办法"]
        assert titles(reader, "办法", until=dt.date(2020, 5, 1)) == ["乙办法"]
        assert titles(reader, "办法", type="rules") == ["甲办法"]
        assert titles(reader, "办法", validity="repealed") == ["乙办法"]
        assert titles(reader, "办法", column="policy") == ["甲办法"]
        assert titles(reader, "办法", categories=("reports",)) == ["丙办法"]
        asked = reader.query(ask("办法", category="reports"))
        assert (asked.total, dict(asked.counts)) == (1, {"documents": 2, "reports": 1})

    def test_results_come_by_date_and_page_by_page(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(writer, *(entry(n, f"第{n}号办法", on=DAY + dt.timedelta(days=n)) for n in range(1, 8)))
        newest = [titles(reader, "办法", sort=NEWEST, offset=at, limit=3) for at in (0, 3, 6)]
        assert newest == [
            ["第7号办法", "第6号办法", "第5号办法"],
            ["第4号办法", "第3号办法", "第2号办法"],
            ["第1号办法"],
        ]
        assert titles(reader, "办法", sort=OLDEST, limit=1) == ["第1号办法"]
        assert reader.query(ask("办法", offset=100)).total == 7

    def test_no_words_find_all_that_may_be_seen_and_words_of_nothing_find_nothing(self, engine: PAIR) -> None:
        writer, reader = engine
        fill(writer, entry(1), entry(2))
        assert reader.query(ask("")).total == 2
        assert reader.query(ask("  ")).total == 2
        for nothing in ("，。！", "()", "*", "a:b", "OR", "\ud800", "\x00", "'; --", "[[", "文件*"):
            assert reader.query(ask(nothing)).total in (0, 2), nothing
        assert reader.query(ask("*")).total == 0

    def test_hits_tell_what_was_indexed(self, engine: PAIR) -> None:
        writer, reader = engine
        given = entry(
            4,
            "<b>标题</b>",
            "正文\n<script>",
            names=("旧名",),
            numbers=("一号", "二号"),
            type="x",
            validity="y",
        )
        fill(writer, given)
        (hit,) = reader.query(ask("正文")).hits
        assert (hit.pk, hit.title, hit.text, hit.names, hit.numbers) == (
            4,
            given.title,
            given.text,
            given.names,
            given.numbers,
        )
        assert (hit.on, hit.type, hit.validity, hit.path) == (DAY, "x", "y", given.path)

    def test_pages_end_somewhere(self) -> None:
        for wrong in ({"offset": -1}, {"limit": 0}, {"offset": DEEPEST}, {"sort": "random"}, {"place": "x"}):
            with pytest.raises(ValueError, match=r"results are numbered|no such order"):
                ask("x", **wrong)


def agree(pair: PAIR, entries: list[Entry], questions: list[Query]) -> None:
    """The engine finds and counts what the plain walk does. For `@given(entries=ENTRIES, questions=QUESTIONS)`, in the
    engine's own module: hypothesis runs no test of a class that others inherit."""
    writer, reader = pair
    plain = Reference()
    for one in (writer, plain):
        one.index(entries)
        one.commit(STATE)
    for question in questions:
        wanted, got = plain.query(question), reader.query(question)
        assert {hit.record for hit in got.hits} == {hit.record for hit in wanted.hits}, question
        assert (got.total, dict(got.counts)) == (wanted.total, dict(wanted.counts)), question


def fill(writer: Writer, *entries: Entry) -> None:
    writer.index(entries)
    writer.commit(STATE)


def titles(reader: Reader, text: str, **given: Any) -> list[str]:
    return [hit.title for hit in reader.query(ask(text, **given)).hits]
