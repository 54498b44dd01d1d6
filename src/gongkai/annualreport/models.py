"""政府信息公开工作年度报告: one report per organ, year and scope; versions with frozen cells and the records they counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord


class Scope(models.TextChoices):
    OWN = "own", _("本机关")
    CONSOLIDATED = "consolidated", _("汇总")


class Report(OrganRecord):
    """The report of an organ for a year. It has no state: its versions have."""

    scope_register = "reports"

    year = models.PositiveSmallIntegerField(_("年度"))
    scope = models.CharField(_("范围"), max_length=14, choices=Scope)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "year", "scope"], name="one_report_a_year")
        ]


class ReportVersion(models.Model):
    """One version: a draft until it is signed, then frozen for good. Corrections are new versions.

    `cells` are the figures by cell path (null = unknown), `contributions` one line per own part and child with its source,
    `eliminations` what was taken out between the parts and the sum. `organ_name` and `title` are those the report was
    signed or taken in with; `sealed_as` says what its hash covers (:data:`~.seals.CURRENT`).
    """

    scope_register = "reports"
    scope_path = "report__path"

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待签发")
        SIGNED = "signed", _("已签发")
        PUBLISHED = "published", _("已公布")

    class Origin(models.TextChoices):
        COMPILED = "compiled", _("由记录生成")
        IMPORTED = "imported", _("整份导入")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.COMPILED)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    sections = models.JSONField(default=dict)
    cells = models.JSONField(default=dict)
    contributions = models.JSONField(default=list)
    eliminations = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    compiled_at = models.DateTimeField(null=True)
    signed_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    organ_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(_("标题"), max_length=200, blank=True)
    hash = models.CharField(max_length=64, blank=True)
    sealed_as = models.PositiveSmallIntegerField(default=1)
    correction_note = models.CharField(_("更正说明"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_order"),
            models.UniqueConstraint(
                fields=["report"],
                condition=models.Q(state__in=["draft", "submitted"]),
                name="one_open_report_version",
            ),
        ]


class ReportStep(AppendOnly):
    """What was done with a version: opened, recompiled, submitted, returned, signed, published."""

    scope_register = "reports"
    scope_path = "version__report__path"

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True)


class ReportEvidence(AppendOnly):
    """What one frozen cell of the organ's own part counted: keys of the measure's rows (for an amount, pairs of key and
    amount) and pairs of tally key and value."""

    scope_register = "reports"
    scope_path = "version__report__path"

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="evidence")
    cell = models.CharField(max_length=80)
    measure = models.CharField(max_length=80)
    records = models.JSONField(default=list)
    tallies = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "cell"])]


class FindingAcceptance(AppendOnly):
    """A finding accepted with a written reason. It holds as long as the finding's key (rule, cells, values) is unchanged."""

    scope_register = "reports"
    scope_path = "report__path"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="acceptances")
    finding_key = models.CharField(max_length=64)
    rule = models.CharField(max_length=20)
    reason = models.CharField(_("理由"), max_length=500)
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()


class Elimination(AppendOnly):
    """An explicit adjustment between a parent and the sum of its parts, with its reason: the only way they may differ."""

    scope_register = "reports"
    scope_path = "report__path"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="eliminations")
    cell = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    revokes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="revoked_by")


class ReportSettings(OrganRecord):
    """What the report says where there is nothing to say. The nearest organ up the tree that set it decides."""

    scope_register = "settings"

    class NoFees(models.TextChoices):
        SAY = "say", _("写明没有收费")
        OMIT = "omit", _("不写")

    class NoWords(models.TextChoices):
        SAY = "say", _("保留小标题，印“无”")
        OMIT = "omit", _("连小标题一起不印")

    without_fees = models.CharField(
        _("没有发生信息处理费时"), max_length=8, choices=NoFees, default=NoFees.SAY
    )
    without_words = models.CharField(
        _("小标题下没有文字时"), max_length=8, choices=NoWords, default=NoWords.SAY
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="one_report_setting")]


class Problem(OrganRecord):
    """A problem found in the organ's disclosure work: what part five of its reports tells, year by year.

    `closed_on` and `struck` follow from the steps.
    """

    scope_register = "problems"

    class Source(models.TextChoices):
        SELF = "self", _("自查")
        APPRAISAL = "appraisal", _("考核评估")
        INSPECTION = "inspection", _("上级检查")
        REMEDY = "remedy", _("复议诉讼")
        PUBLIC = "public", _("群众反映")

    year = models.PositiveSmallIntegerField(_("发现年度"))
    text = models.CharField(_("问题"), max_length=300)
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    found_on = models.DateField(_("发现日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    closed_on = models.DateField(_("销号日期"), null=True)
    struck = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "year"])]

    def __str__(self) -> str:
        return self.text


class ProblemStep(AppendOnly):
    """One dated fact about a problem. A wrong one is superseded by another of the same kind, or by one that only
    withdraws it (`withdrawn`)."""

    scope_register = "problems"
    scope_path = "problem__path"

    class Kind(models.TextChoices):
        MEASURE = "measure", _("拟定措施")
        PROGRESS = "progress", _("整改进展")
        RESULT = "result", _("整改结果")
        CARRIED = "carried", _("结转下年")
        CLOSED = "closed", _("整改完成")
        STRUCK = "struck", _("划去")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    text = models.CharField(_("内容"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["problem", "on"])]
