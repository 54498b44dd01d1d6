"""Judge the figures of a report by the declared rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .context import Context, Facts, Mode
from .figures import Figures
from .findings import Finding, Result, Severity
from .relations import Outcome, Relation, evaluate, operand_label
from .rulebook import Failure, Gap, Rule, Verdict, operands
from .rules import RULES
from .values import number_text

_OP_WORDS = {"=": "两者应当相等", ">=": "前者不应小于后者", "<=": "前者不应大于后者"}
_NAMED_AT_MOST = 5


def check(figures: Figures, context: Context, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings, in the order of the rules.

    A rule that holds everywhere gives one finding; one that fails gives a finding per place; what could not be judged
    is summed up in one more. Rules of another form or year give none. Raises ``ValueError`` if the report year does
    not belong to the form of the figures.
    """
    if not figures.form.covers(context.year):
        raise ValueError(f"{context.year}年度报告不使用{figures.form.key}格式")
    facts = Facts(figures, context)
    return [
        finding
        for rule in rules
        if rule.applies(figures.form, context.year)
        for finding in _findings(rule, facts)
    ]


def blocking(
    findings: Iterable[Finding], accepted: Collection[str] = (), mode: Mode = "compile"
) -> list[Finding]:
    """The findings that stop a report from being submitted ("compile") or signed ("sign").

    A failing error always does; a failing warning until its ``key`` is among the accepted ones. Signing is also
    stopped by children without a final report, even if the check itself was made before signing.
    """
    return [finding for finding in findings if _blocks(finding, accepted, mode)]


def _blocks(finding: Finding, accepted: Collection[str], mode: Mode) -> bool:
    if finding.result is Result.FAILS:
        if finding.severity is Severity.ERROR:
            return True
        return finding.severity is Severity.WARNING and finding.key not in accepted
    return mode == "sign" and bool(finding.waiting_for)


def _findings(rule: Rule, facts: Facts) -> list[Finding]:
    obstacle = rule.obstacle(facts)
    if obstacle:
        return [_finding(rule, Result.CANNOT_BE_JUDGED, obstacle)]
    failures: list[Failure] = []
    gaps: list[Gap] = []
    for verdict in _verdicts(rule, facts):
        if isinstance(verdict, Gap):
            gaps.append(verdict)
        else:
            failures.append(verdict)
    findings = [_failing(rule, failure) for failure in failures]
    if gaps:
        findings.append(_unjudged(rule, facts, gaps))
    return findings or [_finding(rule, Result.HOLDS, rule.sentence)]


def _verdicts(rule: Rule, facts: Facts) -> Iterable[Verdict]:
    for relation in rule.relations(facts.form):
        outcome = evaluate(relation, facts.numbers)
        if outcome.holds is None:
            yield Gap(outcome.missing)
        elif not outcome.holds:
            yield _broken(relation, outcome, facts)
    yield from rule.judge(facts)


def _broken(relation: Relation, outcome: Outcome, facts: Facts) -> Failure:
    left, right = outcome.left or 0, outcome.right or 0
    return Failure(
        f"{relation.where}：{relation.left_text}为{number_text(left)}，"
        f"{relation.right_text}为{number_text(right)}，{_OP_WORDS[relation.op]}。",
        relation.cells,
        expected=right,
        found=left,
        operands=operands(facts, *relation.operands),
    )


def _failing(rule: Rule, failure: Failure) -> Finding:
    return Finding(
        rule.id,
        rule.severity,
        Result.FAILS,
        failure.message,
        failure.cells,
        failure.expected,
        failure.found,
        failure.operands,
    )


def _unjudged(rule: Rule, facts: Facts, gaps: list[Gap]) -> Finding:
    missing = tuple(dict.fromkeys(name for gap in gaps for name in gap.missing))
    reasons = list(dict.fromkeys(gap.reason for gap in gaps if gap.reason))
    if missing:
        names = "、".join(operand_label(facts.form, name) for name in missing[:_NAMED_AT_MOST])
        more = f"等{len(missing)}项" if len(missing) > _NAMED_AT_MOST else ""
        reasons.insert(0, f"缺少{names}{more}的数据，暂不能核对。")
    waiting_for = tuple(dict.fromkeys(name for gap in gaps for name in gap.waiting_for))
    cells = tuple(name for name in missing if name in facts.form)
    return _finding(rule, Result.CANNOT_BE_JUDGED, "".join(reasons), cells, waiting_for)


def _finding(
    rule: Rule, result: Result, message: str, cells: tuple[str, ...] = (), waiting_for: tuple[str, ...] = ()
) -> Finding:
    return Finding(rule.id, rule.severity, result, message, cells, waiting_for=waiting_for)
