"""Figure chips bound to a version: which there may be, what they stand for, and the text printed with their numbers.

A version keeps, beside the words, the figures of chips that are not its own cells (measures, last year's): what is printed
follows from the version alone, and a draft whose figures moved since says so like one whose cells did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures import dimensions
from gongkai.figures.values import Grid, evaluate
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form, NoSuchCell, RowKind, Unit
from gongkai.forms.values import Number
from gongkai.remedies.queries import measure_for

from . import chips, fees, kept, measured
from .chips import BadChip, Chip, Item, Show
from .compile import Compiled, compile
from .kept import FIGURES as FIGURES
from .models import Report, Scope

_LAST = "last:"
_YUAN = "元"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of printed text. `cell` is the cell whose records stand behind it, "" for plain words and for figures
    put together from several; `token` the chip that printed it, `lacks` why it has no number."""

    text: str
    cell: str = ""
    token: str = ""
    lacks: str = ""

    @property
    def part(self) -> str:
        """The part of the report whose table a figure put together from several cells comes from (``s3``); "" for all
        others."""
        if self.cell or self.lacks or not self.token:
            return ""
        (chip,) = chips.parse(self.token)
        if not isinstance(chip, Chip) or chip.show is Show.LAST or any(item.measure for item in chip.items):
            return ""
        tables = {item.name.partition(".")[0].removeprefix("table") for item in chip.items}
        return f"s{tables.pop()}" if len(tables) == 1 else ""


@dataclass(frozen=True)
class Bound:
    """The figures that the chips of one version stand for."""

    form: Form
    year: int
    figures: Figures
    kept: Mapping[str, Any]

    def number(self, item: Item, last: bool) -> Number | None:
        """The number of a cell, heading or measure; None when it is not known."""
        if last or item.measure:
            return kept.number(self.kept.get(_key(item, last=last)))
        return _sum(self.figures, item.name)

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text as printed. A token that is none (the form changed under an old text) is printed as unknown."""
        try:
            parts = chips.parse(text)
        except BadChip as bad:
            return (Piece(text, lacks=str(bad)),)
        return tuple(Piece(part) if isinstance(part, str) else self.piece(part) for part in parts)

    def piece(self, chip: Chip) -> Piece:
        """One chip as printed."""
        printed = chips.show(chip, self.year, self.number)
        cell = chip.cell if chip.cell in self.form and not printed.lacks else ""
        return Piece(printed.text, cell, chip.token, printed.lacks)


def plain(pieces: Iterable[Piece]) -> str:
    """The words alone."""
    return "".join(piece.text for piece in pieces)


def check(text: str, form: Form) -> None:
    """Raises ValidationError for a token that is no chip, or that names a figure there is not."""
    try:
        for part in chips.parse(text):
            if isinstance(part, Chip):
                _check(part, form)
    except BadChip as bad:
        raise ValidationError({"text": _("%(what)s文字没有保存。") % {"what": bad}}) from None


def _check(chip: Chip, form: Form) -> None:
    for item in chip.items:
        if item.measure:
            _check_measure(chip, item)
        else:
            try:
                cells_of(form, item.name)
            except NoSuchCell:
                raise BadChip(chip.token, f"里的“{item.name}”不是本年度报告表格里的数。") from None
    for one in chip.sums:
        if len({_unit(item, form) for item in one}) > 1:
            raise BadChip(chip.token, "把单位不同的数加在了一起。")
    if chip.show is Show.RATE and len({_unit(one[0], form) for one in chip.sums}) > 1:
        raise BadChip(chip.token, "用单位不同的数算比率。")


def _check_measure(chip: Chip, item: Item) -> None:
    try:
        measure = measures.get(item.name)
    except LookupError:
        raise BadChip(chip.token, f"里的“{item.name}”不是台账里的指标。") from None
    if unknown := {name for name, _value in item.dims} - set(measure.dimensions):
        raise BadChip(chip.token, f"里的指标“{measure.title}”不分“{'、'.join(sorted(unknown))}”。")
    for name, value in item.dims:
        known = [key for key, _label in dimensions.values(measure, name)]
        if known and value not in known:
            raise BadChip(chip.token, f"里的指标“{measure.title}”没有“{name}={value}”这一类。")


def _unit(item: Item, form: Form) -> str:
    if item.measure:
        unit = measures.get(item.name).unit
        return unit if unit == _YUAN else Unit.COUNT.value
    unit_of_cell = form.cell(cells_of(form, item.name)[0]).unit
    return Unit.COUNT.value if unit_of_cell is Unit.CHANGE else unit_of_cell.value


def cells_of(form: Form, name: str) -> tuple[str, ...]:
    """The cell itself, or the cells under a heading of table 3 in that column. Raises NoSuchCell."""
    if name in form:
        return (name,)
    table, _dot, rest = name.partition(".")
    key, _dot, column = rest.partition(".")
    heading = next((line for line in form.lines if line.key == key and line.kind is RowKind.GROUP), None)
    cells = [f"table3.{leaf.key}.{column}" for leaf in form.group_leaves(key)] if heading else []
    if table != "table3" or not cells or any(cell not in form for cell in cells):
        raise NoSuchCell(form.key, name)
    return tuple(cells)


def _sum(figures: Figures, name: str) -> Number | None:
    try:
        cells = cells_of(figures.form, name)
    except NoSuchCell:
        return None
    numbers = [figures.number(cell) for cell in cells]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def chips_of(texts: Iterable[str]) -> Iterator[Chip]:
    """Every chip in the texts; a text with a broken token has none that count."""
    for text in texts:
        try:
            yield from (part for part in chips.parse(text) if isinstance(part, Chip))
        except BadChip:
            continue


def gather(
    report: Report, texts: Iterable[str], previous: Figures | None, compiled: Compiled | None = None
) -> dict[str, Any]:
    """The figures behind the chips of these texts that are not cells of the version, as they are kept with it.
    `previous` are last year's figures, `compiled` today's compile, if it is at hand. No query without such a chip."""
    wanted: dict[str, tuple[Item, bool]] = {}
    for chip in chips_of(texts):
        for item in chip.items:
            if chip.show is not Show.LAST and item.measure:
                wanted[_key(item, last=False)] = (item, False)
            if chip.needs_last:
                wanted[_key(item, last=True)] = (item, True)
    return _ask(report, wanted, previous, compiled)


def gather_fees(report: Report, compiled: Compiled) -> dict[str, Any]:
    """The figures behind the sentence on fees, as they are kept with a version."""
    items = (Item(key, measure=True) for key in fees.MEASURES)
    return _ask(report, {_key(item, last=False): (item, False) for item in items}, None, compiled)


def _ask(
    report: Report,
    wanted: Mapping[str, tuple[Item, bool]],
    previous: Figures | None,
    compiled: Compiled | None,
) -> dict[str, Any]:
    source = _Source(report, [item for item, _last in wanted.values()], previous, compiled)
    return {key: kept.content(source.number(item, last)) for key, (item, last) in sorted(wanted.items())}


class _Source:
    """Where the figures come from that a version does not hold: the registers, last year's report, and in a consolidated
    report the signed reports of its children."""

    def __init__(
        self, report: Report, items: Iterable[Item], previous: Figures | None, compiled: Compiled | None
    ) -> None:
        self.report, self.previous, self.compiled = report, previous, compiled
        names = dict.fromkeys(item.name for item in items if item.measure)
        self.keys = tuple(key for key in names if _is_measure(key))

    def number(self, item: Item, last: bool) -> Number | None:
        if not item.measure:
            return None if self.previous is None else _sum(self.previous, item.name)
        if item.name not in self.keys:
            return None
        if self.report.scope == Scope.OWN:
            grid = self._own_last if last else self._own_now
            if grid is None:
                return None
            return grid.value(item.name, self.report.path, **dict(item.dims)).number
        return self._consolidated_last(item) if last else self._consolidated(item)

    def _consolidated(self, item: Item) -> Number | None:
        return None if self._now is None else self._now.number(item)

    def _consolidated_last(self, item: Item) -> Number | None:
        """As last year's report has it, if its tables tell it; else as it would have it."""
        if self.previous is not None:
            remedies = measure_for(self.report.path).key
            places = measured.places_of(self.previous.form, remedies, item)
            if places:
                return measured.told(self.previous, places)
        return None if self._last is None else self._last.number(item)

    @cached_property
    def _own_now(self) -> Grid | None:
        return self._grid(self.report.year)

    @cached_property
    def _own_last(self) -> Grid | None:
        return self._grid(self.report.year - 1)

    def _grid(self, year: int) -> Grid | None:
        try:
            return evaluate(self.keys, self.report.path, Period.year(year), own=True)
        except LookupError:  # there was no such organ in that year
            return None

    @cached_property
    def _now(self) -> measured.Measured | None:
        return self._measured(self.report.year, self.compiled)

    @cached_property
    def _last(self) -> measured.Measured | None:
        return self._measured(self.report.year - 1, None)

    def _measured(self, year: int, compiled: Compiled | None) -> measured.Measured | None:
        try:
            found = compiled or compile(self.report.organ, year, self.report.scope)
        except ValidationError:  # there was no such organ in that year, or no form for it
            return None
        return measured.Measured(found, self.keys)


def _is_measure(key: str) -> bool:
    return any(measure.key == key for measure in measures.all_measures())


def _key(item: Item, *, last: bool) -> str:
    return f"{_LAST if last else ''}{item.figure}"
