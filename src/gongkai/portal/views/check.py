"""核对年报: anybody's published report read, checked and shown. Nothing of it is kept: no row, no file, no session, no log."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.annualreport.checked import confine
from gongkai.annualreport.checked.shown import show
from gongkai.portal import limits
from gongkai.portal.checks.form import CheckForm
from gongkai.portal.checks.upload import InMemory
from gongkai.portal.pages import page, private
from gongkai.portal.site import column_meta
from gongkai.requests.limits import used

_SALT = "portal.check"
_MEGABYTE = 1024 * 1024


@csrf_exempt  # by the middleware alone, which would read the upload before it is told where to put it; see _checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and the result of a report sent with it."""
    if request.method != "POST":
        return _ask(request, CheckForm())
    most = settings.CHECK_MAX_MB * _MEGABYTE
    uploads = InMemory(most)
    request.upload_handlers = [uploads]
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        request.POST  # noqa: B018 — read here, so that too much of it gets a sentence
    except RequestDataTooBig:
        return _ask(request, CheckForm({}, refusal=_("发来的内容太多，没有读取。")), 413)
    return _checked(request, uploads)


@csrf_protect
def _checked(request: HttpRequest, uploads: InMemory) -> HttpResponse:
    form = CheckForm(request.POST, request.FILES, too_large=uploads.too_large)
    if not form.is_valid():
        return _ask(request, form)
    if settings.CHECKS_PER_HOUR and not used("check", limits.address(request), settings.CHECKS_PER_HOUR):
        reason = _("同一网络地址一小时内最多核对%(count)s份，请稍后再来。") % {
            "count": settings.CHECKS_PER_HOUR
        }
        return _refuse(request, form, reason, 429)
    content, name = form.given()
    try:
        answer = confine.check(content, name, form.last_year())
    except confine.Busy as busy:
        return _refuse(request, form, str(busy), 503)
    except confine.NotChecked as problem:
        form.add_error(_field(form, problem.of), str(problem))
        return _ask(request, form)
    return _show(request, answer)


def _field(form: CheckForm, of: str) -> str:
    """The field a sentence belongs to."""
    return "text" if of == confine.REPORT and not form.cleaned_data["report"] else of


def _refuse(request: HttpRequest, form: CheckForm, reason: str, status: int) -> HttpResponse:
    form.add_error(None, reason)
    return _ask(request, form, status)


def _ask(request: HttpRequest, form: CheckForm, status: int = 200) -> HttpResponse:
    name = _("核对年报")
    response = page(
        request,
        "check.html",
        section="reports",
        crumbs=[(reverse("portal:reports"), _("年报")), ("", name)],
        meta=column_meta(name, _("核对任何一份政府信息公开工作年度报告"), name, name),
        form=form,
        status=status,
    )
    return private(response) if form.is_bound else response


def _show(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    return private(
        page(
            request,
            "check_result.html",
            section="reports",
            crumbs=[
                (reverse("portal:reports"), _("年报")),
                (reverse("portal:check"), _("核对年报")),
                ("", _("核对结果")),
            ],
            answer=answer,
            shown=show(answer),
            sealed=signing.dumps(answer, salt=_SALT, compress=True),
        )
    )


@never_cache
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The result of the page before as JSON. The page carries it, signed: the server keeps none and hands out no other's."""
    try:
        answer = signing.loads(request.POST.get("result", ""), salt=_SALT)
    except signing.BadSignature:
        raise SuspiciousOperation("a result that was not made here") from None
    response = HttpResponse(json.dumps(answer, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="check-{answer["report_year"] or "report"}.json"'
    return private(response)
