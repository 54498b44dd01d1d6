"""The page of a round for whoever collects: everybody asked with state and deadline, what to do, and the sheet of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport.models import Report, ReportVersion, Scope
from gongkai.annualreport.rounds import actions, deadlines, filling, periods, queries, workflow
from gongkai.annualreport.rounds.models import Duty, Round, RoundFact
from gongkai.annualreport.rounds.queries import Standing
from gongkai.annualreport.rounds.workflow import Offer
from gongkai.base import clock
from gongkai.base.tables import xlsx_bytes
from gongkai.desk.register import history
from gongkai.desk.register.export import XLSX
from gongkai.desk.reports import opened as report_opened
from gongkai.desk.rounds import opened
from gongkai.desk.rounds.forms import ROUND_VERBS, About
from gongkai.desk.shell.request import DeskRequest
from gongkai.figures.tree import Node
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Result, Severity
from gongkai.forms.layout import form_for
from gongkai.forms.shape import Form
from gongkai.forms.values import Value, number_text
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import Viewer

# what the list can be narrowed to, in the order of the work
FILTERS = ("submitted", queries.LATE, "returned", "waiting", "accepted")
TELLING = ("table3.new_received.total", "table3.outcome_total.total", "table3.carried_out.total")
_ON_PAGE = ("remind", "deadline", "include", "close", "reopen", "cancel")


@dataclass(frozen=True)
class Row:
    """One unit of the list. `faults` is what the reconciliation of its report found."""

    standing: Standing
    href: str
    version: ReportVersion | None
    version_href: str
    faults: tuple[int, int] | None
    newest: str


@dataclass(frozen=True)
class Button:
    """Something to do with the round: its form where somebody may, else the reason why not."""

    offer: Offer
    form: About | None
    asks: bool
    unfold: bool


Bound = Mapping[str, About]


@require_safe
def round_(request: DeskRequest, pk: int) -> HttpResponse:
    """Who has handed in, who is late, what to look at."""
    return _show(request, opened.round_(request.viewer, pk))


@require_POST
def act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Carry out one of the page's forms."""
    found = opened.round_(request.viewer, pk)
    if verb not in ROUND_VERBS:
        raise Http404
    what = ROUND_VERBS[verb]
    form = what.form(request.POST, subject=found, auto_id=f"id-{verb}-%s")
    offer = opened.offers(request.viewer, found, None, verb)[verb]
    if offer.actor is None:
        return _show(request, found, refused=offer.reason, status=409)
    if not form.is_valid():
        return _show(request, found, bound={verb: form}, status=422)
    try:
        what.run(offer.actor, found, form.cleaned_data)
    except ValidationError as error:
        form.take(error)
        return _show(request, found, bound={verb: form}, status=422)
    except Refused as refused:
        return _show(request, opened.round_(request.viewer, pk), refused=str(refused), status=409)
    messages.success(request, str(what.done))
    return redirect("desk:round", found.pk)


@require_POST
def act_on_chosen(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Accept or urge the units ticked: all of them or none."""
    found = opened.round_(request.viewer, pk)
    if verb not in ("accept", "remind"):
        raise Http404
    offer = opened.offers(request.viewer, found, None, verb)[verb]
    if offer.actor is None:
        return _show(request, found, refused=offer.reason, status=409)
    asked = [key for key in request.POST.getlist("duty") if key.isdecimal() and len(key) < 19]
    duties = list(Duty.objects.filter(round=found, pk__in=asked))
    try:
        if verb == "accept":
            seen = {duty.pk: request.POST.get(f"seen-{duty.pk}", "") for duty in duties}
            done = actions.accept(by=offer.actor, round_=found, duties=duties, seen=seen)
        else:
            done = actions.remind(by=offer.actor, round_=found, duties=duties)
    except Refused as refused:
        return _show(request, opened.round_(request.viewer, pk), refused=str(refused), status=409)
    word = workflow.label(verb, found)
    messages.success(request, _("已对%(count)d家办理“%(what)s”。") % {"count": len(done), "what": word})
    return redirect("desk:round", found.pk)


@require_safe
def export(request: DeskRequest, pk: int) -> HttpResponse:
    """The list as a sheet to take away, with the figures handed in."""
    found = opened.round_(request.viewer, pk)
    standings = queries.standings(found, clock.today())
    header, lines = _sheet(found, standings)
    name = f"{periods.title(found)}-{clock.today().isoformat()}.xlsx"
    response = HttpResponse(xlsx_bytes(header, lines, periods.title(found)), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _show(
    request: DeskRequest, found: Round, *, bound: Bound | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    standings = queries.standings(found, clock.today())
    asked = request.GET.get("where", "")
    where = asked if asked in FILTERS else ""
    shown = [one for one in standings if not where or one.stands(where)]
    newcomers = [] if found.closed_on or found.cancelled_on else queries.newcomers(found)
    wrong = next(iter((bound or {}).values()), None)
    context = {
        "section": "rounds",
        "crumbs": [(reverse("desk:rounds"), _("报送")), ("", periods.title(found))],
        "round": found,
        "title": periods.title(found),
        "state": workflow.state_of(found),
        "counts": queries.count(standings),
        "filters": [(key, _filter_word(key, found)) for key in FILTERS],
        "where": where,
        "rows": _rows(found, shown, request.viewer),
        "matrix": None if found.collects_reports else filling.matrix(found, standings),
        "deadlines": _deadlines(standings),
        **split(_buttons(request.viewer, found, standings, newcomers, bound or {})),
        "chosen": _chosen(request.viewer, found),
        "newcomers": newcomers,
        "history": _history(found),
        "report": _report(request.viewer, found),
        "refused": refused,
        "wrong": wrong,
    }
    return render(request, "desk/rounds/round.html", context, status=status)


def _rows(found: Round, shown: list[Standing], who: Viewer) -> list[Row]:
    faults = _faults(shown) if found.collects_reports else {}
    return [_row(found, one, faults) for one in shown]


def _row(found: Round, one: Standing, faults: Mapping[int, tuple[int, int]]) -> Row:
    fact = one.submitted
    version = fact.version if fact else None
    newest = one.newest
    return Row(
        standing=one,
        href=reverse("desk:duty", args=[one.duty.pk]),
        version=version,
        version_href=report_opened.address(version) if version else "",
        faults=faults.get(version.pk) if version else None,
        newest=fact_word(newest, found) if newest else "",
    )


def fact_word(fact: RoundFact, found: Round) -> str:
    """What happened, in a word; of a sheet, to accept is to confirm."""
    if fact.kind == RoundFact.Kind.ACCEPTED and not found.collects_reports:
        return _("确认")
    if fact.content.get("on_behalf"):
        return _("代为接收")
    return str(RoundFact.Kind(fact.kind).label)


def _faults(shown: Iterable[Standing]) -> dict[int, tuple[int, int]]:
    """Version → failing errors and warnings, of what was handed in: one query."""
    keys = [one.submitted.version_id for one in shown if one.submitted and one.submitted.version_id]
    found = {}
    for pk, findings in ReportVersion.objects.filter(pk__in=keys).values_list("pk", "findings"):
        failing = [one["severity"] for one in findings if one["result"] == Result.FAILS.value]
        found[pk] = (failing.count(Severity.ERROR.value), failing.count(Severity.WARNING.value))
    return found


def _deadlines(standings: Iterable[Standing]) -> list[tuple[str, dt.date, int]]:
    """The deadline of each group, and how many of it have one of their own."""
    days: dict[str, Counter[dt.date]] = {}
    for one in standings:
        days.setdefault(one.duty.group, Counter())[one.duty.deadline] += 1
    found = []
    for group, name in deadlines.GROUP_NAMES.items():
        if group in days:
            (day, many), *_rest = days[group].most_common()
            found.append((str(name), day, days[group].total() - many))
    return found


def _filter_word(key: str, found: Round) -> str:
    """A state as the list is narrowed to it: a sheet is confirmed, a report accepted."""
    reports = found.collects_reports
    return {
        "submitted": _("待接收") if reports else _("待确认"),
        queries.LATE: _("逾期"),
        "returned": _("已退回"),
        "waiting": _("未报送"),
        "accepted": _("已接收") if reports else _("已确认"),
    }[key]


def _buttons(
    who: Viewer, found: Round, standings: list[Standing], newcomers: list[Node], bound: Bound
) -> list[Button]:
    duties = [one.duty for one in standings]
    buttons = []
    for action, offer in opened.offers(who, found, None, *_ON_PAGE).items():
        reason = actions.hindrance(action, duties, newcomers) if offer.actor else ""
        if reason:
            offer = Offer(action, offer.label, None, reason)
        form = None
        if offer.actor is not None:
            form = bound.get(action) or ROUND_VERBS[action].form(subject=found, auto_id=f"id-{action}-%s")
        buttons.append(Button(offer, form, bool(form and form.visible_fields()), action in bound))
    return buttons


def split(buttons: list[Button]) -> dict[str, list[Button]]:
    """Those that work, and those greyed with their reason, as the template wants them."""
    return {
        "buttons": [one for one in buttons if one.form],
        "undoable": [one for one in buttons if one.form is None],
    }


def _chosen(who: Viewer, found: Round) -> list[tuple[str, str]]:
    """What can be done with units ticked: address and word."""
    offers = opened.offers(who, found, None, "accept", "remind")
    return [
        (reverse("desk:round-chosen", args=[found.pk, action]), offer.label)
        for action, offer in offers.items()
        if offer.actor is not None
    ]


def _history(found: Round) -> list[tuple[RoundFact, str, str]]:
    """What happened to the round as a whole, newest first: the fact, its word, who."""
    facts = list(reversed(queries.round_facts(found)))
    names = history.names_of(fact.actor for fact in facts)
    return [(fact, fact_word(fact, found), history.whom(fact.actor, fact.post, names)) for fact in facts]


@dataclass(frozen=True)
class Above:
    """The collecting organ's own report: where it stands, and what was taken out between the parts and the sum."""

    version: ReportVersion | None
    href: str
    eliminations: list[tuple[str, str, str, bool]]


def _report(who: Viewer, found: Round) -> Above | None:
    """One query or two."""
    if not found.collects_reports:
        return None
    report = (
        scope.rows(who, Report)
        .filter(organ=found.organ_id, year=found.year, scope=Scope.CONSOLIDATED, versions__isnull=False)
        .select_related("organ")
        .first()
    )
    if report is None:
        return Above(None, "", [])
    version = report_opened.current(report)
    form = form_for(found.year)
    lines = [
        (form.cell(one["cell"]).label, one["amount"], one["reason"], one["automatic"])
        for one in version.eliminations
    ]
    return Above(version, report_opened.address(version), lines)


def _sheet(found: Round, standings: list[Standing]) -> tuple[list[str], list[list[Any]]]:
    header = [_("单位"), _("状态"), _("期限"), _("报送日期"), _("晚报天数"), _("接收日期"), _("退回意见")]
    if found.collects_reports:
        form, figures = form_for(found.year), _telling(standings)
        header += [_("版本"), _("校验值"), *(form.cell(cell).label for cell in TELLING)]
        return header, [[*_common(one), *_of_report(form, one, figures)] for one in standings]
    matrix = filling.matrix(found, standings)
    header += [f"{column.title}（{column.measure.unit}）" for column in matrix.columns]
    lines = [[*_common(one), *map(_written, values)] for one, values in matrix.lines]
    total = [_("合计"), *[""] * 6, *map(_written, matrix.totals)]
    return header, [*lines, total]


def _common(one: Standing) -> list[Any]:
    handed, accepted = one.submitted, one.last(RoundFact.Kind.ACCEPTED)
    taken = accepted if one.duty.stage == Duty.Stage.ACCEPTED else None
    return [
        one.duty.organ.name,
        one.word,
        one.duty.deadline,
        handed.on if handed else "",
        one.days_late or "",
        taken.on if taken else "",
        one.remark.note if one.remark else "",
    ]


def _telling(standings: list[Standing]) -> dict[int, dict[str, Any]]:
    keys = [one.submitted.version_id for one in standings if one.submitted]
    rows = ReportVersion.objects.filter(pk__in=[key for key in keys if key])
    return dict(rows.values_list("pk", "cells"))


def _of_report(form: Form, one: Standing, figures: Mapping[int, Mapping[str, Any]]) -> list[Any]:
    version = one.submitted.version if one.submitted else None
    if version is None:
        return [""] * (2 + len(TELLING))
    cells = figures[version.pk]
    values = (Figures.value_from_record(form.cell(path), cells.get(path)) for path in TELLING)
    return [version.number, version.hash, *map(_written, values)]


def _written(value: Value) -> Any:
    """What is not known says so; a sum of the known parts says "at least"."""
    if value.number is not None:
        return value.number
    if value.at_least:
        return _("至少 %(number)s") % {"number": number_text(value.at_least)}
    return _("未知")
