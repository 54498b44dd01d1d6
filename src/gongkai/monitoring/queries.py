"""What pages ask of the register of sites, apart from which site they are of (see `hosting`)."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.monitoring import life
from gongkai.monitoring.models import OldAddress, ServiceLink

MOST_SERVICES = 12


def services(site: int | None) -> list[ServiceLink]:
    """The 政务服务网 block of a site by key (S168); for None, the links of every running main site, each address once.
    One query."""
    rows: QuerySet[ServiceLink] = ServiceLink.objects.filter(ended_on__isnull=True).order_by("place", "pk")
    if site is not None:
        return list(rows.filter(site=site)[:MOST_SERVICES])
    running = rows.filter(site__parent__isnull=True, site__served=True, site__state__in=life.RUNNING)
    by_address: dict[str, ServiceLink] = {}
    for link in running[: MOST_SERVICES * 4]:
        by_address.setdefault(link.url, link)
    return list(by_address.values())[:MOST_SERVICES]


def moved(site: int, path: str) -> str:
    """Where a former path of a site leads, "" if it was none. One query."""
    if "\0" in path:  # no database takes it
        return ""
    return OldAddress.objects.filter(site=site, old=path).values_list("new", flat=True).first() or ""
