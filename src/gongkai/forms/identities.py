"""The equations inside one report that hold by the form itself (勾稽关系): T3-COL, T3-ROW, T3-OUT, T4-SUM.

They serve the rules, the derivation of totals and the inference of lost figures alike.
"""

from __future__ import annotations

from functools import cache

from .relations import Relation
from .shape import Form


@cache
def column_balance(form: Form) -> tuple[Relation, ...]:
    """T3-COL, printed on the form: 第一项加第二项之和，等于第三项加第四项之和, for each column."""
    return tuple(
        Relation(
            (f"table3.new_received.{column.key}", f"table3.carried_in.{column.key}"),
            "=",
            (f"table3.outcome_total.{column.key}", f"table3.carried_out.{column.key}"),
            f"表三“{_column_name(form, column.key)}”列",
            "第一项加第二项之和",
            "第三项加第四项之和",
        )
        for column in form.applicants
    )


@cache
def row_totals(form: Form) -> tuple[Relation, ...]:
    """T3-ROW: 总计 = the six kinds of applicant, for each line with figures."""
    kinds = [column.key for column in form.applicants if column.key != "total"]
    return tuple(
        Relation(
            (f"table3.{line.key}.total",),
            "=",
            tuple(f"table3.{line.key}.{kind}" for kind in kinds),
            f"表三“{form.cell(f'table3.{line.key}.total').row_label}”行",
            "总计",
            "各类申请人之和",
        )
        for line in form.data_lines
    )


@cache
def outcome_totals(form: Form) -> tuple[Relation, ...]:
    """T3-OUT: （七）总计 = all outcome lines, for each column."""
    return tuple(
        Relation(
            (f"table3.outcome_total.{column.key}",),
            "=",
            tuple(f"table3.{line.key}.{column.key}" for line in form.leaves()),
            f"表三“{_column_name(form, column.key)}”列",
            "（七）总计",
            "各项办理结果之和",
        )
        for column in form.applicants
    )


@cache
def remedy_totals(form: Form) -> tuple[Relation, ...]:
    """T4-SUM: 总计 = the four results, for each of the three groups."""
    results = [column.key for column in form.remedy_columns if column.key != "total"]
    return tuple(
        Relation(
            (f"table4.{group.key}.total",),
            "=",
            tuple(f"table4.{group.key}.{result}" for result in results),
            f"表四“{group.label}”",
            "总计",
            "四类结果之和",
        )
        for group in form.remedy_groups
    )


@cache
def identities(form: Form) -> tuple[tuple[str, Relation], ...]:
    """Every identity of the form with the id of its rule."""
    families = (
        ("T3-ROW", row_totals(form)),
        ("T3-OUT", outcome_totals(form)),
        ("T3-COL", column_balance(form)),
        ("T4-SUM", remedy_totals(form)),
    )
    return tuple((rule, relation) for rule, relations in families for relation in relations)


def _column_name(form: Form, key: str) -> str:
    return form.cell(f"table3.new_received.{key}").column_label
