"""The front page and its search box."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.portal import public_organs
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta


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


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Organs by any name they ever had, and published reports by organ or year."""
    words = request.GET.get("q", "").strip()[:60]
    name = _("查找")
    return page(
        request,
        "search.html",
        section="",
        crumbs=[("", name)],
        meta=column_meta(name, _("查找机关和年度报告"), name, name),
        words=words,
        organs=public_organs.search(words),
        reports=public_reports.search(words),
    )
