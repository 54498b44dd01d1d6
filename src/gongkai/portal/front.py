"""The front page's blocks: the newest of the columns that have a place there; without any, of the usual types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.catalogue import queries
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.documents import columns
from gongkai.documents.columns import Source
from gongkai.documents.models import Document, Kind
from gongkai.organs.models import Organ
from gongkai.portal import public_organs

IN_A_BLOCK = 5
MOST_BLOCKS = 10
_USUAL = (
    (Kind.NEWS, _("政务动态")),
    (Kind.NOTICE, _("通知公告")),
    (Kind.NORMATIVE, _("行政规范性文件")),
    (Kind.INTERPRETATION, _("政策解读")),
)


@dataclass(frozen=True)
class Block:
    """One block: its title leads to the column."""

    title: str
    href: str
    documents: Sequence[Document]


def organ() -> Organ | None:
    """Whose site this is: the first government at the top of a tree. One query."""
    return public_organs.roots().first()


def blocks(of: Organ | None, day: dt.date) -> list[Block]:
    """The blocks that have something, in order. One query for the columns, one for each."""
    if of is None:
        return []
    fronts = queries.fronts(of)[:MOST_BLOCKS]
    made = (
        [
            Block(
                one.title,
                reverse("portal:column", args=[of.code, one.column.slug]),
                columns.newest(columns.sources(one.shown()), day, IN_A_BLOCK),
            )
            for one in fronts
        ]
        if fronts
        else [
            Block(
                str(title),
                reverse("portal:policy-column", args=[kind]),
                columns.newest([Source(of.path, Rule(kinds=(kind,), organs=SUBTREE))], day, IN_A_BLOCK),
            )
            for kind, title in _USUAL
        ]
    )
    return [block for block in made if block.documents]
