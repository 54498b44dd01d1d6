"""The documents the public reads: lists, the page of one with its catalogue data, and what a withdrawn one leaves behind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents import attachments, chronicle, describing, queries, richtext
from gongkai.documents.chronicle import Entry
from gongkai.documents.interpretation import queries as interpretations
from gongkai.documents.interpretation.models import Interpretation
from gongkai.documents.interpretation.queries import Related
from gongkai.documents.kinds import Kind, rules_of
from gongkai.documents.models import (
    CURRENT,
    ENDINGS,
    STANDING,
    Attachment,
    Document,
    Edition,
    Release,
    Validity,
    ValidityFact,
)
from gongkai.documents.numbers import written
from gongkai.law.wording import zh_date
from gongkai.organs.models import Organ
from gongkai.portal import outbound, site

_NUMBER = re.compile(r"[\u4e00-\u9fa5A-Za-z]+〔(?:19|20)\d{2}〕\d{1,4}号|[\u4e00-\u9fa5]+令第\d{1,4}号")


@dataclass(frozen=True)
class Banner:
    """What a reader must know before the text: `words`, and the document that ended or changed it when it is here."""

    words: str
    by: Document | None = None
    over: bool = False


@dataclass(frozen=True)
class Shown:
    """A document as the public reads it today. `facts`: label and value of the catalogue data, empty ones left out.
    `explained_by`: 相关解读 of a document; `explains`: 相关文件 of an interpretation, `told` what it says of
    itself, `told_at` the address of its video or talk."""

    document: Document
    edition: Edition
    published: dt.datetime
    source: str
    facts: Sequence[tuple[str, str]]
    banners: Sequence[Banner] = ()
    files: Sequence[Attachment] = ()
    html: str = ""
    appointments: Sequence[Any] = field(default_factory=list)
    entries: Sequence[Entry] = ()
    explained_by: Sequence[Related] = ()
    explains: Sequence[Related] = ()
    told: Interpretation | None = None
    told_at: str = ""

    @property
    def timed(self) -> bool:
        """Whether the minute of its release is known."""
        return self.published.time() != dt.time()


@dataclass(frozen=True)
class Gone:
    """A document that was public and is no longer: since when and why, or where to read on."""

    title: str
    organ: Organ
    on: dt.date
    reason: str
    onward: Document | None = None


def of(organ: Organ, day: dt.date, words: str = "") -> QuerySet[Document]:
    """What `organ` itself shows on `day`, newest first; `words` narrows by title or number."""
    found = queries.public_documents(day).filter(organ=organ)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(number__icontains=written(words)))
    return found.order_by("-first_released_on", "-pk")


def open_page(pk: int, day: dt.date) -> Shown | Gone | None:
    """The page of a document on `day`; None for one the public never saw. At most ten queries."""
    document = (
        Document.objects.filter(STANDING, pk=pk)
        .select_related("organ", "theme__parent", "genre", "group")
        .first()
    )
    if document is None or not rules_of(document.kind).public:
        return None
    releases = list(
        document.releases.filter(CURRENT, on__lte=day)
        .select_related("edition", "onward")
        .order_by("on", "pk")
    )
    showing = [one for one in releases if one.until is None or one.until > day]
    if showing:
        return _shown(document, max(showing, key=lambda one: one.edition.seq), releases, day)
    if not releases:
        return None
    last = max(releases, key=lambda one: (one.until or one.on, one.pk))
    return Gone(last.edition.title, document.organ, last.until or last.on, last.reason, last.onward)


def edition_showing(pk: int, day: dt.date) -> Edition | None:
    """The edition the public reads on `day`."""
    rows = Release.objects.filter(
        CURRENT, document=pk, document__struck_at__isnull=True, on__lte=day
    ).select_related("edition__document")
    showing = [one.edition for one in rows if one.until is None or one.until > day]
    return max(showing, key=lambda edition: edition.seq, default=None)


def published_at(release: Release) -> dt.datetime:
    """The minute of a release: as recorded, else the minute it was entered on its very day, else the day's beginning."""
    entered = timezone.localtime(release.recorded_at, clock.SHANGHAI)
    minute = release.at or (entered.time() if entered.date() == release.on else dt.time())
    return dt.datetime.combine(release.on, minute.replace(second=0, microsecond=0), clock.SHANGHAI)


def _shown(document: Document, release: Release, releases: list[Release], day: dt.date) -> Shown:
    edition = release.edition
    facts = list(document.validity_facts.filter(CURRENT))
    first = min(published_at(one) for one in releases)
    own = document.kind == Kind.INTERPRETATION
    told = Interpretation.objects.filter(document=document).first() if own else None
    beside = interpretations.documents_of if own else interpretations.interpretations_of
    related = [one for one in beside(document, day) if site.shows(one.document.path)]
    explains = related if own else []
    return Shown(
        document=document,
        edition=edition,
        published=first,
        source=document.source or document.organ.name,
        facts=[*_facts(document, edition, first, facts, day), *_told(told)],
        banners=[*_banners(document, facts, day), *_ended(explains)],
        files=list(attachments.public_files(edition)),
        html=outbound.guarded(edition.rich) if edition.rich else richtext.from_text(edition.body),
        entries=_entries(document, edition),
        appointments=list(document.appointments.all()) if rules_of(document.kind).appointments else [],
        explained_by=[] if own else related,
        explains=explains,
        told=told,
        told_at=outbound.address(told.url) if told is not None and told.url else "",
    )


def _entries(document: Document, edition: Edition) -> list[Entry]:
    """What a chronicle tells, by date; nothing of one from before its text was held to dates."""
    if not rules_of(document.kind).by_date:
        return []
    try:
        return chronicle.entries(edition.body, document.made_on)
    except ValidationError:
        return []


def _told(row: Interpretation | None) -> list[tuple[str, str]]:
    """What an interpretation adds to the catalogue data."""
    if row is None:
        return []
    listed = [
        (_("解读形式"), str(row.get_form_display())),
        (_("解读主题"), row.topic),
        (_("解读人"), row.speaker),
    ]
    return [(str(label), value) for label, value in listed if value]


def _ended(explains: Sequence[Related]) -> list[Banner]:
    """政策已废止: what an interpretation explains is no longer in force."""
    if not interpretations.policy_ended(explains):
        return []
    return [Banner(_("政策已废止：所解读的文件已不再有效，解读内容仅供查阅。"), over=True)]


def _facts(
    document: Document, edition: Edition, first: dt.datetime, facts: list[ValidityFact], day: dt.date
) -> list[tuple[str, str]]:
    theme = document.theme
    ended = document.ended_on if document.ended_on and document.ended_on <= day else None
    validity = queries.validity_among(facts, day)
    listed = [
        (_("索引号"), document.index_no),
        (
            _("主题分类"),
            "\\".join(one.name for one in (theme.parent, theme) if one) if theme else "",
        ),
        (_("体裁分类"), document.genre.name if document.genre else ""),
        (_("组配分类"), document.group.name if document.group else ""),
        (_("发文机关"), "、".join(describing.issuers(document))),
        (_("成文日期"), zh_date(document.made_on)),
        (_("标题"), edition.title),
        (_("发文字号"), document.number),
        (_("发布日期"), zh_date(first.date())),
        (_("实施日期"), zh_date(document.effective_on) if document.effective_on else ""),
        (_("有效期至"), zh_date(document.valid_until) if document.valid_until else ""),
        (_("有效性"), str(validity.label) if rules_of(document.kind).validity else ""),
        (_("废止日期"), zh_date(ended) if ended else ""),
        (_("公开方式"), str(edition.get_attribute_display())),
        (_("关键词"), document.keywords),
        (_("内容概述"), document.summary),
        (_("信息来源"), document.source),
    ]
    return [(str(label), value) for label, value in listed if value]


def _banners(document: Document, facts: list[ValidityFact], day: dt.date) -> list[Banner]:
    validity = queries.validity_among(facts, day)
    found = []
    if validity is not Validity.IN_FORCE:
        now = [one for one in facts if one.on <= day and one.kind == validity]
        latest = max(now, key=lambda one: (one.on, one.pk))
        words = _("本文件自%(day)s起%(what)s") % {"day": zh_date(latest.on), "what": validity.label}
        ground = latest.decided_by or latest.note
        sentence = f"{words}（{ground}）。" if ground else f"{words}。"
        found.append(Banner(sentence, _deciding(latest.decided_by, day), validity in ENDINGS))
    for one in facts:
        if one.on > day and one.kind in ENDINGS:
            words = _("本文件将自%(day)s起%(what)s。") % {
                "day": zh_date(one.on),
                "what": one.get_kind_display(),
            }
            found.append(Banner(words, _deciding(one.decided_by, day)))
    if document.effective_on and document.effective_on > day:
        found.append(Banner(_("本文件自%(day)s起施行。") % {"day": zh_date(document.effective_on)}))
    if document.valid_until and document.valid_until < day and validity not in ENDINGS:
        words = _("本文件标明的有效期已于%(day)s届满。") % {"day": zh_date(document.valid_until)}
        found.append(Banner(words, over=True))
    return found


def _deciding(words: str, day: dt.date) -> Document | None:
    """The deciding document, when its number stands in `words` and the public reads it here."""
    number = _NUMBER.search(words)
    if number is None:
        return None
    return queries.public_documents(day).filter(number=number[0]).first()
