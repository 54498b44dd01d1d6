"""One run: its content, its course as a vertical line, what can be done now — and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock
from gongkai.desk.register import known, tables
from gongkai.desk.review.forms import FORMS, RunForm
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.review import course, queries, subjects
from gongkai.review import sheet as sheets
from gongkai.review.models import ReviewRun
from gongkai.review.queries import Offer, RunPage

MARKS = {
    course.SIGNING: "open",
    course.AMENDING: "soon",
    course.RETURNED: "soon",
    course.COMPLETED: "done",
    course.REFUSED: "over",
    course.WITHDRAWN: "unknown",
}


class Moved(Exception):
    """Somebody else was quicker."""


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: DeskRequest, pk: int) -> HttpResponse:
    """A run; with ``?do=<action>`` the form of that action stands open, and a POST does it."""
    page = queries.run_page(request.viewer, pk, clock.today())
    key = request.GET.get("do", "")
    if not key:
        if request.method == "POST":
            raise Http404
        return _show(request, page)
    offer = next((one for one in page.offers if one.action == key), None)
    if offer is None:
        raise Http404
    if offer.actor is None or offer.reason:
        return _show(request, page, offer, status=409 if request.method == "POST" else 200)
    form = FORMS[key](
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        register="review",
        verb="work",
        record=page,
    )
    if request.method != "POST":
        return _show(request, page, offer, form)
    if not form.is_valid():
        return _show(request, page, offer, form, status=422)
    return _carry_out(request, page, offer, offer.actor, form)


def _carry_out(
    request: DeskRequest, page: RunPage, offer: Offer, actor: Actor, form: RunForm
) -> HttpResponse:
    try:
        with transaction.atomic():
            now = ReviewRun.objects.select_for_update().get(pk=page.run.pk)
            if str(now.last_seq) != request.POST.get("seen", ""):
                raise Moved
            form.run(actor)
    except ValidationError as error:
        form.take(error)
        return _show(request, page, offer, form, status=422)
    except Moved:
        words = _("您打开页面之后又有人办理，请先看过现在的情况，再决定。没有改动任何内容。")
        return _show(request, _again(request, page), offer, refused=words, status=409)
    except Refused as refused:
        return _show(request, _again(request, page), offer, form, refused=str(refused), status=409)
    messages.success(request, str(form.done))
    if queries.run_is_open_to(request.viewer, page.run.pk):
        return redirect(f"{reverse('desk:review', args=[page.run.pk])}#now")
    return redirect("desk:reviews")


def _again(request: DeskRequest, page: RunPage) -> RunPage:
    return queries.run_page(request.viewer, page.run.pk, clock.today())


def _show(
    request: DeskRequest,
    page: RunPage,
    offer: Offer | None = None,
    form: RunForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    due = next((line.due_on for line in page.lines if line.kind == "now"), None)
    primary = next((one for one in page.offers if one.primary), None)
    can = [one for one in page.offers if one.actor and not one.reason and one is not primary]
    context = {
        "section": "reviews",
        "crumbs": [(reverse("desk:reviews"), _("审签")), ("", page.run.title)],
        "page": page,
        "mark": MARKS[page.run.state],
        "kind": subjects.word(page.run.subject_kind),
        "subject_url": _record(request, page),
        "due_on": due,
        "left": queries.left(page.run, due, clock.today()),
        "doing": offer,
        "form": form,
        "refused": refused or (offer.reason if offer and form is None else ""),
        "primary": primary,
        "doable": can,
        "undoable": [one for one in page.offers if one.actor is None or one.reason],
        "looking_only": not any(one.actor for one in page.offers),
    }
    return render(request, "desk/review/run.html", context, status=status)


def _record(request: DeskRequest, page: RunPage) -> str:
    """The subject's own record, for those who find a door to it."""
    register = known.for_label(page.run.subject_kind)
    if register is None or not known.may_open(request.viewer, register):
        return ""
    return tables.record_url(register.key, page.run.subject_key)


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """The 审查单, to print and to keep with the original."""
    found = queries.run_for(request.viewer, pk)
    context = {
        "section": "reviews",
        "crumbs": [
            (reverse("desk:reviews"), _("审签")),
            (reverse("desk:review", args=[pk]), found.title),
            ("", _("审查单")),
        ],
        "run": found,
        "sheet": sheets.of(found),
        "today": clock.today(),
    }
    return render(request, "desk/review/sheet.html", context)
