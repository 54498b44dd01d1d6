"""Who runs this site: the names and codes every government page carries (domain norm 国办发〔2017〕47号).

One installation is one site, so this is setting, not data: ``SITE`` in the settings, from ``GONGKAI_SITE_*``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

_ICP_OFFICE = "https://beian.miit.gov.cn/"
_POLICE_OFFICE = "https://beian.mps.gov.cn/"


@dataclass(frozen=True)
class SiteProfile:
    """The site's own particulars; an empty one is not shown.

    `id_code` is the 政府网站标识码 (10 digits), `icp` and `police` the two filing numbers, `host` the 主办单位.
    """

    name: str
    domain: str = ""
    id_code: str = ""
    icp: str = ""
    police: str = ""
    host: str = ""
    contact: str = ""
    report_errors_url: str = ""

    @property
    def footer(self) -> list[tuple[str, str, str]]:
        """Label, text and address of the footer entries FT3–FT7 that are known."""
        entries = [
            (_("主办单位"), self.host, ""),
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


def current() -> SiteProfile:
    """The profile of this installation."""
    return _profile(tuple(settings.SITE.items()))


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
