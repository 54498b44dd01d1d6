"""Within how many working days after its release a document is to be interpreted, and where each one stands (S060)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from gongkai.documents.interpretation.choices import Rules, required
from gongkai.documents.interpretation.models import InterpretationLink
from gongkai.documents.models import Document
from gongkai.documents.timeliness import made_at_the_latest
from gongkai.law.wording import zh_date
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.organs import calendars
from gongkai.organs.models import Organ


class Status(StrEnum):
    """Where a document stands with the term of its interpretation."""

    NOT_DUE = "未到期"
    ON_TIME = "按期"
    LATE = "逾期"
    OVERDUE = "超期未解读"
    UNKNOWN = "期限未知"


@dataclass(frozen=True)
class Standing:
    """`interpreted_on`: the first release of an interpretation. `due_on` is None while the year's calendar is not loaded:
    then nobody is late, and only what was interpreted on the very day is in time."""

    status: Status
    released_on: dt.date
    due_on: dt.date | None
    days: int
    basis: str
    interpreted_on: dt.date | None = None

    @property
    def sentence(self) -> str:
        """为什么是这一天."""
        if self.due_on is None:
            return _("解读期限涉及的年份还没有装入工作日历，暂时算不出。")
        if not self.days:
            return _("%(day)s公开，须与文件同日解读（%(basis)s）。") % {
                "day": zh_date(self.released_on),
                "basis": self.basis,
            }
        return _("%(day)s公开，次日起第%(days)d个工作日为%(due)s（%(basis)s）。") % {
            "day": zh_date(self.released_on),
            "days": self.days,
            "due": zh_date(self.due_on),
            "basis": self.basis,
        }


def due(released_on: dt.date, days: int, calendar: Calendar) -> dt.date | None:
    """The last day of the term; None while a year's calendar is not loaded."""
    try:
        return calendar.add(released_on, days) if days else released_on
    except CalendarYearMissing:
        return None


def of_document(
    document: Document, day: dt.date, rules: Rules | None = None, interpreted_on: dt.date | None = None
) -> Standing | None:
    """Where a released document stands on `day`; None for one that is not out. Whether one is required at all is for
    :func:`~.choices.required` to say."""
    released = document.first_released_on
    if released is None:
        return None
    rule = (rules or Rules.read()).at(document.path, released)
    last = due(released, rule.days, calendars.for_region(document.organ.region))
    status = _status(released, last, day, interpreted_on)
    return Standing(status, released, last, rule.days, rule.basis, interpreted_on)


def _status(released: dt.date, last: dt.date | None, day: dt.date, interpreted_on: dt.date | None) -> Status:
    if interpreted_on is not None and interpreted_on <= released:
        return Status.ON_TIME
    if last is None:
        return Status.UNKNOWN
    if interpreted_on is not None:
        return Status.ON_TIME if interpreted_on <= last else Status.LATE
    return Status.NOT_DUE if day <= last else Status.OVERDUE


def interpreted_on() -> Subquery:
    """The first release of any interpretation linked to a document, as an annotation of documents."""
    out = InterpretationLink.objects.filter(
        document=OuterRef("pk"),
        interpretation__document__struck_at__isnull=True,
        interpretation__document__first_released_on__isnull=False,
    ).order_by("interpretation__document__first_released_on")
    return Subquery(out.values("interpretation__document__first_released_on")[:1])


def with_first(rows: QuerySet[Document]) -> QuerySet[Any]:
    """`rows` annotated with ``interpreted_on``."""
    return rows.annotate(interpreted_on=interpreted_on())


def standings(rows: Iterable[Document], day: dt.date) -> dict[int, Standing]:
    """The standing of each of these documents that is out, by key. Two queries, none when none is out."""
    shown = [row for row in rows if row.first_released_on is not None]
    if not shown:
        return {}
    keys = [row.pk for row in shown]
    first = dict(with_first(Document.objects.filter(pk__in=keys)).values_list("pk", "interpreted_on"))
    rules = Rules.read()
    found = {row.pk: of_document(row, day, rules, first.get(row.pk)) for row in shown}
    return {key: one for key, one in found.items() if one is not None}


def owing(rows: QuerySet[Document], day: dt.date, late: bool = False) -> QuerySet[Document]:
    """Those of `rows` that need an interpretation and have none, and are still public and in force (S057); only those
    whose term has run out before `day`, with `late`."""
    rules = Rules.read()
    standing = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)
    valid = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    found = with_first(rows.filter(required(rules), standing, valid, first_released_on__lte=day))
    found = found.filter(interpreted_on__isnull=True)
    return found.filter(_run_out(rules, day)) if late else found


def interpreted_late(rows: QuerySet[Document], since: dt.date, until: dt.date) -> list[Document]:
    """Those of `rows` first released between the two days, both included, whose interpretation came, and came after its
    term."""
    rules = Rules.read()
    found = with_first(rows.filter(required(rules), first_released_on__range=(since, until)))
    later = found.filter(interpreted_on__gt=F("first_released_on")).select_related("organ").order_by("pk")
    return [row for row in later.iterator(chunk_size=500) if _was_late(row, rules)]


def _was_late(row: Any, rules: Rules) -> bool:
    standing = of_document(row, row.interpreted_on, rules, row.interpreted_on)
    return standing is not None and standing.status is Status.LATE


def due_on(start: dt.date, end: dt.date) -> Case:
    """The last day of the term as an annotation, for documents released between the two days: the working-day calendar
    written out as ranges of release days. Null where a calendar is not loaded."""
    rules, regions = Rules.read(), _regions()
    whens = []
    for days, territory in _by_days(rules):
        for region in regions:
            told = _written_out(start, end, days, calendars.for_region(region))
            if told is not None:
                whens.append(When(territory & Q(organ__region=region), then=told))
    return Case(*whens, default=Value(None), output_field=DateField())


def _written_out(start: dt.date, end: dt.date, days: int, calendar: Calendar) -> Case | None:
    """One branch a year, so that a row is compared with one year's ranges only."""
    years = []
    for year in range(start.year, end.year + 1):
        first, last = max(start, dt.date(year, 1, 1)), min(end, dt.date(year, 12, 31))
        ranges = [
            When(first_released_on__range=(since, until), then=Value(day))
            for since, until, day in _ranges(first, last, days, calendar)
        ]
        if ranges:
            inner = Case(*ranges, default=Value(None), output_field=DateField())
            years.append(When(first_released_on__range=(first, last), then=inner))
    return Case(*years, default=Value(None), output_field=DateField()) if years else None


def _ranges(
    start: dt.date, end: dt.date, days: int, calendar: Calendar
) -> Iterator[tuple[dt.date, dt.date, dt.date]]:
    """Release days that share a last day: first, last, and that day."""
    day, since, current = start, start, due(start, days, calendar)
    while day < end:
        day += dt.timedelta(days=1)
        following = due(day, days, calendar)
        if following != current:
            if current is not None:
                yield since, day - dt.timedelta(days=1), current
            since, current = day, following
    if current is not None:
        yield since, end, current


def _run_out(rules: Rules, day: dt.date) -> Q:
    """Released so early that the term had run out before `day`."""
    found = [Q(pk__in=())]
    for days, territory in _by_days(rules):
        for region in _regions():
            try:
                last = made_at_the_latest(day, days, calendars.for_region(region))
            except CalendarYearMissing:
                continue
            found.append(territory & Q(organ__region=region, first_released_on__lte=last))
    return reduce(or_, found)


def _by_days(rules: Rules) -> list[tuple[int, Q]]:
    found: dict[int, list[Q]] = defaultdict(list)
    for rule, territory in rules.all():
        found[rule.days].append(territory)
    return [(days, reduce(or_, territories)) for days, territories in found.items()]


def _regions() -> list[str]:
    """The regions whose working days count for some organ. One query."""
    return sorted(set(Organ.objects.values_list("region", flat=True).distinct()))
