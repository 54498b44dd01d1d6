"""Rules on table 3: requests received and handled."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from .cellrules import no_blank, whole_numbers
from .context import Facts
from .findings import Severity
from .identities import column_balance, outcome_totals, row_totals
from .relations import Relation, from_records
from .rulebook import Failure, Gap, Rule, Verdict
from .shape import Form


@cache
def _carried_out_within_intake(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"table3.carried_out.{column.key}",),
            "<=",
            (f"table3.new_received.{column.key}", f"table3.carried_in.{column.key}"),
            f"表三“{column.label}”列",
            "结转下年度继续办理",
            "本年新收与上年结转之和",
        )
        for column in form.applicants
    )


@cache
def _carried_out_within_new(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (f"table3.carried_out.{column.key}",),
            "<=",
            (f"table3.new_received.{column.key}",),
            f"表三“{column.label}”列",
            "结转下年度继续办理",
            "本年新收",
        )
        for column in form.applicants
    )


def _nothing_older_than_the_year(facts: Facts) -> Iterable[Verdict]:
    count = facts.context.open_before_year
    if count is None:
        yield Gap(reason="没有逐件办理记录，不能确定年末未办结的申请中有无上年及以前收到的。")
    elif count > 0:
        yield Failure(
            f"年末仍有{count}件上年及以前收到的申请没有办结，已超过法定最长答复期限，请说明原因。",
            ("table3.carried_out.total",),
            expected=0,
            found=count,
            operands=(("open_before_year", str(count)),),
        )


@cache
def _equal_to_records(form: Form) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            (cell.path,), "=", (from_records(cell.path),), f"表三“{cell.label}”", "填报数", "办理记录统计数"
        )
        for cell in form.cells()
        if cell.table == "table3"
    )


def _no_records(facts: Facts) -> str:
    return "" if facts.context.from_records else "本报告没有可供核对的逐件办理记录。"


REQUESTS = (
    Rule(
        "T3-COL",
        Severity.ERROR,
        "表三各列：第一项加第二项之和，等于第三项加第四项之和。",
        relations=column_balance,
    ),
    Rule("T3-ROW", Severity.ERROR, "表三各行：总计等于各类申请人之和。", relations=row_totals),
    Rule("T3-OUT", Severity.ERROR, "表三各列：（七）总计等于各项办理结果之和。", relations=outcome_totals),
    Rule("T3-INT", Severity.ERROR, "表三各项均为不小于0的整数。", judge=whole_numbers("table3")),
    Rule("T3-FULL", Severity.ERROR, "表三没有空白，没有发生的填写0。", judge=no_blank("table3")),
    Rule(
        "T3-BND",
        Severity.INFORMATION,
        "表三各列：结转下年度的件数不超过本年新收与上年结转之和。",
        relations=_carried_out_within_intake,
    ),
    Rule(
        "T3-OLD",
        Severity.WARNING,
        "年末没有上年及以前收到而仍未办结的申请。",
        relations=_carried_out_within_new,
        judge=_nothing_older_than_the_year,
    ),
    Rule(
        "T3-SYS",
        Severity.ERROR,
        "表三各项与逐件办理记录的统计结果一致。",
        relations=_equal_to_records,
        obstacle=_no_records,
    ),
)
