"""What is wrong with a site as it is registered: advisory findings, each with the rule it rests on (国办发〔2017〕47号, 国办函
〔2018〕55号). Nothing is refused because of them: a wrong name is registered as it is, and told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.law.wording import zh_date
from gongkai.monitoring import life
from gongkai.monitoring.models import Site, SiteDomain
from gongkai.organs.models import Organ

PORTAL = re.compile(r"www\.[a-z0-9-]+\.gov\.cn")
DEPARTMENT = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+(\.[a-z0-9-]+)?\.gov\.cn")
ID_CODE = re.compile(r"\d{10}|bm\d{8}")
ICP = re.compile(r"[\u4e00-\u9fa5]ICP备\d+号(-\d+)?")
POLICE = re.compile(r"[\u4e00-\u9fa5]公网安备\s?\d{14}号?")
CHINESE = (".政务", ".xn--zfr164b")


@dataclass(frozen=True)
class Finding:
    """`rule` is the rule's code (06 §2: SN name, D domain, FT footer item, EM emblem, V6 IPv6), `words` the sentence."""

    rule: str
    words: str


def findings(site: Site, day: dt.date) -> list[Finding]:
    """What stands against the site on `day`; three queries, its organ and main site being at hand. A site that is not
    open yet, or closed, owes only its domains."""
    found = [*_domains(site, list(_in_service(site, day)), _portal_of(site, day))]
    if site.state in life.RUNNING:
        found += [*_names(site), *_marks(site), *_place(site)]
    return found


def _in_service(site: Site, day: dt.date) -> QuerySet[SiteDomain]:
    kept = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=day)
    return site.domains.filter(kept, valid_from__lte=day).order_by("pk")


def _portal_of(site: Site, day: dt.date) -> str:
    """The main domain of the site a department's belongs to, when that is a regular one."""
    if site.parent is None or site.kind != Site.Kind.DEPARTMENT:
        return ""
    main = _in_service(site.parent, day).filter(use=SiteDomain.Use.MAIN).first()
    return main.name if main is not None and PORTAL.fullmatch(main.name) else ""


def _domains(site: Site, domains: Sequence[SiteDomain], portal: str) -> Iterator[Finding]:
    public = [one for one in domains if one.use != SiteDomain.Use.PREVIEW]
    western = [one for one in public if not one.name.endswith(CHINESE)]
    for one in public:
        if sentence := _shape(site, one, portal):
            yield Finding("D1", sentence)
    if site.state in life.RUNNING and not any(one.use == SiteDomain.Use.MAIN for one in public):
        yield Finding("D2", _("没有登记主域名。"))
    if len([one for one in western if one.idle_since is None]) > 1:
        names = "、".join(one.name for one in western if one.idle_since is None)
        yield Finding("D3", _("一个网站原则上只有一个英文域名，现有%(names)s。") % {"names": names})
    over = site.state in life.ENDED
    for one in public:
        if one.idle_since is not None or over:
            since = one.idle_since or site.closed_on
            words = _("域名%(name)s自%(day)s起闲置，应当注销。")
            yield Finding("D4", words % {"name": one.name, "day": zh_date(since) if since else ""})


def _shape(site: Site, domain: SiteDomain, portal: str) -> str:
    name = domain.name
    if name.endswith(CHINESE):
        return ""
    if not name.endswith(".gov.cn"):
        return _("域名%(name)s不规范：政府网站使用以 .gov.cn 为后缀的英文域名和“.政务”中文域名。") % {
            "name": name
        }
    if site.kind == Site.Kind.PORTAL and not PORTAL.fullmatch(name):
        return _("域名%(name)s不规范：政府门户网站域名为 www.地名.gov.cn。") % {"name": name}
    if site.kind == Site.Kind.DEPARTMENT:
        if not DEPARTMENT.fullmatch(name) or name.startswith("www."):
            return _("域名%(name)s不规范：部门网站域名为 部门.地名.gov.cn。") % {"name": name}
        if portal and not name.endswith(portal.removeprefix("www")):
            return _("域名%(name)s不规范：部门网站应当使用本级政府门户网站%(above)s的下级域名。") % {
                "name": name,
                "above": portal,
            }
    return ""


def _names(site: Site) -> Iterator[Finding]:
    if site.name != site.organ.name:
        words = _("网站名称“%(name)s”与%(kind)s的规范名称“%(organ)s”不一致。")
        yield Finding(
            "SN1", words % {"name": site.name, "kind": site.get_kind_display(), "organ": site.organ.name}
        )


def _marks(site: Site) -> Iterator[Finding]:
    wanted: tuple[tuple[str, bool, str], ...] = (
        ("EM1", bool(site.emblem), _("没有党政机关网站标识。")),
        ("EM2", site.logo_id is not None, _("没有登记网站徽标。")),
        ("FT2", bool(site.errors_url), _("没有“我为政府网站找错”入口。")),
        ("FT5", bool(site.phone or site.email), _("没有联系方式。")),
    )
    yield from (Finding(rule, words) for rule, there, words in wanted if not there)
    yield from _codes(site)
    if site.ipv6 != Site.IPv6.YES:
        yield Finding("V6", _("没有完成IPv6改造。") if site.ipv6 else _("没有登记IPv6支持情况。"))


def _codes(site: Site) -> Iterator[Finding]:
    shapes: tuple[tuple[str, str, re.Pattern[str], Callable[[], str]], ...] = (
        ("FT3", site.id_code, ID_CODE, lambda: _("网站标识码应为10位数字。")),
        ("FT6", site.icp, ICP, lambda: _("ICP备案编号没有登记或者写法不对，应如 豫ICP备05000000号-1。")),
        (
            "FT7",
            site.police,
            POLICE,
            lambda: _("公安备案号没有登记或者写法不对，应如 豫公网安备41030000000000号。"),
        ),
    )
    for rule, value, shape, words in shapes:
        if not shape.fullmatch(value):
            yield Finding(rule, words())
    division = site.organ.division_code[:6]
    if division and site.id_code.isdigit() and not site.id_code.startswith(division):
        yield Finding("FT3", _("网站标识码前6位应为本地区划代码%(code)s。") % {"code": division})


def _place(site: Site) -> Iterator[Finding]:
    if site.organ.tier in (Organ.Tier.TOWNSHIP, Organ.Tier.VILLAGE):
        yield Finding("L1", _("乡镇、街道不开设政府网站，内容应当在上级政府门户网站发布。"))
    others = Site.objects.filter(organ=site.organ, state__in=life.RUNNING).exclude(pk=site.pk)
    if name := others.values_list("name", flat=True).first():
        yield Finding("L2", _("一个机关原则上只办一个网站，另有“%(name)s”。") % {"name": name})
