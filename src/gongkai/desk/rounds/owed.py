"""The page of one duty, for the unit that owes and for those above: what is handed in, remarks, deadline, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongkai.annualreport.rounds import filling, periods, preview, queries, sheets, workflow
from gongkai.annualreport.rounds.models import Duty, RoundFact
from gongkai.annualreport.rounds.queries import Standing
from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.desk.figures import words
from gongkai.desk.figures.records import listed
from gongkai.desk.register import history
from gongkai.desk.reports import opened as report_opened
from gongkai.desk.rounds import opened
from gongkai.desk.rounds.collecting import Button, fact_word, split
from gongkai.desk.rounds.forms import DUTY_VERBS, About
from gongkai.desk.shell.request import DeskRequest
from gongkai.figures.values import drill
from gongkai.forms.grid import grids
from gongkai.organs import scope
from gongkai.organs.refusals import Refused

_UNIT = {True: ("submit",), False: ("hand-in",)}
_UPPER = ("accept", "return", "remind", "extend", "receive")
Bound = Mapping[str, About]


@require_safe
def duty(request: DeskRequest, pk: int) -> HttpResponse:
    """The duty as it stands today."""
    return _show(request, opened.duty(request.viewer, pk))


@require_POST
def act(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Carry out one of the page's forms."""
    owed = opened.duty(request.viewer, pk)
    if verb not in DUTY_VERBS:
        raise Http404
    what = DUTY_VERBS[verb]
    form = what.form(request.POST, request.FILES, subject=owed, auto_id=f"id-{verb}-%s")
    offer = opened.offers(request.viewer, owed.round, owed, verb)[verb]
    if offer.actor is None:
        return _show(request, owed, refused=offer.reason, status=409)
    if not form.is_valid():
        return _show(request, owed, bound={verb: form}, status=422)
    try:
        what.run(offer.actor, owed, form.cleaned_data)
    except ValidationError as error:
        form.take(error)
        return _show(request, owed, bound={verb: form}, status=422)
    except Refused as refused:
        return _show(request, opened.duty(request.viewer, pk), refused=str(refused), status=409)
    messages.success(request, str(what.done))
    return redirect("desk:duty", owed.pk)


@require_POST
def fill(request: DeskRequest, pk: int) -> HttpResponse:
    """Enter the figures of a sheet that records cannot give."""
    owed = opened.duty(request.viewer, pk)
    offer = opened.offers(request.viewer, owed.round, owed, "fill")["fill"]
    if offer.actor is None:
        return _show(request, owed, refused=offer.reason, status=409)
    typed = {
        int(name[1:]): str(value)[:40]
        for name, value in request.POST.items()
        if name.startswith("c") and name[1:].isdecimal() and len(name) < 5
    }
    absent = [int(place) for place in request.POST.getlist("absent") if place.isdecimal() and len(place) < 4]
    note = request.POST.get("note", "")[:300]
    try:
        changed = sheets.fill(by=offer.actor, duty=owed, counts=typed, absent=absent, note=note)
    except ValidationError as error:
        problems = {int(key[1:]): found for key, found in error.message_dict.items()}
        return _show(request, owed, typed=typed, absent=absent, problems=problems, status=422)
    except Refused as refused:
        return _show(request, owed, refused=str(refused), typed=typed, status=409)
    messages.success(request, _("已记下%(count)d项，都是有日期、有填报人的填报数字。") % {"count": changed})
    return redirect("desk:duty", owed.pk)


@require_safe
def counted(request: DeskRequest, pk: int) -> HttpResponse:
    """What the organ above counts from this one, cell by cell."""
    owed = opened.duty(request.viewer, pk)
    if not owed.round.collects_reports:
        raise Http404
    try:
        found = preview.of(owed)
    except ValidationError as error:
        return _show(request, owed, refused="".join(error.messages), status=409)
    links = {}
    if found.version is not None:
        here = report_opened.address(found.version)
        links = {cell: f"{here}cells/{cell}/" for cell in found.form.paths}
    context = {
        "section": "rounds",
        "crumbs": [
            *_crumbs(owed),
            (reverse("desk:duty", args=[owed.pk]), owed.organ.name),
            ("", _("上级将计入的数")),
        ],
        "duty": owed,
        "preview": found,
        "tables": _tables(found),
        "links": links,
        "taken_out": [(found.form.cell(one.cell).label, one.amount, one.reason) for one in found.taken_out],
    }
    return render(request, "desk/rounds/counted.html", context)


@require_safe
def figure(request: DeskRequest, pk: int, place: int) -> HttpResponse:
    """The records and tallies behind one figure of a sheet, as far as the person may see them."""
    owed = opened.duty(request.viewer, pk)
    if owed.round.collects_reports:
        raise Http404
    entries = _entries(owed)
    if entries is None:
        return _show(request, owed, status=409)
    entry = next((one for one in entries if one.place == place), None)
    if entry is None:
        raise Http404
    column, period = entry.column, Period(owed.round.start, owed.round.end)
    found = drill(request.viewer, column.measure.key, period, owed.path, own=True, **column.dims)
    number = request.GET.get("page")
    tables = [listed(request.viewer, rows, number) for rows in (found.rows, found.tallies)]
    context = {
        "section": "rounds",
        "crumbs": [
            *_crumbs(owed),
            (reverse("desk:duty", args=[owed.pk]), owed.organ.name),
            ("", column.title),
        ],
        "duty": owed,
        "entry": entry,
        "measure": column.measure,
        "register": words.register_title(column.measure),
        "tables": [table for table in tables if table.count],
        "longest": max(tables, key=lambda table: table.count).page,
    }
    return render(request, "desk/rounds/figure.html", context)


def _show(
    request: DeskRequest,
    owed: Duty,
    *,
    bound: Bound | None = None,
    refused: str = "",
    typed: Mapping[int, str] | None = None,
    absent: list[int] | None = None,
    problems: Mapping[int, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    standing = queries.standing(owed, clock.today())
    round_ = owed.round
    entries = [] if round_.collects_reports else _entries(owed)
    if entries is None:
        entries, refused = [], refused or _not_there(owed)
    context = {
        "section": "rounds",
        "crumbs": [*_crumbs(owed, request), ("", owed.organ.name)],
        "duty": owed,
        "round": round_,
        "title": periods.title(round_),
        "state": workflow.state_of(round_),
        "standing": standing,
        "mine": any(one.role in workflow.BY_ACTION["fill"].roles for one in _own(request, owed)),
        "history": _history(standing),
        "refused": refused,
        "wrong": next(iter((bound or {}).values()), None),
        **(_report_part(request, standing) if round_.collects_reports else {}),
        **(_sheet_part(standing, entries, typed or {}, absent or [], problems or {}) if entries else {}),
    }
    context.update(split(_buttons(request, standing, bound or {}, context)))
    return render(request, "desk/rounds/duty.html", context, status=status)


def _entries(owed: Duty) -> list[filling.Entry] | None:
    """The sheet as the records are now; None where the unit does not stand in the tree of the period."""
    try:
        return filling.entries(owed)
    except LookupError:
        return None


def _not_there(owed: Duty) -> str:
    return _("%(organ)s在这一统计期内不存在，没有可以列出的数。") % {"organ": owed.organ.name}


def _own(request: DeskRequest, owed: Duty) -> Any:
    return opened.actors_for(request.viewer, opened.REGISTER, owed.path)


def _crumbs(owed: Duty, request: DeskRequest | None = None) -> list[tuple[str, str]]:
    """The way here; the round itself is a link for those who may see it."""
    href = ""
    if request is not None and scope.allows(request.viewer, scope.VIEW, opened.REGISTER, owed.round.path):
        href = reverse("desk:round", args=[owed.round_id])
    return [(reverse("desk:rounds"), _("报送")), *([(href, periods.title(owed.round))] if href else [])]


def _report_part(request: DeskRequest, standing: Standing) -> dict[str, Any]:
    """The report to hand in, or handed in; and where its work goes on."""
    owed = standing.duty
    handed = standing.submitted.version if standing.submitted else None
    ready, last = queries.ready(owed), standing.last(RoundFact.Kind.SUBMITTED)
    paper = queries.on_paper(owed)
    shown = [one for one in (handed, ready, paper) if one is not None]
    return {
        "handed": handed,
        "handed_href": report_opened.address(handed) if handed else "",
        "ready": ready,
        "ready_href": report_opened.address(ready) if ready else "",
        "sent_back": ready
        if standing.outstanding and last and ready and last.version_id == ready.pk
        else None,
        "newer": ready is not None and (handed is None or handed.pk != ready.pk),
        "paper": paper,
        "report_href": reverse("desk:report", args=[shown[0].report_id]) if shown else _reports(owed),
        "counted_href": reverse("desk:duty-counted", args=[owed.pk]),
    }


def _reports(owed: Duty) -> str:
    return f"{reverse('desk:reports')}?year={owed.round.year}"


def _sheet_part(
    standing: Standing,
    entries: list[filling.Entry],
    typed: Mapping[int, str],
    absent: list[int],
    problems: Mapping[int, list[str]],
) -> dict[str, Any]:
    """The figures as they are now beside those handed in."""
    fact = standing.submitted
    frozen = filling.frozen(fact) if fact else None
    return {
        "lines": [
            (
                entry,
                frozen[entry.place] if frozen else entry.value,
                frozen is not None and frozen[entry.place].number != entry.value.number,
                typed.get(entry.place, ""),
                entry.place in absent,
                problems.get(entry.place, []),
                reverse("desk:duty-figure", args=[standing.duty.pk, entry.place]),
            )
            for entry in entries
        ],
        "may_fill": any(entry.may_enter for entry in entries),
        "moved": filling.moved(fact, entries) if fact else [],
        "unknown": len(filling.unknown_entries(entries)),
        "seen": filling.fingerprint(entries),
        "problems": [(f"c{place}", text) for place, found in problems.items() for text in found],
    }


def _buttons(
    request: DeskRequest, standing: Standing, bound: Bound, context: Mapping[str, Any]
) -> list[Button]:
    """What this person can do, the unit's own first; what belongs to the other side is left out."""
    owed = standing.duty
    wanted: list[str] = []
    if _own(request, owed):
        wanted.extend(_UNIT[owed.round.collects_reports])
    if opened.on_round(request.viewer, owed.round):
        wanted.extend(one for one in _UPPER if one != "receive" or owed.round.collects_reports)
    initial = {
        "submit": {"version": context["ready"].pk} if context.get("ready") else {},
        "hand-in": {"seen": context.get("seen", "")},
        "accept": {"seen": standing.seen},
        "return": {"seen": standing.seen},
    }
    found = []
    for action, offer in opened.offers(request.viewer, owed.round, owed, *wanted).items():
        if (
            action == "submit"
            and offer.actor is not None
            and not context["newer"]
            and not standing.outstanding
        ):
            continue  # what is signed is handed in
        form = None
        if offer.actor is not None and not (action == "submit" and context["ready"] is None):
            form = bound.get(action) or DUTY_VERBS[action].form(
                subject=owed, initial=initial.get(action, {}), auto_id=f"id-{action}-%s"
            )
        elif offer.actor is not None:
            offer = workflow.Offer(action, offer.label, None, _("报告还没有签发，签发以后才能报送。"))
        found.append(Button(offer, form, bool(form and form.visible_fields()), action in bound))
    return found


def _history(standing: Standing) -> list[tuple[Any, str, str]]:
    """What happened to this duty, newest first: the fact, its word, who."""
    facts = list(reversed(standing.facts))
    names = history.names_of(fact.actor for fact in facts)
    return [
        (fact, fact_word(fact, standing.duty.round), history.whom(fact.actor, fact.post, names))
        for fact in facts
    ]


def _tables(found: preview.Preview) -> list[tuple[str, Any]]:
    """The statutory tables with their captions."""
    tables: list[tuple[str, Any]] = []
    for section in found.form.sections:
        if section.table == "table2":
            captions = [block.label for block in found.form.blocks]
            tables.extend(zip(captions, grids(found.form, section.table), strict=True))
        elif section.table:
            tables.extend((section.heading, grid) for grid in grids(found.form, section.table))
    return tables
