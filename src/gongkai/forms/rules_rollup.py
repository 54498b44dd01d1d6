"""Rules on consolidated reports: parent = own figures + one contribution per child − listed eliminations."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from .context import Facts
from .findings import Severity
from .relations import Relation, rolled_up
from .rulebook import Failure, Gap, Rule, Verdict
from .shape import Form
from .values import number_text

_NAMED_AT_MOST = 5


@cache
def _sum_of_parts(form: Form) -> tuple[Relation, ...]:
    """Every cell is additive, the carried ones and 上一年项目数量 included."""
    return tuple(
        Relation(
            (cell.path,),
            "=",
            (rolled_up(cell.path),),
            f"“{cell.label}”",
            "汇总数",
            "本级与下级合计（扣除调整项）",
        )
        for cell in form.cells()
    )


def _nothing_to_add_up(facts: Facts) -> str:
    context = facts.context
    if context.scope == "own":
        return "本报告为本机关自身数据，不涉及下级汇总。"
    if context.contributions is None:
        return "没有下级机关的年度报告数据。"
    return ""


def _not_yet_summable(facts: Facts) -> str:
    reason = _nothing_to_add_up(facts)
    if reason:
        return reason
    if facts.context.own is None:
        return "没有本级自身的数据。"
    return f"{_named(facts.unfinished)}的年度报告尚未定稿，暂不能核对汇总数。" if facts.unfinished else ""


def _all_children_final(facts: Facts) -> Iterable[Verdict]:
    unfinished = facts.unfinished
    if not unfinished:
        return
    if facts.context.mode == "compile":
        yield Gap(reason=f"{_named(unfinished)}的年度报告尚未定稿。", waiting_for=unfinished)
        return
    for name in unfinished:
        yield Failure(
            f"{name}的年度报告{facts.standing(name)}，汇总报告不能签发。", operands=(("unfinished", name),)
        )


def _same_form(facts: Facts) -> Iterable[Verdict]:
    children = facts.context.contributions or ()
    without = tuple(child.name for child in children if child.figures is None)
    if without:
        yield Gap(reason=f"没有{_named(without)}的年度报告数据。")
    for child in children:
        if child.figures is not None and child.figures.form is not facts.form:
            yield Failure(
                f"{child.name}的年度报告使用{child.figures.form.key}格式，与汇总报告的{facts.form.key}格式不同。",
                operands=((child.name, child.figures.form.key),),
            )


def _no_duplicate_list(facts: Facts) -> str:
    if facts.context.scope == "own":
        return "本报告为本机关自身数据，不涉及下级汇总。"
    if facts.context.duplicates is None:
        return "没有同一案件涉及多个机关的清单，不能核对重复计数。"
    return ""


def _duplicates_listed(facts: Facts) -> Iterable[Verdict]:
    """A suit naming two organs of the tree counts once in the parent; the difference stands in the eliminations."""
    context = facts.context
    amounts = {
        path: sum(line.amount for line in context.eliminations if line.path == path)
        for path in facts.form.paths
    }
    for path, surplus in (context.duplicates or {}).items():
        if amounts.get(path, 0) != surplus:
            yield Failure(
                f"“{facts.form.cell(path).label}”因同一案件涉及多个机关重复计{number_text(surplus)}件，"
                f"调整项中列明{number_text(amounts.get(path, 0))}件，应当一致。",
                (path,),
                expected=surplus,
                found=amounts.get(path, 0),
                operands=((path, f"{surplus}/{amounts.get(path, 0)}"),),
            )
    for line in context.eliminations:
        if not line.reason.strip():
            yield Failure(
                f"“{facts.form.cell(line.path).label}”的调整项没有写明理由。",
                (line.path,),
                operands=((line.path, number_text(line.amount)),),
            )


def _named(names: tuple[str, ...]) -> str:
    more = f"等{len(names)}个下级机关" if len(names) > _NAMED_AT_MOST else ""
    return "、".join(names[:_NAMED_AT_MOST]) + more


ROLL_UP = (
    Rule(
        "R-SUM",
        Severity.ERROR,
        "汇总报告各项等于本级与全部下级之和，扣除列明的调整项。",
        relations=_sum_of_parts,
        obstacle=_not_yet_summable,
    ),
    Rule(
        "R-MISS",
        Severity.ERROR,
        "全部下级机关的年度报告已经定稿。",
        judge=_all_children_final,
        obstacle=_nothing_to_add_up,
    ),
    Rule(
        "R-DUP",
        Severity.WARNING,
        "同一案件涉及多个机关的，汇总时只计一次，差额列入调整项并写明理由。",
        judge=_duplicates_listed,
        obstacle=_no_duplicate_list,
    ),
    Rule(
        "R-FMT",
        Severity.ERROR,
        "下级机关的年度报告与汇总报告使用同一格式。",
        judge=_same_form,
        obstacle=_nothing_to_add_up,
    ),
)
