"""The applicant's month and the columns of fee notices, which follow from the fee facts of the cases on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gongkai.law import fees as law
from gongkai.law.workdays import Calendar
from gongkai.requests import load
from gongkai.requests.course import FeeItem
from gongkai.requests.models import Case, FeeLine, FeeNotice, FeeRefund

BY_ITEM, BY_VOLUME = "by_item", "by_volume"
BASES = {BY_ITEM: "按件计收", BY_VOLUME: "按量计收"}


@dataclass(frozen=True)
class Price:
    """What one case would cost: its running number in the applicant's month and the amount in whole yuan."""

    position: int
    basis: str
    pages: int | None
    amount: int


def month_of(day: dt.date) -> str:
    """The calendar month of a receipt date, ``2022-05``."""
    return f"{day:%Y-%m}"


def positions(organ_path: str, applicant_key: str, month: str) -> dict[int, int]:
    """Case key → running number in the applicant's month at this organ: by receipt date, then number (02 §4).

    The emptied trunk of a split and cases redone on order have no place; every part of a split has one.
    """
    year, number = (int(part) for part in month.split("-"))
    rows = (
        Case.objects.filter(
            submission__applicant_key=applicant_key,
            path=organ_path,
            first_received_on__year=year,
            first_received_on__month=number,
            redo_of__isnull=True,
        )
        .exclude(state="split")
        .values_list("first_received_on", "number", "pk")
    )
    ordered = sorted(rows, key=lambda row: (row[0], len(row[1] or ""), row[1] or ""))
    return {key: place for place, (_, _, key) in enumerate(ordered, start=1)}


def price(position: int, basis: str, pages: int | None) -> Price:
    """The price of one case: by item at its place in the month, or by its own pages."""
    amount = law.fee_pages(pages or 0) if basis == BY_VOLUME else law.rate(position)
    return Price(position, basis, pages if basis == BY_VOLUME else None, amount)


def quote(case: Case, basis: str = BY_ITEM, pages: int | None = None) -> Price | None:
    """What a notice issued now would ask for `case`; None before it is registered."""
    if case.first_received_on is None:
        return None
    month = month_of(case.first_received_on)
    place = positions(case.path, case.submission.applicant_key, month).get(case.pk)
    return price(place, basis, pages) if place else None


def project_notice(notice: FeeNotice, calendar: Calendar) -> None:
    """Write the notice's columns, lines and refunds from the facts of its cases."""
    columns, lines, refunds = reckon(notice, calendar)
    FeeNotice.objects.filter(pk=notice.pk).update(**columns)
    for name, value in columns.items():
        setattr(notice, name, value)
    for case_id, values in lines.items():
        FeeLine.objects.update_or_create(notice=notice, case_id=case_id, defaults=values)
    FeeRefund.objects.filter(notice=notice).exclude(action_id__in=refunds).delete()
    for action_id, (on, amount) in refunds.items():
        FeeRefund.objects.update_or_create(
            action_id=action_id,
            defaults={"notice": notice, "path": notice.path, "on": on, "amount_yuan": amount},
        )


def reckon(
    notice: FeeNotice, calendar: Calendar
) -> tuple[dict[str, object], dict[int, dict[str, object]], dict[int, tuple[dt.date, int]]]:
    """The notice's columns, its lines by case and its refunds by action, as the facts have them."""
    told = load.facts_of(FeeLine.objects.filter(notice=notice).values_list("case_id", flat=True))
    items = {key: facts.fees[notice.pk] for key, facts in told.items() if notice.pk in facts.fees}
    if not items:
        raise LookupError(f"fee notice {notice.pk} stands on no case")
    first = next(iter(items.values()))
    return (
        _columns(first, items, calendar),
        {key: _line(item) for key, item in items.items()},
        {action: (on, amount) for item in items.values() for action, on, amount in item.refunds},
    )


def _columns(first: FeeItem, items: dict[int, FeeItem], calendar: Calendar) -> dict[str, object]:
    said = first.approved
    return {
        "number": said.number,
        "month": said.month,
        "issued_on": first.issued_on,
        "served_on": said.served_on,
        "pay_due_on": first.pay_due(calendar),
        "total_yuan": said.total,
        "paid_on": next((i.paid_on for i in items.values() if i.paid_on), None),
        "paid_yuan": max(i.received for i in items.values()),
        "receipt_number": next((i.receipt_number for i in items.values() if i.receipt_number), ""),
        "lapsed_on": next((i.lapsed_on for i in items.values() if i.lapsed_on), None),
        "revoked_on": next((i.revoked_on for i in items.values() if i.revoked_on), None),
    }


def _line(item: FeeItem) -> dict[str, object]:
    said = item.approved
    return {
        "basis": said.basis,
        "position": said.position,
        "pages": said.pages,
        "amount_yuan": said.amount,
    }
