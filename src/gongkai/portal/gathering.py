"""政府信息资源汇集 (S297): what a government and everything below it has made public, in one table and one list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Q

from gongkai.base.fields import within
from gongkai.documents.figures import public_on
from gongkai.documents.kinds import public_choices
from gongkai.documents.models import STANDING, Document, Release
from gongkai.organs.models import Organ
from gongkai.portal import public_organs


@dataclass(frozen=True)
class Line:
    """A unit and everything below it, by type in the order of the table; `href` organs have a page."""

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
    newest = Release.objects.order_by("-pk").values_list("pk", "recorded_at").first()
    step = len(organ.path) + 5
    held: dict[str, Counter[str]] = {}
    for path, kind, number in _counted(organ.path, day, newest):
        held.setdefault(path[:step], Counter())[kind] += number
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
def _counted(path: str, day: dt.date, newest: object) -> list[tuple[str, str, int]]:
    """Reads every document of the subtree, which takes its time in a large one. Nothing becomes or ceases to be public
    without a further release on record: as long as `newest` is the last one, the count stands."""
    rows = Document.objects.filter(STANDING, public_on(day)).filter(within("path", path))
    return list(rows.values_list("path", "kind").annotate(n=Count("pk")))
