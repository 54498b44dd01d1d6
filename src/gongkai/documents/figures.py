"""The measures of documents: block 第二十条第（一）项 of table 2 in both forms."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from gongkai.base.measures import Measure, Period, register
from gongkai.documents.models import STANDING, Document, Release

BY_KIND = {"kind": "kind"}


def public_on(day: dt.date) -> Q:
    """Documents some channel showed on `day`. Asks the releases, because a document may be withdrawn and shown again."""
    shown = Release.objects.filter(shown_on(day), document=OuterRef("pk"))
    return Q(first_released_on__lte=day) & Q(Exists(shown))


def shown_on(day: dt.date) -> Q:
    """The releases that showed their document on `day`.

    As `CURRENT`, but asked so that PostgreSQL sees how many there are: after a join it expects one release of a million, and
    gathers all documents to show twenty."""
    later = Release.objects.filter(supersedes=OuterRef("pk"))
    return Q(~Exists(later), void=False) & Q(on__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def _in_force(period: Period) -> Q:
    return STANDING & period.open_at_end("made_on", "ended_on")


made = Measure(
    key="documents.made",
    title="本年制发件数",
    unit="件",
    register="documents",
    statistical_date="成文日期",
    model=lambda: Document,
    select=lambda period: STANDING & period.covers("made_on"),
    dimensions=BY_KIND,
    definition="成文日期在统计期内的文件数，不论公开属性；联合发文由牵头机关登记。2019年格式称“本年新制作数量”。",
)

newly_disclosed = Measure(
    key="documents.newly_disclosed",
    title="本年新公开数量",
    unit="件",
    register="documents",
    statistical_date="首次公开日期",
    model=lambda: Document,
    select=lambda period: STANDING & period.covers("first_released_on"),
    dimensions=BY_KIND,
    definition="在统计期内首次公开的文件数，可以是以前年度制作的；同一文件在几个渠道公开只计一次。",
)

total_disclosed = Measure(
    key="documents.total_disclosed",
    title="对外公开总数量",
    unit="件",
    register="documents",
    statistical_date="公开日期、撤下日期",
    model=lambda: Document,
    select=lambda period: STANDING & public_on(period.end),
    dimensions=BY_KIND,
    tally="opening",
    stock=True,
    definition="到统计期末已公开且没有全部撤下的文件数，加上启用前已公开、未在本系统登记的期初数。",
)

repealed = Measure(
    key="documents.repealed",
    title="本年废止件数",
    unit="件",
    register="documents",
    statistical_date="废止或失效生效日期",
    model=lambda: Document,
    select=lambda period: STANDING & period.covers("ended_on"),
    dimensions=BY_KIND,
    definition="废止或者失效在统计期内生效的文件数，每件只计一次；修改、部分废止不计。",
)

in_force = Measure(
    key="documents.in_force",
    title="现行有效件数",
    unit="件",
    register="documents",
    statistical_date="成文日期、废止或失效生效日期",
    model=lambda: Document,
    select=_in_force,
    dimensions=BY_KIND,
    tally="opening",
    stock=True,
    definition="到统计期末已制发且废止、失效尚未生效的文件数，加上启用前制发、未在本系统登记的期初数。",
)

register(made, newly_disclosed, total_disclosed, repealed, in_force)
