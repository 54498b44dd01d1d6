"""The measures of 政策解读 (S056, S057, S060, S063): how many, how many documents needed one, got one, got it in time."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from gongkai.base.measures import Measure, Period, register
from gongkai.documents.interpretation.choices import Rules, required
from gongkai.documents.interpretation.models import Form, InterpretationLink
from gongkai.documents.interpretation.term import due_on, interpreted_on
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Document

BY_KIND = {"kind": "kind"}


def _interpretations(period: Period) -> Q:
    return STANDING & Q(kind=Kind.INTERPRETATION) & period.covers("first_released_on")


def _forms() -> list[tuple[str, str]]:
    return [*((value, str(label)) for value, label in Form.choices), ("", "没有登记形式")]


def _required(period: Period) -> Q:
    return period.covers("first_released_on") & required(Rules.read())


def _done(period: Period) -> Q:
    out = InterpretationLink.objects.filter(
        document=OuterRef("pk"),
        interpretation__document__struck_at__isnull=True,
        interpretation__document__first_released_on__lte=period.end,
    )
    return _required(period) & Q(Exists(out))


def _term(period: Period) -> dict[str, Any]:
    return {"interpreted_on": interpreted_on(), "due_on": due_on(period.start, period.end)}


def _on_time(period: Period) -> Q:
    same_day = Q(interpreted_on__lte=F("first_released_on"))  # in time by any calendar
    return _done(period) & (same_day | Q(interpreted_on__lte=F("due_on")))


def _undated(period: Period) -> Q:
    """No calendar, no last day: whether it was in time is not known."""
    return _done(period) & Q(interpreted_on__gt=F("first_released_on"), due_on__isnull=True)


released = Measure(
    key="interpretations.released",
    title="政策解读件数",
    unit="件",
    register="documents",
    statistical_date="首次公开日期",
    model=lambda: Document,
    select=_interpretations,
    annotate=lambda period: {
        "interpretation_form": Coalesce("interpretation__form", Value(""), output_field=CharField())
    },
    dimensions={"form": "interpretation_form"},
    values={"form": _forms},
    definition="在统计期内首次公开的政策解读件数，每件只计一次；解读的可以是以前的文件。由作出解读的机关计。",
)
wanted = Measure(
    key="interpretations.required",
    title="须解读的文件件数",
    unit="件",
    register="documents",
    statistical_date="文件首次公开日期",
    model=lambda: Document,
    select=_required,
    dimensions=BY_KIND,
    definition="在统计期内首次公开、按“政策解读设置”须解读的文件件数；登记了不需要解读理由的不计。",
)
done = Measure(
    key="interpretations.done",
    title="已解读的文件件数",
    unit="件",
    register="documents",
    statistical_date="文件首次公开日期",
    model=lambda: Document,
    select=_done,
    dimensions=BY_KIND,
    definition="须解读的文件中，到统计期末至少有一件解读已公开的件数。解读率＝已解读的文件÷须解读的文件。",
)
on_time = Measure(
    key="interpretations.on_time",
    title="按期解读的文件件数",
    unit="件",
    register="documents",
    statistical_date="文件首次公开日期",
    model=lambda: Document,
    select=_on_time,
    annotate=_term,
    unsure=_undated,
    dimensions=BY_KIND,
    definition="已解读的文件中，第一件解读在期限以内公开的件数。有工作日历没有装入、算不出期限的，不知道确数，只知道至少多少。按期率＝按期解读的文件÷须解读的文件。",
)

register(released, wanted, done, on_time)
