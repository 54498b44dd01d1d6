"""What the library holds: reports by organ and year, and files that wait to be claimed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.library.models import CollectedReport, Intake, ReadVersion
from gongkai.desk.library.frame import frame, opened
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope

PAGE = 50
INTAKES = 5
_HEAVY = ("cells", "places", "doubtful", "sections", "damage", "findings")
_WHAT = (
    ("faults", _("有发布错误"), Q(latest__faults__gt=0)),
    ("unread", _("有未读出的格"), Q(latest__unread_cells__gt=0)),
    ("ours", _("本平台的机关"), Q(subject__isnull=False)),
    ("others", _("外部机关"), Q(external__isnull=False)),
)


@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """The reports, newest year first."""
    opened(request)
    everything = scope.rows(request.focus, CollectedReport).filter(latest__isnull=False)
    rows = _narrowed(request, everything)
    page = Paginator(_light(rows), PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, "reports"),
        "page": page,
        "years": sorted(set(everything.order_by().values_list("year", flat=True).distinct()), reverse=True),
        "whats": [(key, words) for key, words, _condition in _WHAT],
        "asked": {name: request.GET.get(name, "") for name in ("q", "year", "what")},
        "filtered": any(request.GET.get(name) for name in ("q", "year", "what")),
        "intakes": scope.rows(request.focus, Intake).order_by("-pk")[:INTAKES],
        "several": len({row.organ_id for row in page}) > 1,
    }
    return render(request, "desk/library/reports.html", context)


def _narrowed(request: DeskRequest, rows: QuerySet[CollectedReport]) -> QuerySet[CollectedReport]:
    if words := request.GET.get("q", "").strip()[:80]:
        rows = rows.filter(
            Q(name__icontains=words) | Q(subject__name__icontains=words) | Q(subject__code=words)
        )
    if (year := request.GET.get("year", "")).isdecimal():
        rows = rows.filter(year=int(year[:4]))
    condition = next((found for key, _words, found in _WHAT if key == request.GET.get("what")), None)
    return rows if condition is None else rows.filter(condition)


def _light(rows: QuerySet[CollectedReport]) -> QuerySet[CollectedReport]:
    return (
        rows.select_related("latest", "organ")
        .defer(*(f"latest__{name}" for name in _HEAVY))
        .order_by("-year", "name", "pk")
    )


@require_safe
def unclaimed(request: DeskRequest) -> HttpResponse:
    """Files whose organ or year was not recognised."""
    opened(request)
    rows: QuerySet[Any] = scope.rows(request.focus, ReadVersion).filter(report=None)
    context = {
        **frame(request, "reports", ("", _("待认领"))),
        "page": Paginator(rows.defer(*_HEAVY).select_related("organ").order_by("pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "back": reverse("desk:library"),
    }
    return render(request, "desk/library/unclaimed.html", context)
