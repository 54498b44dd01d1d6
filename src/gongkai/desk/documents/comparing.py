"""Two editions of a document side by side."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.desk.register import tables
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents import writing
from gongkai.documents.models import Document, Edition
from gongkai.organs import scope

_WORDS = {
    "same": "",
    "changed": gettext_lazy("改"),
    "removed": gettext_lazy("删"),
    "added": gettext_lazy("增"),
}


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """The editions `a` and `b` of the address; the last two unless named."""
    document = scope.get(request.viewer, Document.objects.select_related("organ"), pk=pk)
    editions = list(document.editions.order_by("seq"))
    if not editions:
        raise Http404
    left = _chosen(editions, request.GET.get("a"), editions[max(0, len(editions) - 2)])
    right = _chosen(editions, request.GET.get("b"), editions[-1])
    pairs = [(pair, str(_WORDS[pair.kind])) for pair in writing.compare(left, right)]
    context = {
        "section": "documents",
        "crumbs": [
            (reverse("desk:register", args=["documents"]), _("文件")),
            (tables.record_url("documents", document.pk), document.title),
            ("", _("版本比较")),
        ],
        "document": document,
        "editions": editions,
        "left": left,
        "right": right,
        "pairs": pairs,
        "changes": sum(pair.kind != "same" for pair, _word in pairs),
    }
    return render(request, "desk/documents/compare.html", context)


def _chosen(editions: list[Edition], asked: str | None, otherwise: Edition) -> Edition:
    return next((one for one in editions if str(one.seq) == asked), otherwise)
