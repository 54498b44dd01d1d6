"""Pages that belong to the site as such: its emblem, and the warning before a link leaves the government's sites."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.base import crypto, files
from gongkai.monitoring.models import Site
from gongkai.portal import outbound
from gongkai.portal.pages import page
from gongkai.portal.site import column_meta

_WEEK = 7 * 24 * 3600


@require_safe
def logo(request: HttpRequest, pk: int) -> HttpResponse:
    """The emblem of a registered site; no other stored file is reached this way."""
    site = Site.objects.filter(logo=pk).select_related("logo").first()
    if site is None or site.logo is None:
        raise Http404
    try:
        content = files.read(site.logo)
    except (FileNotFoundError, crypto.Unreadable):
        raise Http404 from None
    response = HttpResponse(content, content_type=site.logo.media_type)
    response["Cache-Control"] = f"public, max-age={_WEEK}, immutable"  # another emblem is another file
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """您将要访问的链接不属于本站: the address, and two ways on. It goes nowhere by itself."""
    to = request.GET.get("to", "")
    host = outbound.opened(to, request.GET.get("key", ""))
    if host is None:
        raise Http404
    name = _("外部链接提示")
    response = page(
        request,
        "leaving.html",
        section="",
        crumbs=[("", name)],
        meta=column_meta(name, _("链接到政府网站以外的提示"), name, name),
        to=to,
        host=host,
        back=_back(request),
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _back(request: HttpRequest) -> str:
    """The page the reader came from, if it is one of this site's."""
    came_from = request.headers.get("Referer", "")
    own = request.build_absolute_uri("/")
    if not came_from.startswith(own):
        return "/"
    return "/" + came_from.removeprefix(own).lstrip("/\\")  # two slashes would name another host
