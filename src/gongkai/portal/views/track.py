"""Following a case with query number and secret: what happened, where the clock stands, what the applicant can do.

The session holds the key of the opened submission and nothing else; it ends with half an hour of rest or on leaving.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base import files
from gongkai.organs.actors import APPLICANT
from gongkai.organs.refusals import Refused
from gongkai.portal import limits, tracking
from gongkai.portal.forms import AttachForm, LostForm, Plain, ReplyForm, TrackForm, WithdrawForm
from gongkai.portal.pages import page, private
from gongkai.portal.sending import uploads
from gongkai.portal.site import column_meta
from gongkai.portal.visiting import OPENED
from gongkai.requests import actions
from gongkai.requests import tracking as tracked_cases
from gongkai.requests.models import Case, CaseFile, Submission
from gongkai.requests.tracking import Tracked

MINUTES = 30
_READ_WRITE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_READ_WRITE)
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret, or show the opened submission."""
    if request.method == "POST":
        return _open(request)
    tracked = _opened(request)
    return _show(request, tracked) if tracked else _ask(request, TrackForm())


def _open(request: HttpRequest) -> HttpResponse:
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    given = form.cleaned_data
    try:
        found = tracked_cases.open_with(given["reference"], given["secret"], address=limits.address(request))
    except Refused as refused:
        return page(request, "too_many.html", section="track", reason=str(refused), status=429)
    except ValidationError as error:
        form.take(error)
        return _ask(request, form)
    admit(request, found)
    return HttpResponseRedirect(reverse("portal:track"))


def admit(request: HttpRequest, submission: Submission) -> None:
    """Open a submission in this browser, once it is shown to be the reader's own: by its secret, or by their account."""
    request.session.cycle_key()
    # The kept digest stands beside the key: a new secret closes what was opened with the old one.
    request.session[OPENED] = [submission.pk, submission.secret_hash]
    request.session.set_expiry(MINUTES * 60)


def _ask(request: HttpRequest, form: forms.Form) -> HttpResponse:
    name = _("查进度")
    return private(
        page(
            request,
            "track.html",
            section="track",
            crumbs=[("", name)],
            meta=column_meta(name, _("查询政府信息公开申请的办理进度"), name, name),
            form=form,
        )
    )


def _show(request: HttpRequest, tracked: Tracked) -> HttpResponse:
    response = page(
        request,
        "tracked.html",
        section="track",
        crumbs=[("", _("查进度"))],
        tracked=tracked,
        organ=tracked.submission.organ,
        cases=[(shown, tracking.state_of(shown), tracking.choices(shown)) for shown in tracked.cases],
    )
    tracked_cases.mark_read(tracked)
    return private(response)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the opened submission on this computer."""
    request.session.flush()
    messages.success(request, _("已退出查询，这台设备上不再显示您的申请。"))
    return HttpResponseRedirect(reverse("portal:track"))


@never_cache
@require_http_methods(_READ_WRITE)
def lost(request: HttpRequest) -> HttpResponse:
    """A new secret for whoever can prove the application is theirs."""
    form = LostForm(request.POST if request.method == "POST" else None)
    secret = ""
    if form.is_valid():
        try:
            secret = tracked_cases.reset_secret(
                form.cleaned_data["reference"],
                name=form.cleaned_data["applicant_name"],
                id_number=form.cleaned_data["id_number"],
                phone=form.cleaned_data["phone"],
                address=limits.address(request),
            )
        except (Refused, ValidationError) as refused:
            form.take(refused)
    crumbs = [(reverse("portal:track"), _("查进度")), ("", _("忘记查询密码"))]
    return private(page(request, "track_lost.html", section="track", crumbs=crumbs, form=form, secret=secret))


@never_cache
@require_http_methods(_READ_WRITE)
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing the applicant can do with an item: answer a notice, explain, add papers, withdraw."""
    tracked = _opened(request)
    if tracked is None:
        return HttpResponseRedirect(reverse("portal:track"))
    shown = next((one for one in tracked.cases if one.case.pk == pk), None)
    if shown is None or verb not in tracking.VERBS:
        raise Http404
    form = _FORMS[verb](request.POST, request.FILES) if request.method == "POST" else _FORMS[verb]()
    if form.is_valid():
        try:
            _DO[verb](shown.case, form.cleaned_data)
        except (Refused, ValidationError) as refused:
            form.take(refused)
        else:
            messages.success(request, _("“%(what)s”已收到。") % {"what": tracking.VERBS[verb][1]})
            return HttpResponseRedirect(reverse("portal:track"))
    return private(
        page(
            request,
            "track_act.html",
            section="track",
            crumbs=[(reverse("portal:track"), _("查进度")), ("", str(tracking.VERBS[verb][1]))],
            shown=shown,
            verb=verb,
            title=tracking.VERBS[verb][1],
            refusal=tracking.refusal(shown, verb),
            form=form,
        )
    )


@never_cache
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of the opened submission: an annex of the answer, a letter, or what the applicant sent."""
    tracked = _opened(request)
    stored = tracked_cases.file_for(tracked, pk) if tracked else None
    if stored is None:
        raise Http404
    response = HttpResponse(files.read(stored), content_type=stored.media_type)
    # The name it was uploaded under may name somebody; the download carries a number.
    response["Content-Disposition"] = f'attachment; filename="file-{pk}{files.extension(stored)}"'
    return private(response)


def _opened(request: HttpRequest) -> Tracked | None:
    key, digest = request.session.get(OPENED, (None, ""))
    found = Submission.objects.select_related("organ").filter(pk=key, secret_hash=digest).first()
    return tracked_cases.opened(found) if found else None


def _correct(case: Case, data: dict[str, Any]) -> None:
    actions.receive_correction(case, by=APPLICANT, text=data["text"], files=_papers(data))


def _explain(case: Case, data: dict[str, Any]) -> None:
    actions.receive_explanation(case, by=APPLICANT, text=data["text"], files=_papers(data))


def _attach(case: Case, data: dict[str, Any]) -> None:
    actions.attach(case, by=APPLICANT, files=_papers(data))


def _withdraw(case: Case, data: dict[str, Any]) -> None:
    actions.withdraw(case, by=APPLICANT, reason=data["text"])


def _papers(data: dict[str, Any]) -> list[Any]:
    return uploads(data["papers"], CaseFile.Purpose.APPLICANT)


_FORMS: dict[str, type[Plain]] = {
    "correct": ReplyForm,
    "explain": ReplyForm,
    "attach": AttachForm,
    "withdraw": WithdrawForm,
}
_DO: dict[str, Callable[[Case, dict[str, Any]], None]] = {
    "correct": _correct,
    "explain": _explain,
    "attach": _attach,
    "withdraw": _withdraw,
}
