"""Outliers: figures five times last year's or a fifth of it, with both figures and both reports."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.library import lines
from gongkai.annualreport.library.compare import Outlier
from gongkai.annualreport.library.compare import outliers as jumps
from gongkai.annualreport.library.dictionary import UNITS
from gongkai.annualreport.library.lines import Asked
from gongkai.desk.library.frame import asked_year, frame, href, number, opened, organ_href
from gongkai.desk.library.frame import years as years_seen
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.values import number_text

PAGE = 100


@dataclass(frozen=True)
class Row:
    """One jump in words."""

    jump: Outlier
    organ_href: str
    before_href: str
    after_href: str
    old: str
    new: str
    times: str
    unit: str


@require_safe
def outliers(request: DeskRequest) -> HttpResponse:
    """The list for one year against the year before, or for all years."""
    opened(request)
    every_year = years_seen(request)
    year = asked_year(request, every_year)
    times = number(request.GET.get("times", ""), settings.OUTLIER_TIMES, 2, 1000)
    floor = number(request.GET.get("floor", ""), settings.OUTLIER_FLOOR, 0, 10**8)
    words = request.GET.get("q", "").strip()[:80]
    wanted = Asked(years=(year - 1, year) if year else (), words=words)
    compared = lines.lines(request.focus, wanted)
    pairs = _pairs({(line.key, line.year) for line in compared}, year)
    page = Paginator(jumps(compared, times=times, floor=floor, year=year), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        **frame(request, "outliers", ("", _("异常变化"))),
        "page": page,
        "rows": [_row(jump) for jump in page],
        "years": every_year,
        "year": year,
        "times": times,
        "floor": floor,
        "words": words,
        "pairs": pairs,
    }
    return render(request, "desk/library/outliers.html", context)


def _pairs(reports: set[tuple[str, int]], year: int | None) -> int:
    """How many reports had last year's beside them."""
    return sum((key, one - 1) in reports and year in (None, one) for key, one in reports)


def _row(jump: Outlier) -> Row:
    return Row(
        jump,
        organ_href(jump.after.key),
        href(jump.before),
        href(jump.after),
        number_text(jump.old),
        number_text(jump.new),
        "" if jump.times is None else f"{float(jump.times):.1f}",
        UNITS[jump.cell.unit],
    )
