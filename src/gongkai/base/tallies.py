"""Tallies: counts that only a unit knows, as dated records. Without scope: `organs.tallies` asks who may write them.

Four uses, told apart by the measure's `tally`:

* ``instead``: the unit's count of a period stands where it keeps no rows (administrative acts of table 2);
* ``opening``: what existed before the register began and is not in it; it counts in a stock from its day on;
* ``beside``: what the unit did in a period that is over and did not record one by one; it adds to the records, and is
  refused where there are records in that period that equal it in every dimension it tells (`UNTOLD` stands for any value);
* ``none``: only figures of a period before the register began are accepted, as the base of growth rates (S121).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from gongkai.base import clock, coverage, measures
from gongkai.base.fields import within
from gongkai.base.measures import Dims, Measure, Period
from gongkai.base.models import Coverage, Tally, dimension_key

UNTOLD = "-"  # the value of a dimension that a count leaves open: it speaks for every value
INSTEAD, OPENING, BESIDE, NONE = "instead", "opening", "beside", "none"
MONEY_UNITS = ("元", "万元")


@transaction.atomic
def record_tally(
    *,
    organ: Any,
    measure: str,
    dimensions: Mapping[str, str],
    period: Period,
    value: Decimal | int | str,
    source: str,
    author: str,
    note: str = "",
) -> Tally:
    """Write what `organ` counted. An opening stock is as of the period's last day. Raises ValidationError."""
    return _write(
        organ=organ,
        declared=_measure(measure),
        dimensions=dict(dimensions),
        period=period,
        value=value,
        source=source,
        author=author,
        note=note,
        supersedes=None,
    )


@transaction.atomic
def supersede_tally(
    tally: Tally,
    *,
    value: Decimal | int | str | None,
    author: str,
    note: str,
    period: Period | None = None,
    dimensions: Mapping[str, str] | None = None,
) -> Tally:
    """Replace a wrong tally; both are kept, only the new one counts. `value` None withdraws it: the figure is unknown
    again. Raises ValidationError."""
    if not note.strip():
        raise ValidationError({"note": _("请写明更正原因。")})
    if Tally.objects.filter(supersedes=tally).exists():
        raise ValidationError(_("这条数字已被更正过，请在最新的一条上更正。"))
    return _write(
        organ=tally.organ,
        declared=_measure(tally.measure),
        dimensions=dict(tally.dimensions if dimensions is None else dimensions),
        period=period or Period(tally.period_from, tally.period_to),
        value=value,
        source=tally.source,
        author=author,
        note=note,
        supersedes=tally,
    )


def current_tallies(
    measure_keys: Iterable[str], period: Period, prefix: str | None = None
) -> QuerySet[Tally]:
    """The tallies that speak for `period` at `prefix` and below: neither superseded nor withdrawn.

    Period tallies lie inside `period`; an opening stock counts from its day on. One query.
    """
    keys = sorted(set(measure_keys))
    stocks = [key for key in keys if measures.get(key).tally == OPENING]
    inside = Q(period_from__gte=period.start, period_to__lte=period.end) & ~Q(measure__in=stocks)
    opened = Q(period_to__lte=period.end, measure__in=stocks)
    rows = Tally.objects.filter(
        inside | opened, measure__in=keys, value__isnull=False, superseded_by__isnull=True
    )
    return rows if prefix is None else rows.filter(within("path", prefix))


def tallied_by_path(
    measure_keys: Iterable[str], period: Period, prefix: str
) -> dict[tuple[str, str, Dims], Decimal]:
    """Value by measure, organ path and dimension values (in the measure's declared order), in one query.

    A dimension the tally does not name is "" (an opening figure of a whole year, not told by kind).
    """
    grouped = (
        current_tallies(measure_keys, period, prefix)
        .order_by()
        .values_list("measure", "path", "dimensions")
        .annotate(total=Sum("value"))
    )
    values: dict[tuple[str, str, Dims], Decimal] = {}
    for key, path, dimensions, total in grouped:
        dims = tuple(str(dimensions.get(name, "")) for name in measures.get(key).dimensions)
        values[key, path, dims] = values.get((key, path, dims), Decimal(0)) + total
    return values


def choices(declared: Measure, dimension: str) -> list[tuple[str, str]]:
    """The values a dimension may have, with their labels: of the measure's own table, else of the model's field; empty
    when neither names any."""
    if dimension in declared.values:
        return declared.values[dimension]()
    try:
        field = declared.model()._meta.get_field(declared.dimensions[dimension])
    except FieldDoesNotExist:  # an annotation, or a look-up across tables
        return []
    return [(str(value), str(label)) for value, label in getattr(field, "flatchoices", ())]


def speaks_for(counted: Mapping[str, str], record: Mapping[str, str]) -> bool:
    """Whether a count of the dimensions `counted` holds a record of the dimensions `record` already."""
    return all(record.get(name) == value for name, value in _told(counted).items())


def hold(organ: Any) -> None:
    """Until the transaction ends, let nobody else count for the organ: two counts of the same thing, or a count and a
    record of it, must not pass the checks side by side."""
    if connection.features.has_select_for_update:
        type(organ)._default_manager.select_for_update(no_key=True).get(pk=organ.pk)


def _told(dimensions: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in dimensions.items() if value != UNTOLD}


def _write(
    *,
    organ: Any,
    declared: Measure,
    dimensions: dict[str, str],
    period: Period,
    value: Decimal | int | str | None,
    source: str,
    author: str,
    note: str,
    supersedes: Tally | None,
) -> Tally:
    hold(organ)
    if declared.tally == OPENING:
        period = Period(period.end, period.end)
    _check_source(declared, source)
    dimensions = declared.settle(dimensions, organ.path)
    _check_dimensions(declared, dimensions, source)
    _check_period(declared, period, source)
    amount = None if value is None else _amount(declared, value)
    if amount is not None:
        _check_records_do_not_speak(organ, declared, dimensions, period)
        _check_once(organ, declared, dimensions, period, supersedes)
    tally = Tally(
        organ=organ,
        measure=declared.key,
        dimensions=dimensions,
        period_from=period.start,
        period_to=period.end,
        value=amount,
        source=source,
        note=note.strip(),
        author=author,
        recorded_at=clock.now(),
        supersedes=supersedes,
    )
    tally.full_clean(exclude={"path", "organ", "supersedes"} | ({"value"} if amount is None else set()))
    tally.save()
    return tally


def _measure(key: str) -> Measure:
    try:
        return measures.get(key)
    except LookupError:
        raise ValidationError({"measure": _("没有指标“%(key)s”。") % {"key": key}}) from None


def _check_source(declared: Measure, source: str) -> None:
    if source not in Tally.Source.values:
        raise ValidationError({"source": _("来源只能是单位填报、启用前期初数或导入。")})
    if declared.tally == NONE and source != Tally.Source.OPENING:
        raise ValidationError(
            {"measure": _("“%(title)s”由登记的记录计数，不接受填报。") % {"title": declared.title}}
        )


def _check_dimensions(declared: Measure, dimensions: Mapping[str, str], source: str) -> None:
    unknown = set(dimensions) - set(declared.dimensions)
    missing = set(declared.dimensions) - set(dimensions)
    if unknown or (missing and declared.tally != NONE):
        names = "、".join(sorted(unknown or missing))
        raise ValidationError(
            {
                "dimensions": _("“%(title)s”的分类不对：%(names)s。")
                % {"title": declared.title, "names": names}
            }
        )
    for name, value in dimensions.items():
        if name in declared.settled or (declared.tally == BESIDE and value == UNTOLD):
            continue
        allowed = choices(declared, name)
        if allowed and value not in dict(allowed):
            raise ValidationError(
                {"dimensions": _("“%(value)s”不是%(name)s的取值。") % {"value": value, "name": name}}
            )


def _check_period(declared: Measure, period: Period, source: str) -> None:
    if period.start > period.end:
        raise ValidationError({"period_to": _("统计期间的止日早于起日。")})
    if period.start > clock.today():
        raise ValidationError({"period_from": _("不能填报尚未开始的期间。")})
    if declared.tally == BESIDE and period.end >= clock.today():
        raise ValidationError({"period_to": _("统计期间结束以后才能填报。")})
    if declared.stock and declared.tally == INSTEAD and period != Period.year(period.end.year):
        raise ValidationError({"period_from": _("“%(title)s”按整年填报。") % {"title": declared.title}})


def _amount(declared: Measure, value: Decimal | int | str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ValidationError({"value": _("“%(value)s”不是数字。") % {"value": value}}) from None
    if not amount.is_finite():
        raise ValidationError({"value": _("“%(value)s”不是数字。") % {"value": value}})
    if amount < 0 and not declared.signed:
        raise ValidationError({"value": _("“%(title)s”不能是负数。") % {"title": declared.title}})
    if declared.unit not in MONEY_UNITS and amount != amount.to_integral_value():
        raise ValidationError({"value": _("“%(title)s”应为整数。") % {"title": declared.title}})
    return amount


def _check_records_do_not_speak(
    organ: Any, declared: Measure, dimensions: Mapping[str, str], period: Period
) -> None:
    """Nobody types a number that records can give."""
    if declared.tally == OPENING:
        return
    if declared.tally == BESIDE:
        if declared.rows(period, None, **_told(dimensions)).filter(**{declared.path: organ.path}).exists():
            raise ValidationError(
                _("该机关在此期间已有逐条登记的同类记录，再按数填报会重复计数；请只填报没有逐条登记的部分。")
            )
        return
    known = coverage.coverage_for(declared.register, organ.path, period).at(organ.path)
    if Coverage.Mode.HERE in known.modes:
        raise ValidationError(
            _(
                "该机关在此期间已在本系统登记这类台账，数字由记录得出，不能另行填报。如方式有误，请先更正覆盖方式。"
            )
        )


def _check_once(
    organ: Any, declared: Measure, dimensions: dict[str, Any], period: Period, supersedes: Tally | None
) -> None:
    same = Tally.objects.filter(
        path=organ.path,
        measure=declared.key,
        dimension_key=dimension_key(dimensions),
        value__isnull=False,
        superseded_by__isnull=True,
    )
    if supersedes is not None:
        same = same.exclude(pk=supersedes.pk)
    if declared.tally != OPENING:
        same = same.filter(period_from__lte=period.end, period_to__gte=period.start)
    if earlier := same.first():
        raise ValidationError(
            _("同一指标已有%(from)s至%(to)s的数字，期间重叠；如需修改，请更正原来的一条。")
            % {"from": _day(earlier.period_from), "to": _day(earlier.period_to)}
        )


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
