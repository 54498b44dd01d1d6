"""What a list shows, as a sheet to take away: the same rows, the same columns, streamed, formulas defused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from gongkai.base import clock, tables
from gongkai.base.tables import csv_bytes, xlsx_bytes
from gongkai.desk.register import filters
from gongkai.desk.register.declare import Register
from gongkai.desk.register.pages import opened, rows_for
from gongkai.desk.register.words import exported
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import Viewer

CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: DeskRequest, key: str, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The list under its filters as CSV or XLSX."""
    register = opened(request, key)
    bar = filters.build(register, request.GET, rows_for(request.focus, register), request.focus)
    if not register.exported or not bar.form.is_valid():
        raise Http404
    check_size(kind, bar.qs)
    header = [str(column.title_for(register.model)) for column in register.columns]
    lines = _lines(request.viewer, register, bar.qs)
    name = f"{register.title}-{clock.today().isoformat()}.{kind}"
    response: HttpResponse | StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(csv_bytes(header, lines), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes(header, lines, str(register.title)), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def check_size(kind: str, rows: QuerySet[Any]) -> None:
    """Before anything goes out. Raises Refused for more rows than the format holds."""
    if kind == "xlsx" and rows.count() > tables.XLSX_MOST:
        raise Refused(tables.too_many_rows())


def _lines(who: Viewer, register: Register, rows: Any) -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        register.decorate(who, chunk)
        for row in chunk:
            yield [exported(column.of(row)) for column in register.columns]
