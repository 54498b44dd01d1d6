"""The administrative acts of table 2 as the tallies their units reported, keyed to the report year. Pure.

`prev_year_items` and `change_this_year` are what a unit reported *for that report year* — the seeds contradict one another
as stocks (孟津县's 250 fee items against 182 for all 洛阳 a year before), so nothing is carried on from year to year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gongkai.demo import seeds
from gongkai.demo.allocate import split
from gongkai.demo.places import (
    COUNTY_DEPARTMENTS,
    LUOYANG_COUNTIES,
    LUOYANG_DEPARTMENTS,
    MENGJIN,
    PINGDINGSHAN_COUNTIES,
    XIGONG,
)

MEASURES = {
    "prev_year_items": "keyareas.items_prev_year",
    "change_this_year": "keyareas.items_change",
    "decisions": "keyareas.decisions",
}
ENFORCING_DEPARTMENTS = 24  # of 平顶山's 51; the others hold no power items in the demo
YUAN_PER_WAN = 10_000


@dataclass(frozen=True)
class PlannedTally:
    """One unit's figure for one measure and year; money in yuan."""

    organ: str
    year: int
    measure: str
    dimensions: tuple[tuple[str, str], ...]
    value: Decimal


@dataclass(frozen=True)
class Reporters:
    """The units that report the acts of one published table 2."""

    seed: str
    organs: tuple[str, ...]


def reporters() -> list[Reporters]:
    """Who reported what: city departments and counties for a city, its departments for a county."""
    luoyang = [f"ly-{key}" for key in LUOYANG_DEPARTMENTS] + [f"ly-{key}" for key, _, _ in LUOYANG_COUNTIES]
    departments = [f"pds-d{number:02d}" for number in range(1, ENFORCING_DEPARTMENTS + 1)]
    pingdingshan = departments + [f"pds-{key}" for key, _, _ in PINGDINGSHAN_COUNTIES]
    return [
        Reporters(seeds.LY19, tuple(luoyang)),
        Reporters(seeds.PDS19, tuple(pingdingshan)),
        Reporters(seeds.MJ20, tuple(f"{MENGJIN}-{key}" for key in COUNTY_DEPARTMENTS)),
        Reporters(seeds.XG20, tuple(f"{XIGONG}-{key}" for key in COUNTY_DEPARTMENTS)),
    ]


def tallies() -> Iterator[PlannedTally]:
    """Every tally behind the four published tables."""
    for group in reporters():
        source = seeds.seed(group.seed)
        for block, rows in source.table2.items():
            if block == "art20_1":
                continue
            for row, columns in rows.items():
                for column, value in columns.items():
                    yield from _share(group, source.year, row, column, value)


def _share(group: Reporters, year: int, row: str, column: str, value: int | str) -> Iterator[PlannedTally]:
    dimensions: tuple[tuple[str, str], ...] = ()
    weights = [3 + (index * 7 + len(row)) % 11 for index in range(len(group.organs))]
    if column == "procurement_amount_wan":
        # whole yuan: one ten-thousandth of the 万元 each unit's own report prints, so that the printed parts add up
        parts = [Decimal(part) for part in split(int(Decimal(value) * YUAN_PER_WAN), weights)]
        measure = "keyareas.procurement_amount_yuan"
    elif column == "procurement_items":
        parts = [Decimal(part) for part in split(int(value), weights)]
        measure = "keyareas.procurement_items"
    else:
        parts = [Decimal(part) for part in split(int(value), weights)]
        measure, dimensions = MEASURES[column], (("row", row),)
    for organ, part in zip(group.organs, parts, strict=True):
        yield PlannedTally(organ, year, measure, dimensions, part)
