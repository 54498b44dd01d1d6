"""Where the reports of a year stand, organ by organ: state, version, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.annualreport import queries, workflow
from gongkai.annualreport.compile import statutory_scope
from gongkai.annualreport.models import ReportVersion, Scope
from gongkai.base.measures import Period
from gongkai.organs import scope
from gongkai.organs.actors import actors_for
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

State, Origin = ReportVersion.State, ReportVersion.Origin
IMPORTED, FROZEN, LIVE = "imported", "frozen", "live"

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
    """One organ's report of a year. `state` is a version's state, ``imported`` or ``none``."""

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
        return IMPORTED if self.state == IMPORTED else LIVE


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
    """Where the statutory report of each organ stands, and below it one of the other scope if there is: one query."""
    versions = _versions(who, year)
    listed = list(found)
    top = min((organ.path.count(".") for organ in listed), default=0)
    lines: list[Standing] = []
    for organ in listed:
        statutory = str(statutory_scope(organ))
        for wanted in sorted(Scope.values, key=lambda one: one != statutory):
            begun = versions.get((organ.pk, wanted), [])
            if begun or wanted == statutory:
                lines.append(_standing(who, organ, wanted, begun, depth=organ.path.count(".") - top))
    return lines


_Version = tuple[int, int, str, str]  # report, number, state, origin


def _versions(who: Viewer, year: int) -> dict[tuple[int, str], list[_Version]]:
    """The versions of the year by organ and scope, in their order."""
    found: dict[tuple[int, str], list[_Version]] = {}
    rows = scope.rows(who, ReportVersion).filter(report__year=year).order_by("number")
    columns = ("report__organ_id", "report__scope", "report_id", "number", "state", "origin")
    for organ, wanted, *version in rows.values_list(*columns):
        found.setdefault((organ, wanted), []).append((version[0], version[1], version[2], version[3]))
    return found


def _standing(who: Viewer, organ: Organ, wanted: str, begun: list[_Version], depth: int) -> Standing:
    """By the version that counts: the open one, else the last compiled, else the last imported."""
    if not begun:
        return Standing(organ, min(depth, 4), wanted, workflow.NONE, 0, "", _may(who, organ))
    compiled = [one for one in begun if one[3] == Origin.COMPILED]
    opened = [one for one in compiled if one[2] in queries.OPEN]
    report, number, state, origin = (opened or compiled or begun)[-1]
    imported = origin == Origin.IMPORTED
    return Standing(
        organ=organ,
        depth=min(depth, 4),
        scope=wanted,
        state=IMPORTED if imported else state,
        number=number,
        href=reverse("desk:report", args=[report]),
        may_open=imported and _may(who, organ),
    )


def overview(lines: Iterable[Standing]) -> Overview:
    """The statutory reports, counted by what an upper report could take."""
    counts = {"frozen": 0, "worked_on": 0, "missing": 0}
    for line in lines:
        if line.scope != statutory_scope(line.organ):
            continue
        if line.source in (FROZEN, IMPORTED):
            counts["frozen"] += 1
        else:
            counts["missing" if line.state == workflow.NONE else "worked_on"] += 1
    return Overview(**counts)


def _may(who: Viewer, organ: Organ) -> bool:
    offers = workflow.offers(actors_for(who, workflow.REGISTER, organ.path), None, organ.path)
    return any(offer.action == "open" and offer.actor for offer in offers)
