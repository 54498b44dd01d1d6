"""Which registered site answers for a host name: asked for every page, so a process keeps what it read.

What was kept is read again when a file in the home says that some process changed the register, on another day, and
after half a minute whatever happened. The picture is replaced as a whole: a page sees one state of the register.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.utils import Error as DatabaseError

from gongkai.base import clock
from gongkai.monitoring import life
from gongkai.monitoring.models import Site, SiteDomain, TrustedDomain
from gongkai.organs import scope

KEEP_SECONDS = 30.0


@dataclass(frozen=True)
class Hosted:
    """A site as pages need it. `roots`: the path of its organ and of every organ that one succeeds: what it shows lies
    below them. `domain` is its main domain, "" without one."""

    pk: int
    name: str
    roots: tuple[str, ...]
    domain: str
    id_code: str
    icp: str
    police: str
    host: str
    undertaker: str
    contact: str
    errors_url: str
    emblem: str
    logo: int | None
    state: str
    notice_until: dt.date | None
    new_address: str
    closed_on: dt.date | None

    @property
    def ended(self) -> bool:
        """Whether the site was closed: its pages lead to the new address."""
        return self.state in life.ENDED


@dataclass(frozen=True)
class Picture:
    """The register as pages need it: served sites by host name, the one for all other hosts, domains of the running ones
    among them, and further domains one may link to without a warning."""

    by_host: Mapping[str, Hosted] = field(default_factory=dict)
    default: Hosted | None = None
    own: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Kept:
    picture: Picture
    day: dt.date
    read_at: float
    stamp: tuple[int, int]


_kept: _Kept | None = None


def for_host(host: str) -> Hosted | None:
    """The site of a host name (a port does not matter), else the default one, else None."""
    picture = now()
    return picture.by_host.get(_bare(host), picture.default)


def hosts() -> Iterable[str]:
    """Every host name this installation answers to because a site is registered with it."""
    return tuple(now().by_host)


def now() -> Picture:
    """The register as it stands. No query unless something changed."""
    global _kept
    kept, day, stamp = _kept, clock.today(), _stamp()
    fresh = kept is not None and time.monotonic() - kept.read_at < KEEP_SECONDS
    if kept is not None and fresh and kept.day == day and kept.stamp == stamp:
        return kept.picture
    try:
        picture = _read(day)
    except DatabaseError:  # not migrated yet, or gone for a moment: what was known stands
        return kept.picture if kept else Picture()
    _kept = _Kept(picture, day, time.monotonic(), stamp)
    return picture


def changed() -> None:
    """Let every process read the register again, once the present transaction is committed. Called by every action."""
    reset()
    transaction.on_commit(_tell, robust=True)


def reset() -> None:
    """Read the register again at the next question, in this process."""
    global _kept
    _kept = None


def assume(picture: Picture) -> None:
    """Take this for the register until something changes; for tests of pages that have nothing to do with sites."""
    global _kept
    _kept = _Kept(picture, clock.today(), time.monotonic() + 10**6, _stamp())


def _bare(host: str) -> str:
    name = host.strip().lower()
    if name.startswith("["):  # an IPv6 address
        return name
    return name.rpartition(":")[0].rstrip(".") if ":" in name else name.rstrip(".")


# --- the stamp other processes see -----------------------------------------------------------------------------------


def _file() -> Path:
    return Path(settings.HOME.path) / "sites.stamp"


def _stamp() -> tuple[int, int]:
    try:
        found = _file().stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def _tell() -> None:
    """A new file in place of the old one: even two changes within a tick of the file system's clock differ."""
    path = _file()
    if not path.parent.is_dir():
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.write_text(secrets.token_hex(8))
    fresh.replace(path)
    reset()


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(day: dt.date) -> Picture:
    """Three queries without any site, else four."""
    sites = {
        site.pk: site
        for site in Site.objects.filter(served=True).exclude(state__in=life.NOT_OPEN).select_related("organ")
    }
    in_service = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=day)
    domains = list(SiteDomain.objects.filter(in_service, valid_from__lte=day).order_by("pk"))
    trusted = frozenset(TrustedDomain.objects.filter(ended_on__isnull=True).values_list("name", flat=True))
    mains = {one.site_id: one.name for one in domains if one.use == SiteDomain.Use.MAIN}
    heritage = scope.Heritage.on(day) if sites else scope.Heritage()
    shown = {pk: _hosted(site, mains.get(pk, ""), heritage) for pk, site in sites.items()}
    return Picture(
        by_host={one.name: shown[one.site_id] for one in domains if one.site_id in shown},
        default=next((shown[pk] for pk, site in sites.items() if site.is_default), None),
        own=frozenset(one.name for one in domains if one.site_id in shown and not shown[one.site_id].ended),
        trusted=trusted,
    )


def _hosted(site: Site, domain: str, heritage: scope.Heritage) -> Hosted:
    contact = "　".join(part for part in (site.phone, site.email) if part)
    return Hosted(
        pk=site.pk,
        name=site.name,
        roots=(site.path, *heritage.of(site.path), *heritage.below(site.path)),
        domain=domain,
        id_code=site.id_code,
        icp=site.icp,
        police=site.police,
        host=site.host_name or site.organ.name,
        undertaker=site.undertaker,
        contact=contact,
        errors_url=site.errors_url,
        emblem=site.emblem,
        logo=site.logo_id,
        state=site.state,
        notice_until=site.notice_until,
        new_address=site.new_address,
        closed_on=site.closed_on,
    )
