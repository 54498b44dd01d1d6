"""The static rooms of the portal: home, organs and their four columns, site map, errors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.documents.models import Document, Validity
from gongkai.organs.models import Organ
from tests.support.world import TEST, World

PAGES = (
    "/",
    "/search/?q=甲市",
    "/o/",
    "/o/?q=西县",
    "/o/city/",
    "/o/city-office/",
    "/o/city-office/guide/",
    "/o/city-office/rules/",
    "/o/city-office/content/",
    "/o/city-office/reports/",
    "/o/city/content/A01/",
    "/o/city/content/B1/",
    "/o/city/profile/",
    "/o/city/columns/",
    "/o/city/columns/?on=2020-01-01",
    "/o/city/gathered/",
    "/policies/",
    "/policies/notice/",
    "/interpretations/",
    "/apply/",
    "/o/city-office/apply/",
    "/track/",
    "/track/lost/",
    "/account/sign-in/",
    "/account/register/",
    "/reports/",
    "/check/",
    "/site-map/",
    "/accessibility/",
)


def _text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def _document(
    organ: Organ,
    title: str,
    *,
    number: str = "",
    shown: dt.date | None = dt.date(2022, 1, 10),
    until: dt.date | None = None,
) -> Document:
    document = documents.add_document(
        by=TEST, organ=organ, kind="normative_docs", title=title, made_on=dt.date(2022, 1, 5), number=number
    )
    if shown:
        fact = documents.release(document, by=TEST, channel="政府网站", on=shown)
        if until:
            documents.withdraw_release(fact, by=TEST, on=until, reason="发布有误")
    return document


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_lightly_with_title_landmarks_and_meta(
    client: Client, world: World, index: Callable[[], None], path: str
) -> None:
    index()
    html = _text(client, path)
    assert len(html.encode()) < 100_000
    assert html.count("<h1") == 1
    assert 'lang="zh-CN"' in html
    assert 'href="#main"' in html
    assert '<main id="main"' in html
    for tag in ("SiteName", "SiteDomain", "SiteIDCode"):
        assert html.count(f'<meta name="{tag}" content="') == 1
        assert f'<meta name="{tag}" content=""' not in html
    assert re.search(r"<title>[^<]+</title>", html)


def test_a_column_page_carries_its_four_tags(client: Client, world: World) -> None:
    html = _text(client, "/o/city-office/guide/")
    assert '<meta name="ColumnName" content="政府信息公开指南">' in html
    for tag in ("ColumnDescription", "ColumnKeywords", "ColumnType"):
        assert html.count(f'<meta name="{tag}" content="') == 1


def test_the_four_statutory_columns_stand_in_their_order_with_the_application_beside(
    client: Client, world: World
) -> None:
    html = _text(client, "/o/city-office/")
    labels = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"]
    side = html[html.index('class="side-index"') :]
    places = [side.index(label) for label in labels]
    assert places == sorted(places)


def test_the_guide_shows_what_article_12_asks_for_and_what_is_missing(client: Client, world: World) -> None:
    Organ.objects.filter(code="city-office").update(
        address="甲市乙区某某路1号",
        phones="0000-1234567",
        office_hours="工作日9:00—17:00",
        fax="0000-7654321",
    )
    html = _text(client, "/o/city-office/guide/")
    for words in (
        "甲市人民政府办公室",
        "甲市乙区某某路1号",
        "0000-1234567",
        "工作日9:00—17:00",
        "0000-7654321",
        "甲市乙区人民法院",
        "20个工作日",
        "更新日期",
    ):
        assert words in html
    assert html.count("未登记") == 3  # postcode twice (facts and mail), e-mail


def test_a_past_organ_says_who_continues_it(client: Client, world: World) -> None:
    assert "由甲市西区人民政府承接" in _text(client, "/o/old-b/")


def test_only_what_is_shown_today_is_listed(client: Client, world: World) -> None:
    organ = world.organs["city-office"]
    with clock.on_day(dt.date(2022, 6, 2)):
        _document(organ, "公开的文件", number="甲政办〔2022〕1号")
        _document(organ, "没有公开的文件", shown=None)
        _document(organ, "撤下的文件", until=dt.date(2022, 2, 1))
        _document(organ, "明天公开的文件", shown=dt.date(2022, 6, 2))
        _document(world.organs["city-edu"], "别的机关的文件")
    with clock.on_day(dt.date(2022, 6, 1)):
        html = _text(client, "/o/city-office/content/")
        found = _text(client, "/o/city-office/content/?q=办〔2022〕1")
        nothing = _text(client, "/o/city-office/content/?q=乌有")
    assert "公开的文件" in html
    for hidden in ("没有公开的文件", "撤下的文件", "明天公开的文件", "别的机关的文件"):
        assert hidden not in html
    assert "甲政办〔2022〕1号" in found
    assert "没有找到标题或文号含“乌有”的文件" in nothing


def test_a_repealed_document_says_so(client: Client, world: World) -> None:
    with clock.on_day(dt.date(2022, 6, 1)):
        document = _document(world.organs["city-office"], "旧办法")
        documents.change_validity(
            document, by=TEST, kind=Validity.REPEALED, on=dt.date(2022, 3, 1), decided_by="甲政办〔2022〕9号"
        )
        assert "已废止或失效" in _text(client, "/o/city-office/content/")


def test_lists_cost_the_same_however_long_they_are(
    client: Client, world: World, django_assert_num_queries: object
) -> None:
    organ = world.organs["city-office"]
    for number in range(1, 31):
        _document(organ, f"文件{number}", number=f"甲政办〔2022〕{number}号")
    with django_assert_num_queries(8):  # type: ignore[operator]
        html = _text(client, "/o/city-office/")
    assert html.count("<time datetime=") == 20
    assert "共 30 件" in html
    onward = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert _text(client, f"/o/city-office/{onward}").count("<time datetime=") == 10


def test_internal_units_have_no_page_and_no_place_in_lists(client: Client, world: World) -> None:
    world.organ("unit", "内设科室", "unit", "city", "city-office")
    assert client.get("/o/unit/").status_code == 404
    assert "内设科室" not in _text(client, "/o/?q=内设")


def test_an_organ_that_takes_no_applications_says_whom_to_ask(client: Client, world: World) -> None:
    Organ.objects.filter(code="city-edu").update(accepts_requests=False)
    assert "不直接受理申请" in _text(client, "/o/city-edu/apply/", 404)
    assert "/o/city-edu/apply/" not in _text(client, "/apply/")


@pytest.mark.parametrize("path", ["/nothing/", "/o/nobody/", "/reports/city/1999/", "/reports/city/2022/v9/"])
def test_what_is_not_there_is_a_courteous_404(client: Client, world: World, path: str) -> None:
    html = _text(client, path, 404)
    assert "没有找到这一页" in html
    assert "网站地图" in html


def test_the_fixed_day_of_a_demo_is_said_on_every_page(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "演示环境" not in _text(client, "/")
    monkeypatch.setenv("GONGKAI_TODAY", "2022-12-30")
    assert "演示环境，日期固定为2022年12月30日，人物与内容均为虚构" in _text(client, "/")


def test_robots_and_sitemap(client: Client, world: World) -> None:
    assert "Disallow: /desk/" in _text(client, "/robots.txt")
    assert "http://testserver/o/city-office/" in _text(client, "/sitemap.xml")


def test_writing_to_a_page_that_only_shows_is_refused(client: Client, world: World) -> None:
    assert client.post("/o/").status_code == 405


def test_an_abolished_organ_sends_applicants_to_its_successor(client: Client, world: World) -> None:
    Organ.objects.filter(code="old-b").update(valid_to=dt.date(2021, 3, 17))
    html = _text(client, "/o/old-b/apply/", 404)
    assert 'href="/o/county-b/apply/"' in html
    assert "/o/old-b/apply/" not in _text(client, "/o/old-b/")


def test_a_page_without_its_token_and_a_broken_page_stay_courteous(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/track/", {"reference": "x"})
    assert refused.status_code == 403
    assert "您填写的内容没有被提交" in refused.content.decode()

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr("gongkai.portal.public_organs.roots", broken)
    client.raise_request_exception = False
    failed = client.get("/o/")
    assert failed.status_code == 500
    assert "系统出了问题" in failed.content.decode()
    assert "RuntimeError" not in failed.content.decode()


@pytest.mark.parametrize(
    ("given", "words", "not_words"),
    [
        ({"reference": "x" * 4_000_000}, "一次提交的文字超过 2 MB", "文件太多"),
        ({f"field{number}": "x" for number in range(500)}, "项目或者文件太多", "MB"),
    ],
)
def test_too_much_at_once_is_called_by_its_name(
    client: Client, settings: Any, given: dict[str, str], words: str, not_words: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
    refused = client.post("/track/", given)
    assert refused.status_code == 413
    said = refused.content.decode().partition("<h1>")[2]
    assert words in said
    assert "没有保存" in said
    assert not_words not in said


def test_the_front_page_asks_the_database_little(
    client: Client, world: World, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(9):  # the organ, its columns, a block each, the services, the reports
        response = client.get("/")
    assert "Cookie" in response["Vary"]
