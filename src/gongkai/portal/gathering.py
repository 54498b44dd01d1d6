"""政府信息资源汇集 (S297): what a government and everything below it has made public, in one table and one list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Q

from gongkai.base.fields import prefixes, within
from gongkai.base.models import AuditEntry
from gongkai.documents.figures import public_on
from gongkai.documents.kinds import public_choices
from gongkai.documents.models import STANDING, Document
from gongkai.organs.models import Organ
from gongkai.portal import public_organs


@dataclass(frozen=True)
class Line:
    """A unit and everything below it, by type in the order of the table; `own`: the organ itself, without those below."""

    organ: Organ
    numbers: Sequence[int]
    total: int
    own: bool = False


@dataclass(frozen=True)
class Table:
    """The units directly below, the government's own line first, with the sums. Types nobody has are left out."""

    titles: Sequence[str]
    lines: Sequence[Line]
    sums: Sequence[int]
    total: int


def table(organ: Organ, day: dt.date) -> Table:
    """Public documents of `organ`'s subtree by unit directly below and type. At most three queries."""
    depth = len(prefixes(organ.path))
    held: dict[str, Counter[str]] = {}
    for path, kind, number in _counted(organ.path, day, _last_change()):
        unit = prefixes(path)[: depth + 1][-1]
        held.setdefault(unit, Counter())[kind] += number
    units = public_organs.everywhere().filter(Q(parent=organ) | Q(pk=organ.pk))
    titles = [(kind, title) for kind, title in public_choices() if any(one[kind] for one in held.values())]
    lines = [
        Line(
            unit,
            [held[unit.path][kind] for kind, _title in titles],
            sum(held[unit.path].values()),
            unit.pk == organ.pk,
        )
        for unit in units
        if unit.path in held
    ]
    sums = [sum(line.numbers[at] for line in lines) for at in range(len(titles))]
    return Table([title for _kind, title in titles], lines, sums, sum(sums))


@lru_cache(maxsize=64)
def _counted(path: str, day: dt.date, _change: object) -> tuple[tuple[str, str, int], ...]:
    """Reads every document of the subtree, which takes its time in a large one; the count stands until the next change."""
    rows = Document.objects.filter(STANDING, public_on(day)).filter(within("path", path))
    return tuple(rows.values_list("path", "kind").annotate(n=Count("pk")))


def _last_change() -> object:
    """The newest entry of the log about documents: whatever is registered, corrected, struck out, released or withdrawn
    leaves one. Asked for by what the type begins with, so that the log is read from its end until the first is found; of
    the whole type, an index would hand over every entry there is."""
    about = AuditEntry.objects.filter(subject_type__startswith="documents.")
    return about.order_by("-pk").values_list("pk", "at").first()
