"""Finding documents, reports and organs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.portal import searching
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta
from gongkai.search.engine import Unavailable

AGAIN_IN = "60"  # seconds; an index of a million documents is built in some minutes


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Words and filters in the address, results by category. Without words or filters only the questions."""
    form = searching.SearchForm(request.GET)
    asked = form.is_valid() and bool(form.cleaned_data["q"].strip() or form.narrowed)
    shown, status = None, 200
    if asked:
        try:
            shown = searching.results(form, request.GET.get("page", ""))
        except Unavailable:
            status = 503
    name = _("搜索")
    response = page(
        request,
        "search.html",
        section="",
        crumbs=[("", name)],
        meta=column_meta(name, _("搜索政策文件、年度报告和机关"), name, name),
        status=status,
        form=form,
        shown=shown,
    )
    if status == 503:
        response["Retry-After"] = AGAIN_IN
    return response
