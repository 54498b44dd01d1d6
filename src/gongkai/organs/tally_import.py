"""Opening figures and tallies from a table: one row per figure, all or nothing, every mistake named by row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import imports, measures, tables, tallies
from gongkai.base.imports import Report
from gongkai.base.measures import Measure, Period
from gongkai.base.models import Tally
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused
from gongkai.organs.tallies import record_tally

ORGAN, MEASURE, DIMENSIONS, YEAR = "机关代码", "指标", "分类", "年度"
FROM, TO, VALUE, SOURCE, NOTE = "起", "止", "数值", "来源", "说明"
REQUIRED = (ORGAN, MEASURE, VALUE)
OPTIONAL = (DIMENSIONS, YEAR, FROM, TO, SOURCE, NOTE)
COLUMNS = {
    "organ": ORGAN,
    "measure": MEASURE,
    "dimensions": DIMENSIONS,
    "period_from": FROM,
    "period_to": TO,
    "value": VALUE,
    "source": SOURCE,
    "note": NOTE,
}


def import_tallies(rows: Iterable[tables.Row], *, by: Actor, dry_run: bool) -> Report:
    """Record one tally per row of a table as `base.tables.read` gives it (columns `REQUIRED` and `OPTIONAL`).

    指标 is a measure's key or title; 分类 its dimension values in declared order, as codes or labels, parted by “、”;
    a period is 年度, or 起 and 止, or for an opening stock the day in 止. Nothing stays unless every row is good.
    """
    organs: dict[str, Organ] = {}

    def each(_number: int, row: dict[str, str]) -> Tally:
        declared = _measure(row[MEASURE])
        return record_tally(
            by=by,
            organ=_organ(row[ORGAN], organs),
            measure=declared.key,
            dimensions=_dimensions(declared, row.get(DIMENSIONS, "")),
            period=_period(declared, row),
            value=row[VALUE].replace(",", "").replace("，", ""),
            source=_source(row.get(SOURCE, "")),
            note=row.get(NOTE, ""),
        )

    return imports.run(rows, each, dry_run=dry_run, columns=COLUMNS, refusals=(Refused,))


def _organ(code: str, known: dict[str, Organ]) -> Organ:
    if code not in known:
        organ = Organ.objects.filter(code=code).first()
        if organ is None:
            raise ValidationError({"organ": _("没有代码为“%(code)s”的机关。") % {"code": code}})
        known[code] = organ
    return known[code]


def _measure(text: str) -> Measure:
    found = [declared for declared in measures.all_measures() if text in (declared.key, declared.title)]
    if len(found) != 1:
        raise ValidationError({"measure": _("没有指标“%(key)s”。") % {"key": text}})
    return found[0]


def _dimensions(declared: Measure, text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.replace(",", "、").replace("，", "、").split("、") if part.strip()]
    if len(parts) > len(declared.dimensions):
        raise ValidationError({"dimensions": _("分类太多：“%(text)s”。") % {"text": text}})
    return {name: _code(declared, name, part) for name, part in zip(declared.dimensions, parts, strict=False)}


def _code(declared: Measure, dimension: str, text: str) -> str:
    """The code of a dimension value given by code or label."""
    return next((code for code, label in tallies.choices(declared, dimension) if label == text), text)


def _period(declared: Measure, row: dict[str, str]) -> Period:
    start, end = _day(row, FROM, "period_from"), _day(row, TO, "period_to")
    if year := row.get(YEAR, ""):
        if start or end or not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError({"period_to": _("“年度”应为四位数字，并且不再填“起”“止”。")})
        return Period.year(int(year))
    if end is None:
        raise ValidationError({"period_to": _("请填写“年度”，或者“起”“止”日期。")})
    if start is None and declared.tally != tallies.OPENING:
        raise ValidationError({"period_from": _("请填写统计期间的起日。")})
    return Period(start or end, end)


def _day(row: dict[str, str], column: str, field: str) -> dt.date | None:
    try:
        return tables.parse_date(row.get(column, ""))
    except ValueError as error:
        raise ValidationError({field: str(error)}) from error


def _source(text: str) -> str:
    known = {str(label): value for value, label in Tally.Source.choices}
    return known.get(text, text or Tally.Source.IMPORT.value)
