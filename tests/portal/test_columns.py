"""The columns on the public site: lists by next and by date, feeds, the tree with its past, the statutory items, the front page."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.catalogue.models import Column
from gongkai.documents import actions as documents
from gongkai.documents.models import Classification, Document
from gongkai.portal import counted as counting
from tests.support.world import TEST, World

DAY = dt.date(2022, 6, 1)
OPENED = dt.date(2019, 1, 1)


@pytest.fixture(autouse=True)
def _on_a_day() -> Any:
    with clock.on_day(DAY):
        yield


def shown(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def column(world: World, slug: str, title: str, **more: Any) -> Column:
    given: dict[str, Any] = {"description": f"{title}的内容", "on": OPENED} | more
    return actions.add_column(by=TEST, organ=world.organs["city"], slug=slug, title=title, **given)


def document(
    world: World, title: str, on: dt.date, code: str = "city", kind: str = "notice", **data: Any
) -> Document:
    made = documents.add_document(by=TEST, organ=world.organs[code], kind=kind, title=title, made_on=on)
    if data:
        documents.describe(made, by=TEST, **data)
    documents.release(made, by=TEST, channel="政府网站", on=on)
    return made


def titles(html: str) -> list[str]:
    """What a list shows, in order."""
    body = html[html.index('<main id="main"') :]
    return re.findall(r'<a href="/d/\d+/">([^<]+)</a>', body)


def test_a_column_lists_its_feed_newest_first_and_leafs_on(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    column(world, "notices", "通知公告", feed=[Rule(kinds=("notice",), organs=SUBTREE)], keywords="通知,公告")
    for number in range(1, 46):
        document(
            world,
            f"公告{number}",
            OPENED + dt.timedelta(days=number // 2),
            "city-edu" if number % 3 else "city",
        )
    path = "/o/city/c/notices/"
    with django_assert_max_num_queries(7):
        first = shown(client, path)
    assert titles(first) == [f"公告{number}" for number in range(45, 25, -1)]
    assert "共 45 件" in first
    seen, html = titles(first), first
    while found := re.search(r'rel="next" href="([^"]+)"', html):
        with django_assert_max_num_queries(6):
            html = shown(client, path + found[1].replace("&amp;", "&"))
        seen += titles(html)
    assert seen == [f"公告{number}" for number in range(45, 0, -1)]
    assert titles(shown(client, path + "?until=2019-01-02")) == ["公告3", "公告2", "公告1"]
    assert titles(shown(client, path + "?until=nonsense&after=nonsense")) == titles(first)
    assert "没有更早的内容了" in shown(client, path + "?until=2000-01-01")


@pytest.mark.parametrize("path", ["/o/city/", "/o/city/content/", "/policies/notice/"])
def test_every_long_list_leafs_on_without_skipping_through(client: Client, world: World, path: str) -> None:
    for number in range(1, 46):
        document(world, f"公告{number}", OPENED + dt.timedelta(days=number // 2))
    html = shown(client, path)
    assert "共 45 件" in html
    seen = titles(html)
    with CaptureQueriesContext(connection) as asked:
        while found := re.search(r'rel="next" href="([^"]+)"', html):
            html = shown(client, path + found[1].replace("&amp;", "&"))
            seen += titles(html)
            assert "回到最新的" in html
    assert seen == [f"公告{number}" for number in range(45, 0, -1)]
    assert not [one["sql"] for one in asked if "OFFSET" in one["sql"]]
    assert "没有" in shown(client, path + "?after=2000-01-01.1")


def test_a_column_page_carries_its_own_tags_and_a_feed(client: Client, world: World) -> None:
    column(world, "notices", "通知公告", feed=[Rule(kinds=("notice",))], kind="notice", keywords="通知,公告")
    document(world, "停水公告", dt.date(2022, 5, 1))
    html = shown(client, "/o/city/c/notices/")
    for name, content in (
        ("ColumnName", "通知公告"),
        ("ColumnDescription", "通知公告的内容"),
        ("ColumnKeywords", "通知,公告"),
        ("ColumnType", "通知公告"),
    ):
        assert f'<meta name="{name}" content="{content}">' in html
    feed = client.get("/o/city/c/notices/feed.xml")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert "停水公告" in feed.content.decode()
    assert "<pubDate>Sun, 01 May 2022 00:00:00 +0800</pubDate>" in feed.content.decode()
    assert 'href="/o/city/c/notices/feed.xml"' in html
    assert "/o/city/c/notices/" in shown(client, "/sitemap.xml")
    assert "/o/city/c/notices/" in shown(client, "/site-map/")


def test_a_column_without_a_feed_gathers_those_below(client: Client, world: World) -> None:
    above = column(world, "affairs", "政务公开")
    column(world, "notices", "通知公告", feed=[Rule(kinds=("notice",))], parent=above)
    column(world, "lists", "清单", feed=[Rule(kinds=("list",))], parent=above)
    document(world, "公告", dt.date(2022, 1, 1))
    document(world, "清单", dt.date(2022, 1, 2), kind="list")
    html = shown(client, "/o/city/c/affairs/")
    assert titles(html) == ["清单", "公告"]
    assert html.count('href="/o/city/c/lists/"') == 2  # in the menu and above the list
    actions.retire_column(Column.objects.get(slug="lists"), by=TEST, on=dt.date(2022, 3, 1), reason="并入")
    html = shown(client, "/o/city/c/affairs/")
    assert titles(html) == ["公告"]
    assert 'href="/o/city/c/lists/"' not in html


def test_what_is_closed_says_so(client: Client, world: World) -> None:
    topic = column(world, "flood", "防汛救灾", kind="topic", feed=[Rule(kinds=("news",))])
    document(world, "雨情", dt.date(2021, 7, 20), kind="news")
    actions.archive_column(topic, by=TEST, on=dt.date(2022, 1, 31), reason="工作结束")
    html = shown(client, "/o/city/c/flood/")
    assert "归档时间：2022年1月31日" in html
    assert titles(html) == ["雨情"]
    plain = column(world, "old", "旧栏目", feed=[Rule(kinds=("news",))])
    actions.retire_column(plain, by=TEST, on=dt.date(2022, 3, 1), reason="并入要闻")
    html = shown(client, "/o/city/c/old/", 410)
    assert "本栏目已于2022年3月1日撤销" in html
    assert titles(html) == []
    for menu in (html, shown(client, "/o/city/")):
        assert 'href="/o/city/c/old/"' not in menu
        assert 'href="/o/city/c/flood/"' not in menu
    assert client.get("/o/city/c/old/feed.xml").status_code == 404
    assert client.get("/o/city/c/nothing/").status_code == 404
    assert client.get("/o/city-edu/c/flood/").status_code == 404


def test_the_tree_is_shown_as_it_is_and_as_it_was_with_every_change(client: Client, world: World) -> None:
    one = column(world, "news", "政务动态")
    actions.rename_column(one, by=TEST, title="甲市要闻", on=dt.date(2021, 5, 1), reason="统一栏目名称")
    column(world, "topics", "重点领域", on=dt.date(2022, 2, 1))
    now, past = shown(client, "/o/city/columns/"), shown(client, "/o/city/columns/?on=2020-01-01")
    tree = now[now.index('id="tree"') : now.index('id="changes"')]
    assert "甲市要闻" in tree
    assert "重点领域" in tree
    before = past[past.index('id="tree"') : past.index('id="changes"')]
    assert "政务动态" in before
    assert "重点领域" not in before
    assert "统一栏目名称" in now


def test_the_statutory_content_stands_by_item_with_what_does_not_apply(client: Client, world: World) -> None:
    budget = Classification.objects.get(scheme="group", code="A07")
    document(world, "2022年预算", dt.date(2022, 2, 1), group=budget)
    document(world, "某办法", dt.date(2022, 3, 1), kind="normative_docs")
    actions.mark_inapplicable(
        by=TEST, organ=world.organs["city"], code="A14", reason="由省统一组织招考", on=DAY
    )
    html = shown(client, "/o/city/content/")
    assert [html.index(f"/content/{code}/") for code in ("A01", "A07", "A15", "B1", "B7")] == sorted(
        html.index(f"/content/{code}/") for code in ("A01", "A07", "A15", "B1", "B7")
    )
    assert "/content/C1/" not in html
    assert "/content/C1/" in shown(client, "/o/town-a1/content/")
    assert titles(shown(client, "/o/city/content/A07/")) == ["2022年预算"]
    assert titles(shown(client, "/o/city/content/A01/")) == ["某办法"]
    assert "本机关不涉及此项：由省统一组织招考" in shown(client, "/o/city/content/A14/")
    assert client.get("/o/city/content/C1/").status_code == 404


def test_news_is_no_legal_content_however_it_is_classified(client: Client, world: World) -> None:
    budget = Classification.objects.get(scheme="group", code="A07")
    document(world, "局长谈预算", dt.date(2022, 3, 1), kind="news", group=budget)
    item = '<a href="/o/city/content/A07/" title="财政预算、决算信息">财政预决算</a> <span class="meta">%s</span>'
    assert titles(shown(client, "/o/city/content/")) == []
    assert titles(shown(client, "/o/city/content/A07/")) == []
    assert item % "" in shown(client, "/o/city/content/")
    document(world, "2022年预算", dt.date(2022, 2, 1), group=budget)
    assert titles(shown(client, "/o/city/content/A07/")) == ["2022年预算"]
    assert item % "2022-02-01" in shown(client, "/o/city/content/")


def test_a_higher_organ_may_require_more_of_all_below(client: Client, world: World) -> None:
    actions.require_item(
        by=TEST,
        organ=world.organs["city"],
        code="D7",
        title="减税降费",
        document="甲政办〔2022〕3号",
        on=dt.date(2022, 4, 1),
    )
    assert "减税降费" in shown(client, "/o/county-a/content/D7/")
    assert client.get("/o/city/content/D7/").status_code == 404  # it asks it of others
    with clock.on_day(dt.date(2022, 3, 31)):
        assert client.get("/o/county-a/content/D7/").status_code == 404


def test_the_front_page_is_fed_from_the_columns_that_have_a_place(client: Client, world: World) -> None:
    document(world, "平常的公告", dt.date(2022, 1, 1))
    assert "平常的公告" in shown(client, "/")  # before there are columns, the usual types
    column(world, "news", "甲市要闻", kind="news", feed=[Rule(kinds=("news",), organs=SUBTREE)], front=10)
    column(world, "empty", "空栏目", feed=[Rule(kinds=("chronicle",))], front=20)
    for number in range(7):
        document(world, f"要闻{number}", dt.date(2022, 2, 1 + number), "city-edu", kind="news")
    html = shown(client, "/")
    assert titles(html) == [f"要闻{number}" for number in range(6, 1, -1)]
    assert 'href="/o/city/c/news/"' in html
    assert "空栏目" not in html


def test_a_guide_is_a_dated_version_and_says_what_has_changed_since(client: Client, world: World) -> None:
    city = world.organs["city"]
    from gongkai.organs import actions as organs

    organs.edit_profile(by=TEST, organ=city, address="甲市一路1号", phones="0000-1")
    with clock.on_day(dt.date(2020, 3, 1)):
        actions.publish_guide(by=TEST, organ=city, on=dt.date(2020, 3, 1))
    html = shown(client, "/o/city/guide/")
    assert "更新日期：2020年3月1日" in html
    assert "指南正在修订" not in html
    city.refresh_from_db()
    organs.edit_profile(by=TEST, organ=city, phones="0000-2")
    html = shown(client, "/o/city/guide/")
    assert "指南正在修订" in html
    assert "<li>联系电话：0000-2</li>" in html
    city.refresh_from_db()
    actions.publish_guide(by=TEST, organ=city, on=DAY, reason="电话变更")
    html = shown(client, "/o/city/guide/")
    assert "指南正在修订" not in html
    assert "第 2 版" in html
    assert "电话变更" in html
    old = shown(client, "/o/city/guide/1/")
    assert "0000-1" in old
    assert "这是以前的版本" in old
    assert client.get("/o/city/guide/9/").status_code == 404


def test_a_profile_has_one_shape_for_all(client: Client, world: World) -> None:
    world.organ("unit", "政务公开科", "unit", "city", "city-office")
    office = world.organs["city-office"]
    leaders = [{"name": "李四", "post": "主任", "duties": "主持全面工作"}]
    actions.publish_profile(by=TEST, organ=office, functions="一、起草文件。", leaders=leaders, on=DAY)
    html = shown(client, "/o/city-office/profile/")
    for words in (
        "甲市人民政府办公室",
        "一、起草文件。",
        "李四",
        "主任",
        "政务公开科",
        "更新日期：2022年6月1日",
    ):
        assert words in html
    assert "还没有登记职能" in shown(client, "/o/city-edu/profile/")


def test_rules_of_the_organ_stand_with_number_category_validity_and_count_by_year(
    client: Client, world: World
) -> None:
    category = Classification.objects.get(scheme="group", code="D34")
    one = document(world, "公开工作考核办法", dt.date(2020, 5, 1), kind="other", group=category)
    document(world, "公开工作制度", dt.date(2021, 5, 1), kind="other", group=category.parent)
    documents.change_validity(
        one, by=TEST, kind="repealed", on=dt.date(2022, 1, 1), decided_by="甲政〔2022〕1号"
    )
    html = shown(client, "/o/city/rules/")
    assert titles(html) == ["公开工作制度", "公开工作考核办法"]
    assert "监督考核制度" in html
    assert "废止" in html
    assert "2021年 1 件" in html
    assert "2020年 1 件" in html


def test_the_whole_tree_is_counted_in_one_table(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    document(world, "市", dt.date(2022, 1, 1))
    document(world, "教育", dt.date(2022, 1, 1), "city-edu")
    document(world, "镇", dt.date(2022, 1, 1), "town-a1", kind="news")
    document(world, "县", dt.date(2022, 1, 1), "county-a")
    with django_assert_max_num_queries(8):
        html = shown(client, "/o/city/gathered/")
    table = html[html.index("<table") : html.index("</table>")]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    assert rows == [
        ["单位", "合计", "通知公告", "政务信息"],
        ["甲市人民政府（本级）", "1", "1", "0"],
        ["甲市教育局", "1", "1", "0"],
        ["甲市东县人民政府", "2", "1", "1"],
        ["合计", "4", "3", "1"],
    ]
    document(world, "又一件", dt.date(2022, 1, 2))
    assert "<td>5</td>" in re.sub(
        r"<td[^>]*>\s*(\d+)\s*</td>", r"<td>\1</td>", shown(client, "/o/city/gathered/")
    )


def test_very_many_documents_are_not_counted_again_with_every_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr(counting, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(counting, "MANY", 1)

    def number() -> int:
        roots = (world.organs["city"].path,)
        return sum(n for *_which, n in counting.by_organ_and_kind(roots, dt.date(2022, 7, 7)))

    document(world, "甲", dt.date(2022, 1, 1))
    assert number() == 1
    document(world, "乙", dt.date(2022, 1, 1))
    assert number() == 2, "one is not many"
    document(world, "丙", dt.date(2022, 1, 1))
    now[0] += counting.KEPT_SECONDS - 1
    assert number() == 2
    now[0] += 2
    assert number() == 3


def test_the_count_follows_what_is_corrected_and_struck_out(client: Client, world: World) -> None:
    def counted() -> list[str]:
        html = shown(client, "/o/city/gathered/")
        table = html[html.index("<thead") : html.index("</table>")]
        return [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]

    one, other = document(world, "甲", dt.date(2022, 1, 1)), document(world, "乙", dt.date(2022, 1, 1))
    assert [row.split()[1:] for row in counted()] == [["合计", "通知公告"], ["2", "2"], ["2", "2"]]
    documents.correct_document(one, by=TEST, reason="类型有误", kind="news")
    assert [row.split()[2:] for row in counted()] == [["通知公告", "政务信息"], ["1", "1"], ["1", "1"]]
    documents.strike_document(other, by=TEST, reason="重复登记")
    assert [row.split()[1:] for row in counted()] == [["合计", "政务信息"], ["1", "1"], ["1", "1"]]


def test_one_searches_inside_a_column_and_the_index_follows_its_changes(
    client: Client, world: World, index: Any
) -> None:
    above = column(world, "affairs", "政务公开")
    one = column(world, "notices", "通知公告", feed=[Rule(kinds=("notice",))], parent=above)
    document(world, "供水公告", dt.date(2022, 1, 1))
    document(world, "供水新闻", dt.date(2022, 1, 2), kind="news")
    index()

    def found(place: Column) -> list[str]:
        html = shown(client, f"/search/?q=供水&column={place.key}")
        assert f"只在栏目“甲市人民政府 {place.title}”中找" in html
        return [
            re.sub(r"<[^>]+>", "", title) for title in re.findall(r'<h2><a href="/d/\d+/">(.*?)</a>', html)
        ]

    assert found(one) == ["供水公告"]
    assert found(above) == ["供水公告"]
    actions.set_feed(one, by=TEST, feed=[Rule(kinds=("news",))], on=DAY)
    index()
    assert found(one) == ["供水新闻"]
    other = column(world, "more", "其他")
    actions.move_column(one, by=TEST, parent=other, on=DAY)
    index()
    assert found(above) == []
    assert found(other) == ["供水新闻"]
    actions.pick(other, by=TEST, document=Document.objects.get(title="供水公告"), on=DAY)
    index()
    assert sorted(found(other)) == ["供水公告", "供水新闻"]
    assert "只在栏目" not in shown(client, "/search/?q=供水&column=nonsense")
