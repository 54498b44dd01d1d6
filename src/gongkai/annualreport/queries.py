"""What can be asked of annual reports: the version that counts, last year's, and what is published."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from gongkai.base.fields import prefixes
from gongkai.figures.tree import Tree
from gongkai.forms.figures import Figures, add_figures
from gongkai.forms.layout import Form, form_for
from gongkai.forms.narrative import report_title
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer
from gongkai.requests.models import Case

from . import workflow
from .models import Report, ReportEvidence, ReportVersion, Scope
from .workflow import NONE

State, Origin = ReportVersion.State, ReportVersion.Origin
FINAL = (State.SIGNED, State.PUBLISHED)
OPEN = (State.DRAFT, State.SUBMITTED)
MOST_WAITING = 50  # more than one person has reports to sign on one day


def statutory(to_report: str = "report__") -> Q:
    """Of a government the public report is the consolidated one, of any other organ its own (FR11). `to_report` leads from
    the rows asked to the report."""
    government = Q(**{f"{to_report}organ__kind": Organ.Kind.GOVERNMENT})
    own, consolidated = (Q(**{f"{to_report}scope": one}) for one in (Scope.OWN, Scope.CONSOLIDATED))
    return (government & consolidated) | (~government & own)


def form_of(version: ReportVersion) -> Form:
    """The statutory form of a version."""
    return form_for(version.report.year)


def figures_of(version: ReportVersion) -> Figures:
    """The figures a version holds."""
    return Figures.from_cells(form_of(version), version.cells)


def organ_name(version: ReportVersion) -> str:
    """The organ's name as it stands in the report: as frozen, of a draft as compiled."""
    if version.organ_name:
        return version.organ_name
    own = next((line for line in version.contributions if line["source"] == "own"), None)
    return own["label"] if own else version.report.organ.name


def title(version: ReportVersion) -> str:
    """The report's title: as frozen, of a draft with the name as compiled."""
    return version.title or report_title(organ_name(version), version.report.year)


def final_version(organ: Organ, year: int, scope_: str) -> ReportVersion | None:
    """The report that counts: the latest signed or published version, or without one the latest imported."""
    versions = ReportVersion.objects.select_related("report__organ").filter(
        report__organ=organ, report__year=year, report__scope=scope_, state__in=FINAL
    )
    compiled = versions.filter(origin=Origin.COMPILED).order_by("number").last()
    return compiled or versions.order_by("number").last()


def open_version(report: Report) -> ReportVersion | None:
    """The one version being worked on."""
    return ReportVersion.objects.select_related("report__organ").filter(report=report, state__in=OPEN).first()


def state_of(report: Report) -> str:
    """Where the report stands: its open version's state, else its latest signed or published own version's, else
    ``none``. An imported report does not stand in the way of one's own."""
    version = open_version(report) or (
        ReportVersion.objects.filter(report=report, origin=Origin.COMPILED).order_by("number").last()
    )
    return NONE if version is None else version.state


def published(*, organ: Organ | None = None, year: int | None = None) -> QuerySet[ReportVersion]:
    """Every published version, newest first: the annual-report column. Public, so without scope."""
    rows = ReportVersion.objects.select_related("report__organ").filter(state=State.PUBLISHED)
    if organ is not None:
        rows = rows.filter(report__organ=organ)
    if year is not None:
        rows = rows.filter(report__year=year)
    return rows.order_by("-report__year", "report__path", "-number")


def published_latest(*, organ: Organ | None = None, year: int | None = None) -> list[ReportVersion]:
    """The latest published version of each report."""
    seen: dict[int, ReportVersion] = {}
    for version in published(organ=organ, year=year):
        seen.setdefault(version.report_id, version)
    return list(seen.values())


def published_version(code: str, year: int, scope_: str, number: int) -> ReportVersion | None:
    """One version at its permanent address, whatever came after it."""
    return published(year=year).filter(report__organ__code=code, report__scope=scope_, number=number).first()


def reports_for(viewer: Viewer, *, year: int | None = None) -> QuerySet[Report]:
    """The reports a viewer may see, newest year first."""
    rows = scope.rows(viewer, Report).select_related("organ")
    if year is not None:
        rows = rows.filter(year=year)
    return rows.order_by("-year", "path")


def versions_for(viewer: Viewer) -> QuerySet[ReportVersion]:
    """The versions a viewer may see."""
    return scope.rows(viewer, ReportVersion).select_related("report__organ")


def waiting_for(viewer: Viewer) -> list[ReportVersion]:
    """The versions whose next step is one of the viewer's posts' to take: submitted ones to sign, signed ones to publish."""
    states = (ReportVersion.State.SUBMITTED, ReportVersion.State.SIGNED)
    waiting = (
        scope.rows(viewer, ReportVersion, scope.WORK).filter(state__in=states).select_related("report__organ")
    )
    return [
        version
        for version in waiting.order_by("report__year", "report__path")[:MOST_WAITING]
        if any(
            workflow.refusal(workflow.onward(version.state), version.state, grant.role.value) is None
            for grant in scope.roles(viewer, scope.WORK, "reports", version.report.path)
        )
    ]


def counts_case(case: Case) -> bool:
    """Whether a signed or published report counts this application as received: then it can no longer be split."""
    if case.first_received_on is None:
        return False
    own = ReportEvidence.objects.filter(
        measure="requests.received",
        version__state__in=FINAL,
        version__report__year=case.first_received_on.year,
        version__report__path__in=prefixes(case.path),  # an inner unit's applications are its organ's
    )
    return any(case.pk in records for records in own.values_list("records", flat=True))


def previous_figures(organ: Organ, year: int, scope_: str, tree: Tree) -> Figures | None:
    """Last year's frozen or imported figures of the same organ and scope, never a live compile.

    After a merger the reports of the predecessors that ended with last year are added, since their records count for
    this organ now. None if there is none, or if one of them is missing.
    """
    sources = _last_years_organs(organ, year, scope_, tree)
    parts: dict[str, Figures] = {}
    for source in sources:
        version = final_version(source, year - 1, scope_)
        if version is None:
            return None
        parts[source.path] = figures_of(version)
    if len(parts) <= 1:
        return next(iter(parts.values()), None)
    return add_figures(next(iter(parts.values())).form, parts)


def _last_years_organs(organ: Organ, year: int, scope_: str, tree: Tree) -> list[Organ]:
    start, end = dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31)
    existed = Q(valid_from__lte=end) & (Q(valid_to__isnull=True) | Q(valid_to__gte=start))
    paths = tree.paths_of(organ.path)
    found = list(Organ.objects.filter(existed, path__in=paths).exclude(kind=Organ.Kind.UNIT).order_by("path"))
    if scope_ == Scope.OWN:
        return found
    # What stood below another of them is in that one's consolidated report already.
    return [
        one for one in found if not any(one.path.startswith(other.path) for other in found if other != one)
    ]
