"""The measures of administrative acts: blocks （五）（六）（八）（九） of table 2."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Q, Value, When

from gongkai.base.measures import Measure, Period, register
from gongkai.keyareas.models import STANDING, Decision, FeeIncome, PowerItem, Procurement

BY_ROW = {"row": "row"}


def _change(period: Period) -> dict[str, Any]:
    """+1 for an item added in the period, −1 for one removed in it, 0 for both."""
    return {"change": _one_if(period.covers("added_on")) - _one_if(period.covers("removed_on"))}


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


items_prev_year = Measure(
    key="keyareas.items_prev_year",
    title="上一年项目数量",
    unit="项",
    register="acts.items",
    statistical_date="设立日期、取消日期",
    model=lambda: PowerItem,
    select=lambda period: STANDING & period.open_at_start("added_on", "removed_on"),
    dimensions=BY_ROW,
    tally="instead",
    stock=True,
    definition="统计期开始前已设立且尚未取消的事项数。按数填报的，是单位在该报告年度填报的“上一年项目数量”，只用于该年度。",
)

items_change = Measure(
    key="keyareas.items_change",
    title="本年增/减",
    unit="项",
    register="acts.items",
    statistical_date="设立日期、取消日期",
    model=lambda: PowerItem,
    select=lambda period: STANDING & (period.covers("added_on") | period.covers("removed_on")),
    dimensions=BY_ROW,
    amount="change",
    annotate=_change,
    tally="instead",
    signed=True,
    definition="统计期内设立的事项数减去取消的事项数，可以为负。",
)

decisions = Measure(
    key="keyareas.decisions",
    title="处理决定数量",
    unit="件",
    register="acts.decisions",
    statistical_date="决定日期",
    model=lambda: Decision,
    select=lambda period: STANDING & period.covers("decided_on"),
    dimensions=BY_ROW,
    tally="instead",
    definition="统计期内作出的处理决定数，不限于已公开的决定。",
)

fee_income_yuan = Measure(
    key="keyareas.fee_income_yuan",
    title="行政事业性收费金额",
    unit="元",
    register="acts.fees",
    statistical_date="收取日期",
    model=lambda: FeeIncome,
    select=lambda period: STANDING & period.covers("collected_on"),
    amount="amount_yuan",
    tally="instead",
    definition="统计期内收取的行政事业性收费减去退费，不含政府信息公开信息处理费（由收费通知的缴费记录计数）。",
)

procurement_items = Measure(
    key="keyareas.procurement_items",
    title="政府集中采购项目数量",
    unit="项",
    register="acts.procurement",
    statistical_date="成交日期",
    model=lambda: Procurement,
    select=lambda period: STANDING & period.covers("concluded_on"),
    tally="instead",
    definition="统计期内成交的政府集中采购项目数。",
)

procurement_amount_yuan = Measure(
    key="keyareas.procurement_amount_yuan",
    title="政府集中采购总金额",
    unit="元",
    register="acts.procurement",
    statistical_date="成交日期",
    model=lambda: Procurement,
    select=lambda period: STANDING & period.covers("concluded_on"),
    amount="amount_yuan",
    tally="instead",
    definition="统计期内成交的政府集中采购项目的成交金额之和。",
)

register(
    items_prev_year,
    items_change,
    decisions,
    fee_income_yuan,
    procurement_items,
    procurement_amount_yuan,
)
