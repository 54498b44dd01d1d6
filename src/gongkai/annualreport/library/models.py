"""The library of read reports: other people's published annual reports, as read, with their original bytes.

A library belongs to the organ whose person collected it. A report in it is that of an organ of our own tree or of an
external one known by its printed name; every different file read for the same organ and year is a version.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord, StoredFile
from gongkai.organs.models import Organ


class ExternalOrgan(OrganRecord):
    """An organ outside our tree, by the name its reports print. `matched`: a person said which organ of ours it is."""

    scope_register = "library"

    name = models.CharField(_("名称"), max_length=120)
    matched = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("对应机关")
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "name"], name="library_external_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How addresses name it."""
        return f"external-{self.pk}"


class CollectedReport(OrganRecord):
    """The report of one organ for one year in one library: `subject` in our tree or `external`, never both.

    `latest` follows from the versions: the one with the highest number.
    """

    scope_register = "library"

    subject = models.ForeignKey(
        Organ, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("报告机关")
    )
    external = models.ForeignKey(ExternalOrgan, null=True, on_delete=models.PROTECT, related_name="reports")
    name = models.CharField(_("机关"), max_length=120, help_text=_("归入时的机关名称，排序和查找用"))
    year = models.PositiveSmallIntegerField(_("年度"))
    latest = models.OneToOneField("ReadVersion", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organ", "subject", "year"],
                condition=models.Q(subject__isnull=False),
                name="library_one_report_of_ours_a_year",
            ),
            models.UniqueConstraint(
                fields=["organ", "external", "year"],
                condition=models.Q(external__isnull=False),
                name="library_one_report_of_others_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(subject__isnull=True) ^ models.Q(external__isnull=True),
                name="library_report_of_one_organ",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "path"]), models.Index(fields=["name", "year"])]

    @property
    def key(self) -> str:
        """Whose report it is, as addresses name it: ``organ-12`` or ``external-7``."""
        return f"organ-{self.subject_id}" if self.subject_id else f"external-{self.external_id}"


class ReadVersion(OrganRecord):
    """One file as read. Without `report` it waits to be claimed (待认领): whose it is, or which year, was not recognised.

    `cells` are the figures in the lossless shape of :meth:`Figures.to_cells`, `places` where each was found. Cells,
    texts, damage and findings follow from the bytes; :func:`~.actions.reread` makes them anew.
    """

    scope_register = "library"

    class Source(models.TextChoices):
        FILE = "file", _("文件")
        ARCHIVE = "archive", _("压缩包")
        ADDRESS = "address", _("网址")

    report = models.ForeignKey(
        CollectedReport, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("版本"), default=0, help_text=_("认领前为0"))
    claimed_by = models.CharField(max_length=10, blank=True, help_text="name, person, or not yet")
    filed_by_match = models.ForeignKey(
        ExternalOrgan,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="filed under an organ of ours only because this external one was matched to it",
    )
    waits_for = models.CharField(_("待认领原因"), max_length=200, blank=True)
    printed_organ = models.CharField(_("报告所印机关"), max_length=120, blank=True)
    printed_year = models.PositiveSmallIntegerField(_("报告所印年度"), null=True)
    form = models.CharField(_("表格格式"), max_length=20)
    cells = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    doubtful = models.JSONField(default=list, help_text="cells read from damaged rows")
    sections = models.JSONField(default=dict)
    damage = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    read_cells = models.PositiveSmallIntegerField(_("读出"), default=0)
    blank_cells = models.PositiveSmallIntegerField(_("空白"), default=0)
    inferred_cells = models.PositiveSmallIntegerField(_("推定"), default=0)
    unread_cells = models.PositiveSmallIntegerField(_("未读出"), default=0)
    faults = models.PositiveSmallIntegerField(_("发布错误"), default=0)
    source_kind = models.CharField(_("来源"), max_length=10, choices=Source)
    source = models.CharField(_("来源"), max_length=500, help_text=_("文件名或网址"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.CharField(max_length=80)
    post = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "sha256"], name="library_same_bytes_once"),
            models.UniqueConstraint(
                fields=["report", "number"],
                condition=models.Q(report__isnull=False),
                name="library_version_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["path"], name="library_unclaimed", condition=models.Q(report__isnull=True))
        ]

    @property
    def is_claimed(self) -> bool:
        return self.report_id is not None


class Population(AppendOnly, OrganRecord):
    """How many people an organ's area had on a day, for figures per 10,000 inhabitants. The latest entry of a day
    counts; one without `persons` withdraws what stood for that day."""

    scope_register = "library"

    subject = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("机关")
    )
    external = models.ForeignKey(
        ExternalOrgan,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("外部机关"),
    )
    as_of = models.DateField(_("截至"))
    persons = models.PositiveBigIntegerField(_("人口数（人）"), null=True)
    source = models.CharField(_("来源"), max_length=200)
    author = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(_("登记时间"))
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(subject__isnull=True) ^ models.Q(external__isnull=True),
                name="library_population_of_one_organ",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "as_of"]),
            models.Index(fields=["external", "as_of"]),
        ]


class Intake(OrganRecord):
    """One go of importing from the desk: what was given, and item by item what came of it."""

    scope_register = "library"

    begun_at = models.DateTimeField(_("开始时间"))
    author = models.CharField(max_length=80)
    person = models.ForeignKey(
        "organs.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    post = models.CharField(max_length=40, blank=True)
    post_key = models.BigIntegerField(null=True)
    title = models.CharField(_("内容"), max_length=200)


class IntakeItem(models.Model):
    """One file or address of an intake. `token` names the bytes that wait on disk, encrypted, until they are read."""

    scope_register = "library"
    scope_path = "intake__path"

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        KEPT = "kept", _("已入库")
        UNCLAIMED = "unclaimed", _("已入库，待认领")
        KNOWN = "known", _("库中已有")
        FAILED = "failed", _("没有读成")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    name = models.CharField(_("文件或网址"), max_length=2000)
    kind = models.CharField(max_length=10, choices=ReadVersion.Source)
    token = models.CharField(max_length=48, blank=True)
    state = models.CharField(_("结果"), max_length=10, choices=State, default=State.WAITING)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    version = models.ForeignKey(ReadVersion, null=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, help_text="when a worker began on it last")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["intake", "position"], name="library_item_order")
        ]
