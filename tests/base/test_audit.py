"""Every write leaves an entry; sealed entries cannot be changed, added or removed unnoticed; writers never wait for seals."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from gongkai.base import audit, clock, numbering
from gongkai.base.models import AuditEntry, AuditSeal
from gongkai.organs.models import Organ
from tests.base.concurrently import concurrently
from tests.support.world import World

pytestmark = pytest.mark.django_db


def entry(organ: Organ, verb: str = "test.done", **detail: object) -> AuditEntry:
    return audit.record(
        actor="system:test", post="system", verb=verb, subject=organ, path=organ.path, detail=detail
    )


@pytest.fixture
def city(world: World, monkeypatch: pytest.MonkeyPatch) -> Organ:
    """A city whose log is sealed in three batches or more."""
    monkeypatch.setattr(audit, "BATCH", 4)
    for number in range(10):
        entry(world.organs["city"], number=number, days=["2022-06-01"], note="说明")
    audit.seal_waiting()
    assert AuditSeal.objects.count() >= 3
    assert audit.broken_seals() == []
    return world.organs["city"]


def test_entries_of_a_loader_are_written_together_and_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    organ, before = world.organs["city"], AuditEntry.objects.count()
    monkeypatch.setattr(audit, "BATCH", 4)
    with audit.together():
        for number in range(6):
            entry(organ, number=number)
        assert AuditEntry.objects.count() == before + 4
    written = AuditEntry.objects.order_by("id")[before:]
    assert [one.detail["number"] for one in written] == list(range(6))
    entry(organ, number=6)
    assert AuditEntry.objects.count() == before + 7


def test_a_loader_that_fails_leaves_no_entry(world: World) -> None:
    def fail() -> None:
        with audit.together():
            entry(world.organs["city"])
            raise ZeroDivisionError

    before = AuditEntry.objects.count()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_entries_are_written_together_in_a_transaction_only() -> None:
    with pytest.raises(RuntimeError), audit.together():
        entry(Organ())


def tamper(**change: object) -> None:
    middle = AuditEntry.objects.filter(seal__number=2).order_by("id").first()
    assert middle is not None
    AuditEntry._base_manager.filter(pk=middle.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "staff:99"},
        {"verb": "test.undone"},
        {"subject_id": "999"},
        {"path": "0002."},
        {"detail": {"number": 999}},
        {"post": "leader#1"},
    ],
)
def test_a_changed_entry_is_found(city: Organ, change: dict[str, object]) -> None:
    tamper(**change)
    assert audit.broken_seals() == ["审计封存第2批的记录被改动、增加或删除"]


def test_a_moved_time_is_found(city: Organ) -> None:
    tamper(at=clock.now())
    assert audit.broken_seals() == ["审计封存第2批的记录被改动、增加或删除"]


def test_a_removed_entry_is_found(city: Organ) -> None:
    first = AuditEntry.objects.filter(seal__number=2).order_by("id").first()
    assert first is not None
    AuditEntry._base_manager.filter(pk=first.pk).delete()
    assert audit.broken_seals() == ["审计封存第2批的记录被改动、增加或删除"]


def test_a_smuggled_entry_is_found(city: Organ) -> None:
    added = entry(city, "test.smuggled")
    AuditEntry._base_manager.filter(pk=added.pk).update(seal=AuditSeal.objects.get(number=2))
    assert audit.broken_seals() == ["审计封存第2批的记录被改动、增加或删除"]


def test_a_removed_batch_is_found(city: Organ) -> None:
    AuditEntry._base_manager.filter(seal__number=2).delete()
    AuditSeal._base_manager.filter(number=2).delete()
    assert audit.broken_seals() == ["审计封存缺少第2批至第2批"]


def test_a_removed_end_is_found(city: Organ) -> None:
    last = AuditSeal.objects.order_by("-number").first()
    assert last is not None
    AuditEntry._base_manager.filter(seal=last).delete()
    AuditSeal._base_manager.filter(pk=last.pk).delete()
    assert audit.broken_seals() == [f"审计封存自第{last.number}批起被删除"]


def test_a_hash_computed_without_the_key_is_found(city: Organ) -> None:
    AuditSeal._base_manager.filter(number=2).update(hash="f" * 64)
    assert audit.broken_seals() == [
        "审计封存第2批的记录被改动、增加或删除",
        "审计封存第3批与前一批不衔接",
    ]


def test_sealing_twice_changes_nothing(city: Organ) -> None:
    before = AuditSeal.objects.count()
    assert audit.seal_waiting() == 0
    assert AuditSeal.objects.count() == before
    assert numbering.upcoming("audit-seal") == before + 1


def test_an_entry_committed_late_with_a_lower_number_is_sealed_with_the_next_batch(world: World) -> None:
    """Numbers are given at insert, not at commit: a long transaction shows up below entries already sealed."""
    late = entry(world.organs["city"], "test.late")
    lower = AuditEntry.objects.order_by("id").values_list("id", flat=True)[0] - 1
    AuditEntry._base_manager.filter(pk=late.pk).delete()
    audit.seal_waiting()
    late.pk = lower
    AuditEntry._base_manager.bulk_create([late])
    assert audit.seal_waiting() == 1
    assert audit.broken_seals() == []


def test_entries_are_append_only(city: Organ) -> None:
    recorded = AuditEntry.objects.earliest("id")
    recorded.verb = "test.rewritten"
    with pytest.raises(TypeError, match="append-only"):
        recorded.save()
    with pytest.raises(TypeError, match="append-only"):
        recorded.delete()
    with pytest.raises(TypeError, match="append-only"):
        AuditSeal.objects.earliest("id").delete()


def test_an_entry_goes_with_the_write_it_tells_of(world: World) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        entry(world.organs["city"])
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_several_sealers_make_one_chain(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 5)
    waiting = AuditEntry.objects.count()
    assert sum(concurrently(4, audit.seal_waiting)) == waiting
    assert audit.broken_seals() == []
    assert list(AuditSeal.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, AuditSeal.objects.count() + 1)
    )


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_one_another_or_for_a_seal(world: World) -> None:
    """On PostgreSQL: entries are written while another writer's transaction and a seal are still open."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer; its transactions are short instead")
    city = world.organs["city"]
    with transaction.atomic():
        entry(city, "test.open")
        audit.seal_waiting()
        (second,) = concurrently(1, lambda: entry(city, "test.beside").pk)
    assert AuditEntry.objects.get(pk=second).seal is None
    assert audit.seal_waiting() >= 1
    assert audit.broken_seals() == []
