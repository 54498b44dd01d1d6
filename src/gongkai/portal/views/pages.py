"""Pages about the site itself: how to read it, what there is, what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.catalogue import queries as catalogue
from gongkai.portal import public_organs, reading, site
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta
from gongkai.portal.views import documents


@require_safe
def switch_reading(request: HttpRequest, mode: str, to: str) -> HttpResponse:
    """Switch 长者版 or high contrast on or off, and go back."""
    return reading.switch(request, mode, to)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site does for readers who see, hear or move otherwise."""
    return page(request, "accessibility.html", section="", crumbs=[("", _("无障碍说明"))], here=request.path)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every column on one page."""
    roots = list(public_organs.roots())
    trees = [(root, nodes) for root in roots if (nodes := catalogue.tree(root))]
    return page(
        request,
        "site_map.html",
        section="",
        crumbs=[("", _("网站地图"))],
        meta=column_meta(_("网站地图"), _("本网站的全部栏目"), _("网站地图"), _("网站导航")),
        roots=roots,
        columns=trees,
    )


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """The columns and the organs' disclosure pages for machines."""
    names = (
        "home",
        "organs",
        "policies",
        "apply-where",
        "track",
        "reports",
        "check",
        "site-map",
        "accessibility",
    )
    paths = [reverse(f"portal:{name}") for name in names]
    paths += [
        reverse("portal:organ", args=[code]) for code in public_organs.public().values_list("code", flat=True)
    ]
    paths += [
        reverse("portal:column", args=place)
        for place in site.here(catalogue.open_columns()).values_list("organ__code", "slug")
    ]
    addresses = [request.build_absolute_uri(path) for path in paths]
    return render(request, "portal/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; forms, endless filters, tracking and the desk not."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /search/",
        "Disallow: /track/",
        "Disallow: /account/",
        "Disallow: /leaving/",
        "Disallow: /o/*/apply/",
    ]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap-xml'))}")
    lines += [
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap-documents', args=[number]))}"
        for number in range(1, documents.sitemap_pages() + 1)
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
