"""Bringing in a whole report from outside."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.annualreport import actions, workflow
from gongkai.annualreport.models import ReportVersion
from gongkai.desk.register import acting
from gongkai.desk.reports.forms import Import
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.values import State
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def import_report(request: DeskRequest) -> HttpResponse:
    """The form; what is wrong stands beside the field and nothing is kept."""
    if not scope.organs_for(request.viewer, workflow.REGISTER, scope.WORK).exists():
        raise Http404
    form = Import(
        request.POST or None,
        request.FILES or None,
        viewer=request.viewer,
        register=workflow.REGISTER,
        verb=scope.WORK,
    )
    if request.method == "POST" and form.is_valid():
        done, version = acting.attempt(form, lambda: _do(request, form))
        if done:
            messages.success(request, _("已导入，数按原样固定。再次导入会成为新的一版。"))
            return redirect("desk:report-version", version.report_id, version.number)
    context = {
        "section": "reports",
        "crumbs": [(reverse("desk:reports"), _("年报")), ("", _("导入整份报告"))],
        "form": form,
    }
    return render(request, "desk/reports/import.html", context, status=422 if form.errors else 200)


def _do(request: DeskRequest, form: Import) -> ReportVersion:
    data = form.cleaned_data
    return actions.import_report(
        by=_importer(request, data["organ"]),
        organ=data["organ"],
        year=data["year"],
        tables=data["tables"],
        source=data["source"],
        scope=data["scope"] or None,
        null=State(data["null"]),
    )


def _importer(request: DeskRequest, organ: Organ) -> Actor:
    capacities = actors_for(request.viewer, workflow.REGISTER, organ.path)
    offer = next(one for one in workflow.offers(capacities, None, organ.path) if one.action == "import")
    if offer.actor is None:
        raise Refused(offer.reason)
    return offer.actor
