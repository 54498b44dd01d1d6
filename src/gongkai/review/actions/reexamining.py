"""Art. 18: what is not 主动公开 is looked at again from time to time, and may become open."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.law.workdays import CalendarYearMissing
from gongkai.organs import calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person
from gongkai.organs.refusals import Refused
from gongkai.review import choices, workflow
from gongkai.review.common import log, words_needed
from gongkai.review.models import Reexamination, Withheld
from gongkai.review.subjects import Subject

Conclusion = Reexamination.Conclusion


@transaction.atomic
def withhold(*, by: Actor, subject: Subject, attribute: str, reason: str, since: dt.date) -> Withheld:
    """Record that a subject is not 主动公开; its first re-examination falls due after the office's number of months.
    Recorded again for the same subject, attribute and reason are brought up to date. Raises Refused, ValidationError."""
    workflow.check(by, "withhold", subject.organ.path)
    return keep(by, subject, attribute, reason, since)


def keep(by: Actor, subject: Subject, attribute: str, reason: str, since: dt.date) -> Withheld:
    """The same for who may not withhold by themselves: as the outcome of a review. In the caller's transaction."""
    known = {"subject_kind": subject.kind, "subject_key": subject.key, "ended_on": None}
    row = Withheld.objects.select_for_update().filter(**known).first()
    if row is None:
        row = Withheld(organ=subject.organ, **known, since=since)
        row.next_due_on = next_due(subject.organ, since)
    row.title, row.attribute = subject.title[:300], attribute
    row.reason = words_needed(reason, "reason")
    row.clean_fields(exclude=["organ", "path"])
    if since > clock.today():
        raise ValidationError({"since": _("日期不能晚于今天。")})
    row.save()
    log(by, "review.withhold", row, attribute=attribute, since=row.since.isoformat())
    return row


@transaction.atomic
def reexamine(
    *, by: Actor, withheld: Withheld, conclusion: str, reason: str, on: dt.date | None = None
) -> Reexamination:
    """Keep it closed, open it, or make it available on request; the next look is scheduled unless it is open now.
    Raises Refused, ValidationError."""
    row = Withheld.objects.select_for_update(of=("self",)).select_related("organ").get(pk=withheld.pk)
    workflow.check(by, "reexamine", row.path)
    if row.ended_on is not None:
        raise Refused(_("这件信息已转为主动公开，不再评估。"))
    if conclusion == Conclusion.ON_REQUEST and row.attribute == Withheld.Attribute.ON_REQUEST:
        raise ValidationError({"conclusion": _("现在就是依申请公开，请选“维持”。")})
    day = on or clock.today()
    last = row.examinations.order_by("on").last()
    if not (last.on if last else row.since) <= day <= clock.today():
        raise ValidationError({"on": _("评估日期应在上次评估之后、今天之前。")})
    return record(by, row, conclusion, words_needed(reason, "reason"), day)


def record(by: Actor, row: Withheld, conclusion: str, reason: str, day: dt.date) -> Reexamination:
    """The look as such, and what follows from it. In the caller's transaction."""
    made = Reexamination(
        withheld=row,
        on=day,
        conclusion=conclusion,
        reason=reason,
        reviewer_name=Person.objects.get(pk=by.person_id).name if by.person_id else "",
        actor=by.key,
        recorded_at=clock.now(),
    )
    made.clean_fields(exclude=["withheld", "reviewer_name"])
    made.save()
    project(row)
    log(by, "review.reexamine", row, conclusion=conclusion, on=day.isoformat())
    return made


def project(row: Withheld) -> None:
    """Write the columns that follow from the re-examinations."""
    last = row.examinations.order_by("on", "pk").last()
    if last is not None and last.conclusion == Conclusion.OPEN:
        row.ended_on, row.next_due_on = last.on, None
    else:
        if last is not None and last.conclusion == Conclusion.ON_REQUEST:
            row.attribute = Withheld.Attribute.ON_REQUEST
        row.next_due_on = next_due(row.organ, last.on if last else row.since)
    row.save()


def next_due(organ: Organ, start: dt.date) -> dt.date | None:
    """The day of the next look; None while the calendar of that year is not loaded."""
    try:
        return calendars.for_region(organ.region).add_months(
            start, choices.settings_for(organ).reexamine_months
        )
    except CalendarYearMissing:
        return None
