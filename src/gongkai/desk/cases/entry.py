"""Entry of an application that came on paper or by word of mouth, and the receipt that goes back to the applicant."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongkai.desk.cases.forms import Entry
from gongkai.desk.shell.request import DeskRequest, viewer_of
from gongkai.law import procedure
from gongkai.law.outcomes import CHANNELS
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import WORK
from gongkai.requests import actions


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """The form; once sent, the receipt with query number and code, which is shown this once."""
    if scope.condition_for(viewer_of(request), "cases", "path", WORK) is None:
        raise Http404
    form = Entry(request.POST or None, request.FILES or None, viewer=viewer_of(request))
    crumbs = [(reverse("desk:requests"), _("依申请")), ("", _("登记来件"))]
    context = {"section": "requests", "crumbs": crumbs, "form": form}
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            receipt = actions.submit(by=_capacity(request, values["organ"].path), **values)
        except ValidationError as error:
            _take(form, error)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = {"receipt": receipt, "channel": CHANNELS[values["channel"]]}
            return render(request, "desk/cases/entered.html", {**context, **told})
    return render(request, "desk/cases/entry.html", context, status=422 if form.errors else 200)


def _capacity(request: DeskRequest, path: str) -> Actor:
    """The first post that may enter a case there; the action itself says no to any other."""
    roles = procedure.ACTIONS["submit"].roles
    posts = actors_for(viewer_of(request), "cases", path)
    found = next((actor for actor in posts if actor.role in roles), None) or next(iter(posts), None)
    if found is None:
        raise Http404
    return found


def _take(form: Entry, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, messages in error.message_dict.items():
        where = "papers" if name == "files" else name
        known = where in form.fields and where not in {"token", NON_FIELD_ERRORS}
        form.add_error(where if known else None, messages)
