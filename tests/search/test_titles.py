"""The index names every document that holds some words in its title or number, or leaves the question to the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.http import QueryDict

from gongkai.base import clock
from gongkai.documents import actions
from gongkai.documents.models import Document
from gongkai.documents.numbers import written
from gongkai.portal.policies import Narrow
from gongkai.search import titles
from tests.documents.support import released
from tests.support.world import TEST, World

APR, DAY = dt.date(2019, 4, 1), dt.date(2022, 6, 1)
KIND = "normative_docs"
TITLES = (
    "关于印发《甲市供水管理办法（试行）》的通知",
    "甲市２０１９年政务公开工作要点",
    "公布第3批 ABC-12 型设备目录的决定",
    "“十四五”规划：水、电、气",
)


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with clock.on_day(DAY):
        yield


def found(words: str) -> set[str]:
    query = QueryDict(mutable=True)
    query["q"] = words
    return {row.title for row in Narrow(query, KIND, DAY).rows()}


def by_reading(words: str) -> set[int]:
    rows = Document.objects.filter(Q(title__icontains=words) | Q(number__icontains=written(words)))
    return set(rows.values_list("pk", flat=True))


def pieces(text: str) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if piece := text[start:end].strip():
                yield piece


def test_no_piece_of_a_title_or_number_is_missed(world: World, index: Callable[[], None]) -> None:
    for number, title in enumerate(TITLES, 1):
        released(world, APR, title=title, number=f"甲政办〔2019〕{number}7号")
    index()
    asked = {piece for text in (*TITLES, "甲政办〔2019〕27号", "甲政办[2019]27号") for piece in pieces(text)}
    said = {piece: titles.holding(piece, KIND, DAY) for piece in asked}
    assert [piece for piece, keys in said.items() if keys is not None and not by_reading(piece) <= keys] == []
    assert sum(keys is not None for keys in said.values()) > len(said) // 2
    assert said["供水管理"] == by_reading("供水管理")
    assert said["〔2019〕2"] is None, "27 begins with 2"


def test_few_are_read_where_the_index_names_them(world: World, index: Callable[[], None]) -> None:
    kept = released(world, APR, title="供水办法")
    released(world, APR, title="供电办法")
    released(world, APR, "county-a", title="东县供水办法")
    index()
    assert titles.holding("供水", KIND, DAY, within=world.organs["city"].path) == by_reading("供水")
    assert titles.holding("供水", KIND, DAY, roots=(world.organs["county-a"].path,)) == by_reading("东县")
    assert titles.holding("供水", "rules", DAY) == set()
    assert kept.pk in (titles.holding("供水", KIND, DAY) or set())


def test_what_the_index_has_not_taken_in_is_found_all_the_same(
    world: World, index: Callable[[], None]
) -> None:
    gone, renamed = released(world, APR, title="供水旧办法"), released(world, APR, title="供热办法")
    index()
    actions.strike_document(gone, by=TEST, reason="误登")
    released(world, APR, title="供水新办法")
    actions.open_edition(renamed, by=TEST, title="供水和供热办法")
    actions.release(renamed, by=TEST, channel="政府网站", on=APR)
    assert found("供水") == {"供水新办法", "供水和供热办法"}
    assert found("供热办法") == {"供水和供热办法"}
    index()
    assert found("供水") == {"供水新办法", "供水和供热办法"}


def test_without_an_index_of_the_day_the_database_says(
    world: World, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    released(world, APR, title="供水办法", number="甲政〔2019〕3号")
    assert titles.holding("供水", KIND, DAY) is None
    assert found("供水") == found("甲政[2019]3号") == {"供水办法"}
    index()
    assert titles.holding("供水", KIND, DAY) is not None
    assert titles.holding("供水", KIND, DAY + dt.timedelta(days=1)) is None, "it stands on the day before"
    assert titles.holding("《", KIND, DAY) is None
    monkeypatch.setattr(titles, "MOST", 1)
    released(world, APR, title="供水规划")
    assert titles.holding("供水", KIND, DAY) is None, "too much to take in"
    assert found("供水") == {"供水办法", "供水规划"}
    index()
    assert titles.holding("供水", KIND, DAY) is None, "too many hold it"
    assert found("供水") == {"供水办法", "供水规划"}


def test_all_documents_are_not_read_for_a_few(
    world: World, index: Callable[[], None], django_assert_num_queries: Any
) -> None:
    kept = released(world, APR, title="供水办法")
    index()
    query = QueryDict(mutable=True)
    query["q"] = "供水"
    form = Narrow(query, KIND, DAY)
    with django_assert_num_queries(3):  # whether the index is ours, and what it has not taken in
        rows = form.rows()
    assert f'"documents_document"."id" IN ({kept.pk})' in str(rows.query)
