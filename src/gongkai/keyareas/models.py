"""Administrative acts behind table 2: kinds of power items and their changes, decisions, fees and procurement, as dated rows.

Units that keep no rows report dated tallies on the same measures.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import OrganRecord


class Row(models.TextChoices):
    LICENSE = "admin_license", _("行政许可")
    SERVICES = "other_public_services", _("其他对外管理服务事项")
    PENALTY = "admin_penalty", _("行政处罚")
    COERCION = "admin_coercion", _("行政强制")
    FEES = "admin_fees", _("行政事业性收费")


class PowerItem(OrganRecord):
    """One kind of power an organ holds (a licence type, a penalty item, a fee item) from a day until a day."""

    scope_register = "acts"

    row = models.CharField(_("类别"), max_length=30, choices=Row)
    name = models.CharField(_("事项名称"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    added_on = models.DateField(_("设立日期"))
    removed_on = models.DateField(_("取消日期"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "row", "added_on"])]


class Decision(OrganRecord):
    """One decision made under a power item. The person it concerns is not kept here."""

    scope_register = "acts"

    row = models.CharField(_("类别"), max_length=30, choices=[c for c in Row.choices if c[0] != "admin_fees"])
    item = models.ForeignKey(
        PowerItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("事项"),
    )
    number = models.CharField(_("决定文书号"), max_length=80)
    decided_on = models.DateField(_("决定日期"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "row", "decided_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "number"], name="decision_number_once")
        ]


class FeeIncome(OrganRecord):
    """行政事业性收费 collected on a day under a fee item; yuan with two decimals. Refunds are negative."""

    scope_register = "acts"

    item = models.ForeignKey(
        PowerItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="income",
        verbose_name=_("收费项目"),
    )
    collected_on = models.DateField(_("收取日期"))
    amount_yuan = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "collected_on"])]


class Procurement(OrganRecord):
    """One centralised procurement project and its amount in yuan."""

    scope_register = "acts"

    title = models.CharField(_("项目名称"), max_length=200)
    number = models.CharField(_("采购编号"), max_length=80)
    concluded_on = models.DateField(_("成交日期"))
    amount_yuan = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "concluded_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "number"], name="procurement_number_once")
        ]
