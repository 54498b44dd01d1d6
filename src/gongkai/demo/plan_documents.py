"""Which documents the demo invents, and the opening figures of what was there before the register began. Pure.

The 118 documents the office repealed in 2022 are in the register, and so is everything of the city that the library of
rules and the policy column of 2022 show (S053, S054); opening figures count only what is not (S050–S052).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice

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
RULES_IN_FORCE = 48  # of Luoyang in 2022 (S053): those of 2019 and older ones
FIRST_ORDER = 97  # the number of the oldest order among them
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


_CALLED = {  # in the mark, where the first two characters of the name would not tell organs apart or nobody would write them
    "教育局": "教",
    "公安局": "公",
    "人力资源和社会保障局": "人社",
    "生态环境局": "环",
    "住房和城乡建设局": "建",
    "市场监督管理局": "市监",
    "城市管理局": "城管",
    "住房公积金管理中心": "公积金",
    "农业机械管理局": "农机",
    "洛阳国家高新技术产业开发区管理委员会": "洛高",
    "洛阳市伊滨区管理委员会": "洛伊滨",
    "平顶山高新技术产业开发区管理委员会": "平高",
    "平顶山市城乡一体化示范区管理委员会": "平示范",
}


@dataclass(frozen=True)
class NotGiven:
    """A number that stands under no public document, and why (S068)."""

    organ: str
    year: int
    serial: int
    reason: str
    note: str


NOT_GIVEN = (
    NotGiven(LY_OFFICE, 2020, 4, "not_open", "内部管理信息"),
    NotGiven(LY_OFFICE, 2020, 9, "void", "编号后未印发"),
    *(NotGiven(PINGDINGSHAN, 2019, serial, "not_open", "行政机关内部函件") for serial in (3, 7, 8, 12, 15)),
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
    body: str = ""


@dataclass(frozen=True)
class OpeningStock:
    """Documents an organ already had when the register began and that are not in it: so many public, and of these so many
    in force."""

    organ: str
    kind: str
    number: int
    in_force: int


def documents() -> list[PlannedDocument]:
    """Every document of the demo."""
    found: list[PlannedDocument] = []
    for organ, kind, year, number in _made():
        found += _series(organ, kind, year, number)
    found += list(_office_before())
    found += list(_rules_before())
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
    rules_before = rules["total_disclosed"] - rules["newly_disclosed_this_year"] - len(list(_rules_before()))
    at_pingdingshan = (
        pingdingshan[NORMATIVE]["total_disclosed"] - pingdingshan[NORMATIVE]["newly_disclosed_this_year"]
    )
    return [
        OpeningStock(LUOYANG, RULES, rules_before, 0),  # what is in force of them is in the register
        OpeningStock(MENGJIN, NORMATIVE, MENGJIN_BEFORE, MENGJIN_BEFORE),
        *(OpeningStock(organ, NORMATIVE, share, share) for organ, share in zip(others, shares, strict=True)),
        OpeningStock(PINGDINGSHAN, NORMATIVE, at_pingdingshan, at_pingdingshan),
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


def _office_before() -> Iterator[PlannedDocument]:
    """The office's documents from before the register that are still in force: with later ones 120 in 2022 (S054)."""
    for serial in range(301, 301 + OFFICE_BEFORE):
        year = 2016 + serial % 3
        made = dt.date(year, 1 + serial % 11, 1 + serial % 27)
        yield PlannedDocument(
            LY_OFFICE,
            NORMATIVE,
            _title(NORMATIVE, serial, year),
            _number(LY_OFFICE, year, serial),
            made,
            made + dt.timedelta(days=5),
        )


def _rules_before() -> Iterator[PlannedDocument]:
    """The city's rules from before 2019 that are still in force, oldest first."""
    made_in_2019 = seeds.seed(seeds.LY19).table2["art20_1"][RULES]["made_this_year"]
    for serial in range(1, RULES_IN_FORCE - made_in_2019 + 1):
        made = dt.date(2009 + (serial - 1) // 4, 3 * ((serial - 1) % 4) + 1, 15)
        yield _rule(LUOYANG, serial, made, FIRST_ORDER + serial - 1)


def _rule(organ: str, serial: int, made: dt.date, order: int) -> PlannedDocument:
    """A rule with its order's number and a text of its own, of which there is a page image too."""
    city = "洛阳市" if organ == LUOYANG else "平顶山市"
    number = f"{city}人民政府令第{order}号"
    topic = TOPICS[serial % len(TOPICS)]
    day = f"{made.year}年{made.month}月{made.day}日"
    lines = (
        f"（{day}{number}公布，自公布之日起施行）",
        f"第一条　为了规范{topic}，结合本市实际，制定本办法。",
        f"第二条　本市行政区域内的{topic}，适用本办法。",
        "第三条　本办法自公布之日起施行。",
        "（演示数据，内容系编造，不具有任何效力。）",
    )
    released = made + dt.timedelta(days=3)
    return PlannedDocument(
        organ, RULES, _title(RULES, serial, made.year), number, made, released, body="\n".join(lines)
    )


def _series(organ: str, kind: str, year: int, number: int) -> Iterator[PlannedDocument]:
    """`number` documents spread over the year, each made public three days after it was made."""
    for serial in range(1, number + 1):
        made = dt.date(year, 1, 8) + dt.timedelta(days=(serial - 1) * 340 // max(number, 1))
        if kind == RULES:
            yield _rule(organ, serial, made, FIRST_ORDER + RULES_IN_FORCE - number + serial - 1)
            continue
        yield PlannedDocument(
            organ,
            kind,
            _title(kind, serial, year),
            _number(organ, year, serial),
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
            _number(PINGDINGSHAN, 2018, serial),
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
            _number(LY_OFFICE, year, 100 + serial),
            made,
            made + dt.timedelta(days=5),
            repealed_on=dt.date(2022, 9, 30),
        )


def _title(kind: str, serial: int, year: int) -> str:
    topic = TOPICS[serial % len(TOPICS)]
    suffix = "办法" if kind == RULES else "实施意见"
    return f"{topic}{suffix}（{year}年演示文件{serial}）"


def _number(organ: str, year: int, serial: int) -> str:
    """The serial-th number of the year that was given to a document; the others of `NOT_GIVEN` are passed over."""
    without = {one.serial for one in NOT_GIVEN if (one.organ, one.year) == (organ, year)}
    given = (number for number in count(1) if number not in without)
    number = next(islice(given, serial - 1, None))
    return f"{marks()[organ]}〔{year}〕{number}号"


@cache
def marks() -> dict[str, str]:
    """机关代字 of every organ that numbers its documents (S068), different from one another in each city."""
    known = {LUOYANG: "洛政", LY_OFFICE: "洛政办", MENGJIN: "孟政办", XIGONG: "西政办", PINGDINGSHAN: "平政"}
    named = {f"ly-{key}": ("洛", name) for key, name in LUOYANG_DEPARTMENTS.items()}
    for number, name in enumerate(PINGDINGSHAN_DEPARTMENTS, start=1):
        named[f"pds-d{number:02d}"] = ("平", name)
    found = known | {code: city + _CALLED.get(name, name[:2]) for code, (city, name) in named.items()}
    for prefix, counties in (("ly", LUOYANG_COUNTIES), ("pds", PINGDINGSHAN_COUNTIES)):
        for key, name, _ in counties:
            found.setdefault(f"{prefix}-{key}", _CALLED.get(name, f"{name[:2]}政"))
    return found


def _city_departments() -> list[str]:
    return [f"ly-{key}" for key in LUOYANG_DEPARTMENTS]


def _other_counties() -> list[str]:
    return [code for key, _, _ in LUOYANG_COUNTIES if (code := f"ly-{key}") not in (MENGJIN, XIGONG)]


def _pingdingshan_units() -> list[str]:
    departments = [f"pds-d{number:02d}" for number in range(1, len(PINGDINGSHAN_DEPARTMENTS) + 1)]
    return departments + [f"pds-{key}" for key, _, _ in PINGDINGSHAN_COUNTIES]
