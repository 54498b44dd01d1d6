"""Taking the library away: long or wide, as CSV, XLSX or Parquet, with the data dictionary."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.annualreport.library import dictionary as words
from gongkai.annualreport.library import exporting, lines
from gongkai.annualreport.library.lines import ORIGINS, Asked
from gongkai.base import clock
from gongkai.desk.library.frame import frame, opened
from gongkai.desk.library.frame import years as years_seen
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.refusals import Refused

_TYPES = {
    exporting.CSV: "text/csv; charset=utf-8",
    exporting.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    exporting.PARQUET: "application/vnd.apache.parquet",
}


@require_safe
def take(request: DeskRequest) -> HttpResponse:
    """What to take and how."""
    opened(request)
    asked = _asked(request)
    context = {
        **frame(request, "export", ("", _("导出"))),
        "years": years_seen(request),
        "asked": asked,
        "year": asked.years[0] if asked.years else None,
        "origin": asked.origins[0] if len(asked.origins) == 1 else "",
        "reports": lines.count(request.focus, asked),
        "refusal": exporting.parquet_refusal(),
        "query": request.GET.urlencode(),
        "states": [row for row in words.rows() if row[0] == "状态"],
    }
    return render(request, "desk/library/export.html", context)


@require_safe
def download(request: DeskRequest, shape: str, kind: str) -> StreamingHttpResponse:
    """The file, streamed."""
    opened(request)
    if shape not in exporting.SHAPES or kind not in exporting.FORMATS:
        raise Http404
    if kind == exporting.PARQUET and (reason := exporting.parquet_refusal()):
        raise Refused(reason)
    found = partial(lines.each, request.focus, _asked(request))
    stream = exporting.stream(exporting.table(found, shape), kind)
    return _file(
        StreamingHttpResponse(stream, content_type=_TYPES[kind]),
        f"{_('年报库')}-{shape}-{clock.today().isoformat()}.{kind}",
    )


@require_safe
def dictionary(request: DeskRequest) -> StreamingHttpResponse:
    """What every column, cell and state means."""
    opened(request)
    answer = StreamingHttpResponse(words.csv_stream(), content_type=_TYPES[exporting.CSV])
    return _file(answer, f"{_('年报库数据字典')}.csv")


def _file(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _asked(request: DeskRequest) -> Asked:
    year, origin = request.GET.get("year", ""), request.GET.get("origin", "")
    return Asked(
        years=(int(year),) if year.isdecimal() and len(year) == 4 else (),
        words=request.GET.get("q", "").strip()[:80],
        origins=(origin,) if origin in ORIGINS else ORIGINS,
    )
