"""Rules that compare a report with last year's frozen or imported one, same organ and same scope."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from .context import Facts
from .findings import Severity
from .relations import Relation, last_year
from .rulebook import Failure, Gap, Rule, Verdict, operands
from .shape import Form
from .values import number_text

NO_PREVIOUS = "没有上一年度已定稿或导入的年度报告。"

# 2021 is the first report with 现行有效件数, so 2022 is the first that can be compared.
_FIRST_WITH_IN_FORCE_BEFORE = 2022
_SECOND_YEAR_OF_2019_FORM = 2020

_DOCUMENT_ROWS = ("table2.art20_1.rules", "table2.art20_1.normative_docs")
_ITEM_ROWS = (
    "table2.art20_5.admin_license",
    "table2.art20_5.other_public_services",
    "table2.art20_6.admin_penalty",
    "table2.art20_6.admin_coercion",
    "table2.art20_8.admin_fees",
)
# The cells a reader looks at first; only their jumps are worth a question.
_MAIN_CELLS = (
    "table2.art20_1.normative_docs.made_this_year",
    "table2.art20_5.admin_license.decisions",
    "table2.art20_6.admin_penalty.decisions",
    "table2.art20_6.admin_coercion.decisions",
    "table3.new_received.total",
    "table3.granted.total",
    "table3.partially_granted.total",
    "table3.outcome_total.total",
    "table3.carried_out.total",
    "table4.review.total",
    "table4.litigation_direct.total",
    "table4.litigation_after_review.total",
)
_JUMP_UNITS = 20
_JUMP_PERCENT = 50


def _no_previous(facts: Facts) -> str:
    return "" if facts.context.previous is not None else NO_PREVIOUS


@cache
def _carried_over(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"table3.carried_in.{column.key}",),
            "=",
            (last_year(f"table3.carried_out.{column.key}"),),
            f"表三“{column.label}”列",
            "上年结转",
            "上年报告的结转下年度继续办理",
        )
        for column in form.applicants
    )


@cache
def _in_force_continues(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.in_force", f"{row}.repealed_this_year"),
            "=",
            (last_year(f"{row}.in_force"), f"{row}.made_this_year"),
            _where(form, row, "in_force"),
            "现行有效件数加本年废止件数",
            "上年现行有效件数加本年制发件数",
        )
        for row in _DOCUMENT_ROWS
    )


@cache
def _repealed_existed(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.repealed_this_year",),
            "<=",
            (last_year(f"{row}.in_force"), f"{row}.made_this_year"),
            _where(form, row, "in_force"),
            "本年废止件数",
            "上年现行有效件数加本年制发件数",
        )
        for row in _DOCUMENT_ROWS
    )


@cache
def _items_continue(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.prev_year_items",),
            "=",
            (last_year(f"{row}.prev_year_items"), last_year(f"{row}.change_this_year")),
            _where(form, row, "prev_year_items"),
            "上一年项目数量",
            "上年报告的项目数量加增/减",
        )
        for row in _ITEM_ROWS
    )


@cache
def _disclosed_grows_by_new(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"{row}.total_disclosed",),
            "<=",
            (last_year(f"{row}.total_disclosed"), f"{row}.newly_disclosed_this_year"),
            _where(form, row, "total_disclosed"),
            "对外公开总数量",
            "上年对外公开总数量加本年新公开数量",
        )
        for row in _DOCUMENT_ROWS
    )


@cache
def _pending_come_back(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"table4.{group.key}.total",),
            ">=",
            (last_year(f"table4.{group.key}.pending"),),
            f"表四“{group.label}”",
            "总计",
            "上年报告的尚未审结",
        )
        for group in form.remedy_groups
    )


def _no_jumps(facts: Facts) -> Iterable[Verdict]:
    for path in _MAIN_CELLS:
        now, before = facts.numbers.get(path), facts.numbers.get(last_year(path))
        if now is None or before is None:
            yield Gap(tuple(name for name in (path, last_year(path)) if name not in facts.numbers))
            continue
        change = abs(Decimal(now) - Decimal(before))
        if change > _JUMP_UNITS and 100 * change > _JUMP_PERCENT * before:
            yield Failure(
                f"“{facts.form.cell(path).label}”由上年的{number_text(before)}变为{number_text(now)}，"
                f"增减超过{_JUMP_PERCENT}%且超过{_JUMP_UNITS}，请说明原因。",
                (path,),
                expected=before,
                found=now,
                operands=operands(facts, path, last_year(path)),
            )


def _where(form: Form, row: str, column: str) -> str:
    return f"表二“{form.cell(f'{row}.{column}').row_label}”"


ACROSS_YEARS = (
    Rule(
        "Y-CARRY",
        Severity.ERROR,
        "表三各列：上年结转数等于上年报告的结转下年度继续办理数。",
        relations=_carried_over,
        obstacle=_no_previous,
    ),
    Rule(
        "Y-INFORCE",
        Severity.ERROR,
        "规章、行政规范性文件：现行有效件数等于上年现行有效件数加本年制发件数减本年废止件数。",
        relations=_in_force_continues,
        obstacle=_no_previous,
        formats=("fmt2021",),
        first_year=_FIRST_WITH_IN_FORCE_BEFORE,
    ),
    Rule(
        "Y-REPEAL",
        Severity.ERROR,
        "规章、行政规范性文件：本年废止件数不大于上年现行有效件数加本年制发件数。",
        relations=_repealed_existed,
        obstacle=_no_previous,
        formats=("fmt2021",),
        first_year=_FIRST_WITH_IN_FORCE_BEFORE,
    ),
    Rule(
        "Y-ITEMS",
        Severity.ERROR,
        "各类事项：上一年项目数量等于上年报告的项目数量加增/减。",
        relations=_items_continue,
        obstacle=_no_previous,
        formats=("fmt2019",),
        first_year=_SECOND_YEAR_OF_2019_FORM,
    ),
    Rule(
        "Y-DISCL",
        Severity.WARNING,
        "规章、规范性文件：对外公开总数量不大于上年对外公开总数量加本年新公开数量。",
        relations=_disclosed_grows_by_new,
        obstacle=_no_previous,
        formats=("fmt2019",),
        first_year=_SECOND_YEAR_OF_2019_FORM,
    ),
    Rule(
        "Y-PEND",
        Severity.WARNING,
        "表四各组：总计不小于上年报告的尚未审结数。",
        relations=_pending_come_back,
        obstacle=_no_previous,
    ),
    Rule(
        "Y-JUMP",
        Severity.WARNING,
        "主要数据与上年相比没有大幅变化。",
        judge=_no_jumps,
        obstacle=_no_previous,
    ),
)
