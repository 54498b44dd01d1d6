"""Submitting a subject to review."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongkai.desk.register import acting
from gongkai.desk.review.forms import Submit
from gongkai.desk.review.offering import starter
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from gongkai.review import actions, chains, choices, queries, subjects, workflow
from gongkai.review.models import ChainTemplate, ReviewRun


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: DeskRequest, kind: str, key: str) -> HttpResponse:
    """The subject with its pre-view and the form; an open run of it is shown instead."""
    subject = subjects.load(kind, key)
    if subject is None or not scope.allows(request.viewer, scope.VIEW, "review", subject.organ.path):
        raise Http404
    open_run = ReviewRun.objects.filter(subject_kind=kind, subject_key=key, closed_on__isnull=True).first()
    if open_run is not None:
        return redirect("desk:review", open_run.pk)
    actor = starter(request.viewer, subject.organ.path)
    if actor is None:
        raise Refused(workflow.refusal("start", workflow.NONE, "") or _(acting.NOT_YOURS))
    templates = choices.chains_for(subject.organ, kind)
    form = Submit(
        request.POST or None,
        viewer=request.viewer,
        register="review",
        verb="work",
        record=subject,
        templates=templates,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done, run = acting.attempt(
            form,
            lambda: actions.start(
                by=actor,
                subject=subject,
                template=form.templates[given["template"]],
                facts=given["facts"],
                text=given["text"],
            ),
        )
        if done:
            messages.success(request, _("已送审。"))
            return redirect("desk:review", run.pk)
    context = {
        "section": "reviews",
        "crumbs": [(reverse("desk:reviews"), _("审签")), ("", _("送审"))],
        "subject": subject,
        "kind": subjects.word(kind),
        "form": form,
        "templates": [(one, _steps(one)) for one in templates],
        "last": queries.latest_run(subject),
    }
    return render(request, "desk/review/submit.html", context, status=422 if form.errors else 200)


def _steps(template: ChainTemplate) -> list[tuple[str, str, str]]:
    return [(step.title, step.who, step.condition) for step in chains.read(template.steps)]
