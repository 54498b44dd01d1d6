"""What an account holds."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.accounts.models import Account
from gongkai.requests.models import Submission


def submissions(account: Account) -> QuerySet[Submission]:
    """The account's applications with their organ and items, the newest first. Two queries."""
    rows = Submission.objects.filter(pk__in=account.submissions.values("submission"))
    return rows.select_related("organ").prefetch_related("cases").order_by("-arrived_at", "-pk")
