"""Import with a preview: the sheet is tried in full and rolled back, every wrong row is named, and only then kept.

Between preview and confirmation the sheet waits on disk, encrypted, under a random name known to the session alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.base.imports import Report
from gongkai.base.stash import Stash
from gongkai.base.tables import LARGEST, TableError, csv_bytes, xlsx_bytes
from gongkai.desk.register import acting
from gongkai.desk.register.declare import Importer, Register
from gongkai.desk.register.export import XLSX
from gongkai.desk.register.pages import crumbs, opened
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import COMMON, Viewer

stash = Stash(".", dt.timedelta(hours=6))  # what was previewed and not confirmed yet


class Sheet(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy(".xlsx 或 .csv，第一行为表头"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_sheet(self) -> Any:
        sheet = self.cleaned_data["sheet"]
        if sheet.size > LARGEST:
            raise forms.ValidationError(
                _("文件超过 %(most)d MB，请分成几份导入。") % {"most": LARGEST // 1024**2}
            )
        return sheet


def preview(request: DeskRequest, key: str) -> HttpResponse:
    """Choose a sheet, then see what it would do. Nothing is kept yet."""
    register, importer, by = _opened(request, key)
    form = Sheet(request.POST or None, request.FILES or None)
    report: Report | None = None
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        content = sheet.read()
        report = _try(form, importer, by, sheet.name, content)
        if report is not None:
            stash.sweep()
            request.session[_slot(key)] = {
                "token": stash.put(content),
                "name": f"sheet{Path(sheet.name).suffix}",
            }
    context = {
        "section": register.section,
        "register": register,
        "importer": importer,
        "form": form,
        "report": report,
        "crumbs": [*crumbs(register, inner=True), ("", _("导入"))],
    }
    failed = form.errors or (report is not None and not report.ok)
    return render(request, "desk/register/import.html", context, status=422 if failed else 200)


@require_POST
def confirm(request: DeskRequest, key: str) -> HttpResponse:
    """Keep what the preview showed. Everything is checked again: the world may have moved on."""
    _register, importer, by = _opened(request, key)
    name, content = _fetch(request, key)
    report = importer.load(by, name, content, False)
    if not report.kept:
        messages.error(
            request,
            _("导入前又核对了一遍，现在有 %(count)d 处问题，没有导入任何一行。请重新预检。")
            % {"count": len(report.errors)},
        )
        return redirect("desk:register-import", key)
    _discard(request, key)
    messages.success(request, _("已导入 %(count)d 行。") % {"count": report.rows})
    return redirect("desk:register", key)


def errors(request: DeskRequest, key: str) -> StreamingHttpResponse:
    """The wrong rows of the sheet last tried, as a sheet."""
    register, importer, by = _opened(request, key)
    name, content = _fetch(request, key)
    report = importer.load(by, name, content, True)
    lines: Iterator[list[Any]] = ([error.row, error.column, error.message] for error in report.errors)
    response = StreamingHttpResponse(
        csv_bytes([_("行"), _("列"), _("问题")], lines), content_type="text/csv; charset=utf-8"
    )
    filename = _("%(title)s导入问题.csv") % {"title": register.title}
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response


def template(request: DeskRequest, key: str) -> HttpResponse:
    """An empty sheet with the header the import asks for."""
    register, importer, _by = _opened(request, key)
    header = [f"{title}*" for title in importer.required] + [str(title) for title in importer.optional]
    content = importer.template() if importer.template else xlsx_bytes(header, [], str(register.title))
    response = HttpResponse(content, content_type=XLSX)
    name = _("%(title)s导入模板.xlsx") % {"title": register.title}
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _opened(request: DeskRequest, key: str) -> tuple[Register, Importer, Actor]:
    register = opened(request, key)
    if register.importer is None:
        raise Http404
    by = importing_actor(request.viewer, request.focus, register)
    if by is None:
        raise Refused(_(acting.NOT_YOURS))
    return register, register.importer, by


def importing_actor(who: Viewer, focus: Viewer, register: Register) -> Actor | None:
    """The post to import in. Each row is checked again by the room's own actions."""
    importer = register.importer
    if importer is None:
        return None
    for viewer in (focus, who):
        paths = [COMMON] if register.is_common else [grant.path for grant in viewer.grants]
        for path in paths:
            if scope.allows(viewer, importer.verb, register.scope_register, path):
                return actors_for(viewer, register.scope_register, path, importer.verb)[0]
    return None


def _try(form: Sheet, importer: Importer, by: Actor, name: str, content: bytes) -> Report | None:
    try:
        return importer.load(by, name, content, True)
    except TableError as error:
        form.add_error("sheet", str(error))
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _slot(key: str) -> str:
    return f"import:{key}"


def _fetch(request: DeskRequest, key: str) -> tuple[str, bytes]:
    kept = request.session.get(_slot(key))
    if not kept or (content := stash.get(kept["token"])) is None:
        raise Http404
    return kept["name"], content


def _discard(request: DeskRequest, key: str) -> None:
    kept = request.session.pop(_slot(key), None)
    if kept:
        stash.drop(kept["token"])
