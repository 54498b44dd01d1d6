"""雷同: texts that are alike from year to year, or between organs of one year, and the passages side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.library import alike as texts
from gongkai.annualreport.library import likeness, lines
from gongkai.annualreport.library.alike import MOST_ORGANS, Pair
from gongkai.annualreport.library.lines import Asked, Line
from gongkai.desk.library.frame import asked_year, frame, href, number, opened, organ_href
from gongkai.desk.library.frame import years as years_seen
from gongkai.desk.shell.request import DeskRequest

PAGE = 100
MOST_COMPARED = 1000  # organs of a year, each with its own year before
YEARS, ORGANS = "years", "organs"


@dataclass(frozen=True)
class Row:
    """One pair in words."""

    pair: Pair
    heading: str
    href: str
    one_href: str
    other_href: str


@require_safe
def alike(request: DeskRequest) -> HttpResponse:
    """The pairs above the threshold."""
    opened(request)
    every_year = years_seen(request)
    year = asked_year(request, every_year) or (every_year or [0])[0]
    least = number(request.GET.get("least", ""), settings.ALIKE_PERCENT, 10, 100)
    how = ORGANS if request.GET.get("how") == ORGANS else YEARS
    headings = texts.sections()
    section = request.GET.get("section", "")
    section = section if section in headings else next(iter(headings))
    words = request.GET.get("q", "").strip()[:80]
    wanted = Asked(years=(year,) if how == ORGANS else (year - 1, year), words=words)
    compared = lines.lines(request.focus, wanted, texts=True)
    cut = _cut(compared, year, MOST_ORGANS if how == ORGANS else MOST_COMPARED)
    if how == ORGANS:
        found = texts.among_organs(cut, section, least / 100)
    else:
        found = texts.year_to_year(cut, year, least / 100)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    organs = len({line.key for line in compared if line.year == year})
    context = {
        **frame(request, "alike", ("", _("雷同"))),
        "page": page,
        "rows": [_row(pair, headings) for pair in page],
        "years": every_year,
        "year": year,
        "least": least,
        "how": how,
        "headings": list(headings.items()),
        "section_key": section,
        "words": words,
        "organs": organs,
        "shortest": likeness.SHORTEST_TEXT,
        "left_off": organs - len({line.key for line in cut if line.year == year}),
    }
    return render(request, "desk/library/alike.html", context)


def _cut(compared: list[Line], year: int, most: int) -> list[Line]:
    """The first so many organs of the year, with all their reports."""
    keys = list(dict.fromkeys(line.key for line in compared if line.year == year))[:most]
    kept = set(keys)
    return [line for line in compared if line.key in kept]


def _row(pair: Pair, headings: dict[str, str]) -> Row:
    return Row(
        pair, headings[pair.section], pair_href(pair), organ_href(pair.one.key), organ_href(pair.other.key)
    )


def pair_href(pair: Pair) -> str:
    """The two texts side by side."""
    names = [f"{line.key}-{line.year}" for line in (pair.one, pair.other)]
    return reverse("desk:library-pair", args=[pair.section, *names])


@require_safe
def pair(request: DeskRequest, section: str, one: str, other: str) -> HttpResponse:
    """Two texts side by side, what they share marked and numbered alike."""
    opened(request)
    headings = texts.sections()
    if section not in headings:
        raise Http404
    left, right = _line(request, one), _line(request, other)
    texts_ = left.sections.get(section, ""), right.sections.get(section, "")
    first, second = likeness.side_by_side(*texts_)
    context = {
        **frame(request, "alike", (reverse("desk:library-alike"), _("雷同")), ("", headings[section])),
        "heading": headings[section],
        "sides": [(line, href(line), pieces) for line, pieces in ((left, first), (right, second))],
        "percent": int(likeness.likeness(*texts_) * 100),
        "passages": max((piece.passage for piece in first), default=0),
        "run": likeness.RUN,
    }
    return render(request, "desk/library/pair.html", context)


def _line(request: DeskRequest, named: str) -> Line:
    key, _dash, year = named.rpartition("-")
    if not year.isdecimal() or len(year) != 4:
        raise Http404
    found = lines.lines(request.focus, Asked(years=(int(year),), keys=(key,)), texts=True)
    if not found or found[0].key != key:
        raise Http404
    return found[0]
