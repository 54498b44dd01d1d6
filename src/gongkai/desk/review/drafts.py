"""What was submitted in one round beside what was submitted in another."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.desk.documents.comparing import Version, beside
from gongkai.desk.shell.request import DeskRequest
from gongkai.review import drafts, queries


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """The drafts `a` and `b` of the address; the last two unless named."""
    run = queries.run_for(request.viewer, pk)
    versions = [
        Version(str(one.number), _("送审稿 %(n)d") % {"n": one.number}, drafts.plain(one))
        for one in run.drafts.order_by("number")
    ]
    context = {
        "section": "reviews",
        "crumbs": [
            (reverse("desk:reviews"), _("审签")),
            (reverse("desk:review", args=[pk]), run.title),
            ("", _("逐稿对照")),
        ],
        "heading": _("逐稿对照"),
        "of": run.title,
    }
    return beside(request, versions, context)
