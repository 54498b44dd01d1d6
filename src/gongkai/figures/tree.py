"""The organs of a period: who existed, who answers for whose records, and who reports to whom.

Paths never change, organs do. In a period, records of an internal unit or a village committee, which write no report,
count for the organ above it, and records of an organ that ended before the period count for its successor (or, without
one, for the organ above it). An organ that still existed in the period counts for itself, even if it has a successor
since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from gongkai.base.fields import within
from gongkai.base.measures import Period
from gongkai.organs.models import Organ, OrganName, Succession


@dataclass(frozen=True)
class Node:
    """An organ that reports, as it stood in the period, under the name it bore at its end."""

    id: int
    path: str
    name: str
    kind: str
    tier: str
    valid_from: dt.date
    valid_to: dt.date | None
    above: str | None  # path of the organ above it in the period, None for the root

    @property
    def consolidates(self) -> bool:
        """Governments report for everything below them; departments and offices for themselves (FR11)."""
        return self.kind == Organ.Kind.GOVERNMENT


@dataclass(frozen=True)
class Tree:
    """The organs at and below one organ in a period, by path, the root first."""

    root: str
    nodes: dict[str, Node]
    homes: dict[str, str] = field(repr=False)
    prefixes: tuple[str, ...] = field(repr=False)
    paths: frozenset[str] = field(repr=False)  # of every organ and unit there ever was below the prefixes

    def home(self, path: str) -> str | None:
        """The path of the organ that answers in the period for records at `path`; None outside the tree."""
        return self.homes.get(path)

    def paths_of(self, home: str) -> tuple[str, ...]:
        """Every path whose records count for this organ: its own, its units', its ended predecessors'."""
        return self._paths_by_home.get(home, ())

    def children(self, path: str) -> tuple[Node, ...]:
        """The organs directly below."""
        return self._children.get(path, ())

    def reporting_children(self, path: str) -> Iterator[Node]:
        """Whose reports a consolidated report adds up: the organs below, down to the first that consolidates."""
        for child in self.children(path):
            yield child
            if not child.consolidates:
                yield from self.reporting_children(child.path)

    def below(self, path: str) -> Iterator[Node]:
        """The organ at `path` and everything below it."""
        yield self.nodes[path]
        for child in self.children(path):
            yield from self.below(child.path)

    @cached_property
    def _paths_by_home(self) -> dict[str, tuple[str, ...]]:
        grouped: dict[str, list[str]] = {}
        for path, home in self.homes.items():
            grouped.setdefault(home, []).append(path)
        return {home: tuple(paths) for home, paths in grouped.items()}

    @cached_property
    def _children(self) -> dict[str, tuple[Node, ...]]:
        grouped: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.above is not None:
                grouped.setdefault(node.above, []).append(node)
        return {path: tuple(nodes) for path, nodes in grouped.items()}


@dataclass(frozen=True)
class _Link:
    predecessor: str
    successor: str


def tree(root: str, period: Period) -> Tree:
    """The tree below the organ at `root`, in three queries. Raises LookupError if it did not exist in the period."""
    links = _links(period)
    prefixes = _with_predecessors(root, links)
    rows = list(
        Organ.objects.filter(any_within("path", prefixes))
        .order_by("path")
        .values_list("path", "id", "name", "kind", "tier", "valid_from", "valid_to", "parent__path")
    )
    names = _names(prefixes, period)
    successors = {link.predecessor: link.successor for link in links}
    parents = {row[0]: row[7] for row in rows}
    alive = {
        path
        for path, _, _, kind, _, valid_from, valid_to, _ in rows
        if kind in Organ.REPORTING_KINDS and _existed(valid_from, valid_to, period)
    }
    alive.discard("")
    if root not in alive:
        raise LookupError(root)

    def home(path: str | None) -> str | None:
        seen: set[str] = set()
        while path is not None and path not in alive:
            if path in seen or path not in parents:
                return None
            seen.add(path)
            path = successors.get(path) or parents[path]
        return path

    nodes = {
        path: Node(
            id=pk,
            path=path,
            name=names.get(path, name),
            kind=kind,
            tier=tier,
            valid_from=valid_from,
            valid_to=valid_to,
            above=None if path == root else home(parent),
        )
        for path, pk, name, kind, tier, valid_from, valid_to, parent in rows
        if path in alive
    }
    homes = {path: found for path in parents if (found := home(path)) is not None}
    return Tree(root, {root: nodes.pop(root), **nodes}, homes, prefixes, frozenset(parents))


def any_within(lookup: str, prefixes: Iterable[str]) -> Q:
    """Rows at or below any of the prefixes."""
    condition = Q()
    for prefix in prefixes:
        condition |= within(lookup, prefix)
    return condition


def _existed(valid_from: dt.date, valid_to: dt.date | None, period: Period) -> bool:
    return valid_from <= period.end and (valid_to is None or valid_to >= period.start)


def _links(period: Period) -> list[_Link]:
    """From every organ that ended before the period to its (last) successor."""
    ended = Succession.objects.filter(predecessor__valid_to__lt=period.start).order_by("on", "id")
    return [_Link(*row) for row in ended.values_list("predecessor__path", "successor__path")]


def _with_predecessors(root: str, links: list[_Link]) -> tuple[str, ...]:
    """The root and every ended predecessor elsewhere whose records are continued at or below it."""
    prefixes = [root]
    found = True
    while found:
        outside = [link for link in links if not link.predecessor.startswith(tuple(prefixes))]
        found = False
        for link in outside:
            if link.successor.startswith(tuple(prefixes)) and link.predecessor not in prefixes:
                prefixes.append(link.predecessor)
                found = True
    return tuple(prefixes)


def _names(prefixes: tuple[str, ...], period: Period) -> dict[str, str]:
    """The official name each organ bore last in the period."""
    rows = (
        OrganName.objects.filter(any_within("organ__path", prefixes), kind=OrganName.Kind.OFFICIAL)
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=period.end))
        .values_list("organ__path", "name", "valid_from", "id")
    )
    latest: dict[str, tuple[str, int, str]] = {}
    for path, name, since, key in rows:
        candidate = (since.isoformat() if since else "", key, name)
        latest[path] = max(latest.get(path, candidate), candidate)
    return {path: name for path, (_, _, name) in latest.items()}
