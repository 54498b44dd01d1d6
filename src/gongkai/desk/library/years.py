"""Year beside year of one organ: every cell, growth, what is missing hatched; and saying which organ of ours it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport.library import actions, compare, indicators, lines
from gongkai.annualreport.library.indicators import NAMED
from gongkai.annualreport.library.lines import Asked, Line, Subject
from gongkai.annualreport.library.models import ExternalOrgan
from gongkai.desk.library import drawing
from gongkai.desk.library.forms import Match
from gongkai.desk.library.frame import REGISTER, frame, href, opened
from gongkai.desk.library.report import actor
from gongkai.desk.register import acting
from gongkai.desk.shell.request import DeskRequest
from gongkai.forms.layout import FORMS
from gongkai.forms.values import Value, number_text
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import WORK

MOST_YEARS = 12


@dataclass(frozen=True)
class Year:
    """One column: the year and its report, if there is one."""

    year: int
    line: Line | None
    href: str


@dataclass(frozen=True)
class Row:
    """One cell, or one named figure, through the years."""

    title: str
    key: str
    texts: list[tuple[str, str]]
    growth: Decimal | None


@require_safe
def organ(request: DeskRequest, key: str) -> HttpResponse:
    """The years beside one another."""
    subject = _subject(request, key)
    found = lines.lines(request.focus, Asked(keys=(key,)))
    return _show(request, subject, found)


@require_POST
def match(request: DeskRequest, key: str) -> HttpResponse:
    """Say which organ of ours an external one is."""
    subject = _subject(request, key)
    if subject.external is None:
        raise Http404
    external = subject.external
    by = actor(request, external.path)
    form = Match(request.POST, viewer=request.viewer, register=REGISTER, verb=WORK)
    if form.is_valid():
        done, _result = acting.attempt(
            form, lambda: actions.match(by=by, external=external, subject=form.cleaned_data["subject"])
        )
        if done:
            messages.success(request, _("已对应，今后同名的报告也归入这个机关。"))
            return redirect("desk:library-organ", f"organ-{form.cleaned_data['subject'].pk}")
    return _show(request, subject, lines.lines(request.focus, Asked(keys=(key,))), form, status=422)


@require_POST
def unmatch(request: DeskRequest, key: str) -> HttpResponse:
    """Undo it."""
    subject = _subject(request, key)
    if subject.external is None:
        raise Http404
    by = actor(request, subject.external.path)
    try:
        actions.unmatch(by=by, external=subject.external)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已取消对应，按所印名称归入外部机关。"))
    return redirect("desk:library-organ", key)


def _subject(request: DeskRequest, key: str) -> Subject:
    opened(request)
    found = lines.subject(request.viewer, key)
    if found is None:
        raise Http404
    return found


def _show(
    request: DeskRequest, subject: Subject, found: list[Line], form: Match | None = None, status: int = 200
) -> HttpResponse:
    by_year = {line.year: line for line in found}
    span = list(range(min(by_year), max(by_year) + 1))[-MOST_YEARS:] if by_year else []
    chosen, everything = _chosen(request), "all" in request.GET
    matched = (
        list(scope.rows(request.viewer, ExternalOrgan).filter(matched=subject.organ)) if subject.organ else []
    )
    external = subject.external
    may = external is not None and bool(actors_for(request.viewer, REGISTER, external.path, WORK))
    context = {
        **frame(request, "reports", ("", subject.name)),
        "subject": subject,
        "years": [_year(year, by_year.get(year)) for year in span],
        "named": [_named(one, [by_year.get(year) for year in span]) for one in NAMED],
        "tables": _tables(by_year, span, everything),
        "all": everything,
        "chart": _chart(chosen, by_year, span),
        "chosen": chosen,
        "form": (form or Match(viewer=request.viewer, register=REGISTER, verb=WORK)) if may else None,
        "form_open": form is not None,
        "may": may,
        "matched": [(one, bool(actors_for(request.viewer, REGISTER, one.path, WORK))) for one in matched],
        "names": sorted({line.name for line in found} - {subject.name}),
    }
    return render(request, "desk/library/organ.html", context, status=status)


def _year(year: int, line: Line | None) -> Year:
    return Year(year, line, "" if line is None else href(line))


def _chosen(request: DeskRequest) -> indicators.Indicator:
    try:
        return indicators.by_key(request.GET.get("figure") or NAMED[0].key)
    except LookupError:
        raise Http404 from None


def _named(one: indicators.Indicator, reports: list[Line | None]) -> Row:
    amounts = [None if line is None else one.of(line) for line in reports]
    texts = [_amount(amount, line, one) for amount, line in zip(amounts, reports, strict=True)]
    numbers = [None if amount is None else amount.number for amount in amounts]
    growth = None
    if not one.is_share and len(numbers) > 1 and numbers[-1] is not None and numbers[-2]:
        growth = compare.percent_growth(
            Decimal(numbers[-1].numerator) / numbers[-1].denominator,
            Decimal(numbers[-2].numerator) / numbers[-2].denominator,
        )
    return Row(f"{one.title}（{one.unit_word}）", one.key, texts, growth)


def _amount(
    amount: indicators.Amount | None, line: Line | None, one: indicators.Indicator
) -> tuple[str, str]:
    if line is None:
        return _("没有报告"), "unknown"
    if amount is None:
        return "—", "meta"
    if amount.number is None:
        return _text(amount.value, line)
    return compare.shown(amount.number, one.unit), ""


def _tables(by_year: dict[int, Line], span: list[int], everything: bool) -> list[tuple[str, list[Row]]]:
    newest = list(FORMS.values())[-1]
    headings = {section.table: section.heading for section in newest.sections if section.table}
    groups: dict[str, list[Row]] = {}
    for row in compare.year_rows(by_year, span):
        if not everything and row.cell.table == "table3" and not row.cell.path.endswith(".total"):
            continue  # seven columns of applicants would drown the rest
        texts = [_text(value, by_year.get(year)) for value, year in zip(row.values, span, strict=True)]
        key = f"{indicators.CELL}{row.cell.path}"
        groups.setdefault(headings[row.cell.table], []).append(Row(row.cell.label, key, texts, row.growth))
    return list(groups.items())


def _text(value: Value | None, line: Line | None) -> tuple[str, str]:
    """The words of a figure and how they are marked."""
    if line is None:
        return _("没有报告"), "unknown"
    if value is None:
        return "—", "meta"
    if value.number is not None:
        return number_text(value.number), "is-inferred" if value.state.value == "inferred" else ""
    return {"blank": _("空白"), "unread": _("未读出")}.get(value.state.value, _("未知")), "unknown"


def _chart(one: indicators.Indicator, by_year: dict[int, Line], span: list[int]) -> drawing.Chart | None:
    rows: list[tuple[str, Fraction | None, str]] = []
    for year in span:
        line = by_year.get(year)
        amount: Any = None if line is None else one.of(line)
        text, _css = _amount(amount, line, one)
        if line is not None and amount is None:
            text = _("该年格式没有这一项")
        rows.append((str(year), None if amount is None else amount.number, text))
    return drawing.bars(rows)
