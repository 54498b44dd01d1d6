"""A list of cases as a sheet to take away: no applicant, nothing of what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.tables import csv_bytes, xlsx_bytes
from gongkai.desk.cases import lists
from gongkai.desk.register import known
from gongkai.desk.register.export import XLSX, check_size
from gongkai.desk.shell.request import DeskRequest, focus_of, viewer_of
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.law.procedure import STATES
from gongkai.requests.models import Case
from gongkai.requests.queries import days_left

CHUNK = 2000


@require_safe
def export(request: DeskRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """One of the lists as CSV or XLSX."""
    view = request.GET.get("view", "office")
    if view not in lists.VIEWS or "requests" in known.closed_to(viewer_of(request)):
        raise Http404
    cases = lists.cases(focus_of(request), view, clock.today()).defer("content")
    check_size(kind, cases)
    rows = _rows(cases.select_related(None).select_related("organ", "handler"))
    title = _("申请-%(view)s") % {"view": lists.VIEWS[view]}
    response: HttpResponse | StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(csv_bytes(_header(), rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(xlsx_bytes(_header(), rows, title), content_type=XLSX)
    name = f"{title}-{clock.today().isoformat()}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _header() -> list[str]:
    return [
        _("编号"),
        _("机关"),
        _("申请人类别"),
        _("到达日期"),
        _("收到日期"),
        _("到期日"),
        _("剩余工作日"),
        _("状态"),
        _("承办人"),
        _("办理结果"),
        _("办结日期"),
        _("发出日期"),
        _("答复文号"),
    ]


def _rows(cases: Any) -> Iterator[list[Any]]:
    today = clock.today()
    for case in cases.iterator(chunk_size=CHUNK):
        yield _row(case, days_left(case, today))


def _row(case: Case, left: int | None) -> list[Any]:
    return [
        case.number or "",
        case.organ.name,
        APPLICANT_KINDS[case.kind].label if case.kind in APPLICANT_KINDS else "",
        case.arrived_on,
        case.first_received_on,
        case.due_on,
        left,
        STATES[case.state],
        case.handler.name if case.handler else "",
        OUTCOMES[case.outcome].label if case.outcome else "",
        case.closed_on,
        case.dispatched_on,
        case.answer_number,
    ]
