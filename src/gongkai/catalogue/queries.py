"""What can be asked of columns: the tree today or on any day, what changed when, what an organ must show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from gongkai.base.fields import prefixes
from gongkai.catalogue import statutory
from gongkai.catalogue.models import (
    Column,
    ColumnVersion,
    Directive,
    GuideVersion,
    Inapplicable,
    ProfileVersion,
)
from gongkai.catalogue.statutory import Item
from gongkai.organs.models import Organ

State = Column.State


@dataclass
class Node:
    """A column in its tree. `said` is the column itself or, for a day gone by, its version of that day."""

    column: Column
    said: Column | ColumnVersion
    children: list[Node] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.said.title

    @property
    def open(self) -> bool:
        """In service, and so in its organ's menu: neither retired nor kept as an archive."""
        return self.column.state == State.OPEN

    @property
    def standing(self) -> list[Node]:
        """What lies directly below it and is not retired."""
        return standing(self.children)

    def walk(self) -> Iterable[Node]:
        """Itself and everything below, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()

    def shown(self) -> Iterable[Column]:
        """The columns whose documents it shows: itself and, while nothing feeds it, those below, each way down to the first
        that is fed. A retired column shows its own to whoever has its address, and nothing to those above."""
        yield self.column
        if not self.column.feed:
            for child in self.standing:
                yield from child.shown()


def standing(nodes: Iterable[Node]) -> list[Node]:
    """Those that are not retired."""
    return [node for node in nodes if node.column.state != State.RETIRED]


def tree(organ: Organ, retired: bool = False) -> list[Node]:
    """The organ's columns as they stand. One query."""
    rows = Column.objects.filter(organ=organ).select_related("organ").order_by("order", "pk")
    return _grown([Node(row, row) for row in (rows if retired else rows.exclude(state=State.RETIRED))])


def nodes(organs: Iterable[int]) -> dict[int, Node]:
    """Every column of these organs in its tree, retired ones too, by the column's key. One query."""
    rows = Column.objects.filter(organ__in=organs).order_by("order", "pk")
    found = {row.pk: Node(row, row) for row in rows}
    _grown(list(found.values()))
    return found


def tree_on(organ: Organ, day: dt.date) -> list[Node]:
    """The organ's columns as they stood at the end of `day`. One query."""
    newest: dict[int, ColumnVersion] = {}
    rows = ColumnVersion.objects.filter(column__organ=organ, on__lte=day).select_related("column")
    for version in rows.order_by("seq"):
        newest[version.column_id] = version
    standing = [one for one in newest.values() if one.state != State.RETIRED]
    standing.sort(key=lambda one: (one.order, one.column_id))
    return _grown([Node(one.column, one) for one in standing])


def _grown(nodes: Sequence[Node]) -> list[Node]:
    by_key = {node.column.pk: node for node in nodes}
    roots: list[Node] = []
    for node in nodes:
        above = by_key.get(node.said.parent_id) if node.said.parent_id else None
        (above.children if above else roots).append(node)
    return roots


def history(organ: Organ) -> QuerySet[ColumnVersion]:
    """Every change of the organ's columns, newest first."""
    rows = ColumnVersion.objects.filter(column__organ=organ).select_related("column", "parent")
    return rows.order_by("-on", "-recorded_at", "-pk")


def fronts(organ: Organ) -> list[Node]:
    """The columns that show their newest on the front page, in order, with what lies below them. One query."""
    every = [node for root in tree(organ) for node in root.walk()]
    placed = [node for node in every if node.open and node.column.front is not None]
    return sorted(placed, key=lambda node: (node.column.front or 0, node.column.pk))


def open_columns() -> QuerySet[Column]:
    """Every column of every organ that is read."""
    return Column.objects.exclude(state=State.RETIRED).select_related("organ").order_by("path", "order", "pk")


# --- what a platform must hold --------------------------------------------------------------------------------------


def required(organ: Organ, day: dt.date) -> list[Item]:
    """The statutory items of `organ` and what organs above it require too. One query."""
    return required_of([organ], day)[organ.pk]


def required_of(organs: Sequence[Organ], day: dt.date) -> dict[int, list[Item]]:
    """The same of several organs, by key, in the same one query."""
    above = {path for organ in organs for path in prefixes(organ.path)}
    asked = Directive.objects.filter(Q(until__isnull=True) | Q(until__gte=day), path__in=above, on__lte=day)
    directives = list(asked.order_by("on", "pk"))
    found: dict[int, list[Item]] = {}
    for organ in organs:
        items = list(statutory.items_of(organ))
        known = {item.code for item in items}
        for row in directives if items else ():
            if organ.path != row.path and organ.path.startswith(row.path) and row.code not in known:
                items.append(Item(row.code, row.title, row.title, row.document))
                known.add(row.code)
        found[organ.pk] = items
    return found


def inapplicable(organ: Organ, day: dt.date) -> dict[str, Inapplicable]:
    """What the organ has nothing of on `day`, by code. One query."""
    return inapplicable_of([organ], day).get(organ.pk, {})


def inapplicable_of(organs: Iterable[Organ], day: dt.date) -> dict[int, dict[str, Inapplicable]]:
    """The same of several organs, by key, in the same one query."""
    rows = Inapplicable.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), organ__in=organs, on__lte=day
    )
    found: dict[int, dict[str, Inapplicable]] = {}
    for row in rows.order_by("on", "pk"):
        found.setdefault(row.organ_id, {})[row.code] = row
    return found


def guide(organ: Organ, day: dt.date) -> GuideVersion | None:
    """The guide that counts on `day`. One query."""
    return GuideVersion.objects.filter(organ=organ, on__lte=day).order_by("seq").last()


def guides(organ: Organ) -> QuerySet[GuideVersion]:
    """Every version of the guide, newest first."""
    return GuideVersion.objects.filter(organ=organ).order_by("-seq")


def profile(organ: Organ, day: dt.date) -> ProfileVersion | None:
    """The profile that counts on `day`. One query."""
    return ProfileVersion.objects.filter(organ=organ, on__lte=day).order_by("seq").last()
