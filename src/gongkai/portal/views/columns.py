"""Columns: a page of one with its feed, the tree as it is and as it was, the statutory content by item, what a whole tree of
organs has made public."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.catalogue import queries
from gongkai.catalogue.models import Column, GuideVersion
from gongkai.documents import columns as resolving
from gongkai.portal import columns, gathering, guide, profiles, public_organs, syndication
from gongkai.portal.leafing import Listing, day_of, listing
from gongkai.portal.organ_pages import show_column
from gongkai.portal.site import column_meta

_CHANGES = 50


@require_safe
def column(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """One column: what stands in it, newest first, by next and by date. A retired one says so (410)."""
    subject = public_organs.get(code)
    here = columns.here(subject, slug)
    one = here.column
    closed = one.state == Column.State.RETIRED
    shown = Listing(()) if closed else listing(here.sources, request.GET, clock.today())
    return show_column(
        request,
        subject,
        "column.html",
        "",
        one.title,
        crumbs=columns.crumbs(subject, here.way),
        meta=_meta(one),
        status=410 if closed else 200,
        roots=here.roots,
        root=here.way[0].column.slug,
        here=here,
        shown=shown,
        one=one,
        closed=closed,
        archived=one.state == Column.State.ARCHIVED,
    )


def _meta(one: Column) -> list[tuple[str, str]]:
    return column_meta(one.title, one.description, one.keywords or one.title, str(one.get_kind_display()))


@require_safe
def feed(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """The newest of a column as RSS."""
    subject = public_organs.get(code)
    here = columns.here(subject, slug)
    if here.column.state == Column.State.RETIRED:
        raise Http404
    return syndication.rss(
        request,
        title=f"{subject.name} {here.column.title}",
        path=reverse("portal:column", args=[code, slug]),
        description=here.column.description,
        rows=resolving.newest(here.sources, clock.today(), syndication.MOST),
    )


@require_safe
def tree(request: HttpRequest, code: str) -> HttpResponse:
    """The organ's columns as they stand or stood on a day (``on``), and every change of them."""
    subject, today = public_organs.get(code), clock.today()
    day = day_of(request.GET.get("on", "")) or today
    changes = Paginator(queries.history(subject), _CHANGES).get_page(request.GET.get("page"))
    return show_column(
        request,
        subject,
        "columns.html",
        "columns",
        _("栏目设置和变更"),
        nodes=queries.tree_on(subject, min(day, today)),
        day=min(day, today),
        past=day < today,
        changes=changes,
    )


@require_safe
def item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """One item of 法定主动公开内容."""
    subject, today = public_organs.get(code), clock.today()
    found = columns.item_of(subject, item, today)
    without = queries.inapplicable(subject, today).get(item)
    return show_column(
        request,
        subject,
        "item.html",
        "content",
        found.short,
        crumbs=[
            (reverse("portal:organ-content", args=[code]), _("法定主动公开内容")),
            ("", found.short),
        ],
        meta=column_meta(found.short, found.label, f"{subject.name},{found.short}", _("法定主动公开内容")),
        item=found,
        reason=without.reason if without else "",
        shown=listing(resolving.item_sources(subject, [found]), request.GET, today),
        items=queries.required(subject, today),
    )


@require_safe
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """机构简介, in one shape for all organs."""
    subject = public_organs.get(code)
    return show_column(
        request,
        subject,
        "profile.html",
        "profile",
        _("机构简介"),
        profile=profiles.profile(subject, clock.today()),
    )


@require_safe
def old_guide(request: HttpRequest, code: str, seq: int) -> HttpResponse:
    """An older version of the guide, as it was."""
    subject = public_organs.get(code)
    version = GuideVersion.objects.filter(organ=subject, seq=seq).first()
    if version is None:
        raise Http404
    return show_column(
        request, subject, "guide.html", "guide", _("政府信息公开指南"), **guide.context(subject, version)
    )


@require_safe
def gathered(request: HttpRequest, code: str) -> HttpResponse:
    """What the organ and everything below it has made public: numbers by unit and type, and one search over all."""
    subject = public_organs.get(code)
    return show_column(
        request,
        subject,
        "gathered.html",
        "gathered",
        _("本级和下级公开信息汇总"),
        table=gathering.table(subject, clock.today()),
    )
