"""核对年报 in a real browser: uploaded, pasted, read by links and on paper, at a desktop's and a narrow phone's width."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reading import published
from tests.support.browser import DESKTOP, NARROW, PHONE, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _sound(page: Any, where: str) -> None:
    assert violations(page) == [], where
    assert not scrolls_sideways(page), where


def _upload(page: Any, address: str, name: str) -> None:
    page.goto(f"{address}/check/")
    page.set_input_files("[name=report]", published.path(name))
    page.locator("main button.btn--primary").click()
    page.locator("h1", has_text="核对结果").wait_for()


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320px"])
def test_form_errors_and_every_published_report_are_sound(
    live_server: Any, open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    page = open_page(viewport=size)
    page.goto(f"{live_server.url}/check/")
    _sound(page, "form")
    page.locator("main button.btn--primary").click()
    page.locator(".error-summary:focus").wait_for()
    _sound(page, "nothing given")
    page.locator(".error-summary a").click()
    page.locator("#id_report:focus").wait_for()
    for name in ("LY19", "XG20", "HZ23", "SY23"):  # faults, inferred cells, mends, blanks
        _upload(page, live_server.url, name)
        _sound(page, name)


@pytest.mark.parametrize("modes", ["elder", "contrast"])
def test_other_ways_of_reading_are_as_sound(
    live_server: Any, open_page: Callable[..., Any], modes: str
) -> None:
    page = open_page(viewport=PHONE)
    page.context.add_cookies([{"name": "reading", "value": modes, "url": live_server.url}])
    _upload(page, live_server.url, "HZ23")
    _sound(page, modes)


def test_a_finding_leads_to_its_cell_and_the_cell_back(
    live_server: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    _upload(page, live_server.url, "HZ23")
    page.locator("#f1 a", has_text="行政复议·总计").first.click()
    cell = page.locator("td:target")
    assert cell.inner_text().split("\n") == ["0", "▲错1", "可改为 11"]
    assert cell.locator("a").get_attribute("aria-label") == "0，可改为 11，发布错误第1处"
    cell.locator("a").click()
    assert page.locator("li:target").inner_text().startswith("1 表四各组：总计等于四类结果之和。")
    hatched = "getComputedStyle(document.querySelector('.legend .unknown')).backgroundImage"
    assert "repeating-linear-gradient" in page.evaluate(hatched)


def test_the_result_is_downloaded_without_script(
    live_server: Any, open_page: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/check/")
    page.locator("[name=text]").fill(published.path("PDS19").read_text("utf-8"))
    page.locator("main button.btn--primary").click()
    assert page.locator("#f1").inner_text().startswith("1 文中结转数与表三 N-CARRY")
    assert not page.get_by_role("button", name="打印").is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 JSON").click()
    assert waiting.value.suggested_filename == "check-2019.json"
    waiting.value.save_as(tmp_path / "check.json")
    data = json.loads((tmp_path / "check.json").read_text("utf-8"))
    assert (data["organ"], data["report_year"]) == ("平顶山市人民政府", 2019)
    assert page.locator("h1").inner_text() == "核对结果"  # the page is still there


def test_the_printed_result_is_findings_and_tables_alone(
    live_server: Any, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    _upload(page, live_server.url, "LY19")
    page.emulate_media(media="print")
    for shown in ("#f1", "#table3 ~ .table-box", ".legend"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".site-nav", ".side-index", "main .actions", ".breadcrumb"):
        assert not page.locator(hidden).first.is_visible(), hidden
