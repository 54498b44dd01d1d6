"""Changes of a document's validity: amended, partly repealed, repealed, expired — each dated, each with its ground."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.checks import check_change
from gongkai.documents.common import authorised, log, required
from gongkai.documents.models import CURRENT, ENDINGS, Document, ValidityFact
from gongkai.documents.projection import project
from gongkai.organs.actors import Actor
from gongkai.organs.refusals import Refused


@transaction.atomic
def change_validity(
    document: Document, *, by: Actor, kind: str, on: dt.date, decided_by: str = "", note: str = ""
) -> ValidityFact:
    """Record a change that takes effect on a day, which may lie ahead: an ended document is out of force from that day.

    A repeal or amendment names the deciding document; an expiry names it or says why it expired. A document ends once.
    Raises Refused or ValidationError.
    """
    document = authorised(by, document)
    fact = ValidityFact(document=document, kind=kind, on=on, decided_by=decided_by.strip(), note=note.strip())
    return _write(by, document, fact, "validity.change")


@transaction.atomic
def correct_validity(
    fact: ValidityFact,
    *,
    by: Actor,
    reason: str,
    kind: str | None = None,
    on: dt.date | None = None,
    decided_by: str | None = None,
) -> ValidityFact:
    """Replace a wrongly recorded change; it counts as now corrected, in whichever year. Raises Refused or
    ValidationError."""
    required(reason)
    document = authorised(by, fact.document)
    _require_current(fact)
    later = ValidityFact(
        document=document,
        kind=kind or fact.kind,
        on=on or fact.on,
        decided_by=fact.decided_by if decided_by is None else decided_by.strip(),
        note=reason.strip(),
        supersedes=fact,
    )
    return _write(by, document, later, "validity.correct")


@transaction.atomic
def void_validity(fact: ValidityFact, *, by: Actor, reason: str) -> ValidityFact:
    """The change never happened: take the record back. Raises Refused or ValidationError."""
    required(reason)
    document = authorised(by, fact.document)
    _require_current(fact)
    later = ValidityFact(
        document=document,
        kind=fact.kind,
        on=fact.on,
        decided_by=fact.decided_by,
        note=reason.strip(),
        supersedes=fact,
        void=True,
    )
    return _write(by, document, later, "validity.void")


def _require_current(fact: ValidityFact) -> None:
    if fact.void or ValidityFact.objects.filter(supersedes=fact).exists():
        raise Refused(_("这条效力记录已有更新的记录，请在最新的一条上办理。"))


def _write(by: Actor, document: Document, fact: ValidityFact, verb: str) -> ValidityFact:
    fact.actor, fact.recorded_at = by.key, clock.now()
    fact.clean_fields(exclude=["document", "supersedes"])
    if not fact.void:
        _check(document, fact)
    fact.save()
    project(document)
    log(by, verb, document, fact=fact.pk, kind=fact.kind, on=fact.on.isoformat())
    return fact


def _check(document: Document, fact: ValidityFact) -> None:
    standing = [f for f in document.validity_facts.filter(CURRENT) if f.pk != fact.supersedes_id]
    ended_on = min((other.on for other in standing if other.kind in ENDINGS), default=None)
    check_change(document, fact, ended_on)
