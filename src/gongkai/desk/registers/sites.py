"""网站登记: sites with their domains, life, honours and revisions, the links they show; domains trusted by all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.base.fields import prefixes
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import FilterSpec, choice, either, organ, search
from gongkai.desk.register.forms import date_field, form_for, reason_field
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.law.wording import zh_date
from gongkai.monitoring import actions, rules
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
from gongkai.organs import scope
from gongkai.organs.scope import MANAGE, Viewer

_GROUP = _("网站")
Kind = SiteStep.Kind
_KINDS = {
    Site.State.OPEN: "done",
    Site.State.CLOSING: "soon",
    Site.State.OFFLINE: "soon",
    Site.State.CLOSED: "over",
    Site.State.CANCELLED: "over",
}


def _state(row: Site) -> State:
    return State(_KINDS.get(Site.State(row.state), "open"), row.get_state_display())


def _main_domain(row: Site) -> str:
    names = [one.name for one in row.domains.all() if one.use == SiteDomain.Use.MAIN and not one.cancelled_on]
    return names[0] if names else ""


def _warnings(row: Site) -> list[str]:
    return [f"{one.rule}　{one.words}" for one in rules.findings(row, clock.today())]


def _main_sites(who: Viewer, record: Site | None) -> QuerySet[Site]:
    """Main sites in reach and of the organs above, which an office sees no records of, and the one the site has now."""
    in_reach = scope.rows(who, Site).values("pk")
    above = {
        path for reach in scope.reached(who, actions.REGISTER) for own in reach for path in prefixes(own)
    }
    offered = Q(parent__isnull=True) & (Q(pk__in=in_reach) | Q(path__in=above))
    if record is None:
        return Site.objects.filter(offered).order_by("name")
    return Site.objects.filter(offered | Q(pk=record.parent_id)).exclude(pk=record.pk).order_by("name")


_PARENT = ScopedChoice(Site, label=_("主站"), required=False, rows=_main_sites)
_OPENED = date_field(_("开办日期"), required=False, help_text=_("还在筹建的留空，登记为拟开办"))
_SITE = Column("site", _("网站"), record=lambda row: ("sites", row.site_id))


def _step(kind: str, explain: Text = "", *fields: str, danger: bool = False) -> Action:
    return Action(
        kind,
        Kind(kind).label,
        lambda by, row, data: actions.step(row, by=by, kind=kind, **data).site,
        form=form_for(SiteStep, "on", *fields, "document"),
        refusal=lambda row: actions.refusal(row, kind),
        explain=explain,
        danger=danger,
    )


def _set_logo(by: Any, row: Site, data: dict[str, Any]) -> Site:
    upload: UploadedFile = data["logo"]
    return actions.set_logo(row, by=by, name=str(upload.name), content=upload.read())


SITES = Register(
    key="sites",
    model=Site,
    title=_("政府网站"),
    unit=_("个"),
    group=_GROUP,
    explain=_("网站的主办单位、域名、标识和备案，开办到关停的每一步；不合规范的逐条提示"),
    label=str,
    order=["path", "pk"],
    columns=[
        Column("name", link=True, wide=True),
        Column("organ__name", _("机关")),
        Column("kind"),
        Column("domain", _("主域名"), value=_main_domain),
        Column("state", _("状态"), value=_state),
        Column("joined_on"),
        Column("ipv6"),
    ],
    filters=[
        search("name", "id_code", also=lambda text: Q(domains__name__icontains=text)),
        choice("kind"),
        choice("state", choices=Site.State.choices),
        choice("ipv6", choices=[("yes", _("支持")), ("no", _("不支持"))]),
        organ(),
    ],
    related=["organ", "parent"],
    narrow=lambda who, rows: rows.distinct().prefetch_related("domains"),
    warnings=_warnings,
    facts=[
        Column("organ__name", _("机关")),
        Column("kind"),
        Column("state", _("状态"), value=_state),
        Column("parent", record=lambda row: ("sites", row.parent_id) if row.parent_id else None),
        Column("joined_on"),
        Column("served"),
        Column("is_default"),
        Column("host_name", _("主办单位"), value=lambda row: row.host_name or row.organ.name),
        Column("undertaker"),
        Column("supervisor"),
        Column("manager"),
        Column("phone"),
        Column("email"),
        Column("id_code"),
        Column("icp"),
        Column("police"),
        Column("emblem"),
        Column("logo", _("徽标"), value=lambda row: _("已登记") if row.logo_id else ""),
        Column("errors_url"),
        Column("ipv6"),
        Column("ipv6_on"),
        Column("platform"),
        Column("opened_on"),
        Column("notice_until"),
        Column("new_address"),
        Column("closed_on"),
    ],
    parts=[
        Part(
            _("域名"),
            lambda who, row: row.domains.order_by("pk"),
            [
                Column("name", link=True),
                Column("use"),
                Column("valid_from"),
                Column("idle_since"),
                Column("cancelled_on"),
            ],
            register="site-domains",
            empty=_("还没有登记域名。"),
        ),
        Part(
            _("开办到关停"),
            lambda who, row: row.steps.select_related("withdrawn_by").order_by("on", "pk"),
            [
                Column("on"),
                Column("kind", link=True, value=lambda step: step.get_kind_display()),
                Column("until"),
                Column("document"),
                Column("reason", wide=True),
                Column("state", _("状态"), value=lambda step: _step_state(step)),
            ],
            register="site-steps",
        ),
        Part(
            _("获奖"),
            lambda who, row: row.honours.order_by("-on"),
            [Column("on"), Column("name", link=True, wide=True), Column("awarded_by"), Column("struck_at")],
            register="site-honours",
            empty=_("还没有登记获奖。"),
        ),
        Part(
            _("改版和软硬件"),
            lambda who, row: row.revisions.order_by("-on"),
            [Column("on"), Column("kind", link=True), Column("text", wide=True), Column("struck_at")],
            register="site-revisions",
            empty=_("还没有登记。"),
        ),
        Part(
            _("政务服务网链接"),
            lambda who, row: row.services.order_by("place", "pk"),
            [Column("title", link=True), Column("url", wide=True), Column("place"), Column("ended_on")],
            register="site-services",
            empty=_("首页还没有政务服务网链接。"),
        ),
        Part(
            _("原地址"),
            lambda who, row: row.old_addresses.order_by("old"),
            [Column("old", link=True, wide=True), Column("new", wide=True)],
            register="site-old-addresses",
            most=200,
            empty=_("没有登记原地址。"),
        ),
    ],
    actions=[
        Action(
            "add",
            _("登记网站"),
            lambda by, row, data: actions.register_site(by=by, **data),
            form=form_for(Site, "organ", *actions.PROFILE, parent=_PARENT, opened_on=_OPENED),
            new=True,
        ),
        Action(
            "edit",
            _("修改登记"),
            lambda by, row, data: actions.edit_site(row, by=by, **data),
            form=form_for(Site, *actions.PROFILE, parent=_PARENT),
            initial=lambda row: {name: getattr(row, name) for name in actions.PROFILE},
        ),
        Action(
            "domain",
            _("登记域名"),
            lambda by, row, data: actions.add_domain(row, by=by, **data).site,
            form=form_for(SiteDomain, "name", "use", "valid_from"),
        ),
        Action(
            "logo",
            _("上传徽标"),
            _set_logo,
            form=form_for(
                Site,
                logo=forms.FileField(label=_("徽标"), help_text=_("PNG 或 JPG，不超过 200 KB")),
            ),
        ),
        _step(Kind.APPLIED),
        _step(Kind.OPENED),
        _step(Kind.CHANGING, "", "reason"),
        _step(Kind.CHANGED),
        _step(Kind.OFFLINE, _("须经批准，并在网站上说明。"), "until", "reason"),
        _step(Kind.RESUMED),
        _step(
            Kind.CLOSING,
            _("公示期内每页写明关停日期和新网址；公示不少于规定天数。"),
            "until",
            "new_address",
            "reason",
        ),
        _step(Kind.CLOSED, _("公示期满后办理；此后原网址转到新网站，或者作为历史归档保留。"), danger=True),
        _step(Kind.CANCELLED, danger=True),
        Action(
            "honour",
            _("登记获奖"),
            lambda by, row, data: actions.add_honour(row, by=by, **data).site,
            form=form_for(Honour, "name", "awarded_by", "on", "note"),
        ),
        Action(
            "revision",
            _("登记改版、软硬件"),
            lambda by, row, data: actions.add_revision(row, by=by, **data).site,
            form=form_for(SiteRevision, "kind", "on", "text"),
        ),
        Action(
            "service",
            _("增加政务服务网链接"),
            lambda by, row, data: actions.add_service(row, by=by, **data).site,
            form=form_for(ServiceLink, "title", "url", "note", "place"),
        ),
        Action(
            "old-address",
            _("登记原地址"),
            lambda by, row, data: actions.add_old_address(row, by=by, **data).site,
            form=form_for(OldAddress, "old", "new"),
            explain=_("原路径没有页面时，永久转到现路径。"),
        ),
        Action(
            "default",
            _("设为缺省网站"),
            lambda by, row, data: actions.make_default(row, by=by),
            explain=_("用没有登记的域名访问时，显示这个网站。"),
            verb=MANAGE,
            register="settings",
            common=True,
            refusal=actions.default_refusal,
        ),
    ],
)


def _step_state(step: SiteStep) -> State | Text:
    if step.withdraws_id:
        return _("撤回记录")
    return _("已撤回") if hasattr(step, "withdrawn_by") else State("done", _("有效"))


STEPS = Register(
    key="site-steps",
    model=SiteStep,
    title=_("网站开办与关停"),
    unit=_("条"),
    group=_GROUP,
    listed=False,
    label=lambda row: _g("%(kind)s（%(on)s）") % {"kind": row.get_kind_display(), "on": zh_date(row.on)},
    columns=[Column("site__name", _("网站"), link=True, wide=True), Column("kind"), Column("on")],
    filters=[choice("kind"), organ()],
    related=["site__organ", "withdrawn_by"],
    facts=[
        _SITE,
        Column("kind"),
        Column("on"),
        Column("until"),
        Column("new_address"),
        Column("document"),
        Column("reason"),
        Column("recorded_at"),
        Column("state", _("状态"), value=_step_state),
    ],
    actions=[
        Action(
            "withdraw",
            _("撤回"),
            lambda by, row, data: actions.withdraw_step(row, by=by, reason=data["reason"]).site,
            form=form_for(SiteStep, reason=reason_field(_("撤回原因"))),
            refusal=actions.withdrawal_refusal,
            danger=True,
        )
    ],
)


DOMAINS = Register(
    key="site-domains",
    model=SiteDomain,
    title=_("网站域名"),
    unit=_("个"),
    group=_GROUP,
    label=str,
    order=["name", "pk"],
    columns=[
        Column("name", link=True),
        Column("site__name", _("网站"), wide=True),
        Column("use"),
        Column("valid_from"),
        Column("idle_since"),
        Column("cancelled_on"),
    ],
    filters=[
        search("name"),
        choice("use"),
        either(
            "state",
            _("状态"),
            {
                "idle": (_("闲置未注销"), Q(idle_since__isnull=False, cancelled_on__isnull=True)),
                "cancelled": (_("已注销"), Q(cancelled_on__isnull=False)),
            },
        ),
        organ(),
    ],
    related=["site__organ"],
    facts=[
        _SITE,
        Column("use"),
        Column("valid_from"),
        Column("idle_since"),
        Column("cancelled_on"),
    ],
    actions=[
        Action(
            "idle",
            _("登记闲置"),
            lambda by, row, data: actions.idle_domain(row, by=by, on=data["on"]),
            form=form_for(SiteDomain, on=date_field(_("停用日期"))),
            refusal=actions.domain_refusal,
        ),
        Action(
            "cancel",
            _("注销"),
            lambda by, row, data: actions.cancel_domain(row, by=by, on=data["on"]),
            form=form_for(SiteDomain, on=date_field(_("注销日期"))),
            refusal=actions.domain_refusal,
            danger=True,
        ),
    ],
)


_STRIKE = Action(
    "strike",
    _("划去"),
    lambda by, row, data: actions.strike(row, by=by),
    refusal=actions.strike_refusal,
    danger=True,
    explain=_("用于登记错的记录：划去后仍可查阅，不再计数。"),
)


def _dated(
    model: type[Honour | SiteRevision],
    key: str,
    title: Text,
    label: Callable[[Any], str],
    names: Sequence[str],
    *,
    head: str,
    filters: Sequence[FilterSpec],
) -> Register:
    """Honours and revisions have one shape: what a site had on a day, struck when it was entered by mistake. `head` is the
    one of its columns `names` that leads to the record."""
    return Register(
        key=key,
        model=model,
        title=title,
        unit=_("项"),
        group=_GROUP,
        label=label,
        order=["-on", "-pk"],
        columns=[
            Column(head, link=True, wide=head == "name"),
            Column("site__name", _("网站")),
            *(Column(name, wide=name == "text") for name in names if name not in (head, "note")),
            Column("struck_at"),
        ],
        filters=[*filters, organ()],
        related=["site__organ"],
        facts=[
            _SITE,
            *(Column(name) for name in names if name != "name"),
            Column("recorded_at"),
            Column("struck_at"),
        ],
        actions=[_STRIKE],
    )


HONOURS = _dated(
    Honour,
    "site-honours",
    _("网站获奖"),
    str,
    ("name", "awarded_by", "on", "note"),
    head="name",
    filters=[search("name", "awarded_by")],
)
REVISIONS = _dated(
    SiteRevision,
    "site-revisions",
    _("网站改版和软硬件"),
    lambda row: f"{row.get_kind_display()}（{zh_date(row.on)}）",
    ("kind", "on", "text"),
    head="kind",
    filters=[search("text"), choice("kind")],
)
OLD_ADDRESSES = Register(
    key="site-old-addresses",
    model=OldAddress,
    title=_("网站原地址"),
    unit=_("条"),
    group=_GROUP,
    explain=_("原路径没有页面时，永久转到现路径；浏览器可能记住已经转过的地址，登记错的请尽早删除"),
    label=str,
    order=["old", "pk"],
    columns=[Column("old", link=True, wide=True), Column("site__name", _("网站")), Column("new", wide=True)],
    filters=[search("old", "new"), organ()],
    related=["site__organ"],
    facts=[_SITE, Column("old"), Column("new")],
    actions=[
        Action(
            "remove",
            _("删除"),
            lambda by, row, data: actions.remove_old_address(row, by=by),
            danger=True,
            explain=_("删除后，访问原路径不再转走。"),
        )
    ],
)
SERVICES = Register(
    key="site-services",
    model=ServiceLink,
    title=_("政务服务网链接"),
    unit=_("个"),
    group=_GROUP,
    listed=False,
    label=str,
    order=["place", "pk"],
    columns=[
        Column("title", link=True),
        Column("site__name", _("网站")),
        Column("url", wide=True),
        Column("place"),
        Column("ended_on"),
    ],
    filters=[search("title", "url"), organ()],
    related=["site__organ"],
    facts=[
        _SITE,
        Column("url"),
        Column("note"),
        Column("place"),
        Column("ended_on"),
    ],
    actions=[
        Action(
            "edit",
            _("修改"),
            lambda by, row, data: actions.edit_service(row, by=by, **data),
            form=form_for(ServiceLink, "title", "url", "note", "place"),
            initial=lambda row: {name: getattr(row, name) for name in ("title", "url", "note", "place")},
            refusal=actions.ended_refusal,
        ),
        Action(
            "end",
            _("停用"),
            lambda by, row, data: actions.end_service(row, by=by),
            refusal=actions.ended_refusal,
            danger=True,
        ),
    ],
)
TRUSTED = Register(
    key="trusted-domains",
    model=TrustedDomain,
    title=_("可信外部域名"),
    unit=_("个"),
    group=_GROUP,
    section="settings",
    explain=_("链接到这些域名及其下级域名时，不提示“不属于政府网站”；.gov.cn 和 .政务 不用登记"),
    label=str,
    order=["name"],
    columns=[Column("name", link=True), Column("reason", wide=True), Column("ended_on")],
    filters=[search("name", "reason")],
    facts=[Column("reason"), Column("ended_on")],
    actions=[
        Action(
            "add",
            _("增加域名"),
            lambda by, row, data: actions.trust_domain(by=by, **data),
            form=form_for(
                TrustedDomain,
                name=forms.CharField(label=_("域名"), max_length=120),
                reason=reason_field(_("理由")),
            ),
            verb=MANAGE,
            new=True,
            common=True,
        ),
        Action(
            "end",
            _("停用"),
            lambda by, row, data: actions.distrust_domain(row, by=by),
            verb=MANAGE,
            refusal=actions.ended_refusal,
            danger=True,
        ),
    ],
)
REGISTERS = (SITES, DOMAINS, STEPS, HONOURS, REVISIONS, SERVICES, OLD_ADDRESSES, TRUSTED)
