"""Side effects after commit. A message is written with its cause; handlers may run twice and must not mind.

A slow topic (a file fetched from elsewhere) is left to the worker, which carries it out without holding a transaction:
no page waits for it, and neither does another writer.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from gongkai.base import clock
from gongkai.base.models import OutboxMessage

Handler = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
_slow: set[str] = set()
RETRY_AFTER = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
    dt.timedelta(hours=12),
)
# A slow message taken by a worker that died is taken up again after this long at least, later with every attempt.
LEASE = dt.timedelta(minutes=10)
_at_hand: ContextVar[OutboxMessage | None] = ContextVar("at_hand", default=None)


def handles(topic: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Register the one handler of `topic` (in an app's ``ready``). A slow one opens its own short transactions."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        if slow:
            _slow.add(topic)
        return handler

    return register


def post(topic: str, **payload: Any) -> OutboxMessage:
    """Owe the world `topic`. Written in the caller's transaction, tried at once after it commits unless it is slow."""
    if topic not in _handlers:
        raise LookupError(f"no handler for outbox topic {topic}")
    message = OutboxMessage.objects.create(
        topic=topic, payload=payload, created_at=clock.now(), due_at=clock.machine_now()
    )
    if topic not in _slow:
        transaction.on_commit(lambda: _attempt(message.pk), robust=True)
    return message


def hold() -> None:
    """Called now and then by a slow handler that may take longer than the lease: no other worker takes its message up
    meanwhile. Nothing where no slow message is being carried out."""
    message, now = _at_hand.get(), clock.machine_now()
    if message is None or message.due_at > now + LEASE / 2:
        return
    message.due_at = now + LEASE
    message.save(update_fields=["due_at"])


def drain(limit: int = 500) -> int:
    """Carry out what is due, and then one slow message at most; returns how many succeeded. Several workers may drain
    at once."""
    waiting = OutboxMessage.objects.filter(done_at__isnull=True, due_at__lte=clock.machine_now()).order_by(
        "due_at", "pk"
    )
    quick = waiting.exclude(topic__in=_slow).values_list("pk", flat=True)[:limit]
    done = sum(_attempt(key) for key in quick)
    slow = waiting.filter(topic__in=_slow).first() if _slow else None
    return done + (_attempt_slow(slow.pk) if slow is not None else 0)


def _attempt(key: int) -> bool:
    with transaction.atomic():
        locked = OutboxMessage.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        message = locked.filter(pk=key, done_at__isnull=True).first()
        if message is None:
            return False
        wait = _wait(message)
        message.attempts += 1
        try:
            with transaction.atomic():
                _handlers[message.topic](message.payload)
        except Exception as error:
            _postpone(message, wait, error)
            return False
        message.done_at = clock.machine_now()
        message.error = ""
        message.save()
        return True


def _attempt_slow(key: int) -> bool:
    """Take the message for the time of the lease, carry it out, and only then write that it is done."""
    with transaction.atomic():
        locked = OutboxMessage.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        now = clock.machine_now()
        message = locked.filter(pk=key, done_at__isnull=True, due_at__lte=now).first()
        if message is None:
            return False
        # Counted now: a worker that dies over it cannot count it afterwards.
        wait = _wait(message)
        message.due_at = now + max(LEASE, wait)
        message.attempts += 1
        message.save(update_fields=["due_at", "attempts"])
    token = _at_hand.set(message)
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:
        _postpone(message, wait, error)
        return False
    finally:
        _at_hand.reset(token)
    message.done_at = clock.machine_now()
    message.error = ""
    message.save()
    return True


def _postpone(message: OutboxMessage, wait: dt.timedelta, error: Exception) -> None:
    log.error("outbox %s #%s failed: %s", message.topic, message.pk, type(error).__name__)
    message.due_at = clock.machine_now() + wait
    message.error = type(error).__name__
    message.save()


def _wait(message: OutboxMessage) -> dt.timedelta:
    """How long to wait should the attempt that begins now fail."""
    return RETRY_AFTER[min(message.attempts, len(RETRY_AFTER) - 1)]
