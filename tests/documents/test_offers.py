"""信息报送: what goes up, who may take it, what becomes of it, and how it is counted (S035)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.base.measures import Period, get
from gongkai.base.models import AuditEntry
from gongkai.documents import actions, offers, verify
from gongkai.documents.models import Offer, OfferFact, Received
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from tests.documents.support import document
from tests.support.world import TEST, World

MAY, JUN = dt.date(2022, 5, 9), dt.date(2022, 6, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.on_day(dt.date(2022, 7, 1)):
        yield


def sent(world: World, code: str = "county-a", to: str = "city-office", **changes) -> Offer:
    values = {"title": "春耕动态", "text": "内容", "on": MAY}
    return actions.offer(by=TEST, organ=world.organs[code], to_organ=world.organs[to], **(values | changes))


@pytest.mark.parametrize(
    ("code", "to", "goes"),
    [
        ("county-a", "city", True),
        ("county-a", "city-office", True),
        ("county-a", "city-edu", True),
        ("town-a1", "county-a-office", True),
        ("town-a1", "city", True),
        ("city-edu", "city-office", True),
        ("county-a", "county-a", False),
        ("county-a", "county-b", False),
        ("county-a", "county-a-office", False),
        ("county-a", "town-a1", False),
        ("city", "county-a", False),
        ("town-a1", "county-b", False),
    ],
)
def test_items_go_up(world: World, code: str, to: str, goes: bool) -> None:
    assert offers.is_above(world.organs[to], world.organs[code]) is goes
    if goes:
        assert sent(world, code, to).received.organ == world.organs[to]
        return
    with pytest.raises(ValidationError, match="上级机关"):
        sent(world, code, to)


def test_what_the_desk_offers_is_what_items_go_up_to(world: World, django_assert_num_queries) -> None:
    homes = [world.organs["town-a1"], world.organs["city-edu"]]
    with django_assert_num_queries(2):
        found = set(offers.targets(homes))
    assert found == {
        one for one in world.organs.values() if any(offers.is_above(one, home) for home in homes)
    }


def test_a_document_brings_its_title_and_text(world: World) -> None:
    kept = document(world, "county-a", body="正文")
    row = sent(world, title="", text="", document=kept)
    assert (row.title, row.text, row.document) == (kept.title, "正文", kept)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"code": "city"}, "本机关的文件"),
        ({"code": "county-a", "attribute": "closed", "attribute_reason": "内部事务信息"}, "不是主动公开"),
    ],
)
def test_documents_that_are_not_offered(world: World, made: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        sent(world, document=document(world, **made))


@pytest.mark.parametrize("change", [{"title": " "}, {"text": " "}, {"on": dt.date(2022, 7, 2)}])
def test_impossible_offers(world: World, change: dict) -> None:
    with pytest.raises(ValidationError):
        sent(world, **change)
    assert not Received.objects.exists()


def test_adopted_taken_back_and_returned(world: World) -> None:
    row = sent(world)
    actions.adopt(row.received, by=TEST, on=JUN, place="市政府网站“区县动态”")
    with pytest.raises(Refused, match="已采用"):
        actions.turn_down(row.received, by=TEST, on=JUN, reason="重复")
    row.refresh_from_db()
    assert (row.outcome, row.decided_on) == ("adopted", JUN)
    actions.take_back(row.received, by=TEST, reason="登记错条目")
    row.refresh_from_db()
    assert (row.outcome, row.decided_on) == ("", None)
    with pytest.raises(Refused, match="还没有"):
        actions.take_back(row.received, by=TEST, reason="登记错条目")
    actions.turn_down(row.received, by=TEST, on=JUN, reason="重复")
    row.refresh_from_db()
    assert row.outcome == "returned"
    assert row.facts.count() == 3
    verbs = AuditEntry.objects.filter(subject_type="documents.offer").order_by("pk")
    assert [one.verb for one in verbs] == ["offer.send", "offer.adopt", "offer.take_back", "offer.return"]
    assert verify.problems() == []


@pytest.mark.parametrize("on", [dt.date(2022, 5, 8), dt.date(2022, 7, 2)])
def test_decisions_lie_between_the_offer_and_today(world: World, on: dt.date) -> None:
    row = sent(world)
    with pytest.raises(ValidationError):
        actions.adopt(row.received, by=TEST, on=on, place="网站")
    for blank in (
        lambda: actions.adopt(row.received, by=TEST, on=JUN, place=" "),
        lambda: actions.turn_down(row.received, by=TEST, on=JUN, reason=" "),
    ):
        with pytest.raises(ValidationError):
            blank()
    assert not OfferFact.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_may_send_and_who_may_decide(world: World, role: str) -> None:
    works = role in (Role.HANDLER, Role.OFFICE, Role.HEAD)
    row = sent(world)

    def actor(code: str):
        viewer = world.viewer(code, role)
        found = scope.roles(viewer, scope.VIEW, "organs", world.organs[code].path)
        return Actor(
            key="staff:9", role=role, person_id=viewer.person_id, post_id=found[0].post_id, viewer=viewer
        )

    attempts = (
        lambda: actions.offer(
            by=actor("county-a"),
            organ=world.organs["county-a"],
            to_organ=world.organs["city"],
            title="信息",
            text="内容",
        ),
        lambda: actions.adopt(row.received, by=actor("city-office"), on=JUN, place="网站"),
    )
    for attempt in attempts:
        if works:
            assert attempt()
        else:
            with pytest.raises(Refused):
                attempt()
    with pytest.raises(Refused):  # the sender does not decide
        actions.adopt(sent(world).received, by=actor("county-a"), on=JUN, place="网站")


def test_each_side_sees_its_own(world: World) -> None:
    row = sent(world)
    seen = {
        code: (
            scope.rows(world.viewer(code, Role.OFFICE), Offer).count(),
            scope.rows(world.viewer(code, Role.OFFICE), Received).count(),
        )
        for code in ("county-a", "city-office", "city", "county-b", "town-a1")
    }
    assert seen == {
        "county-a": (1, 0), "city-office": (0, 1), "city": (0, 0), "county-b": (0, 0), "town-a1": (0, 0),
    }  # fmt: skip
    assert scope.rows(world.viewer("city-office", Role.OFFICE), Received).get().offer == row


def test_the_measures(world: World, django_assert_num_queries) -> None:
    for number in range(5):
        row = sent(world, on=MAY if number else dt.date(2021, 12, 30))
        if number < 3:
            actions.adopt(row.received, by=TEST, on=JUN, place="网站")
    actions.turn_down(row.received, by=TEST, on=JUN, reason="重复")
    path, above = world.organs["county-a"].path, world.organs["city-office"].path
    year = Period.year(2022)
    counts = [get(f"offers.{key}").count(year, path) for key in ("sent", "adopted", "returned")]
    assert counts == [4, 3, 1]
    assert get("offers.received").count(year, above) == 4
    with django_assert_num_queries(1):
        get("offers.sent").by_path(year, world.organs["city"].path)


def test_verify_finds_a_projection_that_facts_do_not_bear_out(world: World) -> None:
    row = sent(world)
    Offer.objects.filter(pk=row.pk).update(outcome="adopted")
    assert verify.problems() == [f"信息报送第{row.pk}号的结果与其记录不符"]
