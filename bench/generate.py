"""A year of applications, written in bulk: the same facts, sealed fields, numbers and projections as the actions write.

``gongkai verify`` finds them whole. Left out are the audit log and the applicants' notices: no page that is measured
reads them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from bench.city import City, Office
from bench.copying import Row, Table
from bench.courses import CHANNEL, COURSES, Own, Planned, columns_of, owned, plan
from gongkai.base import clock, numbering
from gongkai.demo import invent
from gongkai.law.workdays import Calendar
from gongkai.organs import calendars
from gongkai.requests import applicants, tickets
from gongkai.requests import facts as f
from gongkai.requests.models import Case, CaseAction, Submission

BATCH = 5_000  # cases in one transaction
BIG_SHARE = 5  # every fifth case is the big office's
CASES_PER_APPLICANT = 3
KINDS = (
    ("natural_person",) * 14
    + ("commercial_enterprise",) * 2
    + tuple(kind for kind in invent.ENTERPRISES if kind != "commercial_enterprise")
)


def fill(city: City, size: int, year: int, today: dt.date) -> None:
    """Write `size` cases that arrived in `year`, in the order of their arrival, as they stand on `today`."""
    writer = _Writer(city, year, today, calendars.for_region(city.root.region))
    for start in range(0, size, BATCH):
        with transaction.atomic():
            writer.write(range(start, min(start + BATCH, size)), size)
    with transaction.atomic():
        writer.reserve_numbers()


def settle() -> None:
    """What PostgreSQL does by itself in time, outside a transaction: statistics, a vacuum. SQLite keeps none unless asked, and
    the product does not ask: of columns that are mostly empty its statistics lead to plans a thousand times slower."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


@dataclass
class _Writer:
    city: City
    year: int
    today: dt.date
    calendar: Calendar
    taken: Counter[tuple[str, int]] = field(default_factory=Counter)  # numbers used, by series and organ

    def __post_init__(self) -> None:
        self.submissions, self.cases, self.actions = Table(Submission), Table(Case), Table(CaseAction)
        self._days = _working_days(self.year, self.today, self.calendar)
        self._planned = lru_cache(maxsize=None)(self._plan)
        self._encoded = lru_cache(maxsize=10_000)(self._encode)

    def write(self, serials: range, size: int) -> None:
        """The cases with these serial numbers out of `size`."""
        submissions: list[Row] = []
        cases: list[Row] = []
        actions: list[Row] = []
        submission_key, case_key = self.submissions.first_key(), self.cases.first_key()
        action_key = self.actions.first_key()
        for place, serial in enumerate(serials):
            office, course = self._office(serial), (serial * 13 + serial // 20) % len(COURSES)
            planned = self._planned(course, self._days[serial * len(self._days) // size])
            own = self._own(office, planned, serial)
            submissions.append(self._submission(submission_key + place, office, planned, own, serial))
            cases.append(self._case(case_key + place, submission_key + place, office, planned, own))
            for row in self._actions(action_key + len(actions), case_key + place, office, planned, own):
                actions.append(row)
        self.submissions.insert(submissions)
        self.cases.insert(cases)
        self.actions.insert(actions)

    def reserve_numbers(self) -> None:
        """The series go on after the numbers used here."""
        for (series, organ), last in self.taken.items():
            numbering.reserve(f"{series}:{organ}:{self.year}", last)

    def _plan(self, course: int, arrived: dt.date) -> Planned:
        return plan(COURSES[course], arrived, self.today, self.calendar)

    def _office(self, serial: int) -> Office:
        offices = self.city.offices
        if serial % BIG_SHARE == 0:
            return offices[0]
        return offices[1 + (serial - serial // BIG_SHARE) % (len(offices) - 1)]

    def _own(self, office: Office, planned: Planned, serial: int) -> Own:
        organ, columns = office.organ, planned.columns
        number = f"{organ.code}-{self.year}-{self._next('case', organ.pk):04d}" if columns["number"] else ""
        answer = ""
        if columns["answer_number"]:
            answer = f"{organ.name}公开告〔{self.year}〕{self._next('answer', organ.pk)}号"
        handler = office.staff["handler"].person_id
        return Own(KINDS[serial // CASES_PER_APPLICANT % len(KINDS)], number, answer, handler or 0)

    def _next(self, series: str, organ: int) -> int:
        self.taken[series, organ] += 1
        return self.taken[series, organ]

    def _submission(self, key: int, office: Office, planned: Planned, own: Own, serial: int) -> Row:
        invented = invent.application(own.kind, serial // CASES_PER_APPLICANT)
        kept = applicants.clean(invented, online=True)
        token, original = f"bench-{self.year}-{serial}", applicants.canonical(kept)
        reference = tickets.reference(token)
        given = {
            "id": key,
            "organ_id": office.organ.pk,
            "path": office.organ.path,
            "reference": reference,
            "secret_hash": tickets.sealed(reference, tickets.secret(token)),
            "token": tickets.token_key(token),
            "channel": CHANNEL,
            "kind": own.kind,
            "arrived_at": _moment(planned.steps[0][1]),
            "raw_sha256": hashlib.sha256(original).hexdigest(),
            "entered_by": "applicant",
            **applicants.indexes(kept),
        }
        sealed = {
            "form": self.submissions.ready("form", kept),
            "raw": self.submissions.ready("raw", original),
        }
        return self.submissions.row(given, sealed)

    def _case(self, key: int, submission: int, office: Office, planned: Planned, own: Own) -> Row:
        given = {
            "id": key,
            "submission_id": submission,
            "organ_id": office.organ.pk,
            "path": office.organ.path,
            **columns_of(planned, own),
        }
        return self.cases.row(given, {"content": None})

    def _actions(self, first: int, case: int, office: Office, planned: Planned, own: Own) -> Iterator[Row]:
        for place, (seq, on, role, shared) in enumerate(planned.steps):
            fact = owned(shared, own)
            actor = office.staff.get(role)
            given = {
                "id": first + place,
                "case_id": case,
                "seq": seq,
                "kind": fact.kind,
                "on": on,
                "recorded_at": _moment(on),
                "actor": actor.key if actor else role,
                "post": actor.post if actor else role,
            }
            stored = self._encoded(fact) if fact is shared else self._encode(fact)
            yield self.actions.row(given, stored)

    def _encode(self, fact: f.Fact) -> dict[str, Any]:
        """Payload and sealed texts of a fact as stored; cases of one course share those of equal facts."""
        payload, private = f.encode(fact)
        return {
            "payload": self.actions.ready("payload", payload),
            "sealed": self.actions.ready("sealed", private),
        }


def _working_days(year: int, today: dt.date, calendar: Calendar) -> list[dt.date]:
    first = calendar.add(dt.date(year - 1, 12, 31), 1)
    days = [first]
    while (following := calendar.add(days[-1], 1)) <= min(today, dt.date(year, 12, 31)):
        days.append(following)
    return days


@lru_cache(maxsize=4096)
def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10, 0), clock.SHANGHAI)
