"""Names of the year's applicants in a text that is going to be public (S124, F13).

Nothing is decrypted: every stretch of the text that could be a name is looked up by the keyed index under which the
register finds an applicant, among the applications of the report's own organs only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from gongkai.base import crypto
from gongkai.base.measures import Period
from gongkai.figures.tree import Tree, any_within
from gongkai.requests.models import Case

from .models import Scope

_RUN = re.compile(r"[\u4e00-\u9fff·]{2,}")
_ORGANISATION = re.compile(r"公司|合作社|养殖场|工厂|商店|事务所|协会|企业|中心|研究院|研究所|基金会|商会")
_PERSON = (2, 3, 4)
_LONGEST_ORGANISATION, _SHORTEST_ORGANISATION = 24, 5
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a text: where, and how long."""

    start: int
    end: int


def place_of(tree: Tree, scope: str) -> Q:
    """The applications of the organ itself, or of everything that the report consolidates."""
    if scope == Scope.OWN:
        return Q(path__in=tree.paths_of(tree.root))
    return any_within("path", tree.prefixes)


def named(texts: Iterable[str], place: Q, year: int) -> dict[str, list[Named]]:
    """Where each text names somebody whose application was open in the year. A query per some hundred stretches."""
    wanted: dict[str, list[tuple[str, Named]]] = {}
    for text in texts:
        for found in _candidates(text):
            wanted.setdefault(crypto.blind("name", text[found.start : found.end]), []).append((text, found))
    hits: dict[str, list[Named]] = {}
    for index in _known(wanted, place, Period.year(year)):
        for text, found in wanted[index]:
            hits.setdefault(text, []).append(found)
    return {text: _longest(found) for text, found in hits.items()}


def _known(indexes: Iterable[str], place: Q, period: Period) -> Iterator[str]:
    open_in_year = Q(arrived_on__lte=period.end) & (
        Q(closed_on__isnull=True) | Q(closed_on__gte=period.start)
    )
    cases = Case.objects.filter(place & open_in_year)
    asked, column = list(indexes), "submission__name_index"
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        yield from cases.filter(**{f"{column}__in": some}).values_list(column, flat=True).distinct()


def _candidates(text: str) -> Iterator[Named]:
    """Every stretch of two to four characters, and what could be the name of an organisation."""
    for run in _RUN.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for length in _PERSON:
                if start + length <= run.end():
                    yield Named(start, start + length)
        for kind in _ORGANISATION.finditer(text, run.start(), run.end()):
            first = max(run.start(), kind.end() - _LONGEST_ORGANISATION)
            for start in range(first, kind.end() - _SHORTEST_ORGANISATION + 1):
                yield Named(start, kind.end())


def _longest(found: list[Named]) -> list[Named]:
    """Of names inside one another only the longest, in the order of the text."""
    kept: list[Named] = []
    for one in sorted(found, key=lambda name: (name.start - name.end, name.start)):
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda name: name.start)
