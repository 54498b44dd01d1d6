"""From the stored actions of a case to its facts: one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import QuerySet

from gongkai.requests import facts as f
from gongkai.requests.course import CaseFacts, Entry, places, read
from gongkai.requests.models import Case, CaseAction, CaseFile


def case_facts(case: Case, *, private: bool = False) -> CaseFacts:
    """The facts of `case`; with `private` also the sealed texts, which cost a decryption each."""
    return from_rows(_rows(private).filter(case=case).order_by("seq"), private=private)


def facts_of(cases: Iterable[int]) -> dict[int, CaseFacts]:
    """The facts of several cases by key, without the sealed texts: one query."""
    grouped: dict[int, list[CaseAction]] = {}
    for row in _rows(False).filter(case__in=list(cases)).order_by("case", "seq"):
        grouped.setdefault(row.case_id, []).append(row)
    return {key: from_rows(rows) for key, rows in grouped.items()}


def from_rows(rows: Iterable[CaseAction], *, private: bool = False) -> CaseFacts:
    """The facts told by one case's rows, in the order of their seq."""
    kept = list(rows)
    place = places([(row.pk, row.seq, row.supersedes_id) for row in kept])
    replaced = {row.supersedes_id for row in kept if row.supersedes_id}
    entries = [entry_of(row, place[row.seq], private=private) for row in kept]
    return read(entries, {row.seq for row in kept if row.pk in replaced})


def annexes(case: Case, facts: CaseFacts) -> QuerySet[CaseFile]:
    """The files that go to the applicant with the answer in hand, oldest first."""
    rows = CaseFile.objects.filter(action__case=case, purpose=CaseFile.Purpose.ANSWER)
    return rows.filter(action__seq__in=facts.annexed).order_by("pk")


def entry_of(row: CaseAction, place: int, *, private: bool = False) -> Entry:
    """One stored action as an entry."""
    fact = f.decode(row.kind, row.payload, cast(Any, row.sealed) if private else None)
    return Entry(row.pk, row.seq, place, row.on, row.actor, fact)


def _rows(private: bool) -> QuerySet[CaseAction]:
    return CaseAction.objects.all() if private else CaseAction.objects.defer("sealed")
