"""A request as desk views receive it: signed in, with what the person may see and the organ they work for just now."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gongkai.base import clock
from gongkai.organs import scope
from gongkai.organs.models import Organ, Person
from gongkai.organs.scope import Viewer

FOCUS_KEY = "desk_organ"


class DeskRequest(HttpRequest):
    """`viewer` is what the person may see and do at all: it opens pages and permits actions. `focus` is the same
    narrowed to the organ chosen in the head bar: it fills lists, counts and exports."""

    viewer: Viewer
    focus: Viewer
    user: Person


def equip(request: HttpRequest) -> None:
    """Hang `viewer` and `focus` on the request. Neither costs a query before it is looked at."""
    request.viewer = SimpleLazyObject(partial(viewer_of, request))  # type: ignore[attr-defined]
    request.focus = SimpleLazyObject(partial(focus_of, request))  # type: ignore[attr-defined]


def viewer_of(request: HttpRequest) -> Viewer:
    """What the signed-in person may see today, computed once per request; a stranger sees nothing."""
    known: Viewer | None = getattr(request, "_desk_viewer", None)
    if known is None:
        person = request.user
        known = scope.viewer(person, clock.today()) if isinstance(person, Person) else scope.NOBODY
        request._desk_viewer = known  # type: ignore[attr-defined]
    return known


def focus_of(request: HttpRequest) -> Viewer:
    """The viewer with only the posts at the chosen organ; the whole viewer while none is chosen."""
    who, organ_id = viewer_of(request), focused_organ_id(request)
    if organ_id is None:
        return who
    return replace(who, grants=tuple(grant for grant in who.grants if grant.organ_id == organ_id), _cache={})


def focused_organ_id(request: HttpRequest) -> int | None:
    """The organ remembered in the session, as long as the person still holds a post there."""
    chosen = request.session.get(FOCUS_KEY)
    return chosen if chosen in {grant.organ_id for grant in viewer_of(request).grants} else None


def organs_held(request: HttpRequest) -> list[Organ]:
    """The organs the person holds posts at, own or lent; one query per request."""
    held: list[Organ] | None = getattr(request, "_desk_organs", None)
    if held is None:
        ids = {grant.organ_id for grant in viewer_of(request).grants}
        held = list(Organ.objects.filter(pk__in=ids).order_by("path")) if ids else []
        request._desk_organs = held  # type: ignore[attr-defined]
    return held
