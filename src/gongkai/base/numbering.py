"""Numbers without gaps: allotted in the transaction that uses them, so a rolled-back use gives its number back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, connection, transaction

from gongkai.base.models import Sequence


def take(key: str) -> int:
    """The next number of the series `key`, starting at 1. Must be called inside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    row = Sequence.objects.select_for_update().filter(key=key).first() or _open(key)
    value = row.next_value
    Sequence.objects.filter(key=key).update(next_value=value + 1)
    return value


def take_many(wanted: Mapping[str, int]) -> dict[str, range]:
    """The next numbers of many series at once, so many of each. Must be called inside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    rows = _locked(wanted)
    if missing := sorted(set(wanted) - set(rows)):
        Sequence.objects.bulk_create([Sequence(key=key) for key in missing], ignore_conflicts=True)
        rows |= _locked(missing)
    taken = {key: range(rows[key].next_value, rows[key].next_value + count) for key, count in wanted.items()}
    for key, row in rows.items():
        row.next_value = taken[key].stop
    # an upsert of rows that are there and locked: bulk_update would compare every row with every key
    Sequence.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["key"], update_fields=["next_value"]
    )
    return taken


def _locked(keys: Iterable[str]) -> dict[str, Sequence]:
    """The series that are open, in one order for everybody, so that nobody waits in a circle."""
    found = Sequence.objects.select_for_update().filter(key__in=list(keys)).order_by("key")
    return {row.key: row for row in found}


def upcoming(key: str) -> int:
    """The number :func:`take` would give next, without taking it."""
    return Sequence.objects.filter(key=key).values_list("next_value", flat=True).first() or 1


def _open(key: str) -> Sequence:
    try:
        with transaction.atomic():
            return Sequence.objects.create(key=key)
    except IntegrityError:  # another writer opened the series first: wait for it
        return Sequence.objects.select_for_update().get(key=key)


def reserve(key: str, through: int) -> None:
    """Mark the numbers up to `through` as used (import of open cases that already carry numbers)."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are reserved inside the transaction that uses them")
    take_from = Sequence.objects.select_for_update().filter(key=key).first() or _open(key)
    if take_from.next_value <= through:
        Sequence.objects.filter(key=key).update(next_value=through + 1)
