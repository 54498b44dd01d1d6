"""The columns as the public reads them: one in its place in the tree, and the statutory content by item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from gongkai.catalogue import queries
from gongkai.catalogue.models import Column
from gongkai.catalogue.queries import Node, standing
from gongkai.catalogue.statutory import Item
from gongkai.documents import columns
from gongkai.documents.columns import Source
from gongkai.organs.models import Organ
from gongkai.portal.pages import Crumb

# --- a column of an organ --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """A column in its tree: what stands at the top of the organ's, the way down to it, what lies below."""

    column: Column
    roots: Sequence[Node]
    way: Sequence[Node]

    @property
    def below(self) -> Sequence[Node]:
        return self.way[-1].standing

    @property
    def sources(self) -> list[Source]:
        """What feeds it; a column that only gathers shows what stands in those below it."""
        return columns.sources(self.way[-1].shown())


def here(organ: Organ, slug: str) -> Here:
    """The column in the organ's tree. Raises Http404; a retired one is found too. One query."""
    nodes = queries.tree(organ, retired=True)
    way = _way(nodes, slug)
    if not way:
        raise Http404
    return Here(way[-1].column, standing(nodes), way)


def _way(nodes: Sequence[Node], slug: str) -> list[Node]:
    for node in nodes:
        if node.column.slug == slug:
            return [node]
        if below := _way(node.children, slug):
            return [node, *below]
    return []


def crumbs(organ: Organ, way: Sequence[Node]) -> list[Crumb]:
    """The way from the organ's own columns to this one, which is the present page."""
    last = len(way) - 1
    return [
        (reverse("portal:column", args=[organ.code, node.column.slug]) if at < last else "", node.title)
        for at, node in enumerate(way)
    ]


# --- 法定主动公开内容 by item ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemLine:
    """A statutory item in the organ's tree: what is there, or why there is nothing."""

    item: Item
    newest: dt.date | None
    reason: str = ""


def item_lines(organ: Organ, day: dt.date) -> list[ItemLine]:
    """The items the organ must show, in the Regulation's order, with the day of the newest. Three queries."""
    items = queries.required(organ, day)
    without = queries.inapplicable(organ, day)
    days = columns.last_days({item.code: columns.item_sources(organ, [item]) for item in items}, day)
    return [
        ItemLine(item, days.get(item.code), without[item.code].reason if item.code in without else "")
        for item in items
    ]


def item_of(organ: Organ, code: str, day: dt.date) -> Item:
    """The item with this code. Raises Http404."""
    found = next((item for item in queries.required(organ, day) if item.code == code), None)
    if found is None:
        raise Http404
    return found
