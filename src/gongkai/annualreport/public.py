"""What a reader of a published report sees behind a figure.

Of an application month, outcome, article and days used; of a document title, number and date; of other records the
month and what the form itself tells; of a tally unit, period, value and source. Nothing of an applicant, of a text or of
a place: this module reads only the columns it names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gongkai.base import measures
from gongkai.base.models import Tally
from gongkai.forms.figures import Figures
from gongkai.forms.layout import Form
from gongkai.forms.values import Number, Value
from gongkai.law.outcomes import OUTCOMES

from . import cells, queries
from .changes import record_key
from .models import ReportEvidence, ReportVersion, Scope

# The date by which a record counts in a cell, for the month shown.
_CASE_DATES = {
    "requests.received": "first_received_on",
    "requests.carried_in": "first_received_on",
    "requests.carried_out": "first_received_on",
    "requests.closed": "closed_on",
}


@dataclass(frozen=True)
class CountedCase:
    """An application as the public sees it. `outcome` is the line of outcomes that the report counts it in; "" if
    it was still open at the year's end."""

    month: str
    outcome: str
    article: str
    days_used: int | None


@dataclass(frozen=True)
class CountedDocument:
    """A document: it is public itself."""

    title: str
    number: str
    made_on: dt.date


@dataclass(frozen=True)
class CountedRecord:
    """Any other record: the month, what it is, and its amount where the cell adds amounts."""

    month: str
    what: str
    amount: Number | None = None


@dataclass(frozen=True)
class CountedTally:
    """A unit's own count."""

    organ: str
    period_from: dt.date
    period_to: dt.date
    value: Number
    source: str


@dataclass(frozen=True)
class Contribution:
    """One part of a consolidated figure and where it comes from; `version` leads to the child's own report."""

    label: str
    source: str
    value: Value
    version: ReportVersion | None


@dataclass(frozen=True)
class Behind:
    """Everything the public may see behind one figure."""

    cell: str
    label: str
    value: Value
    cases: tuple[CountedCase, ...]
    documents: tuple[CountedDocument, ...]
    records: tuple[CountedRecord, ...]
    tallies: tuple[CountedTally, ...]
    contributions: tuple[Contribution, ...]


def behind(version: ReportVersion, cell: str) -> Behind:
    """What stands behind a cell of a frozen version. Raises NoSuchCell; the caller has checked that it is published."""
    form, figures = queries.form_of(version), queries.figures_of(version)
    rows = list(
        ReportEvidence.objects.filter(version=version, cell__in=cells.leaves(form, cell)).order_by("id")
    )
    closed = _closed_lines(version) if any(row.measure in _CASE_DATES for row in rows) else {}
    kinds: dict[str, list[Any]] = {"cases": [], "documents": [], "records": []}
    for row in rows:
        if row.measure in _CASE_DATES:
            kinds["cases"].extend(_cases(form, row, closed))
        elif row.measure.startswith("documents."):
            kinds["documents"].extend(_documents(row))
        else:
            kinds["records"].extend(_records(row))
    return Behind(
        cell=cell,
        label=form.cell(cell).label,
        value=figures[cell],
        cases=tuple(kinds["cases"]),
        documents=tuple(kinds["documents"]),
        records=tuple(kinds["records"]),
        tallies=_tallies(rows),
        contributions=_contributions(version, form, cell),
    )


def _closed_lines(version: ReportVersion) -> dict[int, str]:
    """Application → the line of outcomes the frozen report counts it in."""
    rows = ReportEvidence.objects.filter(version=version, measure="requests.closed")
    return {pk: cell.split(".")[1] for cell, records in rows.values_list("cell", "records") for pk in records}


def _cases(form: Form, row: ReportEvidence, closed: Mapping[int, str]) -> Iterable[CountedCase]:
    """Each application with the outcome the report itself counts, or none while it was open at the year's end."""
    date = _CASE_DATES[row.measure]
    found = measures.get(row.measure).model()._default_manager.filter(pk__in=row.records)
    for pk, on, outcome, days in found.order_by(date, "pk").values_list("pk", date, "outcome", "days_used"):
        line = closed.get(pk)
        if line is None:
            yield CountedCase(_month(on), "", "", None)
        else:
            yield CountedCase(_month(on), form.line(line).text, _article(form, line, outcome), days)


def _article(form: Form, line: str, outcome: str) -> str:
    """The article of the outcome, unless the application has another outcome by now than the report counts."""
    return OUTCOMES[outcome].article if outcome in cells.outcomes_of(form, line) else ""


def _documents(row: ReportEvidence) -> Iterable[CountedDocument]:
    found = measures.get(row.measure).model()._default_manager.filter(pk__in=row.records)
    for title, number, made_on in found.order_by("made_on", "pk").values_list("title", "number", "made_on"):
        yield CountedDocument(title, number, made_on)


# measure → the look-up of its date; what it is follows from the cell
_DATES: Mapping[str, str] = {
    "keyareas.items_prev_year": "added_on",
    "keyareas.items_change": "added_on",
    "keyareas.decisions": "decided_on",
    "keyareas.fee_income_yuan": "collected_on",
    "keyareas.procurement_items": "concluded_on",
    "keyareas.procurement_amount_yuan": "concluded_on",
    "requests.fee_collected_yuan": "paid_on",
    "requests.fee_refunded_yuan": "on",
    "remedies.active": "filed_on",
}


def _records(row: ReportEvidence) -> Iterable[CountedRecord]:
    amounts = {record_key(record): record[1] for record in row.records if isinstance(record, list)}
    keys = [record_key(record) for record in row.records]
    date = _DATES[row.measure]
    found = measures.get(row.measure).model()._default_manager.filter(pk__in=keys)
    what = str(measures.get(row.measure).title)
    for pk, on in found.order_by(date, "pk").values_list("pk", date):
        yield CountedRecord(_month(on), what, _number(amounts[pk]) if pk in amounts else None)


def _tallies(rows: Iterable[ReportEvidence]) -> tuple[CountedTally, ...]:
    keys = {tally for row in rows for tally, _value in row.tallies}
    found = Tally.objects.filter(pk__in=keys).select_related("organ").order_by("path", "period_from", "pk")
    return tuple(
        CountedTally(
            tally.organ.name,
            tally.period_from,
            tally.period_to,
            _number(str(tally.value or 0)),
            tally.get_source_display(),
        )
        for tally in found
    )


def _contributions(version: ReportVersion, form: Form, cell: str) -> tuple[Contribution, ...]:
    """The parts of a consolidated figure that are not 0; none for an organ's own report."""
    if version.report.scope == Scope.OWN:
        return ()
    keys = [line["version"] for line in version.contributions if line["version"]]
    open_to_all = {child.pk: child for child in queries.published().filter(pk__in=keys)}
    parts = (
        Contribution(
            line["label"],
            line["source"],
            Figures.from_cells(form, {cell: line["cells"][cell]})[cell],
            open_to_all.get(line["version"]),
        )
        for line in version.contributions
    )
    return tuple(part for part in parts if part.value.number != 0)


def _month(on: dt.date | None) -> str:
    return "" if on is None else _("%(year)s年%(month)s月") % {"year": on.year, "month": on.month}


def _number(text: str) -> Number:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number
