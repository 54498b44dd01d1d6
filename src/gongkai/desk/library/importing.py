"""Bringing reports in: files, zips and addresses; and the page that shows what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.annualreport.library import intake as intakes
from gongkai.annualreport.library.intake import Given
from gongkai.annualreport.library.models import Intake, IntakeItem
from gongkai.desk.library.forms import Give
from gongkai.desk.library.frame import REGISTER, frame, may_work, opened
from gongkai.desk.library.report import actor
from gongkai.desk.register import acting
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import WORK

PAGE = 200
State = IntakeItem.State
_SHAPES = {
    State.WAITING: "open",
    State.KEPT: "done",
    State.UNCLAIMED: "soon",
    State.KNOWN: "done",
    State.FAILED: "over",
}


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: DeskRequest) -> HttpResponse:
    """The form; what is wrong with a single file is said on the page of the intake, not here."""
    opened(request)
    if not may_work(request):
        raise Refused(_(acting.NOT_YOURS))
    form = Give(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        viewer=request.viewer,
        register=REGISTER,
        verb=WORK,
    )
    if request.method == "POST" and form.is_valid():
        done, begun = acting.attempt(form, lambda: _begin(request, form.cleaned_data))
        if done:
            return redirect("desk:library-intake", begun.pk)
    context = {**frame(request, "reports", ("", _("导入报告"))), "form": form}
    return render(request, "desk/library/import.html", context, status=422 if form.errors else 200)


def _begin(request: DeskRequest, data: dict[str, Any]) -> Intake:
    library = data["organ"]
    return intakes.begin(
        by=actor(request, library.path), library=library, given=_given(data), title=_title(data)
    )


def _given(data: dict[str, Any]) -> Iterator[Given]:
    uploads = (intakes.from_upload(one.name, one.read()) for one in data["uploads"])
    yield from chain.from_iterable(uploads)
    yield from intakes.from_addresses(data["addresses"])


def _title(data: dict[str, Any]) -> str:
    names = [one.name for one in data["uploads"]]
    if data["addresses"].strip():
        names.append(_("网址清单"))
    more = _(" 等%(count)s项") % {"count": len(names)} if len(names) > 1 else ""
    return f"{names[0][:120]}{more}"


@require_safe
def intake(request: DeskRequest, pk: int) -> HttpResponse:
    """What came of an import, item by item."""
    opened(request)
    found = scope.get(request.viewer, Intake.objects.select_related("organ", "person"), pk=pk)
    items = found.items.select_related("version__report").defer(
        *(f"version__{name}" for name in ("cells", "places", "doubtful", "sections", "damage", "findings"))
    )
    counts = Counter(found.items.order_by().values_list("state", flat=True))
    page = Paginator(items.order_by("position"), PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, "reports", ("", _("导入结果"))),
        "intake": found,
        "page": page,
        "rows": [(item, _SHAPES[State(item.state)]) for item in page],
        "tellers": [(_SHAPES[state], state.label, counts[state]) for state in State if counts[state]],
        "running": bool(counts[State.WAITING]),
    }
    return render(request, "desk/library/intake.html", context)
