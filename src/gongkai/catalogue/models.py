"""栏目: the tree of columns with its versions, what is put into a column by hand, and what an organ says of itself.

A column holds no content. Its feed is a rule, and what stands in it are documents of the one register: a second copy of a
document cannot be made here (S039, S273).
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord

REGISTER = "columns"


class _Face(models.Model):
    """What a column is at one time. A version keeps it; the column repeats its newest version's."""

    class Kind(models.TextChoices):
        """栏目类型, as the meta tag ``ColumnType`` says it (06 §2.4)."""

        NEWS = "news", _("动态要闻")
        NOTICE = "notice", _("通知公告")
        POLICY = "policy", _("政策文件")
        INTERPRETATION = "interpretation", _("政策解读")
        DISCLOSURE = "disclosure", _("信息公开")
        OVERVIEW = "overview", _("概况信息")
        SERVICE = "service", _("办事服务")
        INTERACTION = "interaction", _("互动交流")
        TOPIC = "topic", _("专题专栏")

    class State(models.TextChoices):
        OPEN = "open", _("开设")
        ARCHIVED = "archived", _("已归档")
        RETIRED = "retired", _("已撤销")

    title = models.CharField(_("栏目名称"), max_length=40)
    kind = models.CharField(_("栏目类型"), max_length=16, choices=Kind, default=Kind.DISCLOSURE)
    description = models.CharField(_("栏目说明"), max_length=200)
    keywords = models.CharField(_("关键词"), max_length=120, blank=True, help_text=_("用逗号分开"))
    parent = models.ForeignKey(
        "catalogue.Column",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("上级栏目"),
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=100, help_text=_("小的在前"))
    front = models.PositiveSmallIntegerField(
        _("首页位置"), null=True, blank=True, help_text=_("在首页列出最新内容，小的在前；空白即不上首页")
    )
    feed = models.JSONField(_("内容来源"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(
        "organs.Organ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("责任单位"),
    )
    responsible = models.CharField(_("责任人"), max_length=40, blank=True)
    update_days = models.PositiveSmallIntegerField(
        _("更新周期（天）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3660)],
        help_text=_("超过这么多天没有新内容，就提醒责任单位；空白即不定期"),
    )

    class Meta:
        abstract = True

    @classmethod
    def face_fields(cls) -> tuple[str, ...]:
        """The names of what a version says."""
        return tuple(field.attname for field in _Face._meta.get_fields() if isinstance(field, models.Field))

    @property
    def face(self) -> dict[str, Any]:
        """What it says, ready to be said again."""
        return {name: getattr(self, name) for name in self.face_fields()}


class Column(_Face, OrganRecord):
    """One column of an organ's site. Its address, `slug`, never changes; all else is that of its newest version."""

    scope_register = REGISTER

    slug = models.SlugField(
        _("地址代码"), max_length=40, help_text=_("小写字母、数字和连字符，用在网址里，定了不再改")
    )
    opened_on = models.DateField(_("开设日期"))
    closed_on = models.DateField(_("归档或撤销日期"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        indexes: ClassVar = [models.Index(fields=["path", "state"]), models.Index(fields=["front"])]
        constraints: ClassVar = [models.UniqueConstraint(fields=["path", "slug"], name="column_slug_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """How the search index calls it."""
        return f"c{self.pk}"

    def overdue(self, newest: dt.date | None, day: dt.date) -> int:
        """By how many days it has gone beyond its update cycle on `day`, when the newest it shows is of `newest` (None:
        nothing, and the days count from its opening). 0 while it keeps the cycle, has none, or is no longer open."""
        if self.state != self.State.OPEN or self.update_days is None:
            return 0
        return max((day - (newest or self.opened_on)).days - self.update_days, 0)


class ColumnVersion(_Face, AppendOnly):
    """A column as it stands from the day `on`, with what was done and why. The newest of a day counts."""

    scope_register = REGISTER
    scope_path = "column__path"

    class Change(models.TextChoices):
        ADDED = "added", _("开设")
        EDITED = "edited", _("修改说明")
        RENAMED = "renamed", _("更名")
        MOVED = "moved", _("移动")
        FED = "fed", _("调整内容来源")
        STANDARD = "standard", _("修改栏目规范")
        ARCHIVED = "archived", _("归档")
        RETIRED = "retired", _("撤销")
        REOPENED = "reopened", _("恢复")

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="versions")
    seq = models.PositiveSmallIntegerField()
    change = models.CharField(_("变更"), max_length=10, choices=Change)
    on = models.DateField(_("日期"))
    reason = models.CharField(_("原因或依据"), max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "seq"]
        indexes: ClassVar = [models.Index(fields=["on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["column", "seq"], name="column_version_order")
        ]


class Pick(models.Model):
    """A document put into a column by hand, beside what the feed brings; `until` is the first day without it.

    The foreign key is named by string: documents may know columns, columns don't know documents.
    """

    scope_register = REGISTER
    scope_path = "column__path"

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="picks")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="column_picks")
    on = models.DateField(_("收入日期"))
    until = models.DateField(_("移出日期"), null=True, blank=True)
    actor = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["column", "document"], condition=Q(until__isnull=True), name="pick_once"
            )
        ]


class _Statement(AppendOnly, OrganRecord):
    """What an organ says of itself from a day on. The newest counts; all stay readable."""

    scope_register = REGISTER

    seq = models.PositiveSmallIntegerField()
    on = models.DateField(_("日期"))
    reason = models.CharField(_("修订原因"), max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class ProfileVersion(_Statement):
    """机关职能 and 负责人: the part of an organ's profile that its entry in the tree does not hold (S070).

    `leaders`: a list of ``{"name", "post", "duties"}`` in order. They are officials named in office, not private persons.
    """

    functions = models.TextField(_("机关职能"), max_length=6000)
    leaders = models.JSONField(_("负责人"), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "seq"], name="profile_order")]


class GuideVersion(_Statement):
    """政府信息公开指南 as published (art. 12). `facts` is what it says of the organ: label-free, by field name."""

    facts = models.JSONField(_("机构信息"))
    classes = models.TextField(_("信息的分类和编排体系"), max_length=2000)
    access = models.TextField(_("获取方式"), max_length=2000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "seq"], name="guide_order")]


class Inapplicable(OrganRecord):
    """不涉及: an item of the statutory content an organ has nothing of, and why. `until`: the first day it does again."""

    scope_register = REGISTER

    code = models.CharField(_("法定公开内容"), max_length=20)
    reason = models.CharField(_("不涉及的理由"), max_length=200)
    on = models.DateField(_("自"))
    until = models.DateField(_("恢复日期"), null=True, blank=True)
    actor = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organ", "code"], condition=Q(until__isnull=True), name="inapplicable_once"
            )
        ]


class Directive(OrganRecord):
    """An item a higher organ requires of all below it beside the statutory ones (art. 22), with its ground.

    `code` is a 组配分类; `organ` is the one that requires it.
    """

    scope_register = REGISTER

    code = models.CharField(_("组配分类代码"), max_length=20)
    title = models.CharField(_("要求公开的内容"), max_length=80)
    document = models.CharField(_("依据文件"), max_length=200)
    on = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True, help_text=_("要求的最后一天"))
    actor = models.CharField(max_length=80)


class PlatformDuty(OrganRecord):
    """A unit's platform is to stand by a day (S161). `launched_on` is when its office put it into use; what it lacks, then
    or later, is for :mod:`gongkai.readiness` to say."""

    scope_register = REGISTER

    due_on = models.DateField(_("期限"))
    basis = models.CharField(_("依据"), max_length=200)
    set_by = models.CharField(max_length=80)
    launched_on = models.DateField(_("投入使用日期"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="platform_duty_once")]
