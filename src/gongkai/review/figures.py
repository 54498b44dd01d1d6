"""The measures of the review room."""

from __future__ import annotations

from django.db.models import Q

from gongkai.base.measures import Measure, register
from gongkai.review.models import LeakIncident

leaks = Measure(
    key="review.leaks",
    title="泄密事件",
    unit="起",
    register="leaks",
    statistical_date="发现日期",
    model=lambda: LeakIncident,
    select=lambda period: period.covers("discovered_on") & ~Q(follow_ups__kind="void"),
    dimensions={"matter": "matter"},
    tally="instead",
    definition="统计期内发现的、因公开信息造成的泄密事件；误登后撤销的不计。台账在本系统登记而没有记录的，就是0起。",
)

register(leaks)
