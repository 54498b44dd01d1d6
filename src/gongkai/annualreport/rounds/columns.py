"""The columns of a statistics sheet: measures of the catalogue, with dimension values where only a part is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import measures, tallies
from gongkai.base.measures import Measure
from gongkai.base.models import dimension_key
from gongkai.figures.dimensions import values

from .models import Round, Sheet

MOST = 40


@dataclass(frozen=True)
class Column:
    """One column: what it counts. `dims` left out are summed over."""

    measure: Measure
    dims: Mapping[str, str]
    yearly: bool = True  # the catalogue words measures for a year; a shorter period is called 本期

    @property
    def key(self) -> str:
        """The column as a form names it: ``requests.closed|kind=natural_person``."""
        return f"{self.measure.key}|{dimension_key(dict(self.dims))}"

    @property
    def title(self) -> str:
        """What it is called on the sheet."""
        words = "、".join(_word(self.measure, name, value) for name, value in self.dims.items())
        name = self.measure.title if self.yearly else _for_a_period(self.measure.title)
        return f"{name}（{words}）" if words else name

    @property
    def is_whole(self) -> bool:
        """Whether every dimension is named, so that one number can be entered for it."""
        return set(self.dims) == set(self.measure.dimensions)

    def as_json(self) -> dict[str, Any]:
        """The column as it is kept with the sheet and with what was handed in."""
        return {"measure": self.measure.key, "dims": dict(self.dims)}


def of_sheet(sheet: Sheet) -> list[Column]:
    """The columns of a sheet, in order."""
    yearly = sheet.frequency == Sheet.Frequency.YEAR
    return [Column(measures.get(one["measure"]), one["dims"], yearly) for one in sheet.columns]


def of_round(round_: Round) -> list[Column]:
    """The columns of a sheet's round. Raises ValueError for a round that collects reports."""
    if round_.sheet is None:
        raise ValueError("a round of annual reports has no columns")
    return of_sheet(round_.sheet)


def from_keys(keys: Iterable[str], frequency: str) -> list[Column]:
    """Columns as a form names them. Raises ValidationError."""
    found: list[Column] = []
    for key in dict.fromkeys(keys):
        name, _bar, written = key.partition("|")
        dims = dict(part.partition("=")[::2] for part in written.split(";") if part)
        try:
            measure = measures.get(name)
        except LookupError:
            raise ValidationError({"columns": _("没有指标“%(key)s”。") % {"key": name[:80]}}) from None
        if any(
            value not in dict(values(measure, dim))
            for dim, value in dims.items()
            if dim in measure.dimensions
        ):
            raise ValidationError({"columns": _("“%(title)s”没有这样的分类。") % {"title": measure.title}})
        if set(dims) - set(measure.dimensions):
            raise ValidationError({"columns": _("“%(title)s”没有这样的分类。") % {"title": measure.title}})
        if measure.stock and measure.tally == tallies.INSTEAD and frequency != Sheet.Frequency.YEAR:
            message = _("“%(title)s”按整年填报，只能列入每年一次的报表。")
            raise ValidationError({"columns": message % {"title": measure.title}})
        found.append(Column(measure, dims))
    if not found:
        raise ValidationError({"columns": _("请至少选一项指标。")})
    if len(found) > MOST:
        raise ValidationError({"columns": _("一张报表最多%(most)d项指标。") % {"most": MOST}})
    return found


@dataclass(frozen=True)
class Choice:
    """One measure as it can be put on a sheet: as a whole, or by the values of its dimensions."""

    whole: Column
    parts: list[Column]


def choices() -> dict[str, list[Choice]]:
    """Every column a sheet may have, by register."""
    groups: dict[str, list[Choice]] = {}
    for measure in measures.all_measures():
        parts = [Column(measure, dims) for dims in _parts(measure)]
        groups.setdefault(measure.register, []).append(Choice(Column(measure, {}), parts))
    return groups


def _parts(measure: Measure) -> Iterable[dict[str, str]]:
    for name in measure.dimensions:
        yield from ({name: value} for value, _label in values(measure, name))


_PERIOD_WORDS = (
    ("上一年", "上一期"),
    ("本年度", "本期"),
    ("本年", "本期"),
    ("当年", "本期"),
    ("上年", "上期"),
    ("下年度", "下期"),
)


def _for_a_period(title: str) -> str:
    for year, period in _PERIOD_WORDS:
        title = title.replace(year, period)
    return title


def _word(measure: Measure, name: str, value: str) -> str:
    return dict(values(measure, name)).get(value, value)
