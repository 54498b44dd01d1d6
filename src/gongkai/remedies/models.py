"""行政复议与行政诉讼: proceedings against what organs did in disclosure work (domain 04), from filing to final result."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedJSONField, PathField
from gongkai.base.models import AppendOnly, OrganRecord


class Group(models.TextChoices):
    REVIEW = "review", _("行政复议")
    DIRECT = "litigation_direct", _("行政诉讼（未经复议直接起诉）")
    AFTER_REVIEW = "litigation_after_review", _("行政诉讼（复议后起诉）")


class Column(models.TextChoices):
    UPHELD = "upheld", _("结果维持")
    CORRECTED = "corrected", _("结果纠正")
    OTHER = "other", _("其他结果")


class ResultRule(models.Model):
    """A kind of result and the column of table 4 it counts in. Editable: the sorting is practice, not law (04 §5)."""

    scope_register = "settings"
    scope_path = ""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    label = models.CharField(_("结果"), max_length=60)
    family = models.CharField(
        _("适用"), max_length=12, choices=[("review", _("复议")), ("litigation", _("诉讼"))]
    )
    column = models.CharField(_("计入"), max_length=12, choices=Column)


class Proceeding(OrganRecord):
    """One review or lawsuit. `organ` keeps the file; the respondents are listed apart. State columns are projections."""

    scope_register = "remedies"

    number = models.CharField(_("案号"), max_length=80)
    group = models.CharField(_("类别"), max_length=30, choices=Group)
    forum = models.CharField(_("复议机关或法院"), max_length=120)
    case = models.ForeignKey(
        "requests.Case",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proceedings",
        verbose_name=_("原申请"),
    )
    act = models.CharField(_("被诉行为"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followers",
        verbose_name=_("前置复议"),
    )
    no_parent_reason = models.CharField(_("没有登记前置复议的原因"), max_length=200, blank=True)
    parties = EncryptedJSONField(null=True)

    # projections of the steps
    state = models.CharField(_("状态"), max_length=12, default="filed")
    filed_on = models.DateField(_("收到通知日期"))
    closed_on = models.DateField(_("审结日期"), null=True)
    result = models.CharField(_("结果"), max_length=40, blank=True)
    column = models.CharField(_("计入"), max_length=12, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "number"], name="proceeding_number_once")
        ]


class Respondent(models.Model):
    """An organ sued or reviewed in a proceeding. Dates and result are copied so that one index answers table 4."""

    scope_register = "remedies"
    scope_path = "path"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="respondents")
    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+")
    path = PathField(editable=False)
    group = models.CharField(max_length=30)
    filed_on = models.DateField()
    closed_on = models.DateField(null=True)
    column = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proceeding", "organ"], name="respondent_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "filed_on"]),
            models.Index(fields=["path", "closed_on"]),
        ]


class ProceedingStep(AppendOnly):
    """One fact of a proceeding: filed, accepted, suspended, decided, appealed, closed …"""

    scope_register = "remedies"
    scope_path = "proceeding__path"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    sealed = EncryptedJSONField(null=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proceeding", "seq"], name="proceeding_step_order")
        ]
