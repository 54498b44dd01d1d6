"""行政复议与行政诉讼: proceedings against what organs did in disclosure work (domain 04), from filing to final result."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
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


class State(models.TextChoices):
    FILED = "filed", _("已收到通知")
    OPEN = "open", _("审理中")
    SUSPENDED = "suspended", _("中止")
    DECIDED = "decided", _("已作出一审裁判")
    APPEAL = "appeal", _("二审")
    CLOSED = "closed", _("审结")
    STRUCK = "struck", _("已划去")


class StepKind(models.TextChoices):
    FILED = "filed", _("收到通知")
    JOINED = "joined", _("追加被申请人、被告")
    ACCEPTED = "accepted", _("受理")
    REPLIED = "replied", _("提交答复或答辩")
    SUSPENDED = "suspended", _("中止")
    RESUMED = "resumed", _("恢复")
    DECIDED = "decided", _("一审裁判")
    APPEALED = "appealed", _("上诉")
    CLOSED = "closed", _("审结")
    REDO = "redo", _("交办重新答复")
    REOPENED = "reopened", _("再审")
    VOID = "void", _("撤销登记")


class Family(models.TextChoices):
    REVIEW = "review", _("复议")
    LITIGATION = "litigation", _("诉讼")


def family_of(group: str) -> str:
    """Which results fit a group: those of a review or those of a lawsuit."""
    return Family.REVIEW if group == Group.REVIEW else Family.LITIGATION


class ResultRule(models.Model):
    """A kind of result and the column of table 4 it counts in. Editable: the sorting is practice, not law (04 §5)."""

    scope_register = "settings"
    scope_path = ""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    label = models.CharField(_("结果"), max_length=60)
    family = models.CharField(_("适用"), max_length=12, choices=Family)
    column = models.CharField(_("计入"), max_length=12, choices=Column)

    class Meta:
        ordering: ClassVar = ["family", "pk"]

    def __str__(self) -> str:
        return self.label


class RemedySettings(OrganRecord):
    """How a region counts table 4 by year (04 §6). The nearest organ up the tree that set it decides, else the default."""

    scope_register = "settings"

    class Basis(models.TextChoices):
        ACTIVE = "active_in_year", _("当年收到或上年未结的都计入")
        FILED = "filed_in_year", _("只计当年收到的")

    count_basis = models.CharField(_("计数口径"), max_length=16, choices=Basis, default=Basis.ACTIVE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="one_remedy_setting")]


class Proceeding(OrganRecord):
    """One review or lawsuit. `organ` keeps the file; the respondents are listed apart. State columns are projections."""

    scope_register = "remedies"

    number = models.CharField(_("案号"), max_length=80)
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
    group = models.CharField(_("类别"), max_length=30, choices=Group)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.FILED)
    filed_on = models.DateField(_("收到通知日期"))
    closed_on = models.DateField(_("审结日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=40, blank=True)
    column = models.CharField(_("计入"), max_length=12, blank=True, choices=Column)
    redo = models.ForeignKey(
        "requests.Case",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ordered_by",
        verbose_name=_("重新答复"),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "number"], condition=~Q(state="struck"), name="proceeding_number_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "state"]),
            models.Index(fields=["forum", "number"]),
        ]

    def __str__(self) -> str:
        return self.number


class Respondent(models.Model):
    """An organ sued or reviewed in a proceeding: what table 4 counts. Every column but the keys is a projection.

    A reopened proceeding (再审) leaves the years before alone: it begins another `round` for each respondent, and
    `reopened_on` tells the earlier round when it gave way.
    """

    scope_register = "remedies"
    scope_path = "path"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="respondents")
    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+")
    path = PathField(editable=False)
    round = models.PositiveSmallIntegerField(default=1)
    group = models.CharField(_("类别"), max_length=30, choices=Group)
    first_filed_on = models.DateField(_("收到通知日期"))
    filed_on = models.DateField(_("本轮开始"))
    closed_on = models.DateField(_("审结日期"), null=True)
    reopened_on = models.DateField(_("再审日期"), null=True)
    result = models.CharField(_("结果"), max_length=40, blank=True)
    column = models.CharField(_("计入"), max_length=12, blank=True, choices=Column)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proceeding", "organ", "round"], name="respondent_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "filed_on"]),
            models.Index(fields=["path", "closed_on"]),
            models.Index(fields=["result"]),
        ]


class ProceedingStep(AppendOnly):
    """One fact of a proceeding. `payload` holds codes, keys and dates, `sealed` what somebody wrote."""

    scope_register = "remedies"
    scope_path = "proceeding__path"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(_("步骤"), max_length=20, choices=StepKind)
    on = models.DateField(_("日期"))
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
