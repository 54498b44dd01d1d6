"""The columns as the public reads them: a page of one, its place in the tree, and the statutory content by item."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.catalogue import queries
from gongkai.catalogue.models import Column
from gongkai.catalogue.queries import Node
from gongkai.catalogue.statutory import Item
from gongkai.documents import columns
from gongkai.documents.columns import MOST_COUNTED, Place, Source
from gongkai.documents.models import Document
from gongkai.organs.models import Organ
from gongkai.portal.pages import Crumb

PAGE = 20
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")


@dataclass(frozen=True)
class Listing:
    """A page of a list, newest first. `onward` is the address part of the next page, "" on the last; `total` is the number
    of all, or words for very many, and known on the first page only."""

    documents: Sequence[Document]
    onward: str = ""
    total: str = ""
    until: str = ""
    deeper: bool = False


def listing(found: Sequence[Source], asked: QueryDict, day: dt.date) -> Listing:
    """The page asked for: the newest, those after a place (``after``), or those not later than a day (``until``). Two
    queries on the first page, one on any other."""
    place, until = place_in(asked.get("after", "")), day_of(asked.get("until", ""))
    rows = columns.newest(found, day, PAGE + 1, before=place, until=until)
    shown = rows[:PAGE]
    onward = f"{shown[-1].first_released_on}.{shown[-1].pk}" if len(rows) > PAGE else ""
    deeper = bool(place or until)
    total = "" if deeper else total_of(columns.count(found, day) if onward else len(rows))
    return Listing(shown, onward, total, until.isoformat() if until else "", deeper)


def total_of(number: int) -> str:
    """How many, in words that stop where nobody counts on."""
    return _("%(most)s 以上") % {"most": f"{MOST_COUNTED:,}"} if number > MOST_COUNTED else f"{number:,}"


def place_in(text: str) -> Place | None:
    """Where a page ends, from an address; None for nonsense."""
    found = _PLACE.fullmatch(text)
    on = day_of(found[1]) if found else None
    return (on, int(found[2])) if found and on else None


def day_of(text: str) -> dt.date | None:
    """A day as it stands in an address; None for nonsense."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


# --- a column of an organ --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """A column in its tree: the way down to it, what lies below, and what lies beside when nothing does."""

    column: Column
    way: Sequence[Node]
    below: Sequence[Node]
    beside: Sequence[Node]

    @property
    def sources(self) -> list[Source]:
        """What feeds it; a column that only gathers shows what stands in those below it."""
        return columns.sources(self.way[-1].shown())


def here(organ: Organ, slug: str) -> Here:
    """The column in the organ's tree. Raises Http404; a retired one stands alone. One query."""
    nodes = queries.tree(organ, retired=True)
    way = _way(nodes, slug)
    if not way:
        raise Http404
    around = way[-2].children if len(way) > 1 else nodes
    return Here(way[-1].column, way, _standing(way[-1].children), _standing(around))


def _standing(nodes: Sequence[Node]) -> list[Node]:
    return [node for node in nodes if node.column.state != Column.State.RETIRED]


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
