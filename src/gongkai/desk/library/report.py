"""One read report: its tables as on the form with every state marked, findings, texts, versions, original; claiming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport.checked.shown import Shown, show
from gongkai.annualreport.library import actions
from gongkai.annualreport.library.lines import Line
from gongkai.annualreport.library.models import ReadVersion
from gongkai.annualreport.library.parsing import form_of
from gongkai.base import crypto, files
from gongkai.desk.library.forms import Claim
from gongkai.desk.library.frame import REGISTER, frame, opened, organ_href
from gongkai.desk.register import acting, history
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import WORK

_WORDS = {State.KNOWN: "read", State.BLANK: "blank", State.INFERRED: "inferred", State.UNREAD: "unread"}


@require_safe
def version(request: DeskRequest, pk: int) -> HttpResponse:
    """The report as read."""
    return _show(request, _found(request, pk))


@require_POST
def claim(request: DeskRequest, pk: int) -> HttpResponse:
    """Say whose it is, or put right whose it was taken for."""
    found = _found(request, pk)
    by = actor(request, found.path)
    form = Claim(request.POST, viewer=request.viewer, register=REGISTER, verb=WORK)
    if form.is_valid():
        done, _result = acting.attempt(form, lambda: actions.claim(by=by, version=found, **form.cleaned_data))
        if done:
            messages.success(request, _("已归入所选的机关和年度。"))
            return redirect("desk:library-version", pk)
    return _show(request, found, form, status=422)


@require_POST
def reread(request: DeskRequest, pk: int) -> HttpResponse:
    """Read the original again."""
    found = _found(request, pk)
    by = actor(request, found.path)
    try:
        actions.reread(by=by, version=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已按原件重新读取并核对。"))
    return redirect("desk:library-version", pk)


@require_safe
def original(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    """The file as it came, to be saved: a browser never shows it from here."""
    found = _found(request, pk)
    try:
        content = files.read(found.file)
    except (FileNotFoundError, crypto.Unreadable) as error:
        raise Refused(_("原件缺失或者不完整，请告诉运维岗；读出的数据不受影响。")) from error
    response = StreamingHttpResponse([content], content_type="application/octet-stream")
    name = files.plain_name(str(found.file.name)) or f"report-{pk}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def actor(request: DeskRequest, path: str) -> Actor:
    """The post to work in, one at the organ worked for if it may. Raises Refused."""
    for viewer in (request.focus, request.viewer):
        if found := actors_for(viewer, REGISTER, path, WORK):
            return found[0]
    raise Refused(_(acting.NOT_YOURS))


def _found(request: DeskRequest, pk: int) -> ReadVersion:
    opened(request)
    rows = ReadVersion.objects.select_related("report__subject", "report__external", "organ", "file")
    return scope.get(request.viewer, rows, pk=pk)


def _show(
    request: DeskRequest, found: ReadVersion, form: Claim | None = None, status: int = 200
) -> HttpResponse:
    report = found.report
    title = f"{report.name} {report.year}" if report else (found.printed_organ or _("机关不详"))
    may = bool(actors_for(request.viewer, REGISTER, found.path, WORK))
    trail = [] if report else [(reverse("desk:library-unclaimed"), _("待认领"))]
    shown = _drawn(found)
    context = {
        **frame(request, "reports", *trail, ("", title)),
        "version": found,
        "report": report,
        "title": title,
        "shown": shown,
        "texts": _texts(found),
        "versions": _versions(found),
        "organ_href": organ_href(report.key) if report else "",
        "claim": (form or _claim_form(request, found)) if may else None,
        "claim_open": form is not None or report is None,
        "may": may,
        "history": history.of(found),
    }
    return render(request, "desk/library/version.html", context, status=status)


def _versions(found: ReadVersion) -> list[ReadVersion]:
    if found.report is None:
        return []
    rows = found.report.versions.only("number", "imported_at", "source", "report").order_by("-number")
    return list(rows)


def _claim_form(request: DeskRequest, found: ReadVersion) -> Claim:
    initial: dict[str, Any] = {"year": found.report.year if found.report else found.printed_year}
    if found.report is None or found.report.external:
        initial["external_name"] = str(found.report.external) if found.report else found.printed_organ
    elif found.report.subject:
        initial["subject"] = found.report.subject.code
    return Claim(viewer=request.viewer, register=REGISTER, verb=WORK, initial=initial)


def answer(found: ReadVersion) -> dict[str, Any]:
    """The kept report in the shape ``gongkai report check --json`` prints, which the tables are drawn from."""
    line_form = form_of(found.form, found.cells)
    line = Line("", "", 0, "read", 0, 0, 0, "", line_form, found.cells, {})
    cells = {
        path: {
            "state": _WORDS[value.state],
            "value": None
            if value.number is None
            else format(value.number, "f")
            if not isinstance(value.number, int)
            else value.number,
            "at": found.places.get(path, ""),
            "proof": value.proof,
        }
        for path, value in line.figures.items()
    }
    return {
        "source": found.source,
        "organ": found.printed_organ,
        "report_year": found.printed_year,
        "format": found.form,
        "cells": cells,
        "damage": found.damage,
        "findings": [one for one in found.findings if one["verdict"] != "holds"],
        "confirmed": [one for one in found.findings if one["verdict"] == "holds"],
    }


def _drawn(found: ReadVersion) -> Shown:
    return show(answer(found))


def _texts(found: ReadVersion) -> list[tuple[str, str, str]]:
    """Key, heading and text of each part that has words."""
    headings: Mapping[str, str] = {section.key: section.heading for section in FORMS[found.form].sections}
    return [
        (key, headings.get(key, _("正文之前")), text)
        for key, text in sorted(found.sections.items())
        if text.strip()
    ]
