"""A round's way through its facts, by the people of the test world."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rounds import actions, queries, reports
from gongkai.annualreport.rounds.models import Duty, Round
from gongkai.base.clock import on_day
from gongkai.organs.actors import Actor
from tests.support.world import World

D = dt.date
OPENED = D(2023, 1, 10)
DECIDED = D(2023, 1, 25)
REPORT_YEAR = 2022


def clerk(world: World, code: str, role: str = "office", day: dt.date = OPENED) -> Actor:
    """The person of `role` at `code`, acting in its rounds."""
    return world.actor(code, role, "rounds", day)


def opened(world: World, code: str = "city", day: dt.date = OPENED, **more: Any) -> Round:
    """The round of the report year 2022."""
    with on_day(day):
        return actions.open_reports(by=clerk(world, code), organ=world.organs[code], year=REPORT_YEAR, **more)


def duty(world: World, round_: Round, code: str) -> Duty:
    """What `code` owes in the round, as it stands now."""
    return Duty.objects.select_related("organ", "round__organ", "round__sheet").get(
        round=round_, organ=world.organs[code]
    )


def hand_in(world: World, round_: Round, version: ReportVersion, day: dt.date, note: str = "") -> Duty:
    """Its office hands in a signed version."""
    code = version.report.organ.code
    with on_day(day):
        reports.submit(by=clerk(world, code), duty=duty(world, round_, code), version=version, note=note)
    return duty(world, round_, code)


def accept(world: World, round_: Round, *codes: str, day: dt.date = DECIDED) -> None:
    """The collecting office accepts what these handed in."""
    with on_day(day):
        found = [duty(world, round_, code) for code in codes]
        actions.accept(by=clerk(world, round_.organ.code), round_=round_, duties=found)


def return_(world: World, round_: Round, code: str, day: dt.date = DECIDED, **more: Any) -> Duty:
    """The collecting office sends it back."""
    with on_day(day):
        by = clerk(world, round_.organ.code)
        actions.return_(by=by, duty=duty(world, round_, code), **{"reason": "请核对第三部分。", **more})
    return duty(world, round_, code)


def standing(world: World, round_: Round, code: str, day: dt.date) -> queries.Standing:
    """Where it stands on a day."""
    return queries.standing(duty(world, round_, code), day)
