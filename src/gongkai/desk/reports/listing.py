"""All reports of a year in scope: where each stands, whose turn it is, and beginning one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport import actions, workflow
from gongkai.annualreport.models import Scope
from gongkai.base import clock
from gongkai.desk.reports import standing
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.layout import FORMS
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

PAGE = 60
# what the list can be narrowed to: key, words, the states of it
_WHERE: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("none", _("未开始"), (workflow.NONE,)),
    ("open", _("编制中"), ("draft", "submitted")),
    ("signed", _("待公布"), ("signed",)),
    ("done", _("已公布或导入"), ("published", standing.IMPORTED)),
)


@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """The reports of one year, in tree order."""
    year = _year(request)
    organs = list(standing.organs(request.focus, year))
    everything = standing.of_year(request.focus, year, organs)
    where = request.GET.get("where", "")
    states = next((states for key, _words, states in _WHERE if key == where), None)
    lines = [line for line in everything if states is None or line.state in states]
    context = {
        "section": "reports",
        "crumbs": [("", _("年报"))],
        "year": year,
        "years": _years(),
        "where": where if states else "",
        "wheres": [(key, words) for key, words, _states in _WHERE],
        "overview": standing.overview(everything),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "may_import": scope.organs_for(request.viewer, workflow.REGISTER, scope.WORK).exists(),
    }
    return render(request, "desk/reports/list.html", context)


@require_POST
def open_report(request: DeskRequest) -> HttpResponse:
    """Begin a report and go to it."""
    organ = (
        scope.organs_for(request.viewer, workflow.REGISTER).filter(code=request.POST.get("organ", "")).first()
    )
    year = request.POST.get("year", "")
    wanted = request.POST.get("scope", "")
    if organ is None or not year.isdecimal() or wanted not in ("", *Scope.values):
        raise Http404
    try:
        version = actions.open_report(
            by=_opener(request, organ), organ=organ, year=int(year[:4]), scope=wanted or None
        )
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect(f"{reverse('desk:reports')}?year={year[:4]}")
    messages.success(request, _("已开始编制，表中的数按现在的记录汇总。"))
    return redirect("desk:report", version.report_id)


def _opener(request: DeskRequest, organ: Organ) -> Any:
    capacities = actors_for(request.viewer, workflow.REGISTER, organ.path)
    offer = next(one for one in workflow.offers(capacities, None, organ.path) if one.action == "open")
    if offer.actor is None:
        raise Refused(offer.reason)
    return offer.actor


def _years() -> list[int]:
    """Every year there is a form for, newest first."""
    first = min(form.first_year for form in FORMS.values())
    return list(range(clock.today().year, first - 1, -1))


def _year(request: DeskRequest) -> int:
    """The year asked for, else the last whole one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and int(asked) in _years() else clock.today().year - 1
