"""The application, one group of questions a page: who, how to reach you, what, how, check, receipt.

Nothing is kept on the server until the last page is sent; see `portal.draft`. No address holds an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.law.outcomes import CHANNELS
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.portal import limits, public_organs, sending, visiting
from gongkai.portal.draft import Draft, LostDraft
from gongkai.portal.forms import FilesForm, HowForm, ReachForm, WhatForm, WhoForm
from gongkai.portal.pages import page, private
from gongkai.portal.site import column_meta
from gongkai.requests.limits import limit_submissions


@dataclass(frozen=True)
class Step:
    """One page of the application."""

    key: str
    title: Any
    form: type[forms.Form]


STEPS = (
    Step("who", gettext_lazy("您是谁"), WhoForm),
    Step("reach", gettext_lazy("怎么联系您"), ReachForm),
    Step("what", gettext_lazy("您想要什么"), WhatForm),
    Step("how", gettext_lazy("怎样给您"), HowForm),
)
CHECK = "check"
_KEYS = [step.key for step in STEPS]


@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Choose the organ to apply to."""
    words = request.GET.get("q", "").strip()[:60]
    name = _("依申请公开")
    return page(
        request,
        "apply_where.html",
        section="apply",
        crumbs=[("", name)],
        meta=column_meta(name, _("向行政机关申请公开政府信息"), name, name),
        words=words,
        found=[organ for organ in public_organs.search(words) if public_organs.takes_applications(organ)],
        trees=[] if words else [(root, public_organs.below(root)) for root in public_organs.roots()],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The application form of an organ, from the first question to the receipt."""
    organ = public_organs.get(code)
    if not public_organs.takes_applications(organ):
        successors = public_organs.successors(organ)
        return page(
            request, "apply_closed.html", section="apply", organ=organ, successors=successors, status=404
        )
    if request.method != "POST":
        return _ask(request, organ, Draft(organ.pk), _KEYS[0])
    try:
        draft = Draft.open(request.POST.get("state", ""), organ.pk)
    except LostDraft:
        return _ask(request, organ, Draft(organ.pk), _KEYS[0], lost=True)
    return _advance(request, organ, draft, request.POST.get("step", ""), request.POST.get("go", "next"))


def _advance(request: HttpRequest, organ: Organ, draft: Draft, step: str, go: str) -> HttpResponse:
    if go.startswith("edit:") and go[5:] in _KEYS:
        return _ask(request, organ, draft, go[5:])
    if step == CHECK:
        return _send(request, organ, draft)
    if step not in _KEYS:
        return _ask(request, organ, draft, _KEYS[0])
    form = _form(step, draft, request.POST)
    if go == "back":
        draft.answers[step] = _as_typed(form)
        return _ask(request, organ, draft, _KEYS[max(_KEYS.index(step) - 1, 0)])
    if not form.is_valid():
        return _ask(request, organ, draft, step, form=form)
    draft.answers[step] = {name: form.cleaned_data[name] for name in form.fields}
    return _next(request, organ, draft)


def _as_typed(form: forms.Form) -> dict[str, Any]:
    """What somebody wrote before going back, right or wrong; it is judged when they come past again."""
    return {name: form.data.get(name, "")[:3000] for name in form.fields}


def _next(request: HttpRequest, organ: Organ, draft: Draft) -> HttpResponse:
    """The first page that isn't in order yet, else the check page: so an edit leads straight back to it."""
    for key in _KEYS:
        if key not in draft.answers:
            return _ask(request, organ, draft, key)
        form = _form(key, draft, draft.answers[key])
        if not form.is_valid():
            return _ask(request, organ, draft, key, form=form)
    return _check(request, organ, draft)


def _form(step: str, draft: Draft, data: Any = None, suggested: dict[str, Any] | None = None) -> forms.Form:
    """The form of a step as far as it is answered; one not answered yet begins with what an account `suggested`."""
    initial = draft.answers.get(step) or suggested
    if step == "how":
        return HowForm(data, initial=initial, reachable=draft.answers.get("reach", {}))
    return STEPS[_KEYS.index(step)].form(data, initial=initial)


def _ask(
    request: HttpRequest,
    organ: Organ,
    draft: Draft,
    step: str,
    *,
    form: forms.Form | None = None,
    lost: bool = False,
) -> HttpResponse:
    at = _KEYS.index(step)
    return _page(
        request,
        organ,
        "apply_step.html",
        draft,
        at,
        step=STEPS[at],
        form=form or _form(step, draft, suggested=visiting.suggested(request)),
        first=at == 0,
        lost=lost,
    )


def _check(
    request: HttpRequest, organ: Organ, draft: Draft, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    return _page(
        request,
        organ,
        "apply_check.html",
        draft,
        len(STEPS),
        groups=[(step, _answers(step, draft)) for step in STEPS],
        form=form or FilesForm(),
        status=status,
    )


def _answers(step: Step, draft: Draft) -> list[tuple[str, str]]:
    """Labels and answers in words, empty ones left out."""
    form = _form(step.key, draft)
    given = draft.answers[step.key]
    return [
        (str(form.fields[name].label), _in_words(form.fields[name], given[name]))
        for name in form.fields
        if given.get(name)
    ]


def _in_words(field: forms.Field, answer: str) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(answer, answer))


def _send(request: HttpRequest, organ: Organ, draft: Draft) -> HttpResponse:
    papers = FilesForm(request.POST, request.FILES)
    if any(key not in draft.answers for key in _KEYS):
        return _next(request, organ, draft)
    if not papers.is_valid():
        return _check(request, organ, draft, papers)
    try:
        limit_submissions(limits.address(request))
    except Refused as refused:
        return page(request, "too_many.html", section="apply", reason=str(refused), status=429)
    try:
        receipt = sending.send(organ, draft, papers.cleaned_data["identity_files"])
    except ValidationError as error:
        return _again(request, organ, draft, papers, error)
    except Refused as refused:
        papers.add_error(None, str(refused))
        return _check(request, organ, draft, papers)
    visiting.keep(request, receipt.case.submission)
    rule = CHANNELS["internet"]
    return private(
        page(
            request,
            "receipt.html",
            section="apply",
            crumbs=_crumbs(organ),
            organ=organ,
            receipt=receipt,
            arrived_on=receipt.case.arrived_on,
            rule=rule.confirm_rule.text,
            article=rule.article,
        )
    )


def _again(
    request: HttpRequest, organ: Organ, draft: Draft, papers: FilesForm, error: ValidationError
) -> HttpResponse:
    """Show a refused application at the page whose answer was refused."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {}
    for step in STEPS:
        wrong = {name: said for name, said in by_field.items() if name in step.form.base_fields}
        if wrong:
            form = _form(step.key, draft, draft.answers[step.key])
            form.full_clean()
            for name, sentences in wrong.items():
                form.add_error(name, sentences)
            return _ask(request, organ, draft, step.key, form=form)
    for words in error.messages:
        papers.add_error("identity_files" if "files" in by_field else None, words)
    return _check(request, organ, draft, papers)


def _page(
    request: HttpRequest, organ: Organ, template: str, draft: Draft, at: int, **context: Any
) -> HttpResponse:
    steps = [
        (step.title, i == at) for i, step in enumerate((*STEPS, Step(CHECK, _("核对并提交"), FilesForm)))
    ]
    return private(
        page(
            request,
            template,
            section="apply",
            crumbs=_crumbs(organ),
            organ=organ,
            steps=steps,
            number=at + 1,
            sealed=draft.seal(),
            **context,
        )
    )


def _crumbs(organ: Organ) -> list[tuple[str, str]]:
    return [
        (reverse("portal:apply-where"), _("依申请公开")),
        (reverse("portal:organ", args=[organ.code]), organ.name),
        ("", _("政府信息公开申请")),
    ]
