"""Links out of the government's sites: which are foreign, where they lead, and that nobody can borrow the page."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import escape

from gongkai.documents import richtext
from gongkai.monitoring import actions
from gongkai.monitoring.models import ServiceLink
from gongkai.portal import outbound
from tests.support.world import TEST

WORDS = "您将要访问的链接不属于本站/政府网站，请确认是否继续访问"


@pytest.mark.parametrize(
    ("href", "host"),
    [
        ("/d/5/", ""),
        ("d/5/?a=//x", ""),
        ("#top", ""),
        ("mailto:a@example.com", ""),
        ("tel:0379", ""),
        ("https://www.gov.cn/zhengce/", ""),
        ("http://www.ly.gov.cn:8080/a", ""),
        ("http://河南.政务/", ""),
        ("http://testserver/a", ""),
        ("https://example.com/a?b=1#c", "example.com"),
        ("HTTPS://EXAMPLE.com", "example.com"),
        ("//example.com/a", "example.com"),
        ("/\\example.com", "example.com"),
        ("http:\\\\example.com", "example.com"),
        ("ht\ntp://example.com", "example.com"),
        ("https://www.gov.cn@example.com/", "example.com"),
        ("https://example.com/?www.gov.cn", "example.com"),
        ("https://gov.cn.example.com/", "gov.cn.example.com"),
        ("https://fakegov.cn/", "fakegov.cn"),
        ("\x01//example.com", "example.com"),
        (" \x00\x1fhttps://example.com", "example.com"),
        ("\x01 //example.com", "example.com"),
        ("https://[broken/", "?"),
    ],
)
def test_what_is_foreign(db: None, settings: Any, href: str, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    assert outbound.foreign_host(href) == host


def test_a_pattern_for_every_host_makes_no_foreign_one_ours(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*", ".example.org"]
    assert outbound.foreign_host("https://example.com/") == "example.com"
    assert outbound.foreign_host("https://a.example.org/") == ""


def test_trusted_domains_and_those_below_need_no_warning(db: None) -> None:
    row = actions.trust_domain(by=TEST, name="people.com.cn", reason="中央媒体")
    assert outbound.foreign_host("https://henan.people.com.cn/a") == ""
    assert outbound.foreign_host("https://notpeople.com.cn/a") == "notpeople.com.cn"
    actions.distrust_domain(row, by=TEST)
    assert outbound.foreign_host("https://henan.people.com.cn/a") == "henan.people.com.cn"


def test_links_of_a_text_are_led_through_the_page(db: None, client: Client) -> None:
    kept = richtext.clean(
        '<p>见<a href="https://example.com/a?b=1&c=>2">网页</a>、<a href="https://www.gov.cn/">政府网</a>、<a href="/d/1/">本站</a></p>'
    ).html
    shown = outbound.guarded(kept)
    links = [unescape(one) for one in re.findall(r'href="([^"]*)"', shown)]
    assert links[1:] == ["https://www.gov.cn/", "/d/1/"]
    assert links[0].startswith("/leaving/?to=https%3A%2F%2Fexample.com")
    page = client.get(links[0])
    text = page.content.decode()
    assert page.status_code == 200
    assert WORDS in text
    assert '<a class="btn btn--primary" href="https://example.com/a?b=1&amp;c=' in text
    assert ">继续</a>" in text
    assert ">取消</a>" in text


def test_nobody_is_taken_on_by_himself(db: None, client: Client) -> None:
    answer = client.get(outbound.address("https://example.com/"))
    assert "Location" not in answer
    assert "Refresh" not in answer
    assert "http-equiv" not in answer.content.decode()
    assert answer["X-Robots-Tag"].startswith("noindex")


@pytest.mark.parametrize("to", ["https://evil.example/", "javascript:alert(1)", "", "//evil.example"])
def test_an_address_that_stands_in_no_record_has_no_page(db: None, client: Client, to: str) -> None:
    good = outbound.address("https://example.com/").partition("key=")[2]
    for key in ("", "x", good):
        assert client.get(f"/leaving/?to={quote(to, safe='')}&key={key}").status_code == 404


def test_a_script_is_not_lent_a_signature(db: None, client: Client) -> None:
    assert outbound.address("javascript:alert(1)") == "javascript:alert(1)"
    from django.core import signing

    key = signing.Signer(salt="portal.outbound").signature("javascript:alert(1)")
    assert client.get(f"/leaving/?to=javascript:alert(1)&key={key}").status_code == 404


def test_cancel_leads_back_to_this_site_only(db: None, client: Client) -> None:
    address = outbound.address("https://example.com/")
    own = client.get(address, headers={"referer": "http://testserver/d/5/"}).content.decode()
    assert '<a class="btn" href="/d/5/">取消</a>' in own
    for referer in ("https://evil.example/", "http://testserver.evil.example/"):
        foreign = client.get(address, headers={"referer": referer}).content.decode()
        assert '<a class="btn" href="/">取消</a>' in foreign
    for referer in ("http://testserver//evil.example/x", "http://testserver/\\/evil.example/x"):
        turned = client.get(address, headers={"referer": referer}).content.decode()
        assert '<a class="btn" href="/evil.example/x">取消</a>' in turned


def test_every_address_of_a_record_is_led_through_the_page(db: None) -> None:
    foreign = "https://example.com/a"
    link = ServiceLink(title="办事", url=foreign)
    entry = SimpleNamespace(
        code="a",
        year=2022,
        source="来源",
        source_url=foreign,
        downloads=(),
        current=SimpleNamespace(number=1, published_on=None, hash=""),
    )
    for template, more in (
        ("parts/services.html", {"services": [link]}),
        ("report_entry.html", {"entry": entry}),
    ):
        shown = render_to_string(f"portal/{template}", more)
        assert f'href="{foreign}"' not in shown, template
        assert f'href="{escape(outbound.address(foreign))}"' in shown, template
