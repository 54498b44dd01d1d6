"""Coverage: how an organ keeps a register on a day — here, by tally, or not at all because it has nothing to keep.

No rows under coverage are zero; without coverage the figure is unknown. An organ's own coverage decides; on days it has
none, the nearest organ above that speaks for its whole tree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.fields import within
from gongkai.base.measures import Period
from gongkai.base.models import Coverage

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Covered:
    """What is known of one organ's register in a period: the modes that applied, and whether every day had one."""

    modes: frozenset[str] = frozenset()
    complete: bool = False

    @property
    def mode(self) -> str | None:
        """``tally`` when a unit's count is needed for at least a part, else ``here``, else ``none`` (不涉及); None when
        some day is not covered, and the figure therefore unknown."""
        if not self.complete:
            return None
        return next(mode.value for mode in _BY_DEMAND if mode.value in self.modes)


_BY_DEMAND = (Coverage.Mode.TALLY, Coverage.Mode.HERE, Coverage.Mode.NONE)


@dataclass(frozen=True)
class _Span:
    start: dt.date
    end: dt.date
    mode: str
    whole_tree: bool


@dataclass(frozen=True)
class CoverageMap:
    """Every coverage of one register that touches a period, ready to answer for any organ path."""

    period: Period
    spans: Mapping[str, list[_Span]] = field(default_factory=dict)

    def at(self, path: str, since: dt.date | None = None, until: dt.date | None = None) -> Covered:
        """What is known of the organ at `path`; `since` and `until` are the organ's own life, outside which nothing
        can be missing. An organ that did not exist in the period is complete without a mode's rows (``none``)."""
        start = max(self.period.start, since or dt.date.min)
        end = min(self.period.end, until or dt.date.max)
        if start > end:
            return Covered(frozenset({Coverage.Mode.NONE.value}), complete=True)
        levels = list(self._levels(path))
        found = {_mode_on(day, levels) for day in _turning_points(levels, start, end)}
        return Covered(frozenset(mode for mode in found if mode is not None), complete=None not in found)

    def resolve(self, paths: Iterable[str]) -> dict[str, str | None]:
        """The mode by path, None where unknown."""
        return {path: self.at(path).mode for path in paths}

    def _levels(self, path: str) -> Iterable[list[_Span]]:
        """The organ's own spans, then those of each organ above that speak for the whole tree, nearest first."""
        yield self.spans.get(path, [])
        above = _parent(path)
        while above:
            yield [span for span in self.spans.get(above, []) if span.whole_tree]
            above = _parent(above)


def coverage_for(register: str, prefix: str, period: Period) -> CoverageMap:
    """Coverage of `register` for everything at `prefix` and below, inherited coverage included: one query.

    For a stock ask with a period of one day.
    """
    return coverage_of([register], prefix, period)[register]


def coverage_of(registers: Iterable[str], prefix: str, period: Period) -> dict[str, CoverageMap]:
    """The same for several registers, still one query."""
    names = list(registers)
    above = Q(whole_tree=True, path__in=list(_ancestors(prefix)))
    rows = Coverage.objects.filter(
        within("path", prefix) | above,
        Q(valid_to__isnull=True) | Q(valid_to__gte=period.start),
        register__in=names,
        valid_from__lte=period.end,
    )
    spans: dict[str, dict[str, list[_Span]]] = {name: defaultdict(list) for name in names}
    for row in rows.values_list("register", "path", "valid_from", "valid_to", "mode", "whole_tree"):
        register, path, start, end, mode, whole_tree = row
        spans[register][path].append(_Span(start, end or dt.date.max, mode, whole_tree))
    return {name: CoverageMap(period, spans[name]) for name in names}


@transaction.atomic
def set_coverage(
    *,
    organ: Any,
    register: str,
    mode: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    whole_tree: bool = False,
) -> Coverage:
    """Say how `organ` keeps `register` from a day on. Raises ValidationError when it overlaps what was said before."""
    type(organ)._default_manager.select_for_update().get(pk=organ.pk)
    if register not in registers_known():
        raise ValidationError({"register": _("没有台账“%(name)s”。") % {"name": register}})
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("止日早于起日。")})
    earlier = Coverage.objects.filter(path=organ.path, register=register).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    )
    if valid_to is not None:
        earlier = earlier.filter(valid_from__lte=valid_to)
    if any(other.valid_to is None or other.valid_to >= other.valid_from for other in earlier):
        raise ValidationError(_("与已设置的覆盖方式期间重叠，请先结束原来的方式。"))
    row = Coverage(
        organ=organ,
        register=register,
        mode=mode,
        valid_from=valid_from,
        valid_to=valid_to,
        whole_tree=whole_tree,
    )
    row.full_clean(exclude=["path", "organ"])
    row.save()
    return row


@transaction.atomic
def close_coverage(row: Coverage, *, on: dt.date) -> Coverage:
    """`on` is the last day the coverage holds; the day before it began cancels it. Raises ValidationError."""
    if on < row.valid_from - DAY:
        raise ValidationError({"valid_to": _("止日早于起日。")})
    if row.valid_to is not None and row.valid_to <= on:
        raise ValidationError({"valid_to": _("该覆盖方式已于更早的日期结束。")})
    row.valid_to = on
    row.save(update_fields=["valid_to", "path"])
    return row


def registers_known() -> set[str]:
    """The registers coverage can speak of: those the measures count."""
    return {measure.register for measure in measures.all_measures()}


def _mode_on(day: dt.date, levels: Iterable[list[_Span]]) -> str | None:
    for level in levels:
        for span in level:
            if span.start <= day <= span.end:
                return span.mode
    return None


def _turning_points(levels: Iterable[list[_Span]], start: dt.date, end: dt.date) -> set[dt.date]:
    """The first day and every later one on which some coverage begins or has just ended."""
    days = {start}
    for level in levels:
        for span in level:
            days.add(span.start)
            if span.end < dt.date.max:
                days.add(span.end + DAY)
    return {day for day in days if start <= day <= end}


def _parent(path: str) -> str:
    head = path[:-1].rpartition(".")[0]
    return f"{head}." if head else ""


def _ancestors(path: str) -> Iterable[str]:
    above = _parent(path)
    while above:
        yield above
        above = _parent(above)
