"""Releases from a table: all rows or none, every mistake by row and column, nothing beyond the person's reach."""

import datetime as dt
from collections.abc import Iterator

import pytest

from gongkai.base import clock, tables
from gongkai.base.models import Tally
from gongkai.documents import actions, channel_import
from gongkai.documents.models import Release
from gongkai.organs.models import Role
from tests.documents.support import document
from tests.support.world import TEST, World

HEADER = (
    "渠道,文件,机关代码,公开日期,公开时刻,账号,载体或网址,形式,份数,地点,场次,月份,条次,类型,组配分类,说明"
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.on_day(dt.date(2022, 7, 1)):
        yield


def load(*lines: str, by=TEST, dry_run: bool = False):
    content = "\n".join([HEADER, *lines]).encode()
    rows = tables.read(
        content, "公开.csv", required=channel_import.REQUIRED, optional=channel_import.OPTIONAL
    )
    return channel_import.import_releases(rows, by=by, dry_run=dry_run)


def test_releases_and_counts_in_one_sheet(world: World) -> None:
    kept = document(world, number="甲政〔2022〕1号", made_on=dt.date(2022, 1, 4))
    other = document(world, "county-a", title="办事指南", kind="notice")
    actions.open_account(
        by=TEST,
        organ=world.organs["city"],
        channel="政务微信",
        name="甲市发布",
        opened_on=dt.date(2020, 1, 1),
    )
    report = load(
        "政务微信,甲政〔2022〕1号,,2022-05-09,9:30,甲市发布,https://wx.example.cn/1,图解,,,,,,,,",
        '印发资料,办事指南,county-a,2022年5月10日,,,,明白卡,"5,000",入户,,,,,,',
        "政务微博,,city,,,,,,,,,2022年4月,120,政务信息,重点领域,月报",
        "广播,,city,,,,,,,,4,2022-04,,,,",
    )
    assert report.ok, report.errors
    assert (report.kept, report.rows) == (True, 4)
    first = Release.objects.get(document=kept)
    assert (first.account.name, first.form, first.at) == ("甲市发布", "chart", dt.time(9, 30))
    second = Release.objects.get(document=other)
    assert (second.on, second.copies, second.place) == (dt.date(2022, 5, 10), 5000, "入户")
    told = Tally.objects.get(measure="channels.releases")
    assert (int(told.value), told.dimensions["kind"], told.dimensions["group"]) == (120, "news", "D6")
    assert int(Tally.objects.get(measure="channels.events").value) == 4


def test_a_dry_run_keeps_nothing(world: World) -> None:
    document(world, number="甲政〔2022〕1号", made_on=dt.date(2022, 1, 4))
    report = load("政务微信,甲政〔2022〕1号,,2022-05-09,,,,,,,,,,,,", dry_run=True)
    assert (report.ok, report.kept, report.rows) == (True, False, 1)
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("海报,甲政〔2022〕1号,,2022-05-09,,,,,,,,,,,,", "渠道", "没有渠道"),
        ("政务微信,甲政〔2022〕9号,,2022-05-09,,,,,,,,,,,,", "文件", "没有找到"),
        ("政务微信,两份,,2022-05-09,,,,,,,,,,,,", "文件", "不止一份"),
        ("政务微信,甲政〔2022〕1号,,,,,,,,,,,,,,", "公开日期", "请填写"),
        ("政务微信,甲政〔2022〕1号,,五月,,,,,,,,,,,,", "公开日期", ""),
        ("政务微信,甲政〔2022〕1号,,2022-08-01,,,,,,,,,,,,", "公开日期", "不能晚于今天"),
        ("政务微信,甲政〔2022〕1号,,2022-05-09,25点,,,,,,,,,,,", "公开时刻", "不是时刻"),
        ("政务微信,甲政〔2022〕1号,,2022-05-09,,某号,,,,,,,,,,", "账号", "没有账号"),
        ("政务微信,甲政〔2022〕1号,,2022-05-09,,,,快板,,,,,,,,", "形式", "不在可选"),
        ("政务微信,甲政〔2022〕1号,,2022-05-09,,,,,一百,,,,,,,", "份数", "不是整数"),
        ("政务微信,甲政〔2022〕1号,,2022-05-09,,,,,,,,2022-04,3,,,", "文件", "一次公开"),
        ("政务微信,,nowhere,,,,,,,,,2022-04,3,,,", "机关代码", "按数填报"),
        ("政务微信,,city,,,,,,,,,四月,3,,,", "月份", "不是月份"),
        ("政务微信,,city,,,,,,,,,2022-04,,,,", "条次", "至少填写"),
        ("政务微信,,city,,,,,,,,,2022-07,3,,,", "", ""),
    ],
)
def test_every_mistake_is_named_and_nothing_stays(world: World, line: str, column: str, words: str) -> None:
    document(world, number="甲政〔2022〕1号", made_on=dt.date(2022, 1, 4))
    for code in ("city", "county-a"):
        document(world, code, title="两份", kind="notice")
    report = load("政务微博,甲政〔2022〕1号,,2022-05-09,,,,,,,,,,,,", line)
    assert not report.kept
    assert [(one.row, one.column if column else "") for one in report.errors] == [(3, column)]
    assert words in report.errors[0].message
    assert not Release.objects.exists()
    assert not Tally.objects.exists()


def test_documents_out_of_reach_are_not_found(world: World) -> None:
    document(world, "county-b", title="西区通知", kind="notice")
    own = document(world, "county-a", title="东县通知", kind="notice")
    by = world.actor("county-a", Role.OFFICE, "documents")
    stranger = load("政务微信,西区通知,,2022-05-09,,,,,,,,,,,,", by=by)
    assert "不在您的办理范围内" in stranger.errors[0].message
    assert load("政务微信,,county-b,,,,,,,,,2022-04,3,,,", by=by).errors[0].column == "机关代码"
    assert load("政务微信,东县通知,,2022-05-09,,,,,,,,,,,,", by=by).kept
    assert Release.objects.get().document == own
    assert Release.objects.get().actor == by.key
