"""The one interface of every search engine: what is indexed, what is asked, what comes back.

An engine keeps entries by the record they belong to, hides an entry from everybody who carries none of its labels, and
keeps with what it committed how far the feed was read. `tests/search/conformance.py` is the suite that any engine passes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Protocol

RELEVANCE, NEWEST, OLDEST = "relevance", "newest", "oldest"
SORTS = (RELEVANCE, NEWEST, OLDEST)
EVERYWHERE, IN_TITLE, IN_NUMBER = "all", "title", "number"
PLACES = (EVERYWHERE, IN_TITLE, IN_NUMBER)
DEEPEST = 1_000  # results one can leaf through; who needs more narrows the question


@dataclass(frozen=True)
class Entry:
    """One thing to be found. `record` (``documents/12``) names what is replaced and deleted as one; a record may have
    several entries for different readers, told apart by `part`.

    `names` are further titles (a former name), `numbers` 文号 and 索引号 as written, `about` words that belong to the entry
    without standing in its text (the issuing organ). `path` is the organ's; `on` the date it is sorted and filtered by.
    """

    record: str
    category: str
    title: str
    path: str
    labels: frozenset[str]
    part: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    text: str = ""
    about: str = ""
    on: dt.date | None = None
    type: str = ""
    validity: str = ""
    columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.record}#{self.part}"

    @property
    def digest(self) -> str:
        """Says whether two entries are the same; kept in the index, so that it can be held against the database."""
        values = [(one.name, getattr(self, one.name)) for one in fields(self)]
        stable = [(name, sorted(value) if name == "labels" else value) for name, value in values]
        return hashlib.blake2b(repr(stable).encode("utf-8", "replace"), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Query:
    """What is asked. Only entries that carry one of `labels` are found, counted or told of.

    `text` empty finds everything the filters let through. `within` is an organ's path and finds its subtree; of `roots`,
    when there are any, the result must lie below one (the organs a site shows); `since` and
    `until` are inclusive; `offset` + `limit` never pass :data:`DEEPEST`.
    """

    labels: frozenset[str]
    text: str = ""
    place: str = EVERYWHERE
    category: str = ""
    categories: tuple[str, ...] = ()
    within: str = ""
    roots: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    type: str = ""
    validity: str = ""
    column: str = ""
    sort: str = RELEVANCE
    offset: int = 0
    limit: int = 10

    def __post_init__(self) -> None:
        if self.sort not in SORTS or self.place not in PLACES:
            raise ValueError("no such order, or no such place to search in")
        if self.offset < 0 or self.limit < 1 or self.offset + self.limit > DEEPEST:
            raise ValueError("results are numbered from 0 and leafed through up to a limit")


@dataclass(frozen=True)
class Hit:
    """One result, as it was indexed. `text` is raw: whoever shows it escapes it."""

    record: str
    part: str
    category: str
    title: str
    path: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    text: str = ""
    on: dt.date | None = None
    type: str = ""
    validity: str = ""

    @property
    def pk(self) -> int:
        return int(self.record.rpartition("/")[2])


@dataclass(frozen=True)
class Results:
    """`counts` by category, whatever category was asked for; `total` counts the asked one alone."""

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """How far the index is: the last audit seal whose changes are in it, with its hash, and the day it stands on.

    The hash tells an index of another database (a restored backup, a demo loaded anew) from one that only lags.
    """

    seal: int
    mark: str
    day: dt.date


class Reader(Protocol):
    """Asks. Sees what was committed last, also by another process."""

    def query(self, query: Query) -> Results: ...

    def state(self) -> State | None:
        """What the last commit said; None before the first."""

    def digests(self) -> Iterator[tuple[str, str]]:
        """Key and digest of every entry."""


class Writer(Protocol):
    """Writes; there is one at a time. Nothing is seen, and nothing survives the process, before `commit`."""

    def index(self, entries: Iterable[Entry]) -> None:
        """Put entries in place of whatever their records had; all entries of a record come in one call."""

    def delete(self, records: Iterable[str]) -> None:
        """Take out every entry of these records. Unknown ones don't matter."""

    def commit(self, state: State) -> None:
        """Make everything since the last commit visible and durable together with `state`: all of it or nothing."""


class Unavailable(Exception):
    """There is no index to ask just now: not built yet, or being built anew after a loss."""


class Busy(Exception):
    """Another process writes this index."""
