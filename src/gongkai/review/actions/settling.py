"""What a finished review means for the openness of its subject: kept inside and looked at again, or open from now on."""

from __future__ import annotations

from gongkai.base import clock
from gongkai.organs.actors import Actor
from gongkai.review import subjects
from gongkai.review.actions import reexamining
from gongkai.review.course import COMPLETED
from gongkai.review.models import Reexamination, ReviewRun, SecrecyConclusion, Withheld
from gongkai.review.subjects import Subject

_REASON = Withheld._meta.get_field("reason").max_length


def settle(by: Actor, run: ReviewRun) -> None:
    """Once everybody has signed: what was proposed as not open, or found to be secret, is recorded as withheld; what is
    found to be open after all no longer is. In the caller's transaction."""
    subject = subjects.load(run.subject_kind, run.subject_key)
    if run.state != COMPLETED or subject is None:
        return
    last = run.secrecy.filter(subject_hash=run.subject_hash).order_by("pk").last()
    if last is not None and last.conclusion == SecrecyConclusion.Conclusion.CLOSED:
        reexamining.keep(by, subject, Withheld.Attribute.CLOSED, last.note[:_REASON], clock.today())
    elif subject.attribute:
        reexamining.keep(by, subject, subject.attribute, subject.reason, clock.today())
    elif last is not None and last.conclusion in SecrecyConclusion.PUBLISHABLE:
        _open(by, subject, last)


def _open(by: Actor, subject: Subject, last: SecrecyConclusion) -> None:
    row = Withheld.objects.filter(
        subject_kind=subject.kind, subject_key=subject.key, ended_on__isnull=True
    ).first()
    if row is not None:
        reexamining.record(
            by,
            row,
            Reexamination.Conclusion.OPEN,
            f"{last.get_conclusion_display()}　{last.note or last.redaction or last.basis}"[:500],
            clock.today(),
        )
