"""The case page: where it stands, what happened, what can be done next — and doing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.base import clock
from gongkai.desk.cases import sheet
from gongkai.desk.cases.doing import Stale, capacity, carry_out
from gongkai.desk.cases.forms import AGAIN, FORMS, SHOWN, CaseForm
from gongkai.desk.shell.request import DeskRequest, viewer_of
from gongkai.law import procedure
from gongkai.organs.refusals import Refused
from gongkai.requests.casefile import CasePage, Offer, case_page
from gongkai.requests.models import Case

_PREFILLED = ("seq_entry", "inquiry")  # what a link to a form may choose beforehand


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: DeskRequest, pk: int) -> HttpResponse:
    """One case; with ``?do=<action>`` the form of that action stands open, and a POST does it."""
    page = case_page(viewer_of(request), clock.today(), pk=pk)
    key = request.GET.get("do", "")
    if not key:
        if request.method == "POST":
            raise Http404
        return _show(request, page)
    offer = next((one for one in page.offers if one.action.key == key), None)
    if offer is None or key not in FORMS:
        raise Http404
    if request.method == "POST":
        return _post(request, page, offer)
    return _show(request, page, offer, None if offer.reason else _form(request, page, offer))


def _form(
    request: DeskRequest, page: CasePage, offer: Offer, data: Any = None, files: Any = None
) -> CaseForm:
    kind = FORMS[offer.action.key]
    given: dict[str, str] = {name: str(request.POST[name]) for name in request.POST}
    if request.method != "POST":
        given = {name: request.GET[name] for name in _PREFILLED if name in request.GET}
    by = capacity(viewer_of(request), page, offer, given)
    return kind(data, files, page=page, by=by, initial=given if data is None else None)


def _post(request: DeskRequest, page: CasePage, offer: Offer) -> HttpResponse:
    form = _form(request, page, offer, request.POST, request.FILES)
    if AGAIN in request.POST or form.shown_for != request.POST.get(SHOWN, ""):
        return _show(request, page, offer, _form(request, page, offer))
    seen = request.POST.get("seen", "")
    if seen != str(page.facts.last_seq):
        return _stale(request, page, offer, seen)
    if offer.reason:
        return _show(request, page, offer, refused=offer.reason, status=409)
    if not form.is_valid():
        return _show(request, page, offer, form, status=422)
    try:
        result = carry_out(form, int(seen))
    except Stale:
        return _stale(request, case_page(viewer_of(request), clock.today(), pk=page.case.pk), offer, seen)
    except ValidationError as error:
        form.take(error)
        return _show(request, page, offer, form, status=422)
    except Refused as refused:
        return _show(request, page, offer, form, refused=str(refused), status=409)
    return _done(request, page, offer, result)


def _done(request: DeskRequest, page: CasePage, offer: Offer, result: Any) -> HttpResponse:
    """Back to the page, which says what changed."""
    if isinstance(result, Case) and result.pk != page.case.pk:  # a case of its own was opened
        words = _("已登记“%(what)s”，这是新立的件。") % {"what": offer.action.label}
        messages.success(request, words)
        return redirect("desk:case", result.pk)
    now = case_page(viewer_of(request), clock.today(), pk=page.case.pk)
    messages.success(request, sheet.changes(offer.action, page, now))
    return redirect(f"{reverse('desk:case', args=[page.case.pk])}#now")


def _stale(request: DeskRequest, page: CasePage, offer: Offer, seen: str) -> HttpResponse:
    """The case moved on while the form stood open; done twice by one impatient hand is done once."""
    last = int(seen) if seen.isdecimal() else page.facts.last_seq
    since = [happening for happening in page.happenings if happening.seq > last]
    mine = f"staff:{request.user.pk}"
    by_me = [e for e in page.facts.all_entries if e.seq > last and e.actor == mine]
    if by_me and len(by_me) == len(since) and by_me[0].kind == offer.action.key:
        messages.info(request, _("“%(what)s”刚才已经办好，没有重复登记。") % {"what": offer.action.label})
        return redirect(f"{reverse('desk:case', args=[page.case.pk])}#now")
    return _show(request, page, offer, since=since, status=409)


def _show(
    request: DeskRequest,
    page: CasePage,
    offer: Offer | None = None,
    form: CaseForm | None = None,
    *,
    refused: str = "",
    since: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "requests",
        "crumbs": [(reverse("desk:requests"), _("依申请")), ("", page.case.number or _("待确认的申请"))],
        "page": page,
        "today": clock.today(),
        "sheet": sheet.build(viewer_of(request), page),
        "doing": offer,
        "form": form,
        "role": procedure.ROLES.get(form.by.role, "") if form else "",
        "refused": refused or (offer.reason if offer and form is None and since is None else ""),
        "since": since,
    }
    return render(request, "desk/cases/case.html", context, status=status)
