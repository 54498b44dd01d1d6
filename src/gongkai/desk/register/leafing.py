"""Lists leafed through by next, previous and date, at the same cost on every page: a page begins behind a row, not after so
many rows.

The first pages have numbers (:class:`tables.CappedPaginator`); beyond, and by date, a page stands behind the row the address
names. A list whose order no key can follow (a column that may be blank, or that lies across a relation) ends at the cap.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateField, DateTimeField, Field, Q, QuerySet
from django.http import QueryDict

from gongkai.base import clock, walking

AFTER, BEFORE, AT = "after", "before", "at"
PARAMETERS = (AFTER, BEFORE, AT)


@dataclass(frozen=True)
class Step:
    """One column of an order."""

    field: Field[Any, Any]
    down: bool

    @property
    def name(self) -> str:
        return f"-{self.field.name}" if self.down else self.field.name


@dataclass(frozen=True)
class Order:
    """An order in which every row has one place, told by its own columns."""

    steps: Sequence[Step]

    @property
    def dated(self) -> bool:
        """Whether one may jump to a day."""
        return isinstance(self.steps[0].field, DateField)

    def names(self, *, back: bool = False) -> list[str]:
        return [Step(step.field, step.down != back).name for step in self.steps]

    def behind(self, place: Sequence[Any], *, back: bool = False) -> Q:
        """Rows behind the place (or before it). The first column stands alone too, for the index to begin with."""
        first = self.steps[0]
        found, same = Q(), Q()
        for step, value in zip(self.steps, place, strict=True):
            further = "lt" if step.down != back else "gt"
            found |= same & Q(**{f"{step.field.name}__{further}": value})
            same &= Q(**{step.field.name: value})
        edge = "lte" if first.down != back else "gte"
        return Q(**{f"{first.field.name}__{edge}": place[0]}) & found

    def from_day(self, day: dt.date) -> Q:
        """Rows from a day on, in the direction of the order."""
        step = self.steps[0]
        edge: Any = day
        if isinstance(step.field, DateTimeField):
            after = day + dt.timedelta(days=1) if step.down else day
            edge = dt.datetime.combine(after, dt.time.min, clock.SHANGHAI)
            return Q(**{f"{step.field.name}__{'lt' if step.down else 'gte'}": edge})
        return Q(**{f"{step.field.name}__{'lte' if step.down else 'gte'}": edge})

    def place_of(self, row: Any) -> str:
        """Where a row stands, as an address says it."""
        values = [value.isoformat() if isinstance(value, dt.date) else value for value in self.values_of(row)]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)

    def values_of(self, row: Any) -> list[Any]:
        """Where a row stands, as :meth:`behind` wants it."""
        return [step.field.value_from_object(row) for step in self.steps]

    def read(self, text: str) -> list[Any] | None:
        """A place from an address; None for nonsense."""
        try:
            values = json.loads(text)
            if not isinstance(values, list) or len(values) != len(self.steps):
                return None
            if None in values:
                return None
            return [
                step.field.get_prep_value(step.field.to_python(value))
                for step, value in zip(self.steps, values, strict=True)
            ]
        except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
            return None


@dataclass(frozen=True)
class Leaf:
    """A page behind a row. `onward` and `back` are places for the addresses of its neighbours, "" where there is none."""

    rows: list[Any] = field(default_factory=list)
    onward: str = ""
    back: str = ""


def order_of(rows: QuerySet[Any]) -> Order | None:
    """The order the rows stand in, if keys can follow it."""
    steps = []
    for name in map(str, rows.query.order_by):
        try:
            found: Any = (
                rows.model._meta.pk
                if name.lstrip("-") == "pk"
                else rows.model._meta.get_field(name.lstrip("-"))
            )
        except FieldDoesNotExist:
            return None
        if found.null or found.is_relation:
            return None
        steps.append(Step(found, name.startswith("-")))
    if not steps or not (steps[-1].field.primary_key or steps[-1].field.unique):
        return None
    return Order(tuple(steps))


def leaf(rows: QuerySet[Any], order: Order, data: QueryDict, size: int) -> Leaf | None:
    """The page the address asks for: one query, one more by date, and one on SQLite. None when it names no place, or nonsense
    for one."""
    if not any(data.get(name) for name in PARAMETERS):
        return None
    rows = walking.in_order(rows)
    if text := data.get(BEFORE):
        place = order.read(text)
        if place is None:
            return None
        found = list(
            rows.filter(order.behind(place, back=True)).order_by(*order.names(back=True))[: size + 1]
        )
        shown = found[:size][::-1]
        return _leaf(order, shown, more_before=len(found) > size, more_behind=True)
    condition = _from(order, data)
    if condition is None:
        return None
    found = list(rows.filter(condition).order_by(*order.names())[: size + 1])
    before = bool(data.get(AFTER)) or _anything_before(rows, order, found)
    return _leaf(order, found[:size], more_before=before, more_behind=len(found) > size)


def _anything_before(rows: QuerySet[Any], order: Order, found: list[Any]) -> bool:
    """Whether the day jumped to leaves anything before the page."""
    return bool(found) and rows.filter(order.behind(order.values_of(found[0]), back=True)).exists()


def _from(order: Order, data: QueryDict) -> Q | None:
    if text := data.get(AFTER):
        place = order.read(text)
        return order.behind(place) if place is not None else None
    try:
        return order.from_day(dt.date.fromisoformat(data.get(AT, ""))) if order.dated else None
    except ValueError:
        return None


def _leaf(order: Order, shown: list[Any], *, more_before: bool, more_behind: bool) -> Leaf:
    if not shown:
        return Leaf()
    return Leaf(
        shown,
        order.place_of(shown[-1]) if more_behind else "",
        order.place_of(shown[0]) if more_before else "",
    )
