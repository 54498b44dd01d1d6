"""Judge a compiled report by the reconciliation rules: what the rules must know beside the figures is gathered here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from gongkai.base import measures
from gongkai.base.measures import Period
from gongkai.figures.tree import any_within
from gongkai.figures.values import Grid
from gongkai.forms.context import Context, Contribution, Elimination, Mode
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.reconcile import blocking as _blocking
from gongkai.forms.reconcile import check as _check
from gongkai.forms.rules_remedies import REVIEW_FIRST_SINCE
from gongkai.forms.values import Number
from gongkai.law.outcomes import OUTCOMES, review_first
from gongkai.organs.models import Organ

from . import lint, queries
from .compile import IMPORTED, LIVE, OWN, Compiled
from .models import FindingAcceptance, Report, ReportVersion, Scope


def check(figures: Figures, compiled: Compiled, mode: Mode = "compile") -> list[Finding]:
    """The findings on `figures` — what a version holds — against what records and neighbours say now."""
    return _check(figures, context(compiled, mode))


def check_version(version: ReportVersion, compiled: Compiled, mode: Mode = "compile") -> list[Finding]:
    """The findings on a whole draft: its figures, and its words against them."""
    return [
        *check(queries.figures_of(version), compiled, mode),
        *lint.check(version, compiled.grid.tree),
    ]


def recheck_words(version: ReportVersion) -> list[dict[str, Any]]:
    """The findings kept with a version after its words changed: those on its figures stand as they are."""
    kept = [
        record
        for record, finding in zip(version.findings, from_records(version.findings), strict=True)
        if lint.told(finding) is None
    ]
    return [*kept, *as_records(lint.check(version))]


def check_imported(
    figures: Figures, organ: Organ, year: int, scope: str, previous: Figures | None
) -> list[Finding]:
    """The findings on a whole report that came from outside: nothing is known but itself and last year's."""
    known = Context(
        year=year,
        scope="own" if scope == Scope.OWN else "consolidated",
        rulemaking_power=organ.makes_rules,
        previous=previous,
    )
    return _check(figures, known)


def context(compiled: Compiled, mode: Mode = "compile") -> Context:
    """Everything the rules may ask about this report."""
    consolidated = compiled.scope == Scope.CONSOLIDATED
    from_records = all(line.source in (OWN, LIVE) for line in compiled.lines)
    return Context(
        year=compiled.year,
        scope="consolidated" if consolidated else "own",
        mode=mode,
        rulemaking_power=compiled.organ.makes_rules,
        previous=queries.previous_figures(compiled.organ, compiled.year, compiled.scope, compiled.grid.tree),
        own=compiled.own.figures if consolidated else None,
        contributions=tuple(
            Contribution(line.label, line.figures, line.is_final, line.standing) for line in compiled.children
        )
        if consolidated
        else None,
        eliminations=tuple(
            Elimination(line.cell, line.amount, line.reason) for line in compiled.eliminations
        ),
        duplicates=compiled.duplicates if consolidated else None,
        from_records=compiled.figures if from_records else None,
        fees_collected_yuan=_fees_collected(compiled),
        open_before_year=_open_before_year(compiled),
        review_first_direct_suits=_review_first_suits(compiled),
    )


def _fees_collected(compiled: Compiled) -> Number | None:
    """Information processing fees of the year, net, at the organs whose records went in directly."""
    total: Number = 0
    for path in compiled.counted:
        for key, sign in (("requests.fee_collected_yuan", 1), ("requests.fee_refunded_yuan", -1)):
            try:
                value = compiled.grid.value(key, path)
            except LookupError:  # the form of 2019 has no such cell
                return None
            if value.number is None:
                return None
            total += sign * value.number
    return total


def _open_before_year(compiled: Compiled) -> int | None:
    """Applications received before the year and open at its end: carried in and carried out at once."""
    carried_in, carried_out = measures.get("requests.carried_in"), measures.get("requests.carried_out")
    period = Period.year(compiled.year)
    rows = carried_out.rows(period).filter(carried_in.select(period), _place(compiled, carried_out.path))
    found = sum(
        int(count)
        for (path, _dims), count in carried_out.grouped(rows).items()
        if compiled.grid.tree.home(path) is not None
    )
    if found:
        return found
    # Nothing found says something only where every application is registered.
    complete = all(_keeps_requests(compiled.grid, path) for path in compiled.counted)
    return 0 if complete and all(line.source != IMPORTED for line in compiled.lines) else None


def _place(compiled: Compiled, lookup: str) -> Q:
    """The records of the organ itself, or of everything below it."""
    tree = compiled.grid.tree
    if compiled.scope == Scope.OWN:
        return Q(**{f"{lookup}__in": tree.paths_of(tree.root)})
    return any_within(lookup, tree.prefixes)


def _keeps_requests(grid: Grid, path: str) -> bool:
    return grid.part("requests.carried_out", path).complete


def _review_first_suits(compiled: Compiled) -> int | None:
    """Direct suits of the year against decisions that go to review first; None if some suit names no application."""
    if compiled.year < REVIEW_FIRST_SINCE:
        return None
    measure = measures.get("remedies.active")
    rows = (
        measure.rows(Period.year(compiled.year), group="litigation_direct")
        .filter(_place(compiled, measure.path))
        .values_list("proceeding_id", "proceeding__case__outcome", "proceeding__case__closed_on")
    )
    suits = {proceeding: (outcome, closed_on) for proceeding, outcome, closed_on in rows}
    found = sum(
        outcome in OUTCOMES and closed_on is not None and review_first(outcome, closed_on)
        for outcome, closed_on in suits.values()
    )
    return found if found or all(outcome for outcome, _closed in suits.values()) else None


def as_records(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as they are kept with a version; :func:`from_records` reads them back, key included."""
    return [
        {
            **finding.as_json(),
            "key": finding.key,
            "operands": [list(pair) for pair in finding.operands],
            "waiting_for": list(finding.waiting_for),
        }
        for finding in findings
    ]


def from_records(records: Iterable[dict[str, Any]]) -> list[Finding]:
    """The findings kept with a version."""
    return [
        Finding(
            record["rule"],
            Severity(record["severity"]),
            Result(record["result"]),
            record["message"],
            tuple(record["cells"]),
            operands=tuple((name, value) for name, value in record["operands"]),
            waiting_for=tuple(record["waiting_for"]),
        )
        for record in records
    ]


def accepted(report: Report) -> dict[str, FindingAcceptance]:
    """The acceptance that holds for each finding key, the latest one."""
    rows = FindingAcceptance.objects.filter(report=report).order_by("id")
    return {acceptance.finding_key: acceptance for acceptance in rows}


def blocking(version: ReportVersion, mode: Mode = "compile") -> list[Finding]:
    """The findings kept with a version that stop it from being submitted ("compile") or signed ("sign")."""
    return blocking_findings(from_records(version.findings), accepted(version.report), mode)


def blocking_findings(findings: Iterable[Finding], keys: Collection[str], mode: Mode) -> list[Finding]:
    """The same for findings just made."""
    return _blocking(findings, keys, mode)
