"""Checking a report that was read: its tables by the rules of the form, its text against them, its structure.

Three verdicts are kept apart: the publisher's fault, loss in reading, doubt. No rule knows any particular report.
"""

from __future__ import annotations

from ..report import Report
from .clauses import sentences
from .counts import check_counts
from .finding import Finding, Mend, Verdict
from .ledger import Ledger
from .matters import check_matters
from .output import findings_json, findings_text
from .privacy import check_privacy
from .structure import check_structure, likeness
from .sums import check_sums
from .tables import check_tables

__all__ = [
    "Finding",
    "Mend",
    "Verdict",
    "check_report",
    "check_text",
    "findings_json",
    "findings_text",
    "likeness",
]


def check_report(report: Report, previous: Report | None = None) -> list[Finding]:
    """All findings on a report; ``previous`` is last year's report of the same organ."""
    return list(dict.fromkeys([*check_tables(report, previous), *check_text(report, previous)]))


def check_text(report: Report, previous: Report | None = None) -> list[Finding]:
    """The findings on the text: against the tables, against itself, its structure, names in it."""
    told = sentences(report)
    ledger = Ledger(report)
    found = [
        *check_counts(told, ledger),
        *check_sums(told, ledger, previous),
        *check_matters(told, ledger),
        *check_structure(report),
        *check_privacy(report),
    ]
    return list(dict.fromkeys(found))
