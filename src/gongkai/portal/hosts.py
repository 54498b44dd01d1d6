"""From the host of a request to the site it is for; what a closed site and a former address answer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.encoding import iri_to_uri

from gongkai.monitoring import hosting, queries
from gongkai.portal import site

_READING = ("GET", "HEAD")


class SiteMiddleware:
    """Puts the site of the request's host in place while the page is made.

    A host that is neither configured nor registered is refused before (`ALLOWED_HOSTS`); a configured one without a site
    of its own gets the default site. A shared cache keeps pages by their full address, host included, so that no page of
    one site can be served as another's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = hosting.for_host(request.get_host())
        public = not request.path.startswith(
            reverse("desk:home")
        )  # a site that closes takes no office's desk along
        if found is not None and public and request.method in _READING and (home := _new_home(found)):
            return HttpResponsePermanentRedirect(iri_to_uri(home + request.get_full_path()))
        with site.showing(found):
            response = self.get_response(request)
            if response.status_code == 404 and found is not None and request.method in _READING:
                new = queries.moved(found.pk, request.path)
                return HttpResponsePermanentRedirect(iri_to_uri(new)) if new else response
            return response


def _new_home(found: hosting.Hosted) -> str:
    """Where a closed site's pages are now, "" if they stay here as an archive.

    Only a running site of this same installation has every page at the same path; and there no redirect can go round.
    """
    if not found.ended:
        return ""
    parts = urlsplit(found.new_address)
    heir = hosting.now().by_host.get(parts.hostname or "")
    return f"{parts.scheme}://{parts.netloc}" if heir is not None and not heir.ended else ""
