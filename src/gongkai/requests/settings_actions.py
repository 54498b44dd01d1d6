"""The choices the law leaves to the office, set by the operator for an organ and all below it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.requests.models import RequestSettings

CHOICES = ("correction_days", "explanation_days", "redo_counts", "answer_mark", "charges_fees")
_LONGEST = 60  # working days; a longer term would be no term


@transaction.atomic
def set_choices(*, by: Actor, organ: Organ, **choices: Any) -> RequestSettings:
    """Set some of `CHOICES` for `organ` and all below it that set nothing themselves. Raises Refused or
    ValidationError."""
    authority.require(by, authority.MANAGE, "settings", organ.path)
    if unknown := set(choices) - set(CHOICES):
        raise TypeError(f"not a choice of the office: {sorted(unknown)}")
    row = RequestSettings.objects.select_for_update().filter(organ=organ).first() or RequestSettings(
        organ=organ, path=organ.path
    )
    for name, value in choices.items():
        setattr(row, name, value)
    row.clean_fields(exclude=["organ", "path"])
    for name in ("correction_days", "explanation_days"):
        if not 1 <= getattr(row, name) <= _LONGEST:
            raise ValidationError({name: _("期限应为 1 至 %(most)d 个工作日。") % {"most": _LONGEST}})
    row.save()
    audit.record(
        actor=by.key,
        post=by.post,
        verb="requests.set_choices",
        subject=row,
        path=organ.path,
        detail={name: getattr(row, name) for name in sorted(choices)},
    )
    return row
