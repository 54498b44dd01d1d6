"""A version on paper: the archived files of a signed one, and of an open one a draft that says so on every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.annualreport import queries, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rendering import prints
from gongkai.base import files
from gongkai.desk.reports import opened
from gongkai.desk.shell.request import DeskRequest

_NAMES = {"docx": "Word", "pdf": "PDF"}


@dataclass(frozen=True)
class File:
    """One file the card offers; `reason` why it cannot be had, `sha256` of an archived one."""

    name: str
    href: str = ""
    size: int | None = None
    sha256: str = ""
    reason: str = ""


def offered(version: ReportVersion) -> list[File]:
    """The files of a version, in the order they are offered. None of a report taken in whole that is not published."""
    if version.state not in queries.FINAL:
        return [File(_NAMES[kind], _address(version, kind)) for kind in prints.Format.values]
    there = prints.of_version(version)
    if version.origin == ReportVersion.Origin.IMPORTED and not there:
        return []
    why = dict(prints.missing(version, there))
    return [
        File(_NAMES[kind], reason=why[kind])
        if kind in why
        else File(_NAMES[kind], _address(version, kind), there[kind].size, there[kind].sha256)
        for kind in prints.Format.values
    ]


@never_cache
@require_safe
def download(request: DeskRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """The archived file of a signed version, or a draft made of an open one as it stands."""
    version = opened.version(request.viewer, pk, number)
    if kind not in prints.Format.values:
        raise Http404
    if version.state not in queries.FINAL:
        return _draft(version, kind)
    made = prints.of_version(version).get(kind)
    if made is None:
        raise Http404
    try:
        return _file(prints.content(made), kind, prints.file_name(version, kind))
    except prints.Damaged:
        return _sorry(_("这个文件与存档时的校验值不符，没有交付；请运维人员运行 gongkai verify 核对。"))


def _draft(version: ReportVersion, kind: str) -> HttpResponse:
    from gongkai.annualreport.rendering.fonts import NoFont

    printed = prints.printed_report(version, _words(version), draft=True)
    try:
        content = prints.render(printed, kind)
    except NoFont as missing:
        return _sorry(str(missing))
    return _file(content, kind, _("%(title)s（草稿）.%(kind)s") % {"title": printed.title, "kind": kind})


def _words(version: ReportVersion) -> Mapping[str, str]:
    """The generated sentences; none when the organ was closed meanwhile."""
    try:
        return sections.generated(version)
    except ValidationError:
        return {}


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=files.ACCEPTED[f".{kind}"])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _sorry(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")


def _address(version: ReportVersion, kind: str) -> str:
    return reverse("desk:report-print", args=[version.report_id, version.number, kind])
