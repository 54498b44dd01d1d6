"""信息报送: what an organ hands up for another organ's site or bulletin, and what became of it (S035)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.models import AppendOnly, OrganRecord
from gongkai.organs.models import Organ


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("采用")
    RETURNED = "returned", _("退回")


class Offer(OrganRecord):
    """One item offered by an organ to another, filed at the offering one. What became of it follows from its facts."""

    scope_register = "documents"

    to_organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, related_name="+", verbose_name=_("接收机关")
    )
    document = models.ForeignKey(
        "documents.Document",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offers",
        verbose_name=_("文件"),
    )
    title = models.CharField(_("标题"), max_length=300)
    text = models.TextField(_("内容"), blank=True)
    column = models.CharField(_("建议栏目"), max_length=60, blank=True)
    offered_on = models.DateField(_("报送日期"))
    actor = models.CharField(max_length=80, editable=False)
    recorded_at = models.DateTimeField(editable=False)

    # projections of the facts
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    decided_on = models.DateField(_("采用或退回日期"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "offered_on"])]

    def __str__(self) -> str:
        return self.title


class Received(AppendOnly, OrganRecord):
    """The same item as it lies at the organ it was offered to: one row for each offer, filed there."""

    scope_register = "documents"

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="received")

    def __str__(self) -> str:
        return self.offer.title


class OfferFact(AppendOnly):
    """What the receiving organ decided. A later fact on the same offer supersedes it; a `void` one only takes it back."""

    scope_register = "documents"
    scope_path = "offer__path"

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="facts")
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    on = models.DateField(_("日期"))
    place = models.CharField(_("采用位置"), max_length=300, blank=True, help_text=_("栏目、刊物或网址"))
    reason = models.CharField(_("退回或更正原因"), max_length=300, blank=True)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    void = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offer"], condition=Q(supersedes__isnull=True), name="offer_decided_once"
            )
        ]
