"""政府信息资源汇集 (S297): what a government and everything below it has made public, in one table and one list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from gongkai.base.fields import prefixes
from gongkai.documents.kinds import public_choices
from gongkai.organs.models import Organ
from gongkai.portal import counted, public_organs


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
    for path, kind, number in counted.by_organ_and_kind((organ.path,), day):
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
