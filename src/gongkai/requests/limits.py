"""Limits by the hour on what the public may do without an account. Only blind indexes are kept, and only for an hour."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock, crypto
from gongkai.organs.refusals import Refused
from gongkai.requests.models import Attempt

HOUR = dt.timedelta(hours=1)
RESETS_PER_HOUR = 5
# From one address. A secret has 60 bits; this only spares the machine.
WRONG_SECRETS_PER_HOUR = 30


def limit_submissions(address: str) -> None:
    """Count one submission from a network address; Refused beyond ``SUBMISSIONS_PER_HOUR`` (0: no limit, no record).

    Called by the public form before `submit`: what is refused is not acknowledged and not kept.
    """
    allowed = settings.SUBMISSIONS_PER_HOUR
    if allowed and not used("submit", address, allowed):
        raise Refused(
            _(
                "同一网络地址一小时内提交的申请已达%(count)s件，本次没有收到您的申请，请稍后再试或者改用其他渠道。"
            )
            % {"count": allowed}
        )


def used(purpose: str, subject: str, allowed: int) -> bool:
    """Count one use of `purpose` by `subject`; False when the hour's `allowed` uses are gone already."""
    key, now = crypto.blind(f"limit:{purpose}", subject), clock.now()
    with transaction.atomic():
        Attempt.objects.filter(purpose=purpose, at__lte=now - HOUR).delete()
        if Attempt.objects.filter(purpose=purpose, key=key).count() >= allowed:
            return False
        Attempt.objects.create(purpose=purpose, key=key, at=now)
    return True
