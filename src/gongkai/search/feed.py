"""What has changed: the audit log, in the order of its seals.

Every action writes an audit entry in its own transaction, so the log misses no change, and no room needs to know who
listens. The keys of the entries are no cursor: on PostgreSQL a transaction that began earlier may commit later. The seals
are: entries are sealed once, after they were committed, by one sealer at a time, and seal n is visible before n + 1 is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from gongkai.base import audit, clock
from gongkai.base.models import AuditEntry, AuditSeal
from gongkai.search.engine import State
from gongkai.search.sources import Change

_MOST_SEALS = 50


@dataclass(frozen=True)
class News:
    """The changes of some seals, and the state of an index that has taken them in."""

    changes: tuple[Change, ...]
    state: State


def seal() -> None:
    """Seal what waits. Looks first: an idle house begins no transaction."""
    if AuditEntry.objects.filter(seal__isnull=True).exists():
        audit.seal_waiting()


def now() -> State:
    """The state of an index built from the database as it is, or later."""
    last = AuditSeal.objects.order_by("-number").values_list("number", "hash").first()
    number, mark = last or (0, "")
    return State(number, mark, clock.today())


def belongs(state: State) -> bool:
    """Whether an index in this state was built from this database: its last seal is one of ours."""
    if state.seal == 0:
        return True
    return AuditSeal.objects.filter(number=state.seal, hash=state.mark).exists()


def after(state: State) -> News | None:
    """The next changes, some seals at a time; None when there are none."""
    numbers = AuditSeal.objects.filter(number__gt=state.seal).order_by("number")[:_MOST_SEALS]
    seals: list[AuditSeal] = []
    entries = 0
    for one in numbers:
        if seals and entries + one.entries > audit.BATCH:
            break
        seals.append(one)
        entries += one.entries
    if not seals:
        return None
    found = AuditEntry.objects.filter(seal__in=seals).order_by("seal__number", "pk")
    rows = found.values_list("verb", "subject_type", "subject_id", "detail")
    changes = tuple(Change(*row) for row in rows)
    return News(changes, State(seals[-1].number, seals[-1].hash, state.day))


def ahead(state: State, most: int) -> list[Change] | None:
    """What the database holds and an index in this state has not taken in, in no order; None when there is more than
    `most`. What waits for its seal is read first: it may be given one meanwhile, and is then read again."""
    waiting = AuditEntry.objects.filter(seal__isnull=True)
    sealed = AuditEntry.objects.filter(seal__in=AuditSeal.objects.filter(number__gt=state.seal))
    found: list[Change] = []
    for entries in (waiting, sealed):
        rows = entries.values_list("verb", "subject_type", "subject_id", "detail")
        found += [Change(*row) for row in rows[: most + 1]]
    return found if len(found) <= most else None


def behind(state: State) -> tuple[int, dt.datetime | None]:
    """How many sealed changes an index has not taken in, and when the first of them was sealed."""
    later = AuditSeal.objects.filter(number__gt=state.seal)
    first = later.order_by("number").values_list("sealed_at", flat=True).first()
    total = later.aggregate(entries=Sum("entries"))
    return total["entries"] or 0, first
