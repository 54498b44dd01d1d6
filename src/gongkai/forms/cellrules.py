"""Judgements on single cells that several tables share: nothing blank, whole numbers, four decimals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from .context import Facts
from .rulebook import Failure, Gap, Verdict, operands
from .shape import Cell, Unit
from .values import MONEY_PLACES, Number, State, has_four_decimals, number_text


def no_blank(table: str) -> Callable[[Facts], Iterable[Verdict]]:
    """FR1: no cell of the table is blank. What could not be read or counted is no blank and is not judged."""

    def judge(facts: Facts) -> Iterable[Verdict]:
        for cell in _cells(facts, table):
            state = facts.figures[cell.path].state
            if state is State.BLANK:
                message = f"“{cell.label}”为空白；没有发生的应当填写0。"
                yield Failure(message, (cell.path,), operands=((cell.path, "blank"),))
            elif state in (State.UNREAD, State.UNKNOWN):
                yield Gap((cell.path,))

    return judge


def whole_numbers(table: str) -> Callable[[Facts], Iterable[Verdict]]:
    """Counts are whole and not negative; changes are whole."""

    def judge(facts: Facts) -> Iterable[Verdict]:
        for cell in _cells(facts, table):
            if cell.unit is Unit.MONEY_WAN:
                continue
            number = facts.numbers.get(cell.path)
            if number is None:
                yield Gap((cell.path,))
            elif not _is_proper(number, cell.unit):
                kind = "整数" if cell.unit is Unit.CHANGE else "不小于0的整数"
                message = f"“{cell.label}”为{_plain(number)}，应当是{kind}。"
                yield Failure(message, (cell.path,), found=number, operands=operands(facts, cell.path))

    return judge


def proper_amount(path: str) -> Callable[[Facts], Iterable[Verdict]]:
    """FR4: an amount in 万元 is not negative and has exactly four decimals."""

    def judge(facts: Facts) -> Iterable[Verdict]:
        amount = facts.numbers.get(path)
        if amount is None:
            yield Gap((path,))
            return
        amount = Decimal(amount)
        if amount < 0 or not has_four_decimals(amount):
            proper = amount.quantize(MONEY_PLACES)
            message = f"“{facts.form.cell(path).label}”为{_plain(amount)}，应当不小于0并保留4位小数"
            message += f"，即{proper}。" if proper == amount >= 0 else "。"
            yield Failure(message, (path,), found=amount, operands=((path, _plain(amount)),))

    return judge


def _cells(facts: Facts, table: str) -> Iterable[Cell]:
    return (cell for cell in facts.form.cells() if cell.table == table)


def _is_proper(number: Number, unit: Unit) -> bool:
    return isinstance(number, int) and (number >= 0 or unit is Unit.CHANGE)


def _plain(number: Number) -> str:
    """The number as given; unlike the printed text it does not add decimals."""
    return format(number, "f") if isinstance(number, Decimal) else number_text(number)
