"""The audit log: every write leaves an entry in its own transaction; batches are sealed into a hash chain afterwards."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Max

from gongkai.base import clock
from gongkai.base.models import AuditEntry, AuditSeal

GENESIS = "0" * 64
BATCH = 5000


def record(
    *, actor: str, verb: str, subject: Any, path: str, post: str = "", detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Write one entry. `detail` must hold no personal data: keys, dates and codes only."""
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        post=post,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        path=path,
        detail=detail or {},
    )


def seal_waiting() -> int:
    """Seal every committed entry that is not sealed yet, in batches; returns how many were sealed."""
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    last = AuditSeal.objects.select_for_update().order_by("-number").first()
    entries = list(AuditEntry.objects.filter(seal__isnull=True).order_by("id")[:BATCH])
    if not entries:
        return 0
    previous = last.hash if last else GENESIS
    seal = AuditSeal.objects.create(
        number=last.number + 1 if last else 1,
        entries=len(entries),
        previous_hash=previous,
        hash=_chain(previous, entries),
        sealed_at=clock.now(),
    )
    AuditEntry.objects.filter(id__in=[entry.id for entry in entries]).update(seal=seal)
    return len(entries)


def broken_seals() -> list[str]:
    """Recompute the chain; one sentence per break, none when the log is whole."""
    problems, previous = [], GENESIS
    for seal in AuditSeal.objects.order_by("number").iterator():
        entries = list(AuditEntry.objects.filter(seal=seal).order_by("id"))
        if seal.previous_hash != previous:
            problems.append(f"审计封存第{seal.number}批与前一批不衔接")
        if len(entries) != seal.entries or _chain(seal.previous_hash, entries) != seal.hash:
            problems.append(f"审计封存第{seal.number}批的记录被改动、增加或删除")
        previous = seal.hash
    highest = AuditSeal.objects.aggregate(top=Max("number"))["top"] or 0
    if highest != AuditSeal.objects.count():
        problems.append("审计封存批次有缺号")
    return problems


def _chain(previous: str, entries: list[AuditEntry]) -> str:
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        digest.update(_canonical(entry))
    return digest.hexdigest()


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
