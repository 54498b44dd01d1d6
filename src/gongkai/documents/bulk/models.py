"""Runs of the bulk import: how far they are, what came of them, and which keys older systems had for documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedJSONField, EncryptedTextField, PathField
from gongkai.base.models import OrganRecord
from gongkai.documents.models import Document
from gongkai.organs.models import Person


class Batch(OrganRecord):
    """One table brought in. `organ` is the one whose post brought it; its rows may be other organs' as far as that post
    reaches. `position` is the number of the last row dealt with, written with what came of it."""

    scope_register = "documents"

    class State(models.TextChoices):
        CHECKING = "checking", _("正在预检")
        CHECKED = "checked", _("已预检，等待确认")
        RUNNING = "running", _("正在导入")
        DONE = "done", _("已完成")
        STOPPED = "stopped", _("已中止")

    name = EncryptedTextField(
        _("表格"), help_text="name as uploaded; may hold personal data, so it is encrypted"
    )
    sha256 = models.CharField(
        max_length=64, help_text="of the table, by which a run that was cut off is known again"
    )
    author = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=80)
    post_key = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField(_("开始"))
    done_at = models.DateTimeField(_("结束"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    taken = models.PositiveIntegerField(_("导入"), default=0)
    released = models.PositiveIntegerField(_("其中公开"), default=0)
    attached = models.PositiveIntegerField(_("附件"), default=0)
    known = models.PositiveIntegerField(_("已有"), default=0)
    wrong = models.PositiveIntegerField(_("有问题"), default=0)
    mended = models.PositiveIntegerField(_("清理后导入"), default=0)
    table = models.CharField(max_length=64, blank=True, help_text="where the table waits, on disk, sealed")
    files = models.CharField(max_length=64, blank=True, help_text="where its files wait")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "sha256"]),
            models.Index(fields=["path", "-begun_at"]),
        ]

    @property
    def running(self) -> bool:
        """Whether somebody is, or should be, at work on it."""
        return self.state in (self.State.CHECKING, self.State.RUNNING)


class Problem(models.Model):
    """What was wrong with a row, with the row itself, so that it can be mended and brought again. `kept`: the row was
    taken all the same, less what the words say."""

    scope_register = "documents"
    scope_path = "batch__path"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    words = EncryptedTextField()
    cells = EncryptedJSONField()
    kept = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["row"]
        indexes: ClassVar = [models.Index(fields=["batch", "row"])]


class OutsideKey(models.Model):
    """The key an older system had for a document; unique within an organ."""

    scope_register = "documents"
    scope_path = "path"

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="outside_key")
    path = PathField()
    key = models.CharField(_("外部标识"), max_length=300)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["path", "key"], name="outside_key_once")]
