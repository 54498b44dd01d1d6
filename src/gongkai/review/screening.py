"""Text and files of a subject looked through before people look: advisory for the text, binding for the files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from gongkai import inspection
from gongkai.base import clock, files
from gongkai.base.models import StoredFile
from gongkai.inspection import Finding, Weight
from gongkai.review import choices
from gongkai.review.models import FileInspection
from gongkai.review.subjects import Subject


def prescreen_of(subject: Subject) -> list[dict[str, Any]]:
    """Findings in the text and in what the files show, as plain data; each file is inspected on the way."""
    sensitive = choices.sensitive_words(subject.organ)
    found = list(inspection.prescreen(f"{subject.title}\n{subject.text}", sensitive))
    for number, file in enumerate(subject.files, start=1):
        looked = looked_into(file)
        keep(file, looked)
        where = _("附件%(n)d") % {"n": number}
        found += [replace(one, where=where) for one in inspection.prescreen(looked.text, sensitive)]
    return [finding.to_data() for finding in found]


def looked_into(file: StoredFile) -> inspection.Inspection:
    """What the file holds."""
    try:
        return inspection.inspect(files.read(file), str(file.name))
    except FileNotFoundError:
        return inspection.Inspection(refused=_("文件缺失，请重新上传。"))


def keep(file: StoredFile, looked: inspection.Inspection) -> FileInspection:
    """The record of an inspection; a file already inspected keeps its record, for it has not changed."""
    kept = FileInspection.objects.filter(file=file).first()
    if kept is not None:
        return kept
    return FileInspection.objects.create(
        organ=file.organ,
        file=file,
        refused=looked.refused,
        findings=[finding.to_data() for finding in looked.findings],
        blocked=looked.blocked,
        cleanable=looked.cleanable,
        inspected_at=clock.now(),
    )


def findings(data: Any) -> list[Finding]:
    """The findings kept as data, weightiest first."""
    order = list(Weight)
    return sorted((Finding.from_data(one) for one in data), key=lambda one: order.index(one.weight))
