"""Inspecting a file before release, and cleaning it."""

from __future__ import annotations

from django.db import transaction

from gongkai import inspection
from gongkai.base import files
from gongkai.base.models import StoredFile
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.review import screening
from gongkai.review.common import log
from gongkai.review.models import FileInspection


def inspect_file(*, by: Actor, file: StoredFile) -> FileInspection:
    """Look into a file and keep what was found. Raises Refused."""
    authority.require(by, authority.WORK, "review", file.path)
    looked = screening.looked_into(file)
    with transaction.atomic():
        kept = screening.keep(file, looked)
        log(by, "review.inspect_file", kept, file=file.pk, blocked=kept.blocked)
    return kept


def clean_file(*, by: Actor, file: StoredFile) -> StoredFile:
    """A new file without what can be taken out of the old one, which stays. Raises Refused with the sentence why not."""
    authority.require(by, authority.WORK, "review", file.path)
    name = str(file.name)
    try:
        content = inspection.clean(files.read(file), name)
    except inspection.NotCleanable as reason:
        raise Refused(str(reason)) from reason
    with transaction.atomic():
        cleaned = files.store(file.organ, name, content)
        kept = screening.keep(cleaned, inspection.inspect(content, name))
        log(by, "review.clean_file", kept, file=file.pk, cleaned=cleaned.pk)
    return cleaned
