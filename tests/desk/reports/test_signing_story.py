"""Our own report from draft to print: drafted with chips, blocked by two findings, mended, explained, signed, published;
and page, Word and PDF agree to the digit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gongkai.annualreport import actions, queries, seals, sections
from gongkai.annualreport.models import FindingAcceptance
from tests.annualreport.records import case, keep_all
from tests.annualreport.rendering.samples import bare, numbers, read
from tests.desk.reports.story import REASON, cookie, to_signature
from tests.support.browser import DESKTOP, NARROW, PHONE, scrolls_sideways, violations
from tests.support.typefaces import need_chinese
from tests.support.world import World, small_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = dt.date


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("GONGKAI_TODAY", "2023-01-20")
    world = small_city()
    keep_all(world.organs["city"])
    for day in range(1, 6):
        case(world.organs["city-edu"], received=D(2022, 3, day), closed=D(2022, 3, 20))
    return world


def test_the_office_is_blocked_mends_explains_and_the_leader_signs(
    city: World, live_server: Any, open_page: Callable[..., Any]
) -> None:
    version = to_signature(live_server.url, city, "city-edu", 2022, open_page)
    assert version.state == "signed"
    assert version.hash == seals.fingerprint(version)
    assert FindingAcceptance.objects.get().reason == REASON
    received = queries.figures_of(version).number("table3.new_received.total")
    assert received == 5
    told = {paragraph.label: paragraph for paragraph in sections.printed(version).parts[0].paragraphs}
    assert told["主动公开"].text == "2022年新收申请5件，已处理。"
    assert told["依申请公开"].text == "2022年共收到政府信息公开申请5件，全部按时答复。"
    linked = [piece for piece in told["依申请公开"].pieces if piece.cell]
    assert [(piece.text, piece.cell) for piece in linked] == [(str(received), "table3.new_received.total")]


def test_what_was_signed_is_published_alike_as_page_word_and_pdf(
    city: World, live_server: Any, open_page: Callable[..., Any]
) -> None:
    need_chinese()
    version = to_signature(live_server.url, city, "city-edu", 2022, open_page)
    here = f"{live_server.url}/desk/reports/{version.report_id}/v{version.number}/"
    office = open_page()
    office.context.add_cookies([cookie(live_server.url, city, "city-edu-office")])
    office.goto(here)
    office.get_by_role("button", name="公布", exact=True).click()
    office.get_by_text("已公布，网址永久有效").wait_for()

    public = open_page()
    public.goto(f"{live_server.url}/reports/city-edu/2022/")
    public.get_by_text("2022年共收到政府信息公开申请5件").wait_for()
    frozen = queries.figures_of(version).numbers
    words = sections.printed(version).parts
    address = f"{live_server.url}/reports/city-edu/2022/v{version.number}/"
    for name in ("", "report.docx", "report.pdf"):
        found = read(public.request.get(address + name).body())
        assert {path: cell.number for path, cell in found.cells.items()} == frozen, name
        for part in words:
            said, told = numbers("".join(one.text for one in part.paragraphs)), found.sections[part.key]
            assert "/".join(said) in "/".join(numbers(told)), (name, part.key)
            assert all(bare(one.text) in bare(told) for one in part.paragraphs), (name, part.key)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, NARROW], ids=["1280", "375", "320"])
def test_axe_finds_nothing_where_words_are_written(
    city: World, live_server: Any, open_page: Callable[..., Any], size: dict[str, int]
) -> None:
    from tests.annualreport.flow import draft, reporter

    version = draft(city, "city-edu", 2022)
    actions.write(
        by=reporter(city, "city-edu", "office"),
        version=version,
        texts={
            ("s1", "on_request"): "收到政府信息公开申请9件，较上年{{growth:table3.new_received.total}}。",
            ("s1", "supervision"): "二是把公开纳入考核。",
        },
    )
    page = open_page(viewport=size)
    page.context.add_cookies([cookie(live_server.url, city, "city-edu-office")])
    here = f"{live_server.url}/desk/reports/{version.report_id}/v1/"
    for address in (here, f"{here}write/s1.on_request/", f"{here}write/s5.problems/"):
        page.goto(address)
        folded = page.locator("main details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address
