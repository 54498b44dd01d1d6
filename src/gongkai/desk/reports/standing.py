"""Where the reports of a year stand, organ by organ: state, version, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.annualreport import queries, workflow
from gongkai.annualreport.compile import statutory_scope
from gongkai.annualreport.models import Report, ReportVersion, Scope
from gongkai.base.measures import Period
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

State, Origin = ReportVersion.State, ReportVersion.Origin
IMPORTED, FROZEN, WORKED_ON = "imported", "frozen", "open"

# shape of the state word, as everywhere on the desk
SHAPES = {
    workflow.NONE: "unknown",
    State.DRAFT.value: "open",
    State.SUBMITTED.value: "soon",
    State.SIGNED.value: "soon",
    State.PUBLISHED.value: "done",
    IMPORTED: "done",
}


@dataclass(frozen=True)
class Standing:
    """One organ's report of a year. `state` is a version's state, ``imported`` or ``none``; `others` are reports of
    the other scope."""

    organ: Organ
    depth: int
    scope: str
    state: str
    number: int
    href: str
    may_open: bool

    @property
    def word(self) -> str:
        """The state in words."""
        if self.state == workflow.NONE:
            return _("未开始")
        return _("整份导入") if self.state == IMPORTED else str(State(self.state).label)

    @property
    def shape(self) -> str:
        """The shape before the word."""
        return SHAPES[self.state]

    @property
    def scope_word(self) -> str:
        return str(Scope(self.scope).label)

    @property
    def turn(self) -> str:
        """Whose turn it is and for what; "" when nothing is left to do."""
        next_step = None if self.state == IMPORTED else workflow.waits_for(self.state)
        if next_step is None:
            return ""
        return _("%(who)s：%(what)s") % {"what": next_step[0], "who": next_step[1]}

    @property
    def source(self) -> str:
        """What an upper report takes from here: its frozen report, an imported one, or the records as they are."""
        if self.state in (State.SIGNED, State.PUBLISHED):
            return FROZEN
        return IMPORTED if self.state == IMPORTED else "live"


@dataclass(frozen=True)
class Overview:
    """How many reports of those listed stand where."""

    frozen: int
    worked_on: int
    missing: int

    @property
    def all(self) -> int:
        return self.frozen + self.worked_on + self.missing


def organs(who: Viewer, year: int) -> QuerySet[Organ]:
    """The organs in scope that write a report for the year, in tree order."""
    period = Period.year(year)
    existed = Q(valid_from__lte=period.end) & (Q(valid_to__isnull=True) | Q(valid_to__gte=period.start))
    return (
        scope.organs_for(who, workflow.REGISTER)
        .filter(existed, kind__in=Organ.REPORTING_KINDS)
        .order_by("path")
    )


def of_year(who: Viewer, year: int, found: Iterable[Organ]) -> list[Standing]:
    """Where the statutory report of each organ stands: two queries. A report of the other scope stands beside it."""
    versions: dict[int, list[tuple[int, str, str]]] = {}
    rows = scope.rows(who, ReportVersion).filter(report__year=year).order_by("number")
    for key, number, state, origin in rows.values_list("report_id", "number", "state", "origin"):
        versions.setdefault(key, []).append((number, state, origin))
    reports: dict[int, list[Report]] = {}
    for report in queries.reports_for(who, year=year).order_by("-scope"):
        reports.setdefault(report.organ_id, []).append(report)
    listed = list(found)
    top = min((organ.path.count(".") for organ in listed), default=0)
    lines: list[Standing] = []
    for organ in listed:
        statutory = statutory_scope(organ)
        own = {report.scope: report for report in reports.get(organ.pk, ())}
        for wanted in dict.fromkeys([str(statutory), *own]):
            report = own.get(wanted)
            state, number = _where(versions.get(report.pk, [])) if report else (workflow.NONE, 0)
            if report is not None and not number and wanted != statutory:
                continue
            lines.append(
                Standing(
                    organ=organ,
                    depth=min(organ.path.count(".") - top, 4),
                    scope=wanted,
                    state=state,
                    number=number,
                    href=reverse("desk:report", args=[report.pk]) if report and number else "",
                    may_open=state in (workflow.NONE, IMPORTED) and _may(who, organ),
                )
            )
    return lines


def overview(lines: Iterable[Standing]) -> Overview:
    """Counted by what an upper report could take."""
    counts = {"frozen": 0, "worked_on": 0, "missing": 0}
    for line in lines:
        if line.source in (FROZEN, IMPORTED):
            counts["frozen"] += 1
        else:
            counts["missing" if line.state == workflow.NONE else "worked_on"] += 1
    return Overview(**counts)


def _where(versions: list[tuple[int, str, str]]) -> tuple[str, int]:
    """State and number of the version that counts: the open one, else the last compiled, else the last imported."""
    if not versions:
        return workflow.NONE, 0
    compiled = [one for one in versions if one[2] == Origin.COMPILED]
    opened = [one for one in compiled if one[1] in queries.OPEN]
    number, state, origin = (opened or compiled or versions)[-1]
    return (IMPORTED if origin == Origin.IMPORTED else state), number


def _may(who: Viewer, organ: Organ) -> bool:
    offers = workflow.offers(actors_for(who, workflow.REGISTER, organ.path), None, organ.path)
    return any(offer.action == "open" and offer.actor for offer in offers)
