"""What every source of entries has in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from gongkai.search.engine import Entry

CHUNK = 500  # records read at once


@dataclass(frozen=True)
class Change:
    """An audit entry as the feed tells it."""

    verb: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


class Source:
    """One kind of record. `name` begins the key of its records (``documents/12``), `register` is the one of scope."""

    name: str
    register: str
    model: type[Model]

    def rows(self) -> QuerySet[Any]:
        """The records with what `entries` needs in the same queries."""
        return self.model._default_manager.select_related("organ")

    def entries(self, rows: Sequence[Any], today: dt.date) -> Iterable[Entry]:
        """What is found of these records as of `today`. A record that gives none is found by nobody."""
        raise NotImplementedError

    def touched(self, changes: Sequence[Change]) -> Iterable[int]:
        """The keys of the records that the changes concern: those named as subject, unless a source knows of more."""
        label = self.model._meta.label_lower
        return [int(one.subject_id) for one in changes if one.subject_type == label]

    def due(self, after: dt.date, until: dt.date) -> Iterable[int]:
        """The keys of the records that show another face from a day in ``after < day <= until`` on, without a change."""
        return ()

    def record(self, pk: int) -> str:
        return f"{self.name}/{pk}"

    def load(self, keys: Sequence[int], today: dt.date) -> list[Entry]:
        """The entries of the records with these keys; those that are gone give none."""
        return list(self.entries(list(self.rows().filter(pk__in=keys)), today))

    def batches(self) -> Iterator[list[int]]:
        """All keys in order, a chunk at a time, each read by a query of its own: no long transaction."""
        last = 0
        while True:
            later = self.model._default_manager.filter(pk__gt=last).order_by("pk")
            keys = list(later.values_list("pk", flat=True)[:CHUNK])
            if not keys:
                return
            yield keys
            last = keys[-1]
