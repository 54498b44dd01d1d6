"""大事记: entries by date, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gongkai.documents import actions
from gongkai.documents.chronicle import Entry, entries
from gongkai.organs.refusals import Refused
from tests.documents.support import document
from tests.support.world import TEST, World

MADE = dt.date(2020, 1, 31)


def test_entries_by_date_with_what_goes_on_below_them() -> None:
    text = "2019年12月30日　总结会召开。\n\n1月3日：新年第一次会议。\n会上通报了情况。\n1月3日 同日另一件事。"
    assert entries(text, MADE) == [
        Entry(dt.date(2019, 12, 30), "总结会召开。"),
        Entry(dt.date(2020, 1, 3), "新年第一次会议。\n会上通报了情况。"),
        Entry(dt.date(2020, 1, 3), "同日另一件事。"),
    ]
    assert entries("12月30日　去年的事。", MADE) == [Entry(dt.date(2019, 12, 30), "去年的事。")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "还没有内容"),
        ("本月大事\n1月3日　会议", "第1行请以日期开头"),
        ("2月30日　会议", "第1行的日期不存在"),
        ("2020年2月1日　会议", "第1行的日期不存在，或者晚于成文日期"),
        ("1月8日　会议\n\n1月3日　会议", "第3行的日期早于上一条"),
    ],
)
def test_what_is_no_chronicle_is_refused_by_line(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        entries(text, MADE)


@given(
    st.lists(st.dates(dt.date(2019, 2, 1), MADE), min_size=1, max_size=20),
    st.text("甲乙丙，。", min_size=1, max_size=9),
)
def test_every_dated_line_is_an_entry_of_its_day(days: list[dt.date], words: str) -> None:
    text = "\n".join(f"{day.year}年{day.month}月{day.day}日　{words}" for day in sorted(days))
    found = entries(text, MADE)
    assert [one.on for one in found] == sorted(days)
    assert all(one.words == words.lstrip("，") for one in found)


@pytest.mark.django_db
def test_a_chronicle_is_published_entry_by_entry(world: World) -> None:
    kept = document(world, kind="chronicle", made_on=MADE, body="本月无日期")
    release: dict[str, Any] = {"by": TEST, "channel": "政府网站", "on": MADE}
    with pytest.raises(Refused, match="第1行请以日期开头"):
        actions.release(kept, **release)
    actions.edit_edition(kept.editions.get(), by=TEST, body="1月3日　<b>会议</b>召开。\n1月8日　项目开工。")
    actions.release(kept, **release)
    page = Client().get(f"/d/{kept.pk}/").content.decode()
    assert '<time datetime="2020-01-03">2020年1月3日</time>' in page
    assert "&lt;b&gt;会议&lt;/b&gt;召开。" in page
    assert page.index("2020-01-03") < page.index("2020-01-08")
