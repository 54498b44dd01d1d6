"""What the demo's organs released on which channel: the published totals of four reports, from single releases where the
report names them and from monthly counts for the bulk (S026–S034, S042–S045, S069–S074, S285–S286).

A count is what the published total leaves after the records there are: records and counts together give the total.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.demo.allocate import split
from gongkai.demo.channel_papers import load_papers
from gongkai.demo.places import (
    LUOYANG,
    LUOYANG_COUNTIES,
    LUOYANG_DEPARTMENTS,
    LY_OFFICE,
    PINGDINGSHAN,
    XIGONG,
)
from gongkai.documents import actions
from gongkai.documents.channel_tallies import DOCUMENTS, RELEASES
from gongkai.figures.growth import BELOW, OWN_TIER, level_total
from gongkai.figures.values import evaluate
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

SINCE = dt.date(2019, 1, 1)
# Luoyang 2019 by level and channel (S026, S027): 市本级 10.5万余, 区县及以下 28.1万余, all told 38.6万余
LUOYANG_2019 = {
    OWN_TIER: {"government_website": 38_096, "weibo": 18_000, "wechat": 16_000, "other": 33_000},
    BELOW: {"government_website": 58_024, "weibo": 49_080, "wechat": 36_104, "other": 138_108},
}
LUOYANG_2018 = {  # together 338,364: 2019 is 14.2 % more
    OWN_TIER: {"government_website": 33_248, "weibo": 15_500, "wechat": 13_000, "other": 29_500},
    BELOW: {"government_website": 50_116, "weibo": 43_000, "wechat": 30_000, "other": 124_000},
}
# 平顶山 2019 (S030–S032, S286)
PDS_WEBSITE, PDS_KINDS = 11_512, {"legislation": 72, "notice": 128, "personnel": 7}
PDS_GAZETTE_AND_CHRONICLE, PDS_CHRONICLE, PDS_WEIBO, PDS_WECHAT = 211, 36, 71, 743
# 西工 2020 (S028, S029)
XG_WEBSITE, XG_NEWS, XG_KEY_AREAS, XG_WECHAT, XG_OTHER, XG_DOCUMENTS = 1_038, 569, 250, 3_304, 463, 4_328
# the office of Luoyang 2022 (S033, S034)
LYO_WEBSITE, LYO_WECHAT, LYO_FILES, LYO_NOTICES = 17_100, 812, 196, 24
FILES = ("rules", "normative_docs", "legislation")
NOTE = "未逐条登记的公开条次，按月统计（演示）"


def load(organs: dict[str, Organ], by: Actor) -> None:
    """After every other document of the demo: coverage, accounts, single releases, then the counts that are left."""
    for city in (organs[LUOYANG], organs[PINGDINGSHAN]):
        _cover(city, "channels", SINCE, by)
    _cover(organs[XIGONG], "channels.documents", dt.date(2020, 1, 1), by)
    accounts = _accounts(organs, by)
    load_papers(organs, accounts, by)
    _luoyang(organs, by)
    _pingdingshan(organs[PINGDINGSHAN], accounts, by)
    _xigong(organs[XIGONG], accounts, by)
    _office(organs[LY_OFFICE], accounts, by)


def _cover(organ: Organ, register: str, since: dt.date, by: Actor) -> None:
    tallies.set_coverage(
        by=by, organ=organ, register=register, mode=Coverage.Mode.HERE, valid_from=since, whole_tree=True
    )


def _accounts(organs: dict[str, Organ], by: Actor) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code, channel, name, address in (
        (PINGDINGSHAN, "weibo", "平顶山市人民政府", "官方微博（演示）"),
        (PINGDINGSHAN, "wechat", "平顶山发布", "官方微信公众号（演示）"),
        (LY_OFFICE, "wechat", "洛阳市政府网", "官方微信公众号（演示）"),
        (XIGONG, "wechat", "西工发布", "官方微信公众号（演示）"),
        ("ly-health", "wechat", "洛阳疾控", "官方微信公众号（演示）"),
    ):
        found[name] = actions.open_account(
            by=by,
            organ=organs[code],
            channel=channel,
            name=name,
            address=address,
            opened_on=dt.date(2015, 6, 1),
        )
    for code, name in ((PINGDINGSHAN, "平顶山大事记"), (XIGONG, "《西工通讯》")):
        found[name] = actions.add_channel(
            by=by,
            name=name,
            category="other",
            offline=True,
            organ=organs[code],
            valid_from=dt.date(2010, 1, 1),
        )
    return found


def _luoyang(organs: dict[str, Organ], by: Actor) -> None:
    """Every organ that reports counts by the month and channel; of the year before there are opening figures."""
    levels = {
        OWN_TIER: [LUOYANG, LY_OFFICE, *(f"ly-{key}" for key in LUOYANG_DEPARTMENTS)],
        BELOW: [f"ly-{key}" for key, _name, _division in LUOYANG_COUNTIES],
    }
    grid = evaluate([RELEASES], organs[LUOYANG].path, Period.year(2019))
    for level, codes in levels.items():
        weights = [3 + (index * 7) % 5 for index in range(len(codes))]
        for channel, total in LUOYANG_2019[level].items():
            known = int(level_total(grid, RELEASES, level, category=_category(channel)).number or 0)
            kind = {"kind": "news"} if channel == "government_website" else {}  # the files there are records
            for code, share in zip(codes, split(total - known, weights), strict=True):
                free = _free(organs[code], 2019, channel=channel, **kind)
                for period, number in zip(free, split(share, [1] * len(free)), strict=True):
                    _count(organs[code], period, number, by, channel=channel, **kind)
        for channel, total in LUOYANG_2018[level].items():
            kind = {"kind": "news"} if channel == "government_website" else {}
            for code, share in zip(codes, split(total, weights), strict=True):
                tallies.record_tally(
                    by=by,
                    organ=organs[code],
                    measure=RELEASES,
                    dimensions={"channel": channel, **kind},
                    period=Period.year(2018),
                    value=share,
                    source=Tally.Source.OPENING,
                    note="2018年公开条次，取自启用前的统计（演示）",
                )


def _category(channel: str) -> str:
    return "website" if channel == "government_website" else channel


def _pingdingshan(city: Organ, accounts: dict[str, Any], by: Actor) -> None:
    for kind, total in PDS_KINDS.items():
        _fill(city, 2019, total, by, channel="government_website", kind=kind)
    # every month's chronicle is a record; of the items in them only the number is known
    chronicle = accounts["平顶山大事记"]
    left = PDS_CHRONICLE - _known(city, 2019, channel=chronicle.key)
    _months_of(city, 2019, left, by, channel=chronicle, kind="news")
    _fill(city, 2019, PDS_GAZETTE_AND_CHRONICLE - PDS_CHRONICLE, by, channel="gazette")
    _fill(city, 2019, PDS_WEIBO, by, channel="weibo", account=accounts["平顶山市人民政府"])
    _fill(city, 2019, PDS_WECHAT, by, channel="wechat", account=accounts["平顶山发布"])
    _rest(city, 2019, PDS_WEBSITE, by)


def _xigong(county: Organ, accounts: dict[str, Any], by: Actor) -> None:
    _fill(county, 2020, XG_NEWS, by, channel="government_website", kind="news")
    _fill(county, 2020, XG_KEY_AREAS, by, channel="government_website", group="D6")
    _rest(county, 2020, XG_WEBSITE, by, kind="")
    _fill(county, 2020, XG_WECHAT, by, channel="wechat", account=accounts["西工发布"])
    others = _known(county, 2020, category="other")
    _months_of(county, 2020, XG_OTHER - others, by, channel="notice_board")
    left, free = XG_DOCUMENTS - _known(county, 2020, DOCUMENTS), _free(county, 2020)
    for period, share in zip(free, split(left, [1] * len(free)), strict=True):
        tallies.record_tally(
            by=by,
            organ=county,
            measure=DOCUMENTS,
            dimensions={},
            period=period,
            value=share,
            note="未逐件登记的公开信息件数（演示）",
        )


def _office(office: Organ, accounts: dict[str, Any], by: Actor) -> None:
    files = sum(_known(office, 2022, category="website", kind=kind) for kind in FILES)
    _fill(office, 2022, LYO_FILES - files, by, channel="government_website", kind="other")
    _fill(office, 2022, LYO_NOTICES, by, channel="government_website", kind="notice")
    _fill(office, 2022, LYO_WECHAT, by, channel="wechat", account=accounts["洛阳市政府网"])
    _rest(office, 2022, LYO_WEBSITE, by)


def _rest(organ: Organ, year: int, total: int, by: Actor, *, kind: str = "news") -> None:
    """What the website's total leaves over."""
    left = total - _known(organ, year, category="website")
    _months_of(organ, year, left, by, channel="government_website", kind=kind)


def _fill(organ: Organ, year: int, total: int, by: Actor, **told: Any) -> None:
    """Counts by the month, so that with the records there are `total` releases of this sort."""
    _months_of(organ, year, total - _known(organ, year, **_dims(told)), by, **told)


def _months_of(organ: Organ, year: int, number: int, by: Actor, **told: Any) -> None:
    if number < 0:
        raise ValueError(f"{organ.code} has more releases of {told} in {year} than were published")
    free = _free(organ, year, **_dims(told))
    for period, share in zip(free, split(number, [1] * len(free)), strict=True):
        if share:
            _count(organ, period, share, by, **told)


def _count(organ: Organ, period: Period, number: int, by: Actor, **told: Any) -> None:
    actions.count_releases(by=by, organ=organ, period=period, releases=number, note=NOTE, **told)


def _dims(told: dict[str, Any]) -> dict[str, str]:
    """What is told, channel and account as the measure names them."""
    return {name: str(getattr(one, "key", getattr(one, "pk", one))) for name, one in told.items() if one}


def _known(organ: Organ, year: int, measure: str = RELEASES, **dims: str) -> int:
    found = evaluate([measure], organ.path, Period.year(year)).total(measure, organ.path, **dims)
    return int(found.number or 0)


def _free(organ: Organ, year: int, **dims: str) -> list[Period]:
    """The months in which no releases of this sort were recorded one by one: only there is a count of them."""
    rows = measures.get(RELEASES).rows(Period.year(year), None, **dims).filter(document__path=organ.path)
    taken = set(rows.values_list("on__month", flat=True))
    return [Period.month(year, number) for number in range(1, 13) if number not in taken]
