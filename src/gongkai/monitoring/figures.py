"""The measures of the register of sites."""

from __future__ import annotations

from django.db.models import Q

from gongkai.base.measures import Measure, register
from gongkai.monitoring.models import HandOverItem, Honour, Site, SiteRevision

_NOT_STRUCK = Q(struck_at__isnull=True)

in_operation = Measure(
    key="sites.in_operation",
    title="在运行网站数",
    unit="个",
    register="sites",
    statistical_date="开办日期、关停日期",
    model=lambda: Site,
    select=lambda period: period.open_at_end("opened_on", "closed_on"),
    dimensions={"kind": "kind"},
    stock=True,
    definition="到统计期末已经开办、尚未关停的网站数；临时下线、关停公示中的计入。",
)
onboarded = Measure(
    key="sites.onboarded",
    title="新纳入子站数",
    unit="个",
    register="sites",
    statistical_date="纳入日期",
    model=lambda: Site,
    select=lambda period: period.covers("joined_on") & Q(parent__isnull=False),
    path="parent__path",
    definition="纳入日期在统计期内的子站数，计在主站所属机关名下。",
)
honours = Measure(
    key="sites.honours",
    title="网站获奖数",
    unit="项",
    register="sites",
    statistical_date="获奖日期",
    model=lambda: Honour,
    select=lambda period: _NOT_STRUCK & period.covers("on"),
    path="site__path",
    definition="获奖日期在统计期内的荣誉数；划去的不计。",
)
revisions = Measure(
    key="sites.revisions",
    title="网站改版和软硬件建设",
    unit="项",
    register="sites",
    statistical_date="完成日期",
    model=lambda: SiteRevision,
    select=lambda period: _NOT_STRUCK & period.covers("on"),
    dimensions={"kind": "kind"},
    path="site__path",
    definition="完成日期在统计期内的改版、机房、硬件、软件和安全建设；划去的不计。",
)
migrated_items = Measure(
    key="sites.migrated_items",
    title="信息迁移接收文件数",
    unit="件",
    register="sites",
    statistical_date="接收日期",
    model=lambda: HandOverItem,
    select=lambda period: (
        period.covers("handover__received_on")
        & Q(kind=HandOverItem.Kind.DOCUMENTS, handover__cancelled_on__isnull=True)
    ),
    amount="received",
    path="handover__receiver__path",
    definition="整批接收的日期在统计期内，承继机关核对接收的文件数；栏目、网站、在办申请和其他内容单位不同，不计。",
)

register(in_operation, onboarded, honours, revisions, migrated_items)
