"""What can be compared: every cell of the forms, and a few shares and sums of them that mean the same in both forms.

A quantity is None where the form has no such thing or nothing to divide by, and unknown where a figure is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.forms.layout import FORMS
from gongkai.forms.shape import Cell, Form, Unit
from gongkai.forms.values import NOT_KNOWN, Value, add, known
from gongkai.reading.variants import FMT2021_ONE_OTHER

from .lines import Line

CELL = "cell:"
# Newest first; the form of 2021 also as some print it, with （六）其他处理 in one row.
PRINTED: tuple[Form, ...] = (*reversed(FORMS.values()), FMT2021_ONE_OTHER)
PERCENT = "percent"
UNITS: Mapping[str, str | Promise] = {
    Unit.COUNT: _("件/项"),
    Unit.CHANGE: _("项"),
    Unit.MONEY_WAN: _("万元"),
    PERCENT: _("%"),
}


@dataclass(frozen=True)
class Amount:
    """A figure to compare: exact, with the value it came from. `number` None = not known, and `value` says why."""

    number: Fraction | None
    value: Value

    @property
    def is_known(self) -> bool:
        return self.number is not None


@dataclass(frozen=True)
class Indicator:
    """One thing to compare. `per_head`: it makes sense per 10,000 inhabitants; `parts` are its cells (of both forms)."""

    key: str
    title: str | Promise
    unit: str
    of: Callable[[Line], Amount | None]
    per_head: bool = True
    explain: str | Promise = ""
    word: str | Promise = ""

    @property
    def is_share(self) -> bool:
        return self.unit == PERCENT

    @property
    def unit_word(self) -> str:
        return str(self.word or UNITS[self.unit])


def _cell(path: str) -> Callable[[Line], Amount | None]:
    def of(line: Line) -> Amount | None:
        value = line.value(path)
        return None if value is None else amount(value)

    return of


def amount(value: Value) -> Amount:
    """A figure as it can be compared."""
    return Amount(None if value.number is None else Fraction(value.number), value)


def _sum(line: Line, paths: list[str]) -> Value:
    return add(value if (value := line.value(path)) is not None else NOT_KNOWN for path in paths)


def _share(
    part: Callable[[Form], list[str]], whole: Callable[[Form], list[str]]
) -> Callable[[Line], Amount | None]:
    def of(line: Line) -> Amount | None:
        above, below = _sum(line, part(line.form)), _sum(line, whole(line.form))
        if below.number == 0:
            return None  # of nothing there is no share
        if above.number is None or below.number is None:
            return Amount(None, NOT_KNOWN)
        number = Fraction(above.number) * 100 / Fraction(below.number)
        return Amount(number, known(above.number))

    return of


def _row(key: str) -> Callable[[Form], list[str]]:
    return lambda form: [f"table3.{key}.total"]


def _group(key: str) -> Callable[[Form], list[str]]:
    return lambda form: [f"table3.{line.key}.total" for line in form.group_leaves(key)]


def _review(*columns: str) -> Callable[[Form], list[str]]:
    return lambda form: [f"table4.review.{column}" for column in columns]


TOTAL = _row("outcome_total")
NAMED: tuple[Indicator, ...] = (
    Indicator("received", _("新收申请"), Unit.COUNT, _cell("table3.new_received.total"), word=_("件")),
    Indicator("closed", _("办结申请"), Unit.COUNT, _cell("table3.outcome_total.total"), word=_("件")),
    Indicator(
        "granted",
        _("予以公开占比"),
        PERCENT,
        _share(_row("granted"), TOTAL),
        per_head=False,
        explain=_("予以公开÷办理结果总计"),
    ),
    Indicator(
        "denied",
        _("不予公开占比"),
        PERCENT,
        _share(_group("denied"), TOTAL),
        per_head=False,
        explain=_("不予公开各项之和÷办理结果总计"),
    ),
    Indicator(
        "corrected",
        _("复议纠错率"),
        PERCENT,
        _share(_review("corrected"), _review("upheld", "corrected", "other")),
        per_head=False,
        explain=_("复议结果纠正÷（维持＋纠正＋其他），不含尚未审结"),
    ),
    Indicator(
        "normative",
        _("现行有效规范性文件"),
        Unit.COUNT,
        _cell("table2.art20_1.normative_docs.in_force"),
        per_head=False,
        explain=_("2021年起的格式才有“现行有效件数”"),
        word=_("件"),
    ),
    Indicator("fees", _("行政事业性收费"), Unit.MONEY_WAN, _cell("table2.art20_8.admin_fees.fee_amount_wan")),
)


def by_key(key: str) -> Indicator:
    """The indicator, named or a single cell. Raises LookupError."""
    for one in NAMED:
        if one.key == key:
            return one
    path = key.removeprefix(CELL)
    if path == key:
        raise LookupError(key)
    cell = any_cell(path)
    return Indicator(key, cell.label, cell.unit, _cell(path), per_head=cell.unit is not Unit.CHANGE)


def any_cell(path: str) -> Cell:
    """The cell of the newest form that has it. Raises LookupError."""
    for form in PRINTED:
        if path in form:
            return form.cell(path)
    raise LookupError(path)


def all_cells() -> list[Cell]:
    """Every cell of every form once: the newest form's first, then what only older ones have."""
    found: dict[str, Cell] = {}
    for form in PRINTED:
        for cell in form.cells():
            found.setdefault(cell.path, cell)
    return list(found.values())


def forms_of(path: str) -> list[Form]:
    """The forms that have the cell, oldest first; each once, however it is printed."""
    return [form for form in FORMS.values() if path in form] or [
        FORMS[form.key] for form in PRINTED if path in form
    ]
