"""What this person's organs owe, what they collect, and which statistics sheets there are; and beginning a round."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.annualreport.rounds import actions, periods, queries
from gongkai.annualreport.rounds.models import Duty, Round
from gongkai.base import clock
from gongkai.desk.register import acting
from gongkai.desk.register.known import closed_to
from gongkai.desk.rounds import opened
from gongkai.desk.rounds.forms import Open
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.refusals import Refused

PAGE = 30


@require_safe
def rounds(request: DeskRequest) -> HttpResponse:
    """Three lists: owed, collected, sheets."""
    if "rounds" in closed_to(request.viewer):
        raise Http404
    today = clock.today()
    page = Paginator(_duties(request), PAGE).get_page(request.GET.get("owed"))
    collected = Paginator(queries.counted(queries.rounds_for(request.focus), today), PAGE)
    rounds_page = collected.get_page(request.GET.get("page"))
    context = {
        "section": "rounds",
        "crumbs": [("", _("报送"))],
        "owed": [(queries.Standing(duty, (), today), periods.title(duty.round)) for duty in page],
        "owed_page": page,
        "collected": [(one, periods.title(one)) for one in rounds_page],
        "page": rounds_page,
        "sheets": list(queries.sheets_for(request.focus)[:PAGE]),
        "may_collect": opened.collects(request.viewer),
    }
    return render(request, "desk/rounds/list.html", context)


def _duties(request: DeskRequest) -> QuerySet[Duty]:
    """What the organs one works for owe: what is still owed first, then the newest."""
    rows = queries.duties_for(request.focus, scope.WORK).filter(round__cancelled_on__isnull=True)
    settled = Case(
        When(round__closed_on__isnull=False, then=Value(2)),
        When(stage__in=[Duty.Stage.WAITING, Duty.Stage.RETURNED], then=Value(0)),
        default=Value(1),
    )
    return rows.order_by(settled, "-deadline", "path")


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: DeskRequest) -> HttpResponse:
    """Begin to collect the reports of a year."""
    if not opened.collects(request.viewer):
        raise Http404
    form = Open(request.POST or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        done, made = acting.attempt(form, lambda: _open(request, form))  # type: ignore[arg-type]
        if done:
            messages.success(request, _("已开始报送，下级单位在“今日”里看到。"))
            return redirect("desk:round", made.pk)
    context = {
        "section": "rounds",
        "crumbs": [(reverse("desk:rounds"), _("报送")), ("", _("开始收年报"))],
        "form": form,
    }
    return render(request, "desk/rounds/open.html", context, status=422 if form.errors else 200)


def _open(request: DeskRequest, form: Open) -> Round:
    data = form.cleaned_data
    by = opened.collector(request.viewer, data["organ"].path)
    if by is None:
        raise Refused(_("“开始报送”由公开办审核岗、公开办负责人办理。"))
    return actions.open_reports(by=by, organ=data["organ"], year=int(data["year"]), days=form.days())
