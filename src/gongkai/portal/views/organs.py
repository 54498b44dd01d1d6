"""The organs and their disclosure pages: the four statutory columns in their fixed order, and the way to apply."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.documents.kinds import LEGAL_CONTENT
from gongkai.portal import archive, columns, guide, public_documents, public_organs, rules
from gongkai.portal import reports as public_reports
from gongkai.portal.leafing import leafed
from gongkai.portal.organ_pages import show_column
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta


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
    return show_column(
        request,
        subject,
        "organ.html",
        "",
        "",
        words=words,
        shown=leafed(public_documents.of(subject, clock.today(), words), request.GET),
        successors=public_organs.successors(subject),
        below=public_organs.below(subject),
        reports=public_reports.years_of(subject)[:3],
    )


@require_safe
def organ_guide(request: HttpRequest, code: str) -> HttpResponse:
    """政府信息公开指南."""
    subject = public_organs.get(code)
    return show_column(
        request, subject, "guide.html", "guide", _("政府信息公开指南"), **guide.context(subject)
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
    return show_column(
        request,
        subject,
        "content.html",
        "content",
        _("法定主动公开内容"),
        words=words,
        shown=leafed(legal, request.GET),
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
