"""Letting a colleague sign for one's own post."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.base import clock
from gongkai.desk.register import acting, known
from gongkai.desk.review.forms import Authorise
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs.actors import actors_for
from gongkai.review import actions


@require_http_methods(["GET", "HEAD", "POST"])
def authorise(request: DeskRequest) -> HttpResponse:
    """One form; afterwards the register of authorisations."""
    if "reviews" in known.closed_to(request.viewer):
        raise Http404
    form = Authorise(
        request.POST or None,
        viewer=request.viewer,
        register="review",
        verb="work",
        initial={"valid_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        done, _made = acting.attempt(form, lambda: _delegate(request, form))
        if done:
            messages.success(request, _("授权已登记，到期自动失效，随时可以撤回。"))
            return redirect("desk:register", "review-delegations")
    context = {
        "section": "reviews",
        "crumbs": [(reverse("desk:reviews"), _("审签")), ("", _("授权他人签署"))],
        "form": form,
    }
    return render(request, "desk/review/authorise.html", context, status=422 if form.errors else 200)


def _delegate(request: DeskRequest, form: Authorise) -> object:
    post = form.cleaned_data["post"]
    found = actors_for(request.viewer, "review", post.organ.path)
    by = next((one for one in found if one.post_id == post.pk), None)
    if by is None:
        from gongkai.organs.refusals import Refused

        raise Refused(_("这个岗位不参加审签，不必授权。"))
    return actions.delegate(by=by, **form.cleaned_data)
