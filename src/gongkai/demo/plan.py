"""Which applications the demo invents, so that the published table 3 comes out by counting them. Pure and deterministic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from gongkai.demo import seeds
from gongkai.demo.allocate import split
from gongkai.law.workdays import Calendar

# Working days from receipt to the decision. A lapse has to wait for its term: 10 to correct, 20 to pay (domain 01 §7, 02 §4).
ANSWERED_AFTER = {"other": (14, 18), "other_correction_lapsed": (14, 18), "other_fee_unpaid": (27, 30)}
ANSWERED_SOON = (7, 13)
LAST_DAY_FOR_THE_YEAR = 300  # days after 3 January; what comes later might not be closed by 31 December
CHANNELS = ("internet", "internet", "internet", "signed_mail", "in_person", "email", "fax", "plain_mail")


@dataclass(frozen=True)
class Planned:
    """One application to invent. `answered_on` is None for one that is still open when the demo is loaded."""

    key: str
    organ: str
    kind: str
    channel: str
    received_on: dt.date
    outcome: str | None
    answered_on: dt.date | None


@dataclass(frozen=True)
class Season:
    """One organ tree's applications of one published year."""

    seed: str
    weights: Mapping[str, int]  # organ code -> share of the new applications
    carriers: Sequence[str]  # organs whose cases may cross New Year
    old_still_open: Mapping[str, int]  # carried in and still open at the end of the year, by kind
    stays_open: bool  # the carried-out cases are still open on the demo's day


def plan(season: Season, calendar: Calendar) -> list[Planned]:
    """Every application of the season, oldest first."""
    source = seeds.seed(season.seed)
    random = Random(season.seed)  # noqa: S311 (variety, not a secret)
    quotas = dict(
        zip(
            season.weights,
            split(sum(source.row("new_received").values()), list(season.weights.values())),
            strict=True,
        )
    )
    drafts = [*_carried_in(season, source, random), *_carried_out(season, source, random, quotas)]
    drafts += _within_the_year(season, source, random, quotas)
    dated = [_dated(draft, source.year, season, calendar, random) for draft in drafts]
    dated.sort(key=lambda case: (case.received_on, case.key))
    return [_in_words_of_its_year(case, number, source) for number, case in enumerate(dated, 1)]


def _in_words_of_its_year(case: Planned, number: int, source: seeds.Seed) -> Planned:
    """The 2019 form counts 其他处理 in one row; the records say which kind: two in five are withdrawals or the like."""
    outcome = case.outcome
    if outcome == "other":
        outcome = "other_misc" if number % 5 < 2 else "other_correction_lapsed"
    return replace(case, key=f"{source.year}-{number:04d}", outcome=outcome)


OLD, NEW, LATE = "old", "new", "late"  # carried in · received and closed in the year · carried out


@dataclass(frozen=True)
class _Draft:
    phase: str
    kind: str
    outcome: str | None
    organ: str
    serial: int


def _carried_in(season: Season, source: seeds.Seed, random: Random) -> Iterator[_Draft]:
    serial = 0
    for kind, number in source.row("carried_in").items():
        still_open = season.old_still_open.get(kind, 0)
        closed = _answered_outcomes(source, kind)[: number - still_open]
        for outcome in [*closed, *[None] * still_open]:
            serial += 1
            yield _Draft(OLD, kind, outcome, random.choice(season.carriers), serial)


def _carried_out(
    season: Season, source: seeds.Seed, random: Random, quotas: dict[str, int]
) -> Iterator[_Draft]:
    serial = 0
    for kind, number in source.row("carried_out").items():
        for _ in range(number - season.old_still_open.get(kind, 0)):
            serial += 1
            organ = random.choice([code for code in season.carriers if quotas[code] > 0])
            quotas[organ] -= 1
            yield _Draft(LATE, kind, None if season.stays_open else "granted", organ, serial)


def _within_the_year(
    season: Season, source: seeds.Seed, random: Random, quotas: dict[str, int]
) -> Iterator[_Draft]:
    places = [code for code, quota in quotas.items() for _ in range(quota)]
    random.shuffle(places)
    drafts: list[tuple[str, str]] = []
    for kind, carried in source.row("carried_in").items():
        old = _answered_outcomes(source, kind)[: carried - season.old_still_open.get(kind, 0)]
        remaining = source.outcomes(kind)
        for outcome in old:
            remaining.remove(outcome)
        drafts += [(kind, outcome) for outcome in remaining]
    random.shuffle(drafts)
    for serial, ((kind, outcome), organ) in enumerate(zip(drafts, places, strict=True), 1):
        yield _Draft(NEW, kind, outcome, organ, serial)


def _answered_outcomes(source: seeds.Seed, kind: str) -> list[str]:
    """Outcomes a case may reach by an ordinary answer soon after New Year."""
    plain = {"granted", "partially_granted", "unable_not_held", "unable_needs_creation"}
    return [outcome for outcome in source.outcomes(kind) if outcome in plain]


def _dated(draft: _Draft, year: int, season: Season, calendar: Calendar, random: Random) -> Planned:
    if draft.phase == OLD:
        received = _workday(dt.date(year - 1, 12, 17), random.randrange(0, 11), calendar)
        answered = calendar.add(dt.date(year, 1, 1), random.randrange(2, 6))
    elif draft.phase == LATE:
        received = _workday(dt.date(year, 12, 10), random.randrange(0, 17), calendar)
        answered = calendar.add(dt.date(year + 1, 1, 1), random.randrange(2, 6))
    else:
        received = _workday(dt.date(year, 1, 3), random.randrange(LAST_DAY_FOR_THE_YEAR), calendar)
        answered = calendar.add(
            received, random.randrange(*ANSWERED_AFTER.get(draft.outcome or "", ANSWERED_SOON))
        )
    return Planned(
        key=f"{draft.phase}-{draft.serial:04d}",
        organ=draft.organ,
        kind=draft.kind,
        channel=random.choice(CHANNELS),
        received_on=received,
        outcome=draft.outcome,
        answered_on=None if draft.outcome is None else answered,
    )


def _workday(start: dt.date, after: int, calendar: Calendar) -> dt.date:
    day = start + dt.timedelta(days=after)
    return day if calendar.is_workday(day) else calendar.add(day, 1)
