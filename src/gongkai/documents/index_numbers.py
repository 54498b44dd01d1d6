"""索引号: ``统一社会信用代码/年份-五位序号`` (05 §7.2), given when a document first becomes public and never again.

The year is the one the document was made in; the series runs by organ and year. An organ without a credit code uses its
own code in this installation, which is as unique. Index numbers of older systems are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import numbering
from gongkai.documents.common import authorised, log
from gongkai.documents.models import Document
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused


def allot(document: Document) -> str:
    """Give the document its index number unless it has one, in the caller's transaction. Returns it."""
    if document.index_no:
        return document.index_no
    base = base_of(document)
    while True:
        number = f"{base}-{numbering.take(f'index:{base}'):05d}"
        if not Document.objects.filter(index_no=number).exists():  # an imported one may stand in the way
            break
    document.index_no = number
    document.save(update_fields=["index_no", "path"])
    return number


def allot_several(documents: Iterable[Document]) -> None:
    """Give unsaved documents that have none their index numbers, in their order and in the caller's transaction. Numbers
    that stand in the way, here or in the register, are passed over."""
    waiting: dict[str, list[Document]] = {}
    given = set()
    for document in documents:
        if document.index_no:
            given.add(document.index_no)
        else:
            waiting.setdefault(base_of(document), []).append(document)
    while waiting:
        taken_now = numbering.take_many({f"index:{base}": len(without) for base, without in waiting.items()})
        numbers = {base: [f"{base}-{n:05d}" for n in taken_now[f"index:{base}"]] for base in waiting}
        candidates = [number for several in numbers.values() for number in several]
        taken = given | set(
            Document.objects.filter(index_no__in=candidates).values_list("index_no", flat=True)
        )
        for base, without in list(waiting.items()):
            free = [number for number in numbers[base] if number not in taken]
            for document, number in zip(without, free, strict=False):
                document.index_no = number
            waiting[base] = without[len(free) :]
        waiting = {base: without for base, without in waiting.items() if without}


def base_of(document: Document) -> str:
    """What its index number begins with: the organ and the year."""
    return f"{document.organ.credit_code or document.organ.code}/{document.made_on.year}"


@transaction.atomic
def keep_index_no(document: Document, *, by: Actor, index_no: str) -> Document:
    """Keep the index number an older system gave, in whatever form; not once the document has one. Raises Refused or
    ValidationError."""
    document = authorised(by, document)
    if document.index_no:
        raise Refused(_("该文件已有索引号%(number)s，索引号不改动。") % {"number": document.index_no})
    document.index_no = index_no.strip()
    if not document.index_no:
        raise ValidationError({"index_no": _("请填写原有的索引号。")})
    document.clean_fields(exclude=["organ", "path", "theme", "genre", "group"])
    if Document.objects.filter(index_no=document.index_no).exists():
        raise ValidationError({"index_no": _("索引号%(number)s已经用过。") % {"number": document.index_no}})
    document.save(update_fields=["index_no", "path"])
    log(by, "document.index_no", document, index_no=document.index_no)
    return document
