"""What can be asked of the interpretations: what stands beside a document, what the public lists, what is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from gongkai.base.fields import within
from gongkai.documents import queries as documents
from gongkai.documents.interpretation import term
from gongkai.documents.interpretation.models import Form, InterpretationLink
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Document
from gongkai.documents.numbers import written
from gongkai.organs import scope
from gongkai.organs.scope import WORK, Viewer


@dataclass(frozen=True)
class Related:
    """One document beside another on a public page. `form` is the interpretation's, "" unknown; `ended`: the document it
    explains is no longer in force."""

    document: Document
    form: str = ""
    ended: bool = False


def interpretations_of(document: Document, day: dt.date) -> list[Related]:
    """相关解读: the public interpretations of a document, oldest first. One query."""
    shown = documents.public_documents(day).filter(interpretation__links__document=document)
    rows = shown.select_related("interpretation").order_by("first_released_on", "pk")
    return [Related(row, str(row.interpretation.get_form_display())) for row in rows]


def documents_of(interpretation: Document, day: dt.date) -> list[Related]:
    """相关文件: the public documents an interpretation explains, with whether each has ended. One query."""
    shown = documents.public_documents(day).filter(
        interpretation_links__interpretation__document=interpretation
    )
    rows = shown.order_by("first_released_on", "pk")
    return [Related(row, ended=row.ended_on is not None and row.ended_on <= day) for row in rows]


def policy_ended(related: Sequence[Related]) -> bool:
    """政策已废止: everything the interpretation explains has ended."""
    return bool(related) and all(one.ended for one in related)


def public_list(
    day: dt.date, *, form: str = "", year: int | None = None, organ_path: str = "", words: str = ""
) -> QuerySet[Document]:
    """解读专栏: the interpretations the public reads on `day`, newest first, each with ``interpretation`` and its links in
    ``explained`` (S064). Two queries when listed."""
    found = documents.public_documents(day).filter(kind=Kind.INTERPRETATION)
    if form in Form.values:
        found = found.filter(interpretation__form=form)
    if year is not None:
        found = found.filter(first_released_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    if organ_path:
        found = found.filter(within("path", organ_path))
    if words:
        numbered = InterpretationLink.objects.filter(
            interpretation__document=OuterRef("pk"),
            # not of any linked document: the number of one that is not out is nobody's to try out
            document__in=documents.public_documents(day)
            .filter(number__icontains=written(words))
            .values("pk"),
        )
        found = found.filter(
            Q(title__icontains=words) | Q(interpretation__topic__icontains=words) | Exists(numbered)
        )
    return found.select_related("interpretation").order_by("-first_released_on", "-pk")


def with_explained(rows: Sequence[Document], day: dt.date) -> list[tuple[Document, list[Document]]]:
    """Interpretations with the public documents each explains. One query."""
    shown = documents.public_documents(day).values("pk")
    links = InterpretationLink.objects.filter(
        interpretation__document__in=[row.pk for row in rows], document__in=shown
    ).select_related("document", "interpretation")
    found: dict[int, list[Document]] = {}
    for link in links.order_by("pk"):
        found.setdefault(link.interpretation.document_id, []).append(link.document)
    return [(row, found.get(row.pk, [])) for row in rows]


def public_years(day: dt.date) -> list[int]:
    """The years in which interpretations came out that the public reads, newest first. One query."""
    rows = public_list(day).order_by().annotate(year=ExtractYear("first_released_on"))
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def public_forms(day: dt.date) -> dict[str, int]:
    """How many of each form the public reads. One query."""
    rows = public_list(day).order_by().values_list("interpretation__form").annotate(n=Count("pk"))
    held = dict(rows.values_list("interpretation__form", "n"))
    return {form: held[form] for form in Form.values if form in held}


@dataclass(frozen=True)
class Owed:
    """A document somebody still has to interpret."""

    document: Document
    standing: term.Standing
    left: int  # calendar days; negative when it has run out


def to_do(who: Viewer, day: dt.date, most: int = 10) -> list[Owed]:
    """What the viewer's organs have released and not interpreted and may work on, most urgent first."""
    rows = term.owing(scope.rows(who, Document, WORK), day).select_related("organ")
    found = list(rows.order_by("first_released_on", "pk")[:most])
    standing = term.standings(found, day)
    return [
        Owed(row, one, (one.due_on - day).days)
        for row in found
        if (one := standing[row.pk]).due_on is not None
    ]
