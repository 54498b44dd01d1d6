"""How the five published totals of table 3 are shared out among the organs of the demo."""

from __future__ import annotations

from gongkai.demo import seeds
from gongkai.demo.places import (
    COUNTY_DEPARTMENTS,
    LUOYANG_COUNTIES,
    LUOYANG_DEPARTMENTS,
    LY_OFFICE,
    MENGJIN,
    PINGDINGSHAN_COUNTIES,
    PINGDINGSHAN_DEPARTMENTS,
    XIGONG,
)
from gongkai.demo.plan import Season

PDS_OFFICE = "pingdingshan-office"


def seasons() -> list[Season]:
    """The five seasons in the order of their years."""
    return [_luoyang_2019(), _pingdingshan_2019(), _mengjin_2020(), _xigong_2020(), _office_2022()]


def _luoyang_2019() -> Season:
    """915 = 257 at city level (office and 14 departments) + 658 in 17 counties (S113)."""
    departments = {f"ly-{key}": 14 for key in LUOYANG_DEPARTMENTS}
    counties = {f"ly-{key}": 39 if number < 12 else 38 for number, (key, _, _) in enumerate(LUOYANG_COUNTIES)}
    # the two counties whose 2020 report says nothing was carried in must not carry anything out in 2019
    across = [code for code in (LY_OFFICE, *departments, *counties) if code not in (MENGJIN, XIGONG)]
    return Season(seeds.LY19, {LY_OFFICE: 61} | departments | counties, across, {}, stays_open=False)


def _pingdingshan_2019() -> Season:
    departments = {f"pds-d{number:02d}": 6 for number in range(1, len(PINGDINGSHAN_DEPARTMENTS) + 1)}
    counties = {f"pds-{key}": 26 for key, _, _ in PINGDINGSHAN_COUNTIES}
    weights = {PDS_OFFICE: 84} | departments | counties
    return Season(seeds.PDS19, weights, list(weights), {}, stays_open=False)


def _mengjin_2020() -> Season:
    departments = {f"{MENGJIN}-{key}": 5 for key in COUNTY_DEPARTMENTS}
    towns = {f"{MENGJIN}-t{number:02d}": 1 for number in range(1, 11)}
    return Season(seeds.MJ20, {MENGJIN: 24} | departments | towns, [MENGJIN], {}, stays_open=False)


def _xigong_2020() -> Season:
    weights = {XIGONG: 7, f"{XIGONG}-edu": 2, f"{XIGONG}-housing": 2, f"{XIGONG}-s01": 1, f"{XIGONG}-s02": 1}
    return Season(seeds.XG20, weights, [XIGONG], {}, stays_open=False)


def _office_2022() -> Season:
    """One enterprise's case of 2021 was still open at the end of 2022 (F7); what crossed New Year is still open today."""
    return Season(seeds.LYO22, {LY_OFFICE: 95}, [LY_OFFICE], {"commercial_enterprise": 1}, stays_open=True)
