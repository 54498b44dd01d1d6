"""The search page: what is found, how it is narrowed, and what a reader is told when nothing is."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.documents import actions as documents
from gongkai.documents.models import Document, Edition
from gongkai.organs.models import Organ
from gongkai.search import engine
from tests.support.world import TEST, World

HOSTILE = '<script>alert(1)</script><b onclick="x">住房</b>&amp; "\'><mark>'


def _get(client: Client, status: int = 200, **asked: Any) -> str:
    response = client.get("/search/", asked)
    assert response.status_code == status
    return str(response.content.decode())


def _titles(page: str) -> list[str]:
    found = re.findall(r"<h2><a [^>]*>(.*?)</a>", page)
    return [html.unescape(re.sub(r"</?mark>", "", one)) for one in found]


def _counts(page: str) -> dict[str, int]:
    found = re.findall(r'>(\w+)<span class="tabs__count">(\d+)</span>', page)
    return {label: int(number) for label, number in found}


def _publish(organ: Organ, title: str, body: str = "", number: str = "", **given: Any) -> Document:
    day = given.pop("made_on", dt.date(2022, 1, 5))
    document = documents.add_document(
        by=TEST,
        organ=organ,
        kind=given.pop("kind", "normative_docs"),
        title=title,
        made_on=day,
        number=number,
        body=body,
        **given,
    )
    documents.release(document, by=TEST, channel="政府网站", on=day)
    return document


@pytest.fixture
def library(world: World, index: Callable[[], None]) -> World:
    office, county = world.organs["city-office"], world.organs["county-a"]
    _publish(office, "城中村改造补偿办法", "货币补偿与住房安置相结合。" * 20, "甲政办〔2022〕5号")
    _publish(office, "公共租赁住房管理办法", "面向住房困难家庭。", made_on=dt.date(2019, 3, 1))
    gone = _publish(county, "旧的住房办法", "住房", "东政〔2020〕1号", made_on=dt.date(2020, 3, 1))
    documents.change_validity(
        gone, by=TEST, kind="repealed", on=dt.date(2021, 1, 1), decided_by="东政〔2021〕1号"
    )
    documents.add_document(
        by=TEST, organ=office, kind="normative_docs", title="未公开的住房草案", made_on=dt.date(2022, 1, 5)
    )
    index()
    return world


@pytest.mark.seed("S169")
def test_results_come_by_category_with_their_numbers(client: Client, library: World) -> None:
    page = _get(client, q="住房")
    assert _counts(page) == {"全部": 3, "政策文件": 3}
    page = _get(client, q="甲市")
    assert _counts(page)["机关"] == 6
    assert _counts(page)["政策文件"] == 3  # issued by an organ of that name
    organs = _get(client, q="甲市", kind="organs")
    assert _counts(organs) == _counts(page)
    assert 'href="?q=%E7%94%B2%E5%B8%82&amp;kind=organs" aria-current="page"' in organs
    assert len(_titles(organs)) == 6


def test_policies_what_explains_them_notices_and_news_stand_apart(
    client: Client, world: World, index: Callable[[], None]
) -> None:
    city = world.organs["city"]
    for kind in ("rules", "normative_docs", "other", "interpretation", "notice", "meeting", "news"):
        _publish(city, f"防汛材料{kind}", kind=kind)
    index()
    page = _get(client, q="防汛材料")
    assert _counts(page) == {"全部": 7, "政策文件": 3, "政策解读": 1, "通知公告和其他信息": 2, "政务动态": 1}
    assert _titles(_get(client, q="防汛材料", kind="interpretations")) == ["防汛材料interpretation"]
    assert "通知公告和其他信息</span>" in _get(client, q="防汛材料notice")


def test_catalogue_data_and_released_files_are_found(
    client: Client, world: World, index: Callable[[], None]
) -> None:
    day = dt.date(2022, 1, 5)
    document = documents.add_document(
        by=TEST, organ=world.organs["city"], kind="normative_docs", title="防汛办法", made_on=day
    )
    documents.describe(document, by=TEST, summary="适用于山洪多发地区", keywords="应急 转移")
    documents.attach(
        document.editions.get(),
        by=TEST,
        name="责任人名单.txt",
        content="西山水库责任单位为水利局".encode(),
        title="责任单位名单",
    )
    index()
    assert _titles(_get(client, q="西山水库")) == []
    documents.release(document, by=TEST, channel="政府网站", on=day)
    index()
    document.refresh_from_db()
    for words in ("西山水库", "责任单位名单", "山洪", "应急 转移"):
        assert _titles(_get(client, q=words)) == ["防汛办法"], words
    if document.index_no:
        assert _titles(_get(client, q=document.index_no, place="number")) == ["防汛办法"]
    assert "<mark>西山水库</mark>" in _get(client, q="西山水库")


def test_title_text_number_and_former_names_are_found(client: Client, library: World) -> None:
    assert _titles(_get(client, q="货币补偿")) == ["城中村改造补偿办法"]
    assert _titles(_get(client, q="城中村改造补偿办法"))[0] == "城中村改造补偿办法"
    for number in ("甲政办〔2022〕5号", "甲政办[2022]5号", "甲政办（２０２２）05", "甲政办 2022 5"):
        assert _titles(_get(client, q=number))[0] == "城中村改造补偿办法", number
    assert _titles(_get(client, q="5号", place="number")) == ["城中村改造补偿办法"]
    assert _titles(_get(client, q="货币", place="title")) == []
    assert "甲市西县人民政府" in _titles(_get(client, q="西县"))


def test_what_is_not_public_is_not_found_and_what_is_withdrawn_is_gone_at_once(
    client: Client, library: World, index: Callable[[], None]
) -> None:
    assert "未公开的住房草案" not in _get(client, q="住房草案")
    document = Document.objects.get(title="公共租赁住房管理办法")
    assert document.title in _titles(_get(client, q="住房"))
    documents.withdraw_release(document.releases.get(), by=TEST, on=clock.today(), reason="发布有误")
    assert document.title not in _get(client, q="住房")  # the index does not know of it yet
    index()
    assert _counts(_get(client, q="住房"))["政策文件"] == 2


def test_the_public_finds_the_released_wording_not_the_draft_of_the_next(
    client: Client, library: World, index: Callable[[], None]
) -> None:
    document = Document.objects.get(title="公共租赁住房管理办法")
    documents.open_edition(document, by=TEST, title="公共租赁住房管理办法（修订草案）", body="保密的数字")
    index()
    assert _titles(_get(client, q="保密的数字")) == []
    assert _titles(_get(client, q="公共租赁住房")) == ["公共租赁住房管理办法"]


def test_filters_narrow_by_organ_with_those_below_time_type_and_validity(
    client: Client, library: World
) -> None:
    city, county = library.organs["city"].code, library.organs["county-a"].code
    assert len(_titles(_get(client, q="住房", organ=city))) == 3
    assert _titles(_get(client, q="住房", organ=county)) == ["旧的住房办法"]
    assert len(_titles(_get(client, q="住房", organ="city-office"))) == 2
    assert _titles(_get(client, q="住房", until="2019-12-31")) == ["公共租赁住房管理办法"]
    assert _titles(_get(client, q="住房", since="2020-01-01", until="2021-12-31")) == ["旧的住房办法"]
    assert _titles(_get(client, q="住房", validity="repealed")) == ["旧的住房办法"]
    assert len(_titles(_get(client, q="住房", validity="in_force"))) == 2
    assert _titles(_get(client, q="住房", type="rules")) == []
    assert _titles(_get(client, q="住房", column="policy")) == []
    assert len(_titles(_get(client, validity="in_force"))) == 2


def test_newest_first_on_request(client: Client, library: World) -> None:
    assert _titles(_get(client, q="住房", sort="newest")) == [
        "城中村改造补偿办法",
        "旧的住房办法",
        "公共租赁住房管理办法",
    ]
    assert _titles(_get(client, type="normative_docs"))[0] == "城中村改造补偿办法"


def test_a_result_says_what_it_is_and_whether_it_is_still_in_force(client: Client, library: World) -> None:
    page = _get(client, q="旧的")
    for words in ("政策文件", "甲市东县人民政府", "行政规范性文件", "东政〔2020〕1号", "2020-03-01", "废止"):
        assert words in page
    assert "<mark>旧的</mark>" in page
    assert "废止</span>" not in _get(client, q="公共租赁")
    assert re.search(r'href="/d/\d+/"', page)


def test_hostile_text_is_shown_as_text(client: Client, world: World, index: Callable[[], None]) -> None:
    _publish(world.organs["city"], f"办法{HOSTILE}", HOSTILE * 5)
    index()
    page = _get(client, q=f"住房 {HOSTILE}")
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    assert _titles(page) == [f"办法{HOSTILE}"]
    assert "<mark>住房</mark>" in page
    for words in ('"><script>', "'; DROP TABLE", "a:b OR *", "\x00", "((", "\\", "%s%n", "〔" * 200):
        assert "<script>alert" not in _get(client, q=words)
        asked = dict.fromkeys(("organ", "column", "kind", "sort", "place", "type", "page", "since"), words)
        assert "<script>alert" not in _get(client, q="住房", **asked)


def test_nothing_found_says_what_one_can_do(client: Client, library: World) -> None:
    page = _get(client, q="乌有之乡")
    assert "没有找到与“乌有之乡”相符的内容" in page
    for address in ("/o/", "/apply/"):
        assert f'href="{address}"' in page
    assert "去掉筛选条件" not in page
    assert "去掉筛选条件" in _get(client, q="乌有之乡", type="rules")


def test_without_a_question_the_page_explains_and_asks_nothing(
    client: Client, world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):  # the organs to narrow by
        page = _get(client)
    assert "写几个词" in page
    assert "找到" not in page


def test_a_wrong_filter_is_said_beside_it_and_harms_nothing(client: Client, library: World) -> None:
    page = _get(client, q="住房", since="去年")
    assert "日期请写作" in page
    assert not _titles(page)
    assert not _titles(_get(client, q="住房", organ="nobody"))
    assert not _titles(_get(client, q="住房", kind="cases"))


def test_pages_are_bounded_at_both_ends(
    client: Client, world: World, index: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 24):
        _publish(world.organs["city"], f"住房文件第{number}号")
    index()
    assert len(_titles(_get(client, q="住房文件"))) == 10
    assert len(_titles(_get(client, q="住房文件", page="3"))) == 3
    for beyond in ("4", "99999999999999999999", "100"):
        assert len(_titles(_get(client, q="住房文件", page=beyond))) == 3, beyond
    for nonsense in ("0", "-1", "x", "", "²"):
        assert len(_titles(_get(client, q="住房文件", page=nonsense))) == 10, nonsense
    monkeypatch.setattr(engine, "DEEPEST", 20)
    page = _get(client, q="住房文件", page="2")
    assert "只能翻看前" in page
    assert "第 2 页，共 2 页" in page


def test_a_page_of_results_costs_the_same_for_few_and_many(
    client: Client, library: World, index: Callable[[], None], django_assert_num_queries: Any
) -> None:
    _get(client, q="住房")
    with django_assert_num_queries(2):  # organs to narrow by, the documents
        _get(client, q="住房")
    with django_assert_num_queries(3):  # and the organs found
        _get(client, q="甲市")
    for number in range(12):
        _publish(library.organs["county-a"], f"住房补充规定之{number}")
    index()
    with django_assert_num_queries(2):
        assert len(_titles(_get(client, q="住房"))) == 10


def test_while_there_is_no_index_the_page_says_so_and_leads_elsewhere(
    client: Client, world: World, settings: Any, tmp_path: Any
) -> None:
    settings.SEARCH_FOLDER = tmp_path / "none"
    response = client.get("/search/?q=住房")
    assert response.status_code == 503
    assert response["Retry-After"]
    page = response.content.decode()
    assert "搜索正在准备" in page
    assert 'href="/reports/"' in page


def test_an_internal_unit_and_an_unreleased_attribute_stay_inside(
    client: Client, library: World, index: Callable[[], None]
) -> None:
    library.organ("unit", "内设信息科", "unit", "city", "city-office")
    documents.add_document(
        by=TEST,
        organ=library.organs["city-office"],
        kind="other",
        title="依申请的材料",
        made_on=dt.date(2022, 1, 5),
        attribute=Edition.Attribute.ON_REQUEST,
        attribute_reason="过程性信息",
    )
    index()
    assert _titles(_get(client, q="内设信息科")) == []
    assert _titles(_get(client, q="依申请的材料")) == []


def test_an_organs_list_leads_into_the_full_text(client: Client, library: World) -> None:
    page = client.get("/o/city-office/content/", {"q": "补偿"}).content.decode()
    address = re.search(r'href="(/search/\?[^"]+)"', page)
    assert address
    found = client.get(html.unescape(address.group(1)))
    assert _titles(found.content.decode()) == ["城中村改造补偿办法"]
