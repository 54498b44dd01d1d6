"""What can be asked of the index: by anybody on the portal, by a viewer at the desk.

The index says which; what is shown is read from the database once more, through the same rows as everywhere else. So a
document withdrawn this second is in no list, although the index learns of it only in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet

from gongkai.annualreport.models import Report
from gongkai.annualreport.queries import published, statutory
from gongkai.base import clock
from gongkai.documents.queries import public_documents
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer
from gongkai.search import labels, words
from gongkai.search.engine import Hit, Query, Results
from gongkai.search.place import reader
from gongkai.search.snippets import Piece, marked, snippet
from gongkai.search.sources import SOURCES
from gongkai.search.sources.documents import CATEGORIES

PUBLIC_CATEGORIES = (*CATEGORIES, "reports", "organs")
DESK_CATEGORIES = ("cases", *CATEGORIES, "remedies", "acts", "reports", "organs")
_MODELS = {source.name: source.model for source in SOURCES}


@dataclass(frozen=True)
class Found:
    """One result with its record as the database has it now. `title`, `number` and `text` come in pieces to be marked."""

    hit: Hit
    row: Any
    title: Sequence[Piece]
    names: Sequence[Piece]
    number: Sequence[Piece]
    text: Sequence[Piece]

    @property
    def kind(self) -> str:
        """Which source the record is of: ``documents``, ``decisions``, …"""
        return self.hit.record.partition("/")[0]


@dataclass(frozen=True)
class Answer:
    """A page of results. `total` and `counts` are the index's: at most a second or two behind the database."""

    total: int
    counts: Mapping[str, int]
    found: Sequence[Found]


def public(query: Query) -> Answer:
    """What anybody may find. Whatever labels the query carries, it is asked with the public's. Raises Unavailable."""
    asked = replace(query, labels=labels.ANYBODY, categories=PUBLIC_CATEGORIES)
    results = reader().query(asked)
    return _answer(asked, results, _public_rows(results.hits))


def at_desk(who: Viewer, query: Query) -> Answer:
    """What `who` may find at the desk, each in the registers their posts let them view. Raises Unavailable."""
    asked = replace(query, labels=labels.of_viewer(who), categories=DESK_CATEGORIES)
    results = reader().query(asked)
    return _answer(asked, results, _desk_rows(who, results.hits))


def _answer(query: Query, results: Results, rows: Mapping[str, Any]) -> Answer:
    asked = words.question(query.text)
    found = [
        Found(
            hit,
            rows[hit.record],
            marked(hit.title, asked),
            marked("、".join(hit.names), asked),
            marked("、".join(number for number in hit.numbers if number != hit.title), asked),
            snippet(hit.text, asked),
        )
        for hit in results.hits
        if hit.record in rows
    ]
    return Answer(results.total, results.counts, found)


def _public_rows(hits: Sequence[Hit]) -> dict[str, Any]:
    return _by_record(hits, _PUBLIC)


def _desk_rows(who: Viewer, hits: Sequence[Hit]) -> dict[str, Any]:
    return _by_record(hits, {name: partial(_in_scope, who, model) for name, model in _MODELS.items()})


def _in_scope(who: Viewer, model: type[Model]) -> QuerySet[Any]:
    rows = scope.rows(who, model)
    return rows if model is Organ else rows.select_related("organ")


def _public_reports() -> QuerySet[Report]:
    shown = published().order_by().values("report_id")
    return Report.objects.filter(statutory(""), pk__in=shown).select_related("organ")


_Rows = Callable[[], QuerySet[Any]]
_PUBLIC: Mapping[str, _Rows] = {
    "documents": lambda: public_documents(clock.today()),
    "organs": lambda: Organ.objects.exclude(kind=Organ.Kind.UNIT),
    "reports": _public_reports,
}


def _by_record(hits: Sequence[Hit], rows: Mapping[str, _Rows]) -> dict[str, Any]:
    """What stands behind the hits, as `rows` lets it be seen: one query for each kind among them."""
    wanted: dict[str, list[int]] = {}
    for hit in hits:
        wanted.setdefault(hit.record.partition("/")[0], []).append(hit.pk)
    return {
        f"{name}/{row.pk}": row
        for name, keys in wanted.items()
        for row in (rows[name]().filter(pk__in=keys) if name in rows else ())
    }
