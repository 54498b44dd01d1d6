"""What the library withstands: odd names, a reader that breaks, characters no database keeps, addresses that lead inside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport.library import fetching, intake, parsing, sources, stash
from gongkai.annualreport.library.intake import Given
from gongkai.annualreport.library.models import Intake, IntakeItem
from gongkai.annualreport.library.parsing import NotKept
from gongkai.base import outbox
from gongkai.base.models import OutboxMessage
from tests.annualreport.library import shelf
from tests.support.world import World

State = IntakeItem.State


def begin(world: World, *given: Given) -> Intake:
    by = world.actor("city", "office", "library")
    return intake.begin(by=by, library=world.organs["city"], given=given, title="试")


def reports(count: int) -> list[Given]:
    return [Given(f"{n}.txt", "file", shelf.text("某县人民政府", 2019 + n).encode()) for n in range(count)]


def states(found: Intake) -> list[tuple[str, str]]:
    return list(found.items.order_by("position").values_list("state", "note"))


@pytest.mark.parametrize("name", [".", "./", "", "甲/."])
def test_a_member_without_a_name_stops_nothing(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name or "."), b"x")
        archive.writestr("一.txt", b"y")
    assert "一.txt" in [name for _index, name, trouble in sources.members(out) if not trouble]


@pytest.mark.django_db
class TestABrokenReader:
    def test_an_item_that_breaks_it_is_told_and_the_next_is_read(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = parsing.parse

        def parse(content: bytes, name: str, *rest: object) -> parsing.Parsed:
            if name == "1.txt":
                raise LookupError("张三")
            return real(content, name)

        monkeypatch.setattr(parsing, "parse", parse)
        begun = begin(world, *reports(4))
        while outbox.drain():
            pass
        assert [state for state, _note in states(begun)] == [
            State.KEPT, State.FAILED, State.KEPT, State.KEPT
        ]  # fmt: skip
        assert states(begun)[1][1] == parsing.BROKEN
        assert list(stash._folder().glob("*")) == []

    def test_a_worker_that_dies_is_counted_and_waited_for_ever_longer(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin(world, *reports(4))
        waits = []

        def die(_intake: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(intake, "work_on", die)
        for attempt in range(1, 5):
            now = outbox.clock.machine_now()
            OutboxMessage.objects.update(due_at=now)
            with pytest.raises(KeyboardInterrupt):
                outbox.drain()
            message = OutboxMessage.objects.get()
            assert message.attempts == attempt
            waits.append(message.due_at - now)
        assert waits[0] >= outbox.LEASE
        assert waits[-1] >= outbox.RETRY_AFTER[-1]
        for item in IntakeItem.objects.all():
            stash.drop(item.token)


def test_characters_no_database_keeps_are_left_out() -> None:
    padding = "本年度推进各项工作。" * 600
    content = shelf.text(
        "某县人民政府", 2022, part_one=f"{padding}甲\x00乙\x07丙", part_five="不\x00够\x1b及时。"
    )
    parsed = parsing.parse(content.encode(), "报告.txt")
    assert "甲乙丙" in parsed.sections["s1"]
    assert not any(ord(c) < 32 and c not in "\n\t" for c in repr_of(parsed))


def repr_of(parsed: parsing.Parsed) -> str:
    return "".join([parsed.organ, *parsed.sections.values(), *parsed.places.values(), *parsed.damage])


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        ["fec0::1", "::7f00:1", "::8.8.8.8", "64:ff9b:1::808:808", "64:ff9b::10.0.0.1", "192.88.99.1",
         "::ffff:192.88.99.1"],
    )  # fmt: skip
    def test_what_may_lead_inside_is_not_public(self, address: str) -> None:
        assert not fetching.is_public(address)

    @pytest.mark.parametrize("address", ["64:ff9b::8.8.8.8", "2400:3200::1"])
    def test_what_leads_out_is(self, address: str) -> None:
        assert fetching.is_public(address)

    @pytest.mark.parametrize("port", [22, 25, 3306, 6379, 81])
    def test_only_the_ports_of_the_web_are_visited(
        self, port: int, monkeypatch: pytest.MonkeyPatch, settings: object
    ) -> None:
        settings.FETCH_PRIVATE = False  # type: ignore[attr-defined]
        answers = [(2, 1, 6, "", ("114.114.114.114", port))]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answers)
        with pytest.raises(NotKept, match="端口"):
            fetching.fetch(f"http://public.example:{port}/")
        assert fetching.permitted_address("public.example", 8443) == "114.114.114.114"


@pytest.mark.django_db
class TestOneGo:
    def test_what_unpacks_beyond_the_limit_is_refused_over_all_zips(
        self, monkeypatch: pytest.MonkeyPatch, world: World
    ) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("一.txt", b"x" * 600)
        monkeypatch.setattr(intake, "MOST_UNPACKED", 1000)
        before = set(stash._folder().glob("*"))
        with pytest.raises(ValidationError, match="合计"):
            begin(
                world,
                *intake.from_upload("甲.zip", out.getvalue()),
                *intake.from_upload("乙.zip", out.getvalue()),
            )
        assert set(stash._folder().glob("*")) == before

    def test_a_zip_that_says_so_is_not_unpacked_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("一.txt", b"x" * 1001)
        monkeypatch.setattr(intake, "MOST_UNPACKED", 1000)
        monkeypatch.setattr(sources, "member_bytes", lambda *_: pytest.fail("unpacked"))
        with pytest.raises(ValidationError, match="合计"):
            list(intake.from_upload("甲.zip", out.getvalue()))

    def test_nothing_is_left_behind_when_a_later_file_is_refused(self, world: World) -> None:
        def given() -> Iterator[Given]:
            yield Given("一.txt", "file", b"x")
            raise ValidationError("坏")

        before = set(stash._folder().glob("*"))
        with pytest.raises(ValidationError, match="坏"):
            intake.begin(
                by=world.actor("city", "office", "library"),
                library=world.organs["city"],
                given=given(),
                title="试",
            )
        assert set(stash._folder().glob("*")) == before
