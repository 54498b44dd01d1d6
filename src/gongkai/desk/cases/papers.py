"""The papers of registration, ready to print: the receipt slip for the applicant and the registration sheet for the file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.desk.cases import sheet
from gongkai.desk.shell.request import DeskRequest, viewer_of
from gongkai.organs.queries import contact_card
from gongkai.requests import timeline
from gongkai.requests.casefile import CasePage, case_page

PAPERS = {
    "slip": (_("登记回执"), "desk/cases/receipt_slip.html"),
    "form": (_("登记表"), "desk/cases/registration_sheet.html"),
}


@require_safe
def paper(request: DeskRequest, pk: int, kind: str) -> HttpResponse:
    """One paper of a registered case; it names the applicant and is there for the handling organ alone."""
    page = case_page(viewer_of(request), clock.today(), pk=pk)
    if kind not in PAPERS or not page.identified or page.facts.received_on is None:
        raise Http404
    back = reverse("desk:case", args=[pk])
    context = {
        "section": "requests",
        "crumbs": [(reverse("desk:requests"), _("依申请")), (back, page.case.number), ("", PAPERS[kind][0])],
        "page": page,
        "sheet": sheet.build(viewer_of(request), page),
        "card": contact_card(page.case.organ),
        "served": _served(page),
    }
    return render(request, PAPERS[kind][1], context)


def _served(page: CasePage) -> str:
    """How and when the answer reached the applicant, for the sheet."""
    told = [t for t in page.happenings if t.kind in {"dispatch", "serve"} and not t.superseded]
    return "；".join(
        f"{t.on.isoformat()} {t.label}"
        + "".join(f"（{text}）" for label, text in t.lines if label == timeline.LABELS["way"])
        for t in told
    )
