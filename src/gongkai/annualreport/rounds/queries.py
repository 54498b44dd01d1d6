"""What can be asked of rounds: who has handed in, who is late, what waits for whom, and what counts above."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from gongkai.annualreport import workflow as report_workflow
from gongkai.annualreport.compile import Collected, Collections, statutory_scope
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.queries import FINAL
from gongkai.base.measures import Period
from gongkai.figures.tree import Node, any_within, tree
from gongkai.organs import scope
from gongkai.organs.models import Organ
from gongkai.organs.scope import Viewer

from . import workflow
from .models import REGISTER, Duty, Round, RoundFact, Sheet

Stage, Kind = Duty.Stage, RoundFact.Kind
SOON_DAYS = 5  # so near the deadline a duty is shown as due soon
MOST_WAITING = 60

# What a list can be narrowed to beside the stages: overdue, which cuts across them.
LATE = "late"
_STANDING = {
    Stage.WAITING: "尚未报送",
    Stage.SUBMITTED: "已报送，尚未接收",
    Stage.RETURNED: "已退回，尚未再报",
    Stage.ACCEPTED: "已接收",
}


@dataclass(frozen=True)
class Standing:
    """One duty with what happened to it, in order. Whether it is late follows from the day asked for."""

    duty: Duty
    facts: tuple[RoundFact, ...]
    today: dt.date

    @property
    def outstanding(self) -> bool:
        """Whether the unit still owes something."""
        return self.duty.stage in (Stage.WAITING, Stage.RETURNED)

    @property
    def days_left(self) -> int:
        """Calendar days to the deadline, negative after it."""
        return (self.duty.deadline - self.today).days

    @property
    def late(self) -> bool:
        """Whether the deadline has passed and it is still owed."""
        return self.outstanding and self.days_left < 0

    @property
    def days_late(self) -> int:
        """How long after the deadline it was first handed in, or is owed by now; 0 in time."""
        first = self.first(Kind.SUBMITTED) or (self.first(Kind.ACCEPTED) if not self.outstanding else None)
        day = first.on if first is not None else self.today
        return max(0, (day - self.duty.deadline).days)

    def stands(self, where: str) -> bool:
        """Whether a list narrowed to a stage, or to ``late``, shows it: as :func:`count` counts."""
        return self.late if where == LATE else self.duty.stage == where

    @property
    def word(self) -> str:
        """The state in words."""
        if self.late:
            return _("逾期未报") if self.duty.stage == Stage.WAITING else _("退回后逾期")
        return workflow.stage_word(self.duty)

    @property
    def shape(self) -> str:
        """The shape before the word: open, soon, over, done."""
        if self.late:
            return "over"
        if self.duty.stage == Stage.ACCEPTED:
            return "done"
        if self.outstanding and (self.days_left <= SOON_DAYS or self.duty.stage == Stage.RETURNED):
            return "soon"
        return "open"

    @property
    def clock(self) -> str:
        """How much time is left or how late it is, in a few words; "" for what came in time."""
        if self.late:
            return _("已逾期%(n)d天") % {"n": -self.days_left}
        if self.outstanding:
            return _("今天到期") if self.days_left == 0 else _("还有%(n)d天") % {"n": self.days_left}
        return _("晚报%(n)d天") % {"n": self.days_late} if self.days_late else ""

    def first(self, kind: str) -> RoundFact | None:
        """The first fact of a kind."""
        return next((fact for fact in self.facts if fact.kind == kind), None)

    def last(self, kind: str) -> RoundFact | None:
        """The last fact of a kind."""
        return next((fact for fact in reversed(self.facts) if fact.kind == kind), None)

    @property
    def newest(self) -> RoundFact | None:
        """What happened last."""
        return self.facts[-1] if self.facts else None

    @property
    def submitted(self) -> RoundFact | None:
        """The submission that stands, the unit's own or taken in for it: none while it is owed."""
        if self.outstanding:
            return None
        handed = (fact for fact in reversed(self.facts) if _hands_in(fact))
        return next(handed, None)

    @property
    def seen(self) -> str:
        """What names the submission that stands, for whoever looks at it now."""
        return seen(self.submitted)

    @property
    def remark(self) -> RoundFact | None:
        """The return that is still to be answered."""
        return self.last(Kind.RETURNED) if self.duty.stage == Stage.RETURNED else None

    @property
    def reminder(self) -> RoundFact | None:
        """The last reminder, while something is owed."""
        return self.last(Kind.REMINDED) if self.outstanding else None


def seen(handed: RoundFact | None) -> str:
    """What names a submission where somebody says that they looked at it; "" for none."""
    return "" if handed is None else str(handed.pk)


def _hands_in(fact: RoundFact) -> bool:
    return fact.kind == Kind.SUBMITTED or bool(fact.content.get("on_behalf"))


def acceptances(prefixes: tuple[str, ...], year: int) -> Collections:
    """For every organ of a tree that collects the reports of the year: what its round says of each child. One query."""
    rows = Duty.objects.filter(
        any_within("round__path", prefixes),
        round__purpose=Round.Purpose.REPORTS,
        round__year=year,
        round__cancelled_on__isnull=True,
    )
    found: dict[str, dict[int, Collected]] = defaultdict(dict)
    for path, organ, accepted, stage in rows.values_list("round__path", "organ_id", "accepted_id", "stage"):
        found[path][organ] = Collected(accepted, str(_STANDING[Stage(stage)]))
    return found


def children(organ: Organ, period: Period) -> list[Node]:
    """Who hands in to `organ` for a period: those whose reports its own adds up. Raises LookupError if it did not exist."""
    return list(tree(organ.path, period).reporting_children(organ.path))


def collectors(who: Viewer, verb: str = scope.WORK) -> QuerySet[Organ]:
    """The organs for which `who` may collect: governments, whose reports add up those below."""
    return scope.organs_for(who, REGISTER, verb).filter(kind=Organ.Kind.GOVERNMENT).order_by("path")


def standing_round(organ: Organ, year: int) -> Round | None:
    """The round in which `organ` collects the reports of a year, if it opened one and did not cancel it."""
    return Round.objects.filter(
        organ=organ, year=year, purpose=Round.Purpose.REPORTS, cancelled_on__isnull=True
    ).first()


def round_facts(round_: Round) -> list[RoundFact]:
    """What happened to the round as a whole, in order."""
    return list(RoundFact.objects.filter(round=round_, duty__isnull=True).order_by("pk"))


def standings(round_: Round, today: dt.date) -> list[Standing]:
    """Every duty of the round, in tree order: two queries."""
    duties = list(Duty.objects.filter(round=round_).select_related("organ").order_by("path"))
    return _with_facts(duties, round_, today)


def standing(duty: Duty, today: dt.date) -> Standing:
    """One duty with its facts: one query."""
    return _with_facts([duty], duty.round, today)[0]


def _with_facts(duties: Sequence[Duty], round_: Round, today: dt.date) -> list[Standing]:
    facts = (
        RoundFact.objects.filter(duty__in=[duty.pk for duty in duties])
        .select_related("version__report")
        .defer(
            "version__cells",
            "version__sections",
            "version__contributions",
            "version__eliminations",
            "version__findings",
        )
        .order_by("pk")
    )
    about: dict[int | None, list[RoundFact]] = defaultdict(list)
    for fact in facts:
        about[fact.duty_id].append(fact)
    for duty in duties:
        duty.round = round_
    return [Standing(duty, tuple(about[duty.pk]), today) for duty in duties]


def newcomers(round_: Round) -> list[Node]:
    """Organs that should hand in and are not on the round's list: registered after it was opened."""
    try:
        found = children(round_.organ, Period(round_.start, round_.end))
    except LookupError:
        return []
    asked = set(Duty.objects.filter(round=round_).values_list("organ_id", flat=True))
    wanted = None
    if round_.sheet is not None:
        wanted = set(round_.sheet.units.values_list("pk", flat=True)) or None
    return [node for node in found if node.id not in asked and (wanted is None or node.id in wanted)]


@dataclass(frozen=True)
class Counts:
    """How many of a round's duties stand where."""

    all: int
    accepted: int
    submitted: int
    returned: int
    waiting: int
    late: int

    @property
    def percent(self) -> int:
        """The share accepted, whole percent, rounded down."""
        return self.accepted * 100 // self.all if self.all else 0


def count(found: Iterable[Standing]) -> Counts:
    """Count duties; what is late is also counted with its stage."""
    rows = list(found)
    stages = Counter(one.duty.stage for one in rows)
    return Counts(
        all=len(rows),
        accepted=stages[Stage.ACCEPTED],
        submitted=stages[Stage.SUBMITTED],
        returned=stages[Stage.RETURNED],
        waiting=stages[Stage.WAITING],
        late=sum(one.late for one in rows),
    )


def rounds_for(who: Viewer) -> QuerySet[Round]:
    """The rounds a viewer may see from the collecting side, newest first."""
    rows = scope.rows(who, Round).select_related("organ", "sheet")
    return rows.order_by("-end", "path", "-pk")


def duties_for(who: Viewer, verb: str = scope.VIEW) -> QuerySet[Duty]:
    """The duties a viewer may see, with their rounds."""
    return scope.rows(who, Duty, verb).select_related("organ", "round__organ", "round__sheet")


def counted(rows: QuerySet[Round], today: dt.date) -> QuerySet[Round]:
    """Rounds with how many are asked, accepted, waiting to be looked at, and late."""
    owed = Q(duties__stage__in=[Stage.WAITING, Stage.RETURNED])
    return rows.annotate(
        asked=Count("duties"),
        taken=Count("duties", filter=Q(duties__stage=Stage.ACCEPTED)),
        to_check=Count("duties", filter=Q(duties__stage=Stage.SUBMITTED)),
        late=Count("duties", filter=owed & Q(duties__deadline__lt=today)),
    )


@dataclass(frozen=True)
class Waiting:
    """What the day's work page shows: what the viewer's organs owe, and what waits for them to look at."""

    owed: list[Standing]
    to_check: list[Round]

    def __len__(self) -> int:
        return len(self.owed) + len(self.to_check)


def waiting_for(who: Viewer, today: dt.date) -> Waiting:
    """Open duties that one of the viewer's posts can fulfil, soonest first, and rounds with something handed in. Three
    queries at most."""
    alive = Q(round__closed_on__isnull=True, round__cancelled_on__isnull=True)
    duties = list(
        duties_for(who, scope.WORK)
        .filter(alive, stage__in=[Stage.WAITING, Stage.RETURNED])
        .order_by("deadline", "path")[:MOST_WAITING]
    )
    mine = [duty for duty in duties if _theirs(who, duty)]
    open_rounds = scope.rows(who, Round, scope.WORK).filter(
        closed_on__isnull=True, cancelled_on__isnull=True, duties__stage=Stage.SUBMITTED
    )
    keys = open_rounds.order_by().values("pk").distinct()
    rounds = counted(Round.objects.filter(pk__in=keys).select_related("organ", "sheet"), today)
    to_check = rounds.order_by("end", "path")[:MOST_WAITING]
    collecting = workflow.BY_ACTION["accept"].roles
    return Waiting(
        owed=_each_with_facts(mine, today),
        to_check=[one for one in to_check if _holds(who, one.path, collecting)],
    )


def _theirs(who: Viewer, duty: Duty) -> bool:
    action = "submit" if duty.round.collects_reports else "fill"
    return _holds(who, duty.path, workflow.BY_ACTION[action].roles)


def _holds(who: Viewer, path: str, roles: frozenset[str]) -> bool:
    return any(grant.role.value in roles for grant in scope.roles(who, scope.WORK, REGISTER, path))


def _each_with_facts(duties: list[Duty], today: dt.date) -> list[Standing]:
    if not duties:
        return []
    facts: dict[int | None, list[RoundFact]] = defaultdict(list)
    for fact in RoundFact.objects.filter(duty__in=[duty.pk for duty in duties]).order_by("pk"):
        facts[fact.duty_id].append(fact)
    return [Standing(duty, tuple(facts[duty.pk]), today) for duty in duties]


# --- reports ---


def candidates(duty: Duty) -> QuerySet[ReportVersion]:
    """The frozen versions of the report owed, newest first; its own or imported whole."""
    return (
        ReportVersion.objects.select_related("report__organ")
        .filter(
            report__organ=duty.organ_id,
            report__year=duty.round.year,
            report__scope=statutory_scope(duty.organ),
            state__in=FINAL,
        )
        .order_by("-number")
    )


def ready(duty: Duty) -> ReportVersion | None:
    """The version the unit would hand in: the last one it signed itself."""
    return candidates(duty).filter(origin=ReportVersion.Origin.COMPILED).first()


def on_paper(duty: Duty) -> ReportVersion | None:
    """The last report of the unit that was imported whole."""
    return candidates(duty).filter(origin=ReportVersion.Origin.IMPORTED).first()


def may_correct(version: ReportVersion) -> bool:
    """Whether the state of the unit's report lets it begin a correction now."""
    return report_workflow.refusal("correct", version.state, "office") is None


# --- sheets ---


def sheets_for(who: Viewer) -> QuerySet[Sheet]:
    """The statistics sheets a viewer may see, those in use first."""
    rows = scope.rows(who, Sheet).select_related("organ")
    return rows.order_by("ended_on", "path", "name")
