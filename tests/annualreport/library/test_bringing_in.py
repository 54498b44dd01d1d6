"""Files, folders, zips and addresses: what is read, what is refused and why, and that a second run reads nothing twice."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from gongkai import cli
from gongkai.annualreport.library import fetching, intake, parsing, sources
from gongkai.annualreport.library.intake import Given, from_addresses, from_upload
from gongkai.annualreport.library.models import CollectedReport, Intake, IntakeItem, ReadVersion
from gongkai.annualreport.library.parsing import NotKept
from gongkai.annualreport.library.stash import stash
from gongkai.base import outbox
from gongkai.base.models import OutboxMessage
from gongkai.organs.models import Post
from gongkai.organs.refusals import Refused
from tests.annualreport.library import shelf
from tests.support.world import World

State = IntakeItem.State
REPORT = shelf.text("某县人民政府", 2022).encode()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def states(found: Intake) -> list[tuple[str, str]]:
    return list(found.items.order_by("position").values_list("state", "note"))


class TestZips:
    def given(self, content: bytes) -> dict[str, Given]:
        return {one.name: one for one in from_upload("包.zip", content)}

    def test_members_come_one_by_one_under_their_own_names(self) -> None:
        found = self.given(
            zipped(**{"甲/一.txt": REPORT, "二.txt": b"x", "__MACOSX/._一.txt": b"", "甲/": b""})
        )
        assert found["包.zip/甲/一.txt"].content == REPORT
        assert set(found) == {"包.zip/甲/一.txt", "包.zip/二.txt"}

    @pytest.mark.parametrize(
        "name", ["../一.txt", "/etc/一.txt", "甲/../../一.txt", "C:\\一.txt", "..\\一.txt"]
    )
    def test_names_that_lead_elsewhere_are_refused(self, name: str) -> None:
        (one,) = self.given(zipped(**{name: REPORT})).values()
        assert one.content is None
        assert "以外" in one.trouble

    @pytest.mark.parametrize("name", ["内.zip", "内.rar", "内.tar.gz", "内.7z"])
    def test_archives_inside_archives_are_refused(self, name: str) -> None:
        (one,) = self.given(zipped(**{name: zipped(**{"一.txt": REPORT})})).values()
        assert one.content is None
        assert "压缩包里还有压缩包" in one.trouble

    def test_a_docx_is_a_report_and_no_archive(self, tmp_path: Path) -> None:
        (tmp_path / "甲.docx").write_bytes(zipped(**{"word/document.xml": b"<x/>"}))
        assert [one.trouble for one in sources.find([str(tmp_path)])] == [""]

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        (one,) = self.given(zipped(**{"一.txt": b"0" * 30_000_000})).values()
        assert one.content is None
        assert "压缩炸弹" in one.trouble

    def test_a_member_larger_than_it_says_is_a_bomb_too(self) -> None:
        honest = zipped(**{"一.txt": b"0" * 200_000})
        size = (200_000).to_bytes(4, "little")
        lying = honest.replace(size, (1000).to_bytes(4, "little"))
        assert lying != honest
        (one,) = self.given(lying).values()
        assert one.content is None
        assert one.trouble

    def test_a_name_in_gbk_is_read_as_it_was_meant(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            member = zipfile.ZipInfo("报告.txt".encode("gb18030").decode("cp437"))
            archive.writestr(member, REPORT)
        raw = out.getvalue()
        member.flag_bits = 0
        names = [name for _index, name, _trouble in sources.members(io.BytesIO(_without_utf8_flag(raw)))]
        assert names == ["报告.txt"]

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"not a zip"])
    def test_what_is_no_zip_is_refused_as_a_whole(self, content: bytes) -> None:
        with pytest.raises(ValidationError, match="压缩包已损坏"):
            list(from_upload("包.zip", content))

    def test_too_many_members_are_refused_as_a_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(intake, "MOST_MEMBERS", 2)
        with pytest.raises(ValidationError, match="一次最多2个"):
            list(from_upload("包.zip", zipped(a=b"1", b=b"2", c=b"3")))


def _without_utf8_flag(raw: bytes) -> bytes:
    """The archive as an old Windows program writes it: names in the code page, without the mark for UTF-8."""
    name = "报告.txt".encode("gb18030").decode("cp437").encode("utf-8")
    plain = "报告.txt".encode("gb18030")
    out = raw.replace(name, plain)
    local, central = bytearray(out), out.find(b"PK\x01\x02")
    lost = len(name) - len(plain)
    local[6:8] = b"\0\0"
    local[26:28] = len(plain).to_bytes(2, "little")
    local[central + 8 : central + 10] = b"\0\0"
    local[central + 28 : central + 30] = len(plain).to_bytes(2, "little")
    end = out.find(b"PK\x05\x06")
    directory = int.from_bytes(local[end + 12 : end + 16], "little") - lost
    start = int.from_bytes(local[end + 16 : end + 20], "little") - lost
    local[end + 12 : end + 16] = directory.to_bytes(4, "little")
    local[end + 16 : end + 20] = start.to_bytes(4, "little")
    return bytes(local)


class TestAddresses:
    def test_one_a_line_remarks_and_repetitions_left_out(self) -> None:
        good, bad = fetching.addresses_in(
            "# 清单\nhttps://a.example/1.html\n\n https://a.example/1.html \nftp://a.example/x\n随便写的\n"
        )
        assert good == ["https://a.example/1.html"]
        assert bad == ["ftp://a.example/x", "随便写的"]

    @pytest.mark.parametrize(
        "text",
        ["file:///etc/passwd", "http://", "https://user:pw@a.example/", "http://a b/", "javascript:alert(1)",
         "http://a.example:99999/", "//a.example/x", "http://" + "a" * 3000],
    )  # fmt: skip
    def test_what_is_no_web_address_is_refused(self, text: str) -> None:
        assert not fetching.is_address(text)

    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0",  # noqa: S104
         "fc00::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1", "255.255.255.255"],
    )  # fmt: skip
    def test_our_own_networks_are_not_public(self, address: str) -> None:
        assert not fetching.is_public(address)

    @pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
    def test_the_internet_is(self, address: str) -> None:
        assert fetching.is_public(address)

    def test_bad_lines_are_told_and_too_many_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = list(from_addresses("https://a.example/\n乱写"))
        assert [(one.kind, bool(one.trouble)) for one in found] == [("address", False), ("address", True)]
        monkeypatch.setattr(intake, "MOST_ADDRESSES", 1)
        with pytest.raises(ValidationError):
            list(from_addresses("https://a.example/\nhttps://b.example/"))


class Site(http.server.BaseHTTPRequestHandler):
    """A small web site with good and bad habits."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/report.txt":
            self._answer(200, REPORT)
        elif path == "/moved":
            self._answer(302, b"", location="/report.txt")
        elif path == "/loop":
            self._answer(302, b"", location="/loop")
        elif path == "/to-file":
            self._answer(302, b"", location="file:///etc/passwd")
        elif path == "/inside":
            self._answer(302, b"", location=f"http://internal.example:{self.server.server_port}/report.txt")
        elif path == "/large":
            self._answer(200, b"0" * 200_000)
        elif path == "/drip":
            self._drip()
        else:
            self._answer(404, b"nothing")

    def _drip(self) -> None:
        """A header that never ends, a little at a time."""
        pause = threading.Event()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            pause.wait(0.05)
            try:
                self.wfile.write(b"a")
            except OSError:
                return

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def site(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    settings.FETCH_PRIVATE = True  # type: ignore[attr-defined]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class TestFetching:
    def test_a_file_comes_also_after_a_redirect(self, site: str) -> None:
        assert fetching.fetch(f"{site}/report.txt") == REPORT
        assert fetching.fetch(f"{site}/moved") == REPORT

    @pytest.mark.parametrize(
        ("path", "words"), [("/none", "404"), ("/loop", "转来转去"), ("/to-file", "http 或 https")]
    )
    def test_what_cannot_be_had_says_why(self, site: str, path: str, words: str) -> None:
        with pytest.raises(NotKept, match=words):
            fetching.fetch(site + path)

    def test_what_is_too_large_or_too_slow_is_given_up(
        self, site: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fetching, "LARGEST", 1000)
        with pytest.raises(NotKept, match="超过"):
            fetching.fetch(f"{site}/large")
        monkeypatch.setattr(fetching, "LARGEST", 10**6)
        monkeypatch.setattr(fetching, "SECONDS", 0.0001)
        with pytest.raises(NotKept):
            fetching.fetch(f"{site}/large")

    def test_a_site_that_drips_is_given_up_in_time(self, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fetching, "SECONDS", 0.4)
        with pytest.raises(NotKept, match="没有及时答复"):
            fetching.fetch(f"{site}/drip")

    def test_our_own_network_is_not_visited(self, site: str, settings: object) -> None:
        settings.FETCH_PRIVATE = False  # type: ignore[attr-defined]
        with pytest.raises(NotKept, match="内部网络"):
            fetching.fetch(f"{site}/report.txt")

    def test_nor_by_a_redirect_or_a_name_that_stands_for_it(
        self, site: str, settings: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first name is let pass as public; the one it redirects to stands for the same machine and is not."""
        settings.FETCH_PRIVATE = False  # type: ignore[attr-defined]
        port = int(site.rpartition(":")[2])
        real = fetching.permitted_address

        def resolve(host: str, at: int) -> str:
            return "127.0.0.1" if host == "public.example" else real(host, at)

        monkeypatch.setattr(fetching, "permitted_address", resolve)
        monkeypatch.setattr(
            fetching.socket, "getaddrinfo", lambda host, at, *_, **__: [(2, 1, 6, "", ("127.0.0.1", at))]
        )
        assert fetching.fetch(f"http://public.example:{port}/report.txt") == REPORT
        with pytest.raises(NotKept, match="内部网络"):
            fetching.fetch(f"http://public.example:{port}/inside")

    def test_a_name_with_one_private_answer_among_public_ones_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, settings: object
    ) -> None:
        settings.FETCH_PRIVATE = False  # type: ignore[attr-defined]
        answers = [(2, 1, 6, "", ("114.114.114.114", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: answers)
        with pytest.raises(NotKept, match="内部网络"):
            fetching.fetch("http://mixed.example/")


@pytest.mark.django_db
class TestIntake:
    def begin(self, world: World, *given: Given) -> Intake:
        return intake.begin(
            by=world.actor("city", "office", "library"),
            library=world.organs["city"],
            given=given,
            title="试",
        )

    def test_a_few_files_are_read_at_once(self, world: World) -> None:
        begun = self.begin(
            world,
            Given("一.txt", "file", REPORT),
            Given("一样.txt", "file", REPORT),
            Given("坏.txt", "file", b"hello"),
        )
        assert [state for state, _note in states(begun)] == [State.KEPT, State.KNOWN, State.FAILED]
        assert "不像" in states(begun)[2][1]
        assert CollectedReport.objects.count() == 1
        assert not OutboxMessage.objects.filter(topic=intake.TOPIC).exists()
        assert list(stash.folder.glob("*")) == []

    def test_many_files_wait_for_the_worker_and_no_page_for_them(
        self, world: World, django_capture_on_commit_callbacks: object
    ) -> None:
        given = [
            Given(f"{number}.txt", "file", shelf.text("某县人民政府", 2019 + number).encode())
            for number in range(4)
        ]
        with django_capture_on_commit_callbacks(execute=True):
            begun = self.begin(world, *given, Given("坏的", "archive", None, "压缩包里还有压缩包"))
        assert [state for state, _note in states(begun)] == [State.WAITING] * 4 + [State.FAILED]
        kept = []
        # one slow message a round: a file, or a year checked against the one before it
        while outbox.drain() == 1:
            kept.append(begun.items.filter(state=State.KEPT).count())
        assert kept == [1, 2, 2, 3, 3, 4, 4]
        assert sorted(CollectedReport.objects.values_list("year", flat=True)) == [2019, 2020, 2021, 2022]

    def test_addresses_are_fetched_by_the_worker(self, world: World, site: str) -> None:
        begun = self.begin(
            world,
            Given(f"{site}/report.txt", "address"),
            Given(f"{site}/none", "address"),
        )
        assert not ReadVersion.objects.exists()
        while outbox.drain():
            pass
        assert [state for state, _note in states(begun)] == [State.KEPT, State.FAILED]
        version = ReadVersion.objects.get()
        assert (version.source_kind, version.source) == ("address", f"{site}/report.txt")
        assert version.imported_by == world.actor("city", "office", "library").key

    def test_who_left_the_post_imports_no_more(self, world: World) -> None:
        given = [Given(f"{n}.txt", "file", shelf.text("某县人民政府", 2019 + n).encode()) for n in range(4)]
        begun = self.begin(world, *given)
        Post.objects.filter(person=world.people["city-office"]).update(valid_to="2016-01-01")
        outbox.drain()
        assert {state for state, _note in states(begun)} == {State.FAILED}
        assert list(stash.folder.glob("*")) == []

    def test_what_waited_too_long_says_so(self, world: World) -> None:
        given = [Given(f"{n}.txt", "file", shelf.text("某县人民政府", 2019 + n).encode()) for n in range(4)]
        begun = self.begin(world, *given)
        for path in stash.folder.glob("*"):
            path.unlink()
        while outbox.drain():
            pass
        assert all("过期" in note for _state, note in states(begun))

    def test_unclaimed_reports_say_so(self, world: World) -> None:
        begun = self.begin(world, Given("一.txt", "file", shelf.text("某县人民政府", 2018).encode()))
        ((state, note),) = states(begun)
        assert state == State.UNCLAIMED
        assert "2018" in note

    def test_nothing_is_refused_and_so_is_who_may_not(self, world: World) -> None:
        with pytest.raises(ValidationError):
            self.begin(world)
        with pytest.raises(Refused):
            intake.begin(
                by=world.actor("county-a", "office", "library"),
                library=world.organs["city"],
                given=[Given("一.txt", "file", REPORT)],
                title="试",
            )


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "甲").mkdir()
        for year in (2021, 2022):
            (tmp_path / "甲" / f"{year}.txt").write_text(shelf.text("某县人民政府", year), "utf-8")
        (tmp_path / "坏.txt").write_text("hello")
        (tmp_path / "包.zip").write_bytes(
            zipped(
                **{"新.txt": shelf.text("另一县人民政府", 2022).encode(), "一样.txt": REPORT, "内.zip": b"x"}
            )
        )
        return tmp_path

    def run(self, *arguments: str) -> int:
        return cli.main(["library", "import", "--organ", "city", *arguments])

    def test_folders_and_zips_are_read_and_failures_are_one_line_each(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(str(folder), str(folder / "没有.txt")) == 2
        told = capsys.readouterr()
        assert "新入库 3 份" in told.out
        assert "库中已有 1 份" in told.out
        assert "没有读成 3 份" in told.out
        assert len(told.err.strip().splitlines()) == 3
        assert {version.source for version in ReadVersion.objects.all()} == {
            f"{folder.name}/甲/2021.txt", f"{folder.name}/甲/2022.txt", f"{folder.name}/包.zip/新.txt"
        }  # fmt: skip
        assert ReadVersion.objects.get(source__endswith="新.txt").source_kind == "archive"

    def test_a_second_run_reads_nothing_again(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.run(str(folder / "甲"))
        monkeypatch.setattr(parsing, "parse", lambda *_: pytest.fail("read again"))
        assert self.run(str(folder / "甲")) == 0
        assert "新入库 0 份，库中已有 2 份" in capsys.readouterr().out

    @pytest.mark.slow
    def test_processes_read_the_same(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(str(folder), "--jobs", "2") == 2
        assert "新入库 3 份" in capsys.readouterr().out
        assert CollectedReport.objects.count() == 3

    def test_a_dry_run_keeps_nothing(
        self, world: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.run(str(folder), "--dry-run")
        assert "没有入库" in capsys.readouterr().out
        assert not ReadVersion.objects.exists()

    def test_addresses_come_from_a_list(
        self, world: World, tmp_path: Path, site: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        listed = tmp_path / "网址.txt"
        listed.write_text(f"# 清单\n{site}/report.txt\n{site}/moved\n{site}/none\n乱写\n", "utf-8")
        assert self.run("--urls", str(listed)) == 2
        told = capsys.readouterr()
        assert "新入库 1 份" in told.out
        assert "库中已有 1 份" in told.out
        assert "没有读成 2 份" in told.out

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([], "请写明"),
            (["x", "--organ", "nobody"], "没有找到"),
            (["--urls", "/nowhere.txt"], "无法读取"),
        ],
    )
    def test_a_bad_command_is_one_sentence(
        self, world: World, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(*arguments) == 2
        assert words in capsys.readouterr().err
