"""Coming in, going out, and the organ one works for."""

from __future__ import annotations

import time

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gongkai.base.network import address
from gongkai.desk.register import known
from gongkai.desk.shell.forms import Code, SignIn
from gongkai.desk.shell.request import FOCUS_KEY, DeskRequest, organs_held
from gongkai.organs import signin
from gongkai.organs.models import Person
from gongkai.organs.refusals import Refused

WAITING = "second_factor"
WAIT_SECONDS = 300


def home(request: DeskRequest) -> HttpResponse:
    """The desk's front door leads to the work list, or to the registers for those who work on no cases."""
    if "today" in known.closed_to(request.viewer):
        return redirect("desk:registers")
    try:
        return redirect("desk:today")
    except NoReverseMatch:
        return redirect("desk:registers")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Account and password; with a second factor, its code on the next page."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_onward(request))
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = signin.authenticate(**form.cleaned_data, address=address(request))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if signin.has_second_factor(person):
                request.session[WAITING] = {
                    "person": person.pk,
                    "since": time.time(),
                    "next": _asked(request),
                }
                return redirect("desk:sign-in-code")
            login(request, person)
            return HttpResponseRedirect(_onward(request))
    context = {"form": form, "next": _asked(request)}
    return render(request, "desk/shell/sign_in.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right a moment ago."""
    waiting = request.session.get(WAITING)
    if not waiting or time.time() - waiting["since"] > WAIT_SECONDS:
        request.session.pop(WAITING, None)
        messages.warning(request, _("等待时间过长，请重新登录。"))
        return redirect("desk:sign-in")
    person = get_object_or_404(Person, pk=waiting["person"], is_active=True)
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signin.check_code(person, form.cleaned_data["code"], address(request))
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            del request.session[WAITING]
            login(request, person)
            return HttpResponseRedirect(waiting["next"] or reverse("desk:home"))
    context = {"form": form, "heading": _("输入动态口令"), "button": _("确认")}
    return render(request, "desk/shell/sign_in.html", context, status=422 if form.errors else 200)


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


def not_found(request: HttpRequest) -> HttpResponse:
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
