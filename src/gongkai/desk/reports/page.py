"""The report page, and doing what it offers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportStep, ReportVersion
from gongkai.desk.reports import opened
from gongkai.desk.reports.forms import VERBS, Plain, Verb
from gongkai.desk.reports.sheet import Bound, Sheet
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused

# Of forms that stand on the page more than once: the fields that tell which one was sent.
_ABOUT = {
    "edit": ("section", "key"),
    "accept": ("finding_key",),
    "link": ("finding_key",),
    "revoke": ("elimination",),
}


class Moved(Exception):
    """Something was done with the report after the person opened the page."""


@require_safe
def current(request: DeskRequest, pk: int) -> HttpResponse:
    """The report as it is worked on or stands."""
    return _show(request, opened.current(opened.report(request.viewer, pk)))


@require_safe
def version(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """One version of it."""
    return _show(request, opened.version(request.viewer, pk, number))


@require_POST
def act(request: DeskRequest, pk: int, number: int, verb: str) -> HttpResponse:
    """Carry out one of the page's forms. Afterwards the page says what changed; refused, it says why and keeps the
    words."""
    shown = opened.version(request.viewer, pk, number)
    if verb not in VERBS:
        raise Http404
    what, about = VERBS[verb], _about(request, verb)
    form = what.form(request.POST, version=shown, auto_id=f"id-{verb}-{about}-%s".replace("--", "-"))
    sheet = Sheet(request.viewer, shown, {})
    offer = sheet.offer(what.permit or verb)
    if offer is None or offer.actor is None:
        reason = offer.reason if offer else _("这不是正在办理的版本，不能改动。")
        return _show(request, shown, refused=reason, form=form, status=409)
    if not form.is_valid():
        return _show(request, shown, {f"{verb}:{about}": form}, form=form, status=422)
    try:
        result = _carry_out(what, offer.actor, shown, form)
    except ValidationError as error:
        form.take(error)
        return _show(request, shown, {f"{verb}:{about}": form}, form=form, status=422)
    except Moved:
        words = _("报告在您打开页面之后又有人办理，请先看过现在的内容，再决定。没有改动任何内容。")
        return _show(request, _again(shown), refused=words, status=409)
    except Refused as refused:
        return _show(request, _again(shown), refused=str(refused), form=form, status=409)
    messages.success(request, str(what.done))
    return redirect(_onward(verb, what, shown, result, form))


def _carry_out(what: Verb, by: Actor, shown: ReportVersion, form: Plain) -> Any:
    """Run the action. One that passes on what was seen waits for others to finish, and is then refused."""
    if not what.looked:
        return what.run(by, shown, form.cleaned_data)
    with transaction.atomic():
        ReportVersion.objects.select_for_update().get(pk=shown.pk)
        last = ReportStep.objects.filter(version=shown).order_by("id").last()
        if form.cleaned_data.get("seen") != (last.pk if last else 0):
            raise Moved
        return what.run(by, shown, form.cleaned_data)


def _about(request: DeskRequest, verb: str) -> str:
    return "-".join(value for name in _ABOUT.get(verb, ()) if (value := request.POST.get(name, "")))


def _again(shown: ReportVersion) -> ReportVersion:
    return ReportVersion.objects.select_related("report__organ").get(pk=shown.pk)


def _onward(verb: str, what: Verb, shown: ReportVersion, result: Any, form: Plain) -> str:
    target = result if verb == "correct" else shown
    anchor = form.cleaned_data["section"] if verb == "edit" else what.anchor
    place = form.data.get("back", "")
    if verb == "link" and sections.place_of(queries.form_of(target), place):
        return reverse("desk:report-write", args=[target.report_id, target.number, place])
    return opened.address(target) + (f"#{anchor}" if anchor else "")


def _show(
    request: DeskRequest,
    shown: ReportVersion,
    bound: Bound | None = None,
    *,
    refused: str = "",
    form: Plain | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = Sheet(request.viewer, shown, bound or {})
    context = {
        "section": "reports",
        "crumbs": [
            (f"{reverse('desk:reports')}?year={shown.report.year}", _("年报")),
            ("", sheet.title),
        ],
        "sheet": sheet,
        "version": shown,
        "report": shown.report,
        "refused": refused,
        "wrong": form if form is not None and form.errors else None,
        "unsaved": form.data.get("text", "") if refused and form is not None else "",
    }
    return render(request, "desk/reports/report.html", context, status=status)
