"""What can be done with a problem: found, measures planned, progress, result, carried over, closed, struck."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

from .models import Problem, ProblemStep
from .problems import standing

REGISTER = "problems"
Kind = ProblemStep.Kind
_NEEDS_WORDS = frozenset({Kind.MEASURE, Kind.PROGRESS, Kind.RESULT, Kind.STRUCK})


@transaction.atomic
def add_problem(
    *,
    by: Actor,
    organ: Organ,
    text: str,
    source: str,
    found_on: dt.date,
    year: int | None = None,
    basis: str = "",
) -> Problem:
    """Register a problem. `year` is the year whose report tells it, by default that of the day it was found. Raises
    Refused, ValidationError."""
    authority.require(by, authority.WORK, REGISTER, organ.path)
    _check_day(found_on, "found_on")
    problem = Problem(
        organ=organ,
        path=organ.path,
        year=year or found_on.year,
        text=text.strip(),
        source=source,
        basis=basis.strip(),
        found_on=found_on,
        recorded_at=clock.now(),
    )
    problem.clean_fields(exclude=["organ", "path", "closed_on"])
    if problem.year not in (found_on.year, found_on.year - 1):
        raise ValidationError({"year": _("发现年度应是发现日期所在的年度；总结上年时，也可以写上年。")})
    problem.save()
    _audit(by, problem, "add")
    return problem


@transaction.atomic
def add_step(problem: Problem, *, by: Actor, kind: str, on: dt.date, text: str = "") -> ProblemStep:
    """Write down what was planned, done or reached on a day. Raises Refused for a problem that is closed or struck."""
    problem = _locked(problem, by)
    if reason := refusal(problem, kind):
        raise Refused(reason)
    return _step(problem, by, kind, on, text)


@transaction.atomic
def correct_step(step: ProblemStep, *, by: Actor, on: dt.date, text: str) -> ProblemStep:
    """Put another fact of the same kind in the place of a wrong one; both stay readable."""
    problem = _locked(step.problem, by)
    _check_stands(step)
    return _step(problem, by, step.kind, on, text, supersedes=step)


@transaction.atomic
def withdraw_step(step: ProblemStep, *, by: Actor, reason: str) -> ProblemStep:
    """Take back a fact that should not have been written; a closed problem is open again."""
    problem = _locked(step.problem, by)
    _check_stands(step)
    words = _words(reason, "reason")
    return _step(problem, by, step.kind, clock.today(), words, supersedes=step, withdrawn=True)


def refusal(problem: Problem, kind: str) -> str:
    """Why this cannot be written about the problem now, "" when it can."""
    if problem.struck:
        return _("这条记录已划去。")
    if problem.closed_on is not None and kind != Kind.STRUCK:
        return _("这个问题已经整改完成；如果登记错了，请先撤回“整改完成”。")
    return ""


def _locked(problem: Problem, by: Actor) -> Problem:
    authority.require(by, authority.WORK, REGISTER, problem.path)
    return Problem.objects.select_for_update().get(pk=problem.pk)


def _check_stands(step: ProblemStep) -> None:
    if step.withdrawn or ProblemStep.objects.filter(supersedes=step).exists():
        raise Refused(_("这条记录已被更正或者撤回。"))


def _check_day(day: dt.date, field: str) -> None:
    if day > clock.today():
        raise ValidationError({field: _("日期不能在今天之后。")})


def _step(
    problem: Problem,
    by: Actor,
    kind: str,
    on: dt.date,
    text: str,
    *,
    supersedes: ProblemStep | None = None,
    withdrawn: bool = False,
) -> ProblemStep:
    _check_day(on, "on")
    if on < problem.found_on:
        raise ValidationError({"on": _("日期不能早于发现问题的日期。")})
    step = ProblemStep(
        problem=problem,
        kind=kind,
        on=on,
        text=_words(text, "text") if kind in _NEEDS_WORDS else text.strip(),
        recorded_at=clock.now(),
        actor=by.key,
        post=by.post,
        supersedes=supersedes,
        withdrawn=withdrawn,
    )
    step.clean_fields(exclude=["problem", "supersedes"])
    step.save()
    _project(problem)
    _audit(by, problem, "withdraw" if withdrawn else "correct" if supersedes else kind)
    return step


def _project(problem: Problem) -> None:
    """What follows from the steps: when it was closed, and whether it was struck."""
    steps = standing(problem.steps.all())
    closed = [step.on for step in steps if step.kind == Kind.CLOSED]
    problem.closed_on = closed[-1] if closed else None
    problem.struck = any(step.kind == Kind.STRUCK for step in steps)
    problem.save(update_fields=["closed_on", "struck"])


def _words(text: str, field: str) -> str:
    words = text.strip()
    if not words:
        raise ValidationError({field: _("请填写内容。")})
    return words


def _audit(by: Actor, problem: Problem, verb: str) -> None:
    audit.record(
        actor=by.key,
        post=by.post,
        verb=f"problem.{verb}",
        subject=problem,
        path=problem.path,
        detail={"year": problem.year},
    )
