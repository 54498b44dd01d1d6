"""The library's pages through the whole stack: what they show, what they do, and what stays the same as rows grow."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.annualreport.library import exporting
from gongkai.annualreport.library.models import CollectedReport, ExternalOrgan, Intake, IntakeItem, Population
from gongkai.base import files, outbox
from tests.annualreport.library import shelf
from tests.desk.library.conftest import external, unclaimed, version
from tests.support.world import World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def office(stocked: World, sign_in: SignIn) -> Client:
    return sign_in("city-office")


def page(client: Client, name: str, *args: Any, **query: Any) -> Any:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer


def text(answer: Any) -> str:
    return answer.content.decode()


def sheet(answer: Any) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


class TestShelf:
    def test_the_list_narrows_and_tells_what_waits(self, office: Client) -> None:
        everything = page(office, "library")
        assert everything.context["page"].paginator.count == 6
        assert "有 1 份没有认出" in text(everything)
        assert page(office, "library", year=2022).context["page"].paginator.count == 2
        assert page(office, "library", q="东县").context["page"].paginator.count == 2
        assert page(office, "library", what="others").context["page"].paginator.count == 4
        assert "没有符合这些条件" in text(page(office, "library", q="无此机关"))

    def test_the_navigation_leads_here(self, office: Client) -> None:
        assert f'href="{reverse("desk:library")}"' in text(page(office, "library"))

    def test_an_empty_library_says_what_to_do(self, world: World, sign_in: SignIn) -> None:
        client = sign_in("city-office")
        assert "库里还没有报告" in text(page(client, "library"))
        for name in ("library-compare", "library-outliers", "library-alike", "library-export"):
            page(client, name)


class TestReport:
    def test_tables_stand_as_on_the_form_with_every_state_marked(self, office: Client) -> None:
        seen = version("西工区人民政府", 2020)
        answer = page(office, "library-version", seen.pk)
        content = text(answer)
        assert content.count("is-inferred") >= seen.inferred_cells > 0
        assert "推定的数和依据" in content
        assert "发布错误" in content
        assert seen.sha256 in content
        blanks = version("沭阳县发展和改革局", 2023)
        assert text(page(office, "library-version", blanks.pk)).count("is-blank") >= blanks.blank_cells > 0

    def test_the_original_comes_back_byte_for_byte_as_a_download(self, office: Client) -> None:
        seen = version("沭阳县发展和改革局", 2023)
        answer = office.get(reverse("desk:library-original", args=[seen.pk]))
        assert b"".join(answer.streaming_content) == shelf.SHUYANG.read_bytes()
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_an_original_that_is_gone_is_told_and_the_page_stands(self, office: Client) -> None:
        seen = version("沭阳县发展和改革局", 2023)
        files.location(seen.file.key).unlink()
        answer = office.get(reverse("desk:library-original", args=[seen.pk]))
        assert answer.status_code == 403
        assert "原件缺失" in text(answer)
        page(office, "library-version", seen.pk)

    def test_versions_lead_to_one_another(self, office: Client, stocked: World) -> None:
        first = version("某县人民政府", 2022)
        second = shelf.keep(stocked.organs["city"], shelf.text("某县人民政府", 2022, 77)).version
        older, newer = (text(page(office, "library-version", one.pk)) for one in (first, second))
        assert reverse("desk:library-version", args=[second.pk]) in older
        assert "看最新的一版" in older
        assert reverse("desk:library-version", args=[first.pk]) in newer

    def test_reading_again_is_a_button(self, office: Client) -> None:
        seen = version("某县人民政府", 2022)
        answer = office.post(reverse("desk:library-reread", args=[seen.pk]), follow=True)
        assert "已按原件重新读取并核对" in text(answer)


class TestClaiming:
    def test_a_waiting_file_is_claimed_from_its_page(self, office: Client, stocked: World) -> None:
        waiting = unclaimed()
        assert "2018年度没有统一" in text(page(office, "library-unclaimed"))
        address = reverse("desk:library-claim", args=[waiting.pk])
        wrong = office.post(address, {"year": 2018, "external_name": "某县人民政府"})
        assert wrong.status_code == 422
        assert "year" in wrong.context["claim"].errors
        neither = office.post(address, {"year": 2019})
        assert "二者选一" in text(neither)
        unknown = office.post(address, {"year": 2019, "subject": "没有这个机关"})
        assert "没有找到" in text(unknown)
        done = office.post(address, {"year": 2019, "subject": "county-a"})
        assert done.status_code == 302
        waiting.refresh_from_db()
        assert waiting.report is not None
        assert waiting.report.subject == stocked.organs["county-a"]

    def test_an_external_organ_is_matched_and_unmatched(self, office: Client, stocked: World) -> None:
        one = external()
        assert office.post(reverse("desk:library-match", args=[one.key]), {"subject": "x"}).status_code == 422
        done = office.post(reverse("desk:library-match", args=[one.key]), {"subject": "county-b"})
        subject = f"organ-{stocked.organs['county-b'].pk}"
        assert done["Location"] == reverse("desk:library-organ", args=[subject])
        assert CollectedReport.objects.filter(subject=stocked.organs["county-b"]).count() == 2
        assert "取消对应" in text(page(office, "library-organ", subject))
        office.post(reverse("desk:library-unmatch", args=[one.key]))
        assert CollectedReport.objects.filter(external=one).count() == 2


class TestImporting:
    def give(self, client: Client, stocked: World, **data: Any) -> Any:
        return client.post(
            reverse("desk:library-import"), {"organ": stocked.organs["city"].pk, **data}, follow=True
        )

    def test_files_are_read_and_shown_one_by_one(self, office: Client, stocked: World) -> None:
        files = [
            SimpleUploadedFile("新.txt", shelf.text("新县人民政府", 2022).encode()),
            SimpleUploadedFile("库里有.txt", shelf.XG20.read_bytes()),
            SimpleUploadedFile("坏.txt", b"hello"),
        ]
        shown = text(self.give(office, stocked, uploads=files))
        assert "新县人民政府 2022" in shown
        assert "库中已有" in shown
        assert "没有读成" in shown
        assert IntakeItem.objects.count() == 3

    def test_a_zip_and_addresses_are_left_to_the_worker(self, office: Client, stocked: World) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("一.txt", shelf.text("新县人民政府", 2022))
            archive.writestr("../二.txt", b"x")
        answer = self.give(
            office,
            stocked,
            uploads=[SimpleUploadedFile("包.zip", out.getvalue())],
            addresses="http://127.0.0.1:9/report.html\n乱写的一行",
        )
        assert "后台正在" in text(answer)
        while outbox.drain():
            pass
        found = dict(IntakeItem.objects.values_list("name", "note"))
        assert CollectedReport.objects.filter(name="新县人民政府").exists()
        assert "以外" in found["包.zip/../二.txt"]
        assert "内部网络" in found["http://127.0.0.1:9/report.html"]
        assert "不是完整的" in found["乱写的一行"]
        assert "后台正在" not in text(page(office, "library-intake", Intake.objects.get().pk))

    @pytest.mark.parametrize(
        ("data", "words"),
        [({}, "请选择文件"), ({"addresses": "乱写"}, "没有一行"), ({"organ": 999}, "选择")],
    )
    def test_what_is_wrong_with_the_form_stands_beside_the_field(
        self, office: Client, stocked: World, data: dict[str, Any], words: str
    ) -> None:
        answer = self.give(office, stocked, **data)
        assert answer.status_code == 422
        assert words in text(answer)
        assert not Intake.objects.exists()

    def test_a_broken_zip_is_refused_as_a_whole(self, office: Client, stocked: World) -> None:
        answer = self.give(office, stocked, uploads=[SimpleUploadedFile("包.zip", b"PK torn")])
        assert answer.status_code == 422
        assert "压缩包已损坏" in text(answer)


class TestComparing:
    def test_organs_are_ranked_and_the_unknown_come_last(self, office: Client) -> None:
        answer = page(office, "library-compare", year=2022)
        rows = answer.context["page"].object_list
        assert [(row.rank, row.line.name, row.cells[0].text) for row in rows] == [
            ("1", "甲市东县人民政府", "80"),
            ("2", "某县人民政府", "31"),
        ]
        assert answer.context["chart"].bars[0].label == "甲市东县人民政府"
        low = page(office, "library-compare", year=2022, order="low")
        assert [row.rank for row in low.context["page"]] == ["1", "2"]
        assert low.context["page"][0].line.name == "某县人民政府"

    def test_per_head_leaves_out_whose_number_is_not_known_and_says_so(self, office: Client) -> None:
        answer = page(office, "library-compare", year=2022, per="head")
        first, second = answer.context["page"].object_list
        assert (first.cells[0].text, first.rank) == ("16.00", "1")
        assert (second.cells[0].text, second.rank) == ("—", "")
        assert "有 1 个机关没有登记人口数" in text(answer)

    def test_any_cell_can_be_chosen(self, office: Client) -> None:
        cell = "cell:table3.granted.natural_person"
        answer = page(office, "library-compare", year=2022, show=[cell], by=cell)
        assert [row.cells[0].text for row in answer.context["page"]] == ["80", "31"]
        assert office.get(reverse("desk:library-compare"), {"show": "cell:table9.x"}).status_code == 404

    def test_the_table_can_be_taken_away(self, office: Client) -> None:
        rows = sheet(office.get(reverse("desk:library-compare-export"), {"year": 2022}))
        assert [row["机关"] for row in rows] == ["甲市东县人民政府", "某县人民政府"]

    def test_years_stand_beside_one_another(self, office: Client, stocked: World) -> None:
        key = f"organ-{stocked.organs['county-a'].pk}"
        answer = page(office, "library-organ", key)
        named = {row.key: row for row in answer.context["named"]}
        assert [words for words, _css in named["received"].texts] == ["10", "80"]
        assert str(named["received"].growth) == "700.0"
        every = page(office, "library-organ", key, all=1)
        assert len(text(every)) > len(text(answer))
        figure = page(office, "library-organ", key, figure="cell:table3.granted.total")
        assert [bar.text for bar in figure.context["chart"].bars] == ["10", "80"]

    def test_a_year_without_a_report_is_hatched(self, office: Client, stocked: World) -> None:
        shelf.keep(stocked.organs["city"], shelf.text("某县人民政府", 2019, 5))
        answer = page(office, "library-organ", external().key)
        received = next(row for row in answer.context["named"] if row.key == "received")
        assert received.texts == [("5", ""), ("没有报告", "unknown"), ("30", ""), ("31", "")]
        assert [bar.hatched for bar in answer.context["chart"].bars] == [False, True, False, False]


class TestFinding:
    def test_jumps_are_listed_with_both_figures(self, office: Client) -> None:
        answer = page(office, "library-outliers", year=2022)
        rows = answer.context["rows"]
        assert rows
        assert {(row.jump.after.name, row.old, row.new, row.times) for row in rows} == {
            ("甲市东县人民政府", "10", "80", "8.0")
        }
        assert "共比较了 2 份" in text(answer)
        assert page(office, "library-outliers", times=9).context["rows"] == []
        assert page(office, "library-outliers", floor=81).context["rows"] == []
        assert page(office, "library-outliers", times="x", floor="-1").context["times"] == 5

    def test_copied_texts_are_found_though_the_numbers_changed(self, office: Client) -> None:
        answer = page(office, "library-alike", year=2022)
        assert {(row.pair.one.name, row.pair.percent) for row in answer.context["rows"]} == {
            ("甲市东县人民政府", 100),
            ("某县人民政府", 100),
        }
        among = page(office, "library-alike", year=2022, how="organs", section="s1")
        (row,) = among.context["rows"]
        shown = office.get(row.href)
        assert "<mark>" in text(shown)
        assert "相同的段落 1 处" in text(shown)

    @pytest.mark.parametrize(
        "names",
        [("s1", "organ-1-2022", "x"), ("s9", "a-2022", "b-2022"), ("s1", "organ-0-2022", "organ-0-2021")],
    )
    def test_a_pair_that_is_not_there_is_not_found(self, office: Client, names: tuple[str, ...]) -> None:
        assert office.get(reverse("desk:library-pair", args=names)).status_code == 404


class TestTaking:
    @pytest.mark.parametrize("shape", ["long", "wide"])
    def test_every_format_streams(self, office: Client, tmp_path: Any, shape: str) -> None:
        for kind in ("csv", "xlsx", "parquet"):
            answer = office.get(reverse("desk:library-download", args=[shape, kind]), {"year": 2022})
            assert answer.streaming
            content = b"".join(answer.streaming_content)
            assert answer["Content-Disposition"].startswith("attachment")
            (tmp_path / f"x.{kind}").write_bytes(content)
        with duckdb.connect() as base:
            rows = base.execute("SELECT DISTINCT organ FROM read_parquet($1)", [str(tmp_path / "x.parquet")])
            assert {row[0] for row in rows.fetchall()} == {"甲市东县人民政府", "某县人民政府"}

    def test_without_duckdb_the_button_is_greyed_with_the_reason(
        self, office: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
        shown = text(page(office, "library-export"))
        assert 'aria-disabled="true">Parquet' in shown
        assert "没有安装 duckdb" in shown
        assert office.get(reverse("desk:library-download", args=["long", "parquet"])).status_code == 403

    def test_the_dictionary_comes_along(self, office: Client) -> None:
        assert any(row["名称"] == "state" for row in sheet(office.get(reverse("desk:library-dictionary"))))

    def test_nothing_else_can_be_asked_for(self, office: Client) -> None:
        assert office.get(reverse("desk:library-download", args=["long", "exe"])).status_code == 404


class TestInhabitants:
    def test_a_sheet_is_imported_with_a_preview(self, office: Client, stocked: World) -> None:
        shelf.keep(stocked.organs["city"], shelf.text("某县人民政府", 2022))
        lines = "年报库,本平台的机关,或者外部机关,截至,人口数（人）,来源\n"
        lines += 'city,甲市西区人民政府,,2021-12-31,"1,234",公报\ncity,,某县人民政府,2021-12-31,99,公报\n'
        sheet_ = SimpleUploadedFile("人口.csv", lines.encode())
        seen = office.post(reverse("desk:register-import", args=["populations"]), {"sheet": sheet_})
        assert seen.status_code == 200, text(seen)[-2000:]
        assert Population.objects.count() == 1
        office.post(reverse("desk:register-import-confirm", args=["populations"]))
        assert set(Population.objects.values_list("persons", flat=True)) == {50_000, 1234, 99}


HEAVY = (
    ("library", {}),
    ("library-unclaimed", {}),
    ("library-compare", {"year": 2022}),
    ("library-compare", {"year": 2022, "per": "head"}),
    ("library-outliers", {}),
    ("library-alike", {"year": 2022}),
    ("library-alike", {"year": 2022, "how": "organs"}),
    ("library-export", {}),
)


@pytest.mark.parametrize(("name", "query"), HEAVY, ids=[f"{n}{i}" for i, (n, _q) in enumerate(HEAVY)])
def test_queries_do_not_grow_with_the_rows(
    office: Client, stocked: World, name: str, query: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60) as before:
        page(office, name, **query)
    for number in range(8):
        for year in (2021, 2022):
            shelf.keep(
                stocked.organs["city"], shelf.text(shelf.county(number), year, 20 + number * (year - 2020))
            )
        shelf.keep(stocked.organs["city"], shelf.text(shelf.county(number), 2018, number))
    assert CollectedReport.objects.count() == 6 + 16
    with django_assert_max_num_queries(len(before)):
        page(office, name, **query)


def test_the_years_of_an_organ_cost_as_many_queries_however_many(
    office: Client, stocked: World, django_assert_max_num_queries: Any
) -> None:
    key = ExternalOrgan.objects.get(name="某县人民政府").key
    with django_assert_max_num_queries(60) as before:
        page(office, "library-organ", key)
    for year in (2019, 2020, 2023):
        shelf.keep(stocked.organs["city"], shelf.text("某县人民政府", year, year - 2000))
    with django_assert_max_num_queries(len(before)):
        page(office, "library-organ", key)
