"""What can be asked of the review room: the inbox, a run with what can be done with it, and whether something may be
published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.inspection import Finding
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars, scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import VIEW, WORK, Viewer
from gongkai.review import course, screening, subjects, workflow
from gongkai.review.actions.running import require_needs, returnable, turn_words
from gongkai.review.actions.secrecy import PUBLISHABLE
from gongkai.review.common import course_of
from gongkai.review.course import Course
from gongkai.review.models import (
    ConsultationReply,
    ConsultedParty,
    FileInspection,
    ReviewOpinion,
    ReviewRun,
    ReviewTask,
    SecrecyConclusion,
    Withheld,
)
from gongkai.review.signing import Capacity, Signatory
from gongkai.review.subjects import Subject

# --- may it be published? --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """Whether a subject may be made public, and if not, every reason in words."""

    reasons: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons


def latest_run(subject: Subject) -> ReviewRun | None:
    """The run that counts: the open one, else the last that was not withdrawn, else the last."""
    rows = ReviewRun.objects.select_related("organ", "template", "submitter").filter(
        subject_kind=subject.kind, subject_key=subject.key
    )
    kept = rows.exclude(state=course.WITHDRAWN)
    return (
        rows.filter(closed_on__isnull=True).first()
        or kept.order_by("pk").last()
        or rows.order_by("pk").last()
    )


def may_publish(subject: Subject) -> Verdict:
    """先审查、后公开: a completed run and a secrecy conclusion, both on the content as it is now, nobody asked in vain or
    against it, and no file with something hidden. At most six queries."""
    return Verdict((*unreviewed(subject), *_against_files(subject)))


def unreviewed(subject: Subject) -> tuple[str, ...]:
    """The same without the files, for rooms that look at their files by themselves."""
    run = latest_run(subject)
    reasons = list(_against_run(run, subject))
    if run is not None:
        reasons += _against_secrecy(run, subject)
        reasons += _against_consultations(run)
    return tuple(reasons)


def _against_run(run: ReviewRun | None, subject: Subject) -> Iterable[str]:
    if run is None:
        yield _("还没有送审。先审查、后公开。")
    elif run.state != course.COMPLETED:
        yield _("审签没有完成：%(state)s。") % {"state": run.get_state_display()}
    elif run.subject_hash != subject.digest:
        yield _("审签完成以后内容又有改动，须重新送审。")


def _against_secrecy(run: ReviewRun, subject: Subject) -> Iterable[str]:
    last = run.secrecy.order_by("pk").last()
    if last is None:
        yield _("还没有作出保密审查结论。")
    elif last.subject_hash != subject.digest:
        yield _("保密审查以后内容又有改动，须重新审查。")
    elif last.conclusion == SecrecyConclusion.Conclusion.REFERRED:
        yield _("保密审查拿不准，已报请确定，等待主管部门或者保密行政管理部门的意见（条例第十七条）。")
    elif last.conclusion not in PUBLISHABLE:
        yield _("保密审查结论是“%(word)s”。") % {"word": last.get_conclusion_display()}


def _against_consultations(run: ReviewRun) -> Iterable[str]:
    answers: dict[str, ConsultationReply | None] = {}
    parties = ConsultedParty.objects.filter(consultation__run=run).order_by("consultation_id", "pk")
    for party in parties.prefetch_related("replies"):
        answers[party.name] = max(party.replies.all(), key=lambda one: one.pk, default=None)
    for name, answer in answers.items():
        if answer is None:
            yield _("征询%(name)s还没有答复。") % {"name": name}
        elif answer.kind == ConsultationReply.Kind.OBJECTS:
            yield _("%(name)s不同意公开，请协商一致，或者报请上级机关协调（条例第十一条）。") % {"name": name}


def _against_files(subject: Subject) -> Iterable[str]:
    known = {
        row.file_id: row for row in FileInspection.objects.filter(file__in=[f.pk for f in subject.files])
    }
    for number, file in enumerate(subject.files, start=1):
        row = known.get(file.pk)
        if row is None:
            yield _("附件%(n)d还没有检查有无隐藏内容。") % {"n": number}
        elif row.blocked:
            yield _("附件%(n)d：%(why)s") % {"n": number, "why": _why_blocked(row)}


def _why_blocked(row: FileInspection) -> str:
    if row.refused:
        return row.refused
    return screening.findings(row.findings)[0].message


# --- whose turn it is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """One run waiting for the viewer, since `opened_on`. `left`: working days until `due_on`, None without a term;
    `principal`: for whom they would sign."""

    run: ReviewRun
    step: str
    opened_on: dt.date
    due_on: dt.date | None = None
    left: int | None = None
    principal: str = ""

    @property
    def mark(self) -> str:
        """The shape before the state."""
        if self.left is None:
            return "open"
        return "over" if self.left < 0 else "soon" if self.left <= 1 else "open"

    @property
    def left_words(self) -> str:
        """How long there is still."""
        if self.left is None:
            return ""
        return (
            _("超%(n)d个工作日") % {"n": -self.left}
            if self.left < 0
            else _("还剩%(n)d个工作日") % {"n": self.left}
        )


def inbox(who: Viewer, today: dt.date, most: int = 100) -> list[Turn]:
    """The runs waiting for the viewer: to be signed, or to be mended as their author; most urgent first."""
    signatory = Signatory(who, today)
    tasks = list(
        ReviewTask.objects.filter(signatory.tasks())
        .select_related("organ", "run__organ", "run__template", "run__submitter", "person")
        .prefetch_related("run__opinions")
        .order_by(F("due_on").asc(nulls_last=True), "opened_on", "pk")[: most * 2]
    )
    turns: list[Turn] = []
    seen: set[int] = set()
    for task in tasks:
        run = task.run
        if run.pk in seen:
            continue
        where = course_of(run, sorted(run.opinions.all(), key=lambda entry: entry.seq))
        if task.step == course.AUTHOR:
            turns.append(Turn(run, run.get_state_display(), task.opened_on))
        elif turn := _turn(signatory, run, where, task, today):
            turns.append(turn)
        else:
            continue
        seen.add(run.pk)
    turns += [
        Turn(run, _("保密审查"), run.started_at.astimezone(clock.SHANGHAI).date())
        for run in to_conclude(who)[:most]
        if run.pk not in seen
    ]
    return turns[:most]


def to_conclude(who: Viewer) -> QuerySet[ReviewRun]:
    """The runs on whose present content the viewer, as secrecy reviewer, has still to conclude."""
    reviewing = tuple(grant for grant in who.grants if grant.role == Role.SECRECY)
    concluded = SecrecyConclusion.objects.filter(run=OuterRef("pk"), subject_hash=OuterRef("subject_hash"))
    rows = scope.rows(Viewer(who.person_id, who.name, reviewing), ReviewRun, WORK)
    found = rows.filter(~Exists(concluded), state__in=(*course.OPEN, course.COMPLETED))
    return found.exclude(submitter=who.person_id).select_related("organ", "submitter").order_by("pk")


def _turn(
    signatory: Signatory, run: ReviewRun, where: Course, task: ReviewTask, today: dt.date
) -> Turn | None:
    """A run the person can sign; what another of them must sign instead is no turn of theirs."""
    free = [one for one in signatory.capacities(run, where, [task]) if not one.reason]
    if not free:
        return None
    principal = free[0].principal
    return Turn(
        run,
        where.at(task.step).title,
        task.opened_on,
        task.due_on,
        left(run, task.due_on, today),
        principal=principal.name if principal else "",
    )


def left(run: ReviewRun, due_on: dt.date | None, today: dt.date) -> int | None:
    """The working days until a day; None without one."""
    if due_on is None:
        return None
    try:
        return calendars.for_region(run.organ.region).between(today, due_on)
    except CalendarYearMissing:
        return (due_on - today).days


def to_answer(who: Viewer) -> QuerySet[ConsultedParty]:
    """The consultations the viewer's organs are asked in and have not answered."""
    answered = ConsultationReply.objects.filter(party=OuterRef("pk"))
    rows = scope.rows(who, ConsultedParty, WORK).filter(outside=False)
    found = rows.filter(~Exists(answered)).select_related("consultation__run", "consultation__organ", "organ")
    return found.order_by(F("consultation__due_on").asc(nulls_last=True), "pk")


def to_reexamine(who: Viewer, today: dt.date, ahead: int = 0) -> QuerySet[Withheld]:
    """What is due for re-examination within `ahead` days, in scope to work on."""
    due = Q(next_due_on__lte=today + dt.timedelta(days=ahead))
    return scope.rows(who, Withheld, WORK).filter(due).select_related("organ").order_by("next_due_on", "pk")


# --- one run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """An action as the page shows it: the actor who would do it, or the reason why it is greyed."""

    action: str
    label: str
    actor: Actor | None = None
    reason: str = ""
    primary: bool = False
    principal: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the run's course: an entry that was made, the step that is open, or one to come."""

    title: str
    who: str
    kind: str  # done, now, later, passed
    entry: ReviewOpinion | None = None
    due_on: dt.date | None = None
    condition: str = ""


@dataclass(frozen=True)
class RunPage:
    """A run with everything its page shows."""

    run: ReviewRun
    subject: Subject | None
    course: Course
    entries: list[ReviewOpinion]
    lines: list[Line]
    findings: list[Finding]
    files: list[tuple[int, FileInspection | None, list[Finding]]]
    secrecy: list[SecrecyConclusion]
    parties: list[ConsultedParty]
    offers: list[Offer]
    verdict: Verdict
    returnable: list[int] = field(default_factory=list)

    @property
    def stale(self) -> bool:
        """Whether the content is no longer what was signed."""
        return self.subject is not None and self.subject.digest != self.run.subject_hash

    @property
    def redrafted(self) -> bool:
        """Whether more than one wording was submitted."""
        return len({entry.subject_hash for entry in self.entries}) > 1

    def offer(self, action: str) -> Offer:
        """The offer of one action."""
        return next(one for one in self.offers if one.action == action)


def run_for(who: Viewer, pk: int) -> ReviewRun:
    """A run in scope; or one the viewer has to sign, or has signed, at another organ. Else Http404."""
    rows = ReviewRun.objects.select_related("organ", "template", "submitter")
    found = scope.rows(who, rows, VIEW).filter(pk=pk).first()
    if found is None and who.person_id is not None:
        tasks = ReviewTask.objects.filter(Signatory(who, clock.today()).tasks(), run=pk)
        signed = ReviewOpinion.objects.filter(run=pk, signer=who.person_id, post__in=_posts(who))
        if tasks.exists() or signed.exists():
            found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _posts(who: Viewer) -> list[str]:
    """The posts held, as opinions name them: what was signed in a post one has left is no longer one's own to look at."""
    actors = (actor for grant in who.grants for actor in actors_for(who, "review", grant.path))
    return sorted({actor.post for actor in actors})


def run_is_open_to(who: Viewer, pk: int) -> bool:
    """Whether the viewer may open that run."""
    try:
        run_for(who, pk)
    except Http404:
        return False
    return True


def run_page(who: Viewer, pk: int, today: dt.date) -> RunPage:
    """The page of a run. Raises Http404."""
    run = run_for(who, pk)
    subject = subjects.load(run.subject_kind, run.subject_key)
    entries = list(run.opinions.order_by("seq"))
    where = course_of(run, entries)
    tasks = list(run.tasks.select_related("organ"))
    kept = FileInspection.objects.filter(file__in=[file.pk for file in subject.files] if subject else [])
    inspections = {row.file_id: row for row in kept}
    return RunPage(
        run=run,
        subject=subject,
        course=where,
        entries=entries,
        lines=_lines(where, entries, tasks),
        findings=screening.findings(run.prescreen),
        files=[
            (number, row := inspections.get(file.pk), screening.findings(row.findings) if row else [])
            for number, file in enumerate(subject.files if subject else (), start=1)
        ],
        secrecy=list(run.secrecy.order_by("pk")),
        parties=list(
            ConsultedParty.objects.filter(consultation__run=run)
            .select_related("consultation")
            .prefetch_related("replies")
            .order_by("consultation_id", "pk")
        ),
        offers=_offers(who, run, where, tasks, subject, today),
        verdict=may_publish(subject) if subject else Verdict((_("送审的内容已经不在了。"),)),
        returnable=returnable(where),
    )


def _lines(where: Course, entries: list[ReviewOpinion], tasks: list[ReviewTask]) -> list[Line]:
    lines = [Line(entry.step_title, entry.capacity, "done", entry) for entry in entries]
    if where.state not in course.OPEN:
        return lines
    dues = [task.due_on for task in tasks if task.due_on]
    if not where.step:
        lines.append(Line(str(ReviewRun.State(where.state).label), _("送审人"), "now"))
    for step in where.steps:
        signed = len(where.consents.get(step.order, {})) >= step.wanted()
        if step.proposes or (signed and step.order != where.step):
            continue
        if not step.applies(where.facts):
            lines.append(Line(step.title, step.who, "passed", condition=step.condition))
        elif step.order == where.step:
            lines.append(Line(step.title, step.who, "now", due_on=min(dues, default=None)))
        else:
            lines.append(Line(step.title, step.who, "later", condition=step.condition))
    return lines


_ON_PAGE = ("opine", "return", "amend", "resubmit", "conclude_secrecy", "consult", "withdraw")


def _offers(
    who: Viewer,
    run: ReviewRun,
    where: Course,
    tasks: list[ReviewTask],
    subject: Subject | None,
    today: dt.date,
) -> list[Offer]:
    actors = actors_for(who, "review", run.path)
    signing = Signatory(who, today).capacities(run, where, tasks)
    changed = subject is not None and subject.digest != run.subject_hash
    gone = _("送审的内容已经不在了，不能再办理。") if subject is None else ""
    stale = _("送审以后内容有改动，请由送审人重新送审。") if changed else gone
    made = [_signing(action, who, run, where, signing, stale) for action in ("opine", "return")]
    made += [
        _plain("amend", actors, run, _author_only(run, who) or (gone if changed else _("内容还没有改动。"))),
        _plain("resubmit", actors, run, _author_only(run, who) or gone or _no_need(run, changed)),
        _plain("conclude_secrecy", actors, run, _own_secrecy(where, who) or stale),
        _plain("consult", actors, run, ""),
        _plain("withdraw", actors, run, _not_mine(run, who, actors)),
    ]
    first = _primary(made, run, subject)
    return [
        Offer(one.action, one.label, one.actor, one.reason, one.action == first, one.principal)
        for one in made
    ]


def _signing(
    action: str, who: Viewer, run: ReviewRun, where: Course, signing: list[Capacity], stale: str
) -> Offer:
    label = str(workflow.BY_ACTION[action].label)
    if reason := workflow.refusal(action, run.state, Role.HANDLER.value):
        return Offer(action, label, None, reason)
    free = next((one for one in signing if not one.reason), None)
    if free is None:
        return Offer(action, label, None, signing[0].reason if signing else turn_words(where))
    if stale:
        return Offer(action, label, None, stale)
    if action == "opine":
        try:
            require_needs(run, where.at(free.task.step))
        except Refused as refused:
            return Offer(action, label, _actor(who, free), str(refused))
    principal = free.principal.name if free.principal else ""
    return Offer(action, label, _actor(who, free), principal=principal)


def _actor(who: Viewer, capacity: Capacity) -> Actor | None:
    """The actor of a capacity: in the post itself, or, by authorisation, in a post of one's own."""
    if capacity.delegation is None:
        fitting = actors_for(who, "review", capacity.task.path)
        return next((actor for actor in fitting if actor.post_id == capacity.post.pk), None)
    own = (actor for grant in who.grants for actor in actors_for(who, "review", grant.path))
    return next(own, None)


def _plain(action: str, actors: Iterable[Actor], run: ReviewRun, against: str) -> Offer:
    label = str(workflow.BY_ACTION[action].label)
    reasons = []
    for actor in actors:
        reason = workflow.refusal(action, run.state, actor.role) or against
        if not reason:
            return Offer(action, label, actor)
        reasons.append((actor.role in workflow.BY_ACTION[action].roles, reason))
    if not reasons:
        return Offer(action, label, None, _("您现在的岗位可以查看，不能办理。"))
    return Offer(action, label, None, max(reasons)[1])


def _author_only(run: ReviewRun, who: Viewer) -> str:
    return (
        ""
        if who.person_id == run.submitter_id
        else _("由送审人%(name)s办理。") % {"name": run.submitter.name}
    )


def _no_need(run: ReviewRun, changed: bool) -> str:
    if run.state == course.SIGNING and not changed:
        return _("内容没有改动，正在审签，不必重新送审。")
    return ""


def _own_secrecy(where: Course, who: Viewer) -> str:
    return _("送审人不能对自己送审的件作保密审查。") if who.person_id in where.author else ""


def _not_mine(run: ReviewRun, who: Viewer, actors: Iterable[Actor]) -> str:
    if who.person_id == run.submitter_id or any(actor.role == Role.HEAD for actor in actors):
        return ""
    return _("只有送审人或者公开办负责人可以撤回。")


def _primary(made: list[Offer], run: ReviewRun, subject: Subject | None) -> str:
    """The one obvious next thing for this person: their author's turn, their secrecy review, their signature."""
    by_action = {one.action: one for one in made}
    unreviewed = (
        subject is not None and not run.secrecy.filter(subject_hash=subject.digest).exists()
        if by_action["conclude_secrecy"].actor
        else False
    )
    order = [
        ("amend", True),
        ("resubmit", True),
        ("conclude_secrecy", unreviewed),
        ("opine", True),
    ]
    return next(
        (key for key, wanted in order if wanted and by_action[key].actor and not by_action[key].reason), ""
    )
