"""Websites with their domains, dated steps, honours and revisions; links shown on them; batches handed over to a successor.

A site is the sum of its steps: the columns marked as projections follow from them and are written in the same transaction.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord, StoredFile
from gongkai.organs.models import Organ
from gongkai.organs.scope import COMMON


class Site(OrganRecord):
    """A government website. `organ` is the organ it stands for: its subtree is what the site shows.

    `served` says whether this installation answers for the site's domains; a site hosted elsewhere is registered all the same.
    """

    scope_register = "sites"

    class Kind(models.TextChoices):
        PORTAL = "portal", _("政府门户网站")
        DEPARTMENT = "department", _("部门网站")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("拟开办")
        APPLYING = "applying", _("审批中")
        OPEN = "open", _("已开办")
        CHANGING = "changing", _("变更中")
        OFFLINE = "offline", _("临时下线")
        CLOSING = "closing", _("关停公示")
        CLOSED = "closed", _("已关停")
        CANCELLED = "cancelled", _("已注销")

    class IPv6(models.TextChoices):
        UNKNOWN = "", _("未登记")
        NO = "no", _("不支持")
        YES = "yes", _("支持")

    name = models.CharField(_("网站名称"), max_length=120)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsites",
        verbose_name=_("主站"),
    )
    joined_on = models.DateField(
        _("纳入日期"), null=True, blank=True, help_text=_("作为子站纳入集约化平台的日期")
    )
    served = models.BooleanField(
        _("由本平台发布"), default=True, help_text=_("访问其域名时，由本平台显示该机关及下级的内容")
    )
    host_name = models.CharField(
        _("主办单位"), max_length=120, blank=True, help_text=_("空白即所属机关的名称")
    )
    undertaker = models.CharField(_("承办单位"), max_length=120, blank=True)
    supervisor = models.CharField(_("主管单位"), max_length=120, blank=True)
    manager = models.CharField(_("负责人职务"), max_length=60, blank=True, help_text=_("写职务，不写姓名"))
    phone = models.CharField(_("联系电话"), max_length=80, blank=True)
    email = models.CharField(_("联系邮箱"), max_length=120, blank=True)
    id_code = models.CharField(_("网站标识码"), max_length=12, blank=True)
    icp = models.CharField(_("ICP备案编号"), max_length=60, blank=True)
    police = models.CharField(_("公安备案号"), max_length=60, blank=True)
    emblem = models.URLField(
        _("党政机关网站标识"), max_length=300, blank=True, help_text=_("标识的验证网址，由机构编制部门核发")
    )
    errors_url = models.URLField(
        _("我为政府网站找错"), max_length=300, blank=True, help_text=_("监督举报平台的网址")
    )
    logo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("徽标")
    )
    ipv6 = models.CharField(_("IPv6"), max_length=4, choices=IPv6, blank=True, default="")
    ipv6_on = models.DateField(_("IPv6核实日期"), null=True, blank=True)
    platform = models.CharField(_("技术平台"), max_length=120, blank=True)
    is_default = models.BooleanField(
        _("缺省网站"),
        default=False,
        help_text=_("用没有登记的域名访问时显示的网站，至多一个"),
        editable=False,
    )
    entered_by = models.CharField(_("登记人"), max_length=80, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)

    # projections of the steps
    state = models.CharField(_("状态"), max_length=12, choices=State, editable=False)
    opened_on = models.DateField(_("开办日期"), null=True, editable=False)
    notice_until = models.DateField(_("公示至"), null=True, editable=False)
    new_address = models.CharField(_("新网址"), max_length=300, blank=True, editable=False)
    closed_on = models.DateField(_("关停日期"), null=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "opened_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_site"
            ),
            models.UniqueConstraint(
                fields=["id_code"],
                condition=~Q(id_code=""),
                name="site_id_code_once",
                violation_error_code="unique",  # told beside the field
                violation_error_message=_("这个网站标识码已登记在另一个网站名下。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteDomain(models.Model):
    """A host name of a site, from a day on. In one site at most one is the main domain; in service a name is used once."""

    scope_register = "sites"
    scope_path = "site__path"

    class Use(models.TextChoices):
        MAIN = "main", _("主域名")
        OTHER = "other", _("其他域名")
        PREVIEW = "preview", _("内部预览")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="domains", verbose_name=_("网站"))
    name = models.CharField(_("域名"), max_length=120)
    use = models.CharField(_("用途"), max_length=8, choices=Use)
    valid_from = models.DateField(_("启用日期"))
    idle_since = models.DateField(
        _("闲置自"), null=True, blank=True, help_text=_("不再使用、还没有注销的，填写停用日期")
    )
    cancelled_on = models.DateField(_("注销日期"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(cancelled_on__isnull=True), name="domain_once"
            ),
            models.UniqueConstraint(
                fields=["site"], condition=Q(use="main", cancelled_on__isnull=True), name="one_main_domain"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteStep(AppendOnly):
    """One dated fact of a site's life. A wrong one is taken back by another that only withdraws it."""

    scope_register = "sites"
    scope_path = "site__path"

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("拟开办")
        APPLIED = "applied", _("报请审批")
        OPENED = "opened", _("开办")
        CHANGING = "changing", _("开始变更")
        CHANGED = "changed", _("变更完成")
        OFFLINE = "offline", _("临时下线")
        RESUMED = "resumed", _("恢复运行")
        CLOSING = "closing", _("关停公示")
        CLOSED = "closed", _("关停")
        CANCELLED = "cancelled", _("注销")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    until = models.DateField(_("至"), null=True, blank=True, help_text=_("临时下线、公示的最后一天"))
    new_address = models.URLField(_("新网址"), max_length=300, blank=True)
    document = models.CharField(_("批准文件"), max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    withdraws = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawn_by"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["site", "on"])]


class Honour(models.Model):
    """An award a site received (S174). One entered by mistake is struck."""

    scope_register = "sites"
    scope_path = "site__path"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="honours", verbose_name=_("网站"))
    name = models.CharField(_("荣誉名称"), max_length=120)
    awarded_by = models.CharField(_("授予单位"), max_length=120)
    on = models.DateField(_("获奖日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    struck_at = models.DateTimeField(_("划去时间"), null=True, editable=False)

    def __str__(self) -> str:
        return self.name


class SiteRevision(models.Model):
    """What was changed on a site and on the machines below it: redesign, machine room, hardware, software (S176)."""

    scope_register = "sites"
    scope_path = "site__path"

    class Kind(models.TextChoices):
        REDESIGN = "redesign", _("网站改版")
        ROOM = "room", _("机房建设")
        HARDWARE = "hardware", _("硬件更新")
        SOFTWARE = "software", _("软件升级")
        SECURITY = "security", _("安全加固")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("网站"))
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    on = models.DateField(_("完成日期"))
    text = models.CharField(_("内容"), max_length=500)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    struck_at = models.DateTimeField(_("划去时间"), null=True, editable=False)


class ServiceLink(models.Model):
    """A link of the 政务服务网 block on a site's home page (S168)."""

    scope_register = "sites"
    scope_path = "site__path"

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="services", verbose_name=_("网站"))
    title = models.CharField(_("名称"), max_length=40)
    url = models.URLField(_("网址"), max_length=300)
    note = models.CharField(_("说明"), max_length=80, blank=True)
    place = models.PositiveSmallIntegerField(_("顺序"), default=10)
    ended_on = models.DateField(_("停用日期"), null=True, editable=False)

    def __str__(self) -> str:
        return self.title


class OldAddress(models.Model):
    """Where a page of a former address is now: asked only when nothing is found there, answered with 301 for ever."""

    scope_register = "sites"
    scope_path = "site__path"

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="old_addresses", verbose_name=_("网站")
    )
    old = models.CharField(_("原路径"), max_length=300, help_text=_("以 / 开头，不带域名"))
    new = models.CharField(_("现路径"), max_length=300, help_text=_("以 / 开头，不带域名"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "old"],
                name="old_address_once",
                violation_error_message=_("这个原路径已登记，要改的请先删除原来的。"),
            )
        ]

    def __str__(self) -> str:
        return self.old


class TrustedDomain(models.Model):
    """A domain outside .gov.cn and .政务 that public pages may link to without a warning; common to all sites."""

    scope_register = "settings"
    scope_path: ClassVar[str] = COMMON

    name = models.CharField(_("域名"), max_length=120, unique=True, help_text=_("连同其下级域名"))
    reason = models.CharField(_("理由"), max_length=200)
    ended_on = models.DateField(_("停用日期"), null=True, editable=False)

    def __str__(self) -> str:
        return self.name


class HandOver(models.Model):
    """One batch of a closed or merged unit's sites, columns, documents and open applications, handed to its successor.

    The records stay the predecessor's for ever; what is handed over is who keeps and continues them. Both sides see it.
    """

    scope_register = "handovers"
    scope_path = "parties__organ__path"

    title = models.CharField(_("批次名称"), max_length=200)
    giver = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", verbose_name=_("移交机关"))
    receiver = models.ForeignKey(
        Organ, on_delete=models.PROTECT, related_name="+", verbose_name=_("接收机关")
    )
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("关停的网站")
    )
    basis = models.CharField(_("依据文件"), max_length=200)
    opened_on = models.DateField(_("开始日期"))
    handed_on = models.DateField(_("移交日期"), null=True, editable=False)
    received_on = models.DateField(_("接收日期"), null=True, editable=False)
    number = models.CharField(_("回执编号"), max_length=40, blank=True, editable=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    cancelled_on = models.DateField(_("撤销日期"), null=True, editable=False)
    cancelled_because = models.CharField(_("撤销原因"), max_length=300, blank=True, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)

    def __str__(self) -> str:
        return self.title


class HandOverParty(models.Model):
    """Who sees and works on a batch: the organ that gives and the one that receives."""

    scope_register = "handovers"
    scope_path = "organ__path"

    handover = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="parties")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "organ"], name="handover_party_once")
        ]


class HandOverItem(models.Model):
    """One line of the check list: how many there were when it was counted, and how many the receiver found."""

    scope_register = "handovers"
    scope_path = "handover__parties__organ__path"

    class Kind(models.TextChoices):
        DOCUMENTS = "documents", _("文件")
        COLUMNS = "columns", _("栏目")
        SITES = "sites", _("网站")
        CASES = "cases", _("在办申请")
        OTHER = "other", _("其他")

    handover = models.ForeignKey(
        HandOver, on_delete=models.PROTECT, related_name="items", verbose_name=_("移交批次")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    what = models.CharField(_("内容"), max_length=200)
    counted = models.PositiveIntegerField(_("移交数"))
    counted_on = models.DateField(_("清点日期"), editable=False)
    checked_on = models.DateField(_("核对日期"), null=True, editable=False)
    checked_by = models.CharField(max_length=80, blank=True, editable=False)
    received = models.PositiveIntegerField(_("接收数"), null=True, editable=False)
    received_on = models.DateField(_("接收日期"), null=True, editable=False)
    received_by = models.CharField(max_length=80, blank=True, editable=False)
    note = models.CharField(_("差异说明"), max_length=300, blank=True)
