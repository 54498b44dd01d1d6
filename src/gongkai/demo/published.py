"""One whole county's reports, signed and published: 西工区 2020 with every office, department and street below it.

And a draft of the office's report for 2022, so that the visitor can carry it on.
"""

from __future__ import annotations

import datetime as dt

from gongkai.annualreport import actions
from gongkai.annualreport.models import ReportVersion
from gongkai.base import clock
from gongkai.demo import problems, words
from gongkai.demo.people import posts_by_role
from gongkai.demo.places import LY_OFFICE, XIGONG
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ, Role

BELOW_ON, COUNTY_ON = dt.date(2021, 1, 20), dt.date(2021, 3, 10)
UNCHANGED = "经核对，数据与业务台账一致，系业务实际情况（演示说明）。"


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Children first: a report is signed only over final reports below it."""
    problems.load(organs, by)
    county = organs[XIGONG]
    children = Organ.objects.filter(parent=county).exclude(kind=Organ.Kind.UNIT).order_by("path")
    for child in children:
        _publish(child, 2020, BELOW_ON)
    _publish(county, 2020, COUNTY_ON)
    office = organs[LY_OFFICE]
    with clock.on_day(dt.date(2023, 1, 10)):
        version = actions.open_report(by=_staff(office)[Role.OFFICE.value], organ=office, year=2022)
        words.write(version, _staff(office)[Role.OFFICE.value])


def _publish(organ: Organ, year: int, day: dt.date) -> None:
    version = sign(organ, year, day)
    with clock.on_day(day + dt.timedelta(days=2)):
        actions.publish(by=_staff(organ)[Role.OFFICE.value], version=version)


def sign(organ: Organ, year: int, day: dt.date) -> ReportVersion:
    """Draft, write, explain and submit the report on `day`; the leader signs it two days later."""
    staff = _staff(organ)
    clerk, leader = staff[Role.OFFICE.value], staff[Role.LEADER.value]
    with clock.on_day(day):
        version = actions.open_report(by=clerk, organ=organ, year=year)
        words.write(version, clerk)
        _explain(version, clerk)
        actions.submit(by=clerk, version=version)
    with clock.on_day(day + dt.timedelta(days=2)):
        return actions.sign(by=leader, version=version)


def _explain(version: ReportVersion, clerk: Actor) -> None:
    """Warnings need a written reason before the report goes to the leader."""
    version.refresh_from_db()
    for finding in version.findings:
        if finding["result"] == "fails" and finding["severity"] == "W":
            actions.accept_finding(by=clerk, version=version, finding_key=finding["key"], reason=UNCHANGED)


def _staff(organ: Organ) -> dict[str, Actor]:
    found: dict[str, Actor] = {}
    for role, post in posts_by_role(organ).items():
        who = scope.viewer(post.person, clock.today())
        found |= {a.role: a for a in actors_for(who, "reports", organ.path) if a.role == role}
    return found
