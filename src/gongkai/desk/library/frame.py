"""What the pages of the library share: who finds a door here, the tabs, and where a compared report leads."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.library import lines
from gongkai.annualreport.library.lines import READ, Line
from gongkai.annualreport.library.models import ReadVersion
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, WORK

REGISTER = "library"
_TABS = (
    ("reports", _("报告"), "desk:library"),
    ("compare", _("比机关"), "desk:library-compare"),
    ("outliers", _("异常变化"), "desk:library-outliers"),
    ("alike", _("雷同"), "desk:library-alike"),
    ("populations", _("人口数"), "desk:register"),
    ("export", _("导出"), "desk:library-export"),
)


def opened(request: DeskRequest) -> None:
    """404 for whoever no post gives a door to the library."""
    if scope.condition_for(request.viewer, REGISTER, "path", VIEW) is None:
        raise Http404


def may_work(request: DeskRequest) -> bool:
    """Whether the person may import and claim somewhere."""
    return scope.condition_for(request.viewer, REGISTER, "path", WORK) is not None


def libraries(request: DeskRequest, verb: str = VIEW) -> list[Organ]:
    """The organs whose libraries the person may see, or work in."""
    return list(
        scope.organs_for(request.viewer, REGISTER, verb).exclude(kind=Organ.Kind.UNIT).order_by("path")
    )


def frame(request: DeskRequest, here: str, *crumbs: tuple[str, Any]) -> dict[str, Any]:
    """The page's surroundings; `here` is the tab."""
    waiting = scope.rows(request.focus, ReadVersion).filter(report=None).count()
    return {
        "section": "library",
        "crumbs": [(reverse("desk:library") if crumbs else "", _("年报库")), *crumbs],
        "tabs": [(_tab_url(key, name), label, key == here) for key, label, name in _TABS],
        "here": here,
        "waiting": waiting,
        "may_work": may_work(request),
    }


def _tab_url(key: str, name: str) -> str:
    return reverse(name, args=["populations"]) if key == "populations" else reverse(name)


def href(line: Line) -> str:
    """The page of a report on the desk: as read, or our own as published for everybody."""
    if line.origin == READ:
        return reverse("desk:library-version", args=[line.pk])
    return reverse("portal:report-version", args=[line.code, line.year, line.number])


def organ_href(key: str) -> str:
    """An organ's years beside one another."""
    return reverse("desk:library-organ", args=[key])


def years(request: DeskRequest) -> list[int]:
    """Every year there is a report of; never empty of the asked page's own need."""
    return lines.years(request.focus)


def asked_year(request: DeskRequest, every_year: list[int]) -> int | None:
    """The year in the address, if there is a report of it."""
    return next((year for year in every_year if request.GET.get("year") == str(year)), None)


def number(text: str, default: int, least: int, most: int) -> int:
    """A whole number out of the address, the default for anything else."""
    return min(max(int(text), least), most) if text.isdecimal() and len(text) < 9 else default
