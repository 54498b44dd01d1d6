"""The measures of table 4: proceedings by group and by the column they stood in on the last day of the period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, Value, When

from gongkai.base.measures import Measure, Period, register
from gongkai.remedies.models import Respondent

PENDING = "pending"
DIMENSIONS = {"group": "group", "column": "column_then"}


def _column_then(period: Period) -> Mapping[str, Any]:
    closed = When(closed_on__lte=period.end, then=F("column"))
    return {"column_then": Case(closed, default=Value(PENDING))}


def _latest_round(period: Period) -> Q:
    """One case is one: of several rounds the one that ran on the last day speaks."""
    return Q(filed_on__lte=period.end) & (Q(reopened_on__isnull=True) | Q(reopened_on__gt=period.end))


def _active(period: Period) -> Q:
    return _latest_round(period) & (Q(closed_on__isnull=True) | Q(closed_on__gte=period.start))


def _filed(period: Period) -> Q:
    return _latest_round(period) & period.covers("first_filed_on")


active = Measure(
    key="remedies.active",
    title="行政复议、行政诉讼（当年在办）",
    unit="件",
    register="remedies",
    statistical_date="收到通知日期、审结日期",
    model=lambda: Respondent,
    select=_active,
    dimensions=DIMENSIONS,
    annotate=_column_then,
    definition="统计期末以前收到通知、统计期开始前尚未审结的案件，按统计期末的结果分类；期末未审结（含上诉中）的计“尚未审结”。"
    "按被申请人、被告逐机关计数。",
)

filed = Measure(
    key="remedies.filed",
    title="行政复议、行政诉讼（当年收到）",
    unit="件",
    register="remedies",
    statistical_date="收到通知日期",
    model=lambda: Respondent,
    select=_filed,
    dimensions=DIMENSIONS,
    annotate=_column_then,
    definition="统计期内收到通知的案件，按统计期末的结果分类。按被申请人、被告逐机关计数。",
)

register(active, filed)
