"""Every public page against the norms: header, footer FT1–FT8, meta tags T1–T10 by sort of page, weight (the one checker)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.documents import actions as documents
from gongkai.documents.models import Document
from gongkai.inspection.pages import COLUMN, CONTENT, SITE, Expected, check, sort_of
from gongkai.portal import outbound
from gongkai.portal.urls import urlpatterns
from tests.portal.test_reports import CELL, published  # noqa: F401  the fixture
from tests.support.world import TEST, World

TODAY = dt.date(2023, 1, 16)
SITE_VALUES = {
    "name": "甲市人民政府",
    "domain": "www.jiashi.gov.cn",
    "id_code": "4100000001",
    "icp": "豫ICP备05000001号-1",
    "police": "豫公网安备 41000002000001号",
    "host": "甲市人民政府办公室",
    "contact": "0000-1234567",
    "report_errors_url": "https://zfwzgl.www.gov.cn/exposure/jiucuo.html",
    "emblem": "https://bszs.conac.cn/sitename?method=show&id=1",
}
TAGS = {"SiteName": "甲市人民政府", "SiteDomain": "www.jiashi.gov.cn", "SiteIDCode": "4100000001"}
PAGES: dict[str, str] = {
    "/": SITE,
    "/search/": COLUMN,
    "/search/?q=甲市": COLUMN,
    "/o/": COLUMN,
    "/o/?q=西": COLUMN,
    "/o/city/": COLUMN,
    "/o/city/guide/": COLUMN,
    "/o/city/guide/1/": COLUMN,
    "/o/city/rules/": COLUMN,
    "/o/city/content/": COLUMN,
    "/o/city/content/A01/": COLUMN,
    "/o/city/profile/": COLUMN,
    "/o/city/columns/": COLUMN,
    "/o/city/gathered/": COLUMN,
    "/o/city/reports/": COLUMN,
    "/o/city/c/news/": COLUMN,
    "/o/city/c/flood/": COLUMN,
    "/o/city-office/apply/": COLUMN,
    "/policies/": COLUMN,
    "/policies/normative_docs/": COLUMN,
    "/interpretations/": COLUMN,
    "leaving": COLUMN,
    "/apply/": COLUMN,
    "/account/sign-in/": COLUMN,
    "/account/register/": COLUMN,
    "/track/": COLUMN,
    "/track/lost/": COLUMN,
    "/reports/": COLUMN,
    "/reports/city-office/2022/": CONTENT,
    "/reports/city-office/2022/v1/": CONTENT,
    f"/reports/city-office/2022/v1/cells/{CELL}/": COLUMN,
    "/check/": COLUMN,
    "/site-map/": COLUMN,
    "/accessibility/": COLUMN,
    "/nothing/": SITE,
}
# Not pages of their own: files, feeds and machine answers; switches; what one only reaches in the course of one's own case.
OTHERS = {
    "document-file",
    "policy-feed",
    "interpretation-feed",
    "site-logo",
    "column-feed",
    "report-download",
    "check-json",
    "reading",
    "sitemap-xml",
    "sitemap-documents",
    "robots",
    "track-leave",
    "track-act",
    "track-file",
    # behind the sign-in of a visitor's account, asked by the tests of accounts
    "account",
    "account-sign-out",
    "account-profile",
    "account-password",
    "account-delete",
    "account-take-in",
    "account-application",
    "account-provider",
    "account-provider-back",
}


@pytest.fixture
def everything(
    published: World,  # noqa: F811
    index: Callable[[], None],
    settings: Any,
) -> Iterator[World]:
    settings.SITE = SITE_VALUES
    world = published
    city = world.organs["city"]
    with clock.on_day(TODAY):
        given: dict[str, Any] = {"by": TEST, "organ": city, "description": "说明", "on": dt.date(2020, 1, 1)}
        news = Rule(kinds=("news", "normative_docs"), organs=SUBTREE)
        actions.add_column(slug="news", title="甲市要闻", feed=[news], front=1, **given)
        topic = actions.add_column(slug="flood", title="防汛专题", kind="topic", **given)
        actions.archive_column(topic, by=TEST, on=dt.date(2022, 1, 1), reason="结束")
        actions.publish_guide(by=TEST, organ=city, on=dt.date(2022, 1, 1))
        made = documents.add_document(
            by=TEST, organ=city, kind="normative_docs", title="供水管理意见", made_on=dt.date(2022, 3, 1)
        )
        documents.release(made, by=TEST, channel="政府网站", on=dt.date(2022, 3, 2), at=dt.time(9, 5))
        index()
        yield world


def test_every_public_page_keeps_every_rule(client: Client, everything: World) -> None:
    broken: dict[str, list[str]] = {}
    for named, sort in PAGES.items():
        path = outbound.address("https://example.com/") if named == "leaving" else named
        response = client.get(path)
        assert response.status_code == (404 if path == "/nothing/" else 200), path
        found = [str(one) for one in check(response.content, Expected(sort, TAGS))]
        if sort_of(response.content) != sort:
            found.append(f"is a page of sort {sort_of(response.content)}, not {sort}")
        if found:
            broken[path] = found
    assert broken == {}


def test_a_document_carries_all_ten_tags(client: Client, everything: World) -> None:
    tags = TAGS | {
        "ArticleTitle": "供水管理意见",
        "PubDate": "2022-03-02 09:05",
        "ContentSource": "甲市人民政府",
    }
    document = Document.objects.get(title="供水管理意见")
    html = client.get(f"/d/{document.pk}/").content
    assert [str(one) for one in check(html, Expected(CONTENT, tags))] == []


def test_no_page_is_forgotten() -> None:
    named = {str(one.name) for one in urlpatterns}
    paths = {path.partition("?")[0] for path in PAGES} - {"/nothing/", "leaving"}
    asked = {resolve(path).url_name for path in paths} | {"document", "outbound"}
    assert named - asked - OTHERS == set(), "new public pages belong into PAGES here"
