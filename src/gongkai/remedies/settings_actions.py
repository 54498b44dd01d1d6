"""How a region counts table 4 by year: set once, by the operator."""

from __future__ import annotations

from django.db import transaction

from gongkai.base import audit
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.remedies.models import RemedySettings


@transaction.atomic
def set_count_basis(*, by: Actor, organ: Organ, basis: str) -> RemedySettings:
    """Count by `basis` for `organ` and all below it that set nothing themselves. Raises Refused or ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    row = RemedySettings.objects.filter(organ=organ).first() or RemedySettings(organ=organ, path=organ.path)
    row.count_basis = basis
    row.clean_fields(exclude=["organ", "path"])
    row.save()
    audit.record(
        actor=by.key,
        post=by.post,
        verb="remedies.set_count_basis",
        subject=row,
        path=organ.path,
        detail={"basis": basis},
    )
    return row
