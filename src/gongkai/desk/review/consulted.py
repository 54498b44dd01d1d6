"""A consultation as the organ that is asked sees it, and as the asking one registers its answer."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.base import clock
from gongkai.desk.register import acting
from gongkai.desk.review.forms import Reply
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import VIEW, Viewer
from gongkai.review import actions, queries
from gongkai.review.models import ConsultedParty


@require_http_methods(["GET", "HEAD", "POST"])
def party(request: DeskRequest, pk: int) -> HttpResponse:
    """The question, the answers so far, and the form for another; silence past the term is noted by the asker."""
    found = _party(request.viewer, pk)
    actor = _actor(request.viewer, found)
    asker = scope.allows(request.viewer, scope.WORK, "review", found.consultation.path)
    over = found.consultation.due_on is not None and clock.today() > found.consultation.due_on
    form = Reply(request.POST or None, viewer=request.viewer, register="review", verb="work", record=found)
    if request.method == "POST":
        if actor is None:
            raise Refused(_(acting.NOT_YOURS))
        if "silence" in request.POST:
            form = Reply(None, viewer=request.viewer, register="review", verb="work", record=found)
            actions.note_silence(by=actor, party=found)
            messages.success(request, _("已登记逾期未答复。"))
            return redirect("desk:review-party", pk)
        if form.is_valid():
            done, _reply = acting.attempt(
                form, lambda: actions.reply(by=actor, party=found, **form.cleaned_data)
            )
            if done:
                messages.success(request, _("答复已登记。"))
                return redirect("desk:review-party", pk)
    context = {
        "section": "reviews",
        "crumbs": [(reverse("desk:reviews"), _("审签")), ("", _("征询意见"))],
        "party": found,
        "consultation": found.consultation,
        "replies": list(found.replies.order_by("pk")),
        "form": form if actor is not None else None,
        "may_note_silence": asker and over and not found.replies.exists(),
        "run_url": reverse("desk:review", args=[found.consultation.run_id])
        if queries.run_is_open_to(request.viewer, found.consultation.run_id)
        else "",
    }
    return render(request, "desk/review/party.html", context, status=422 if form.errors else 200)


def _party(who: Viewer, pk: int) -> ConsultedParty:
    """Seen by the organ that is asked and by the one that asks; else Http404."""
    asked = scope.condition_for(who, "review", "path", VIEW)
    asking = scope.condition_for(who, "review", "consultation__path", VIEW)
    if asked is None or asking is None:
        raise Http404
    rows = ConsultedParty.objects.select_related("consultation__run__organ", "consultation__organ", "organ")
    found = rows.filter(Q(asked) | Q(asking), pk=pk).first()
    if found is None:
        raise Http404
    return found


def _actor(who: Viewer, found: ConsultedParty) -> Actor | None:
    """In which post: of the organ asked, else of the asking one."""
    own = actors_for(who, "review", found.path)
    return next(iter((*own, *actors_for(who, "review", found.consultation.path))), None)
