"""Opening doors by the thousand: addresses resolved and views called as the desk does, without sessions and templates.

What the pages look like, and that strangers are turned away, is tested through the whole stack elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve, reverse

from gongkai.desk.register import doing, importing, pages
from gongkai.desk.shell.request import equip
from gongkai.organs.models import Person
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import Viewer

FACTORY = RequestFactory()


@pytest.fixture
def bare_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views answer with their context instead of a page."""
    for module in (pages, doing, importing):
        monkeypatch.setattr(module, "render", _bare)


def _bare(request: HttpRequest, template: str, context: Any = None, status: int = 200) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer.context = context or {}  # type: ignore[attr-defined]
    return answer


@dataclass(frozen=True)
class Visitor:
    """A person and what they may see."""

    code: str
    person: Person
    who: Viewer

    def __str__(self) -> str:
        return self.person.username

    def get(self, name: str, *args: Any, **data: Any) -> Any:
        return self._open("get", name, args, data)

    def post(self, name: str, *args: Any, **data: Any) -> Any:
        return self._open("post", name, args, data)

    def _open(self, method: str, name: str, args: tuple[Any, ...], data: dict[str, Any]) -> HttpResponseBase:
        url = reverse(f"desk:{name}", args=args)
        request = getattr(FACTORY, method)(url, data)
        request.user, request.session, request._desk_viewer = self.person, {}, self.who
        request._messages = default_storage(request)
        equip(request)
        match = resolve(url)
        try:
            answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except Http404:
            return HttpResponse(status=404)
        except (PermissionDenied, Refused):
            return HttpResponse(status=403)
        return answer
