"""Which reviews and lawsuits the demo invents, so that table 4 comes out by counting them. Pure and deterministic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

REVIEW, DIRECT, AFTER = "review", "litigation_direct", "litigation_after_review"
COLUMNS = ("upheld", "corrected", "other", "pending")


@dataclass(frozen=True)
class PlannedProceeding:
    """One proceeding; `column` is how it stood at the end of the published year, `parent` the review it followed."""

    key: str
    organ: str
    group: str
    column: str
    filed_on: dt.date
    closed_on: dt.date | None
    parent: str | None = None


@dataclass(frozen=True)
class Docket:
    """The proceedings of one published table 4 and the organs they are spread over."""

    seed: str
    organs: Sequence[str]
    pending_at: Sequence[str]
    pending_stays: bool = False


def dockets() -> list[Docket]:
    """The five tables. What is pending stays away from the counties whose next year is published too."""
    luoyang = [
        LY_OFFICE,
        *(f"ly-{key}" for key in LUOYANG_DEPARTMENTS),
        *(f"ly-{k}" for k, _, _ in LUOYANG_COUNTIES),
    ]
    departments = [f"pds-d{number:02d}" for number in range(1, len(PINGDINGSHAN_DEPARTMENTS) + 1)]
    pingdingshan = [
        "pingdingshan-office",
        *departments,
        *(f"pds-{key}" for key, _, _ in PINGDINGSHAN_COUNTIES),
    ]
    mengjin = [MENGJIN, *(f"{MENGJIN}-{key}" for key in COUNTY_DEPARTMENTS)]
    across = [code for code in luoyang if code not in (MENGJIN, XIGONG)]
    return [
        Docket(seeds.LY19, luoyang, across),
        Docket(seeds.PDS19, pingdingshan, pingdingshan),
        Docket(seeds.MJ20, mengjin, mengjin),
        Docket(seeds.XG20, [XIGONG], [XIGONG]),
        Docket(seeds.LYO22, [LY_OFFICE], [LY_OFFICE], pending_stays=True),
    ]


def proceedings(docket: Docket) -> list[PlannedProceeding]:
    """Every proceeding of one docket: reviews first, then direct suits, then suits after review with their parents."""
    source = seeds.seed(docket.seed)
    reviews = list(_group(docket, source, REVIEW))
    direct = list(_group(docket, source, DIRECT))
    wanted = sum(source.table4[AFTER][column] for column in COLUMNS)
    parents = _parents(docket, source.year, reviews, wanted)
    after = _after_review(docket, source, parents)
    return [*reviews, *(parent for parent in parents if parent not in reviews), *direct, *after]


def _group(docket: Docket, source: seeds.Seed, group: str) -> Iterator[PlannedProceeding]:
    serial = 0
    for column in COLUMNS:
        for _ in range(source.table4[group][column]):
            serial += 1
            organs = docket.pending_at if column == "pending" else docket.organs
            filed, closed = _dates(source.year, column, serial, docket.pending_stays)
            yield PlannedProceeding(
                f"{source.year}-{group}-{serial:03d}",
                organs[serial % len(organs)],
                group,
                column,
                filed,
                closed,
            )


def _dates(year: int, column: str, serial: int, stays: bool) -> tuple[dt.date, dt.date | None]:
    if column == "pending":
        filed = dt.date(year, 10, 10) + dt.timedelta(days=serial % 70)
        return filed, None if stays else dt.date(year + 1, 2, 1) + dt.timedelta(days=serial % 60)
    filed = dt.date(year, 1, 6) + dt.timedelta(days=serial % 80)
    return filed, filed + dt.timedelta(days=50 + serial % 40)


def _parents(
    docket: Docket, year: int, reviews: list[PlannedProceeding], wanted: int
) -> list[PlannedProceeding]:
    """The reviews the suits followed: this year's upheld ones, and, when those are too few, some closed last December."""
    upheld = [review for review in reviews if review.column == "upheld"]
    if len(upheld) >= wanted:
        return upheld[:wanted]
    return [
        PlannedProceeding(
            f"{year - 1}-review-{serial:03d}",
            docket.organs[serial % len(docket.organs)],
            REVIEW,
            "upheld",
            dt.date(year - 1, 10, 8),
            dt.date(year - 1, 12, 20) + dt.timedelta(days=serial % 10),
        )
        for serial in range(1, wanted + 1)
    ]


def _after_review(
    docket: Docket, source: seeds.Seed, parents: list[PlannedProceeding]
) -> Iterator[PlannedProceeding]:
    columns = [column for column in COLUMNS for _ in range(source.table4[AFTER][column])]
    # what is still pending must not sit at an organ whose next year is published
    parents = sorted(parents, key=lambda parent: parent.organ in docket.pending_at)
    for serial, (column, parent) in enumerate(zip(columns, parents, strict=True), 1):
        decided = parent.closed_on or parent.filed_on
        filed = max(decided + dt.timedelta(days=12), dt.date(source.year, 1, 4))
        closed: dt.date | None = filed + dt.timedelta(days=90 + serial % 20)
        if column == "pending":
            closed = None if docket.pending_stays else dt.date(source.year + 1, 3, 1)
        yield PlannedProceeding(
            f"{source.year}-{AFTER}-{serial:03d}", parent.organ, AFTER, column, filed, closed, parent.key
        )
