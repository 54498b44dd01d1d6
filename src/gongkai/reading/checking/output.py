"""Findings as JSON and as text for people. Neither repeats the applicants a report should not have named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..report import Report
from .finding import VERDICT_WORDS, Finding, Verdict
from .privacy import hide_names

_ORDER = (Verdict.FAULT, Verdict.LOSS, Verdict.DOUBT)


def findings_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """``findings``: what is wrong, lost or in doubt; ``confirmed``: sentences that were checked and are right."""
    return {
        "findings": [_as_json(f) for f in findings if f.verdict is not Verdict.HOLDS],
        "confirmed": [_as_json(f) for f in findings if f.verdict is Verdict.HOLDS],
    }


def _as_json(finding: Finding) -> dict[str, Any]:
    told = finding.as_json()
    return {**told, "message": hide_names(told["message"]), "quote": hide_names(told["quote"])}


def findings_text(report: Report, findings: Sequence[Finding]) -> str:
    """A list by verdict, each with rule, sentence, place and what would mend it."""
    lines: list[str] = []
    for verdict in _ORDER:
        for finding in findings:
            if finding.verdict is verdict:
                lines.append(f"  [{VERDICT_WORDS[verdict]}] {finding.rule} {hide_names(finding.message)}")
                lines.extend(f"      {line}" for line in _details(report, finding))
    right = sum(finding.verdict is Verdict.HOLDS for finding in findings)
    if right:
        lines.append(f"  另有{right}处文字与表格或自身算术核对相符。")
    if not lines:
        lines.append("  没有发现问题。")
    lines.extend(f"  缺损：{note}" for note in report.damage)
    return "\n".join(lines)


def _details(report: Report, finding: Finding) -> list[str]:
    lines = []
    if finding.quote:
        lines.append(f"原文（{finding.at}）：{hide_names(finding.quote)[:100]}")
    elif finding.at:
        lines.append(f"位置：{finding.at}")
    for mend in finding.mend[:1]:
        if len(mend.cells) <= 3:
            changes = "，".join(
                f"“{report.form.cell(path).label}”改为{number}" for path, number in mend.cells
            )
            lines.append(f"最少改动：{changes}")
    return lines
