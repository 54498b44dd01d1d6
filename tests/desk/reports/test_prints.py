"""A report on paper from the desk: drafts that say so, the archived files of signed ones, and nothing for others."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import docx
import pypdfium2
import pytest
from django.test import Client

from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rendering import fonts, prints
from gongkai.annualreport.rendering.models import Print
from gongkai.base import files, outbox
from tests.annualreport.flow import draft, sign_off
from tests.annualreport.records import case, keep_all
from tests.annualreport.rendering.samples import bare, read
from tests.support.typefaces import need_chinese
from tests.support.world import World

SignIn = Callable[[str], Client]


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    case(world.organs["city-edu"], received=dt.date(2022, 5, 5), closed=dt.date(2022, 5, 20))
    return world


def _print(client: Client, version: ReportVersion, kind: str, status: int = 200) -> bytes:
    response = client.get(f"/desk/reports/{version.report_id}/v{version.number}/print/{kind}/")
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"] or status == 404
    return bytes(response.content)


def test_a_draft_prints_with_its_mark_and_is_kept_nowhere(kept: World, sign_in: SignIn) -> None:
    need_chinese()
    version, client = draft(kept, "city-edu", 2022), sign_in("city-edu-office")
    word = docx.Document(io.BytesIO(_print(client, version, "docx")))
    assert word.sections[0].header.paragraphs[0].text == "草　稿　未经签发，数字和文字以签发的版本为准"
    content = _print(client, version, "pdf")
    for page in pypdfium2.PdfDocument(content):
        assert "草稿未经签发" in bare(page.get_textpage().get_text_range())
    found = read(content)
    assert found.cells["table3.new_received.natural_person"].number == 1
    assert "统计期限" in found.sections["s0"]  # the generated sentences are there as well
    assert not Print.objects.exists()
    page = client.get(f"/desk/reports/{version.report_id}/").content.decode()
    assert "打印草稿" in page
    assert f'href="/desk/reports/{version.report_id}/v1/print/pdf/"' in page


def test_a_draft_marks_the_figures_nobody_knows(world: World, sign_in: SignIn) -> None:
    version = draft(world, "city-edu", 2022, words=False)  # nothing is covered: everything is unknown
    word = docx.Document(io.BytesIO(_print(sign_in("city-edu-office"), version, "docx")))
    assert word.tables[1].cell(3, 3).text == "未知"


def test_of_a_signed_version_the_archived_bytes_are_given(kept: World, sign_in: SignIn) -> None:
    need_chinese()
    version, client = sign_off(kept, "city-edu", 2022), sign_in("city-edu-office")
    _print(client, version, "pdf", 404)
    page = client.get(f"/desk/reports/{version.report_id}/").content.decode()
    assert page.count("正在生成，请稍后刷新") == 2
    outbox.drain()
    page = client.get(f"/desk/reports/{version.report_id}/").content.decode()
    for kind, made in prints.of_version(version).items():
        assert _print(client, version, kind) == prints.content(made)
        assert made.sha256 in page
    _print(client, version, "exe", 404)
    files.location(prints.of_version(version)["pdf"].file.key).unlink()
    assert "与存档时的校验值不符" in _print(client, version, "pdf", 503).decode()


def test_nobody_prints_what_they_may_not_see(kept: World, sign_in: SignIn) -> None:
    version = draft(kept, "city-edu", 2022)
    for name in ("city-office-handler", "county-a-office", "city-edu-operator"):
        _print(sign_in(name), version, "docx", 404)
    response = Client().get(f"/desk/reports/{version.report_id}/v1/print/docx/")
    assert response.status_code == 302


def test_without_a_typeface_the_desk_says_so(
    kept: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = fonts.installed("", system=False)
    monkeypatch.setattr(fonts, "installed", lambda folder="", system=True: none)
    version, client = draft(kept, "city-edu", 2022), sign_in("city-edu-office")
    assert "没有找到中文宋体或仿宋字体" in _print(client, version, "pdf", 503).decode()
    assert _print(client, version, "docx").startswith(b"PK")
