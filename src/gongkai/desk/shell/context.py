"""What every desk page shows around its own content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from gongkai.desk.searching import hint
from gongkai.desk.shell.middleware import on_desk
from gongkai.desk.shell.request import focused_organ_id, organs_held, viewer_of


def desk(request: HttpRequest) -> dict[str, Any]:
    """Template context of the desk's head bar; nothing on other pages."""
    if not on_desk(request) or not request.user.is_authenticated:
        return {}
    held, chosen = organs_held(request), focused_organ_id(request)
    return {
        "desk_organs": held,
        "desk_focus": chosen,
        "desk_organ": next((organ for organ in held if organ.pk == chosen), None),
        "desk_search_url": _url("desk:search"),
        "desk_search_hint": hint(viewer_of(request)),
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
