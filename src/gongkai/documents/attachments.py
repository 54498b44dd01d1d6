"""Files of an edition: taken in, looked into, cleaned, taken off. What holds something hidden isn't released."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.base import files
from gongkai.documents.common import authorised, log
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Attachment, Document, Edition
from gongkai.inspection import Finding
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused
from gongkai.review import screening
from gongkai.review.actions import clean_file
from gongkai.review.models import FileInspection

MOST = 60
PUBLIC_ROLES = (
    Attachment.Role.ANNEX,
    Attachment.Role.IMAGE,
)  # an original carries signatures: it stays inside
_IMAGE_KINDS = (".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff")


@transaction.atomic
def attach(
    edition: Edition,
    *,
    by: Actor,
    name: str,
    content: bytes,
    role: str = Attachment.Role.ANNEX,
    title: str = "",
) -> Attachment:
    """Add a file to the open edition. It is inspected at once; a hostile or unreadable one is refused, one with hidden
    content is kept and blocks the release until it is mended or cleaned. Raises Refused or ValidationError."""
    document, edition = _open(edition, by)
    if edition.attachments.count() >= MOST:
        raise Refused(_("一个版本最多%(most)d个附件，请合并后上传。") % {"most": MOST})
    shown = files.plain_name(name)
    check_role(role, shown)
    try:
        stored = files.store(document.organ, name, content)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    kept = screening.keep(stored, screening.looked_into(stored))
    if kept.refused:
        raise ValidationError({"file": kept.refused})
    attachment = Attachment(
        edition=edition,
        seq=(edition.attachments.order_by("-seq").values_list("seq", flat=True).first() or 0) + 1,
        role=role,
        title=title.strip() or PurePath(shown).stem[:160],
        file=stored,
    )
    attachment.clean_fields(exclude=["edition", "file"])
    attachment.save()
    log(by, "edition.attach", document, edition=edition.seq, file=stored.pk, blocked=kept.blocked)
    return attachment


def check_role(role: str, name: str) -> None:
    """Whether a file of this name may serve so. Raises ValidationError."""
    if role == Attachment.Role.IMAGE and PurePath(name).suffix.lower() not in _IMAGE_KINDS:
        raise ValidationError({"file": _("图片版请用 PDF、OFD 或者图片。")})


@transaction.atomic
def detach(attachment: Attachment, *, by: Actor) -> Edition:
    """Take a file off the open edition; the file itself stays with the record. Raises Refused."""
    document, edition = _open(attachment.edition, by)
    edition.attachments.filter(pk=attachment.pk).delete()
    log(by, "edition.detach", document, edition=edition.seq, file=attachment.file_id)
    return edition


@transaction.atomic
def clean_attachment(attachment: Attachment, *, by: Actor) -> Attachment:
    """Put in the file's place a copy without what can be taken out of it. Raises Refused with the sentence why not."""
    document, edition = _open(attachment.edition, by)
    attachment = edition.attachments.select_related("file__organ").get(pk=attachment.pk)
    old = attachment.file_id
    attachment.file = clean_file(by=by, file=attachment.file)
    attachment.save(update_fields=["file"])
    log(by, "edition.clean", document, edition=edition.seq, file=old, cleaned=attachment.file_id)
    return attachment


def carry_over(earlier: Edition, later: Edition) -> None:
    """The next edition starts with the same files."""
    Attachment.objects.bulk_create(
        Attachment(edition=later, seq=one.seq, role=one.role, title=one.title, file_id=one.file_id)
        for one in earlier.attachments.all()
    )


def against_release(edition: Edition) -> list[str]:
    """Every reason, in words, why the files of the edition may not be made public. Two queries."""
    shown = list(public_files(edition))
    looked = {row.file_id: row for row in FileInspection.objects.filter(file__in=[a.file_id for a in shown])}
    reasons = []
    for attachment in shown:
        row = looked.get(attachment.file_id)
        if row is None:
            reasons.append(_("附件“%(title)s”还没有检查。") % {"title": attachment.title})
        elif row.blocked:
            why = row.refused or screening.findings(row.findings)[0].message
            reasons.append(_("附件“%(title)s”：%(why)s") % {"title": attachment.title, "why": why})
    return reasons


def public_files(edition: Edition) -> QuerySet[Attachment]:
    """What goes out with the edition, in order."""
    return edition.attachments.filter(role__in=PUBLIC_ROLES).select_related("file")


def findings(attachment: Attachment) -> list[Finding]:
    """What was found in the file, weightiest first."""
    row = inspection_of(attachment)
    return screening.findings(row.findings) if row is not None else []


def inspection_of(attachment: Attachment) -> FileInspection | None:
    """The record of the inspection."""
    return FileInspection.objects.filter(file=attachment.file_id).first()


def lacking_versions(rows: QuerySet[Document]) -> QuerySet[Document]:
    """规章 among `rows`, standing and not ended, whose newest edition has no text or no page-image version (S053).
    Annotated with `lacks_text` and `lacks_image`."""
    newer = Edition.objects.filter(document=OuterRef("document"), seq__gt=OuterRef("seq"))
    newest = Edition.objects.filter(~Exists(newer), document=OuterRef("pk"))
    newer_than_its = Edition.objects.filter(
        document=OuterRef("edition__document"), seq__gt=OuterRef("edition__seq")
    )
    images = Attachment.objects.filter(
        ~Exists(newer_than_its), role=Attachment.Role.IMAGE, edition__document=OuterRef("pk")
    )
    found = rows.filter(STANDING, kind=Kind.RULES, ended_on__isnull=True).annotate(
        lacks_text=Exists(newest.filter(body="")), lacks_image=~Exists(images)
    )
    return found.filter(Q(lacks_text=True) | Q(lacks_image=True))


def _open(edition: Edition, by: Actor) -> tuple[Document, Edition]:
    document = authorised(by, edition.document)
    edition = document.editions.get(pk=edition.pk)
    if edition.closed:
        raise Refused(_("该版本已定稿，附件不能再改；需要修改时请新建一个版本。"))
    return document, edition
