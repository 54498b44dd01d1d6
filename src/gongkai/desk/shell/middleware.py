"""The one place that closes the desk to strangers and turns refusals into pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.desk.shell import account, views
from gongkai.desk.shell.request import equip
from gongkai.organs.refusals import Refused


class DeskMiddleware(LoginRequiredMiddleware):
    """Every address under the desk asks for a signed-in person, unless its view says ``login_not_required``."""

    def process_request(self, request: HttpRequest) -> None:
        equip(request)

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        if not on_desk(request):
            return None
        closed = super().process_view(request, view_func, view_args, view_kwargs)
        return closed or _first_own_password(request, view_func)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is out of scope does not exist; what is refused says why. Other errors are not ours to explain."""
        if not on_desk(request):
            return None
        if isinstance(exception, Http404):
            return not_found(request)
        if isinstance(exception, PermissionDenied | Refused):
            return refused(request, str(exception))
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Staff pages hold case work: no shared machine keeps a copy."""
        if on_desk(request):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _first_own_password(request: HttpRequest, view_func: Any) -> HttpResponse | None:
    """A password that somebody else set opens nothing but the page to change it."""
    person = request.user
    if not person.is_authenticated or not person.must_change_password:
        return None
    if view_func in (account.password, views.sign_out):
        return None
    return redirect("desk:password")


def on_desk(request: HttpRequest) -> bool:
    """Whether the address lies under the desk."""
    return request.path_info.startswith(reverse("desk:home"))


def not_found(request: HttpRequest) -> HttpResponse:
    """The page for what is not there, or not for this person: the two look alike on purpose."""
    return render(request, "desk/shell/not_found.html", status=404)


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """The page for what this person may not do, with the reason in words."""
    words = reason or _("您现在的岗位不能办理此事。")
    return render(request, "desk/shell/refused.html", {"reason": words}, status=403)
