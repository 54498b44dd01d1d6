"""Collecting in the demo: 洛阳 gathers the reports of 2022 and a sheet of the last quarter, 孟津县 has gathered one for 2020.

On the demo's day some departments have handed in, one was sent back, one is late, and the counties have until March.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gongkai.annualreport import actions as annual
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rounds import actions, filling, reports, sheets
from gongkai.annualreport.rounds.models import Duty, Round
from gongkai.base import clock
from gongkai.demo.people import posts_by_role
from gongkai.demo.places import LUOYANG, MENGJIN
from gongkai.demo.published import sign
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ, Role

OPENED, HANDED_IN, LOOKED_AT, URGED = (dt.date(2023, 1, day) for day in (4, 10, 12, 16))
DEPARTMENTS_BY, PROMISED_BY = dt.date(2023, 1, 20), dt.date(2023, 1, 13)
ACCEPTED = ("ly-civil", "ly-justice")
WAITING = ("ly-ecology",)
RETURNED = "ly-edu"
LATE = "ly-finance"

# The sheet of 孟津县's own rule on statistics (S271), and 洛阳's after it.
RULE = "孟津县政府信息公开统计制度（演示）"
COLUMNS = (
    "requests.received|",
    "requests.closed|",
    "requests.carried_out|",
    "documents.made|kind=normative_docs",
    "keyareas.decisions|row=admin_license",
)
SHEET = "政府信息公开情况统计表"


def load(organs: dict[str, Organ]) -> None:
    """Everything through the actions, each by whoever it is for, on its day."""
    _reports(organs)
    _finished_quarter(organs)
    _running_quarter(organs)


def _reports(organs: dict[str, Organ]) -> None:
    city = organs[LUOYANG]
    with clock.on_day(OPENED):
        round_ = actions.open_reports(
            by=_clerk(city), organ=city, year=2022, days={"department": DEPARTMENTS_BY}
        )
        actions.extend(
            by=_clerk(city),
            duty=_duty(round_, organs[LATE]),
            day=PROMISED_BY,
            reason="市财政数据须先行核对，请提前报送（演示）。",
        )
    for code in (*ACCEPTED, *WAITING, RETURNED):
        version = sign(organs[code], 2022, HANDED_IN - dt.timedelta(days=2))
        _hand_in(round_, organs[code], version)
    with clock.on_day(LOOKED_AT):
        found = [_duty(round_, organs[code]) for code in ACCEPTED]
        actions.accept(by=_clerk(city), round_=round_, duties=found)
        actions.return_(
            by=_clerk(city),
            duty=_duty(round_, organs[RETURNED]),
            reason="总体情况只写了一句，请补充主动公开和监督保障的情况（演示）。",
            until=dt.date(2023, 1, 18),
        )
    with clock.on_day(URGED):
        late = [_duty(round_, organs[LATE])]
        actions.remind(by=_clerk(city), round_=round_, duties=late, note="请今天报送（演示）。")
    with clock.on_day(OPENED):
        annual.open_report(by=_clerk(city, "reports"), organ=city, year=2022)


def _hand_in(round_: Round, organ: Organ, version: ReportVersion) -> None:
    with clock.on_day(HANDED_IN):
        reports.submit(by=_clerk(organ), duty=_duty(round_, organ), version=version)


def _departments(organs: dict[str, Organ], above: Organ) -> list[Organ]:
    """The office and the departments directly below."""
    kinds = (Organ.Kind.DEPARTMENT, Organ.Kind.OFFICE)
    return [organ for organ in organs.values() if organ.parent_id == above.pk and organ.kind in kinds]


def _finished_quarter(organs: dict[str, Organ]) -> None:
    """The last quarter of 2020: everything handed in, one sheet sent back and come again, all confirmed."""
    county = organs[MENGJIN]
    with clock.on_day(dt.date(2021, 1, 4)):
        clerk = _clerk(county)
        sheet = sheets.define(
            by=clerk,
            organ=county,
            name=SHEET,
            basis=RULE,
            frequency="quarter",
            keys=COLUMNS,
            units=_departments(organs, county),
        )
        round_ = actions.open_sheet(by=clerk, sheet=sheet, year=2020, index=4)
    duties = list(Duty.objects.filter(round=round_).select_related("organ").order_by("path"))
    _fill_in(duties, dt.date(2021, 1, 8))
    with clock.on_day(dt.date(2021, 1, 11)):
        actions.return_(by=clerk, duty=duties[0], reason="请核对结转件数（演示）。")
    with clock.on_day(dt.date(2021, 1, 12)):
        sheets.hand_in(by=_clerk(duties[0].organ), duty=duties[0], note="经核对无误（演示）。")
    with clock.on_day(dt.date(2021, 1, 14)):
        actions.accept(by=clerk, round_=round_, duties=duties)
        actions.close(by=clerk, round_=round_)


def _running_quarter(organs: dict[str, Organ]) -> None:
    """The last quarter of 2022, due on the demo's day: a third of the units have handed in."""
    city = organs[LUOYANG]
    with clock.on_day(OPENED):
        clerk = _clerk(city)
        sheet = sheets.define(
            by=clerk,
            organ=city,
            name=SHEET,
            basis="洛阳市政府信息公开统计制度（演示）",
            frequency="quarter",
            keys=COLUMNS,
            units=_departments(organs, city),
        )
        round_ = actions.open_sheet(by=clerk, sheet=sheet, year=2022, index=4)
    duties = list(Duty.objects.filter(round=round_).select_related("organ").order_by("path"))
    _fill_in(duties[: len(duties) // 3], HANDED_IN)
    with clock.on_day(LOOKED_AT):
        actions.accept(by=clerk, round_=round_, duties=duties[: len(duties) // 5])


def _fill_in(duties: Iterable[Duty], day: dt.date) -> None:
    with clock.on_day(day):
        for duty in duties:
            unknown = filling.unknown_entries(filling.entries(_fresh(duty)))
            note = "行政许可按年填报，没有分季的数（演示）。" if unknown else ""
            sheets.hand_in(by=_clerk(duty.organ), duty=duty, note=note)


def _duty(round_: Round, organ: Organ) -> Duty:
    return Duty.objects.select_related("organ", "round__organ").get(round=round_, organ=organ)


def _fresh(duty: Duty) -> Duty:
    return Duty.objects.select_related("organ", "round__sheet__organ").get(pk=duty.pk)


def _clerk(organ: Organ, register: str = "rounds") -> Actor:
    """The one of the disclosure office who reviews, as of today."""
    post = posts_by_role(organ)[Role.OFFICE.value]
    who = scope.viewer(post.person, clock.today())
    found = actors_for(who, register, organ.path)
    return next(one for one in found if one.role == Role.OFFICE)
