"""核对年报: five published reports through the page, what it refuses, and that nothing of a file stays behind."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from lxml import html

from gongkai.annualreport.checked import confine, rules
from gongkai.annualreport.checked.shown import show
from gongkai.base import clock
from gongkai.forms.figures import Figures
from gongkai.forms.layout import FORMS
from gongkai.reading.checking import Verdict
from gongkai.reading.confined import PREVIOUS, REPORT
from gongkai.reading.confined import check as checked
from gongkai.requests.models import Attempt
from tests.reading import published
from tests.reading.render import model, pages
from tests.reading.test_cli import UNREADABLE
from tests.reading.test_findings import DOUBTS, FAULTS
from tests.support.crowded import others_being_read

pytestmark = pytest.mark.django_db

FAULT, DOUBT, LOSS = (verdict.value for verdict in (Verdict.FAULT, Verdict.DOUBT, Verdict.LOSS))
WRONG = "结转上年度继续办理的1件"
APPLICANTS = ("张选", "田保均", "朱万成", "田登明", "王强子", "任满堂")


def words(element: Any) -> str:
    """What an element says, its parts kept apart."""
    return " ".join(" ".join(element.itertext()).split())


class Result:
    """A page of the check, looked at as a reader does: by headings, marks and links."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.source: str = response.content.decode()
        self.page = html.fromstring(self.source)

    @property
    def title(self) -> str:
        return str(self.page.xpath("string(//h1)"))

    @property
    def text(self) -> str:
        return words(self.page.xpath("//main")[0])

    def findings(self, verdict: str) -> list[Any]:
        section = self.page.xpath(f"//section[@aria-labelledby='{verdict}']")[0]
        return list(section.xpath(".//li[contains(@class, 'finding')]"))

    def rules(self, verdict: str) -> set[str]:
        return {str(one.xpath("string(.//*[contains(@class, 'code')])")) for one in self.findings(verdict)}

    def finding(self, rule: str) -> str:
        (one,) = (one for one in self.page.xpath("//li[@id]") if rule in one.xpath("string(./p[1])"))
        return words(one)

    def cell(self, path: str) -> Any:
        """The cell of a path, by the number it has on its form."""
        form = next(form for form in FORMS.values() if f"{form.first_year}" in self.facts["格式"])
        (cell,) = self.page.xpath(f"//td[@id='c{form.paths.index(path)}']")
        return cell

    @property
    def facts(self) -> dict[str, str]:
        rows = self.page.xpath("//dl[@class='facts']/div")
        return {row.xpath("string(dt)"): words(row.xpath("dd")[0]) for row in rows}

    def json(self, client: Client) -> dict[str, Any]:
        sealed = self.page.xpath("//input[@name='result']/@value")[0]
        response = client.post("/check/json/", {"result": sealed})
        assert response["Content-Type"] == "application/json"
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
        return dict(json.loads(response.content))


def send(client: Client, content: bytes, name: str = "report.txt", **more: Any) -> Result:
    response = client.post("/check/", {"report": SimpleUploadedFile(name, content), **more})
    assert response.status_code == 200
    return Result(response)


def seed(client: Client, name: str) -> Result:
    path = published.path(name)
    return send(client, path.read_bytes(), path.name)


def text_of(name: str) -> str:
    return published.path(name).read_text("utf-8")


def random(number: int) -> Random:
    return Random(number)  # noqa: S311


@cache
def in_order() -> str:
    """平顶山 2019 with its wrong word put right, and as many documents disclosed as made."""
    text = text_of("PDS19").replace(WRONG, WRONG.replace("上", "下"))
    return text.replace("规范性文件\t86\t90\t169", "规范性文件\t90\t90\t169")


# --- what the page shows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", published.FILES)
def test_a_published_report_shows_its_findings_by_verdict(client: Client, name: str) -> None:
    result = seed(client, name)
    assert result.title == "核对结果"
    assert published.report(name).organ in result.text
    assert f"{published.report(name).year} 年度" in result.text
    assert result.rules(FAULT) == {rule for rule, _ in FAULTS[name]}
    assert result.rules(DOUBT) == DOUBTS[name]
    assert result.rules(LOSS) == set()
    assert len(result.source.encode()) < 100_000


@pytest.mark.parametrize("name", published.FILES)
def test_every_link_on_the_page_leads_somewhere(client: Client, name: str) -> None:
    page = seed(client, name).page
    inner = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert inner <= set(names)
    assert len([target for target in inner if re.fullmatch(r"f\d+", target)]) > 0


@pytest.mark.parametrize("name", published.FILES)
def test_the_tables_hold_what_was_read_and_nothing_else(client: Client, name: str) -> None:
    page = seed(client, name).page
    printed = [
        str(cell.xpath("string(./*[1]/text() | ./*[1]/span)"))
        for cell in page.xpath("//table//td[*[contains(@class, 'fig')]]")
    ]
    states = {"blank": "空白", "unread": "未读出"}
    cells = published.report(name).as_json()["cells"]
    assert printed == [states.get(cell["state"], str(cell["value"])) for cell in cells.values()]


@pytest.mark.seed("F1")
def test_a_finding_quotes_the_sentence_with_its_place_and_both_numbers(client: Client) -> None:
    finding = seed(client, "LY19").finding("N-RATE")
    for said in ("5109÷5111=99.96%", "市长电子信箱共收到网民来信5111", "第17行", "核算得 99.96，报告中 98"):
        assert said in finding


@pytest.mark.seed("F5")
def test_the_wrong_direction_is_told_and_leads_to_both_cells(client: Client) -> None:
    result = seed(client, "PDS19")
    assert "方向写反" in result.finding("N-CARRY")
    assert WRONG in result.finding("N-CARRY")
    for path, number in (("table3.carried_in.total", "11"), ("table3.carried_out.total", "1")):
        cell = result.cell(path)
        assert cell.xpath("string(.//span)") == number
        assert cell.xpath("string(./a/@aria-label)") == f"{number}，发布错误第1处"
        assert "▲错1" in cell.text_content()
        assert result.page.xpath(f"//li[@id='f1']//a[@href='#{cell.get('id')}']")


@pytest.mark.seed("F10")
def test_a_suit_in_the_text_and_none_in_the_table(client: Client) -> None:
    assert "行政诉讼0件" in seed(client, "XG20").finding("N-LIT")


@pytest.mark.seed("F11")
def test_parts_that_exceed_their_total(client: Client) -> None:
    assert "核算得 4325，报告中 4799" in seed(client, "XG20").finding("N-SUM")


@pytest.mark.seed("F13")
def test_applicants_named_in_a_report_are_named_nowhere_by_us(client: Client) -> None:
    result = seed(client, "MJ20")
    assert "张某、田某某、朱某某" in result.finding("S124")
    told = result.source + json.dumps(result.json(client), ensure_ascii=False)
    assert [name for name in APPLICANTS if name in told] == []


@pytest.mark.seed("F3")
def test_an_inferred_cell_is_marked_and_leads_to_its_proof(client: Client) -> None:
    result = seed(client, "LY19")
    cell = result.cell("table3.rejected_reissue.natural_person")
    assert cell.get("class") == "is-inferred"
    assert cell.text_content() == "1推定"
    proof = result.page.xpath(f"//dt[@id='{cell.xpath('./a/@href')[0][1:]}']/following-sibling::dd[1]")[0]
    assert "819" in proof.text_content()


def test_a_blank_cell_is_blank_and_no_zero(client: Client) -> None:
    result = seed(client, "SY23")
    cell = result.cell("table3.granted.commercial_enterprise")
    assert "空白" in cell.text_content()
    assert "0" not in cell.text_content()
    assert "空白 125" in result.text


def test_what_cannot_be_read_is_hatched_and_judged_by_no_rule(client: Client) -> None:
    torn = in_order().replace("\t230\t60\t0\t0\t5\t69\t364", "\t230\t364")
    torn = torn.replace("\t44\t0\t0\t0\t0\t67\t111", "\t44\t111")
    result = send(client, torn.encode())
    cells = result.page.xpath("//td[contains(@class, 'unknown')]")
    assert {cell.xpath("string(.//*[contains(@class, 'fig')])") for cell in cells} == {"未读出"}
    assert len(cells) >= 4
    assert f"没有读出 {len(cells)}" in result.text
    assert result.rules(FAULT) == set()
    assert result.rules(LOSS) == {"READ"}
    assert "（一）予以公开" in " ".join(
        result.page.xpath("//section[@aria-labelledby='reading_loss']//text()")
    )


@pytest.mark.seed("F4")
def test_the_smallest_mend_is_told_and_marked_in_the_table(client: Client) -> None:
    result = seed(client, "HZ23")
    first, second = result.findings(FAULT)
    assert "最少改动 行政复议·总计 改为 11" in words(first)
    assert "或者 行政诉讼（复议后起诉）·结果维持 改为 0" in words(second)
    cell = result.page.xpath("//table")[-1].xpath(".//td")[4]
    assert cell.get("class") == "is-fault is-mend"
    assert "可改为 11" in cell.text_content()
    assert cell.xpath("./a/@href") == ["#f1"]
    assert first.xpath(f".//a[@href='#{cell.get('id')}']")


def test_a_report_in_order_has_no_findings(client: Client) -> None:
    result = send(client, in_order().encode())
    assert "没有发现问题" in result.text
    assert not result.page.xpath("//*[starts-with(@id, 'f') and starts-with(@class, 'card')]")
    assert not result.page.xpath("//table//*[contains(@class, 'tag')]")
    assert "结转1件" not in result.text
    assert [result.rules(verdict) for verdict in (FAULT, DOUBT, LOSS)] == [set(), set(), set()]


def test_a_mistake_put_into_a_table_is_found_with_its_cell(client: Client) -> None:
    path = "table3.granted.natural_person"
    report = model.random_report(random(4), FORMS["fmt2021"])
    right = int(report.figures.number(path) or 0)
    wrong = replace(report, figures=Figures(report.form, {**report.figures.numbers, path: right + 27}))
    assert send(client, pages.plain(report)).rules(FAULT) == set()
    result = send(client, pages.plain(wrong))
    assert result.rules(FAULT) == {"T3-ROW", "T3-OUT"}
    cell = result.cell("table3.granted.natural_person")
    assert cell.text_content() == f"{right + 27}▲错1·2可改为 {right}"
    assert f"（一）予以公开·自然人 改为 {right}" in result.text


def test_pasted_text_and_pasted_source_are_read_like_a_file(client: Client) -> None:
    for text in (text_of("PDS19"), pages.plain(model.random_report(random(5))).decode()):
        result = Result(client.post("/check/", {"text": text}))
        assert result.title == "核对结果"
        assert "粘贴的内容" in result.text
        assert "没有读出 0" in result.text
    assert Result(client.post("/check/", {"text": text_of("PDS19")})).rules(FAULT) == {"N-CARRY"}


def test_a_file_is_read_by_what_it_is_and_not_by_its_name(client: Client) -> None:
    assert "洪泽" in send(client, published.path("HZ23").read_bytes(), "年报.docx").text


def test_last_years_report_makes_the_comparison(client: Client) -> None:
    before = SimpleUploadedFile("2018.txt", in_order().replace("2019", "2018").encode())
    result = send(client, in_order().encode(), previous=before)
    assert "Y-CARRY" in result.rules(FAULT)
    assert "平顶山市人民政府 2018 年度" in result.text
    assert "Y-CARRY" not in send(client, in_order().encode()).rules(FAULT)


def test_the_json_is_what_the_page_shows(client: Client) -> None:
    result = seed(client, "LYO22")
    data = result.json(client)
    told = checked({REPORT: published.path("LYO22").read_bytes()}, "004_98f37d1067004ea6.txt")
    assert data == json.loads(json.dumps(told))
    assert published.flat(data) == published.flat(published.truth("LYO22"))
    assert {(f["rule"], f["found"]) for f in data["findings"] if f["verdict"] == FAULT} == {("N-DOC", 48)}
    assert data["previous"] is None
    assert "sections" not in data


def test_a_result_that_was_not_made_here_is_not_handed_out(client: Client) -> None:
    sealed = seed(client, "PDS19").page.xpath("//input[@name='result']/@value")[0]
    for forged in ("", "nothing", sealed[:-3] + "abc", "x" + sealed):
        response = client.post("/check/json/", {"result": forged})
        assert response.status_code == 400
        assert response["Content-Type"].startswith("text/html")
    assert client.get("/check/json/").status_code == 405


def test_every_rule_that_speaks_has_a_name(client: Client) -> None:
    spoken = {rule for name in published.FILES for rule in {rule for rule, _ in FAULTS[name]} | DOUBTS[name]}
    source = "".join(path.read_text("utf-8") for path in _package("reading/checking").rglob("*.py"))
    spoken |= set(re.findall(r'"((?:N|S|T2|T3|T4|FORM)-[A-Z0-9]+|F15|FR\d|S124|READ)"', source))
    assert len(spoken) > 30
    assert {rule for rule in spoken if rules.name(rule) in ("", "其他")} == set()


def _package(name: str) -> Path:
    import gongkai

    return Path(gongkai.__file__).parent / name


@pytest.mark.parametrize(("blanks", "faults"), [(0, 25), (80, 0)])
def test_the_page_stays_light_whatever_a_report_holds(client: Client, blanks: int, faults: int) -> None:
    """Every sum wrong, the text full of wrong headings and points, 80 cells blank."""
    report = model.random_report(random(8), FORMS["fmt2021"], blanks)
    shift = count(100_000)
    source = re.sub(
        r">(\d+)</td>", lambda match: f">{int(match[1]) + next(shift)}</td>", pages.plain(report).decode()
    )
    lines = "".join(f"<p>一、重复的标题第{n}个</p><p>二是没有一是的分点{n}。</p>" for n in range(200))
    result = send(client, source.replace("</h2>", f"</h2>{lines}", 1).encode(), "worst.html")
    assert len(result.findings(FAULT)) >= faults
    assert len(result.findings(DOUBT)) == 25
    assert re.search(r"另有 \d+ 处没有列出，见 JSON。", result.text)
    assert len(result.source.encode()) < 100_000
    inner = {href[1:] for href in result.page.xpath("//a/@href") if href.startswith("#")}
    assert inner <= set(result.page.xpath("//@id"))


def test_a_form_with_one_row_for_other_handling_is_drawn_as_printed() -> None:
    answer = checked({REPORT: pages.plain(model.random_report(random(1), model.ONE_OTHER_ROW))}, "a")
    lines = show(answer).tables[1].parts[0].lines
    assert [line[0].text for line in lines if line[0].text.startswith("（六）")] == ["（六）其他处理"]


# --- what it refuses -------------------------------------------------------------------------------------------------


def sheet() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


REFUSED = {**UNREADABLE, "table.xlsx": (sheet(), "不是 Word 文件")}


def problems(response: Any) -> list[str]:
    assert Result(response).title == "核对年报"
    return [
        " ".join(item.text_content().split())
        for item in Result(response).page.xpath("//*[@role='alert']//li")
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_says_why_beside_its_field(client: Client, name: str) -> None:
    data, word = REFUSED[name]
    response = client.post("/check/", {"report": SimpleUploadedFile(name, data)})
    (sentence,) = problems(response)
    assert word in sentence
    assert (
        'id="id_report_error"' in response.content.decode()
        or 'aria-invalid="true"' in response.content.decode()
    )
    assert "gongkai[ocr]" not in sentence  # that is for whoever runs the site


def test_last_years_report_that_cannot_be_read_is_told_apart(client: Client) -> None:
    before = SimpleUploadedFile("2018.pdf", b"%PDF-1.4 nothing")
    response = client.post(
        "/check/", {"report": SimpleUploadedFile("a.txt", in_order().encode()), "previous": before}
    )
    assert "损坏" in problems(response)[0]
    assert Result(response).page.xpath("//*[@role='alert']//a/@href") == ["#id_previous"]


def test_nothing_and_too_much_are_asked_again(client: Client) -> None:
    assert problems(client.post("/check/", {})) == ["请上传一份年报，或者把年报内容粘贴到下面。"]
    assert problems(client.post("/check/", {"text": " \n"})) == ["请上传一份年报，或者把年报内容粘贴到下面。"]
    both = {"report": SimpleUploadedFile("a.txt", b"x"), "text": "年报"}
    assert problems(client.post("/check/", both)) == ["文件和粘贴的内容只能给一样：请去掉其中一样。"]
    before = SimpleUploadedFile("a.txt", in_order().encode())
    assert problems(client.post("/check/", {"previous": before})) == [
        "请上传一份年报，或者把年报内容粘贴到下面。"
    ]
    assert "太长" in problems(client.post("/check/", {"text": "字" * 1_000_001}))[0]
    assert problems(client.post("/check/", {"text": "你好"})) == [
        "这不像政府信息公开工作年度报告：没有找到报告的表格或标题。"
    ]


def test_a_file_over_the_limit_is_refused_and_not_kept_in_memory(client: Client, settings: Any) -> None:
    settings.CHECK_MAX_MB = 1
    large = SimpleUploadedFile("large.txt", b"x" * (1024 * 1024 + 1))
    assert problems(client.post("/check/", {"report": large})) == ["文件超过 1 MB，没有读取。"]
    fits = in_order().encode().ljust(1024 * 1024, b"\n")
    before = SimpleUploadedFile("large.txt", b"x" * (1024 * 1024 + 1))
    response = client.post("/check/", {"report": SimpleUploadedFile("a.txt", fits), "previous": before})
    assert problems(response) == ["文件超过 1 MB，没有读取。"]
    assert send(client, fits).title == "核对结果"


def test_a_flood_is_refused_before_it_is_read(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for data in ({"text": "字" * 2000}, {"report": SimpleUploadedFile("a", b"x" * 41 * 1024 * 1024)}):
        response = client.post("/check/", data)
        assert response.status_code == 413
        assert problems(response) == ["发来的内容太多，没有读取。"]


def test_no_file_holds_a_worker(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CHECK_SECONDS = 1
    _instead(monkeypatch, "while True: pass")
    started = clock.now()
    response = client.post("/check/", {"text": "年报"})
    assert clock.now() - started < dt.timedelta(seconds=30)
    assert problems(response) == [
        "1秒内没有读完，已停止读取。年报一般很快就能读完，请检查文件，或者换一种格式。"
    ]


def test_the_system_ends_a_reading_by_the_time_it_computes(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(
        monkeypatch,
        "from gongkai.reading.confined import confine\nconfine(1, 2**30)\nwhile True: pass",
    )
    settings.CHECK_SECONDS = 60
    with pytest.raises(confine.NotChecked, match="没有读完"):
        confine.check(b"x", "x")


def test_no_file_takes_the_machines_memory() -> None:
    large = ("字" * 100 + "\n").encode() * 30_000 + in_order().encode()
    with pytest.raises(confine.NotChecked, match="用尽了允许的内存"):
        confine.check(large, "large.txt", memory=64 * 1024 * 1024)


@pytest.mark.parametrize("code", ["import os; os.abort()", "print('[')", "raise SystemExit(3)", ""])
def test_a_reading_that_breaks_off_is_no_error_of_ours(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    _instead(monkeypatch, code)
    assert problems(client.post("/check/", {"text": "年报"})) == ["读取时发生错误，文件可能已损坏。"]


def test_whoever_comes_while_others_are_served_is_asked_to_wait(client: Client) -> None:
    with others_being_read():
        response = client.post("/check/", {"text": text_of("PDS19")})
    assert response.status_code == 503
    assert "现在读取报告的人比较多" in problems(response)[0]
    assert WRONG in response.content.decode()  # what was pasted is still there
    assert send(client, in_order().encode()).title == "核对结果"


def test_each_address_has_its_hourly_share(client: Client, settings: Any) -> None:
    settings.CHECKS_PER_HOUR, settings.TRUSTED_PROXIES = 2, 1
    text = {"text": in_order()}
    for _ in range(2):
        assert client.post("/check/", text, headers={"X-Forwarded-For": "10.1.1.1"}).status_code == 200
    refused = client.post("/check/", text, headers={"X-Forwarded-For": "10.1.1.1"})
    assert refused.status_code == 429
    assert problems(refused) == ["同一网络地址一小时内最多核对2份，请稍后再来。"]
    assert client.post("/check/", text, headers={"X-Forwarded-For": "10.1.1.2"}).status_code == 200
    # What was refused on the form costs nothing.
    assert Attempt.objects.filter(purpose="check").count() == 3
    client.post("/check/", {}, headers={"X-Forwarded-For": "10.1.1.3"})
    assert Attempt.objects.filter(purpose="check").count() == 3


def _instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another program in place of the reader."""
    monkeypatch.setattr(confine, "_COMMAND", (sys.executable, "-c", code))


# --- what stays behind -----------------------------------------------------------------------------------------------


def test_nothing_of_a_file_is_kept(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # the house's other uploads would go through a temporary file

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("an upload was written down")

    monkeypatch.setattr(TemporaryUploadedFile, "__init__", refuse)
    home = set(django_settings.HOME.path.rglob("*"))
    rows = {model: model._default_manager.count() for model in apps.get_models()}
    before = SimpleUploadedFile("before.txt", text_of("PDS19").replace("2019", "2018").encode())
    result = send(client, text_of("MJ20").encode(), "孟津年报.txt", previous=before)
    result.json(client)
    assert set(django_settings.HOME.path.rglob("*")) == home
    assert {model: model._default_manager.count() for model in apps.get_models()} == rows
    assert caplog.text == ""
    assert "sessionid" not in client.cookies
    assert "no-store" in result.response["Cache-Control"]
    assert result.response["X-Robots-Tag"] == "noindex"


def test_the_count_of_an_address_holds_neither_address_nor_file(client: Client, settings: Any) -> None:
    settings.CHECKS_PER_HOUR = 5
    client.post("/check/", {"text": in_order()})
    (kept,) = Attempt.objects.values("purpose", "key")
    assert kept["purpose"] == "check"
    assert "127.0.0.1" not in kept["key"]


def test_the_reader_knows_no_secret_and_can_write_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GONGKAI_DATABASE_URL", "postgres://secret")
    _instead(
        monkeypatch,
        "import os, sys, json; sys.stdin.buffer.read(); print(json.dumps({'error': ' '.join(os.environ), 'of': 'report'}))",
    )
    with pytest.raises(confine.NotChecked) as told:
        confine.check(b"x", "x")
    assert {name for name in str(told.value).split() if name != "LC_CTYPE"} == {
        "PYTHONPATH",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
    }
    target = tmp_path / "file"
    code = (
        "import os\nfrom gongkai.reading.confined import confine\nconfine(9, 2**30)\n"
        f"os.write(os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY), b'x')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "File too large" in done.stderr
    assert target.stat().st_size == 0


def test_the_answer_is_bounded_and_can_always_be_written_down() -> None:
    text = in_order().replace("六、", "".join(f"一、标题{n}{'长' * 15}\n" for n in range(900)) + "六、", 1)
    answer = checked({REPORT: text.encode(), PREVIOUS: in_order().encode()}, "a\ud800")
    assert len(answer["findings"]) == 300
    assert answer["left_off"] > 0
    assert all(len(f["quote"]) <= 400 and len(f["message"]) <= 400 for f in answer["findings"])
    assert len(json.dumps(confine.check(text.encode(), "a\ud800"))) < 1_000_000


# --- the page as a page ----------------------------------------------------------------------------------------------


def test_the_form_needs_its_token_but_no_account(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/check/", {"text": in_order()}).status_code == 403
    token = Result(strict.get("/check/")).page.xpath("//main//input[@name='csrfmiddlewaretoken']/@value")[0]
    data = {"csrfmiddlewaretoken": token, "text": in_order()}
    assert Result(strict.post("/check/", data)).title == "核对结果"


def test_the_page_asks_the_database_as_little_for_any_report(
    client: Client, settings: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    settings.CHECKS_PER_HOUR = 100
    with django_assert_num_queries(0):
        client.get("/check/")
    for name in ("PDS19", "SY23", "HZ23"):
        # Begin, forget what is older than an hour, count, write down, commit.
        with django_assert_num_queries(5):
            seed(client, name)


def test_the_check_is_found_where_a_reader_of_reports_looks(client: Client, world: object) -> None:
    for path in ("/", "/reports/", "/o/city-office/reports/", "/site-map/", "/sitemap.xml"):
        assert "/check/" in client.get(path).content.decode(), path
    assert client.get("/check/").status_code == 200
    assert "noindex" not in str(client.get("/check/").headers)


def test_the_answer_carries_the_strict_policy(client: Client) -> None:
    response = seed(client, "LY19").response
    assert "unsafe" not in response["Content-Security-Policy"]
    assert " style=" not in response.content.decode()
    assert published.path("LY19").name in response.content.decode()
