"""Asks the index, in any number of processes and threads; notices by itself when it grew, or was replaced."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import tantivy

from gongkai.search import labels
from gongkai.search.embedded import schema
from gongkai.search.embedded.asking import Asker
from gongkai.search.embedded.folder import Condition, Folder, open_index, read_state
from gongkai.search.engine import NEWEST, RELEVANCE, Hit, Query, Results, State, Unavailable

_MOST_CATEGORIES = 50
_MOST_KEPT = 256  # questions whose counts are kept until the next commit

Mark = tuple[int, int, int]


@dataclass(frozen=True)
class _Opened:
    """An index as of one commit."""

    pointer: Mark
    commit: Mark
    place: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    counts: dict[Query, dict[str, int]] = field(default_factory=dict)


class EmbeddedReader:
    """One per process. Two stat calls a question tell whether there is something newer."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._schema = folder, schema.schema()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def query(self, query: Query) -> Results:
        """Raises Unavailable when there is no index to ask."""
        if not query.labels:
            return Results(0, ())
        opened = self._newest()
        searcher = opened.searcher
        asker = Asker(self._schema, searcher)
        try:
            counts = _counted(opened, asker, query)
            total = counts.get(query.category, 0) if query.category else sum(counts.values())
            hits = self._hits(searcher, asker.weighed(query), query) if total > query.offset else ()
        except ValueError as error:  # a file of the index is damaged
            raise Unavailable(str(error)) from error
        return Results(total, hits, counts)

    def _hits(self, searcher: tantivy.Searcher, asked: tantivy.Query, query: Query) -> tuple[Hit, ...]:
        if query.sort == RELEVANCE:
            found = searcher.search(asked, query.limit, count=False, offset=query.offset)
        else:
            order = tantivy.Order.Desc if query.sort == NEWEST else tantivy.Order.Asc
            found = searcher.search(
                asked, query.limit, count=False, offset=query.offset, order_by_field="on", order=order
            )
        return tuple(schema.hit(searcher.doc(address)) for _, address in found.hits)

    def state(self) -> State | None:
        """How far the index is. Raises Unavailable."""
        return read_state(self._searcher())

    def digests(self) -> Iterator[tuple[str, str]]:
        """Key and digest of every entry, in no order. Raises Unavailable."""
        searcher = self._searcher()
        every = tantivy.Query.term_query(self._schema, "labels", labels.EVERYTHING, "basic")
        found = searcher.search(every, max(1, searcher.num_docs), count=False)
        for _, address in found.hits:
            yield schema.digest(searcher.doc(address))

    def _searcher(self) -> tantivy.Searcher:
        return self._newest().searcher

    def _newest(self) -> _Opened:
        pointer, opened = _mark(self._folder.pointer), self._opened
        if opened and opened.pointer == pointer and opened.commit == _mark(opened.place / "meta.json"):
            return opened
        with self._lock:
            return self._open(pointer)

    def _open(self, pointer: Mark) -> _Opened:
        """Take up the newest commit: of the same index, or of the one that replaced it."""
        opened = self._opened
        place = self._folder.current()
        if place is None:
            raise Unavailable("no index")
        commit = _mark(place / "meta.json")  # before opening: a commit in between is noticed the next time
        if opened and opened.pointer == pointer and opened.place == place:
            if opened.commit == commit:
                return opened
            index = opened.index
        elif self._folder.condition() in (Condition.WHOLE, Condition.STALE):
            index = open_index(place)
        else:
            raise Unavailable("the index cannot be opened")
        try:
            index.reload()
        except (ValueError, OSError) as error:
            raise Unavailable(str(error)) from error
        self._opened = _Opened(pointer, commit, place, index, index.searcher())
        return self._opened


def _counted(opened: _Opened, asker: Asker, query: Query) -> dict[str, int]:
    """How many match by category: asked once of a commit for all pages, tabs and orders of one question, since counting takes
    as long as finding where very many match."""
    question = replace(query, category="", sort=RELEVANCE, offset=0, limit=1)
    found = opened.counts.get(question)
    if found is None:
        found = _counts(opened.searcher, asker.matching(query))
        if len(opened.counts) >= _MOST_KEPT:
            opened.counts.clear()
        opened.counts[question] = found
    return found


def _counts(searcher: tantivy.Searcher, asked: tantivy.Query) -> dict[str, int]:
    terms = {"field": "category", "size": _MOST_CATEGORIES}
    found = searcher.aggregate(asked, {"by": {"terms": terms}})
    return {bucket["key"]: bucket["doc_count"] for bucket in found["by"]["buckets"]}


def _mark(path: Path) -> Mark:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
