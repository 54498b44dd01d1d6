"""The column of interpretations, and what a document's page adds for one."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.documents import actions
from tests.documents.interpretation.support import interpretation
from tests.documents.support import document, released
from tests.inspection import samples
from tests.support.world import TEST, World

APR, MAY, DAY = dt.date(2019, 4, 1), dt.date(2019, 5, 1), dt.date(2022, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day():
    with clock.on_day(DAY):
        yield


def _get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _some(world: World) -> None:
    water = released(world, APR, title="供水办法", number="甲政〔2019〕3号")
    interpretation(water, on=APR, title="文字说供水", topic="供水")
    interpretation(water, on=dt.date(2020, 1, 6), title="视频说供水", form="video")
    interpretation(
        released(world, APR, "county-a", title="东县意见"), on=MAY, title="东县的解读", form="brief_qa"
    )
    interpretation(water, title="还没公开的解读")


@pytest.mark.seed("S064")
def test_the_column_fills_itself_and_narrows(client: Client, world: World) -> None:
    _some(world)
    page = _get(client, "/interpretations/")
    assert "共 3 件" in page
    assert "还没公开的解读" not in page
    assert page.index("视频说供水") < page.index("东县的解读") < page.index("文字说供水")
    assert page.count(">供水办法</a>") == 2
    for query, shown, hidden in (
        ("?form=video", "视频说供水", "文字说供水"),
        ("?year=2019", "文字说供水", "视频说供水"),
        ("?organ=county-a", "东县的解读", "文字说供水"),
        ("?q=甲政[2019]3号", "文字说供水", "东县的解读"),
    ):
        page = _get(client, f"/interpretations/{query}")
        assert shown in page
        assert hidden not in page
    assert "共 3 件" in _get(client, "/interpretations/?form=dance&year=x&organ=nobody&page=99")
    assert "没有符合条件的解读" in _get(client, "/interpretations/?q=没有")


def test_the_feed_names_every_public_one(client: Client, world: World) -> None:
    _some(world)
    feed = ET.fromstring(_get(client, "/interpretations/feed.xml"))  # noqa: S314 - our own
    titles = [one.findtext("title") for one in feed.iter("item")]
    assert titles == ["视频说供水", "东县的解读", "文字说供水"]
    assert "视频、动漫" in next(one.findtext("description") for one in feed.iter("item"))
    assert feed.findtext("channel/item/pubDate") == "Mon, 06 Jan 2020 00:00:00 +0800"


def test_the_column_leafs_on(client: Client, world: World) -> None:
    kept = released(world, APR, title="供水办法")
    for number in range(25):
        interpretation(kept, on=APR, title=f"解读{number}号")
    first = _get(client, "/interpretations/")
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = _get(client, "/interpretations/" + onward[1].replace("&amp;", "&"))
    assert re.findall(r"解读\d+号", first) == [f"解读{number}号" for number in range(24, 4, -1)]
    assert re.findall(r"解读\d+号", second) == [f"解读{number}号" for number in range(4, -1, -1)]
    assert 'rel="next"' not in second
    assert second.count(">供水办法</a>") == 5


def test_few_queries_for_many(client: Client, world: World, django_assert_max_num_queries) -> None:
    kept = released(world, APR)
    for number in range(12):
        interpretation(kept, on=APR, title=f"解读{number}")
    with django_assert_max_num_queries(8):
        _get(client, "/interpretations/")
    with django_assert_max_num_queries(12):
        _get(client, f"/d/{kept.pk}/")


def test_a_video_is_opened_elsewhere_after_a_word_of_warning(client: Client, world: World) -> None:
    row = interpretation(
        released(world, APR), on=MAY, form="video", url="https://video.example.com/v/1", body=""
    )
    page = _get(client, f"/d/{row.document.pk}/")
    assert "打开视频、动漫" in page
    assert "/leaving/?" in page
    assert "正文见附件" not in page
    bare = interpretation(released(world, APR), on=MAY, body="")
    assert "这份文件没有正文" in _get(client, f"/d/{bare.document.pk}/")


@pytest.mark.seed("S055")
def test_a_number_is_found_in_any_brackets(client: Client, world: World) -> None:
    released(world, APR, title="供水办法", number="甲政〔2019〕3号")
    for words in ("甲政〔2019〕3号", "甲政[2019]3号", "甲政（2019）3号", "【2019】3"):
        assert "供水办法" in _get(client, f"/policies/normative_docs/?q={words}")
        assert "供水办法</a>" in _get(client, f"/o/city/?q={words}")
        assert "供水办法</a>" in _get(client, f"/o/city/content/?q={words}")
    assert "供水办法" not in _get(client, "/policies/normative_docs/?q=甲政[2018]3号")


def test_a_year_in_the_title_is_found_as_it_stands(client: Client, world: World) -> None:
    kept = released(world, APR, title="工作要点（2019）")
    interpretation(kept, on=APR, title="《工作要点（2019）》解读")
    for path in ("/interpretations/", "/policies/normative_docs/", "/o/city/"):
        assert "工作要点（2019）" in _get(client, f"{path}?q=要点（2019）").split('<ul class="rows">')[1], (
            path
        )


@pytest.mark.seed("S053")
def test_a_rule_shows_that_text_and_image_are_there(client: Client, world: World) -> None:
    for title, images in (("有图片的规章", True), ("没有图片的规章", False)):
        kept = document(world, kind="rules", title=title, body="第一条")
        if images:
            actions.attach(kept.editions.get(), by=TEST, name="规章.pdf", content=samples.pdf(), role="image")
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    rows = _get(client, "/policies/rules/").split("<li>")
    marked = {
        title: "图片版" in row for row in rows for title in ("有图片的规章", "没有图片的规章") if title in row
    }
    assert marked == {"有图片的规章": True, "没有图片的规章": False}


@pytest.mark.seed("S053")
def test_the_image_of_an_edition_no_longer_shown_counts_for_nothing(client: Client, world: World) -> None:
    kept = document(world, kind="rules", title="某规章", body="第一条")
    actions.attach(kept.editions.get(), by=TEST, name="规章.pdf", content=samples.pdf(), role="image")
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    later = actions.open_edition(kept, by=TEST)
    actions.detach(later.attachments.get(), by=TEST)
    with clock.on_day(dt.date(2019, 4, 30)):
        assert "图片版" in _get(client, "/policies/rules/")
    actions.release(kept, by=TEST, channel="政府网站", on=MAY)
    assert "某规章" in _get(client, "/policies/rules/")
    assert "图片版" not in _get(client, "/policies/rules/")
    again = actions.open_edition(kept, by=TEST)
    actions.attach(again, by=TEST, name="规章.pdf", content=samples.pdf(), role="image")
    with clock.on_day(dt.date(2022, 7, 1)):
        actions.release(kept, by=TEST, channel="政府网站", on=dt.date(2022, 7, 1))
        assert "图片版" in _get(client, "/policies/rules/")
    assert "图片版" not in _get(client, "/policies/rules/"), "it was not out then"
