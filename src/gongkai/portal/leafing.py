"""Lists of released documents by next and by date, at the same cost on every page, however long they have grown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from gongkai.documents import columns
from gongkai.documents.columns import MOST_COUNTED, ORDER, Place, Source
from gongkai.documents.models import Document

PAGE = 20
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")


@dataclass(frozen=True)
class Asked:
    """Where in a list an address asks to be: after a place (``after``), not later than a day (``until``), or at the newest."""

    after: Place | None
    until: dt.date | None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """Nonsense asks for nothing."""
        return cls(_place_in(query.get("after", "")), day_of(query.get("until", "")))


@dataclass(frozen=True)
class Listing:
    """A page of a list, newest first. `onward` is the address part of the next page, "" on the last; `total` is the number
    of all, or words for very many, and known on the first page only."""

    documents: Sequence[Document]
    onward: str = ""
    total: str = ""
    until: str = ""
    deeper: bool = False

    @classmethod
    def of(cls, rows: Sequence[Document], asked: Asked, counted: Callable[[], int]) -> Listing:
        """A page of up to `PAGE` of `rows`, where one more says that there is a next. `counted` says how many there are in
        all, up to one more than `MOST_COUNTED`; it is asked only where the page itself does not show it."""
        shown = rows[:PAGE]
        onward = f"{shown[-1].first_released_on}.{shown[-1].pk}" if len(rows) > PAGE else ""
        deeper = bool(asked.after or asked.until)
        total = "" if deeper else _total_of(counted() if onward else len(rows))
        return cls(shown, onward, total, asked.until.isoformat() if asked.until else "", deeper)


def leafed(rows: QuerySet[Document], query: QueryDict) -> Listing:
    """The page of `rows` asked for. Two queries on the first page, one on any other."""
    asked = Asked.of(query)
    found = rows.filter(columns.after(asked.after, asked.until)).order_by(*ORDER)[: PAGE + 1]
    return Listing.of(list(found), asked, lambda: rows.order_by()[: MOST_COUNTED + 1].count())


def listing(found: Sequence[Source], query: QueryDict, day: dt.date) -> Listing:
    """The page asked for of what these sources bring. As many queries."""
    asked = Asked.of(query)
    rows = columns.newest(found, day, PAGE + 1, before=asked.after, until=asked.until)
    return Listing.of(rows, asked, lambda: columns.count(found, day))


def _total_of(number: int) -> str:
    """How many, in words that stop where nobody counts on."""
    return _("%(most)s 以上") % {"most": f"{MOST_COUNTED:,}"} if number > MOST_COUNTED else f"{number:,}"


def _place_in(text: str) -> Place | None:
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
