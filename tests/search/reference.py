"""The interface done the plainest way: every entry in a list, every question a walk through it. What the engines are held to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gongkai.search import numbers, words
from gongkai.search.engine import IN_NUMBER, IN_TITLE, NEWEST, RELEVANCE, Entry, Hit, Query, Results, State
from gongkai.search.words import Unit, is_han


class Reference:
    """Reader and writer in one."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, list[Entry]]] = []
        self._kept: dict[str, list[Entry]] = {}
        self._state: State | None = None

    def index(self, entries: Iterable[Entry]) -> None:
        grouped: dict[str, list[Entry]] = {}
        for entry in entries:
            grouped.setdefault(entry.record, []).append(entry)
        self._waiting.extend(grouped.items())

    def delete(self, records: Iterable[str]) -> None:
        self._waiting.extend((record, []) for record in records)

    def commit(self, state: State) -> None:
        self._kept.update(self._waiting)
        self._waiting, self._state = [], state

    def state(self) -> State | None:
        return self._state

    def digests(self) -> Iterator[tuple[str, str]]:
        return ((entry.key, entry.digest) for entries in self._kept.values() for entry in entries)

    def query(self, query: Query) -> Results:
        found = [
            entry
            for entries in self._kept.values()
            for entry in entries
            if _visible(entry, query) and _passes(entry, query) and _matches(entry, query)
        ]
        counts = Counter(entry.category for entry in found)
        asked = [entry for entry in found if query.category in ("", entry.category)]
        if query.sort == RELEVANCE:
            asked.sort(key=lambda entry: -_rank(entry, query))
        else:
            asked.sort(
                key=lambda entry: entry.on.toordinal() if entry.on else 0, reverse=query.sort == NEWEST
            )
        shown = asked[query.offset : query.offset + query.limit]
        return Results(len(asked), tuple(map(_hit, shown)), dict(counts))


def _visible(entry: Entry, query: Query) -> bool:
    return bool(entry.labels & query.labels) or "*" in query.labels


def _passes(entry: Entry, query: Query) -> bool:
    day = entry.on
    return (
        entry.path.startswith(query.within)
        and (not query.categories or entry.category in query.categories)
        and query.type in ("", entry.type)
        and query.validity in ("", entry.validity)
        and (not query.column or query.column in entry.columns)
        and (query.since is None or (day is not None and day >= query.since))
        and (query.until is None or (day is not None and day <= query.until))
    )


def _matches(entry: Entry, query: Query) -> bool:
    if not query.text.strip():
        return True
    asked = words.question(query.text)
    by_number = numbers.key(query.text) in {numbers.key(one) for one in entry.numbers} - {""}
    head = [entry.title, *entry.names, *entry.numbers]
    by_title = bool(asked.whole) and asked.whole in map(words.plain, (entry.title, *entry.names))
    if query.place == IN_NUMBER:
        return by_number or (bool(asked.units) and all(_stands(unit, head) for unit in asked.units))
    fields = head if query.place == IN_TITLE else [*head, entry.about, entry.text]
    by_words = bool(asked.units) and all(_stands(unit, fields) for unit in asked.units)
    return by_words or (bool(asked.units) and (by_number or by_title))


def _stands(unit: Unit, fields: list[str]) -> bool:
    return any(_stands_in(unit, words.runs(words.fold(field))) for field in fields)


def _stands_in(unit: Unit, runs: list[str]) -> bool:
    wanted = list(unit.runs)
    if len(wanted) > 1 and is_han(wanted[-1]) and len(wanted[-1]) == 1:
        wanted.pop()  # proves nothing in any engine, see Unit.terms
    if len(wanted) == 1:
        return any(wanted[0] in run if is_han(wanted[0]) else wanted[0] == run for run in runs)
    return any(_follows(wanted, runs[at : at + len(wanted)]) for at in range(len(runs) - len(wanted) + 1))


def _follows(wanted: list[str], runs: list[str]) -> bool:
    first, *middle, last = zip(wanted, runs, strict=True)
    return (
        (first[1].endswith(first[0]) if is_han(first[0]) else first[0] == first[1])
        and all(one == other for one, other in middle)
        and (last[1].startswith(last[0]) if is_han(last[0]) else last[0] == last[1])
    )


def _rank(entry: Entry, query: Query) -> int:
    asked = words.question(query.text)
    if numbers.key(query.text) in {numbers.key(one) for one in entry.numbers} - {""}:
        return 3
    if asked.whole and asked.whole in map(words.plain, (entry.title, *entry.names)):
        return 2
    return int(any(_stands(phrase, [entry.title, *entry.names]) for phrase in asked.phrases))


def _hit(entry: Entry) -> Hit:
    return Hit(
        entry.record,
        entry.part,
        entry.category,
        entry.title,
        entry.path,
        entry.names,
        entry.numbers,
        entry.text,
        entry.on,
        entry.type,
        entry.validity,
    )
