"""Where documents are made public: channels as an editable, dated table, and the accounts organs keep on them (05 §6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import OrganRecord
from gongkai.organs.models import Organ
from gongkai.organs.scope import COMMON


class Channel(models.Model):
    """One kind of place to publish: 政府网站, 政务微信, 公开栏, 《西工通讯》. Editable and dated: a channel that is no longer
    used stays with its releases. With `organ` it is that organ's own, offered to it and everything below."""

    scope_register = "classifications"
    scope_path: ClassVar[str] = COMMON

    class Category(models.TextChoices):
        """The four counts of the annual reports."""

        WEBSITE = "website", _("政府网站")
        WEIBO = "weibo", _("政务微博")
        WECHAT = "wechat", _("政务微信")
        OTHER = "other", _("其他方式")

    key = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("渠道名称"), max_length=60)
    category = models.CharField(_("计数类别"), max_length=10, choices=Category)
    offline = models.BooleanField(
        _("线下渠道"),
        default=False,
        help_text=_("登记份数、地点、场次的渠道，如公开栏、印发资料、新闻发布会"),
    )
    organ = models.ForeignKey(
        Organ,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("使用机关"),
        help_text=_("空白即各机关通用；选了机关的，只供该机关及其下级使用"),
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True, help_text=_("使用的最后一天"))

    class Meta:
        ordering: ClassVar = ["category", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "valid_from"], name="channel_once")]

    def __str__(self) -> str:
        return self.name


class Account(OrganRecord):
    """An organ's own place on a channel: a site, an official account, an app, a periodical."""

    scope_register = "documents"

    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("渠道")
    )
    name = models.CharField(_("账号名称"), max_length=80, help_text=_("如 平顶山发布"))
    address = models.CharField(
        _("网址或账号标识"), max_length=300, blank=True, help_text=_("网站写首页网址，公众号写微信号")
    )
    opened_on = models.DateField(_("开通日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True, help_text=_("使用的最后一天"))

    class Meta:
        ordering: ClassVar = ["path", "channel", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "channel", "name"],
                condition=models.Q(closed_on__isnull=True),
                name="open_account_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
