"""Who of the public is signed in: the one question every interactive page asks, and the cookie behind it.

The cookie is a visitor's own, apart from the session of staff: signing in or out here never touches the desk.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.accounts import actions
from gongkai.accounts.models import Account
from gongkai.requests.models import Submission

COOKIE = "visitor"
_UNASKED = object()


def visitor(request: HttpRequest) -> Account | None:
    """The account signed in with this browser, or None. No query without the cookie, one with it."""
    found = getattr(request, "_visitor", _UNASKED)
    if found is _UNASKED:
        token = request.COOKIES.get(COOKIE, "")
        found = actions.of_token(token) if 20 <= len(token) <= 100 else None
        request._visitor = found  # type: ignore[attr-defined]
    return found  # type: ignore[return-value]


def sign_in(request: HttpRequest, response: HttpResponse, account: Account) -> HttpResponse:
    """Sign this browser in with a token of its own; whoever was signed in before is signed out."""
    sign_out(request, response)
    response.set_cookie(
        COOKIE,
        actions.open_session(account),
        max_age=int(actions.STAYS.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def sign_out(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sign this browser out."""
    if token := request.COOKIES.get(COOKIE, ""):
        actions.close_session(token)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def suggested(request: HttpRequest) -> dict[str, Any]:
    """What the application form may begin with: the account's own details."""
    account = visitor(request)
    return dict(account.details) if account else {}


def keep(request: HttpRequest, submission: Submission) -> None:
    """Put an application just sent into the account, if somebody is signed in."""
    if account := visitor(request):
        actions.keep(account, submission)


def onward(request: HttpRequest, fallback: str) -> str:
    """Where to go after signing in: the page of this site the address names, never another site."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return fallback
