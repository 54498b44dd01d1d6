"""What a report says where there is nothing to say: set by the operator for an organ and all below it."""

from __future__ import annotations

from django.db import transaction

from gongkai.base import audit
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

from .models import ReportSettings

CHOICES = ("without_fees", "without_words")


@transaction.atomic
def set_silence(*, by: Actor, organ: Organ, without_fees: str, without_words: str) -> ReportSettings:
    """Set both choices for `organ` and all below it that set nothing themselves. Frozen reports stay as they are.
    Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    row = ReportSettings.objects.select_for_update().filter(organ=organ).first() or ReportSettings(
        organ=organ, path=organ.path
    )
    row.without_fees, row.without_words = without_fees, without_words
    row.clean_fields(exclude=["organ", "path"])
    row.save()
    audit.record(
        actor=by.key,
        post=by.post,
        verb="reports.set_silence",
        subject=row,
        path=organ.path,
        detail={"without_fees": without_fees, "without_words": without_words},
    )
    return row


def settings_for(path: str) -> ReportSettings:
    """The choices in force at `path`: the nearest organ's up the tree, else the defaults (unsaved). One query."""
    above = [path[: end + 1] for end, letter in enumerate(path) if letter == "."]
    nearest = ReportSettings.objects.filter(path__in=above).order_by("-path").first()
    return nearest or ReportSettings()
