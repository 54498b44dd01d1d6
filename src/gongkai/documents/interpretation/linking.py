"""The interpretation itself: a document of its own type, linked to the documents it explains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import queries
from gongkai.documents.actions import add_document
from gongkai.documents.common import authorised, log
from gongkai.documents.interpretation.models import Content, Interpretation, InterpretationLink
from gongkai.documents.interpretation.planning import drafting_organ
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Document
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

FIELDS = ("form", "topic", "speaker", "url", "contents")
MOST = 60


@transaction.atomic
def add_interpretation(
    *,
    by: Actor,
    documents: Sequence[Document],
    title: str,
    form: str,
    made_on: dt.date,
    organ: Organ | None = None,
    body: str = "",
    topic: str = "",
    speaker: str = "",
    url: str = "",
    contents: Sequence[str] = (),
) -> Interpretation:
    """Register an interpretation of one or more documents, old or new. Its author is the organ that drafted the first of
    them, unless another is named (谁起草、谁解读). It is reviewed and released as any document. Raises Refused or
    ValidationError."""
    if not documents:
        raise ValidationError({"documents": _("请写明解读的是哪份文件。")})
    author = organ or drafting_organ(documents[0])
    made = add_document(
        by=by, organ=author, kind=Kind.INTERPRETATION, title=title, made_on=made_on, body=body
    )
    row = describe_interpretation(
        made, by=by, form=form, topic=topic, speaker=speaker, url=url, contents=contents
    )
    for document in dict.fromkeys(documents):
        link(row, by=by, document=document)
    return row


@transaction.atomic
def describe_interpretation(
    document: Document,
    *,
    by: Actor,
    form: str,
    topic: str = "",
    speaker: str = "",
    url: str = "",
    contents: Sequence[str] = (),
) -> Interpretation:
    """What a document of type 政策解读 is: its form, topic, speaker, where its video or talk is seen, and what it speaks of.
    What was signed is not changed any more: form, speaker and address stay once its wording is final. Raises Refused or
    ValidationError."""
    document = authorised(by, document)
    if document.kind != Kind.INTERPRETATION:
        raise Refused(_("只有政策解读类文件登记解读形式。"))
    known = Interpretation.objects.select_for_update().filter(document=document).first()
    row = known or Interpretation(document=document)
    final = known is not None and not document.editions.filter(closed=False).exists()
    given = {"form": form, "speaker": speaker.strip(), "url": url.strip()}
    for name, value in given.items():
        if final and getattr(row, name) != value:
            raise ValidationError({name: _("解读已定稿，形式、解读人和链接不能再改；需要修改时请新建一版。")})
        setattr(row, name, value)
    if set(contents) - set(Content.values):
        raise ValidationError({"contents": _("请从列出的内容中选择。")})
    row.topic = topic.strip()
    row.contents = [one for one in Content.values if one in set(contents)]
    row.clean_fields(exclude=["document"])
    row.save()
    log(by, "interpretation.describe", document, form=form, contents=row.contents)
    return row


@transaction.atomic
def link(interpretation: Interpretation, *, by: Actor, document: Document) -> InterpretationLink:
    """Say that the interpretation explains a document: one the public reads, or one the person works on. Raises Refused."""
    own = authorised(by, interpretation.document)
    if document.kind == Kind.INTERPRETATION:
        raise Refused(_("请选择所解读的文件，不是另一份解读。"))
    if document.struck_at is not None:
        raise Refused(_("该文件的登记已被划去，不能再办理。"))
    known = queries.public_documents(clock.today()).filter(pk=document.pk).exists()
    if not known and not authority.holds(by, authority.WORK, "documents", document.path):
        raise Refused(_("只能解读已公开的文件，或者本机关的文件。"))
    if interpretation.links.filter(document=document).exists():
        raise Refused(_("已经与该文件关联。"))
    if interpretation.links.count() >= MOST:
        raise Refused(_("一份解读最多关联%(most)d份文件。") % {"most": MOST})
    row = InterpretationLink.objects.create(
        interpretation=interpretation, document=document, actor=by.key, recorded_at=clock.now()
    )
    log(by, "interpretation.link", own, of=document.pk)
    log(by, "interpretation.linked", document, by_document=own.pk)
    return row


@transaction.atomic
def unlink(row: InterpretationLink, *, by: Actor, reason: str) -> Interpretation:
    """Take a link back: by the author of the interpretation or the organ of the document. Raises Refused or
    ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    own, document = row.interpretation.document, row.document
    if not any(authority.holds(by, authority.WORK, "documents", one.path) for one in (own, document)):
        authority.require(by, authority.WORK, "documents", own.path)
    row.delete()
    log(by, "interpretation.unlink", own, of=document.pk, reason=reason.strip())
    log(by, "interpretation.unlinked", document, by_document=own.pk, reason=reason.strip())
    return row.interpretation
