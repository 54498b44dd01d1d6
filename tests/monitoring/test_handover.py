"""信息迁移交接: counted, checked, handed over, received, by the right side and in the right order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.base.models import AuditEntry
from gongkai.documents import actions as documents
from gongkai.documents.models import Document
from gongkai.monitoring import handover
from gongkai.monitoring.models import HandOver, HandOverItem
from gongkai.organs import actions as organs
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.requests.models import Case
from tests.monitoring.conftest import new_site
from tests.monitoring.test_actions import close
from tests.requests.stories import Office
from tests.support.world import TEST, World

DAY = dt.date(2022, 3, 1)
LATER = dt.date(2022, 3, 8)


def paper(organ: Organ, title: str) -> Document:
    return documents.add_document(
        by=TEST, organ=organ, kind="other", title=title, made_on=dt.date(2019, 5, 6)
    )


def submit(world: World, code: str) -> Case:
    """An application the organ has not answered."""
    return Office(world, code).submitted("02-20")


@pytest.fixture
def batch(world: World) -> HandOver:
    """What 西县 left to 西区: two documents and a site."""
    old, new = world.organs["old-b"], world.organs["county-b"]
    for title in ("甲", "乙"):
        paper(old, title)
    new_site(old)
    return handover.open_handover(
        by=TEST, organ=old, receiver=new.code, title="西县移交", basis="区划调整通知", on=DAY
    )


def heir(world: World) -> Actor:
    return world.actor("county-b", "office", "handovers")


def ready(batch: HandOver) -> HandOver:
    for item in batch.items.all():
        handover.check_item(item, by=TEST, on=DAY)
    return handover.hand_over(batch, by=TEST, on=DAY)


def test_what_the_predecessor_leaves_is_counted(batch: HandOver) -> None:
    assert dict(batch.items.values_list("kind", "counted")) == {"documents": 2, "sites": 1}


def test_the_way_from_count_to_receipt(batch: HandOver, world: World) -> None:
    with pytest.raises(Refused, match="2项没有核对"):
        handover.hand_over(batch, by=TEST, on=DAY)
    with pytest.raises(Refused, match="还没有移交"):
        handover.receive(batch, by=heir(world), on=DAY)
    ready(batch)
    path = world.organs["county-b"].path
    counted = measures.get("sites.migrated_items")
    documents_line = batch.items.get(kind="documents")
    handover.receive_item(documents_line, by=heir(world), on=DAY, received=2)
    assert counted.count(Period.year(2022), path) == 0  # the batch is not received yet
    done = handover.receive(batch, by=heir(world), on=LATER)
    assert done.number == "交接〔2022〕1号"
    assert set(done.items.values_list("received_on", flat=True)) == {DAY, LATER}
    assert counted.count(Period.year(2022), path) == 2  # the documents, not the site
    for late in (
        lambda: handover.receive(batch, by=TEST, on=LATER),
        lambda: handover.cancel(batch, by=TEST, reason="x"),
    ):
        with pytest.raises(Refused, match="已经接收"):
            late()


def test_documents_stay_the_predecessors_and_the_successor_works_on_them(
    batch: HandOver, world: World
) -> None:
    ready(batch)
    handover.receive(batch, by=heir(world), on=LATER)
    assert set(Document.objects.values_list("organ__code", flat=True)) == {"old-b"}
    who = world.viewer("county-b", "office")
    assert scope.rows(who, Document, scope.WORK).count() == 2
    assert not scope.rows(world.viewer("county-a", "office"), Document).exists()


def test_a_difference_needs_words(batch: HandOver, world: World) -> None:
    ready(batch)
    paper(world.organs["old-b"], "丙")
    with pytest.raises(Refused, match="移交2，现有3"):
        handover.receive(batch, by=heir(world), on=LATER)
    item = batch.items.get(kind="documents")
    with pytest.raises(ValidationError, match="请写明差异"):
        handover.receive_item(item, by=heir(world), on=LATER, received=3)
    handover.receive_item(item, by=heir(world), on=LATER, received=3, note="移交后补录1件")
    assert handover.receive(batch, by=heir(world), on=LATER).received_on == LATER


def test_only_the_receiver_receives_and_strangers_see_nothing(batch: HandOver, world: World) -> None:
    ready(batch)
    with pytest.raises(Refused, match="接收机关"):
        handover.receive(batch, by=world.actor("old-b", "office", "handovers"), on=LATER)
    for code, seen in (("county-b", True), ("old-b", True), ("county-a", False), ("city-edu", False)):
        who = world.viewer(code, "handler")
        assert scope.rows(who, HandOver).filter(pk=batch.pk).exists() is seen, code
        assert (scope.rows(who, HandOverItem).count() == 2) is seen, code
    above = world.viewer("city", "supervisor")
    assert list(scope.rows(above, HandOver)) == [batch]  # both sides lie below: shown once
    assert scope.rows(above, HandOverItem).count() == 2


def test_a_stranger_is_no_receiver(world: World) -> None:
    for receiver in ("county-a", "old-b", "没有的机关"):
        with pytest.raises(ValidationError):
            handover.open_handover(
                by=TEST, organ=world.organs["old-b"], receiver=receiver, title="移交", basis="通知", on=DAY
            )


def test_a_closed_site_may_go_to_an_organ_that_does_not_succeed(world: World) -> None:
    town, county = world.organs["town-a1"], world.organs["county-a"]
    site = new_site(town)
    given = {
        "organ": town,
        "receiver": county,
        "title": "镇网站并入",
        "basis": "通知",
        "on": DAY,
        "site": site,
    }
    with pytest.raises(ValidationError, match="没有办理关停"):
        handover.open_handover(by=TEST, **given)
    close(site)
    receiving = world.actor("county-a", "office", "handovers")
    with pytest.raises(Refused, match="移交机关"):
        handover.open_handover(by=receiving, **given)
    by = world.actor("town-a1", "office", "handovers")
    made = handover.open_handover(
        by=by, organ=town, receiver=county, title="镇网站并入", basis="通知", on=DAY, site=site
    )
    assert made.site == site
    for act in (
        lambda: handover.check_item(made.items.get(), by=receiving, on=DAY),
        lambda: handover.hand_over(made, by=receiving, on=DAY),
        lambda: handover.cancel(made, by=receiving, reason="不要了"),
    ):
        with pytest.raises(Refused, match="移交机关"):
            act()
    with pytest.raises(ValidationError, match="不属于移交机关"):
        handover.open_handover(
            by=TEST, organ=county, receiver=town, title="移交", basis="通知", on=DAY, site=site
        )


def test_with_a_site_alone_go_its_documents_and_no_applications(world: World) -> None:
    """The receiver succeeds nobody: applications stay with the giver, and so do its other sites."""
    town, county = world.organs["town-a1"], world.organs["county-a"]
    new_site(town, id_code="")
    closing = new_site(town)
    close(closing)
    paper(town, "镇文件")
    submit(world, "town-a1")
    made = handover.open_handover(
        by=TEST, organ=town, receiver=county, title="镇网站并入", basis="通知", on=DAY, site=closing
    )
    assert dict(made.items.values_list("kind", "counted")) == {"documents": 1, "sites": 1}
    ready(made)
    by = world.actor("county-a", "office", "handovers")
    assert handover.receive(made, by=by, on=LATER).received_on == LATER
    heir = world.organs["county-b"]
    taking = new_site(world.organs["old-b"])
    close(taking)
    submit(world, "old-b")
    with_all = handover.open_handover(
        by=TEST,
        organ=world.organs["old-b"],
        receiver=heir,
        title="西县移交",
        basis="通知",
        on=DAY,
        site=taking,
    )
    assert dict(with_all.items.values_list("kind", "counted")) == {"sites": 1, "cases": 1}


def test_what_is_answered_between_handing_over_and_receipt_was_handed_over(world: World) -> None:
    old = world.organs["old-b"]
    waiting = submit(world, "old-b")
    batch = handover.open_handover(
        by=TEST, organ=old, receiver=world.organs["county-b"], title="西县移交", basis="通知", on=DAY
    )
    ready(batch)
    Case.objects.filter(pk=waiting.pk).update(closed_on=dt.date(2022, 3, 4))
    assert handover.receive(batch, by=heir(world), on=LATER).items.get().received == 1


def test_each_side_finds_its_own_acts_in_its_log(batch: HandOver, world: World) -> None:
    ready(batch)
    handover.receive(batch, by=heir(world), on=LATER)
    filed = dict(AuditEntry.objects.filter(verb__startswith="handover.").values_list("verb", "path"))
    giver, receiver = world.organs["old-b"].path, world.organs["county-b"].path
    assert filed == {
        "handover.open": giver,
        "handover.check": giver,
        "handover.hand_over": giver,
        "handover.receive": receiver,
    }


def test_paper_counts_by_hand(batch: HandOver) -> None:
    item = handover.add_item(batch, by=TEST, what="纸质档案（卷）", counted=7)
    ready(batch)
    assert HandOverItem.objects.get(pk=item.pk).counted == 7
    with pytest.raises(Refused):
        handover.add_item(batch, by=TEST, what="印章", counted=1)


def test_a_batch_given_up_stays_readable(batch: HandOver) -> None:
    with pytest.raises(ValidationError):
        handover.cancel(batch, by=TEST, reason=" ")
    HandOver.objects.filter(pk=batch.pk).update(note="含两个镇")
    handover.cancel(batch, by=TEST, reason="分两批办理")
    kept = HandOver.objects.get(pk=batch.pk)
    assert handover.over(kept) == "这一批已经撤销。"
    assert (kept.note, kept.cancelled_because) == ("含两个镇", "分两批办理")


def test_below_the_predecessor_counts_too(world: World) -> None:
    town = organs.create_organ(
        by=TEST, code="old-b-t", name="西县镇", kind="government", tier="township",
        parent=world.organs["old-b"], valid_from=dt.date(2015, 1, 1),
    )  # fmt: skip
    paper(town, "镇文件")
    for on, counted in ((DAY, {"documents": 1}), (dt.date(2018, 1, 1), {})):
        made = handover.open_handover(
            by=TEST, organ=world.organs["old-b"], receiver="county-b", title="移交", basis="通知", on=on
        )
        assert dict(made.items.values_list("kind", "counted")) == counted
