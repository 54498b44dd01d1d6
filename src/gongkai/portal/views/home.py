"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.portal import front
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, doors, the newest of the columns that have a place here, the year in figures, the newest annual reports."""
    organ = front.organ()
    return page(
        request,
        "home.html",
        section="home",
        organ=organ,
        blocks=front.blocks(organ, clock.today()),
        yearly=public_reports.year_in_figures(),
        latest=public_reports.latest(6),
    )
