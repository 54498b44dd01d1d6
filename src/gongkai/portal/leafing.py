"""Any list of released documents by next and by date, at the same cost on every page."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import QueryDict

from gongkai.documents.columns import MOST_COUNTED, ORDER
from gongkai.documents.models import Document
from gongkai.portal.columns import PAGE, Listing, day_of, place_in, total_of


def leafed(rows: QuerySet[Document], asked: QueryDict) -> Listing:
    """The page of `rows` asked for: the newest, those after a place (``after``), or those not later than a day (``until``).
    Two queries on the first page, one on any other."""
    place, until = place_in(asked.get("after", "")), day_of(asked.get("until", ""))
    narrowed = rows
    if until is not None:
        narrowed = narrowed.filter(first_released_on__lte=until)
    if place is not None:
        on, key = place
        behind = Q(first_released_on__lt=on) | Q(pk__lt=key)
        narrowed = narrowed.filter(Q(first_released_on__lte=on) & behind)
    found = list(narrowed.order_by(*ORDER)[: PAGE + 1])
    shown, deeper = found[:PAGE], bool(place or until)
    onward = f"{shown[-1].first_released_on}.{shown[-1].pk}" if len(found) > PAGE else ""
    total = ""
    if not deeper:
        total = total_of(rows.order_by()[: MOST_COUNTED + 1].count() if onward else len(found))
    return Listing(shown, onward, total, until.isoformat() if until else "", deeper)
