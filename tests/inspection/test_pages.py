"""The checker of public pages: a sound page has no findings, and every rule finds its own fault."""

from __future__ import annotations

import pytest

from gongkai.inspection.pages import COLUMN, CONTENT, SITE, Expected, check, sort_of

PAGE = """<!doctype html><html lang="zh-CN"><head><title>关于供水的通知_甲市人民政府</title>
<meta name="SiteName" content="甲市人民政府"><meta name="SiteDomain" content="www.jiashi.gov.cn">
<meta name="SiteIDCode" content="4100000001">
<meta name="ColumnName" content="通知公告"><meta name="ColumnDescription" content="市政府的通知公告">
<meta name="ColumnKeywords" content="通知,公告"><meta name="ColumnType" content="通知公告">
<meta name="ArticleTitle" content="关于供水的通知"><meta name="PubDate" content="2022-03-01 09:05">
<meta name="ContentSource" content="甲市水利局"></head><body><a href="#main">跳到正文</a>
<header><a href="/">甲市人民政府</a><form role="search"><input type="search"></form><a href="/elder/">长者版</a></header>
<main id="main"><h1>关于供水的通知</h1></main>
<footer><a href="https://bszs.conac.cn/x"><img src="/sign.png" alt="党政机关网站标识"></a>
<a href="https://zfwzgl.www.gov.cn/">我为政府网站找错</a> <a href="/site-map/">网站地图</a>
主办单位：甲市人民政府办公室 联系方式：0000-1234567 网站标识码：4100000001
<a href="https://beian.miit.gov.cn/">豫ICP备05000001号-1</a>
<a href="https://beian.mps.gov.cn/">豫公网安备 41000002000001号</a></footer></body></html>"""
WHOLE = Expected(CONTENT, {"SiteName": "甲市人民政府", "SiteIDCode": "4100000001", "ColumnName": "通知公告"})


def rules(html: str, expected: Expected = WHOLE) -> list[str]:
    return [one.rule for one in check(html, expected)]


def test_a_sound_page_has_no_findings() -> None:
    assert rules(PAGE) == []
    assert sort_of(PAGE) == CONTENT
    assert check(PAGE.encode(), WHOLE) == []


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ('alt="党政机关网站标识"', 'alt=""', ["FT1"]),
        ("我为政府网站找错", "意见", ["FT2"]),
        ("网站标识码：4100000001", "网站标识码：", ["FT3"]),
        ("网站标识码：4100000001", "网站标识码：4100000002", ["FT3"]),
        ("主办单位：甲市人民政府办公室", "", ["FT4"]),
        ("联系方式：0000-1234567", "", ["FT5"]),
        ("豫ICP备05000001号-1", "ICP备案", ["FT6"]),
        ("豫公网安备 41000002000001号", "豫公网安备 41号", ["FT7"]),
        ("网站地图", "地 图", ["FT8"]),
        ('<meta name="SiteName" content="甲市人民政府">', "", ["HD1", "T1"]),
        ('content="甲市人民政府"', 'content="乙市人民政府"', ["HD1", "T1"]),
        ('content="www.jiashi.gov.cn"', 'content=""', ["T2"]),
        ('name="SiteIDCode" content="4100000001"', 'name="SiteIDCode" content="41"', ["T3"]),
        ('name="ColumnName" content="通知公告"', 'name="ColumnName" content="要闻"', ["T4"]),
        ('<meta name="ColumnDescription"', '<meta name="Column"', ["T5"]),
        ('content="通知,公告"', 'content=" "', ["T6"]),
        ('<meta name="ColumnType"', '<meta name="ColumnType" content="x"><meta name="ColumnType"', ["T7"]),
        ("<h1>关于供水的通知</h1>", "<h1>关于停水的通知</h1>", ["T8"]),
        ("2022-03-01 09:05", "2022-3-1 9:05", ["T9"]),
        ("2022-03-01 09:05", "2022-03-01", ["T9"]),
        ("2022-03-01 09:05", "2022-02-30 09:05", ["T9"]),
        ('content="甲市水利局"', 'content=""', ["T10"]),
        ("<header>", "<div>", ["HD1"]),
        ('<form role="search"><input type="search"></form>', "", ["HD2"]),
        ("长者版", "登录", ["HD3"]),
        ('lang="zh-CN"', "", ["PG1"]),
        ('<main id="main"><h1>', '<main id="main"><h1></h1><h1>', ["PG2"]),
        ('<a href="#main">', '<a href="/x">', ["PG5"]),
        ("</head>", '<script src="https://cdn.example.com/a.js"></script></head>', ["PG6"]),
    ],
)
def test_every_rule_finds_its_fault(was: str, now: str, found: list[str]) -> None:
    assert was in PAGE
    assert rules(PAGE.replace(was, now, 1)) == found


def test_a_page_is_asked_for_the_tags_of_its_sort_and_no_others() -> None:
    assert rules(PAGE, Expected(COLUMN)) == ["T8", "T9", "T10"]
    assert rules(PAGE, Expected(SITE)) == ["T4", "T5", "T6", "T7", "T8", "T9", "T10"]


def test_a_heavy_page_is_named() -> None:
    heavy = PAGE.replace("</main>", "重" * 40_000 + "</main>")
    assert [str(one) for one in check(heavy, WHOLE)] == ["PG7 网页有121 KB，超过100 KB。"]
