"""Loads the planned documents, tallies and coverage of the demo through the rooms' own actions."""

from __future__ import annotations

import datetime as dt

from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.base.models import Coverage, Tally
from gongkai.demo import plan_acts, plan_documents, seeds, with_documents
from gongkai.demo.allocate import split
from gongkai.demo.places import LUOYANG, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.documents import actions as documents
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

BEGAN = plan_documents.REGISTER_BEGAN
DAY_BEFORE = Period(BEGAN - dt.timedelta(days=1), BEGAN - dt.timedelta(days=1))
ACTS = ("acts.items", "acts.decisions", "acts.fees", "acts.procurement")
BODY = "本文件为演示数据，内容系编造，不具有任何效力。"
OPENING_2018 = {"city": 463, "county": 948}  # S113: 257 (−44.5 %), 658 (−30.6 %), 915 (−35.2 %)


def cover(organs: dict[str, Organ], by: Actor) -> None:
    """Since when which register is kept here, by tally, or not at all."""
    for city in (organs[LUOYANG], organs[PINGDINGSHAN]):
        for register in ("documents", "remedies", "requests"):
            _cover(city, register, Coverage.Mode.HERE, BEGAN, by=by, tree=True)
        _cover(
            city,
            "requests",
            Coverage.Mode.TALLY,
            dt.date(2018, 1, 1),
            dt.date(2018, 12, 31),
            by=by,
            tree=True,
        )
        for register in ACTS:
            _cover(city, register, Coverage.Mode.NONE, BEGAN, by=by, tree=True)
    for group in plan_acts.reporters():
        start = dt.date(seeds.seed(group.seed).year, 1, 1)
        for code in group.organs:
            # the two counties report as a whole for 2019 only; from 2020 their departments do
            end = dt.date(start.year, 12, 31) if code in (MENGJIN, XIGONG) else None
            for register in ("acts.items", "acts.decisions", "acts.procurement"):
                _cover(organs[code], register, Coverage.Mode.TALLY, start, end, by=by)


def _cover(
    organ: Organ,
    register: str,
    mode: str,
    start: dt.date,
    end: dt.date | None = None,
    *,
    by: Actor,
    tree: bool = False,
) -> None:
    tallies.set_coverage(
        by=by, organ=organ, register=register, mode=mode, valid_from=start, valid_to=end, whole_tree=tree
    )


def load_documents(organs: dict[str, Organ], by: Actor) -> None:
    """The series of numbers, every planned document with its release and, where planned, its repeal, why a number is
    missing; then the opening figures."""
    kept = {
        code: documents.open_series(by=by, organ=organs[code], mark=mark, valid_from=BEGAN)
        for code, mark in plan_documents.marks().items()
    }
    for planned in plan_documents.documents():
        with clock.on_day(max(planned.released_on, planned.repealed_on or planned.released_on)):
            document = documents.add_document(
                by=by,
                organ=organs[planned.organ],
                kind=planned.kind,
                title=planned.title,
                made_on=planned.made_on,
                number=planned.number,
                body=planned.body or BODY,
            )
            with_documents.before_release(document, planned, by)
            documents.release(document, by=by, channel="government_website", on=planned.released_on)
            if planned.repealed_on:
                documents.change_validity(
                    document,
                    by=by,
                    kind="repealed",
                    on=planned.repealed_on,
                    decided_by="洛政办〔2022〕100号（演示）",
                )
    for one in plan_documents.NOT_GIVEN:
        documents.explain_gap(
            kept[one.organ], by=by, year=one.year, serial=one.serial, reason=one.reason, note=one.note
        )
    for stock in plan_documents.opening_stock():
        figures = {"documents.total_disclosed": stock.number, "documents.in_force": stock.in_force}
        for measure, number in figures.items():
            _tally(
                organs[stock.organ],
                measure,
                {"kind": stock.kind},
                DAY_BEFORE,
                number,
                by,
                Tally.Source.OPENING,
                "启用前已公开、未逐件登记的文件（演示）",
            )


def load_tallies(organs: dict[str, Organ], by: Actor) -> None:
    """The units' own counts of administrative acts, and last year's applications as opening figures."""
    for planned in plan_acts.tallies():
        with clock.on_day(dt.date(planned.year + 1, 1, 10)):
            _tally(
                organs[planned.organ],
                planned.measure,
                dict(planned.dimensions),
                Period.year(planned.year),
                planned.value,
                by,
                Tally.Source.UNIT,
                f"单位为{planned.year}年度报告填报（演示）",
            )
    _opening_applications(organs, by)


def _opening_applications(organs: dict[str, Organ], by: Actor) -> None:
    """Last year's applications by level, so that 2019 can be compared with 2018 (S113)."""
    counties = [
        organ for organ in organs.values() if organ.parent_id == organs[LUOYANG].pk and organ.tier == "county"
    ]
    shares = dict(zip(counties, split(OPENING_2018["county"], [1] * len(counties)), strict=True)) | {
        organs[LUOYANG]: OPENING_2018["city"]
    }
    for organ, number in shares.items():
        _tally(
            organ,
            "requests.received",
            {},
            Period.year(2018),
            number,
            by,
            Tally.Source.OPENING,
            "2018年收到申请数，取自启用前的台账（演示）",
        )


def _tally(
    organ: Organ,
    measure: str,
    dimensions: dict[str, str],
    period: Period,
    value: object,
    by: Actor,
    source: str,
    note: str,
) -> None:
    tallies.record_tally(
        by=by,
        organ=organ,
        measure=measure,
        dimensions=dimensions,
        period=period,
        value=value,  # type: ignore[arg-type]
        source=source,
        note=note,
    )
