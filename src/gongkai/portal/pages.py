"""How a portal view answers: one call that puts section, breadcrumb and meta tags where the base template finds them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from gongkai.portal.site import column_meta

Crumb = tuple[str, str]  # address ("" for the present page) and label


def page(
    request: HttpRequest,
    template: str,
    *,
    section: str,
    crumbs: list[Crumb] | None = None,
    meta: list[tuple[str, str]] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page of the portal. `section` marks the present column in the main navigation. A page that brings no tags of
    its own carries those of a column page, named as the last of its crumbs is."""
    if not meta and crumbs:
        name, above = crumbs[-1][1], crumbs[0][1]
        meta = column_meta(name, f"{above}{name}" if above != name else name, name, above)
    response = render(
        request,
        f"portal/{template}",
        {"section": section, "crumbs": crumbs or [], "page_meta": meta or [], **context},
        status=status,
    )
    # 长者版 and high contrast are cookies: a kept page of one reader isn't another's.
    patch_vary_headers(response, ["Cookie"])
    return response


def private(response: HttpResponse) -> HttpResponse:
    """A page that holds somebody's own data: kept by nobody on the way, found by no search engine."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response
