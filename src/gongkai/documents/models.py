"""政府信息: documents and their editions, with numbers, catalogue data and files; validity and releases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord, StoredFile
from gongkai.documents.channel_models import Account, Channel
from gongkai.documents.kinds import Kind
from gongkai.documents.offer_models import Offer, OfferFact, Outcome, Received
from gongkai.organs.models import Organ
from gongkai.organs.scope import COMMON

__all__ = [
    "CHANGES",
    "CURRENT",
    "ENDINGS",
    "STANDING",
    "Account",
    "Appointment",
    "Attachment",
    "Channel",
    "Classification",
    "CleanUp",
    "CleanUpItem",
    "CoOrgan",
    "Document",
    "Edition",
    "Kind",
    "NumberGap",
    "NumberSeries",
    "Offer",
    "OfferFact",
    "Openness",
    "Outcome",
    "Received",
    "Release",
    "ReleasePlan",
    "Validity",
    "ValidityFact",
]


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    AMENDED = "amended", _("已修改")
    PARTLY_REPEALED = "partly_repealed", _("部分废止")
    REPEALED = "repealed", _("废止")
    EXPIRED = "expired", _("失效")


CHANGES = [choice for choice in Validity.choices if choice[0] != Validity.IN_FORCE]
ENDINGS = (Validity.REPEALED, Validity.EXPIRED)
STANDING = Q(struck_at__isnull=True)


class Openness(models.TextChoices):
    """五公开 (05 §7.6)."""

    DECISION = "decision", _("决策公开")
    EXECUTION = "execution", _("执行公开")
    MANAGEMENT = "management", _("管理公开")
    SERVICE = "service", _("服务公开")
    RESULT = "result", _("结果公开")


def _classified(label: Any) -> Any:
    return models.ForeignKey(
        "documents.Classification",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
    )


class Classification(models.Model):
    """One entry of a value list (05 §7.4): 主题分类, 体裁分类, 组配分类. Editable and dated: an entry that is no longer given
    stays with the documents that have it."""

    scope_register = "classifications"
    scope_path: ClassVar[str] = COMMON

    class Scheme(models.TextChoices):
        THEME = "theme", _("主题分类")
        GENRE = "genre", _("体裁分类")
        GROUP = "group", _("组配分类")

    scheme = models.CharField(_("分类表"), max_length=8, choices=Scheme)
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=80)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("上级分类"),
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True, help_text=_("使用的最后一天"))

    class Meta:
        ordering: ClassVar = ["scheme", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "code", "valid_from"], name="classification_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NumberSeries(OrganRecord):
    """A series of 发文字号: an organ's 机关代字, under which numbers run from 1 each year."""

    scope_register = "documents"

    mark = models.CharField(_("机关代字"), max_length=40, help_text=_("如 洛政、孟政办"))
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True, help_text=_("使用的最后一天"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["path", "mark"], name="number_series_once")]

    def __str__(self) -> str:
        return self.mark


class Document(OrganRecord):
    """One document of an organ. It has no status: only its editions, validity facts and releases have dates.

    A document entered by mistake is struck out: it stays readable and no longer counts.
    """

    scope_register = "documents"

    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    number = models.CharField(_("发文字号"), max_length=80, blank=True)
    made_on = models.DateField(_("成文日期"))
    index_no = models.CharField(_("索引号"), max_length=80, blank=True)
    theme = _classified(_("主题分类"))
    genre = _classified(_("体裁分类"))
    group = _classified(_("组配分类"))
    summary = models.TextField(_("内容概述"), blank=True, max_length=1000)
    keywords = models.CharField(_("关键词"), max_length=200, blank=True, help_text=_("用空格或者逗号分开"))
    source = models.CharField(_("信息来源"), max_length=120, blank=True, help_text=_("空白即发文机关"))
    effective_on = models.DateField(_("实施日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("有效的最后一天"))
    openness = models.JSONField(_("五公开"), default=list, blank=True)
    entered_by = models.CharField(_("登记人"), max_length=80, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    struck_at = models.DateTimeField(_("划去时间"), null=True, blank=True, editable=False)

    # projections of the facts
    title = models.CharField(_("标题"), max_length=300)
    first_released_on = models.DateField(_("首次公开"), null=True, blank=True)
    withdrawn_on = models.DateField(
        _("撤下日期"), null=True, blank=True, help_text=_("全部渠道撤下的日期；尚在公开为空")
    )
    ended_on = models.DateField(_("废止或失效日期"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "kind", "made_on"]),
            models.Index(fields=["path", "kind", "first_released_on"]),
            models.Index(fields=["path", "kind", "ended_on"]),
            models.Index(fields=["kind", "first_released_on"]),
            models.Index(fields=["number"]),
            models.Index(fields=["valid_until"]),
            # the register's order, for one organ and for a whole tree: any page is read off the index
            models.Index(fields=["path", "made_on", "id"]),
            models.Index(fields=["made_on", "id", "path"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "number"], condition=~Q(number="") & STANDING, name="document_number_once"
            ),
            models.UniqueConstraint(
                fields=["index_no"], condition=~Q(index_no=""), name="document_index_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One wording of a document. At most one is open for editing."""

    scope_register = "documents"
    scope_path = "document__path"

    class Attribute(models.TextChoices):
        OPEN = "open", _("主动公开")
        ON_REQUEST = "on_request", _("依申请公开")
        CLOSED = "closed", _("不予公开")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    seq = models.PositiveSmallIntegerField()
    title = models.CharField(_("标题"), max_length=300)
    body = models.TextField(_("正文"), blank=True)
    rich = models.TextField(
        _("带格式的正文"), blank=True, editable=False, help_text="sanitised HTML; `body` is its plain text"
    )
    attribute = models.CharField(_("公开属性"), max_length=12, choices=Attribute, default=Attribute.OPEN)
    attribute_reason = models.CharField(
        _("属性理由"), max_length=200, blank=True, help_text=_("不主动公开的，写明法定理由")
    )
    closed = models.BooleanField(_("已定稿"), default=False, help_text="no longer editable")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "seq"], name="edition_order"),
            models.UniqueConstraint(fields=["document"], condition=Q(closed=False), name="one_open_edition"),
        ]


class _Fact(AppendOnly):
    """What a fact of a document carries. One that supersedes another and is `void` only takes the other back."""

    scope_register = "documents"
    scope_path = "document__path"

    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    void = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        abstract = True


class ValidityFact(_Fact):
    """A dated change of a document's validity, with the document that decided it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="validity_facts")
    kind = models.CharField(_("变化"), max_length=20, choices=CHANGES)
    on = models.DateField(_("生效日期"))
    decided_by = models.CharField(_("依据文件"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)


class Release(_Fact):
    """An edition made public through one channel on a day, until withdrawn. On paper, in a hall or on the air it also has
    copies, a place and a number of events."""

    class Form(models.TextChoices):
        """How the information is put to the reader (S045)."""

        TEXT = "text", _("文字")
        CHART = "chart", _("图解")
        VIDEO = "video", _("视频")
        AUDIO = "audio", _("音频")
        CONFERENCE = "conference", _("发布会")
        INTERVIEW = "interview", _("访谈")
        QUESTIONS = "questions", _("问答")
        FLOWCHART = "flowchart", _("流程图")
        LEAFLET = "leaflet", _("明白卡")
        BOOKLET = "booklet", _("宣传册")
        CALENDAR = "calendar", _("年历画")
        OTHER = "other", _("其他形式")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="releases")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="releases")
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="releases", verbose_name=_("渠道")
    )
    account = models.ForeignKey(
        Account,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="releases",
        verbose_name=_("账号"),
    )
    form = models.CharField(_("形式"), max_length=12, choices=Form, blank=True)
    on = models.DateField(_("公开日期"))
    at = models.TimeField(_("公开时刻"), null=True, blank=True)
    until = models.DateField(_("撤下日期"), null=True, blank=True)
    carrier = models.CharField(_("载体或网址"), max_length=300, blank=True)
    copies = models.PositiveIntegerField(_("份数"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    events = models.PositiveIntegerField(_("场次"), null=True, blank=True)
    reason = models.CharField(_("撤下或更正原因"), max_length=200, blank=True)
    onward = models.ForeignKey(
        Document,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("撤下后转至"),
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on", "channel"])]


class CoOrgan(models.Model):
    """An organ that issues a document jointly with its own, the lead (S023). Outside organs have only a name."""

    scope_register = "documents"
    scope_path = "document__path"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="co_organs")
    seq = models.PositiveSmallIntegerField()
    organ = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("联合发文机关"), max_length=120)

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "seq"], name="co_organ_order")]


class Appointment(models.Model):
    """One line of 人事任免: who is appointed to, or removed from, which post (S074)."""

    scope_register = "documents"
    scope_path = "document__path"

    class Action(models.TextChoices):
        APPOINTED = "appointed", _("任命")
        REMOVED = "removed", _("免去")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="appointments")
    seq = models.PositiveSmallIntegerField()
    person = models.CharField(_("姓名"), max_length=40)
    action = models.CharField(_("任免"), max_length=10, choices=Action)
    position = models.CharField(_("职务"), max_length=120)

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "seq"], name="appointment_order")
        ]


class Attachment(models.Model):
    """A file of an edition. It changes only while the edition is open; the next edition starts with the same files."""

    scope_register = "documents"
    scope_path = "edition__document__path"

    class Role(models.TextChoices):
        ANNEX = "annex", _("附件")
        IMAGE = "image", _("图片版")
        ORIGINAL = "original", _("原件")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attachments")
    seq = models.PositiveSmallIntegerField()
    role = models.CharField(_("用途"), max_length=10, choices=Role)
    title = models.CharField(_("名称"), max_length=160)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "seq"], name="attachment_order")]

    def __str__(self) -> str:
        return self.title


class NumberGap(AppendOnly, OrganRecord):
    """Why a number of a series is missing from what the public sees. A later line on the same number replaces it."""

    scope_register = "documents"

    class Reason(models.TextChoices):
        NOT_OPEN = "not_open", _("不予公开")
        VOID = "void", _("作废")
        OUTSIDE = "outside", _("未在本系统登记")

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="gaps")
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveIntegerField(_("序号"))
    reason = models.CharField(_("缺号原因"), max_length=10, choices=Reason)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class CleanUp(OrganRecord):
    """One round of 清理: an organ's documents in force, made up to a day, looked at again."""

    scope_register = "documents"

    title = models.CharField(_("清理名称"), max_length=120)
    cut_off = models.DateField(_("截止日期"), help_text=_("这一天以前制发的现行有效文件都列入"))
    opened_on = models.DateField(_("开始日期"))
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    decided_by = models.CharField(_("公布结果的文件"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.title


class CleanUpItem(models.Model):
    """One document in a round, with what is to become of it."""

    scope_register = "documents"
    scope_path = "clean_up__path"

    class Conclusion(models.TextChoices):
        KEEP = "keep", _("保留")
        AMEND = "amend", _("修改")
        REPEAL = "repeal", _("废止")
        EXPIRE = "expire", _("失效")

    clean_up = models.ForeignKey(CleanUp, on_delete=models.PROTECT, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="clean_up_items")
    conclusion = models.CharField(_("清理结论"), max_length=10, choices=Conclusion, blank=True)
    note = models.CharField(_("理由"), max_length=200, blank=True)
    concluded_by = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clean_up", "document"], name="clean_up_document_once")
        ]


class ReleasePlan(models.Model):
    """A release that is to happen at a moment ahead. It is no fact: the release it leads to is."""

    scope_register = "documents"
    scope_path = "document__path"

    class State(models.TextChoices):
        WAITING = "waiting", _("待发布")
        DONE = "done", _("已发布")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("没有发布")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="plans")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="plans")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", verbose_name=_("渠道"))
    at = models.DateTimeField(_("定于"))
    actor = models.CharField(_("安排人"), max_length=80)
    recorded_at = models.DateTimeField()
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(_("未发布的原因"), max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"])]


CURRENT = Q(superseded_by__isnull=True, void=False)
