"""How many documents the public reads, by organ and type: counted once and kept while nothing changes; of very many, which
takes seconds, for some minutes besides."""

from __future__ import annotations

import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count

from gongkai.base.fields import within
from gongkai.base.models import AuditEntry
from gongkai.documents.figures import public_on
from gongkai.documents.models import STANDING, Document

MANY = 100_000  # documents; more are not counted again with every change
KEPT_SECONDS = 600.0
_MOST_KEPT = 64

Numbers = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class _Kept:
    change: object
    numbers: Numbers
    at: float

    def stands(self, change: object) -> bool:
        large = sum(number for _path, _kind, number in self.numbers) > MANY
        return self.change == change or (large and time.monotonic() - self.at < KEPT_SECONDS)


_kept: OrderedDict[tuple[tuple[str, ...], dt.date], _Kept] = OrderedDict()


def by_organ_and_kind(roots: Sequence[str], day: dt.date) -> Numbers:
    """Path, type and number of what the organs below `roots` (all there are, without any) show on `day`. Two queries, one while
    nothing changed."""
    key, change = (tuple(roots), day), _last_change()
    kept = _kept.get(key)
    if kept is None or not kept.stands(change):
        kept = _kept[key] = _Kept(change, _count(key[0], day), time.monotonic())
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return kept.numbers


def _count(roots: tuple[str, ...], day: dt.date) -> Numbers:
    rows = Document.objects.filter(STANDING, public_on(day))
    if roots:
        rows = rows.filter(reduce(or_, (within("path", root) for root in roots)))
    return tuple(rows.values_list("path", "kind").annotate(n=Count("pk")))


def _last_change() -> object:
    """The newest entry of the log about documents: whatever is registered, corrected, struck out, released or withdrawn
    leaves one. Asked for by what the type begins with, so that the log is read from its end until the first is found; of
    the whole type, an index would hand over every entry there is."""
    about = AuditEntry.objects.filter(subject_type__startswith="documents.")
    return about.order_by("-pk").values_list("pk", "at").first()
