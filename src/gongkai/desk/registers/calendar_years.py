"""Every year there is a calendar for, shipped or loaded, in one table."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongkai.desk.register import pages
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import calendars
from gongkai.organs.models import Organ


def years(request: DeskRequest) -> HttpResponse:
    """The nationwide years, and those of every region an organ in scope belongs to."""
    register = pages.opened(request, "calendars")
    named = Organ.objects.order_by().values_list("region", flat=True).distinct()
    regions = sorted({calendars.NATIONWIDE, *named})
    known = [
        (region, sorted(calendars.for_region(region).years.values(), key=lambda year: -year.year))
        for region in regions
    ]
    context = {
        "section": register.section,
        "crumbs": [*pages.crumbs(register, inner=True), ("", _("全部年份"))],
        "known": known,
    }
    return render(request, "desk/registers/calendar_years.html", context)
