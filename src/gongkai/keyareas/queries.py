"""What can be asked of the register of acts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from gongkai.keyareas.models import STANDING, Act, PowerItem
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer


def register_rows(who: Viewer, model: type[Act]) -> QuerySet[Act]:
    """The standing rows of `model` in the viewer's scope, newest first, ready for a list (organ in the same query)."""
    return scope.rows(who, model).filter(STANDING).select_related("organ").order_by("-pk")


def items_on(organ: Organ, day: dt.date, row: str | None = None) -> QuerySet[PowerItem]:
    """The items `organ` holds on `day`: the chooser of entry forms."""
    held = PowerItem.objects.filter(STANDING, organ=organ, added_on__lte=day).filter(
        Q(removed_on__isnull=True) | Q(removed_on__gt=day)
    )
    return held.filter(row=row).order_by("name") if row else held.order_by("row", "name")


def history(record: Act) -> list[Act]:
    """`record` and what it replaced, newest first."""
    chain: list[Act] = [record]
    while (older := chain[-1].replaces) is not None:
        chain.append(older)
    return chain
