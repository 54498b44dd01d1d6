"""依申请公开, by number alone. Who applied and what for is encrypted in the database and never enters the index: by name, id
or phone the desk finds an application through the blind indexes (`requests.queries.find`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from gongkai.requests.models import Case
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Source


class Cases(Source):
    name = "cases"
    register = "cases"
    model = Case

    def rows(self) -> QuerySet[Case]:
        return Case.objects.only("path", "number", "answer_number", "first_received_on", "outcome")

    def entries(self, rows: Sequence[Case], today: dt.date) -> Iterator[Entry]:
        for case in rows:
            if case.number:
                yield Entry(
                    record=self.record(case.pk),
                    category="cases",
                    title=case.number,
                    path=case.path,
                    labels=labels.of_record(self.register, case.path),
                    numbers=tuple(number for number in (case.number, case.answer_number) if number),
                    on=case.first_received_on,
                    type=case.outcome,
                )


CASES = Cases()
