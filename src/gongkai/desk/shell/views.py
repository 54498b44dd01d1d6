"""Coming in, going out, and the organ one works for."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gongkai.desk.shell.forms import SignIn
from gongkai.desk.shell.request import FOCUS_KEY, organs_held


def home(request: HttpRequest) -> HttpResponse:
    """The desk's front door leads to the work list, or to the registers where there is none."""
    try:
        return redirect("desk:today")
    except NoReverseMatch:
        return redirect("desk:registers")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Account and password. Which of the two was wrong is not said."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_onward(request))
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            login(request, person)
            return HttpResponseRedirect(_onward(request))
        form.add_error(None, _("账号或密码不对，请核对后重试。忘记密码的，请联系本机关的运维岗重置。"))
    status = 200 if request.method != "POST" else 422
    return render(request, "desk/shell/sign_in.html", {"form": form, "next": _asked(request)}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("您已退出。"))
    return redirect("desk:sign-in")


@require_POST
def choose_organ(request: HttpRequest) -> HttpResponse:
    """Work for one of the organs one holds a post at; an empty choice is all of them."""
    chosen = request.POST.get("organ", "")
    if chosen and chosen not in {str(organ.pk) for organ in organs_held(request)}:
        raise Http404
    request.session[FOCUS_KEY] = int(chosen) if chosen else None
    return HttpResponseRedirect(_onward(request))


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Addresses under the desk that lead nowhere."""
    raise Http404


def _asked(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is on this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else ""


def _onward(request: HttpRequest) -> str:
    return _asked(request) or reverse("desk:home")
