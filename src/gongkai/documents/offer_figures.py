"""The measures of 信息报送: how many items went up, and how many were used; the rate is one over the other (S035)."""

from __future__ import annotations

from django.db.models import Q

from gongkai.base.measures import Measure, Period, register
from gongkai.documents.models import Offer, Outcome, Received


def _decided(outcome: Outcome) -> Q:
    return Q(outcome=outcome)


sent = Measure(
    key="offers.sent",
    title="报送信息条数",
    unit="条",
    register="offers",
    statistical_date="报送日期",
    model=lambda: Offer,
    select=lambda period: period.covers("offered_on"),
    tally="beside",
    definition="统计期内向上级机关报送的信息条数，加上在别的系统报送、按数填报的条数。",
)

adopted = Measure(
    key="offers.adopted",
    title="报送信息采用条数",
    unit="条",
    register="offers",
    statistical_date="采用日期",
    model=lambda: Offer,
    select=lambda period: period.covers("decided_on") & _decided(Outcome.ADOPTED),
    tally="beside",
    definition="统计期内被上级机关采用的信息条数。采用率是它与报送信息条数之比。",
)

returned = Measure(
    key="offers.returned",
    title="报送信息退回条数",
    unit="条",
    register="offers",
    statistical_date="退回日期",
    model=lambda: Offer,
    select=lambda period: period.covers("decided_on") & _decided(Outcome.RETURNED),
    tally="beside",
    definition="统计期内被上级机关退回的信息条数。",
)


def _received(period: Period) -> Q:
    return period.covers("offer__offered_on")


received = Measure(
    key="offers.received",
    title="收到报送信息条数",
    unit="条",
    register="offers",
    statistical_date="报送日期",
    model=lambda: Received,
    select=_received,
    definition="统计期内下级机关报送到本机关的信息条数。",
)

register(sent, adopted, returned, received)
