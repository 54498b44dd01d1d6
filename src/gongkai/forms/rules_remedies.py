"""Rules on table 4: administrative review and litigation."""

from __future__ import annotations

from collections.abc import Iterable

from .cellrules import no_blank, whole_numbers
from .context import Facts
from .findings import Severity
from .identities import remedy_totals
from .rulebook import Failure, Gap, Rule, Verdict, operands

# 行政复议法 (2023) art. 23(1)(4): from 2024 refusals go to review first.
REVIEW_FIRST_SINCE = 2024
# From how many direct suits against review-first acts on the table as a whole is questioned. The domain says "many"
# without a number; single suits are questioned at the case.
MANY_DIRECT_SUITS = 3

_DIRECT = "table4.litigation_direct.total"


def _few_direct_suits_on_refusals(facts: Facts) -> Iterable[Verdict]:
    if facts.numbers.get(_DIRECT) == 0:
        return
    suits = facts.context.review_first_direct_suits
    if suits is None:
        yield Gap(reason="没有逐案记录，不能确定直接起诉的案件是否属于复议前置情形。")
    elif suits >= MANY_DIRECT_SUITS:
        yield Failure(
            f"有{suits}件未经复议直接起诉的案件针对不予公开（含部分不予公开）决定，依法应当先申请行政复议，请核实。",
            (_DIRECT,),
            found=suits,
            operands=(*operands(facts, _DIRECT), ("review_first_direct_suits", str(suits))),
        )


REMEDIES = (
    Rule("T4-SUM", Severity.ERROR, "表四各组：总计等于四类结果之和。", relations=remedy_totals),
    Rule("T4-INT", Severity.ERROR, "表四各项均为不小于0的整数。", judge=whole_numbers("table4")),
    Rule("T4-FULL", Severity.ERROR, "表四没有空白，没有发生的填写0。", judge=no_blank("table4")),
    Rule(
        "T4-RF",
        Severity.INFORMATION,
        "复议前置情形没有大量未经复议直接起诉的案件。",
        judge=_few_direct_suits_on_refusals,
        formats=("fmt2021",),
        first_year=REVIEW_FIRST_SINCE,
    ),
)
