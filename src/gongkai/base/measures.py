"""A figure is a query. Every room declares its measures with :class:`Measure`; nothing else may produce a number.

The value of a measure and the records behind it are the same rows: `rows` selects, `by_path` groups and counts them.
Where a unit keeps no rows, a :class:`~gongkai.base.models.Tally` keyed to the measure stands in (see `tally`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from gongkai.base.fields import within

Dims = tuple[str, ...]  # the values of a measure's dimensions, in their declared order


@dataclass(frozen=True)
class Period:
    """A closed interval of days; statutory figures use calendar years."""

    start: dt.date
    end: dt.date

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """The month `number` from 1 to 12. Raises ValueError."""
        first = dt.date(year, number, 1)
        return cls(first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1))

    def covers(self, field_name: str) -> Q:
        """Rows whose date `field_name` falls in the period."""
        return Q(**{f"{field_name}__gte": self.start, f"{field_name}__lte": self.end})

    def open_at_end(self, began: str, ended: str) -> Q:
        """Rows begun by the last day and not ended by it."""
        return Q(**{f"{began}__lte": self.end}) & (
            Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gt": self.end})
        )

    def open_at_start(self, began: str, ended: str) -> Q:
        """Rows begun before the first day and not ended before it."""
        return Q(**{f"{began}__lt": self.start}) & (
            Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gte": self.start})
        )


@dataclass(frozen=True)
class Measure:
    """One figure: what it counts, of which register, by which date, along which dimensions.

    `select` turns a period into the condition on `model`; `dimensions` maps a dimension's name to the model look-up that
    gives its value. `amount` names a money or number field to add up instead of counting rows. `tally` says what a unit's
    own count may do: ``none``, ``instead`` (stands for a period the unit keeps by tally), ``opening`` (adds what
    existed before the register began, for stocks) or ``beside`` (adds what the unit did not record one by one). `values`
    gives the values of dimensions that are kept in a table, with their words; `settle` completes the dimensions of a
    tally of the organ at a path with what follows from those given, and answers itself for the values of those in `settled`
    (raises ValidationError); those in `implied` follow from another, and are not said beside it. `annotate` adds expressions that depend on the period, for dimensions
    and amounts to name (a proceeding's column as it stood on the last day). `signed` values may be negative. `unsure` are
    records of which nobody can say whether they count: where there is one, the value is unknown, at least what is counted.
    """

    key: str
    title: str
    unit: str
    register: str
    statistical_date: str
    model: Callable[[], type[Model]]
    select: Callable[[Period], Q]
    dimensions: Mapping[str, str] = field(default_factory=dict)
    amount: str | None = None
    path: str = "path"
    tally: str = "none"
    stock: bool = False
    signed: bool = False
    annotate: Callable[[Period], Mapping[str, Any]] = lambda period: {}
    unsure: Callable[[Period], Q] | None = None
    definition: str = ""
    values: Mapping[str, Callable[[], list[tuple[str, str]]]] = field(default_factory=dict)
    settle: Callable[[Mapping[str, str], str], dict[str, str]] = lambda given, path: dict(given)
    settled: Dims = ()
    implied: Dims = ()

    def rows(self, period: Period, prefix: str | None = None, **dims: str) -> QuerySet[Any]:
        """The records counted in `period`, at `prefix` and below, with the given dimension values. Not scoped to a
        viewer: pages pass the result through `organs.scope.rows`."""
        unknown = set(dims) - set(self.dimensions)
        if unknown:
            raise LookupError(f"{self.key} has no dimension {', '.join(sorted(unknown))}")
        queryset = self._annotated(period).filter(self.select(period))
        if prefix is not None:
            queryset = queryset.filter(within(self.path, prefix))
        return queryset.filter(**{self.dimensions[name]: value for name, value in dims.items()})

    def doubtful(self, period: Period) -> QuerySet[Any]:
        """The records that are `unsure` in `period`."""
        rows = self._annotated(period)
        return rows.filter(self.unsure(period)) if self.unsure else rows.none()

    def _annotated(self, period: Period) -> QuerySet[Any]:
        return self.model()._default_manager.annotate(**self.annotate(period))

    def by_path(self, period: Period, prefix: str) -> dict[tuple[str, Dims], int | Decimal]:
        """Value by organ path and dimension values, for everything at `prefix` and below: one query."""
        return self.grouped(self.rows(period, prefix))

    def grouped(self, rows: QuerySet[Any]) -> dict[tuple[str, Dims], int | Decimal]:
        """Value by organ path and dimension values of some of this measure's `rows`: one query."""
        columns = [self.path, *self.dimensions.values()]
        value = Sum(self.amount) if self.amount else Count("pk")
        grouped = rows.order_by().values_list(*columns).annotate(value=value)
        return {
            (row[0], tuple(str(part) for part in row[1:-1])): row[-1] or 0
            for row in grouped.values_list(*columns, "value")
        }

    def count(self, period: Period, prefix: str | None = None, **dims: str) -> int | Decimal:
        """One value, at `prefix` and below."""
        queryset = self.rows(period, prefix, **dims)
        if self.amount:
            return queryset.aggregate(value=Sum(self.amount))["value"] or 0
        return queryset.count()


_registry: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Make measures known; called by each room's ``apps.ready`` through its ``figures`` module."""
    for measure in measures:
        if _registry.setdefault(measure.key, measure) is not measure:
            raise ValueError(f"measure {measure.key} is declared twice")


def get(key: str) -> Measure:
    """The measure named `key`. Raises LookupError."""
    try:
        return _registry[key]
    except KeyError:
        raise LookupError(f"no measure {key}") from None


def all_measures() -> list[Measure]:
    """Every measure there is, by key."""
    return [_registry[key] for key in sorted(_registry)]
