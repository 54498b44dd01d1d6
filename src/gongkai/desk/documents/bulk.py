"""Documents by the table: bring one, see what it would do, have it done in the background; and take the register away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base import audit, clock
from gongkai.desk.register import acting, filters, known
from gongkai.desk.register.export import check_size
from gongkai.desk.register.forms import ActionForm
from gongkai.desk.register.pages import opened, rows_for
from gongkai.desk.register.scoped import OrganChoice
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents.bulk import batches, exporting
from gongkai.documents.bulk.columns import COLUMNS
from gongkai.documents.bulk.importing import COUNTS, not_kept
from gongkai.documents.bulk.models import Batch
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import VIEW, WORK

REGISTER, KEY = "documents", "documents"
PAGE = 20
SHOWN = 200  # problems shown on the page; the sheet has them all
_SHAPES = {
    Batch.State.CHECKING: "open",
    Batch.State.CHECKED: "soon",
    Batch.State.RUNNING: "open",
    Batch.State.DONE: "done",
    Batch.State.STOPPED: "over",
}
_TYPES = {
    exporting.CSV: "text/csv; charset=utf-8",
    exporting.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    exporting.JSON: "application/x-ndjson; charset=utf-8",
}


class Bring(ActionForm):
    """A table, and the files it names."""

    organ = OrganChoice(label=gettext_lazy("没有“机关”列时，文件属于"), register=REGISTER, verb=WORK)
    table = forms.FileField(
        label=gettext_lazy("表格"),
        help_text=gettext_lazy(".csv、.xlsx、.json 或者 .jsonl，100 MB 以内"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.jsonl"}),
    )
    attachments = forms.FileField(
        label=gettext_lazy("附件"),
        required=False,
        help_text=gettext_lazy("表格里写到的附件打成一个 ZIP，200 MB 以内；没有附件的不选"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: DeskRequest) -> HttpResponse:
    """Bring a table, see the earlier ones, take the register away."""
    opened(request, KEY)
    may_work = scope.condition_for(request.viewer, REGISTER, "path", WORK) is not None
    form = None
    if may_work:
        form = Bring(
            request.POST if request.method == "POST" else None,
            request.FILES if request.method == "POST" else None,
            viewer=request.viewer,
            register=REGISTER,
            verb=WORK,
        )
    if request.method == "POST":
        if form is None:
            raise Refused(_(acting.NOT_YOURS))
        if form.is_valid():
            done, batch = acting.attempt(form, lambda: _begin(request, form.cleaned_data))
            if done:
                return redirect("desk:documents-batch", batch.pk)
    found = scope.rows(request.focus, Batch).select_related("organ", "person").order_by("-begun_at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(_("批量导入和导出")),
        "form": form,
        "columns": COLUMNS,
        "page": page,
        "batches": [(batch, _SHAPES[Batch.State(batch.state)]) for batch in page],
        "formats": exporting.FORMATS,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/documents/bulk.html", context, status=status)


@require_safe
def batch(request: DeskRequest, pk: int) -> HttpResponse:
    """How far a batch is, what is wrong with which row, and what can be done now."""
    found = _batch(request, pk)
    problems = list(found.problems.order_by("kept", "row")[: SHOWN + 1])
    context = {
        **_frame(_("导入结果"), inner=True),
        "batch": found,
        "shape": _SHAPES[Batch.State(found.state)],
        "counts": [(_word(name), getattr(found, name)) for name in COUNTS],
        "problems": problems[:SHOWN],
        "more": len(problems) > SHOWN,
        "not_kept": not_kept(found),
        "may_work": bool(actors_for(request.viewer, REGISTER, found.path, WORK)),
        "checked": found.state == Batch.State.CHECKED,
        "trial": found.state in (Batch.State.CHECKING, Batch.State.CHECKED),
    }
    return render(request, "desk/documents/batch.html", context)


@require_POST
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    """Import what the trial showed."""
    found = _batch(request, pk)
    batches.confirm(found, by=_worker(request, found.path))
    messages.success(request, _("已开始导入，可以先去做别的事，回来看这一页。"))
    return redirect("desk:documents-batch", pk)


@require_POST
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    """Give it up; what was imported stays."""
    found = _batch(request, pk)
    batches.stop(found, by=_worker(request, found.path))
    messages.success(request, _("已中止。"))
    return redirect("desk:documents-batch", pk)


@require_safe
def problems(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    """The rows in trouble, to be mended and brought again."""
    found = _batch(request, pk)
    rows = found.problems.order_by("row").iterator(chunk_size=500)
    return _download(
        exporting.problem_pieces(rows), _TYPES[exporting.CSV], _("导入问题-%(pk)d.csv") % {"pk": pk}
    )


@require_safe
def template(request: DeskRequest) -> StreamingHttpResponse:
    """An empty table."""
    opened(request, KEY)
    return _download(exporting.template(), _TYPES[exporting.XLSX], _("文件导入模板.xlsx"))


@require_safe
def export(request: DeskRequest, kind: str) -> StreamingHttpResponse:
    """The register under the filters of the address, in the columns of the import; ``files`` brings the files along."""
    register = opened(request, KEY)
    bar = filters.build(register, request.GET, rows_for(request.focus, register), request.focus)
    if kind not in exporting.FORMATS or not bar.form.is_valid():
        raise Http404
    rows = bar.qs.select_related(None)
    check_size(kind, rows)
    by = _exporter(request)
    day, packed = clock.today().isoformat(), "files" in request.GET
    audit.record(
        actor=by.key,
        post=by.post,
        verb="documents.export",
        subject=_organ_of(request, by),
        path=_organ_of(request, by).path,
        detail={"format": kind, "files": packed},
    )
    found = exporting.lines(rows)
    if packed:
        zipped = exporting.zip_pieces(kind, found, exporting.attachments_of(rows))
        return _download(zipped, "application/zip", _("文件-%(day)s.zip") % {"day": day})
    name = _("文件-%(day)s.%(kind)s") % {"day": day, "kind": kind}
    return _download(exporting.pieces(kind, found), _TYPES[kind], name)


def _word(name: str) -> Any:
    field: Any = Batch._meta.get_field(name)
    return field.verbose_name


def _begin(request: DeskRequest, data: dict[str, Any]) -> Batch:
    organ = data["organ"]
    return batches.begin_upload(
        by=_worker(request, organ.path),
        organ=organ,
        name=data["table"].name,
        table=data["table"],
        files=data["attachments"],
    )


def _batch(request: DeskRequest, pk: int) -> Batch:
    opened(request, KEY)
    found: Batch = scope.get(request.viewer, Batch.objects.select_related("organ", "person"), pk=pk)
    return found


def _worker(request: DeskRequest, path: str) -> Actor:
    found = actors_for(request.viewer, REGISTER, path, WORK)
    if not found:
        raise Refused(_(acting.NOT_YOURS))
    return found[0]


def _exporter(request: DeskRequest) -> Actor:
    """In which post the person takes the register away."""
    for viewer in (request.focus, request.viewer):
        for grant in viewer.grants:
            if found := actors_for(viewer, REGISTER, grant.path, VIEW):
                return found[0]
    raise Refused(_(acting.NOT_YOURS))


def _organ_of(request: DeskRequest, by: Actor) -> Any:
    from gongkai.organs.models import Organ

    grant = next(grant for grant in request.viewer.grants if grant.post_id == by.post_id)
    return Organ.objects.get(pk=grant.organ_id)


def _download(pieces: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _frame(title: str, *, inner: bool = False) -> dict[str, Any]:
    register = known.get(KEY)
    here = reverse("desk:documents-bulk") if inner else ""
    crumbs = [(reverse("desk:register", args=[KEY]), register.title if register else "")]
    crumbs.append((here, _("批量导入和导出")))
    return {
        "section": "documents",
        "crumbs": [*crumbs, ("", title)] if inner else crumbs,
    }
