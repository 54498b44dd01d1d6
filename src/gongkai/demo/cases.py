"""Loads the demo's applications: five published years, the office's fees and forwarded letters, and what is open today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from gongkai.base import clock
from gongkai.demo import fees_2022, seeds
from gongkai.demo.places import LY_OFFICE
from gongkai.demo.plan import Planned, plan
from gongkai.demo.seasons import seasons
from gongkai.demo.story import Office, Story, tell
from gongkai.law.workdays import Calendar
from gongkai.organs import calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Role
from gongkai.requests import actions, notices

FORWARDED = 133  # S118
OPEN_SERIAL, FORWARDED_SERIAL = 80_000, 90_000


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Everything about applications."""
    calendar = calendars.for_region("CN")
    offices: dict[str, Office] = {}

    def office(code: str) -> Office:
        if code not in offices:
            offices[code] = Office.of(organs[code])
        return offices[code]

    serial = 0
    for season in seasons():
        planned = plan(season, calendar)
        if season.seed == seeds.LYO22:
            special = fees_2022.choose(planned)
            with notices.silenced():
                fees_2022.tell(special, office(LY_OFFICE), calendar)
            planned = [case for case in planned if case.key not in special.keys]
        for case in planned:
            serial += 1
            _tell(Story(case, office(case.organ), calendar, serial), seeds.seed(season.seed).year)
    with notices.silenced():
        _forwarded(office(LY_OFFICE), calendar)
    _arrived_lately(office(LY_OFFICE), calendar)


def _tell(story: Story, year: int) -> None:
    """One planned case. What ended years ago notifies nobody; what is open today does."""
    if story.planned.outcome is not None:
        with notices.silenced():
            story.receive()
            tell(story)
        return
    story.receive()
    if story.planned.received_on.year < year:
        _delayed(story)
    else:
        _open_today(story)


def _delayed(story: Story) -> None:
    """The one case of 2021 still open at the end of 2022: its volume needs a date of its own (art. 35)."""
    until = dt.date(2023, 3, 31)
    story.at(1, actions.accept, Role.HANDLER)
    story.at(
        8,
        actions.propose_delay,
        Role.HANDLER,
        until=until,
        reason="涉及历年档案数量巨大，需逐件清理（演示）。",
    )
    story.at(9, actions.approve_delay, Role.HEAD)


def _open_today(story: Story) -> None:
    """Cases under way on the demo's day, in different stages."""
    stage = story.serial % 5
    story.at(1, actions.accept, Role.HANDLER)
    if stage == 1:
        story.at(4, actions.propose_extension, Role.HANDLER, days=15, reason="需向多个科室核实（演示）。")
        story.at(5, actions.approve_extension, Role.HEAD)
    elif stage == 2:
        story.at(
            3,
            actions.consult,
            Role.HANDLER,
            whom="third_party",
            name="演示第三方",
            what="是否同意公开",
            served_on=story.day(3),
        )
    elif stage == 3:
        story.at(
            6,
            actions.draft,
            Role.HANDLER,
            outcome="granted",
            sub_reason="provided",
            text="拟予以公开（演示）。",
        )
        story.at(6, actions.submit_draft, Role.HANDLER)
    elif stage == 4:
        story.at(3, actions.propose_extension, Role.HANDLER, days=10, reason="需调阅档案（演示）。")


def _forwarded(office: Office, calendar: Calendar) -> None:
    """133 letters meant for other organs, handed on before they were numbered (S118)."""
    for number in range(FORWARDED):
        day = calendar.add(dt.date(2022, 1, 5), 1 + number * 238 // FORWARDED)
        case = Planned(
            f"forwarded-{number}", office.organ.code, "natural_person", "internet", day, None, None
        )
        story = Story(case, office, calendar, FORWARDED_SERIAL + number)
        story.arrive()
        story.at(1, actions.forward, Role.OFFICE, to="洛阳市有关部门（演示）")


def _arrived_lately(office: Office, calendar: Calendar) -> None:
    """What came in during the demo's last days, still to be confirmed."""
    for number, case in enumerate(_latest(office.organ.code)):
        story = Story(case, office, calendar, OPEN_SERIAL + number)
        arrived = story.arrive()
        if number == 0:
            with clock.on_day(case.received_on):
                actions.contact(
                    arrived, by=office[Role.OFFICE], note="电话未接通，次日再联系（演示）。", reached=False
                )


def _latest(organ: str) -> Iterator[Planned]:
    base = Planned("", organ, "natural_person", "internet", dt.date(2023, 1, 12), None, None)
    yield replace(base, key="latest-1")
    yield replace(base, key="latest-2", received_on=dt.date(2023, 1, 13), channel="plain_mail")
    yield replace(base, key="latest-3", received_on=dt.date(2023, 1, 16), kind="commercial_enterprise")
