"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, four doors, the year in figures, the newest annual reports."""
    return page(
        request,
        "home.html",
        section="home",
        yearly=public_reports.year_in_figures(),
        latest=public_reports.latest(6),
    )
