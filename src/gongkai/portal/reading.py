"""How the reader wants the pages: 长者版, high contrast and larger text, kept in one cookie, so that they work without script."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

COOKIE = "reading"
MODES = ("elder", "contrast", "large")
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Reading:
    """The modes switched on."""

    modes: tuple[str, ...] = ()

    @property
    def classes(self) -> str:
        return " ".join(self.modes)

    @property
    def elder(self) -> bool:
        return "elder" in self.modes

    @property
    def large(self) -> bool:
        return "large" in self.modes

    @property
    def contrast(self) -> bool:
        return "contrast" in self.modes


def of(request: HttpRequest) -> Reading:
    """What the cookie says; anything unknown in it is ignored."""
    asked = request.COOKIES.get(COOKIE, "").split(".")
    return Reading(tuple(mode for mode in MODES if mode in asked))


def switch(request: HttpRequest, mode: str, to: str) -> HttpResponse:
    """Switch a mode on or off and go back to the page the reader came from. Changes nothing but the cookie."""
    if mode not in MODES or to not in ("on", "off"):
        raise Http404
    kept = [m for m in of(request).modes if m != mode]
    modes = [m for m in MODES if m in kept or (m == mode and to == "on")]
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        COOKIE, ".".join(modes), max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


def _back(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse("portal:home")
