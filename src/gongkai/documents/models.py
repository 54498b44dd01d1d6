"""政府信息: documents and their editions, validity and releases. Publishing pages come with a later issue; the records are home."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord


class Kind(models.TextChoices):
    RULES = "rules", _("规章")
    NORMATIVE = "normative_docs", _("行政规范性文件")
    OTHER = "other", _("其他文件")


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    AMENDED = "amended", _("已修改")
    PARTLY_REPEALED = "partly_repealed", _("部分废止")
    REPEALED = "repealed", _("废止")
    EXPIRED = "expired", _("失效")


CHANGES = [choice for choice in Validity.choices if choice[0] != Validity.IN_FORCE]
ENDINGS = (Validity.REPEALED, Validity.EXPIRED)
STANDING = Q(struck_at__isnull=True)


class Document(OrganRecord):
    """One document of an organ. It has no status: only its editions, validity facts and releases have dates.

    A document entered by mistake is struck out: it stays readable and no longer counts.
    """

    scope_register = "documents"

    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    number = models.CharField(_("发文字号"), max_length=80, blank=True)
    made_on = models.DateField(_("成文日期"))
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
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path", "number"], condition=~Q(number="") & STANDING, name="document_number_once"
            )
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
    """An edition made public through one channel on a day, until withdrawn."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="releases")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="releases")
    channel = models.CharField(_("渠道"), max_length=40)
    on = models.DateField(_("公开日期"))
    until = models.DateField(_("撤下日期"), null=True, blank=True)
    carrier = models.CharField(_("载体或网址"), max_length=300, blank=True)
    reason = models.CharField(_("撤下或更正原因"), max_length=200, blank=True)


CURRENT = Q(superseded_by__isnull=True, void=False)
