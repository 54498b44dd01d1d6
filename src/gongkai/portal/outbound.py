"""Links out of the government's own sites (06 §2.6): they lead to a page that says so, and nobody is taken on by himself.

Only a link that stands in a public record gets such a page: its address carries a signature, so that the page can't be used
to lend a stranger's address the government's name.
"""

from __future__ import annotations

import html as html_words
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from gongkai.base.hosts import is_configured
from gongkai.monitoring import hosting

_SALT = "portal.outbound"
# The sanitiser writes attributes with double quotes and nothing else (documents.richtext).
_LINK = re.compile(r'(<a\s(?:[a-z]+="[^"]*"\s)*?href=")([^"]*)(")')
_GOVERNMENT = ("gov.cn", "政务", "xn--zfr164b")
_CONTROLS = re.compile(r"[\x00-\x1f]")
_LONGEST = 2000


def guarded(kept: str) -> str:
    """Sanitised HTML with every link to a foreign site led through the warning page."""
    return _LINK.sub(
        lambda found: found[1] + html_words.escape(address(html_words.unescape(found[2]))) + found[3], kept
    )


def address(href: str) -> str:
    """Where a link in a public record leads: itself, or the warning page for it."""
    host = foreign_host(href)
    if not host:
        return href
    query = urlencode({"to": href, "key": signing.Signer(salt=_SALT).signature(href)})
    return f"{reverse('portal:outbound')}?{query}"


def opened(to: str, key: str) -> str | None:
    """The foreign host of an address the warning page was asked for, None unless the link was written here."""
    if len(to) > _LONGEST or not key:
        return None
    try:
        signing.Signer(salt=_SALT).unsign(f"{to}:{key}")
    except signing.BadSignature:
        return None
    return foreign_host(to) or None


def foreign_host(href: str) -> str:
    """The host of a link that leaves the government's sites, "" for one that doesn't (or is no web address)."""
    # Browsers drop tabs and line breaks, and control characters and spaces at both ends, and take a backslash for a slash.
    plain = _CONTROLS.sub("", href).strip().replace("\\", "/")
    try:
        parts = urlsplit(f"http:{plain}" if plain.startswith("//") else plain)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return "?"  # no browser agrees on what this means: warn
    if parts.scheme not in ("http", "https") and (parts.scheme or not host):
        return ""
    return "" if _ours(host) else host or "?"


def _ours(host: str) -> bool:
    """Whether a host is a government's, one of the register, configured here, or trusted by the operator."""
    picture = hosting.now()
    if any(_below(host, name) for name in _GOVERNMENT):
        return True
    if host in picture.own or is_configured(host, settings.ALLOWED_HOSTS, every=False):
        return True
    return any(_below(host, name) for name in picture.trusted)


def _below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
