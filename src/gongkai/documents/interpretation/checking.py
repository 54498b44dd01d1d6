"""双向互联: links that lead nowhere, or only one way (S061)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice
from operator import itemgetter

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http.request import validate_host
from django.utils.translation import gettext as _

from gongkai.documents.figures import public_on, shown_on
from gongkai.documents.interpretation.models import InterpretationLink
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Attachment, Document, Edition, Release

_ADDRESS = re.compile(r'href="(?:https?://([^"/:]+)(?::\d+)?)?/d/(\d{1,12})/?"')
_AT_ONCE = 200  # texts and their links held at a time


class Trouble(StrEnum):
    """What is wrong with a link."""

    ALONE = "没有关联文件"
    DOCUMENT_GONE = "所解读的文件已不公开"
    INTERPRETATION_GONE = "解读已撤下"
    ENDED = "政策已废止"
    ONE_WAY = "单向链接"
    EMPTY = "没有内容"


@dataclass(frozen=True)
class Found:
    """One trouble: the document it stands on, and the other end if there is one. That a policy has ended is for information:
    nothing is to be done about it."""

    trouble: Trouble
    document: Document
    other: Document | None
    words: str

    @property
    def to_be_mended(self) -> bool:
        return self.trouble is not Trouble.ENDED


def troubles(rows: QuerySet[Document], day: dt.date) -> list[Found]:
    """Everything wrong with the links of `rows` (documents of any type, interpretations among them) on `day`."""
    return [
        *_alone(rows, day),
        *_broken(rows, day),
        *_one_way(rows, day),
        *_empty(rows, day),
    ]


def _alone(rows: QuerySet[Document], day: dt.date) -> Iterator[Found]:
    links = InterpretationLink.objects.filter(interpretation__document=OuterRef("pk"))
    shown = rows.filter(STANDING, public_on(day), ~Exists(links), kind=Kind.INTERPRETATION)
    for row in shown.select_related("organ").order_by("pk"):
        yield Found(Trouble.ALONE, row, None, _("这份解读没有关联任何文件。"))


def _broken(rows: QuerySet[Document], day: dt.date) -> Iterator[Found]:
    """Links of which one end is public and the other is not any more, or has ended."""
    mine = rows.order_by().values("pk")
    links = InterpretationLink.objects.filter(Q(document__in=mine) | Q(interpretation__document__in=mine))
    ends = Q(Exists(links.filter(document=OuterRef("pk"))))
    ends |= Q(Exists(links.filter(interpretation__document=OuterRef("pk"))))
    open_ = set(Document.objects.filter(STANDING, public_on(day)).filter(ends).values_list("pk", flat=True))
    both = links.select_related("document__organ", "interpretation__document__organ").order_by("pk")
    for link in both.iterator(chunk_size=500):
        document, own = link.document, link.interpretation.document
        if own.pk in open_ and document.pk not in open_:
            if document.first_released_on is not None or document.struck_at is not None:
                words = _("解读的文件《%(title)s》已撤下。") % {"title": document.title}
            else:
                words = _("解读已公开，文件《%(title)s》还没有公开。") % {"title": document.title}
            yield Found(Trouble.DOCUMENT_GONE, own, document, words)
        elif document.pk in open_ and own.pk not in open_ and own.first_released_on is not None:
            words = _("《%(title)s》的解读已撤下，文件页上不再显示。") % {"title": document.title}
            yield Found(Trouble.INTERPRETATION_GONE, document, own, words)
        elif own.pk in open_ and document.ended_on is not None and document.ended_on <= day:
            words = _("《%(title)s》已不再有效，解读页上注明“政策已废止”。") % {"title": document.title}
            yield Found(Trouble.ENDED, own, document, words)


def _one_way(rows: QuerySet[Document], day: dt.date) -> Iterator[Found]:
    """A hyperlink in a text between an interpretation and a document that are not linked: one page leads to the other,
    which does not lead back. One to a document that is not public is passed over: anybody may write a number, and
    another organ's draft must not be named because of it."""
    leading = _leading(rows, day)
    while batch := dict(islice(leading, _AT_ONCE)):
        yield from _unlinked(batch, day)


def _unlinked(named: dict[int, set[int]], day: dt.date) -> Iterator[Found]:
    """The same of some documents, each with the keys its text leads to."""
    wanted = {key for keys in named.values() for key in keys} | set(named)
    public = Document.objects.filter(STANDING, public_on(day), pk__in=wanted).select_related("organ")
    known = {row.pk: row for row in public}
    pairs = set(
        InterpretationLink.objects.filter(interpretation__document__in=wanted).values_list(
            "interpretation__document", "document"
        )
    )
    for pk, keys in sorted(named.items()):
        for key in sorted(keys):
            here, there = known.get(pk), known.get(key)
            if here is None or there is None:
                continue
            if (here.kind == Kind.INTERPRETATION) == (there.kind == Kind.INTERPRETATION):
                continue
            own, document = (pk, key) if here.kind == Kind.INTERPRETATION else (key, pk)
            if (own, document) not in pairs:
                words = _("正文里链接到《%(title)s》，两者没有关联，对方页面上没有回来的链接。")
                yield Found(Trouble.ONE_WAY, here, there, words % {"title": there.title})


def _named(rich: str) -> set[int]:
    """The keys of the document pages here that a text leads to; what stands at another site is none of them."""
    own = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    return {int(key) for host, key in _ADDRESS.findall(rich) if not host or validate_host(host.lower(), own)}


def _leading(rows: QuerySet[Document], day: dt.date) -> Iterator[tuple[int, set[int]]]:
    """Every document of which a public wording leads to document pages here, with their keys; read as they are asked for."""
    releases = Release.objects.filter(shown_on(day), document__in=rows.order_by().values("pk"))
    texts = Edition.objects.filter(
        pk__in=releases.values("edition"), document__struck_at__isnull=True, rich__contains="/d/"
    )
    found = texts.order_by("document", "pk").values_list("document", "rich").iterator(chunk_size=_AT_ONCE)
    for pk, wordings in groupby(found, key=itemgetter(0)):
        keys = set().union(*(_named(rich) for _pk, rich in wordings))
        if keys:
            yield pk, keys


def _empty(rows: QuerySet[Document], day: dt.date) -> Iterator[Found]:
    """Public interpretations with neither text nor file nor address."""
    shown = rows.filter(STANDING, public_on(day), kind=Kind.INTERPRETATION)
    texts = Edition.objects.filter(document=OuterRef("pk")).exclude(body="")
    files = Attachment.objects.filter(edition__document=OuterRef("pk"))
    bare = shown.filter(~Exists(texts), ~Exists(files)).filter(
        Q(interpretation__isnull=True) | Q(interpretation__url="")
    )
    for row in bare.select_related("organ").order_by("pk"):
        yield Found(Trouble.EMPTY, row, None, _("这份解读没有正文、附件，也没有链接。"))
