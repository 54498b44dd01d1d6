"""What waits for me, and every run in scope."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.desk.register import known
from gongkai.desk.review.page import MARKS
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.review import queries
from gongkai.review.models import ReviewRun

PAGE = 30
AHEAD = 30  # days: what falls due for re-examination within a month is shown


@require_safe
def inbox(request: DeskRequest) -> HttpResponse:
    """My steps, consultations to answer, what is due for re-examination, and what I submitted."""
    _must_have_reviews(request)
    today = clock.today()
    submitted = scope.rows(request.focus, ReviewRun).filter(submitter=request.user.pk, closed_on__isnull=True)
    context = {
        "section": "reviews",
        "tabs": _tabs("mine"),
        "turns": queries.inbox(request.focus, today),
        "parties": list(queries.to_answer(request.focus)[:PAGE]),
        "due": list(queries.to_reexamine(request.focus, today, AHEAD)[:PAGE]),
        "submitted": [
            (one, MARKS[one.state]) for one in submitted.select_related("organ").order_by("-pk")[:PAGE]
        ],
        "today": today,
        "may_authorise": any(grant.delegated_from is None for grant in request.viewer.grants),
    }
    return render(request, "desk/review/inbox.html", context)


@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Every run in scope, newest first, by state if asked."""
    _must_have_reviews(request)
    state = request.GET.get("state", "")
    if state and state not in ReviewRun.State.values:
        raise Http404
    rows = (
        scope.rows(request.focus, ReviewRun).select_related("organ", "submitter", "template").order_by("-pk")
    )
    pages = Paginator(rows.filter(state=state) if state else rows, PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "reviews",
        "tabs": _tabs("all"),
        "page": page,
        "runs": [(one, MARKS[one.state]) for one in page.object_list],
        "state": state,
        "states": [("", _("全部")), *ReviewRun.State.choices],
    }
    return render(request, "desk/review/listing.html", context)


def _must_have_reviews(request: DeskRequest) -> None:
    if "reviews" in known.closed_to(request.viewer):
        raise Http404


def _tabs(here: str) -> list[tuple[str, Any, bool]]:
    return [
        (reverse("desk:reviews"), _("等我办的"), here == "mine"),
        (reverse("desk:reviews-all"), _("全部审签"), here == "all"),
        (reverse("desk:register", args=["withheld"]), _("未主动公开的评估"), False),
        (reverse("desk:register", args=["review-delegations"]), _("授权"), False),
        (reverse("desk:register", args=["leaks"]), _("泄密事件"), False),
    ]
