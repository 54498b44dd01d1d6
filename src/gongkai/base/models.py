"""What every room keeps in the same way: files, numbers, outbox, audit, tallies and coverage."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedTextField, PathField


class AppendOnly(models.Model):
    """A record that is written once. Correcting it means writing another that supersedes it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only: write a superseding record instead")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} is append-only: it is never deleted")


class OrganRecord(models.Model):
    """A record that belongs to one organ for ever; `path` is that organ's path, copied for range look-ups.

    The foreign key is named by string: the arrow of imports points from organs to base, never back.
    """

    scope_path: ClassVar[str] = "path"

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="+", verbose_name=_("机关")
    )
    path = PathField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = self.organ.path
        super().save(*args, **kwargs)


class StoredFile(AppendOnly, OrganRecord):
    """A file as it came, encrypted on disk under a random name; the hash is of the plain bytes."""

    scope_register = "files"

    key = models.CharField(max_length=64, unique=True)
    name = EncryptedTextField(help_text="name as uploaded; may hold personal data, so it is encrypted")
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(help_text="bytes of the plain file")
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_at = models.DateTimeField()


class Sequence(models.Model):
    """The next free number of one series. Taken inside the transaction that uses it, so a series has no gaps."""

    key = models.CharField(max_length=160, primary_key=True)
    next_value = models.PositiveIntegerField(default=1)


class OutboxMessage(models.Model):
    """A side effect owed to the world, written with the fact that causes it and carried out after commit."""

    topic = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="outbox_waiting", condition=models.Q(done_at__isnull=True))
        ]


class AuditSeal(AppendOnly):
    """One batch of audit entries, chained by hash. Sealing is a job of its own: writers never queue on it."""

    number = models.PositiveBigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class AuditEntry(AppendOnly):
    """Who did what to which record, when. No personal data: subjects are named by type and key."""

    scope_register = "audit"
    scope_path = "path"

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, help_text="staff:<id>, applicant, or system:<job>")
    post = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    path = PathField(db_index=True)
    detail = models.JSONField(default=dict)
    seal = models.ForeignKey(AuditSeal, null=True, on_delete=models.PROTECT, related_name="sealed")

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(seal__isnull=True)),
        ]


class Tally(AppendOnly, OrganRecord):
    """A count that only its unit knows: a dated record with author and source, never a number typed into a report.

    `dimensions` are the measure's own (``{"row": "admin_license", "column": "decisions"}``); `dimension_key` is their
    canonical text. A period tally covers ``period_from``..``period_to``; a stock is as of ``period_to``.
    """

    scope_register = "tallies"

    class Source(models.TextChoices):
        UNIT = "unit", _("单位填报")
        OPENING = "opening", _("启用前期初数")
        IMPORT = "import", _("导入")

    measure = models.CharField(_("指标"), max_length=80)
    dimensions = models.JSONField(default=dict, blank=True)
    dimension_key = models.CharField(max_length=160, blank=True, editable=False)
    period_from = models.DateField(_("起"))
    period_to = models.DateField(_("止"))
    value = models.DecimalField(
        _("数值"), max_digits=20, decimal_places=4, null=True, help_text="null withdraws what it supersedes"
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    author = models.CharField(_("填报人"), max_length=80)
    recorded_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        indexes = [models.Index(fields=["measure", "period_to", "path"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.dimension_key = dimension_key(self.dimensions)
        super().save(*args, **kwargs)


class Coverage(OrganRecord):
    """From when to when an organ keeps a register here, by tally, or has nothing to keep (不涉及).

    With `whole_tree` it also speaks for every organ below that has no coverage of its own.
    """

    scope_register = "tallies"

    class Mode(models.TextChoices):
        HERE = "here", _("在本系统登记")
        TALLY = "tally", _("按数填报")
        NONE = "none", _("不涉及")

    register = models.CharField(_("台账"), max_length=60)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    whole_tree = models.BooleanField(_("含下级"), default=False)

    class Meta:
        indexes = [models.Index(fields=["register", "path"])]


def dimension_key(dimensions: dict[str, Any]) -> str:
    """Canonical text of a tally's dimensions: ``column=decisions;row=admin_license``."""
    return ";".join(f"{name}={dimensions[name]}" for name in sorted(dimensions))
