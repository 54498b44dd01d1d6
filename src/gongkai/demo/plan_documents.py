"""Which documents the demo invents, and the opening figures of what was there before the register began. Pure.

The 118 documents the office repealed in 2022 are in the register; opening figures count only what is not (S050–S052).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.demo import seeds
from gongkai.demo.allocate import split
from gongkai.demo.places import (
    LUOYANG,
    LUOYANG_COUNTIES,
    LUOYANG_DEPARTMENTS,
    LY_OFFICE,
    MENGJIN,
    PINGDINGSHAN,
    PINGDINGSHAN_COUNTIES,
    PINGDINGSHAN_DEPARTMENTS,
    XIGONG,
)

RULES, NORMATIVE = "rules", "normative_docs"
REGISTER_BEGAN = dt.date(2019, 1, 1)
OFFICE_BEFORE, OFFICE_2019, OFFICE_2020, OFFICE_2021 = 25, 40, 12, 15
MENGJIN_BEFORE, MENGJIN_2019 = 60, 4
TOPICS = (
    "优化营商环境",
    "城市更新",
    "大气污染防治",
    "义务教育招生",
    "城乡居民养老保险",
    "农村饮水安全",
    "既有住宅加装电梯",
    "公共租赁住房管理",
    "道路交通安全",
    "食品小作坊管理",
    "文物保护",
    "政务数据共享",
)


@dataclass(frozen=True)
class PlannedDocument:
    """One document to register; `repealed_on` by the decision named in `repealed_by`."""

    organ: str
    kind: str
    title: str
    number: str
    made_on: dt.date
    released_on: dt.date
    repealed_on: dt.date | None = None


@dataclass(frozen=True)
class OpeningStock:
    """Documents an organ already had when the register began and that are not in it."""

    organ: str
    kind: str
    number: int


def documents() -> list[PlannedDocument]:
    """Every document of the demo."""
    found: list[PlannedDocument] = []
    for organ, kind, year, number in _made():
        found += _series(organ, kind, year, number)
    found += list(_made_in_2018_released_in_2019())
    found += list(_repealed_in_2022())
    return found


def opening_stock() -> list[OpeningStock]:
    """What the organs had on 31 December 2018 outside the register."""
    luoyang, pingdingshan = (
        seeds.seed(seeds.LY19).table2["art20_1"],
        seeds.seed(seeds.PDS19).table2["art20_1"],
    )
    repealed_later = seeds.seed(seeds.LYO22).table2["art20_1"][NORMATIVE]["repealed_this_year"]
    before = luoyang[NORMATIVE]["total_disclosed"] - luoyang[NORMATIVE]["newly_disclosed_this_year"]
    others = [LUOYANG, *_city_departments(), *_other_counties()]
    shares = split(before - repealed_later - OFFICE_BEFORE - MENGJIN_BEFORE, [3] + [1] * (len(others) - 1))
    rules = luoyang[RULES]
    return [
        OpeningStock(LUOYANG, RULES, rules["total_disclosed"] - rules["newly_disclosed_this_year"]),
        OpeningStock(LY_OFFICE, NORMATIVE, OFFICE_BEFORE),
        OpeningStock(MENGJIN, NORMATIVE, MENGJIN_BEFORE),
        *(OpeningStock(organ, NORMATIVE, share) for organ, share in zip(others, shares, strict=True)),
        OpeningStock(
            PINGDINGSHAN,
            NORMATIVE,
            pingdingshan[NORMATIVE]["total_disclosed"] - pingdingshan[NORMATIVE]["newly_disclosed_this_year"],
        ),
    ]


def _made() -> Iterator[tuple[str, str, int, int]]:
    luoyang, pingdingshan = (
        seeds.seed(seeds.LY19).table2["art20_1"],
        seeds.seed(seeds.PDS19).table2["art20_1"],
    )
    yield LUOYANG, RULES, 2019, luoyang[RULES]["made_this_year"]
    yield LY_OFFICE, NORMATIVE, 2019, OFFICE_2019
    yield MENGJIN, NORMATIVE, 2019, MENGJIN_2019
    others = [LUOYANG, *_city_departments(), *_other_counties()]
    rest = luoyang[NORMATIVE]["made_this_year"] - OFFICE_2019 - MENGJIN_2019
    for organ, share in zip(others, split(rest, [4] + [1] * (len(others) - 1)), strict=True):
        yield organ, NORMATIVE, 2019, share
    yield LY_OFFICE, NORMATIVE, 2020, OFFICE_2020
    yield LY_OFFICE, NORMATIVE, 2021, OFFICE_2021
    office = seeds.seed(seeds.LYO22).table2["art20_1"]
    yield LY_OFFICE, NORMATIVE, 2022, office[NORMATIVE]["made_this_year"]
    yield MENGJIN, NORMATIVE, 2020, seeds.seed(seeds.MJ20).table2["art20_1"][NORMATIVE]["made_this_year"]
    yield XIGONG, NORMATIVE, 2020, seeds.seed(seeds.XG20).table2["art20_1"][NORMATIVE]["made_this_year"]
    yield PINGDINGSHAN, RULES, 2019, pingdingshan[RULES]["made_this_year"]
    units = [PINGDINGSHAN, *_pingdingshan_units()]
    made = pingdingshan[NORMATIVE]["made_this_year"]
    for organ, share in zip(units, split(made, [10] + [1] * (len(units) - 1)), strict=True):
        yield organ, NORMATIVE, 2019, share


def _series(organ: str, kind: str, year: int, number: int) -> Iterator[PlannedDocument]:
    """`number` documents spread over the year, each made public three days after it was made."""
    for serial in range(1, number + 1):
        made = dt.date(year, 1, 8) + dt.timedelta(days=(serial - 1) * 340 // max(number, 1))
        yield PlannedDocument(
            organ,
            kind,
            _title(kind, serial, year),
            _number(organ, kind, year, serial),
            made,
            made + dt.timedelta(days=3),
        )


def _made_in_2018_released_in_2019() -> Iterator[PlannedDocument]:
    """F14: 平顶山 published more documents in 2019 than it made, because some of 2018 came out only then."""
    source = seeds.seed(seeds.PDS19).table2["art20_1"][NORMATIVE]
    for serial in range(1, source["newly_disclosed_this_year"] - source["made_this_year"] + 1):
        yield PlannedDocument(
            PINGDINGSHAN,
            NORMATIVE,
            _title(NORMATIVE, serial, 2018),
            _number(PINGDINGSHAN, NORMATIVE, 2018, serial),
            dt.date(2018, 12, 20 + serial),
            dt.date(2019, 1, 7 + serial),
        )


def _repealed_in_2022() -> Iterator[PlannedDocument]:
    for serial in range(seeds.seed(seeds.LYO22).table2["art20_1"][NORMATIVE]["repealed_this_year"]):
        year = 2009 + serial % 10
        made = dt.date(year, 2 + serial // 10 % 10, 1 + serial % 27)
        yield PlannedDocument(
            LY_OFFICE,
            NORMATIVE,
            _title(NORMATIVE, serial, year),
            _number(LY_OFFICE, NORMATIVE, year, 100 + serial),
            made,
            made + dt.timedelta(days=5),
            repealed_on=dt.date(2022, 9, 30),
        )


def _title(kind: str, serial: int, year: int) -> str:
    topic = TOPICS[serial % len(TOPICS)]
    suffix = "办法" if kind == RULES else "实施意见"
    return f"{topic}{suffix}（{year}年演示文件{serial}）"


def _number(organ: str, kind: str, year: int, serial: int) -> str:
    if kind == RULES:
        return ""
    city = "平" if organ.startswith(("pds", PINGDINGSHAN)) else "洛"
    mark = {LUOYANG: "政", PINGDINGSHAN: "政", LY_OFFICE: "政办", MENGJIN: "孟政办", XIGONG: "西政办"}.get(
        organ, "规"
    )
    return f"{'' if organ in (MENGJIN, XIGONG) else city}{mark}〔{year}〕{serial}号"


def _city_departments() -> list[str]:
    return [f"ly-{key}" for key in LUOYANG_DEPARTMENTS]


def _other_counties() -> list[str]:
    return [code for key, _, _ in LUOYANG_COUNTIES if (code := f"ly-{key}") not in (MENGJIN, XIGONG)]


def _pingdingshan_units() -> list[str]:
    departments = [f"pds-d{number:02d}" for number in range(1, len(PINGDINGSHAN_DEPARTMENTS) + 1)]
    return departments + [f"pds-{key}" for key, _, _ in PINGDINGSHAN_COUNTIES]
