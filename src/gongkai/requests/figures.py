"""The register's measures (domain 03 §3, S113–S121). A case stands in table 3 when it is numbered and `counted`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from gongkai.base.measures import Measure, Period, register
from gongkai.requests.models import Case, FeeNotice, FeeRefund

IN_TABLE = Q(counted=True, first_received_on__isnull=False)
_KIND = {"kind": "kind"}


def _received(period: Period) -> Q:
    return IN_TABLE & period.covers("first_received_on")


def _carried_in(period: Period) -> Q:
    return IN_TABLE & period.open_at_start("first_received_on", "closed_on")


def _closed(period: Period) -> Q:
    return IN_TABLE & period.covers("closed_on")


def _carried_out(period: Period) -> Q:
    return IN_TABLE & period.open_at_end("first_received_on", "closed_on")


def _cohort_closed(period: Period) -> Q:
    return _received(period) & period.covers("closed_on")


def _split_items(period: Period) -> Q:
    return _received(period) & Q(split_of__isnull=False, redo_of__isnull=True)


def _notices(period: Period) -> Q:
    """Sent in the period and not taken back by its end."""
    return period.covers("issued_on") & (Q(revoked_on__isnull=True) | Q(revoked_on__gt=period.end))


def _first_payment(period: Period) -> Q:
    """Of each paying applicant the first paid notice of the period: rows and people are the same number."""
    earlier = FeeNotice.objects.filter(
        period.covers("paid_on"),
        path=OuterRef("path"),
        applicant_key=OuterRef("applicant_key"),
        pk__lt=OuterRef("pk"),
    )
    return period.covers("paid_on") & ~Q(Exists(earlier))


register(
    Measure(
        key="requests.received",
        title="本年新收政府信息公开申请数量",
        unit="件",
        register="requests",
        statistical_date="首次收到日期",
        model=lambda: Case,
        select=_received,
        dimensions=_KIND,
        definition="首次收到日期在期内的办理件；拆分后按各件计，转办件、依决定重新办理的件不计。",
    ),
    Measure(
        key="requests.carried_in",
        title="上年结转政府信息公开申请数量",
        unit="件",
        register="requests",
        statistical_date="首次收到日期、办结日期",
        model=lambda: Case,
        select=_carried_in,
        dimensions=_KIND,
        definition="期初之前收到、期初仍未办结的办理件。",
    ),
    Measure(
        key="requests.closed",
        title="办理结果",
        unit="件",
        register="requests",
        statistical_date="答复日期或者结案日期",
        model=lambda: Case,
        select=_closed,
        dimensions={"outcome": "outcome", "kind": "kind"},
        definition="答复日期或者结案日期在期内的办理件，按首次作出的结果计。",
    ),
    Measure(
        key="requests.carried_out",
        title="结转下年度继续办理",
        unit="件",
        register="requests",
        statistical_date="首次收到日期、办结日期",
        model=lambda: Case,
        select=_carried_out,
        dimensions=_KIND,
        definition="期末之前收到、期末仍未办结的办理件。",
    ),
    Measure(
        key="requests.cohort_closed",
        title="本年收到并于本年办结",
        unit="件",
        register="requests",
        statistical_date="首次收到日期、办结日期",
        model=lambda: Case,
        select=_cohort_closed,
        dimensions=_KIND,
        definition="收到日期和办结日期都在期内的办理件，即“受理/办结”中的办结。",
    ),
    Measure(
        key="requests.forwarded",
        title="转办件",
        unit="件",
        register="requests",
        statistical_date="转办日期",
        model=lambda: Case,
        select=lambda period: period.covers("forwarded_on"),
        definition="未编号登记即转送其他机关的申请；不计入新收。",
    ),
    Measure(
        key="requests.split_items",
        title="拆分计算的件数",
        unit="件",
        register="requests",
        statistical_date="首次收到日期",
        model=lambda: Case,
        select=_split_items,
        dimensions=_KIND,
        definition="按“一事一申请”拆分形成的办理件。",
    ),
    Measure(
        key="requests.fee_notices",
        title="发出收费通知",
        unit="份",
        register="requests",
        statistical_date="通知发出日期",
        model=lambda: FeeNotice,
        select=_notices,
        definition="期内发出、期末未撤销的收费通知。",
    ),
    Measure(
        key="requests.fee_payers",
        title="缴费申请人",
        unit="名",
        register="requests",
        statistical_date="缴费日期",
        model=lambda: FeeNotice,
        select=_first_payment,
        definition="期内向同一机关缴纳信息处理费的不同申请人，各取其期内首份已缴通知。",
    ),
    Measure(
        key="requests.fee_collected_yuan",
        title="实际收取的信息处理费",
        unit="元",
        register="requests",
        statistical_date="缴费日期",
        model=lambda: FeeNotice,
        select=lambda period: period.covers("paid_on"),
        amount="paid_yuan",
        definition="期内足额缴纳的信息处理费；待退付的款项不计。",
    ),
    Measure(
        key="requests.fee_refunded_yuan",
        title="退付的信息处理费",
        unit="元",
        register="requests",
        statistical_date="退付日期",
        model=lambda: FeeRefund,
        select=lambda period: period.covers("on"),
        amount="amount_yuan",
        definition="期内退付的已收信息处理费。",
    ),
)
