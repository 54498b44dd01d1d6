"""The organs and their disclosure pages: the four statutory columns in their fixed order, and the way to apply."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.catalogue import queries as catalogue
from gongkai.documents.kinds import LEGAL_CONTENT
from gongkai.organs.models import Organ
from gongkai.portal import archive, columns, public_documents, public_organs, rules
from gongkai.portal import reports as public_reports
from gongkai.portal.pages import Crumb, page
from gongkai.portal.site import column_meta

PAGE = 20


@require_safe
def organs(request: HttpRequest) -> HttpResponse:
    """Every government at the top with what lies directly below it; a search box for the rest."""
    words = request.GET.get("q", "").strip()[:60]
    trees = [(root, public_organs.below(root)) for root in public_organs.roots()] if not words else []
    name = _("政府信息公开")
    return page(
        request,
        "organs.html",
        section="organs",
        crumbs=[("", name)],
        meta=column_meta(name, _("各行政机关的政府信息公开专栏"), name, name),
        words=words,
        found=public_organs.search(words),
        trees=trees,
    )


@require_safe
def organ(request: HttpRequest, code: str) -> HttpResponse:
    """An organ's disclosure page: columns at the left, the newest released documents at the right."""
    subject = public_organs.get(code)
    words = request.GET.get("q", "").strip()[:60]
    documents = Paginator(public_documents.of(subject, clock.today(), words), PAGE)
    return show_column(
        request,
        subject,
        "organ.html",
        "",
        "",
        words=words,
        documents=documents.get_page(request.GET.get("page")),
        successors=public_organs.successors(subject),
        below=public_organs.below(subject),
        reports=public_reports.years_of(subject)[:3],
    )


@require_safe
def organ_guide(request: HttpRequest, code: str) -> HttpResponse:
    """政府信息公开指南."""
    from gongkai.portal.views.columns import guide_context  # it stands with the older versions

    subject = public_organs.get(code)
    return show_column(
        request, subject, "guide.html", "guide", _("政府信息公开指南"), **guide_context(subject)
    )


@require_safe
def organ_rules(request: HttpRequest, code: str) -> HttpResponse:
    """政府信息公开制度."""
    subject = public_organs.get(code)
    return show_column(
        request,
        subject,
        "rules.html",
        "rules",
        _("政府信息公开制度"),
        rules=rules.applying_on(clock.today()),
        library=rules.library(subject, clock.today()),
    )


@require_safe
def organ_content(request: HttpRequest, code: str) -> HttpResponse:
    """法定主动公开内容."""
    subject = public_organs.get(code)
    words = request.GET.get("q", "").strip()[:60]
    legal = public_documents.of(subject, clock.today(), words).filter(kind__in=LEGAL_CONTENT)
    documents = Paginator(legal, PAGE)
    return show_column(
        request,
        subject,
        "content.html",
        "content",
        _("法定主动公开内容"),
        words=words,
        documents=documents.get_page(request.GET.get("page")),
        lines=columns.item_lines(subject, clock.today()),
    )


@require_safe
def organ_reports(request: HttpRequest, code: str) -> HttpResponse:
    """政府信息公开年报 of the organ, and the way to those of the organs below."""
    subject = public_organs.get(code)
    return show_column(
        request,
        subject,
        "organ_reports.html",
        "reports",
        _("政府信息公开年报"),
        entries=archive.of_organ(subject),
        below=public_organs.below(subject),
    )


def show_column(
    request: HttpRequest,
    subject: Organ,
    template: str,
    column: str,
    title: str,
    *,
    crumbs: list[Crumb] | None = None,
    meta: list[tuple[str, str]] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of an organ with its columns at the left; `column` marks the present one. `crumbs` leads on from the organ."""
    name = title or _("政府信息公开")
    plain = column_meta(name, f"{subject.name}{name}", f"{subject.name},{name}", _("政府信息公开"))
    return page(
        request,
        template,
        section="organs",
        crumbs=_crumbs(subject, crumbs if crumbs is not None else [("", title)] if title else []),
        meta=meta or plain,
        status=status,
        organ=subject,
        open_for_applications=public_organs.takes_applications(subject),
        column=column,
        title=title,
        own_columns=catalogue.tree(subject),
        **context,
    )


def _crumbs(subject: Organ, onward: list[Crumb]) -> list[Crumb]:
    crumbs = [(reverse("portal:organs"), _("政府信息公开"))]
    above = public_organs.ancestors(subject)
    crumbs += [(reverse("portal:organ", args=[organ.code]), organ.name) for organ in above]
    own = (reverse("portal:organ", args=[subject.code]) if onward else "", subject.name)
    return [*crumbs, own, *onward]
