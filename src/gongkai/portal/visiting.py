"""Who of the public is signed in: the one question every interactive page asks, and the cookie behind it.

The cookie is a visitor's own, apart from the session of staff: signing in or out here never touches the desk.
"""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.accounts import actions
from gongkai.accounts.models import Account
from gongkai.requests.models import Submission

COOKIE = "visitor"
OPENED = "tracked"  # where the session keeps the application opened in this browser


def visitor(request: HttpRequest) -> Account | None:
    """The account signed in with this browser, or None. No query without the cookie, one with it."""
    kept = vars(request)
    if "_visitor" not in kept:
        token = request.COOKIES.get(COOKIE, "")
        kept["_visitor"] = actions.of_token(token) if 20 <= len(token) <= 100 else None
    return cast("Account | None", kept["_visitor"])


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
    """Sign this browser out, and close the application opened in it: the next one here reads nothing of it."""
    request.session.pop(OPENED, None)
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
