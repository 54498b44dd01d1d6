"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.monitoring import queries
from gongkai.portal import front, site
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, doors, the newest of the columns that have a place here, the year in figures, the newest annual reports."""
    organ, found = front.organ(), site.hosted()
    return page(
        request,
        "home.html",
        section="home",
        organ=organ,
        blocks=front.blocks(organ, clock.today()),
        yearly=public_reports.year_in_figures(),
        latest=public_reports.latest(6),
        services=queries.services(found.pk if found else None),
    )
