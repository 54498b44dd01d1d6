"""Who runs this site: the names and codes every government page carries (domain norm 国办发〔2017〕47号).

One installation may serve several sites. The host of a request picks one from the register (`portal.hosts` puts it in place
for the time of the request); where the register knows none, the installation as a whole is the site: ``SITE`` in the
settings, from ``GONGKAI_SITE_*``, which shows every organ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.base.fields import within
from gongkai.monitoring.hosting import Hosted

_ICP_OFFICE = "https://beian.miit.gov.cn/"
_POLICE_OFFICE = "https://beian.mps.gov.cn/"
_hosted: ContextVar[Hosted | None] = ContextVar("gongkai_site", default=None)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class SiteProfile:
    """The site's own particulars; an empty one is not shown.

    `id_code` is the 政府网站标识码 (10 digits), `icp` and `police` the two filing numbers, `host` the 主办单位, `emblem` the
    address that verifies the 党政机关网站标识, `logo` the address of the site's own emblem.
    """

    name: str
    domain: str = ""
    id_code: str = ""
    icp: str = ""
    police: str = ""
    host: str = ""
    contact: str = ""
    report_errors_url: str = ""
    undertaker: str = ""
    emblem: str = ""
    logo: str = ""

    @property
    def footer(self) -> list[tuple[str, str, str]]:
        """Label, text and address of the footer entries FT3–FT7 that are known."""
        entries = [
            (_("主办单位"), self.host, ""),
            (_("承办单位"), self.undertaker, ""),
            (_("联系方式"), self.contact, ""),
            (_("网站标识码"), self.id_code, ""),
            (_("ICP备案编号"), self.icp, _ICP_OFFICE),
            (_("公安备案号"), self.police, _POLICE_OFFICE),
        ]
        return [entry for entry in entries if entry[1]]

    @property
    def meta(self) -> list[tuple[str, str]]:
        """The three tags of every page; a tag without a value is left out rather than written empty."""
        tags = [("SiteName", self.name), ("SiteDomain", self.domain), ("SiteIDCode", self.id_code)]
        return [tag for tag in tags if tag[1]]


@lru_cache(maxsize=4)
def _profile(entries: tuple[tuple[str, str], ...]) -> SiteProfile:
    return SiteProfile(**dict(entries))


@lru_cache(maxsize=512)
def _registered(site: Hosted) -> SiteProfile:
    return SiteProfile(
        name=site.name,
        domain=site.domain,
        id_code=site.id_code,
        icp=site.icp,
        police=site.police,
        host=site.host,
        contact=site.contact,
        report_errors_url=site.errors_url,
        undertaker=site.undertaker,
        emblem=site.emblem,
        logo=reverse("portal:site-logo", args=[site.logo]) if site.logo else "",
    )


def current() -> SiteProfile:
    """The profile of the site this request is for."""
    site = _hosted.get()
    return _registered(site) if site else _profile(tuple(settings.SITE.items()))


def hosted() -> Hosted | None:
    """The registered site this request is for; None where the installation as a whole answers."""
    return _hosted.get()


@contextmanager
def showing(site: Hosted | None) -> Iterator[None]:
    """Let everything inside be a page of `site`; safe across threads."""
    token = _hosted.set(site)
    try:
        yield
    finally:
        _hosted.reset(token)


def here(rows: QuerySet[M], path: str = "path") -> QuerySet[M]:
    """Those of `rows` this site shows: its organ, all below it, and what those succeed. `path` leads to the organ's path."""
    site = _hosted.get()
    return rows if site is None else rows.filter(reduce(or_, (within(path, root) for root in site.roots)))


def shows(path: str) -> bool:
    """Whether what belongs to the organ at `path` is of this site."""
    site = _hosted.get()
    return site is None or path.startswith(site.roots)


def top(rows: QuerySet[M], path: str = "path", parent: str = "parent") -> QuerySet[M]:
    """The organs this site begins with: its own, or every top of a tree where the installation as a whole answers."""
    site = _hosted.get()
    condition = Q(**{f"{parent}__isnull": True}) if site is None else Q(**{path: site.roots[0]})
    return rows.filter(condition)


def column_meta(name: str, description: str, keywords: str, kind: str) -> list[tuple[str, str]]:
    """The four tags of a column page (栏目类)."""
    return [
        ("ColumnName", name),
        ("ColumnDescription", description),
        ("ColumnKeywords", keywords),
        ("ColumnType", kind),
    ]


def article_meta(title: str, published: str, source: str) -> list[tuple[str, str]]:
    """The three tags of a content page (内容页), written after its column's; `published` is ``yyyy-MM-dd HH:mm``."""
    return [("ArticleTitle", title), ("PubDate", published), ("ContentSource", source)]
