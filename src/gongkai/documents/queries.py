"""What can be asked of the documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.documents.figures import public_on
from gongkai.documents.models import CURRENT, ENDINGS, STANDING, Document, Validity, ValidityFact
from gongkai.organs import scope
from gongkai.organs.scope import Viewer


@dataclass(frozen=True)
class Event:
    """One line of a document's history. `taken_back`: a later record corrects or withdraws this one."""

    on: dt.date
    what: str
    detail: str
    taken_back: bool


def register_rows(who: Viewer) -> QuerySet[Document]:
    """The documents in the viewer's scope, newest first, ready for a list (organ in the same query)."""
    return scope.rows(who, Document).filter(STANDING).select_related("organ").order_by("-made_on", "-pk")


def public_documents(day: dt.date) -> QuerySet[Document]:
    """What everybody may see on `day`: documents shown by at least one channel."""
    return Document.objects.filter(STANDING, public_on(day)).select_related("organ").order_by("-made_on")


def named(rows: QuerySet[Document], text: str) -> Document:
    """The one of `rows` with this 发文字号 or 索引号, else with this whole title. Raises ValidationError, with the code
    ``several`` when it is not the only one."""
    for condition in (Q(number=text) | Q(index_no=text), Q(title=text)):
        found = list(rows.filter(condition)[:2])
        if len(found) > 1:
            several = _("“%(text)s”不止一份，请写发文字号或者索引号。") % {"text": text}
            raise ValidationError(several, code="several")
        if found:
            return found[0]
    raise ValidationError(_("没有找到“%(text)s”，请核对发文字号、索引号或者标题。") % {"text": text})


def validity_on(document: Document, day: dt.date) -> Validity:
    """The document's validity on `day`: an ending outweighs amendments, of which the latest counts."""
    return validity_among(document.validity_facts.filter(CURRENT), day)


def validity_among(current: Iterable[ValidityFact], day: dt.date) -> Validity:
    """The same from the current facts of one document, in any order."""
    facts = sorted((fact for fact in current if fact.on <= day), key=lambda fact: (fact.on, fact.pk))
    ended = [fact for fact in facts if fact.kind in ENDINGS]
    latest = (ended or facts)[-1:]
    return Validity(latest[0].kind) if latest else Validity.IN_FORCE


def timeline(document: Document) -> list[Event]:
    """Everything that happened to the document, oldest first, corrected entries included. Two queries."""
    events = [Event(document.made_on, _("成文"), document.number, False)]
    for fact in document.validity_facts.select_related("superseded_by"):
        events.append(
            Event(fact.on, fact.get_kind_display(), fact.decided_by or fact.note, _taken_back(fact))
        )
    for release in document.releases.select_related("superseded_by", "channel"):
        events.append(Event(release.on, _("公开"), release.channel.name, _taken_back(release)))
        if release.until is not None:
            events.append(
                Event(
                    release.until, _("撤下"), f"{release.channel.name} {release.reason}", _taken_back(release)
                )
            )
    return sorted(events, key=lambda event: event.on)


def _taken_back(fact: object) -> bool:
    return bool(getattr(fact, "void", False)) or hasattr(fact, "superseded_by")
