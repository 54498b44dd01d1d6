"""The 政务服务网 block of the front page (S168): links kept with the site."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.monitoring.models import ServiceLink, Site
from gongkai.portal import site

MOST = 12


def shown() -> list[ServiceLink]:
    """The links of the site this page is of; where the installation as a whole answers, those of every main site, each
    address once. One query, asked when the block is written."""
    found = site.hosted()
    rows: QuerySet[ServiceLink] = ServiceLink.objects.filter(ended_on__isnull=True).order_by("place", "pk")
    if found is not None:
        return list(rows.filter(site=found.pk)[:MOST])
    running = rows.filter(site__parent__isnull=True, site__closed_on__isnull=True, site__served=True)
    by_address: dict[str, ServiceLink] = {}
    for link in running.exclude(site__state__in=(Site.State.PROPOSED, Site.State.APPLYING))[: MOST * 4]:
        by_address.setdefault(link.url, link)
    return list(by_address.values())[:MOST]
