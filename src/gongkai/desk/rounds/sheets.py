"""Statistics sheets: making one, one with its rounds, asking for a period, ending it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.annualreport.rounds import actions, columns, periods, queries, sheets
from gongkai.annualreport.rounds.models import Sheet
from gongkai.base import clock
from gongkai.desk.register import acting
from gongkai.desk.rounds import opened
from gongkai.desk.rounds.forms import Define, OpenPeriod
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Define a sheet."""
    if not opened.collects(request.viewer):
        raise Http404
    form = Define(request.POST or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        done, made = acting.attempt(form, lambda: _define(request, form))  # type: ignore[arg-type]
        if done:
            messages.success(request, _("统计报表已建好，选一个统计期就可以布置。"))
            return redirect("desk:sheet", made.pk)
    context = {
        "section": "rounds",
        "crumbs": [(reverse("desk:rounds"), _("报送")), ("", _("新建统计报表"))],
        "form": form,
        "groups": form.groups(),
        "fields": [field for field in form if field.name != "columns"],
    }
    return render(request, "desk/rounds/sheet_new.html", context, status=422 if form.errors else 200)


def _define(request: DeskRequest, form: Define) -> Sheet:
    data = {**form.cleaned_data}
    return sheets.define(by=_office(request, data["organ"].path), keys=data.pop("columns"), **data)


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """What a sheet asks, of whom, by when, and the periods asked for so far."""
    return _show(request, opened.sheet(request.viewer, pk))


@require_POST
def open_period(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask the units for one period."""
    found = opened.sheet(request.viewer, pk)
    form = OpenPeriod(request.POST, sheet=found)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    year, index = form.which()
    try:
        made = actions.open_sheet(by=_office(request, found.path), sheet=found, year=year, index=index)
    except ValidationError as error:
        form.take(error)
        return _show(request, found, form, status=422)
    except Refused as refused:
        form.add_error("period", str(refused))
        return _show(request, found, form, status=409)
    messages.success(request, _("已布置，填报单位在“今日”里看到。"))
    return redirect("desk:round", made.pk)


@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Use the sheet no more."""
    found = opened.sheet(request.viewer, pk)
    sheets.end(by=_office(request, found.path), sheet=found)
    messages.success(request, _("这张报表已停用，已报送的保留。"))
    return redirect("desk:sheet", found.pk)


def _office(request: DeskRequest, path: str) -> Actor:
    by = opened.collector(request.viewer, path)
    if by is None:
        raise Refused(_("统计报表由公开办审核岗、公开办负责人制定和布置。"))
    return by


def _show(
    request: DeskRequest, found: Sheet, form: OpenPeriod | None = None, *, status: int = 200
) -> HttpResponse:
    rounds = queries.counted(queries.rounds_for(request.viewer).filter(sheet=found), clock.today())
    may = opened.collector(request.viewer, found.path) is not None and found.ended_on is None
    context = {
        "section": "rounds",
        "crumbs": [(reverse("desk:rounds"), _("报送")), ("", found.name)],
        "sheet": found,
        "columns": columns.of_sheet(found),
        "units": list(found.units.order_by("path")),
        "rounds": [(one, periods.title(one)) for one in rounds],
        "form": (form or OpenPeriod(sheet=found)) if may else None,
        "wrong": form,
    }
    return render(request, "desk/rounds/sheet.html", context, status=status)
