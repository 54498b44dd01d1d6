"""The archive of printed reports: what was rendered of a signed version, kept as it is for good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.models import ReportVersion
from gongkai.base.models import AppendOnly, StoredFile


class Print(AppendOnly):
    """One file of one frozen version. `sha256` and `size` are of the plain bytes and stand here beside the stored file's
    own, so that neither can be changed unseen; `renderer` says which edition of our code and of the library made it."""

    scope_register = "reports"
    scope_path = "version__report__path"

    class Format(models.TextChoices):
        DOCX = "docx", _("Word")
        PDF = "pdf", _("PDF")

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="prints")
    format = models.CharField(_("格式"), max_length=4, choices=Format)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="report_print")
    sha256 = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveBigIntegerField(_("字节"))
    renderer = models.CharField(max_length=60)
    made_at = models.DateTimeField(_("制成时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "format"], name="one_print_a_format"),
        ]
