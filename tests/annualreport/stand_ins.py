"""Measures of requests over plain cases, until the room declares its own."""

from django.db.models import Q

from gongkai.base import measures
from gongkai.base.measures import Measure, register


def ensure() -> None:
    from gongkai.requests.models import Case, FeeNotice, FeeRefund

    try:
        measures.get("requests.received")
        return
    except LookupError:
        pass
    c = Q(counted=True)

    def m(key, select, dims=None, model=lambda: Case, **kw):
        return Measure(
            key=f"requests.{key}",
            title=key,
            unit=kw.pop("unit", "件"),
            register="requests",
            statistical_date="-",
            model=model,
            select=select,
            dimensions=dims or {},
            **kw,
        )

    k = {"kind": "kind"}
    register(
        m("received", lambda p: c & p.covers("first_received_on"), k),
        m("carried_in", lambda p: c & p.open_at_start("first_received_on", "closed_on"), k),
        m("closed", lambda p: c & p.covers("closed_on"), {"outcome": "outcome", "kind": "kind"}),
        m("carried_out", lambda p: c & p.open_at_end("first_received_on", "closed_on"), k),
        m("cohort_closed", lambda p: c & p.covers("first_received_on") & p.covers("closed_on"), k),
        m("forwarded", lambda p: p.covers("forwarded_on")),
        m("split_items", lambda p: Q(split_of__isnull=False) & p.covers("first_received_on"), k),
        m("fee_notices", lambda p: p.covers("issued_on"), model=lambda: FeeNotice),
        m("fee_payers", lambda p: p.covers("paid_on"), model=lambda: FeeNotice),
        m(
            "fee_collected_yuan",
            lambda p: p.covers("paid_on"),
            model=lambda: FeeNotice,
            amount="paid_yuan",
            unit="元",
        ),
        m(
            "fee_refunded_yuan",
            lambda p: p.covers("on"),
            model=lambda: FeeRefund,
            amount="amount_yuan",
            unit="元",
        ),
    )
