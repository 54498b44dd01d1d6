"""What the library withstands: odd names, a reader that breaks, characters no database keeps, addresses that lead inside."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport.checked import confine
from gongkai.annualreport.library import actions, apart, cli, fetching, intake, parsing, sources
from gongkai.annualreport.library.intake import Given
from gongkai.annualreport.library.models import Intake, IntakeItem
from gongkai.annualreport.library.parsing import NotKept
from gongkai.annualreport.library.stash import stash
from gongkai.base import outbox
from gongkai.base.models import AuditEntry, OutboxMessage
from gongkai.organs.refusals import Refused
from tests.annualreport.library import shelf
from tests.annualreport.library.deadly import Deadly
from tests.support.crowded import others_being_read
from tests.support.world import TEST, World

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

        def parse(content: bytes, name: str, *_rest: object, **_more: object) -> parsing.Parsed:
            if name == "1.txt":
                raise LookupError("张三")
            return real(content, name)

        monkeypatch.setattr(apart, "parse", parse)
        begun = begin(world, *reports(4))
        while outbox.drain():
            pass
        assert [state for state, _note in states(begun)] == [
            State.KEPT, State.FAILED, State.KEPT, State.KEPT
        ]  # fmt: skip
        assert states(begun)[1][1] == parsing.BROKEN
        assert list(stash.folder.glob("*")) == []

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


@pytest.mark.django_db
class TestWorkersSideBySide:
    def test_what_one_reads_the_other_leaves(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        begun = begin(world, *reports(4))
        real, read = parsing.parse, []

        def parse(content: bytes, name: str, *_rest: object, **_more: object) -> parsing.Parsed:
            read.append(name)
            if len(read) == 1:
                intake.work_on(begun.pk)  # the second worker, while the first reads
            return real(content, name)

        monkeypatch.setattr(apart, "parse", parse)
        intake.work_on(begun.pk)
        assert read[:2] == ["0.txt", "1.txt"]
        assert read.count("0.txt") == 1
        assert [state for state, _note in states(begun)][:2] == [State.KEPT, State.KEPT]
        drop(begun)

    def test_an_item_that_ends_its_worker_three_times_is_given_up_and_the_next_is_read(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = begin(world, *reports(4))
        real = parsing.parse

        def parse(content: bytes, name: str, *_rest: object, **_more: object) -> parsing.Parsed:
            if name == "0.txt":
                raise KeyboardInterrupt
            return real(content, name)

        monkeypatch.setattr(apart, "parse", parse)
        for attempt in range(1, 4):
            with pytest.raises(KeyboardInterrupt):
                intake.work_on(begun.pk)
            first = begun.items.get(position=1)
            assert (first.state, first.attempts) == (State.WAITING, attempt)
            begun.items.update(taken_at=intake.clock.machine_now() - intake.TAKEN_FOR)
        intake.work_on(begun.pk)
        assert states(begun)[0] == (State.FAILED, "读取3次都中断了，没有读成。")
        intake.work_on(begun.pk)
        assert states(begun)[1][0] == State.KEPT
        drop(begun)

    def test_a_message_taken_up_again_finds_its_item_free_and_nobody_reading_it(self) -> None:
        longest = dt.timedelta(seconds=confine.STAFF_SECONDS + fetching.SECONDS)
        assert longest < intake.TAKEN_FOR < outbox.LEASE

    def test_what_another_has_finished_meanwhile_stays_as_it_was_written_down(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun = begin(world, *reports(4))
        real = parsing.parse

        def parse(content: bytes, name: str, *_rest: object, **_more: object) -> parsing.Parsed:
            if begun.items.get(position=1).attempts == 1:  # late: another takes the item up and finishes
                begun.items.filter(position=1).update(taken_at=intake.clock.machine_now() - intake.TAKEN_FOR)
                intake.work_on(begun.pk)
                raise NotKept("晚了")
            return real(content, name)

        monkeypatch.setattr(apart, "parse", parse)
        intake.work_on(begun.pk)
        first = begun.items.get(position=1)
        assert (first.state, first.note, first.attempts) == (State.KEPT, "", 2)
        assert first.version is not None
        drop(begun)

    def test_a_page_leaves_to_the_worker_what_there_is_no_room_to_read(self, world: World) -> None:
        with others_being_read():
            begun = begin(world, *reports(2))
        assert states(begun) == [(State.WAITING, "")] * 2
        assert set(begun.items.values_list("attempts", "taken_at")) == {(0, None)}
        while outbox.drain():
            pass
        assert [state for state, _note in states(begun)] == [State.KEPT, State.KEPT]

    def test_a_neighbouring_year_is_checked_by_a_message_of_its_own(self, world: World) -> None:
        begun = begin(world, *reports(2))
        assert [state for state, _note in states(begun)] == [State.KEPT, State.KEPT]
        (waiting,) = OutboxMessage.objects.filter(topic=actions.CHECK_AGAIN, done_at=None)
        version = begun.items.get(position=2).version
        assert version is not None
        assert waiting.payload == {"version": version.pk}
        assert not AuditEntry.objects.filter(verb="library.reread").exists()
        while outbox.drain():
            pass
        assert AuditEntry.objects.get(verb="library.reread").subject_id == str(version.pk)

    def test_a_person_is_told_to_come_again(self, world: World) -> None:
        kept = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
        with others_being_read(), pytest.raises(Refused, match="请过一分钟再试"):
            actions.reread(by=TEST, version=kept)


@pytest.mark.django_db
class TestReadApart:
    def test_it_gives_what_reading_here_gives(self) -> None:
        content = shelf.text("某县人民政府", 2022).encode()
        before = shelf.text("某县人民政府", 2021, 3).encode()
        last = parsing.parse(before, "上年.txt")
        known = parsing.Before(
            last.organ, 2021, last.form, last.cells, last.sections, frozenset(["table3.granted.total"])
        )
        for path in (None, *shelf.PUBLISHED[-2:]):
            raw, name = (content, "报告.txt") if path is None else (path.read_bytes(), path.name)
            assert apart.parse(raw, name) == parsing.parse(raw, name)
        assert apart.parse(content, "报告.txt", known) == parsing.parse(content, "报告.txt", known)

    def test_what_cannot_be_read_says_the_same(self) -> None:
        with pytest.raises(NotKept) as here:
            parsing.parse(b"%PDF-1.4 broken", "x.pdf")
        with pytest.raises(NotKept) as there:
            apart.parse(b"%PDF-1.4 broken", "x.pdf")
        assert str(there.value) == str(here.value)

    @pytest.mark.parametrize("problem", [confine.Lost(), confine.TooSlow(240)])
    def test_a_process_that_gives_no_answer_is_one_sentence(
        self, problem: Exception, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def ask(*_rest: object, **_more: object) -> None:
            raise problem

        monkeypatch.setattr(confine, "ask", ask)
        with pytest.raises(NotKept, match=r"可能已损坏|没有读完"):
            apart.parse(b"x", "x.txt")

    def test_no_file_is_read_where_the_pages_are_served(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def here(*_rest: object) -> None:
            raise AssertionError

        monkeypatch.setattr(parsing, "read_bytes", here)
        begun = begin(world, *reports(2))
        assert [state for state, _note in states(begun)] == [State.KEPT, State.KEPT]

    def test_a_file_that_kills_its_process_costs_that_file_alone(self) -> None:
        content = shelf.text("某县人民政府", 2022).encode()
        tasks = [(Deadly(name, b"" if name == "死" else content), None) for name in ("一", "死", "二", "三")]
        found = list(cli._reader(2)(tasks))
        assert [source.name for source, _parsed in found] == ["一", "死", "二", "三"]
        assert [parsed if isinstance(parsed, str) else parsed.year for _source, parsed in found] == [
            2022, parsing.BROKEN, 2022, 2022
        ]  # fmt: skip


def drop(begun: Intake) -> None:
    for item in begun.items.all():
        stash.drop(item.token)


def test_characters_no_database_keeps_are_left_out() -> None:
    padding = "本年度推进各项工作。" * 600
    content = shelf.text(
        "某县人民政府", 2022, part_one=f"{padding}甲\x00乙\x07丙", part_five="不\x00够\x1b及时。"
    )
    parsed = parsing.parse(content.encode(), "报告.txt")
    assert "甲乙丙" in parsed.sections["s1"]
    assert not any(ord(c) < 32 and c not in "\n\t" for c in repr_of(parsed))


@pytest.mark.parametrize("between", ["\x00", "\x07", "\x0c", "\x1c"])
def test_a_figure_with_one_inside_is_not_read_without_it(between: str) -> None:
    content = shelf.text("某县人民政府", 2022, part_one="本年度推进各项工作。" * 600)
    broken = content.replace("行政许可\t12", f"行政许可\t1{between}2")
    assert broken != content
    cell = "table2.art20_5.admin_license.decisions"
    parsed = parsing.parse(broken.encode(), "报告.txt")
    assert parsing.parse(content.encode(), "报告.txt").cells[cell] == 12
    assert parsed.cells[cell] not in (1, 2, 12)
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
        before = set(stash.folder.glob("*"))
        with pytest.raises(ValidationError, match="合计"):
            begin(
                world,
                *intake.from_upload("甲.zip", out.getvalue()),
                *intake.from_upload("乙.zip", out.getvalue()),
            )
        assert set(stash.folder.glob("*")) == before

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

        before = set(stash.folder.glob("*"))
        with pytest.raises(ValidationError, match="坏"):
            intake.begin(
                by=world.actor("city", "office", "library"),
                library=world.organs["city"],
                given=given(),
                title="试",
            )
        assert set(stash.folder.glob("*")) == before
