"""先审查、后公开: binding an organ to it from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.base.fields import prefixes
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.review import subjects
from gongkai.review.common import log
from gongkai.review.duty import Duties
from gongkai.review.models import ReviewDuty


@transaction.atomic
def set_duty(
    *,
    by: Actor,
    organ: Organ,
    valid_from: dt.date,
    note: str,
    required: bool = True,
    kinds: Sequence[str] = (),
) -> ReviewDuty:
    """From a day on (today or later), nothing of these kinds (all, if none is named) is made public by `organ` or below it
    without review; or, with `required` False, it may be. What an organ above demands is not loosened from below. Raises
    Refused, ValidationError."""
    authority.require(by, authority.MANAGE, "chains", organ.path)
    if strange := set(kinds) - {key for key, _word in subjects.sorts()}:
        raise ValidationError({"kinds": _("没有“%(kind)s”这类内容。") % {"kind": "、".join(sorted(strange))}})
    if valid_from < clock.today():
        raise ValidationError({"valid_from": _("从今天或者以后的日期起；以前公开的不受影响。")})
    if not note.strip():
        raise ValidationError({"note": _("请写明依据。")})
    made = ReviewDuty(
        organ=organ,
        valid_from=valid_from,
        required=required,
        kinds=sorted(kinds),
        note=note.strip(),
        author=by.key,
        recorded_at=clock.now(),
    )
    _not_looser(by, made)
    made.clean_fields(exclude=["organ", "path"])
    made.save()
    log(by, "review.set_duty", made, required=required, kinds=made.kinds, since=valid_from.isoformat())
    return made


def _not_looser(by: Actor, made: ReviewDuty) -> None:
    """Whoever asks for less than an organ above must be able to decide for that organ."""
    rows = ReviewDuty.objects.filter(path__in=prefixes(made.organ.path)[:-1]).select_related("organ")
    for rule in Duties(rows).rules(made.organ, made.valid_from):
        if _demands(made, rule) or authority.holds(by, authority.MANAGE, "chains", rule.path):
            continue
        raise Refused(_("%(organ)s要求公开前须经审签，下级不能自行放宽。") % {"organ": rule.organ.name})


def _demands(made: ReviewDuty, rule: ReviewDuty) -> bool:
    """Whether `made` demands everything that `rule` does."""
    if not rule.required:
        return True
    if not made.required or not made.kinds:
        return made.required
    named = set(made.kinds)
    return bool(rule.kinds) and all({kind, kind.partition("/")[0]} & named for kind in rule.kinds)
