"""Two wordings side by side: the editions of a document here, the drafts of a review in its own room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.desk.register import tables
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents import writing
from gongkai.documents.models import Document
from gongkai.organs import scope

_WORDS = {
    "same": "",
    "changed": gettext_lazy("改"),
    "removed": gettext_lazy("删"),
    "added": gettext_lazy("增"),
}


@dataclass(frozen=True)
class Version:
    """One wording to choose, by the key it has in the address."""

    key: str
    label: str
    text: str


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """The editions `a` and `b` of the address; the last two unless named."""
    document = scope.get(request.viewer, Document.objects.select_related("organ"), pk=pk)
    versions = [
        Version(str(one.seq), _("第 %(n)d 版") % {"n": one.seq}, writing.plain(one))
        for one in document.editions.order_by("seq")
    ]
    context = {
        "section": "documents",
        "crumbs": [
            (reverse("desk:register", args=["documents"]), _("文件")),
            (tables.record_url("documents", document.pk), document.title),
            ("", _("版本比较")),
        ],
        "heading": _("版本比较"),
        "of": document.title,
    }
    return beside(request, versions, context)


def beside(request: DeskRequest, versions: Sequence[Version], context: dict[str, Any]) -> HttpResponse:
    """The page on which the versions `a` and `b` of the address stand side by side; the last two unless named. Http404 when
    there is none."""
    if not versions:
        raise Http404
    left = _chosen(versions, request.GET.get("a"), versions[max(0, len(versions) - 2)])
    right = _chosen(versions, request.GET.get("b"), versions[-1])
    pairs = [(pair, str(_WORDS[pair.kind])) for pair in writing.compare(left.text, right.text)]
    more = {
        "versions": versions,
        "left": left,
        "right": right,
        "pairs": pairs,
        "changes": sum(pair.kind != "same" for pair, _word in pairs),
    }
    return render(request, "desk/compare.html", context | more)


def _chosen(versions: Sequence[Version], asked: str | None, otherwise: Version) -> Version:
    return next((one for one in versions if one.key == asked), otherwise)
