"""Administrative acts behind table 2: kinds of power items and their changes, decisions, fees and procurement, as dated rows.

Units that keep no rows report dated tallies on the same measures. A row entered by mistake is struck out and stays; what
replaces it names it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import OrganRecord


class Row(models.TextChoices):
    LICENSE = "admin_license", _("行政许可")
    SERVICES = "other_public_services", _("其他对外管理服务事项")
    PENALTY = "admin_penalty", _("行政处罚")
    COERCION = "admin_coercion", _("行政强制")
    FEES = "admin_fees", _("行政事业性收费")


DECIDED = [choice for choice in Row.choices if choice[0] != Row.FEES]
STANDING = Q(struck_at__isnull=True)


class Act(OrganRecord):
    """What every row of this register carries: who entered it when, whether it was struck out, and what it replaces."""

    scope_register = "acts"

    entered_by = models.CharField(_("登记人"), max_length=80, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    struck_at = models.DateTimeField(_("划去时间"), null=True, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        verbose_name=_("替换"),
    )

    class Meta:
        abstract = True


class PowerItem(Act):
    """One kind of power an organ holds (a licence type, a penalty item, a fee item) from a day until the day it goes."""

    row = models.CharField(_("类别"), max_length=30, choices=Row)
    name = models.CharField(_("事项名称"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    added_on = models.DateField(_("设立日期"))
    removed_on = models.DateField(_("取消日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("权力事项")
        indexes: ClassVar = [
            models.Index(fields=["path", "row", "added_on"]),
            models.Index(fields=["path", "row", "removed_on"]),
        ]

    def __str__(self) -> str:
        return self.name


class Decision(Act):
    """One decision made under a power item. The person it concerns is not kept here."""

    row = models.CharField(_("类别"), max_length=30, choices=DECIDED)
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
        verbose_name = _("处理决定")
        indexes: ClassVar = [models.Index(fields=["path", "row", "decided_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "number"], condition=STANDING, name="decision_number_once"
            )
        ]


class FeeIncome(Act):
    """行政事业性收费 collected on a day under a fee item; yuan with two decimals. Refunds are negative."""

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
        verbose_name = _("收费记录")
        indexes: ClassVar = [models.Index(fields=["path", "collected_on"])]


class Procurement(Act):
    """One centralised procurement project and its amount in yuan."""

    title = models.CharField(_("项目名称"), max_length=200)
    number = models.CharField(_("采购编号"), max_length=80)
    concluded_on = models.DateField(_("成交日期"))
    amount_yuan = models.DecimalField(_("金额（元）"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("采购项目")
        indexes: ClassVar = [models.Index(fields=["path", "concluded_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "number"], condition=STANDING, name="procurement_number_once"
            )
        ]
