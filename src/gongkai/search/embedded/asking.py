"""A question as the index understands it."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from gongkai.search import numbers, words
from gongkai.search.embedded.schema import as_number, exactly
from gongkai.search.engine import EVERYWHERE, IN_NUMBER, Query
from gongkai.search.words import Unit

# A title or number typed out in full stands before everything; a phrase in the title before one in the text.
_NUMBER_IN_FULL, _TITLE_IN_FULL = 10_000.0, 5_000.0
_PHRASE_IN_TITLE, _WORD_IN_TITLE, _PHRASE = 30.0, 4.0, 6.0
_LATEST = 10_000_000


class Asker:
    """Builds queries against one schema; `known(field, term)` says whether any entry holds a term at all."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema, self._searcher = schema, searcher

    def matching(self, query: Query) -> Q:
        """What matches and may be seen, of every category, without weights: for counting."""
        return _all([*self._filters(query), *self._text(query)])

    def weighed(self, query: Query) -> Q:
        """The same of the asked category, with what makes one result stand before another."""
        filters = list(self._filters(query))
        if query.category:
            filters.append(self._term("category", query.category))
        must = [(Occur.Must, Q.const_score_query(one, 0.0)) for one in (*filters, *self._text(query))]
        return Q.boolean_query([*must, *((Occur.Should, one) for one in self._weights(query))])

    def _filters(self, query: Query) -> Iterable[Q]:
        carried = sorted(query.labels)
        if len(carried) == 1:  # anybody's question: one term is much quicker than a set of one
            yield self._term("labels", carried[0])
        else:
            yield Q.term_set_query(self._schema, "labels", carried)
        if query.categories:
            yield Q.term_set_query(self._schema, "category", sorted(query.categories))
        if query.roots:
            yield Q.term_set_query(self._schema, "within", sorted(query.roots))
        pairs = (
            ("within", query.within),
            ("type", query.type),
            ("validity", query.validity),
            ("columns", query.column),
        )
        for field, value in pairs:
            if value:
                yield self._term(field, value)
        if query.since or query.until:
            low = as_number(query.since) or 1
            high = as_number(query.until) or _LATEST
            yield Q.range_query(self._schema, "on", tantivy.FieldType.Unsigned, low, high)

    def _text(self, query: Query) -> Iterable[Q]:
        """What the text asks for: all units, or else the number or title in full."""
        if not query.text.strip():
            return
        asked = words.question(query.text)
        number = numbers.key(query.text)
        if query.place == IN_NUMBER:
            yield self._number(asked.units, number)
            return
        if not asked.units:
            yield Q.empty_query()
            return
        field = "everything" if query.place == EVERYWHERE else "title"
        every = _all([self._unit(field, unit) for unit in asked.units])
        instead = [
            self._term(name, value)
            for name, value in (("numbers", number), ("exact", exactly(asked.whole)))
            if value and self._known(name, value)
        ]
        yield _any([every, *instead]) if instead else every

    def _number(self, units: Iterable[Unit], number: str) -> Q:
        """A number written in any way, or a part of one: titles and numbers share a field, so a part may be found in a title."""
        parts = [self._unit("title", unit) for unit in units]
        found = [_all(parts)] if parts else []
        if number:
            found.append(self._term("numbers", number))
        return _any(found) if found else Q.empty_query()

    def _weights(self, query: Query) -> Iterable[Q]:
        if not query.text.strip():
            return
        asked = words.question(query.text)
        for field, value, weight in (
            ("numbers", numbers.key(query.text), _NUMBER_IN_FULL),
            ("exact", exactly(asked.whole), _TITLE_IN_FULL),
        ):
            if value and self._known(field, value):
                yield Q.const_score_query(self._term(field, value), weight)
        for phrase in asked.phrases:
            yield Q.const_score_query(self._unit("title", phrase), _PHRASE_IN_TITLE)
            if phrase not in asked.units:  # else it must be there anyhow
                yield Q.const_score_query(self._unit("everything", phrase), _PHRASE)
        for unit in asked.units:
            if unit not in asked.phrases:
                yield Q.const_score_query(self._unit("title", unit), _WORD_IN_TITLE)
            if not unit.single:
                yield self._term("weighed", unit.text)

    def _unit(self, field: str, unit: Unit) -> Q:
        """The unit stands in the field, as it is."""
        if unit.single:  # a character is the first of a pair, or the last of its run
            return Q.regex_query(self._schema, field, f"{unit.single}.?")
        terms = unit.terms
        if len(terms) == 1:
            return self._term(field, terms[0][1])
        return Q.phrase_query(self._schema, field, list(terms))

    def _term(self, field: str, value: str) -> Q:
        return Q.term_query(self._schema, field, value, "basic")

    def _known(self, field: str, value: str) -> bool:
        return self._searcher.doc_freq(field, value) > 0


def _all(queries: list[Q]) -> Q:
    return queries[0] if len(queries) == 1 else Q.boolean_query([(Occur.Must, one) for one in queries])


def _any(queries: list[Q]) -> Q:
    return queries[0] if len(queries) == 1 else Q.boolean_query([(Occur.Should, one) for one in queries])
