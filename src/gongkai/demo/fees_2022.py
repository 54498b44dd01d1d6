"""The information processing fee in 2022 (S119–S121, F8, F9): ten notices, one payer, 23 items of one application.

One application of March is split into 23 items; the 13 beyond the tenth cost 100 yuan each, and the 1300 yuan are paid.
Nine further notices over eleven items stay unpaid, so those items are no longer handled.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from gongkai.base import clock
from gongkai.demo import invent
from gongkai.demo.plan import Planned
from gongkai.demo.story import Office, Story, answer_by
from gongkai.law.workdays import Calendar
from gongkai.organs.models import Role
from gongkai.requests import actions
from gongkai.requests.models import Case

PARTS, FREE, PRICE = 23, 10, 1300
UNPAID_NOTICES = (2, 2, 1, 1, 1, 1, 1, 1, 1)  # items on each
RECEIVED, SPLIT, NOTICE, PAID = dt.date(2022, 3, 14), 2, 5, 12
PAID_SERIAL, UNPAID_SERIAL = 60_000, 61_000
PLAIN = ("unable_not_held", "granted", "partially_granted", "unable_needs_creation")


@dataclass(frozen=True)
class Special:
    """The planned cases that take this way instead of the ordinary one."""

    parts: tuple[Planned, ...]
    unpaid: tuple[Planned, ...]

    @property
    def keys(self) -> set[str]:
        return {case.key for case in (*self.parts, *self.unpaid)}


def choose(planned: list[Planned]) -> Special:
    """23 natural person's cases of the year with an ordinary answer, and the eleven closed for an unpaid fee."""
    year = [case for case in planned if case.received_on.year == RECEIVED.year and case.answered_on]
    natural = [case for case in year if case.kind == "natural_person"]
    parts = [case for case in natural if case.outcome in PLAIN][:PARTS]
    unpaid = [case for case in natural if case.outcome == "other_fee_unpaid"]
    return Special(
        tuple(replace(case, received_on=RECEIVED, channel="signed_mail") for case in parts), tuple(unpaid)
    )


def tell(special: Special, office: Office, calendar: Calendar) -> None:
    """Both stories."""
    _paid(special.parts, office, calendar)
    left = list(special.unpaid)
    for number, size in enumerate(UNPAID_NOTICES):
        group, left = left[:size], left[size:]
        _unpaid(group, office, calendar, UNPAID_SERIAL + number)


def _paid(parts: tuple[Planned, ...], office: Office, calendar: Calendar) -> None:
    story = Story(parts[0], office, calendar, PAID_SERIAL)
    story.receive()
    cases = story.at(
        SPLIT,
        actions.split,
        Role.OFFICE,
        parts=[f"{invent.SUBJECTS[n % len(invent.SUBJECTS)]}（第{n + 1}项，演示）" for n in range(PARTS)],
        reason="一份申请包含多项内容，按“一事一申请”原则以合理的最小单位拆分（演示）。",
    )
    stories = [
        Story(planned, office, calendar, PAID_SERIAL + number, case)
        for number, (planned, case) in enumerate(zip(parts, cases, strict=True))
    ]
    for each in stories:
        each.at(SPLIT + 1, actions.accept, Role.HANDLER)
    charged = stories[FREE:]
    _notice(charged, NOTICE)
    charged[0].at(
        PAID,
        actions.record_payment,
        Role.OFFICE,
        amount_yuan=PRICE,
        receipt_number="演示非税票据000001",
        payment_code="DEMO-0001",
    )
    for number, each in enumerate(stories):
        answer_by(each, (10 if number < FREE else PAID + 6) + number % 4, str(each.planned.outcome))


def _unpaid(group: list[Planned], office: Office, calendar: Calendar, serial: int) -> None:
    """Items of one applicant, received on one day, priced by volume on one notice."""
    received, form = group[0].received_on, invent.application("natural_person", serial)
    stories = []
    for number, planned in enumerate(group):
        story = Story(replace(planned, received_on=received), office, calendar, serial * 10 + number)
        story.receive(form | {"info_description": f"申请公开{invent.SUBJECTS[number]}全部案卷材料（演示）。"})
        story.at(1, actions.accept, Role.HANDLER)
        stories.append(story)
    _notice(stories, 4, basis="by_volume", pages=60 + serial % 7 * 20)
    stories[0].at(27, actions.lapse_fee, Role.OFFICE)


def _notice(stories: list[Story], number: int, **basis: object) -> None:
    for story in stories:
        story.at(
            number,
            actions.propose_fee,
            Role.HANDLER,
            reason="申请数量、频次明显超过合理范围（演示）。",
            **basis,
        )
    first, day = stories[0], stories[0].day(number + 1)
    cases: list[Case] = [story.case for story in stories if story.case is not None]
    with clock.on_day(day):
        actions.approve_fee(cases, by=first.office[Role.HEAD], on=day, served_on=day)
