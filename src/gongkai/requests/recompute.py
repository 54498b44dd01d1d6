"""Due dates follow from facts and calendar: when a year's calendar is loaded, they are computed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongkai.organs import calendars
from gongkai.requests import fees, load
from gongkai.requests.actions import project
from gongkai.requests.models import Case, FeeNotice

CHUNK = 200


def after_calendar(sender: Any, region: str, year: int, **more: Any) -> None:
    """Signal handler of ``organs.calendars.year_loaded``."""
    reproject(region, year)


def reproject(region: str, year: int) -> int:
    """Write the projections again of every case of `region` whose terms may touch `year`; returns how many."""
    touched = Q(first_received_on__year__gte=year - 1) & (
        Q(closed_on__isnull=True) | Q(closed_on__year__gte=year)
    )
    waiting = Case.objects.filter(touched, organ__region=region)
    calendar = calendars.for_region(region)
    count = 0
    for keys in _chunks(list(waiting.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
            told = load.facts_of(keys)
            for case in locked:
                project(case, told[case.pk], calendar)
                count += 1
    for notice in FeeNotice.objects.filter(organ__region=region, served_on__year__gte=year - 1):
        fees.project_notice(notice, calendar)
    return count


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
