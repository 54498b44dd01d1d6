"""机关, by every name they ever had and by what the guide tells of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from gongkai.organs.models import Organ, OrganName
from gongkai.search import labels
from gongkai.search.engine import Entry
from gongkai.search.sources.base import Source


class Organs(Source):
    name = "organs"
    register = "organs"
    model = Organ

    def rows(self) -> QuerySet[Organ]:
        return Organ.objects.prefetch_related("names")

    def entries(self, rows: Sequence[Organ], today: dt.date) -> Iterator[Entry]:
        for organ in rows:
            inner = organ.kind == Organ.Kind.UNIT
            profile = (organ.address, organ.office_hours, organ.phones, organ.email)
            yield Entry(
                record=self.record(organ.pk),
                category="organs",
                title=organ.name,
                path=organ.path,
                labels=labels.of_record(self.register, organ.path)
                | (frozenset() if inner else labels.ANYBODY),
                names=tuple(sorted({one.name for one in organ.names.all()} - {organ.name})),
                text="　".join(words for words in profile if words),
                about=organ.code,
                type=organ.kind,
            )

    def due(self, after: dt.date, until: dt.date) -> Iterable[int]:
        """Names that begin to hold."""
        span = (after + dt.timedelta(days=1), until)
        return set(OrganName.objects.filter(valid_from__range=span).values_list("organ_id", flat=True))


ORGANS = Organs()
