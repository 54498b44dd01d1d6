"""我的: one sign-in for every interactive page. All of it is a convenience; none is required to apply or to follow a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.accounts import actions, oidc, queries
from gongkai.accounts.models import Account
from gongkai.organs.refusals import Refused
from gongkai.portal import limits, visiting
from gongkai.portal.account_forms import DeleteForm, PasswordForm, ProfileForm, RegisterForm, SignInForm
from gongkai.portal.forms import TrackForm
from gongkai.portal.pages import page, private
from gongkai.portal.site import column_meta
from gongkai.portal.views import track
from gongkai.requests.tracking import state_word

_READ_WRITE = ["GET", "HEAD", "POST"]
_JOURNEY = "visitor_journey"
_View = Callable[..., HttpResponse]


def _signed_in(view: _View) -> _View:
    """Only for a visitor who is signed in; others are asked to, and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = visiting.visitor(request)
        if account is None:
            return HttpResponseRedirect(
                f"{reverse('portal:account-sign-in')}?{urlencode({'next': request.path})}"
            )
        return view(request, account, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@_signed_in
def account(request: HttpRequest, mine: Account) -> HttpResponse:
    """我的申请, and what else belongs to the account."""
    return _mine(request, mine, TrackForm())


def _mine(request: HttpRequest, mine: Account, form: TrackForm) -> HttpResponse:
    rows = [(one, [_state(case) for case in one.cases.all()]) for one in queries.submissions(mine)]
    return _page(request, "account.html", _("我的"), mine=mine, rows=rows, form=form)


def _state(case: Any) -> tuple[str, str]:
    return case.number or _("尚未编号"), state_word(case.state)


@never_cache
@require_http_methods(_READ_WRITE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Login name and password, or the way to the 统一身份认证."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    onward = visiting.onward(request, reverse("portal:account"))
    status = 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            found = actions.sign_in(
                login=given["login"], password=given["password"], address=limits.address(request)
            )
        except Refused as refused:
            form.take(refused)
            status = 403
        else:
            return visiting.sign_in(request, HttpResponseRedirect(onward), found)
    return _page(
        request,
        "account_sign_in.html",
        _("登录"),
        form=form,
        onward=onward,
        provider=oidc.configured(),
        status=status,
    )


@never_cache
@require_http_methods(_READ_WRITE)
def register(request: HttpRequest) -> HttpResponse:
    """A new account: a name and a password, nothing else."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    onward = visiting.onward(request, reverse("portal:account"))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.register(
                login=given["login"], password=given["password"], address=limits.address(request)
            )
        except (Refused, ValidationError) as refused:
            form.take(refused)
        else:
            messages.success(request, _("账号已开立。"))
            return visiting.sign_in(request, HttpResponseRedirect(onward), made)
    return _page(request, "account_register.html", _("开立账号"), form=form, onward=onward)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    messages.success(request, _("已退出登录。"))
    return visiting.sign_out(request, HttpResponseRedirect(reverse("portal:home")))


@never_cache
@require_http_methods(_READ_WRITE)
@_signed_in
def profile(request: HttpRequest, mine: Account) -> HttpResponse:
    """What the application form is filled with beforehand."""
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=mine.details)
    if form.is_valid():
        actions.set_profile(mine, form.cleaned_data)
        messages.success(request, _("资料已保存，下次申请时自动填入。"))
        return HttpResponseRedirect(reverse("portal:account"))
    return _form_page(
        request, form, _("我的资料"), _("保存"), _("各项都可以不填；加密保存，只用来预填申请表。")
    )


@never_cache
@require_http_methods(_READ_WRITE)
@_signed_in
def password(request: HttpRequest, mine: Account) -> HttpResponse:
    """Another password; every browser is signed out, and this one in again."""
    if not mine.password:
        raise Http404  # kept by the provider
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.set_password(mine, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
            return visiting.sign_in(request, HttpResponseRedirect(reverse("portal:account")), mine)
    return _form_page(request, form, _("修改密码"), _("修改"))


@never_cache
@require_http_methods(_READ_WRITE)
@_signed_in
def delete(request: HttpRequest, mine: Account) -> HttpResponse:
    """Give the account up."""
    form = DeleteForm(request.POST if request.method == "POST" else None, with_password=bool(mine.password))
    if form.is_valid():
        try:
            actions.delete(mine, password=form.cleaned_data.get("password", ""))
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("账号和保存的资料已删除；申请仍由受理机关办理，可凭查询号查询。"))
            return visiting.sign_out(request, HttpResponseRedirect(reverse("portal:home")))
    explain = _("删除后不能恢复。已提交的申请不受影响，请保存好查询号和查询密码。")
    return _form_page(request, form, _("删除账号"), _("删除账号"), explain)


@never_cache
@require_POST
@_signed_in
def take_in(request: HttpRequest, mine: Account) -> HttpResponse:
    """An application sent without an account comes into it, with its query number and secret."""
    form = TrackForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.take_in(
                mine, reference=given["reference"], secret=given["secret"], address=limits.address(request)
            )
        except (Refused, ValidationError) as refused:
            form.take(refused)
        else:
            messages.success(request, _("申请已加入您的账号。"))
            return HttpResponseRedirect(reverse("portal:account"))
    return _mine(request, mine, form)


@never_cache
@require_POST
@_signed_in
def open_application(request: HttpRequest, mine: Account, pk: int) -> HttpResponse:
    """Follow one of one's own applications without its query number."""
    found = queries.submissions(mine).filter(pk=pk).first()
    if found is None:
        raise Http404
    track.admit(request, found)
    return HttpResponseRedirect(reverse("portal:track"))


# --- 统一身份认证 ----------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """To the provider, with what must come back sealed in a cookie."""
    if not oidc.configured():
        raise Http404
    back = request.build_absolute_uri(reverse("portal:account-provider-back"))
    try:
        departure = oidc.depart(back, visiting.onward(request, reverse("portal:account")))
    except Refused as refused:
        return _not_signed_in(request, refused)
    response = HttpResponseRedirect(departure.url)
    response.set_cookie(
        _JOURNEY,
        departure.sealed,
        max_age=oidc.MINUTES * 60,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@require_safe
def back_from_provider(request: HttpRequest) -> HttpResponse:
    """From the provider."""
    if not oidc.configured():
        raise Http404
    try:
        identity = oidc.arrive(request.COOKIES.get(_JOURNEY, ""), request.GET.dict())
    except Refused as refused:
        response = _not_signed_in(request, refused)
    else:
        found = actions.sign_in_from_provider(
            issuer=identity.issuer, subject=identity.subject, details=identity.details
        )
        response = visiting.sign_in(request, HttpResponseRedirect(identity.onward), found)
    response.delete_cookie(_JOURNEY, samesite="Lax")
    return response


def _not_signed_in(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("portal:account-sign-in"))


# --- common ----------------------------------------------------------------------------------------------------------


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, button: str, explain: str = ""
) -> HttpResponse:
    return _page(request, "account_form.html", title, form=form, button=button, explain=explain)


def _page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    crumbs = (
        [("", title)] if template == "account.html" else [(reverse("portal:account"), _("我的")), ("", title)]
    )
    return private(
        page(
            request,
            template,
            section="",
            crumbs=crumbs,
            meta=column_meta(title, _("一次登录，办理申请、查询和互动"), title, _("互动交流")),
            title=title,
            status=status,
            **context,
        )
    )
