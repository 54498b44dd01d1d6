"""What is kept of 政策解读 (05 §12): the plan signed with a document, the interpretation itself, and what it is linked to."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import OrganRecord
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Document, Edition
from gongkai.organs.models import Organ

__all__ = [
    "Content",
    "Form",
    "ImportantPolicy",
    "Interpretation",
    "InterpretationLink",
    "InterpretationPlan",
    "InterpretationSettings",
]


class Form(models.TextChoices):
    """解读形式 (05 §12.6, S063)."""

    TEXT = "text", _("文字解读")
    GRAPHIC = "graphic", _("图解")
    VIDEO = "video", _("视频、动漫")
    INTERVIEW = "interview", _("在线访谈")
    BRIEFING = "briefing", _("新闻发布会")
    EXPERT = "expert", _("专家解读")
    LEADER = "leader", _("领导解读")
    DIALOGUE = "dialogue", _("政策互动")
    BRIEF_QA = "brief_qa", _("简明问答")


class Content(models.TextChoices):
    """What an interpretation should speak of (05 §12.5); advice, never a condition."""

    BACKGROUND = "background", _("背景依据")
    PURPOSE = "purpose", _("目的意义")
    MEASURES = "measures", _("主要内容、核心举措")
    SCOPE = "scope", _("执行口径")
    OPERATION = "operation", _("操作方法")
    TERMS = "terms", _("关键词解释")
    DIFFERENCES = "differences", _("新旧政策差异")
    CONTACT = "contact", _("咨询方式")


def _default_kinds() -> list[str]:
    return [Kind.RULES.value, Kind.NORMATIVE.value]


class InterpretationSettings(OrganRecord):
    """Which documents need an interpretation and how soon, from a day on. The nearest organ up the tree that set it decides,
    else the defaults of the fields; for a document, what was set when it was first released."""

    scope_register = "settings"

    kinds = models.JSONField(_("须解读的文件类型"), default=_default_kinds, blank=True)
    marked = models.BooleanField(
        _("标为重要政策的其他文件也须解读"), default=True, help_text=_("文件登记页上可以标为重要政策")
    )
    days = models.PositiveSmallIntegerField(_("公开后几个工作日内解读"), default=3)
    since = models.DateField(
        _("自"), default=dt.date(2016, 11, 10), help_text=_("这一天以后首次公开的文件按此办理")
    )
    basis = models.CharField(
        _("依据"),
        max_length=300,
        default="国办发〔2016〕80号：政策性文件与解读方案、解读材料同步组织、同步审签、同步部署",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "since"], name="one_interpretation_setting_a_day")
        ]


class InterpretationPlan(models.Model):
    """解读方案 of a wording (S062), or why the document needs no interpretation. It changes while the wording is open;
    signed with it, it stays. `afterwards`: an exemption recorded when the wording was final already; it was not signed."""

    scope_register = "documents"
    scope_path = "edition__document__path"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="interpretation_plans")
    afterwards = models.BooleanField(default=False, editable=False)
    exempt = models.BooleanField(_("不需要解读"), default=False)
    exempt_reason = models.CharField(_("不需要解读的理由"), max_length=300, blank=True)
    outline = models.TextField(_("解读提纲"), max_length=2000, blank=True)
    forms = models.JSONField(_("解读形式"), default=list, blank=True)
    ways = models.CharField(
        _("解读途径"), max_length=200, blank=True, help_text=_("如 政府网站、政务微信、政府公报")
    )
    timing = models.CharField(
        _("解读时间"), max_length=80, blank=True, help_text=_("如 与文件同时公开、文件公开后3个工作日内")
    )
    first_interpreter = models.CharField(
        _("第一解读人"), max_length=80, blank=True, help_text=_("主要负责人担任的，写姓名和职务")
    )
    drafter = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("起草机关")
    )
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "afterwards"], name="interpretation_plan_once")
        ]

    def __str__(self) -> str:
        return str(self.edition)

    @property
    def form_words(self) -> str:
        """The forms in words."""
        return "、".join(str(Form(form).label) for form in self.forms)


class ImportantPolicy(models.Model):
    """重要政策: a document that needs an interpretation although its type alone does not ask for one."""

    scope_register = "documents"
    scope_path = "document__path"

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="important_policy")
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class Interpretation(models.Model):
    """What a document of type 政策解读 says about itself beyond a document. Its organ is the document's: the author."""

    scope_register = "documents"
    scope_path = "document__path"

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="interpretation")
    form = models.CharField(_("解读形式"), max_length=10, choices=Form)
    topic = models.CharField(_("主题"), max_length=120, blank=True)
    speaker = models.CharField(_("解读人"), max_length=120, blank=True)
    url = models.URLField(
        _("视频或者原文链接"), max_length=300, blank=True, help_text=_("访谈、发布会、视频在别处的网址")
    )
    contents = models.JSONField(_("写到了"), default=list, blank=True)

    def __str__(self) -> str:
        return self.document.title

    @property
    def missing(self) -> list[Any]:
        """What it does not speak of yet."""
        return [label for key, label in Content.choices if key not in self.contents]


class InterpretationLink(models.Model):
    """One interpretation explains one document: shown on both pages, because it is one row."""

    scope_register = "documents"
    scope_path = "interpretation__document__path"

    interpretation = models.ForeignKey(Interpretation, on_delete=models.PROTECT, related_name="links")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="interpretation_links", verbose_name=_("文件")
    )
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interpretation", "document"], name="interpretation_link_once")
        ]
