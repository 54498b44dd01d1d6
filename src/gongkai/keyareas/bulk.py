"""Many rows at once, for imports: read as a stream, written in short transactions, safe to run twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.base import audit, clock
from gongkai.keyareas.actions import REGISTER
from gongkai.keyareas.checks import check
from gongkai.keyareas.models import Act, Decision, Procurement
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

BATCH = 1000
ERRORS_KEPT = 100
_NUMBERED = (Decision, Procurement)


@dataclass
class Loaded:
    """`known`: rows whose number the organ has already. `refused`: rows with errors; the first of them are kept as
    (row number from 1, sentence)."""

    added: int = 0
    known: int = 0
    refused: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, position: int, error: ValidationError) -> None:
        self.refused += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append((position, "；".join(error.messages)))


def add_many(
    *, by: Actor, organ: Organ, model: type[Act], rows: Iterable[Mapping[str, Any]], batch: int = BATCH
) -> Loaded:
    """Add `rows` (model field names to values) of `model` for `organ`. Memory stays at one batch; each batch is one
    transaction with one audit entry. Numbered rows already there are skipped, wrong ones reported. Raises Refused."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    loaded = Loaded()
    numbered = enumerate(rows, start=1)
    while chunk := list(islice(numbered, batch)):
        _add_batch(by, organ, model, chunk, loaded)
    return loaded


@transaction.atomic
def _add_batch(
    by: Actor, organ: Organ, model: type[Act], chunk: list[tuple[int, Mapping[str, Any]]], loaded: Loaded
) -> None:
    records = list(_sound(by, organ, model, chunk, loaded))
    if issubclass(model, _NUMBERED):
        fresh = _without_known(organ, model, records)
        loaded.known += len(records) - len(fresh)
        records = fresh
    if not records:
        return
    model._default_manager.bulk_create(records)
    loaded.added += len(records)
    audit.record(
        actor=by.key,
        post=by.post,
        verb=f"{model._meta.model_name}.import",
        subject=organ,
        path=organ.path,
        detail={"rows": len(records), "first": records[0].pk, "last": records[-1].pk},
    )


def _sound(
    by: Actor, organ: Organ, model: type[Act], chunk: list[tuple[int, Mapping[str, Any]]], loaded: Loaded
) -> Iterator[Act]:
    now = clock.now()
    for position, values in chunk:
        # bulk_create does not call save(), so the path is copied here
        record = model(organ=organ, path=organ.path, entered_by=by.key, recorded_at=now, **values)
        try:
            check(record)
        except ValidationError as error:
            loaded.refuse(position, error)
        else:
            yield record


def _without_known(organ: Organ, model: type[Act], records: list[Act]) -> list[Act]:
    """Drop rows whose number stands already, in the table or earlier in the batch."""
    by_number: dict[str, Act] = {}
    for record in records:
        by_number.setdefault(getattr(record, "number", ""), record)
    standing: Any = model._default_manager.filter(path=organ.path, struck_at__isnull=True)
    for number in standing.filter(number__in=list(by_number)).values_list("number", flat=True):
        del by_number[number]
    return list(by_number.values())
