"""Rules on table 2: proactive disclosure, by form."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from .cellrules import no_blank, proper_amount, whole_numbers
from .context import Facts
from .findings import Severity
from .relations import Relation
from .rulebook import Failure, Gap, Rule, Verdict, operands
from .shape import Form
from .values import number_text, wan_from_yuan

_2019, _2021 = ("fmt2019",), ("fmt2021",)

_RULES_ROW = "table2.art20_1.rules"
_DOCUMENT_ROWS = (_RULES_ROW, "table2.art20_1.normative_docs")
_ITEM_ROWS = (
    "table2.art20_5.admin_license",
    "table2.art20_5.other_public_services",
    "table2.art20_6.admin_penalty",
    "table2.art20_6.admin_coercion",
)
_FEE_ROW = "table2.art20_8.admin_fees"
_PROCUREMENT_ITEMS = "table2.art20_9.gov_procurement.procurement_items"
_PROCUREMENT_AMOUNT = "table2.art20_9.gov_procurement.procurement_amount_wan"
_FEE_AMOUNT = f"{_FEE_ROW}.fee_amount_wan"


@cache
def _disclosed_in_total(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.total_disclosed",),
            ">=",
            (f"{row}.newly_disclosed_this_year",),
            _where(form, f"{row}.total_disclosed"),
            "对外公开总数量",
            "本年新公开数量",
        )
        for row in _DOCUMENT_ROWS
    )


@cache
def _made_is_disclosed(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.newly_disclosed_this_year",),
            "=",
            (f"{row}.made_this_year",),
            _where(form, f"{row}.made_this_year"),
            "本年新公开数量",
            "本年新制作数量",
        )
        for row in _DOCUMENT_ROWS
    )


@cache
def _items_not_negative(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.prev_year_items", f"{row}.change_this_year"),
            ">=",
            (),
            _where(form, f"{row}.prev_year_items"),
            "上一年项目数量加本年增/减",
            "下限",
        )
        for row in (*_ITEM_ROWS, _FEE_ROW)
    )


def _no_decisions_without_items(facts: Facts) -> Iterable[Verdict]:
    for row, items, decisions in _items_and_decisions(facts):
        if items is None or decisions is None:
            yield _row_gap(facts, row)
        elif items == 0 and decisions > 0:
            yield _row_failure(facts, row, f"项目数量为0，处理决定数量却为{decisions}，请说明。")


def _decisions_where_items(facts: Facts) -> Iterable[Verdict]:
    for row, items, decisions in _items_and_decisions(facts):
        if items is None or decisions is None:
            yield _row_gap(facts, row)
        elif items > 0 and decisions == 0:
            yield _row_failure(facts, row, f"现有项目{items}项，全年处理决定数量为0，请确认。")


def _procurement_in_both(facts: Facts) -> Iterable[Verdict]:
    items, amount = facts.numbers.get(_PROCUREMENT_ITEMS), facts.numbers.get(_PROCUREMENT_AMOUNT)
    cells = (_PROCUREMENT_ITEMS, _PROCUREMENT_AMOUNT)
    if items is None or amount is None:
        yield Gap(tuple(path for path in cells if path not in facts.numbers))
    elif (items == 0) is not (amount == 0):
        yield Failure(
            f"政府集中采购：采购项目数量为{number_text(items)}，采购总金额为{number_text(amount)}万元，"
            "两者应当同时为0或同时不为0。",
            cells,
            operands=operands(facts, *cells),
        )


def _rules_only_with_power(facts: Facts) -> Iterable[Verdict]:
    """Zero is right for every organ; anything else only where the organ can make rules (立法法 art. 93)."""
    paths = tuple(path for path in facts.figures if path.startswith(_RULES_ROW + "."))
    missing = tuple(path for path in paths if path not in facts.numbers)
    power = facts.context.rulemaking_power
    if power:
        return
    for path in paths:
        number = facts.numbers.get(path, 0)
        if number == 0:
            continue
        if power is None:
            yield Gap(reason="没有说明本机关有无规章制定权，不能核对规章数量。")
        else:
            yield Failure(
                f"“{facts.form.cell(path).label}”为{number_text(number)}，但本机关没有规章制定权，应当填写0。",
                (path,),
                expected=0,
                found=number,
                operands=operands(facts, path),
            )
    if missing:
        yield Gap(missing)


@cache
def _made_still_in_force(form: Form) -> tuple[Relation, ...]:
    """What was made this year is in force, unless it was repealed in the same year."""
    return tuple(
        Relation(
            (f"{row}.made_this_year",),
            "<=",
            (f"{row}.in_force", f"{row}.repealed_this_year"),
            _where(form, f"{row}.made_this_year"),
            "本年制发件数",
            "现行有效件数与本年废止件数之和",
        )
        for row in _DOCUMENT_ROWS
    )


def _fees_include_processing_fees(facts: Facts) -> Iterable[Verdict]:
    amount, collected = facts.numbers.get(_FEE_AMOUNT), facts.context.fees_collected_yuan
    if collected is None:
        yield Gap(reason="没有信息处理费收取记录，不能核对收费金额。")
        return
    least = wan_from_yuan(collected)
    if amount is None:
        yield Gap((_FEE_AMOUNT,))
    elif amount < least:
        yield Failure(
            f"本年收费金额为{number_text(amount)}万元，少于本年实际收取的信息处理费{collected}元（{least}万元）。",
            (_FEE_AMOUNT,),
            expected=least,
            found=amount,
            operands=(*operands(facts, _FEE_AMOUNT), ("fees_collected_yuan", str(collected))),
        )


def _items_and_decisions(facts: Facts) -> Iterable[tuple[str, int | None, int | None]]:
    for row in _ITEM_ROWS:
        before = facts.numbers.get(f"{row}.prev_year_items")
        change = facts.numbers.get(f"{row}.change_this_year")
        decisions = facts.numbers.get(f"{row}.decisions")
        items = None if before is None or change is None else int(before + change)
        yield row, items, None if decisions is None else int(decisions)


def _row_cells(row: str) -> tuple[str, str, str]:
    return f"{row}.prev_year_items", f"{row}.change_this_year", f"{row}.decisions"


def _row_gap(facts: Facts, row: str) -> Gap:
    return Gap(tuple(path for path in _row_cells(row) if path not in facts.numbers))


def _row_failure(facts: Facts, row: str, what: str) -> Failure:
    cells = _row_cells(row)
    message = f"{facts.form.cell(cells[0]).row_label}：{what}"
    return Failure(message, cells, operands=operands(facts, *cells))


def _where(form: Form, path: str) -> str:
    return f"表二“{form.cell(path).row_label}”"


DISCLOSURE = (
    Rule(
        "T2-INT",
        Severity.ERROR,
        "表二各项数量均为整数，除本年增/减外不小于0。",
        judge=whole_numbers("table2"),
    ),
    Rule("T2-FULL", Severity.ERROR, "表二没有空白，没有发生的填写0。", judge=no_blank("table2")),
    Rule(
        "T2A-1",
        Severity.ERROR,
        "规章、规范性文件：对外公开总数量不小于本年新公开数量。",
        relations=_disclosed_in_total,
        formats=_2019,
    ),
    Rule(
        "T2A-2",
        Severity.INFORMATION,
        "规章、规范性文件：本年新公开数量与本年新制作数量相同（不同的请确认，公开以往文件属正常情形）。",
        relations=_made_is_disclosed,
        formats=_2019,
    ),
    Rule(
        "T2A-3",
        Severity.ERROR,
        "各类事项：上一年项目数量加本年增/减不小于0。",
        relations=_items_not_negative,
        formats=_2019,
    ),
    Rule(
        "T2A-4",
        Severity.WARNING,
        "没有项目的事项没有处理决定。",
        judge=_no_decisions_without_items,
        formats=_2019,
    ),
    Rule(
        "T2A-5",
        Severity.INFORMATION,
        "有项目的事项有处理决定（全年没有的请确认）。",
        judge=_decisions_where_items,
        formats=_2019,
    ),
    Rule(
        "T2A-6",
        Severity.WARNING,
        "政府集中采购：采购项目数量与采购总金额同时为0或同时不为0。",
        judge=_procurement_in_both,
        formats=_2019,
    ),
    Rule(
        "T2A-6F",
        Severity.ERROR,
        "采购总金额以万元为单位，不小于0并保留4位小数。",
        judge=proper_amount(_PROCUREMENT_AMOUNT),
        formats=_2019,
    ),
    Rule(
        "T2A-7",
        Severity.ERROR,
        "没有规章制定权的机关，规章各项为0。",
        judge=_rules_only_with_power,
        formats=_2019,
    ),
    Rule(
        "T2B-1",
        Severity.ERROR,
        "本年收费金额以万元为单位，不小于0并保留4位小数。",
        judge=proper_amount(_FEE_AMOUNT),
        formats=_2021,
    ),
    Rule(
        "T2B-2",
        Severity.WARNING,
        "规章、行政规范性文件：本年制发件数不大于现行有效件数（当年又废止的除外）。",
        relations=_made_still_in_force,
        formats=_2021,
    ),
    Rule(
        "T2B-3",
        Severity.ERROR,
        "没有规章制定权的机关，规章各项为0。",
        judge=_rules_only_with_power,
        formats=_2021,
    ),
    Rule(
        "T2B-4",
        Severity.WARNING,
        "本年收费金额不少于本年收取的信息处理费。",
        judge=_fees_include_processing_fees,
        formats=_2021,
    ),
)
