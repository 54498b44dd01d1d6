"""What can be done with the register of sites. Each function checks who and when, writes the fact and the audit entry."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import repercent_broken_unicode
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, files
from gongkai.base.hosts import is_configured
from gongkai.law.wording import zh_date
from gongkai.monitoring import hosting, life
from gongkai.monitoring.models import (
    Honour,
    OldAddress,
    ServiceLink,
    Site,
    SiteDomain,
    SiteRevision,
    SiteStep,
    TrustedDomain,
)
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import COMMON

REGISTER = "sites"
Kind, State = SiteStep.Kind, Site.State
#: What :func:`edit_site` may change.
PROFILE = (
    "name", "kind", "parent", "joined_on", "served", "host_name", "undertaker", "supervisor", "manager", "phone", "email",
    "id_code", "icp", "police", "emblem", "errors_url", "ipv6", "ipv6_on", "platform",
)  # fmt: skip
_HOST = re.compile(r"(?=.{1,120}\Z)([\w](?:[\w-]{0,61}[\w])?)(\.[\w](?:[\w-]{0,61}[\w])?)+", re.ASCII)
_GOVERNMENT = (".gov.cn", ".xn--zfr164b")  # the latter is .政务
_LOGO = (".png", ".jpg", ".jpeg")
_LARGEST_LOGO = 200 * 1024


@transaction.atomic
def register_site(
    *, by: Actor, organ: Organ, name: str, kind: str, opened_on: dt.date | None = None, **profile: Any
) -> Site:
    """Register a site of `organ`: one already open with `opened_on`, else as proposed today. Raises ValidationError, Refused."""
    _require(by, organ.path)
    if opened_on is not None:
        _check_past(opened_on, field="opened_on")
    if unknown := set(profile) - set(PROFILE):
        raise TypeError(f"not part of a site's profile: {sorted(unknown)}")
    site = Site(organ=organ, path=organ.path, name=name.strip(), kind=kind, entered_by=by.key, **profile)
    site.recorded_at = clock.now()
    _check_profile(site)
    site.state = State.OPEN if opened_on else State.PROPOSED
    site.save(force_insert=True)
    first = Kind.OPENED if opened_on else Kind.PROPOSED
    _write_step(site, by, kind=first, on=opened_on or clock.today())
    _log(by, "site.register", site)
    return site


@transaction.atomic
def edit_site(site: Site, *, by: Actor, **changes: Any) -> Site:
    """Change what stands in the register (see `PROFILE`); the life of the site is told by :func:`step`."""
    if unknown := set(changes) - set(PROFILE):
        raise TypeError(f"not part of a site's profile: {sorted(unknown)}")
    site = _locked(site, by)
    changed = sorted(name for name, value in changes.items() if getattr(site, name) != value)
    for name in changed:
        setattr(site, name, changes[name])
    if site.is_default and not site.served:
        site.is_default = False
        changed.append("is_default")
    _check_profile(site)
    if changed:
        site.save(update_fields=changed)
        _log(by, "site.edit", site, fields=changed)
    return site


@transaction.atomic
def set_logo(site: Site, *, by: Actor, name: str, content: bytes) -> Site:
    """Keep the site's emblem, a PNG or JPEG of at most 200 kB. Raises ValidationError."""
    site = _locked(site, by)
    if not name.lower().endswith(_LOGO) or len(content) > _LARGEST_LOGO:
        raise ValidationError({"logo": _("徽标应为 PNG 或 JPG 图片，不超过 200 KB。")})
    site.logo = files.store(site.organ, name, content)
    site.save(update_fields=["logo"])
    _log(by, "site.logo", site)
    return site


@transaction.atomic
def make_default(site: Site, *, by: Actor) -> Site:
    """Let this site answer where the host name belongs to none. Only for the top of a tree: it is everybody's first page."""
    site = _locked(site, by)
    authority.require(by, authority.MANAGE, "settings", COMMON, _("只有全平台的运维岗可以设置缺省网站。"))
    if words := default_refusal(site):
        raise Refused(words)
    Site.objects.filter(is_default=True).update(is_default=False)
    site.is_default = True
    site.save(update_fields=["is_default"])
    _log(by, "site.make_default", site)
    return site


def default_refusal(site: Site) -> str:
    """Why this site cannot become the default one now, "" when it can."""
    if site.is_default:
        return _("已经是缺省网站。")
    if site.served and site.state in (State.OPEN, State.CHANGING):
        return ""
    return _("只有由本平台发布、正在运行的网站可以作为缺省网站。")


# --- life ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def step(
    site: Site,
    *,
    by: Actor,
    kind: str,
    on: dt.date,
    until: dt.date | None = None,
    new_address: str = "",
    document: str = "",
    reason: str = "",
) -> SiteStep:
    """Write down a step of the site's life. Raises Refused out of turn, ValidationError for dates and what is missing."""
    site = _locked(site, by)
    if words := refusal(site, kind):
        raise Refused(words)
    _check_step(site, kind, on, until, new_address, reason)
    made = _write_step(
        site, by, kind=kind, on=on, until=until, new_address=new_address, document=document, reason=reason
    )
    _log(by, f"site.{kind}", site, on=on.isoformat())
    return made


@transaction.atomic
def withdraw_step(step: SiteStep, *, by: Actor, reason: str) -> SiteStep:
    """Take back the latest step, entered by mistake. Both stay readable. Raises Refused for an earlier one."""
    site = _locked(step.site, by)
    if words := withdrawal_refusal(step):
        raise Refused(words)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤回的原因。")})
    made = _write_step(site, by, kind=step.kind, on=step.on, reason=reason, withdraws=step)
    _log(by, "site.withdraw_step", site, kind=step.kind)
    return made


def withdrawal_refusal(step: SiteStep) -> str:
    """Why this step cannot be taken back, "" when it can."""
    counting = life.standing(step.site.steps.all())
    if not counting or counting[-1].pk != step.pk:
        return _("只能撤回最近的一步；请先撤回后面的。")
    if len(counting) == 1:
        return _("第一步不能撤回；登记错的网站请改正登记内容。")
    return ""


def refusal(site: Site, kind: str) -> str:
    """Why the site cannot take this step now, "" when it can."""
    allowed, _leads_to = life.STEPS[kind]
    if site.state in allowed:
        return _default_closes(site, kind)
    return _("网站现在是“%(state)s”，不能办理“%(step)s”。") % {
        "state": site.get_state_display(),
        "step": Kind(kind).label,
    }


def _default_closes(site: Site, kind: str) -> str:
    """A closed default site would send readers of every other host on, for ever."""
    if site.is_default and kind in (Kind.CLOSING, Kind.CLOSED):
        return _("这是缺省网站，请先把另一个网站设为缺省网站，再办理关停。")
    return ""


def _check_step(
    site: Site, kind: str, on: dt.date, until: dt.date | None, new_address: str, reason: str
) -> None:
    latest = life.standing(site.steps.all())[-1]
    if on > clock.today():
        raise ValidationError({"on": _("日期不能在今天之后。")})
    if on < latest.on:
        raise ValidationError({"on": _("日期不能早于上一步（%(day)s）。") % {"day": zh_date(latest.on)}})
    if kind in (Kind.OFFLINE, Kind.CLOSING) and not reason.strip():
        raise ValidationError({"reason": _("请写明原因，公示和审批都要写。")})
    if kind == Kind.OFFLINE:
        _check_offline(site, on, until)
    if kind == Kind.CLOSING:
        least = on + dt.timedelta(days=settings.SITE_NOTICE_DAYS)
        if until is None or until < least:
            words = _("关停公示不少于%(days)d天，应当公示到%(day)s以后。")
            raise ValidationError(
                {"until": words % {"days": settings.SITE_NOTICE_DAYS, "day": zh_date(least)}}
            )
        if not new_address:
            raise ValidationError({"new_address": _("请写明公众以后到哪里看，公示中要写新网址。")})
    if kind == Kind.CLOSED and site.notice_until is not None and on <= site.notice_until:
        words = _("关停公示到%(day)s，期满后才能关停。")
        raise ValidationError({"on": words % {"day": zh_date(site.notice_until)}})


def _check_offline(site: Site, on: dt.date, until: dt.date | None) -> None:
    most = on + dt.timedelta(days=settings.SITE_OFFLINE_DAYS - 1)  # the first day counts, and the last
    if until is None or not on <= until <= most:
        words = _("临时下线最多%(days)d天，请填写不晚于%(day)s的截止日期。")
        raise ValidationError({"until": words % {"days": settings.SITE_OFFLINE_DAYS, "day": zh_date(most)}})
    if any(one.kind == Kind.OFFLINE and one.on.year == on.year for one in life.standing(site.steps.all())):
        raise ValidationError(_("%(year)d年已经临时下线过一次，一年最多一次。") % {"year": on.year})


def _write_step(site: Site, by: Actor, **fields: Any) -> SiteStep:
    made = SiteStep(site=site, recorded_at=clock.now(), actor=by.key, post=by.post, **fields)
    made.clean_fields(exclude=["site", "withdraws"])
    made.save()
    now = life.project(site.steps.all())
    for name, value in vars(now).items():
        setattr(site, name, value)
    site.save(update_fields=list(vars(now)))
    return made


# --- domains ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_domain(site: Site, *, by: Actor, name: str, use: str, valid_from: dt.date) -> SiteDomain:
    """Give the site a host name. Only plain names are taken: no pattern, no port, no path.

    A name this installation is configured with, and one that is not a government's, take the operator of all: the first
    would hand everybody's front page to one organ, the second switches off the warning before links to it.
    Raises Refused, ValidationError.
    """
    site = _locked(site, by)
    domain = SiteDomain(site=site, name=plain_host(name), use=use, valid_from=valid_from)
    if _needs_the_operator(domain.name):
        words = _("平台自身的域名和 .gov.cn、.政务 以外的域名，只有全平台的运维岗可以登记。")
        authority.require(by, authority.MANAGE, "settings", COMMON, words)
    domain.clean_fields(exclude=["site"])
    if SiteDomain.objects.filter(name=domain.name, cancelled_on__isnull=True).exists():
        raise ValidationError({"name": _("域名%(name)s已登记在一个网站名下。") % {"name": domain.name}})
    if use == SiteDomain.Use.MAIN and site.domains.filter(use=use, cancelled_on__isnull=True).exists():
        raise ValidationError({"use": _("该网站已有主域名，请先注销原来的。")})
    domain.save()
    _log(by, "site.add_domain", site, domain=domain.name)
    return domain


def _needs_the_operator(name: str) -> bool:
    return is_configured(name, settings.ALLOWED_HOSTS) or not name.endswith(_GOVERNMENT)


@transaction.atomic
def idle_domain(domain: SiteDomain, *, by: Actor, on: dt.date) -> SiteDomain:
    """Record that the domain is no longer used; it is to be cancelled (D4). Raises Refused for a cancelled one."""
    _locked(domain.site, by)
    if words := domain_refusal(domain):
        raise Refused(words)
    _check_past(on, domain.valid_from)
    domain.idle_since = on
    domain.save(update_fields=["idle_since"])
    _log(by, "site.idle_domain", domain.site, domain=domain.name)
    return domain


@transaction.atomic
def cancel_domain(domain: SiteDomain, *, by: Actor, on: dt.date) -> SiteDomain:
    """Record that the domain was given back. It is not answered for from then on, and may be registered again."""
    _locked(domain.site, by)
    if words := domain_refusal(domain):
        raise Refused(words)
    _check_past(on, domain.valid_from)
    domain.cancelled_on = on
    domain.save(update_fields=["cancelled_on"])
    _log(by, "site.cancel_domain", domain.site, domain=domain.name)
    return domain


def domain_refusal(domain: SiteDomain) -> str:
    """Why nothing can be recorded of the domain any more, "" while something can."""
    return _("这个域名已经注销。") if domain.cancelled_on is not None else ""


def plain_host(text: str) -> str:
    """A host name as browsers send it: lower case, Chinese names in their ASCII form. Raises ValidationError."""
    try:
        name = text.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not _HOST.fullmatch(name):
        raise ValidationError({"name": _("请填写完整的域名，如 www.luoyang.gov.cn，不带 http:// 和路径。")})
    return name


# --- honours, revisions, links ---------------------------------------------------------------------------------------


@transaction.atomic
def add_honour(site: Site, *, by: Actor, name: str, awarded_by: str, on: dt.date, note: str = "") -> Honour:
    """Register an award."""
    site = _locked(site, by)
    _check_past(on)
    row = Honour(site=site, name=name.strip(), awarded_by=awarded_by.strip(), on=on, note=note)
    return _kept(by, "site.add_honour", site, row)


@transaction.atomic
def add_revision(site: Site, *, by: Actor, kind: str, on: dt.date, text: str) -> SiteRevision:
    """Register a redesign, or work on the machines below the site."""
    site = _locked(site, by)
    _check_past(on)
    return _kept(by, "site.add_revision", site, SiteRevision(site=site, kind=kind, on=on, text=text.strip()))


@transaction.atomic
def strike(row: Honour | SiteRevision, *, by: Actor) -> Honour | SiteRevision:
    """Take an honour or a revision entered by mistake out of every count; it stays readable."""
    _locked(row.site, by)
    if words := strike_refusal(row):
        raise Refused(words)
    row.struck_at = clock.now()
    row.save(update_fields=["struck_at"])
    _log(by, "site.strike", row.site, what=row._meta.model_name, row=row.pk)
    return row


def strike_refusal(row: Honour | SiteRevision) -> str:
    """Why the row cannot be struck, "" when it can."""
    return _("这条记录已经划去。") if row.struck_at is not None else ""


@transaction.atomic
def add_service(
    site: Site, *, by: Actor, title: str, url: str, note: str = "", place: int = 10
) -> ServiceLink:
    """Put a link into the 政务服务网 block of the site's home page (S168)."""
    site = _locked(site, by)
    row = ServiceLink(site=site, title=title.strip(), url=url.strip(), note=note.strip(), place=place)
    row.clean_fields(exclude=["site"])
    row.save()
    _log(by, "site.add_service", site, row=row.pk)
    return row


@transaction.atomic
def edit_service(link: ServiceLink, *, by: Actor, title: str, url: str, note: str, place: int) -> ServiceLink:
    """Change a link of the block. Raises Refused for one taken out."""
    _locked(link.site, by)
    if words := ended_refusal(link):
        raise Refused(words)
    link.title, link.url, link.note, link.place = title.strip(), url.strip(), note.strip(), place
    link.clean_fields(exclude=["site"])
    link.save()
    _log(by, "site.edit_service", link.site, row=link.pk)
    return link


@transaction.atomic
def end_service(link: ServiceLink, *, by: Actor) -> ServiceLink:
    """Take a link out of the block."""
    _locked(link.site, by)
    if words := ended_refusal(link):
        raise Refused(words)
    link.ended_on = clock.today()
    link.save(update_fields=["ended_on"])
    _log(by, "site.end_service", link.site, row=link.pk)
    return link


def ended_refusal(row: ServiceLink | TrustedDomain) -> str:
    """Why the row cannot be changed or ended, "" when it can."""
    if row.ended_on is None:
        return ""
    return _("这个链接已经停用。") if isinstance(row, ServiceLink) else _("这个域名已经停用。")


@transaction.atomic
def add_old_address(site: Site, *, by: Actor, old: str, new: str) -> OldAddress:
    """Let a former path of the site lead to where its page is now. Both are paths here: it can lead to no other site.

    `old` may be written as it stands in a browser's address bar or in a log, percent signs and all.
    """
    site = _locked(site, by)
    for field, path in (("old", old), ("new", new)):
        if (
            not path.startswith("/")
            or path.startswith("//")
            or "\\" in path
            or any(c.isspace() for c in path)
        ):
            raise ValidationError({field: _("请填写以 / 开头的路径，不带域名。")})
    if "?" in old or "#" in old:
        raise ValidationError({"old": _("原路径不带 ? 和 # 及其后的部分。")})
    old = _as_requested(old)
    if old == new:
        raise ValidationError({"new": _("现路径与原路径相同。")})
    row = OldAddress(site=site, old=old, new=new)
    row.clean_fields(exclude=["site"])
    row.validate_constraints()
    row.save()
    _log(by, "site.add_old_address", site, row=row.pk)
    return row


def _as_requested(path: str) -> str:
    """The path as a request for it is read: UTF-8 decoded, other bytes left as they were sent."""
    return repercent_broken_unicode(unquote_to_bytes(path)).decode()


@transaction.atomic
def remove_old_address(row: OldAddress, *, by: Actor) -> Site:
    """Let a former path lead nowhere again; what it was stands in the log. Browsers may keep a redirect they were given."""
    site = _locked(row.site, by)
    _log(by, "site.remove_old_address", site, old=row.old, new=row.new)
    row.delete()
    return site


@transaction.atomic
def trust_domain(*, by: Actor, name: str, reason: str) -> TrustedDomain:
    """Let public pages link to a domain, and those below it, without a warning."""
    authority.require(by, authority.MANAGE, "settings", COMMON)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    host = plain_host(name)
    row, _new = TrustedDomain.objects.update_or_create(
        name=host, defaults={"reason": reason.strip(), "ended_on": None}
    )
    _log_common(by, "trusted_domain.add", row)
    return row


@transaction.atomic
def distrust_domain(row: TrustedDomain, *, by: Actor) -> TrustedDomain:
    """Warn again before links to this domain."""
    authority.require(by, authority.MANAGE, "settings", COMMON)
    if words := ended_refusal(row):
        raise Refused(words)
    row.ended_on = clock.today()
    row.save(update_fields=["ended_on"])
    _log_common(by, "trusted_domain.end", row)
    return row


# --- common ----------------------------------------------------------------------------------------------------------


def _require(by: Actor, path: str) -> None:
    authority.require(by, authority.WORK, REGISTER, path, _("只有该机关的公开办和运维岗可以办理网站登记。"))


def _locked(site: Site, by: Actor) -> Site:
    _require(by, site.path)
    return Site.objects.select_for_update(of=("self",)).select_related("organ", "parent").get(pk=site.pk)


def _check_profile(site: Site) -> None:
    site.clean_fields(exclude=["organ", "path", "state", "parent", "logo"])
    site.validate_constraints()
    if site.parent is not None and (site.parent.pk == site.pk or site.parent.parent_id is not None):
        raise ValidationError({"parent": _("主站应当是另一个网站，并且本身不是子站。")})
    if site.parent is not None and site.pk and site.subsites.exists():
        raise ValidationError({"parent": _("这个网站还有子站，不能作为别的网站的子站。")})
    if site.joined_on is not None and site.parent is None:
        raise ValidationError({"parent": _("填写了纳入日期的，请选择主站。")})
    if site.joined_on is not None:
        _check_past(site.joined_on, field="joined_on")


def _check_past(day: dt.date, since: dt.date | None = None, field: str = "on") -> None:
    if day > clock.today():
        raise ValidationError({field: _("日期不能在今天之后。")})
    if since is not None and day < since:
        raise ValidationError({field: _("日期不能早于启用日期。")})


def _kept(by: Actor, verb: str, site: Site, row: Any) -> Any:
    row.recorded_at = clock.now()
    row.clean_fields(exclude=["site"])
    row.save()
    _log(by, verb, site, row=row.pk)
    return row


def _log(by: Actor, verb: str, site: Site, **detail: Any) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=site, path=site.path, detail=detail)
    hosting.changed()


def _log_common(by: Actor, verb: str, row: Any) -> None:
    place = authority.place(by)
    audit.record(actor=by.key, post=by.post, verb=verb, subject=row, path=place, detail={"name": row.name})
    hosting.changed()
