"""Collecting from below: a year's reports, and statistics sheets period by period.

One machinery for both: a round is opened by the organ that collects, every organ asked has a duty, and everything that
happens is a fact. Whether somebody is late follows from dates and is never stored.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.models import ReportVersion
from gongkai.base.models import AppendOnly, OrganRecord
from gongkai.organs.models import Organ

REGISTER = "rounds"


class Sheet(OrganRecord):
    """A statistics sheet (统计报表) that an organ asks its units for, period after period.

    `columns` are ``{"measure": key, "dims": {...}}`` in order. Without `units` every reporting organ directly below fills
    it in. `days` count from the last day of the period.
    """

    scope_register = REGISTER

    class Frequency(models.TextChoices):
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        HALF = "half", _("每半年")
        YEAR = "year", _("每年")

    class Days(models.TextChoices):
        WORKDAYS = "workdays", _("工作日")
        CALENDAR = "calendar", _("自然日（末日逢放假顺延）")

    name = models.CharField(_("名称"), max_length=120)
    basis = models.CharField(
        _("依据"), max_length=200, help_text=_("要求报送的文件，例如：政府信息公开统计制度")
    )
    frequency = models.CharField(_("周期"), max_length=8, choices=Frequency)
    columns = models.JSONField(_("指标"), default=list)
    units = models.ManyToManyField(Organ, related_name="+", blank=True, verbose_name=_("填报单位"))
    days = models.PositiveSmallIntegerField(_("期末后几日内报送"), default=10)
    day_kind = models.CharField(_("按"), max_length=10, choices=Days, default=Days.WORKDAYS)
    created_at = models.DateTimeField(editable=False)
    ended_on = models.DateField(_("停用日期"), null=True, editable=False)

    def __str__(self) -> str:
        return self.name


class Round(OrganRecord):
    """One collection: the reports of a year, or one period of a sheet. `organ` collects.

    `closed_on` and `cancelled_on` follow from the facts (see :mod:`.projection`).
    """

    scope_register = REGISTER

    class Purpose(models.TextChoices):
        REPORTS = "reports", _("年度报告")
        SHEET = "sheet", _("统计报表")

    purpose = models.CharField(max_length=8, choices=Purpose)
    year = models.PositiveSmallIntegerField(_("年度"))
    sheet = models.ForeignKey(Sheet, null=True, on_delete=models.PROTECT, related_name="rounds")
    start = models.DateField()
    end = models.DateField()
    number = models.PositiveSmallIntegerField(help_text="1, or more where earlier ones were cancelled")
    closed_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organ", "year", "number"],
                condition=models.Q(purpose="reports"),
                name="report_round_order",
            ),
            models.UniqueConstraint(
                fields=["sheet", "start", "number"],
                condition=models.Q(purpose="sheet"),
                name="sheet_round_order",
            ),
            models.UniqueConstraint(
                fields=["organ", "year"],
                condition=models.Q(purpose="reports", cancelled_on__isnull=True),
                name="one_report_round_a_year",
            ),
        ]

    @property
    def collects_reports(self) -> bool:
        """Whether it collects annual reports; otherwise a statistics sheet."""
        return self.purpose == self.Purpose.REPORTS


class Duty(OrganRecord):
    """One organ asked in a round. `organ` is who owes; `group` the deadline it comes under.

    `stage`, `deadline` and `accepted` follow from the facts (see :mod:`.projection`).
    """

    scope_register = REGISTER

    class Stage(models.TextChoices):
        WAITING = "waiting", _("未报送")
        SUBMITTED = "submitted", _("已报送")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已接收")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="duties")
    group = models.CharField(max_length=12)
    stage = models.CharField(_("状态"), max_length=10, choices=Stage, default=Stage.WAITING)
    deadline = models.DateField(_("期限"))
    accepted = models.ForeignKey(ReportVersion, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "organ"], name="one_duty_a_round")]
        indexes: ClassVar = [models.Index(fields=["path", "stage"], name="duty_waiting")]


class RoundFact(AppendOnly, OrganRecord):
    """One thing that happened in a round, or to one duty of it. It belongs to the organ it speaks of.

    `version` and `hash` name the report handed in or decided on; `content` holds deadlines, or a sheet's frozen cells.
    """

    scope_register = REGISTER

    class Kind(models.TextChoices):
        OPENED = "opened", _("开始报送")
        DEADLINE = "deadline", _("调整期限")
        INCLUDED = "included", _("列入名单")
        REMINDED = "reminded", _("催报")
        SUBMITTED = "submitted", _("报送")
        RETURNED = "returned", _("退回")
        ACCEPTED = "accepted", _("接收")
        CLOSED = "closed", _("结束报送")
        REOPENED = "reopened", _("重新开放")
        CANCELLED = "cancelled", _("撤销")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="facts")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    note = models.CharField(max_length=1000, blank=True)
    version = models.ForeignKey(ReportVersion, null=True, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64, blank=True)
    content = models.JSONField(default=dict)


_DAY = RegexValidator(r"^(0[1-9]|1[0-2])-([0-2]\d|3[01])$", _("请写成“01-26”这样的月和日。"))


def _day_field(label: Any) -> models.CharField:
    return models.CharField(
        label, max_length=5, blank=True, validators=[_DAY], help_text=_("月-日，如 01-26；不填按法定期限")
    )


class RoundSettings(OrganRecord):
    """Local deadlines earlier than the law's, for an organ and all below it that set none themselves."""

    scope_register = "settings"

    department = _day_field(_("部门年报报送期限"))
    township = _day_field(_("乡镇街道年报报送期限"))
    government = _day_field(_("下级政府年报报送期限"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="round_settings_once")]
