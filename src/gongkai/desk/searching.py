"""Finding a record at the desk: cases by their numbers or applicant, and everything else in the registers a person sees."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gongkai.base import clock, crypto
from gongkai.desk.cases import lists
from gongkai.desk.register import known
from gongkai.desk.register.tables import record_url
from gongkai.desk.shell.request import DeskRequest, viewer_of
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs import scope
from gongkai.organs.scope import IDENTITY, VIEW, Viewer
from gongkai.requests import queries as requests
from gongkai.requests.models import Case
from gongkai.search import engine, labels, queries
from gongkai.search.queries import Answer, Found
from gongkai.search.snippets import Piece

_LONGEST = 200
_PAGE = 20
_CATEGORIES: dict[str, Any] = {
    "cases": gettext_lazy("依申请"),
    "documents": gettext_lazy("文件"),
    "interpretations": gettext_lazy("解读"),
    "information": gettext_lazy("通知公告和其他信息"),
    "news": gettext_lazy("政务动态"),
    "remedies": gettext_lazy("复议诉讼"),
    "acts": gettext_lazy("台账"),
    "reports": gettext_lazy("年报"),
    "organs": gettext_lazy("机关"),
}


@dataclass(frozen=True)
class Tab:
    """A category with the number of its results, and its address."""

    href: str
    label: str
    count: int
    here: bool


@dataclass(frozen=True)
class Line:
    """One result of the index."""

    href: str
    title: Sequence[Piece]
    category: str
    facts: Sequence[str]
    number: Sequence[Piece]
    text: Sequence[Piece]


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: DeskRequest) -> HttpResponse:
    """What was typed may name somebody: it travels sealed. One case that answers to it is opened at once."""
    who = viewer_of(request)
    if request.method == "POST":
        typed = request.POST.get("q", "").strip()[:_LONGEST]
        found = _cases(who, typed, most=2)
        if len(found) == 1:
            return redirect("desk:case", found[0].pk)
        return HttpResponseRedirect(f"{reverse('desk:search')}?s={_sealed(request, typed)}")
    token = request.GET.get("s", "")
    typed = _opened(request, token)
    kind = request.GET.get("kind", "")
    kind = kind if kind in _CATEGORIES else ""
    cases = _cases(who, typed) if typed and kind in ("", "cases") else []
    newest = request.GET.get("sort") == engine.NEWEST
    answer, page = _indexed(who, typed, kind, request.GET.get("page", ""), newest)
    context = {
        "section": "search",
        "typed": typed,
        "hint": hint(who),
        "rows": lists.rows_of(cases, who, clock.today()),
        "ready": answer is not None,
        "tabs": _tabs(answer, token, kind) if answer else [],
        "lines": [_line(found) for found in answer.found if found.row not in cases] if answer else [],
        "page": page,
        "newest": newest,
    }
    return render(request, "desk/search/search.html", context)


def hint(who: Viewer) -> str:
    """What this person can search by: nobody is promised what their posts don't reach."""
    if _reaches(who, "cases", IDENTITY):
        return _("编号、申请人、证件号、电话，文件、文号")
    if _reaches(who, "cases", VIEW):
        return _("编号、文件、文号、机关")
    return _("机关名称")


def _reaches(who: Viewer, register: str, verb: str) -> bool:
    return who.everything or any(scope.reached(who, register, verb))


def _cases(who: Viewer, typed: str, most: int = 50) -> list[Case]:
    """Cases whose number or applicant it is, exactly; asked of the database, which alone knows applicants."""
    return requests.find(who, typed, most=most) if "requests" not in known.closed_to(who) else []


def _indexed(
    who: Viewer, typed: str, kind: str, asked_page: str, newest: bool
) -> tuple[Answer | None, Page[Any] | None]:
    """A page of what the index finds; no answer while there is no index, an empty one while nothing was typed."""
    if not typed:
        return Answer(0, {}, []), None
    number = int(asked_page) if asked_page.isascii() and asked_page.isdigit() else 1
    number = min(max(number, 1), engine.DEEPEST // _PAGE)
    asked = engine.Query(
        labels=labels.ANYBODY,  # replaced by the viewer's own
        text=typed,
        category=kind,
        sort=engine.NEWEST if newest else engine.RELEVANCE,
        offset=(number - 1) * _PAGE,
        limit=_PAGE,
    )
    try:
        answer = queries.at_desk(who, asked)
    except engine.Unavailable:
        return None, None
    return answer, Paginator(range(min(answer.total, engine.DEEPEST)), _PAGE).get_page(number)


def _tabs(answer: Answer, token: str, kind: str) -> list[Tab]:
    """The categories that hold something, after the whole."""
    address = f"{reverse('desk:search')}?s={token}"
    whole = Tab(address, _("全部"), sum(answer.counts.values()), kind == "")
    parts = [
        Tab(f"{address}&kind={key}", str(label), answer.counts.get(key, 0), kind == key)
        for key, label in _CATEGORIES.items()
        if answer.counts.get(key) or key == kind
    ]
    return [whole, *parts] if parts else []


def _line(found: Found) -> Line:
    row = found.row
    organ = getattr(row, "organ", None)
    facts = [str(organ)] if organ is not None else [row.get_kind_display()]
    facts += _FACTS.get(found.kind, lambda row: [])(row)
    if found.hit.part:
        facts.append(_("未公开的新稿"))
    number = found.number if found.hit.numbers != (found.hit.title,) else ()
    return Line(_address(found), found.title, str(_CATEGORIES[found.hit.category]), facts, number, found.text)


def _address(found: Found) -> str:
    if found.kind == "cases":
        return reverse("desk:case", args=[found.row.pk])
    if found.kind == "reports":
        return reverse("desk:report", args=[found.row.pk])
    return record_url(found.kind, found.row.pk)


def _case(row: Case) -> list[str]:
    return [OUTCOMES[row.outcome].label] if row.outcome in OUTCOMES else []


_FACTS: dict[str, Callable[[Any], list[str]]] = {
    "cases": _case,
    "documents": lambda row: [row.get_kind_display(), row.made_on.isoformat()],
    "proceedings": lambda row: [row.get_group_display(), row.forum],
    "power-items": lambda row: [_("权力事项"), row.get_row_display()],
    "decisions": lambda row: [_("处理决定"), row.get_row_display(), row.decided_on.isoformat()],
    "procurement": lambda row: [_("采购项目"), row.concluded_on.isoformat()],
    "reports": lambda row: [row.get_scope_display()],
}


def _sealed(request: DeskRequest, typed: str) -> str:
    return crypto.seal(json.dumps([request.user.pk, typed]).encode()).decode()


def _opened(request: DeskRequest, token: str) -> str:
    """What this person typed; nothing for a token that is another's or none."""
    try:
        person, typed = json.loads(crypto.unseal(token.encode()))
    except (crypto.Unreadable, ValueError):
        return ""
    return str(typed) if person == request.user.pk else ""
