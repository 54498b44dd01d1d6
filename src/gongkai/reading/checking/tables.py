"""The reconciliation rules of the form on what was read, and what the reading lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.forms import findings as form_findings
from gongkai.forms.context import Context
from gongkai.forms.findings import Result, Severity
from gongkai.forms.identities import identities
from gongkai.forms.inference import infer
from gongkai.forms.reconcile import check
from gongkai.forms.relations import Relation
from gongkai.forms.rules import RULES
from gongkai.forms.shape import Form
from gongkai.forms.values import State

from ..report import Report
from .finding import Finding, Mend, Verdict
from .mending import mends

# How a figure is written, not what it says: a figure in the wrong shape need not be a wrong figure.
_FORMAT = frozenset({"T2A-6F", "T2B-1"})
_BLANK = frozenset({"T2-FULL", "T3-FULL", "T4-FULL"})
# The organ's power to make rules is judged by its name alone.
_BY_NAME = frozenset({"T2A-7", "T2B-3"})
_NO_POWER = re.compile(r"(?:县|区|镇|乡|旗)(?:人民)?政府$|(?:局|委员会|办公室|办事处|中心|厅|处|街道|委)$")
_SEPARATED = re.compile(r"\d[,，]\d{3}")


def check_tables(report: Report, previous: Report | None) -> list[Finding]:
    """Findings on the tables alone, and on last year's report beside them."""
    found = [*_by_rules(report, previous), *_blanks(report), *_written(report), *_lost(report)]
    if report.year is not None and not report.form.covers(report.year):
        message = (
            f"{report.year}年度报告用的是{'2019年' if report.form.key == 'fmt2019' else '2021年'}的格式。"
        )
        found.append(Finding("FORM-YEAR", Verdict.DOUBT, Severity.WARNING, message))
    return found


def _by_rules(report: Report, previous: Report | None) -> Iterable[Finding]:
    figures = report.read_figures
    context = Context(
        year=_year_of_form(report),
        scope="consolidated" if report.organ.endswith("政府") else "own",
        rulemaking_power=False if _NO_POWER.search(report.organ) else None,
        previous=previous.read_figures if previous is not None else None,
    )
    mend = mends(report.form, figures.numbers)
    by_cells = {frozenset(relation.operands): relation for _, relation in identities(report.form)}
    for finding in check(figures, context, [rule for rule in RULES if rule.id not in _BLANK]):
        if finding.result is not Result.FAILS:
            continue
        relation = by_cells.get(frozenset(finding.cells))
        yield Finding(
            finding.rule,
            _verdict(finding, report, previous),
            finding.severity,
            finding.message,
            finding.cells,
            finding.expected,
            finding.found,
            at="、".join(dict.fromkeys(report.cells[c].at for c in finding.cells[:1] if c in report.cells)),
            mend=_mends(mend, relation),
        )


def _verdict(finding: form_findings.Finding, report: Report, previous: Report | None) -> Verdict:
    if finding.rule in _FORMAT | _BY_NAME or finding.severity is not Severity.ERROR:
        return Verdict.DOUBT
    if any(report.cells[path].doubtful for path in finding.cells if path in report.cells):
        return Verdict.LOSS
    if finding.rule.startswith("Y-") and previous is not None:
        if any(cell.doubtful for path, cell in previous.cells.items() if path in finding.cells):
            return Verdict.LOSS
        if _bare(previous.organ) != _bare(report.organ) or previous.year != (report.year or 0) - 1:
            return Verdict.DOUBT
    return Verdict.FAULT


def _mends(found: dict[Relation, tuple[Mend, ...]], relation: Relation | None) -> tuple[Mend, ...]:
    return found.get(relation, ()) if relation is not None else ()


def _blanks(report: Report) -> Iterable[Finding]:
    """Cells left blank, table by table, with the number where only one is possible."""
    proved = {proposal.path: proposal.value for proposal in infer(report.figures)}
    for table, rule, name in (
        ("table2", "T2-FULL", "表二"),
        ("table3", "T3-FULL", "表三"),
        ("table4", "T4-FULL", "表四"),
    ):
        blank = tuple(
            path
            for path, cell in report.cells.items()
            if cell.state is State.BLANK and path.startswith(table)
        )
        if not blank:
            continue
        known = {path: proved[path] for path in blank if path in proved}
        message = f"{name}有{len(blank)}格空白；没有发生的应当填写0。"
        if known and len(set(known.values())) == 1:
            message += f"按勾稽关系，其中{len(known)}格只能是{next(iter(known.values()))}。"
        mend = (Mend(tuple(known.items())),) if known else ()
        yield Finding(
            rule, Verdict.DOUBT, Severity.WARNING, message, blank, at=report.cells[blank[0]].at, mend=mend
        )


def _written(report: Report) -> Iterable[Finding]:
    """Figures with separators, and labels of rows and columns that differ from the form's."""
    separated = tuple(path for path, cell in report.cells.items() if _SEPARATED.search(cell.printed))
    if separated:
        shown = "、".join(report.cells[path].printed for path in separated[:5])
        message = f"表中{shown}等{len(separated)}个数用了千位分隔符，应当直接填写数字。"
        yield Finding(
            "FR1", Verdict.DOUBT, Severity.INFORMATION, message, separated, at=report.cells[separated[0]].at
        )
    for label in report.labels:
        yield Finding(
            "FR5",
            Verdict.DOUBT,
            Severity.WARNING,
            f"项目名称“{label.printed}”与格式规定的“{label.expected}”不一致。",
            quote=label.printed,
            at=label.at,
        )


def _lost(report: Report) -> Iterable[Finding]:
    unread = tuple(path for path, cell in report.cells.items() if cell.state is State.UNREAD)
    if unread:
        yield Finding(
            "READ",
            Verdict.LOSS,
            Severity.INFORMATION,
            f"有{len(unread)}格没有读出，涉及的规则没有核对。",
            unread,
        )


def _year_of_form(report: Report) -> int:
    """The report year, or for the form of another year the nearest it was made for."""
    form: Form = report.form
    if report.year is not None and form.covers(report.year):
        return report.year
    return form.first_year if form.last_year is None else form.last_year


def _bare(organ: str) -> str:
    return organ.removesuffix("人民政府").removesuffix("政府")
