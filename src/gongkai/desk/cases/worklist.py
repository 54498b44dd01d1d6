"""The day's work and the lists of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.queries import waiting_for
from gongkai.annualreport.rounds import periods
from gongkai.annualreport.rounds import queries as rounds
from gongkai.annualreport.workflow import waits_for
from gongkai.base import clock
from gongkai.desk.cases import lists
from gongkai.desk.register import known
from gongkai.desk.shell.request import DeskRequest, focus_of, viewer_of
from gongkai.documents import columns
from gongkai.documents.interpretation import queries as interpretations
from gongkai.law import procedure
from gongkai.review import queries as reviews


@require_safe
def today(request: DeskRequest) -> HttpResponse:
    """What is to be done, grouped by what to do; most urgent first."""
    _must_have_cases(request)
    day = clock.today()
    groups = lists.groups(focus_of(request), viewer_of(request), day)
    shown = [group for group in groups if group.rows]
    context = {
        "section": "today",
        "tabs": _tabs("today"),
        "groups": shown,
        "calls": [group for group in groups[:4] if group.count.value],
        "reports": [(v, *(waits_for(v.state) or ("", ""))) for v in waiting_for(focus_of(request))],
        **_collecting(request, day),
        "uninterpreted": interpretations.to_do(focus_of(request), day),
        "resting": columns.overdue(focus_of(request), day),
        "reviews": reviews.inbox(focus_of(request), day, most=10),
        "day": day,
        "may_enter": _may_enter(request),
    }
    return render(request, "desk/cases/today.html", context)


def _collecting(request: DeskRequest, day: dt.date) -> dict[str, Any]:
    """What is to be handed in upwards, and what was handed in here and waits to be looked at."""
    waiting = rounds.waiting_for(focus_of(request), day)
    return {
        "owed": [(one, periods.title(one.duty.round)) for one in waiting.owed],
        "to_check": [(one, periods.title(one)) for one in waiting.to_check],
    }


@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """One list of cases, page by page."""
    _must_have_cases(request)
    view, day = request.GET.get("view", "office"), clock.today()
    if view not in lists.VIEWS:
        raise Http404
    pages = lists.CappedPages(lists.cases(focus_of(request), view, day), lists.PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "requests",
        "tabs": _tabs(view),
        "view": view,
        "title": lists.VIEWS[view],
        "closed": view == lists.CLOSED,
        "page": page,
        "count": pages.counted,
        "rows": lists.rows_of(list(page.object_list), viewer_of(request), day),
        "may_enter": _may_enter(request),
    }
    return render(request, "desk/cases/listing.html", context)


def _must_have_cases(request: DeskRequest) -> None:
    if "requests" in known.closed_to(viewer_of(request)):
        raise Http404


def _may_enter(request: DeskRequest) -> bool:
    """Whether a post of the reader's is one that enters applications; the action has the last word."""
    roles = procedure.ACTIONS["submit"].roles
    return any(grant.role.value in roles for grant in viewer_of(request).grants)


def _tabs(here: str) -> list[tuple[str, Any, bool]]:
    """The lists one changes between, the day's page first."""
    address = reverse("desk:requests")
    views = [(f"{address}?view={key}", lists.VIEWS[key], key == here) for key in lists.TABS]
    if here in lists.VIEWS and here not in lists.TABS:
        views.append((f"{address}?view={here}", lists.VIEWS[here], True))
    return [(reverse("desk:today"), _("今日"), here == "today"), *views]
