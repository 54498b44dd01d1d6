"""Long lists on SQLite: walk the index of their order, instead of gathering and sorting all that matches.

SQLite knows nothing of how much lies in a range. For "everything of the city, newest first" it takes every row of the city
through the index of paths, a million of them, sorts them and shows fifty. Where very many rows match, walking the index of the
order and passing over the others ends after a few; where few match, gathering them is right. PostgreSQL tells from its
statistics which is which.
"""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Lookup, Model, QuerySet
from django.db.models.expressions import Col, Func
from django.db.models.sql.where import WhereNode

M = TypeVar("M", bound=Model)
MANY = 2_000  # rows that match; fewer are sorted in no time


class _Beside(Func):
    """A column as it is, which SQLite no longer looks up in an index (``+column``)."""

    template = "+%(expressions)s"


def in_order(rows: QuerySet[M], number: int | None = None) -> QuerySet[M]:
    """The same rows in the same order, read along the index of the order where many match and the database would not see
    it. `number`: how many match, if that is known (or at least that they are more than `MANY`); else it is asked, one query.

    Without an index that begins with the order's first column nothing is changed. Further columns of that index are looked at
    before the row is.
    """
    if connections[rows.db].vendor != "sqlite" or not rows.query.where.children or not _has_index(rows):
        return rows
    many = rows.order_by()[MANY : MANY + 1].exists() if number is None else number > MANY
    if not many:
        return rows
    found = rows.all()
    kept = {str(name).lstrip("-") for name in found.query.order_by}
    found.query.where = _beside(found.query.where, kept)
    return found


def _has_index(rows: QuerySet[Any]) -> bool:
    """Whether an index begins with the first column of the order."""
    names = [str(name).lstrip("-") for name in rows.query.order_by]
    if not names or "__" in names[0]:
        return False
    meta = rows.model._meta
    first = meta.pk if names[0] == "pk" else meta.get_field(names[0])
    if getattr(first, "db_index", False) or getattr(first, "unique", False):
        return True
    return any(index.fields and index.fields[0].lstrip("-") == first.name for index in meta.indexes)


def _beside(node: WhereNode, kept: set[str]) -> WhereNode:
    """The same conditions, those on other columns than `kept` hidden from the indexes."""
    found = node.create(connector=node.connector, negated=node.negated)
    for child in node.children:
        found.add(_one(child, kept), node.connector)
    return found


def _one(child: Any, kept: set[str]) -> Any:
    if isinstance(child, WhereNode):
        return _beside(child, kept)
    lhs = child.lhs if isinstance(child, Lookup) else None
    if not isinstance(lhs, Col) or lhs.target.name in kept or lhs.target.primary_key:
        return child
    hidden = copy.copy(child)
    hidden.lhs = _Beside(lhs, output_field=lhs.output_field)
    return hidden
