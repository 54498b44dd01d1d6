"""What enters the library: each file once, as a version of its organ's and year's report, or waiting to be claimed."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gongkai.annualreport.library import actions, parsing
from gongkai.annualreport.library.models import CollectedReport, ExternalOrgan, ReadVersion
from gongkai.base import files, outbox
from gongkai.base.models import AuditEntry
from gongkai.forms.figures import Figures
from gongkai.forms.layout import form_by_key
from gongkai.organs.refusals import Refused
from tests.annualreport.library import shelf
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
CITY = "甲市人民政府"
UNDATED = shelf.text("某县人民政府", 2022).replace("某县人民政府2022年", "某县人民政府")


def figures(version: ReadVersion) -> Figures:
    return Figures.from_cells(parsing.form_of(version.form, version.cells), version.cells)


def test_a_published_report_is_kept_as_it_was_read_with_its_bytes(world: World) -> None:
    kept = shelf.keep(world.organs["city"], shelf.LY19)
    version = kept.version
    assert kept.is_new
    assert version.report is not None
    assert (version.report.name, version.report.year, version.number) == ("洛阳市人民政府", 2019, 1)
    assert version.form == "fmt2019"
    assert version.read_cells + version.blank_cells + version.inferred_cells + version.unread_cells == len(
        form_by_key("fmt2019").paths
    )
    assert figures(version).number("table3.new_received.total") == 915
    assert files.read(version.file) == shelf.LY19.read_bytes()
    assert any(finding["rule"] for finding in version.findings)
    assert version.sections["s1"].startswith("（一）") or len(version.sections["s1"]) > 1000
    assert AuditEntry.objects.get(verb="library.keep").path == world.organs["city"].path


@pytest.mark.parametrize("path", shelf.PUBLISHED, ids=lambda path: path.stem)
def test_every_published_report_enters_without_a_blank_turned_into_nought(world: World, path) -> None:
    version = shelf.keep(world.organs["city"], path).version
    direct = parsing.parse(path.read_bytes(), path.name)
    assert version.cells == direct.cells
    states = [value.state.value for value in figures(version).values()]
    assert states.count("known") == version.read_cells
    assert states.count("blank") == version.blank_cells
    assert states.count("inferred") == version.inferred_cells
    assert states.count("unread") == version.unread_cells
    assert version.is_claimed


def test_identical_bytes_are_recognised_and_other_bytes_are_the_next_version(world: World) -> None:
    city = world.organs["city"]
    first = shelf.keep(city, shelf.text("某县人民政府", 2022, 10))
    again = shelf.keep(city, shelf.text("某县人民政府", 2022, 10), name="另一个名字.txt")
    assert (again.is_new, again.version.pk) == (False, first.version.pk)
    second = shelf.keep(city, shelf.text("某县人民政府", 2022, 11))
    assert second.version.number == 2
    report = CollectedReport.objects.get()
    assert report.latest == second.version
    assert [one.number for one in report.versions.order_by("number")] == [1, 2]
    assert figures(first.version).number("table3.new_received.total") == 10


def test_the_database_itself_takes_no_file_twice(world: World) -> None:
    version = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
    version.pk, version.report, version.number = None, None, 0
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_two_libraries_keep_the_same_file_each_for_itself(world: World) -> None:
    content = shelf.text("某县人民政府", 2022)
    one, other = (shelf.keep(world.organs[code], content) for code in ("city", "county-a"))
    assert one.is_new
    assert other.is_new
    assert {one.version.path, other.version.path} == {
        world.organs[code].path for code in ("city", "county-a")
    }


def test_an_organ_of_ours_is_found_by_any_name_it_ever_had(world: World) -> None:
    version = shelf.keep(world.organs["city"], shelf.text(CITY, 2022)).version
    assert version.report is not None
    assert version.report.subject == world.organs["city"]
    assert version.claimed_by == "name"
    old = shelf.keep(world.organs["city"], shelf.text("甲市西县人民政府", 2020)).version
    assert old.report is not None
    assert old.report.subject == world.organs["old-b"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (shelf.text("", 2022).replace("2022年政府信息公开工作年度报告", "政府信息公开工作年度报告"), "机关"),
        (shelf.text("某县人民政府", 2018), "2018年度没有统一"),
        (shelf.text("某县人民政府", 2039), "尚未开始"),
    ],
    ids=["no organ", "before the forms", "not yet begun"],
)
def test_what_names_no_organ_or_year_waits_to_be_claimed(world: World, content: str, reason: str) -> None:
    version = shelf.keep(world.organs["city"], content).version
    assert not version.is_claimed
    assert version.number == 0
    assert reason in version.waits_for
    assert not CollectedReport.objects.exists()


def test_a_name_that_several_organs_bear_is_not_guessed(world: World) -> None:
    for code in ("town-x", "town-y"):
        world.organ(code, "同名镇人民政府", "government", "township", "county-a")
    version = shelf.keep(world.organs["city"], shelf.text("同名镇人民政府", 2022)).version
    assert not version.is_claimed
    assert "多个机关" in version.waits_for


class TestClaiming:
    @pytest.fixture
    def waiting(self, world: World) -> ReadVersion:
        return shelf.keep(world.organs["city"], UNDATED).version

    def test_a_person_says_whose_it_is(self, world: World, waiting: ReadVersion) -> None:
        by = world.actor("city", "office", "library")
        version = actions.claim(by=by, version=waiting, year=2022, subject=world.organs["county-a"])
        assert version.report is not None
        assert (version.report.subject, version.report.year, version.number) == (
            world.organs["county-a"],
            2022,
            1,
        )
        assert (version.claimed_by, version.waits_for) == ("person", "")

    def test_or_names_an_external_organ(self, world: World, waiting: ReadVersion) -> None:
        version = actions.claim(by=TEST, version=waiting, year=2021, external_name=" 某县  人民政府 ")
        assert version.report is not None
        assert str(version.report.external) == "某县 人民政府"

    def test_a_claim_joins_the_versions_that_are_there(self, world: World, waiting: ReadVersion) -> None:
        later = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
        version = actions.claim(by=TEST, version=waiting, year=2022, external_name="某县人民政府")
        assert version.number == 1  # imported earlier: filing it late doesn't make it the one that counts
        assert CollectedReport.objects.get().latest == later

    def test_a_wrong_filing_is_put_right_and_leaves_nothing_behind(self, world: World) -> None:
        version = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
        actions.claim(by=TEST, version=version, year=2021, external_name="某县人民政府")
        assert [report.year for report in CollectedReport.objects.all()] == [2021]

    @pytest.mark.parametrize(
        ("year", "name", "wrong"),
        [
            (2018, "某县", "year"),
            (2150, "某县", "year"),
            (2022, "", "subject"),
            (2022, "长" * 121, "external_name"),
        ],
    )
    def test_what_cannot_be_is_refused(self, waiting: ReadVersion, year: int, name: str, wrong: str) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.claim(by=TEST, version=waiting, year=year, external_name=name)
        assert wrong in refused.value.message_dict

    def test_not_in_every_post(self, world: World, waiting: ReadVersion) -> None:
        with pytest.raises(Refused):
            actions.claim(
                by=world.actor("county-a", "office", "library"),
                version=waiting,
                year=2022,
                external_name="某县",
            )


class TestMatching:
    def test_a_matched_name_carries_its_reports_over_now_and_later_and_back(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        for year in (2021, 2022):
            shelf.keep(city, shelf.text("东县政府", year))
        external = ExternalOrgan.objects.get()
        actions.match(by=TEST, external=external, subject=county)
        shelf.keep(city, shelf.text("东县政府", 2023))
        assert {(report.subject, report.year) for report in CollectedReport.objects.all()} == {
            (county, year) for year in (2021, 2022, 2023)
        }
        actions.unmatch(by=TEST, external=external)
        assert {(str(report.external), report.year) for report in CollectedReport.objects.all()} == {
            ("东县政府", year) for year in (2021, 2022, 2023)
        }

    def test_matching_onto_a_year_that_is_there_appends_versions(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        shelf.keep(city, shelf.text(county.name, 2022, 5))
        shelf.keep(city, shelf.text("东县政府", 2022, 6))
        external = ExternalOrgan.objects.get()
        actions.match(by=TEST, external=external, subject=county)
        report = CollectedReport.objects.get()
        assert [one.number for one in report.versions.order_by("number")] == [1, 2]
        actions.unmatch(by=TEST, external=external)
        ours = CollectedReport.objects.get(subject=county)
        assert [version.printed_organ for version in ours.versions.all()] == [county.name]

    def test_unmatching_takes_back_what_the_match_brought_and_nothing_else(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        said = shelf.keep(city, shelf.text("东县政府", 2020)).version  # somebody says it is the county's
        actions.claim(by=TEST, version=said, year=2020, subject=county)
        other = shelf.keep(
            city, shelf.text("东县人民政府办", 2021)
        ).version  # printed otherwise, filed as 东县政府
        actions.claim(by=TEST, version=other, year=2021, external_name="东县政府")
        external = ExternalOrgan.objects.get(name="东县政府")
        actions.match(by=TEST, external=external, subject=county)
        through = shelf.keep(city, shelf.text("另一个机关", 2022)).version
        actions.claim(by=TEST, version=through, year=2022, external_name="东县政府")
        assert set(CollectedReport.objects.values_list("subject__code", flat=True)) == {"county-a"}
        actions.unmatch(by=TEST, external=external)
        assert {(str(r.subject or r.external), r.year) for r in CollectedReport.objects.all()} == {
            (county.name, 2020), ("东县政府", 2021), ("东县政府", 2022)
        }  # fmt: skip

    def test_what_was_matched_before_is_known_by_its_printed_name(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        shelf.keep(city, shelf.text("东县政府", 2021))
        shelf.keep(city, shelf.text(county.name, 2022))
        external = ExternalOrgan.objects.get()
        actions.match(by=TEST, external=external, subject=county)
        ReadVersion.objects.update(filed_by_match=None)
        import_module("gongkai.annualreport.library.migrations.0003_matches_filled").fill(apps, None)
        actions.unmatch(by=TEST, external=external)
        assert CollectedReport.objects.get(subject=county).year == 2022

    def test_twice_is_refused(self, world: World) -> None:
        shelf.keep(world.organs["city"], shelf.text("东县政府", 2022))
        external = ExternalOrgan.objects.get()
        with pytest.raises(Refused):
            actions.unmatch(by=TEST, external=external)
        actions.match(by=TEST, external=external, subject=world.organs["county-a"])
        with pytest.raises(Refused):
            actions.match(by=TEST, external=external, subject=world.organs["county-b"])


class TestAcrossYears:
    def carried(self, year: int, out: int, into: int) -> str:
        content = shelf.text("某县人民政府", year)
        for label, number in (("二、上年结转政府信息公开申请数量", into), ("四、结转下年度继续办理", out)):
            content = content.replace(
                f"{label}\t0\t0\t0\t0\t0\t0\t0", f"{label}\t{number}\t0\t0\t0\t0\t0\t{number}"
            )
        return content

    def rules(self, year: int) -> set[str]:
        version = ReadVersion.objects.get(report__year=year)
        return {finding["rule"] for finding in version.findings if finding["verdict"] == "publisher_fault"}

    @pytest.mark.parametrize("order", [(2021, 2022), (2022, 2021)])
    def test_whichever_comes_first_the_later_year_is_checked_against_the_earlier(
        self, world: World, order: tuple[int, int]
    ) -> None:
        contents = {2021: self.carried(2021, 3, 0), 2022: self.carried(2022, 0, 5)}
        for year in order:
            shelf.keep(world.organs["city"], contents[year])
        across = self.rules(2022) - self.rules(2021)
        assert any(rule.startswith("Y-") for rule in across), across

    def test_who_is_claimed_matched_and_unmatched_is_checked_again(self, world: World) -> None:
        city, county = world.organs["city"], world.organs["county-a"]
        before = self.carried(2021, 3, 0).replace("某县人民政府", "东县政府")
        shelf.keep(city, before)
        shelf.keep(city, self.carried(2022, 0, 5).replace("某县人民政府", county.name))
        outbox.drain()
        assert not self.across(2022)
        external = ExternalOrgan.objects.get()
        actions.match(by=TEST, external=external, subject=county)
        work()
        assert self.across(2022)
        actions.unmatch(by=TEST, external=external)
        work()
        assert not self.across(2022)
        actions.claim(by=TEST, version=ReadVersion.objects.get(report__year=2021), year=2021, subject=county)
        work()
        assert self.across(2022)

    def across(self, year: int) -> set[str]:
        return {rule for rule in self.rules(year) if rule.startswith("Y-")}


def work() -> None:
    """What the worker does until nothing is left."""
    while outbox.drain():
        pass


def test_the_file_is_written_before_the_transaction_and_not_left_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, content = world.organs["city"], shelf.text("某县人民政府", 2022).encode()
    parsed = parsing.parse(content, "报告.txt")
    begun, written = [], []
    real_seal, real_atomic = files.crypto.seal, actions._keep

    def seal(plain: bytes) -> bytes:
        if plain == content:
            assert not begun
            written.append(plain)
        return real_seal(plain)

    def keep(*rest: object) -> actions.Kept:
        begun.append(True)
        return real_atomic(*rest)  # type: ignore[arg-type]

    monkeypatch.setattr(files.crypto, "seal", seal)
    monkeypatch.setattr(actions, "_keep", keep)
    kept = actions.keep(by=TEST, library=city, content=content, parsed=parsed, name="报告.txt")
    assert (kept.is_new, written) == (True, [content])
    folder = files.location(kept.version.file.key).parent
    there = set(folder.parent.rglob("*"))

    def broken(*_rest: object) -> None:
        raise LookupError

    monkeypatch.setattr(actions, "_fill", broken)
    other = shelf.text("某县人民政府", 2023).encode()
    begun.clear()
    with pytest.raises(LookupError):
        actions.keep(by=TEST, library=city, content=other, parsed=parsing.parse(other, "x"), name="x")
    assert {path for path in folder.parent.rglob("*") if path.is_file()} <= there


def test_a_reading_of_other_bytes_is_never_taken(world: World) -> None:
    version = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
    other = parsing.parse(shelf.text("某县人民政府", 2022, 99).encode(), "x")
    with pytest.raises(ValueError, match="other bytes"):
        actions.take_reading(by=TEST, version=version, parsed=other)
    with pytest.raises(ValueError, match="not the bytes"):
        actions.keep(by=TEST, library=world.organs["city"], content=b"something", parsed=other, name="x.txt")


def test_a_damaged_original_is_not_read_again(world: World) -> None:
    version = shelf.keep(world.organs["city"], shelf.text("某县人民政府", 2022)).version
    files.location(version.file.key).write_bytes(b"\0" * 40)
    with pytest.raises(Refused, match="原件不完整"):
        actions.reread(by=TEST, version=version)


@pytest.mark.parametrize(
    "content", [b"", b"not a report", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"%PDF-1.4 broken", b"\0" * 5000]
)
def test_what_is_no_report_says_why_in_one_sentence(content: bytes) -> None:
    with pytest.raises(parsing.NotKept) as refused:
        parsing.parse(content, "x")
    assert str(refused.value).endswith("。")
