"""A run from its start to its end: submitting, signing, returning, mending, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from gongkai.review import choices, course, drafts, screening, workflow
from gongkai.review.actions.settling import settle
from gongkai.review.chains import CONSULTATION, FACTS, SECRECY, Step
from gongkai.review.common import (
    course_of,
    enter,
    locked,
    person_of,
    post_of,
    steps_of,
    subject_of,
    unchanged,
    words_needed,
)
from gongkai.review.course import AUTHOR, Course
from gongkai.review.models import ChainTemplate, ReviewOpinion, ReviewRun
from gongkai.review.signing import Capacity, Signatory
from gongkai.review.subjects import Subject

Opinion = ReviewOpinion.Opinion


def start(
    *,
    by: Actor,
    subject: Subject,
    template: ChainTemplate | None = None,
    facts: Iterable[str] = (),
    text: str = "",
) -> ReviewRun:
    """Submit a subject to its organ's chain (or the one named). `facts` are added to those the subject says of itself;
    `text` is the author's own opinion, needed where the first step is the author's. Raises Refused, ValidationError."""
    workflow.check(by, "start", subject.organ.path)
    person_of(by)
    _whole(subject)
    found = screening.prescreen_of(subject)  # reading files takes time: not under the write lock
    return _start(by, subject, template, frozenset(facts), text, found)


@transaction.atomic
def _start(
    by: Actor,
    subject: Subject,
    template: ChainTemplate | None,
    facts: frozenset[str],
    text: str,
    found: list[dict[str, object]],
) -> ReviewRun:
    chain = template or choices.chain_for(subject.organ, subject.kind)
    if chain is None:
        raise Refused(_("本机关还没有审签流程，请公开办负责人先在“审签流程”中设置。"))
    if chain not in choices.chains_for(subject.organ, subject.kind):
        raise Refused(_("这个审签流程不能用于本机关的这类内容，或者已经停用。"))
    if ReviewRun.objects.filter(
        subject_kind=subject.kind, subject_key=subject.key, closed_on__isnull=True
    ).exists():
        raise Refused(_("这份内容正在审签，不能重复送审。"))
    known = frozenset(facts) | subject.facts
    if strange := known - set(FACTS):
        raise ValidationError({"facts": _("没有“%(name)s”这一情形。") % {"name": "、".join(sorted(strange))}})
    run = ReviewRun(
        organ=subject.organ,
        subject_kind=subject.kind,
        subject_key=subject.key,
        template=chain,
        facts=sorted(known),
        submitter=person_of(by),
        prescreen=found,
        started_at=clock.now(),
        title=subject.title[:300],
        subject_hash=subject.digest,
    )
    run.save()
    first = steps_of(run)[0]
    if first.proposes:
        text = words_needed(text)
    drafts.keep(run, subject)
    enter(by, run, Opinion.PROPOSE, step=1 if first.proposes else AUTHOR, text=text)
    return run


@transaction.atomic
def opine(
    *,
    by: Actor,
    run: ReviewRun,
    opinion: str,
    text: str = "",
    raises: Iterable[str] = (),
) -> ReviewOpinion:
    """Sign the present step: 同意, 修改后同意 (say what to change) or 不同意 (say why; the run ends). `raises` adds facts on
    which later steps depend, such as ``doubtful``. Raises Refused, ValidationError."""
    run = locked(run)
    if opinion not in (Opinion.AGREE, Opinion.AGREE_CHANGED, Opinion.DISAGREE):
        raise ValidationError({"opinion": _("请选择同意、修改后同意或者不同意。")})
    capacity, where = _capacity(by, run, "opine")
    if opinion != Opinion.AGREE:
        words_needed(text)
    raised = frozenset(raises)
    if strange := raised - set(FACTS):
        raise ValidationError(
            {"raises": _("没有“%(name)s”这一情形。") % {"name": "、".join(sorted(strange))}}
        )
    if opinion != Opinion.DISAGREE:
        require_needs(run, where.at(capacity.task.step))
    entry = _sign(by, run, capacity, opinion, text=text, raised=raised)
    settle(by, run)
    return entry


@transaction.atomic
def return_(*, by: Actor, run: ReviewRun, text: str, to_step: int = AUTHOR) -> ReviewOpinion:
    """Send the run back, to the author or to an earlier step, with the reason. Raises Refused, ValidationError."""
    run = locked(run)
    capacity, where = _capacity(by, run, "return")
    text = words_needed(text)
    if to_step not in returnable(where):
        raise ValidationError({"to_step": _("只能退回送审人，或者退回前面经过的步骤。")})
    return _sign(by, run, capacity, Opinion.RETURN, text=text, to_step=to_step)


@transaction.atomic
def amend(*, by: Actor, run: ReviewRun, text: str) -> ReviewOpinion:
    """Hand the run on after changing the content as a signer demanded; `text` says how. Raises Refused."""
    run = locked(run)
    _authors(by, run, "amend")
    subject = subject_of(run)
    if subject.digest == run.subject_hash:
        raise Refused(_("内容还没有改动。请先按意见修改，再送回。"))
    return _anew(by, run, subject, Opinion.AMEND, words_needed(text))


@transaction.atomic
def resubmit(*, by: Actor, run: ReviewRun, text: str) -> ReviewOpinion:
    """Submit anew, from the first step: after a return, or when the content was changed while it was being signed.
    Raises Refused."""
    run = locked(run)
    _authors(by, run, "resubmit")
    subject = subject_of(run)
    if run.state == course.SIGNING and subject.digest == run.subject_hash:
        raise Refused(_("内容没有改动，正在审签，不必重新送审。"))
    return _anew(by, run, subject, Opinion.RESUBMIT, words_needed(text))


@transaction.atomic
def withdraw(*, by: Actor, run: ReviewRun, text: str) -> ReviewOpinion:
    """Take the run back: by its author, or the head of the office. Raises Refused."""
    run = locked(run)
    workflow.check(by, "withdraw", run.path, run.state)
    if by.person_id != run.submitter_id and by.role != Role.HEAD:
        raise Refused(_("只有送审人或者公开办负责人可以撤回。"))
    return enter(by, run, Opinion.WITHDRAW, step=AUTHOR, text=words_needed(text))


def returnable(where: Course) -> list[int]:
    """Where a run can be sent back to: the author, and the steps already taken."""
    before = [
        step.order for step in where.applicable() if not step.proposes and step.order < (where.step or 0)
    ]
    return [AUTHOR, *before]


def require_needs(run: ReviewRun, step: Step) -> None:
    """What must be on record before a step can be consented to. Raises Refused."""
    if SECRECY in step.needs and not run.secrecy.filter(subject_hash=run.subject_hash).exists():
        raise Refused(_("这一步要先作出保密审查结论，再签署意见。"))
    if CONSULTATION in step.needs and not run.consultations.filter(parties__replies__isnull=False).exists():
        raise Refused(_("这一步要先征询有关部门并登记答复，再签署意见。"))


def _authors(by: Actor, run: ReviewRun, action: str) -> None:
    workflow.check(by, action, run.path, run.state)
    if by.person_id != run.submitter_id:
        raise Refused(_("由送审人%(name)s办理。") % {"name": run.submitter.name})


def _anew(by: Actor, run: ReviewRun, subject: Subject, opinion: str, text: str) -> ReviewOpinion:
    """The content as it is now is what is signed from here on."""
    _whole(subject)
    run.prescreen = screening.prescreen_of(subject)
    run.title, run.subject_hash = subject.title[:300], subject.digest
    drafts.keep(run, subject)
    first = steps_of(run)[0]
    step = 1 if opinion == Opinion.RESUBMIT and first.proposes else AUTHOR
    return enter(by, run, opinion, step=step, text=text)


def _whole(subject: Subject) -> None:
    """Refuse what is not ready to be submitted, with what it lacks."""
    if subject.lacking:
        raise Refused("".join(subject.lacking))


def _capacity(by: Actor, run: ReviewRun, action: str) -> tuple[Capacity, Course]:
    """How the actor signs the present step. Raises Refused with the reason nearest to them."""
    if reason := workflow.refusal(action, run.state, by.role):
        raise Refused(reason)
    person_of(by)
    where = course_of(run)
    found = capacities(by, run, where)
    free = next((one for one in found if not one.reason), None)
    if free is None:
        raise Refused(found[0].reason if found else turn_words(where))
    unchanged(run)
    return free, where


def capacities(by: Actor, run: ReviewRun, where: Course) -> list[Capacity]:
    """The ways in which the actor, in the very post they act in or by authorisation, could sign."""
    if by.viewer is None:
        return []
    tasks = list(run.tasks.select_related("organ"))
    found = Signatory(by.viewer, clock.today()).capacities(run, where, tasks)
    return [one for one in found if one.delegation is not None or one.post.pk == by.post_id]


def turn_words(where: Course) -> str:
    """Whose turn it is, for those whose turn it is not."""
    if not where.step:
        return _("现在轮到送审人办理。")
    step = where.at(where.step)
    return _("现在是第%(n)d步“%(title)s”，由%(who)s签署。") % {
        "n": step.order,
        "title": step.title,
        "who": step.who,
    }


def _sign(
    by: Actor,
    run: ReviewRun,
    capacity: Capacity,
    opinion: str,
    *,
    text: str = "",
    raised: Iterable[str] = (),
    to_step: int | None = None,
) -> ReviewOpinion:
    own = post_of(by) if capacity.delegation is not None else capacity.post
    return enter(
        by,
        run,
        opinion,
        step=capacity.task.step,
        member=capacity.task.member,
        text=text,
        raised=raised,
        to_step=to_step,
        post=own,
        principal=capacity.principal,
        delegation=capacity.delegation,
    )
