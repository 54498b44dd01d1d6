"""The report's way through its states, by the people of the test world."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gongkai.annualreport import actions, checking, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.base.clock import on_day
from gongkai.forms.figures import Figures
from gongkai.forms.layout import form_for
from gongkai.organs.actors import Actor
from tests.support.world import World


def reporter(world: World, code: str, role: str, day: dt.date = dt.date(2023, 1, 16)) -> Actor:
    """The person of `role` at `code`, acting on its reports."""
    return world.actor(code, role, "reports", day)


WORDS = {"s1": "按年度计划推进。", "problems": "基层人员不足。", "improvements": "已安排培训，继续改进。"}


def draft(
    world: World, code: str, year: int, scope: str | None = None, *, words: bool = True
) -> ReportVersion:
    """An open report with something in every box; without `words`, as it was opened."""
    office = reporter(world, code, "office")
    with on_day(dt.date(year + 1, 1, 16)):
        version = actions.open_report(by=office, organ=world.organs[code], year=year, scope=scope)
        return wrote(version, office) if words else version


def wrote(version: ReportVersion, by: Actor, **more: str) -> ReportVersion:
    """Words in every box of parts one and five; `more` by name of the box's key."""
    words = {**WORDS, **more}
    texts = {
        (place.section, place.key): words.get(place.key) or words[place.section]
        for place in sections.places(form_for(version.report.year))
        if place.section != "s6" or "s6" in more
    }
    return actions.write(by=by, version=version, texts=texts)


def submitted(
    world: World, code: str, year: int, scope: str | None = None, *, explain: bool = False
) -> ReportVersion:
    """With `explain`, every warning is explained first."""
    version = draft(world, code, year, scope)
    office = reporter(world, code, "office")
    with on_day(dt.date(year + 1, 1, 17)):
        for finding in checking.blocking(version) if explain else ():
            actions.accept_finding(by=office, version=version, finding_key=finding.key, reason="经核对属实。")
        return actions.submit(by=office, version=version)


def sign_off(
    world: World, code: str, year: int, scope: str | None = None, *, explain: bool = False
) -> ReportVersion:
    version = submitted(world, code, year, scope, explain=explain)
    with on_day(dt.date(year + 1, 1, 18)):
        return actions.sign(by=reporter(world, code, "leader"), version=version)


def publish(world: World, code: str, year: int, scope: str | None = None) -> ReportVersion:
    version = sign_off(world, code, year, scope)
    with on_day(dt.date(year + 1, 1, 19)):
        return actions.publish(by=reporter(world, code, "office"), version=version)


def zero_tables(year: int) -> dict[str, Any]:
    """A whole report of nothing but 0, in the exchange shape."""
    form = form_for(year)
    return Figures(form, dict.fromkeys(form.paths, 0)).to_seed_tables()
