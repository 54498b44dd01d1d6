"""The audit log: every write leaves an entry in its own transaction; batches are sealed into a hash chain afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from gongkai.base import clock, crypto, numbering
from gongkai.base.models import AuditEntry, AuditSeal

GENESIS = "0" * 64
BATCH = 5000
_SERIES = "audit-seal"
_waiting: ContextVar[list[AuditEntry] | None] = ContextVar("gongkai_audit_waiting", default=None)


def record(
    *, actor: str, verb: str, subject: Any, path: str, post: str = "", detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Write one entry. `detail` must hold no personal data: keys, dates and codes only."""
    entry = AuditEntry(
        at=clock.now(),
        actor=actor,
        post=post,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        path=path,
        detail=detail or {},
    )
    waiting = _waiting.get()
    if waiting is None:
        entry.save(force_insert=True)
    else:
        waiting.append(entry)
        if len(waiting) >= BATCH:
            _write(waiting)
    return entry


@contextmanager
def together() -> Iterator[None]:
    """Write the entries of everything inside in bulk, in the order they came, before the block ends.

    For loaders that stand in one transaction from beginning to end: there the entries are kept or lost with what they
    tell, as ever. An action that is refused inside must not be passed over, or its entries would stay.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("entries are written in the transaction of what they tell")
    waiting: list[AuditEntry] = []
    token = _waiting.set(waiting)
    try:
        yield
        _write(waiting)
    finally:
        _waiting.reset(token)


def _write(waiting: list[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(waiting, batch_size=500)
    waiting.clear()


def seal_waiting() -> int:
    """Seal every committed entry that is not sealed yet, in batches; returns how many were sealed."""
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    if not AuditEntry.objects.filter(seal__isnull=True).exists():
        return 0
    number = numbering.take(_SERIES)  # one sealer at a time: the series' row is locked until we commit
    entries = list(AuditEntry.objects.filter(seal__isnull=True).order_by("id")[:BATCH])
    if not entries:  # another sealer was here while we waited
        transaction.set_rollback(True)
        return 0
    last = AuditSeal.objects.filter(number=number - 1).first()
    previous = last.hash if last else GENESIS
    seal = AuditSeal.objects.create(
        number=number,
        entries=len(entries),
        previous_hash=previous,
        hash=_chain(previous, entries),
        sealed_at=clock.now(),
    )
    AuditEntry.objects.filter(id__in=[entry.id for entry in entries]).update(seal=seal)
    return len(entries)


def broken_seals() -> list[str]:
    """Recompute the chain; one sentence per break, none when the log is whole."""
    problems, previous, expected = [], GENESIS, 1
    for seal in AuditSeal.objects.order_by("number").iterator():
        if seal.number != expected:
            problems.append(f"审计封存缺少第{expected}批至第{seal.number - 1}批")
        elif seal.previous_hash != previous:
            problems.append(f"审计封存第{seal.number}批与前一批不衔接")
        entries = list(AuditEntry.objects.filter(seal=seal).order_by("id"))
        if len(entries) != seal.entries or _chain(seal.previous_hash, entries) != seal.hash:
            problems.append(f"审计封存第{seal.number}批的记录被改动、增加或删除")
        previous, expected = seal.hash, seal.number + 1
    if numbering.upcoming(_SERIES) != expected:
        problems.append(f"审计封存自第{expected}批起被删除")
    return problems


def _chain(previous: str, entries: list[AuditEntry]) -> str:
    return crypto.chain(previous, b"\n".join(_canonical(entry) for entry in entries))


def _canonical(entry: AuditEntry) -> bytes:
    fields = [
        entry.id,
        entry.at.astimezone(clock.SHANGHAI).isoformat(),
        entry.actor,
        entry.post,
        entry.verb,
        entry.subject_type,
        entry.subject_id,
        entry.path,
        entry.detail,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
