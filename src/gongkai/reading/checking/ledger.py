"""Figures of the tables as sentences speak of them, with how far they can be relied on."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.forms.derive import cohort_bounds
from gongkai.forms.findings import Severity
from gongkai.forms.shape import RowKind
from gongkai.forms.values import Number, State

from ..report import Report
from .clauses import Sentence
from .finding import Finding, Verdict


class Ledger:
    """The tables of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.figures = report.figures
        self.form = report.form

    def number(self, *paths: str) -> Number | None:
        """The sum of the cells, None when one of them is not known or not on the form."""
        total: Number = 0
        for path in paths:
            number = self.figures.number(path) if path in self.form else None
            if number is None:
                return None
            total += number
        return total

    def line(self, key: str) -> tuple[str, ...]:
        """The 总计 cells that make up a line or group of table 3."""
        line = next((line for line in self.form.lines if line.key == key), None)
        if line is None:
            return ()
        if line.kind is RowKind.GROUP:
            return tuple(f"table3.{leaf.key}.total" for leaf in self.form.group_leaves(key))
        return (f"table3.{key}.total",)

    def cohort(self) -> tuple[Number, Number] | None:
        """How many of the year's own applications can have been closed in it."""
        return cohort_bounds(self.figures)

    def is_sure(self, paths: Iterable[str]) -> bool:
        """Whether all these cells were read from undamaged rows."""
        return all(
            self.report.cells[path].state is State.KNOWN and not self.report.cells[path].doubtful
            for path in paths
            if path in self.report.cells
        )


def told(
    ledger: Ledger,
    rule: str,
    sentence: Sentence,
    message: str,
    right: bool,
    *,
    paths: tuple[str, ...] = (),
    expected: Number | None = None,
    found: Number | None = None,
    doubt: bool = False,
    severity: Severity | None = None,
) -> Finding:
    """A finding on a sentence: right, in doubt, or wrong — and if wrong, on figures that are surely read or not."""
    if right:
        verdict, severity = Verdict.HOLDS, Severity.INFORMATION
    elif doubt:
        verdict, severity = Verdict.DOUBT, severity or Severity.WARNING
    else:
        verdict = Verdict.FAULT if ledger.is_sure(paths) else Verdict.LOSS
        severity = severity or Severity.ERROR
    return Finding(rule, verdict, severity, message, paths, expected, found, sentence.quote, sentence.at)
