"""What can be asked of reviews and lawsuits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from gongkai.base.measures import Measure, Period
from gongkai.law import outcomes
from gongkai.law.workdays import Calendar, CalendarYearMissing
from gongkai.organs import calendars, scope
from gongkai.organs.scope import Viewer
from gongkai.remedies import figures
from gongkai.remedies.course import Standing
from gongkai.remedies.models import (
    Column,
    Group,
    Proceeding,
    ProceedingStep,
    RemedySettings,
    Respondent,
    State,
    StepKind,
)
from gongkai.remedies.projection import in_force, standing_of
from gongkai.remedies.terms import TERMS, Term


@dataclass(frozen=True)
class Deadline:
    """A term that runs. `due_on` is None when the calendar of its last year is not loaded; `unknown` then says so."""

    term: Term
    started_on: dt.date
    due_on: dt.date | None
    unknown: str = ""


@dataclass(frozen=True)
class Duplicate:
    """One case that several organs of a tree have in their own tables: the tree counts it once (03 R-DUP)."""

    group: str
    column: str
    forum: str
    number: str
    rows: tuple[Respondent, ...]

    @property
    def extra(self) -> int:
        """How many to take off the sum of the organs."""
        return len(self.rows) - 1


def register_rows(who: Viewer) -> QuerySet[Proceeding]:
    """The proceedings in the viewer's scope, newest first, ready for a list."""
    found = scope.rows(who, Proceeding).exclude(state=State.STRUCK)
    return found.select_related("organ").order_by("-filed_on", "-pk")


def count_basis(path: str) -> str:
    """How the organ at `path` counts table 4: its own setting, else the nearest above it, else active_in_year."""
    above = [path[: end + 1] for end, letter in enumerate(path) if letter == "."]
    rows = RemedySettings.objects.filter(path__in=above).values_list("path", "count_basis")
    return max(rows, key=lambda row: len(row[0]), default=("", RemedySettings.Basis.ACTIVE.value))[1]


def measure_for(path: str) -> Measure:
    """The measure behind table 4 of the organ at `path`."""
    return figures.filed if count_basis(path) == RemedySettings.Basis.FILED else figures.active


def duplicates(prefix: str, period: Period, measure: Measure = figures.active) -> list[Duplicate]:
    """The cases counted more than once at `prefix` and below: several respondents in one file, or the same case number
    of the same forum in several files. Two queries."""
    rows = measure.rows(period, prefix)
    identity = ("group", "proceeding__forum", "proceeding__number")
    repeated = rows.order_by().values(*identity).annotate(n=Count("pk")).filter(n__gt=1)
    numbers = [row["proceeding__number"] for row in repeated]
    if not numbers:
        return []
    cases: dict[tuple[str, str, str], list[Respondent]] = defaultdict(list)
    wanted = rows.filter(proceeding__number__in=numbers).select_related("proceeding", "organ")
    for row in wanted.order_by("path", "pk"):
        cases[row.group, row.proceeding.forum, row.proceeding.number].append(row)
    return [
        Duplicate(group, found[0].column_then, forum, number, tuple(found))  # type: ignore[attr-defined]
        for (group, forum, number), found in sorted(cases.items())
        if len(found) > 1
    ]


def correction_rate(prefix: str, period: Period) -> tuple[int, int]:
    """纠错率 as (corrected, decided at all) of the period; for management pages, never in the statutory table."""
    by_column: dict[str, int] = defaultdict(int)
    for (_path, (_group, column)), number in figures.active.by_path(period, prefix).items():
        by_column[column] += int(number)
    return by_column[Column.CORRECTED], sum(by_column[column] for column in Column.values)


def warnings(proceeding: Proceeding) -> list[str]:
    """What does not fit together in a file (04 §8); none when all does."""
    return [
        sentence
        for sentence in (
            _without_review(proceeding),
            _review_was_first(proceeding),
            _without_document(proceeding),
        )
        if sentence
    ]


def _without_review(proceeding: Proceeding) -> str:
    if proceeding.group != Group.AFTER_REVIEW or proceeding.parent_id or proceeding.no_parent_reason:
        return ""
    return _("复议后起诉的案件没有关联前置复议，也没有写明原因。")


def _review_was_first(proceeding: Proceeding) -> str:
    """Art. 23 makes review come first for refusals under arts. 14–16 of the Regulation, from 2024."""
    case = proceeding.case
    if proceeding.group != Group.DIRECT or case is None or not case.outcome or case.closed_on is None:
        return ""
    if not outcomes.review_first(case.outcome, case.closed_on):
        return ""
    return _("该答复应当先申请行政复议（行政复议法第二十三条），本案登记为未经复议直接起诉，请核对。")


def _without_document(proceeding: Proceeding) -> str:
    if proceeding.state != State.CLOSED:
        return ""
    decided = [
        step for step in in_force(proceeding.steps.all()) if step.kind in (StepKind.CLOSED, StepKind.DECIDED)
    ]
    if any(step.payload.get("document") for step in decided):
        return ""
    return _("案件已审结，但没有登记决定书或者裁判文书。")


def deadlines(proceeding: Proceeding, calendar: Calendar | None = None) -> list[Deadline]:
    """The terms that run now, earliest first: the organ's own answer, the forum's decision, the appeal, the redo."""
    standing = standing_of(proceeding)
    if standing is None:
        return []
    year = calendar or calendars.for_region(proceeding.organ.region)
    running = [_deadline(TERMS[key], start, year) for key, start in _running(proceeding, standing)]
    return sorted(running, key=lambda deadline: deadline.due_on or dt.date.max)


def next_deadline(proceeding: Proceeding, calendar: Calendar | None = None) -> Deadline | None:
    """The term that ends first, or None when none runs."""
    return next(iter(deadlines(proceeding, calendar)), None)


def _running(proceeding: Proceeding, standing: Standing) -> list[tuple[str, dt.date]]:
    """The terms that run in this state, with the day each began."""
    review = standing.group == Group.REVIEW
    quick = "_simplified" if standing.simplified else ""
    began = standing.current.began_on
    accepted = standing.marks.get(StepKind.ACCEPTED)
    found: list[tuple[str, dt.date]] = []
    if standing.state in (State.FILED, State.OPEN) and standing.replied_on is None:
        found.append((f"review_reply{quick}" if review else "defence", began))
    if standing.state == State.OPEN:
        start = accepted if accepted and accepted >= began else began
        found.append((f"review_decide{quick}" if review else f"judgment{quick}", start))
    if standing.state == State.DECIDED:
        found.append(("appeal_ruling" if _ruling(proceeding) else "appeal_judgment", standing.last_on))
    if standing.state == State.APPEAL:
        found.append(("second_instance", standing.last_on))
    return found


def _ruling(proceeding: Proceeding) -> bool:
    decided: list[ProceedingStep] = [
        step for step in in_force(proceeding.steps.all()) if step.kind == StepKind.DECIDED
    ]
    return bool(decided and decided[-1].payload.get("ruling"))


def _deadline(term: Term, start: dt.date, calendar: Calendar) -> Deadline:
    try:
        return Deadline(term, start, term.end(start, calendar))
    except CalendarYearMissing as missing:
        return Deadline(term, start, None, str(missing))
