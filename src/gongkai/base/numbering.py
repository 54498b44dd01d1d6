"""Numbers without gaps: allotted in the transaction that uses them, so a rolled-back use gives its number back."""

from __future__ import annotations

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


def take_several(key: str, count: int) -> range:
    """The next `count` numbers at once. Must be called inside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    row = Sequence.objects.select_for_update().filter(key=key).first() or _open(key)
    first = row.next_value
    Sequence.objects.filter(key=key).update(next_value=first + count)
    return range(first, first + count)


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
