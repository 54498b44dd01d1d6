"""A side effect is owed with its cause, tried after commit, tried again when it fails, and done once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from gongkai.base import clock, outbox
from gongkai.base.models import OutboxMessage, Sequence
from tests.base.concurrently import concurrently


class Broken(Exception):
    """The handler could not do it."""


@pytest.fixture
def handled() -> Iterator[list[str]]:
    """What the handler of the topic ``test`` was given; a word of ``broken`` makes it fail."""
    words: list[str] = []

    @outbox.handles("test")
    def handle(payload: dict[str, str]) -> None:
        Sequence.objects.create(key=f"trace-of-{payload['word']}-{OutboxMessage.objects.count()}")
        if payload["word"] == "broken":
            raise Broken("张三")
        words.append(payload["word"])

    yield words
    del outbox._handlers["test"]


@pytest.mark.django_db(transaction=True)
class TestAfterCommit:
    def test_it_is_tried_after_the_cause_is_committed_and_not_before(self, handled: list[str]) -> None:
        with transaction.atomic():
            message = outbox.post("test", word="hello")
            assert handled == []
        assert handled == ["hello"]
        message.refresh_from_db()
        assert (message.attempts, message.error, message.done_at is not None) == (1, "", True)

    def test_a_cause_that_did_not_happen_has_no_effect(self, handled: list[str]) -> None:
        with transaction.atomic():
            outbox.post("test", word="hello")
            transaction.set_rollback(True)
        assert handled == []
        assert outbox.drain() == 0
        assert not OutboxMessage.objects.exists()

    def test_a_failure_is_kept_without_its_words_undone_and_postponed(
        self, handled: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        before = clock.machine_now()
        message = outbox.post("test", word="broken")
        message.refresh_from_db()
        assert (message.attempts, message.error, message.done_at) == (1, "Broken", None)
        assert message.due_at >= before + outbox.RETRY_AFTER[0]
        assert "张三" not in caplog.text
        assert not Sequence.objects.exists()
        assert outbox.drain() == 0, "not due yet"

    def test_a_done_message_is_not_done_again(self, handled: list[str]) -> None:
        message = outbox.post("test", word="hello")
        OutboxMessage.objects.update(due_at=clock.machine_now())
        assert outbox.drain() == 0
        assert not outbox._attempt(message.pk)
        assert handled == ["hello"]

    def test_two_workers_do_it_once(self, handled: list[str]) -> None:
        owed(20)
        assert sum(concurrently(4, outbox.drain)) == 20
        assert sorted(handled) == sorted(f"word{number}" for number in range(20))
        assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()

    def test_workers_pass_over_what_another_holds(self, handled: list[str]) -> None:
        if not connection.features.has_select_for_update_skip_locked:
            pytest.skip("SQLite has one writer: nobody holds a row for long")
        (held, free) = owed(2)
        with transaction.atomic():
            OutboxMessage.objects.select_for_update().get(pk=held)
            assert concurrently(1, outbox.drain) == [1]
        assert handled == [OutboxMessage.objects.get(pk=free).payload["word"]]


def owed(number: int) -> list[int]:
    """Messages as a crash between commit and attempt leaves them: committed, never tried."""
    now = clock.machine_now()
    return [
        OutboxMessage.objects.create(
            topic="test",
            payload={"word": f"word{n}"},
            created_at=now,
            due_at=now - dt.timedelta(seconds=number - n),
        ).pk
        for n in range(number)
    ]


@pytest.mark.django_db
def test_what_a_crash_left_behind_is_done_by_the_worker(handled: list[str]) -> None:
    owed(3)
    assert outbox.drain() == 3
    assert handled == ["word0", "word1", "word2"]


@pytest.mark.django_db
def test_one_that_fails_does_not_hold_up_the_others(handled: list[str]) -> None:
    owed(3)
    OutboxMessage.objects.filter(payload={"word": "word0"}).update(payload={"word": "broken"})
    assert outbox.drain() == 2
    assert handled == ["word1", "word2"]


@pytest.mark.django_db
def test_each_failure_waits_longer_up_to_the_longest(handled: list[str]) -> None:
    (key,) = owed(1)
    OutboxMessage.objects.update(payload={"word": "broken"})
    for wait in (*outbox.RETRY_AFTER, outbox.RETRY_AFTER[-1]):
        OutboxMessage.objects.update(due_at=clock.machine_now())
        before = clock.machine_now()
        outbox.drain()
        due = OutboxMessage.objects.get(pk=key).due_at
        assert before + wait <= due <= clock.machine_now() + wait
    assert OutboxMessage.objects.get(pk=key).attempts == len(outbox.RETRY_AFTER) + 1


@pytest.mark.django_db
def test_the_day_an_installation_stands_on_does_not_hold_messages_back(handled: list[str]) -> None:
    with clock.on_day(dt.date(2030, 1, 1)):
        outbox.post("test", word="tomorrow")
    assert outbox.drain() == 1


@pytest.mark.django_db
def test_a_topic_nobody_handles_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        outbox.post("nobody", word="hello")


@pytest.fixture
def slow() -> Iterator[list[str]]:
    """What the handler of the slow topic was given, and whether a transaction was open meanwhile."""
    seen: list[str] = []

    @outbox.handles("test-slow", slow=True)
    def handle(payload: dict[str, str]) -> None:
        if payload["word"] == "broken":
            raise Broken("张三")
        seen.append(f"{payload['word']}:{connection.in_atomic_block}")

    yield seen
    del outbox._handlers["test-slow"]
    outbox._slow.discard("test-slow")


@pytest.mark.django_db(transaction=True)
class TestSlow:
    def test_nobody_waits_for_it_and_no_transaction_is_held(self, slow: list[str]) -> None:
        with transaction.atomic():
            message = outbox.post("test-slow", word="hello")
        message.refresh_from_db()
        assert message.done_at is None
        assert outbox.drain() == 1
        assert slow == ["hello:False"]
        message.refresh_from_db()
        assert message.done_at is not None
        assert outbox.drain() == 0

    def test_one_a_round_after_everything_quick(self, slow: list[str], handled: list[str]) -> None:
        with transaction.atomic():
            for word in ("one", "two"):
                outbox.post("test-slow", word=word)
        now = clock.machine_now()
        OutboxMessage.objects.create(topic="test", payload={"word": "quick"}, created_at=now, due_at=now)
        assert outbox.drain() == 2
        assert slow == ["one:False"]
        assert outbox.drain() == 1
        assert [word.partition(":")[0] for word in slow] == ["one", "two"]

    def test_what_failed_is_tried_again_later(self, slow: list[str]) -> None:
        outbox.post("test-slow", word="broken")
        assert outbox.drain() == 0
        message = OutboxMessage.objects.get()
        assert (message.attempts, message.error) == (1, "Broken")
        assert message.due_at > clock.machine_now()
        assert outbox.drain() == 0
        assert OutboxMessage.objects.get().attempts == 1

    def test_what_a_worker_took_and_never_finished_is_taken_up_again(self, slow: list[str]) -> None:
        message = outbox.post("test-slow", word="hello")
        now = clock.machine_now()
        OutboxMessage.objects.filter(pk=message.pk).update(due_at=now + outbox.LEASE)
        assert outbox.drain() == 0
        OutboxMessage.objects.filter(pk=message.pk).update(due_at=now - dt.timedelta(seconds=1))
        assert outbox.drain() == 1
        assert slow == ["hello:False"]

    def test_who_takes_longer_than_the_lease_holds_on(
        self, slow: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message, began = outbox.post("test-slow", word="hello"), clock.machine_now()
        held: list[int] = []

        def long(payload: dict[str, str]) -> None:
            for minutes in (4, 9, 14, 19):  # the work of each turn; another worker looks in afterwards
                monkeypatch.setattr(clock, "machine_now", lambda at=minutes: began + dt.timedelta(minutes=at))
                outbox.hold()
                monkeypatch.setattr(
                    clock, "machine_now", lambda at=minutes: began + dt.timedelta(minutes=at + 4)
                )
                held.append(OutboxMessage.objects.filter(due_at__lte=clock.machine_now()).count())

        monkeypatch.setitem(outbox._handlers, "test-slow", long)
        assert outbox.drain() == 1
        assert held == [0, 0, 0, 0]
        message.refresh_from_db()
        assert (message.done_at is not None, message.attempts) == (True, 1)
        outbox.hold()  # nothing is being carried out any more
        message.refresh_from_db()
        assert message.done_at is not None
