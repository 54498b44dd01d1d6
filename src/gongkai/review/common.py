"""What every action on a run begins and ends with: the lock, the entry with its hash, the columns that follow from it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import audit, clock, crypto
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person, Post
from gongkai.organs.refusals import Refused
from gongkai.review import chains, subjects
from gongkai.review.chains import Step
from gongkai.review.course import AUTHOR, COMPLETED, OPEN, SIGNING, SUBMITTING, Course, Said, replay
from gongkai.review.models import ReviewOpinion, ReviewRun, ReviewTask
from gongkai.review.subjects import Subject

GENESIS = "0" * 64


def locked(run: ReviewRun) -> ReviewRun:
    """The run as it stands, held for this transaction."""
    rows = ReviewRun.objects.select_for_update(of=("self",)).select_related("organ", "template", "submitter")
    return rows.get(pk=run.pk)


def course_of(run: ReviewRun, entries: Iterable[ReviewOpinion] | None = None) -> Course:
    """Where the run stands by its opinions."""
    said = list(run.opinions.order_by("seq")) if entries is None else entries
    return replay(steps_of(run), run.facts, map(said_by, said))


def steps_of(run: ReviewRun) -> tuple[Step, ...]:
    """The steps of the version the run was started with."""
    return chains.read(run.template.steps)


def said_by(entry: ReviewOpinion) -> Said:
    """An opinion as far as the course depends on it."""
    people = {key for key in (entry.signer_id, entry.delegated_from_id) if key}
    return Said(
        entry.opinion, entry.step, entry.member, tuple(entry.raised), entry.to_step, frozenset(people)
    )


def subject_of(run: ReviewRun) -> Subject:
    """What the run is about, as it stands now. Raises Refused when it is gone."""
    subject = subjects.load(run.subject_kind, run.subject_key)
    if subject is None:
        raise Refused(_("送审的内容已经不在了，不能再办理。"))
    return subject


def unchanged(run: ReviewRun) -> Subject:
    """The subject, if it is still what was submitted. Raises Refused."""
    subject = subject_of(run)
    if subject.digest != run.subject_hash:
        raise Refused(_("送审以后内容有改动，已签的意见不是对现在内容的意见。请由送审人重新送审。"))
    return subject


def words_needed(text: str, field: str = "text") -> str:
    """The text without blanks around. Raises ValidationError when nothing is left."""
    text = text.strip()
    if not text:
        raise ValidationError({field: _("请写明理由。")})
    return text


def person_of(by: Actor) -> Person:
    """The person who acts. Raises Refused for a job of the machine: it signs nothing."""
    if by.person_id is None:
        raise Refused(_("审签只能由人办理。"))
    return Person.objects.get(pk=by.person_id)


def post_of(by: Actor) -> Post:
    """The post acted in. Raises Refused for whoever acts in none."""
    if by.post_id is None:
        raise Refused(_("审签只能由人办理。"))
    return Post.objects.select_related("organ", "person").get(pk=by.post_id)


def capacity_words(post: Post) -> str:
    """东县人民政府办公室 分管领导（主管县长）."""
    title = f"（{post.title}）" if post.title else ""
    return f"{post.organ.name} {post.get_role_display()}{title}"


def enter(
    by: Actor,
    run: ReviewRun,
    opinion: str,
    *,
    step: int,
    member: int = 0,
    text: str = "",
    raised: Iterable[str] = (),
    to_step: int | None = None,
    post: Post | None = None,
    principal: Person | None = None,
    delegation: Any = None,
) -> ReviewOpinion:
    """Write one entry of the run, chained to the one before, and bring the run's columns up to it."""
    signer, post = person_of(by), post or post_of(by)
    if principal is None and by.delegated_from:
        principal = Person.objects.get(pk=by.delegated_from)
    titles = {one.order: one.title for one in steps_of(run)}
    entry = ReviewOpinion(
        run=run,
        seq=run.last_seq + 1,
        step=step,
        step_title=titles.get(step, _("送审人")),
        member=member,
        opinion=opinion,
        text=text.strip(),
        raised=sorted(raised),
        to_step=to_step,
        subject_hash=run.subject_hash,
        signer=signer,
        signer_name=signer.name,
        post=by.post,
        capacity=capacity_words(post),
        delegated_from=principal,
        delegated_name=principal.name if principal else "",
        delegation=delegation,
        at=clock.now(),
        previous_hash=run.last_hash or GENESIS,
    )
    entry.clean_fields(exclude=["run", "raised", "delegation", "delegated_from", "hash"])
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    run.last_seq, run.last_hash = entry.seq, entry.hash
    project(run)
    kept = {"content": run.subject_hash} if opinion in SUBMITTING else {}
    log(by, f"review.{opinion}", run, seq=entry.seq, step=step, hash=entry.hash, **kept)
    return entry


def hash_of(entry: ReviewOpinion) -> str:
    """The keyed hash of everything the entry says, and of the entry before it."""
    fields = [
        entry.run_id,
        entry.seq,
        entry.step,
        entry.step_title,
        entry.member,
        entry.opinion,
        entry.text,
        entry.raised,
        entry.to_step,
        entry.subject_hash,
        entry.signer_id,
        entry.signer_name,
        entry.post,
        entry.capacity,
        entry.delegated_from_id,
        entry.delegated_name,
        entry.delegation_id,
        entry.at.astimezone(clock.SHANGHAI).isoformat(),
    ]
    return crypto.chain(entry.previous_hash, json.dumps(fields, ensure_ascii=False).encode())


def log(by: Actor, verb: str, subject: Any, **detail: Any) -> None:
    """The audit entry of an action."""
    audit.record(actor=by.key, post=by.post, verb=verb, subject=subject, path=subject.path, detail=detail)


# --- projection ------------------------------------------------------------------------------------------------------


def project(run: ReviewRun) -> Course:
    """Write the columns and tasks that follow from the opinions, in the caller's transaction."""
    where = course_of(run)
    run.state, run.step, run.rounds = where.state, where.step, where.rounds
    run.closed_on = None if where.state in OPEN else (run.closed_on or clock.today())
    run.save()
    wanted = {(task.step, task.member): task for task in tasks_of(run, where)}
    for task in ReviewTask.objects.filter(run=run):
        if (task.step, task.member) not in wanted:
            task.delete()
        else:
            wanted.pop((task.step, task.member))
    for task in wanted.values():
        task.save()
    return where


def tasks_of(run: ReviewRun, where: Course) -> list[ReviewTask]:
    """Whose turn it is, as rows that are not kept yet."""
    today = clock.today()
    if where.state not in OPEN:
        return []
    if where.state != SIGNING or not where.step:
        return [
            ReviewTask(
                run=run, organ=run.organ, step=AUTHOR, person=run.submitter, opened_on=today, due_on=None
            )
        ]
    step = where.at(where.step)
    made = []
    for member in where.waiting():
        signer = step.signers[member]
        made.append(
            ReviewTask(
                run=run,
                organ=_organ(signer.organ) or run.organ,
                step=step.order,
                member=member,
                role=signer.role,
                title=signer.title,
                person=Person.objects.filter(username=signer.person).first() if signer.person else None,
                opened_on=today,
                due_on=due(run.organ, today, step.days),
            )
        )
    return made


def _organ(code: str) -> Organ | None:
    return Organ.objects.get(code=code) if code else None


def due(organ: Organ, start: dt.date, days: int) -> dt.date | None:
    """The last working day of a term of `days`; None for no term, or while the year's calendar is not loaded."""
    if not days:
        return None
    try:
        return calendars.for_region(organ.region).add(start, days)
    except CalendarYearMissing:
        return None


def is_completed(run: ReviewRun) -> bool:
    """Whether everybody consented."""
    return run.state == COMPLETED
