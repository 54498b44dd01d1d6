"""The register of problems and measures: what was found, what was planned, done and achieved, year by year (S239)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from .models import Problem, ProblemStep, Report

Kind = ProblemStep.Kind


@dataclass(frozen=True)
class Told:
    """One problem as the report of a year tells it. `steps` are the facts up to the year's end that still stand, and for
    a problem of that year the measures planned since: what is found when the year is summed up is planned after it."""

    problem: Problem
    year: int  # of the report
    steps: tuple[ProblemStep, ...]
    carried_over: bool  # found in an earlier year
    closed: bool  # by the year's end

    def last(self, *kinds: str) -> ProblemStep | None:
        """The newest step of these kinds."""
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    @property
    def measure(self) -> str:
        """The measure last planned."""
        step = self.last(Kind.MEASURE)
        return step.text if step else ""

    @property
    def done(self) -> str:
        """What came of it, or how far it is."""
        step = self.last(Kind.CLOSED, Kind.RESULT) or self.last(Kind.PROGRESS)
        if step is not None and not step.text:
            step = self.last(Kind.RESULT, Kind.PROGRESS)
        return step.text if step else ""

    @property
    def is_told(self) -> bool:
        """Whether anything is recorded that the report can tell of what is done about it."""
        return bool(self.closed or self.done or self.measure)

    @property
    def words(self) -> str:
        """The problem as it stands inside a sentence."""
        return _bare(self.problem.text)


def standing(steps: Iterable[ProblemStep]) -> tuple[ProblemStep, ...]:
    """The steps that nothing superseded, in the order of their dates."""
    every = list(steps)
    replaced = {step.supersedes_id for step in every}
    found = [step for step in every if step.pk not in replaced and not step.withdrawn]
    return tuple(sorted(found, key=lambda step: (step.on, step.pk)))


def with_steps(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """The problems with their steps: one query more for all of them."""
    return problems.prefetch_related(
        Prefetch("steps", queryset=ProblemStep.objects.order_by("on", "id"), to_attr="all_steps")
    )


def of_report(report: Report, paths: Iterable[str]) -> list[Told]:
    """What the report of a year has to tell: problems found in the year, and earlier ones not closed before it. `paths`
    are the organ's own and its predecessors'. Two queries."""
    end, start = dt.date(report.year, 12, 31), dt.date(report.year, 1, 1)
    not_done = Q(closed_on__isnull=True) | Q(closed_on__gte=start)
    found = Problem.objects.filter(not_done, path__in=list(paths), year__lte=report.year, struck=False)
    return [_told(one, report.year, end) for one in with_steps(found.order_by("year", "found_on", "id"))]


def _told(problem: Problem, year: int, end: dt.date) -> Told:
    own = problem.year == year
    every = standing(problem.all_steps)  # type: ignore[attr-defined]
    steps = tuple(step for step in every if step.on <= end or (own and step.kind == Kind.MEASURE))
    closed = problem.closed_on is not None and problem.closed_on <= end
    return Told(problem, year, steps, problem.year < year, closed)


def problems_text(told: Iterable[Told]) -> str:
    """The first half of part five: the year's problems, and the earlier ones that are still there."""
    every = list(told)
    new = [one for one in every if not one.carried_over]
    old = [one for one in every if one.carried_over and not one.closed]
    sentences = []
    if new:
        sentences.append("{{year}}年，政府信息公开工作还存在以下问题：" + _listed(one.words for one in new))
    if old:
        sentences.append("以前年度发现、尚未整改到位的问题：" + _listed(one.words for one in old))
    return "\n".join(sentences)


def improvements_text(told: Iterable[Told]) -> str:
    """The second half: what was done about earlier problems, and what is done about this year's. A problem about which
    nothing is recorded is left out: nothing is printed that nobody wrote down."""
    every = [one for one in told if one.is_told]
    old = [one for one in every if one.carried_over]
    new = [one for one in every if not one.carried_over]
    sentences = []
    if old:
        last = all(one.problem.year == one.year - 1 for one in old)
        sentences.append(
            f"{'上年' if last else '以前年度'}问题整改情况：" + _listed(_outcome(one) for one in old)
        )
    if new:
        sentences.append("本年问题改进情况：" + _listed(_outcome(one) for one in new))
    return "\n".join(sentences)


def _outcome(one: Told) -> str:
    about = f"针对“{one.words}”，"
    if one.closed:
        return f"{about}{_bare(one.done)}，已完成整改" if one.done else f"{about}已完成整改"
    if one.done:
        measure = f"；下一步，{_bare(one.measure)}" if one.measure and one.measure != one.done else ""
        return f"{about}{_bare(one.done)}{measure}"
    return f"{about}下一步，{_bare(one.measure)}"


def _listed(points: Iterable[str]) -> str:
    every = list(points)
    if len(every) == 1:
        return f"{every[0]}。"
    return "；".join(f"{_ordinal(number)}是{point}" for number, point in enumerate(every, 1)) + "。"


def _ordinal(number: int) -> str:
    ones = "零一二三四五六七八九"
    if number < 10:
        return ones[number]
    tens, rest = divmod(number, 10)
    return f"{ones[tens] if tens > 1 else ''}十{ones[rest] if rest else ''}"


def _bare(text: str) -> str:
    return text.strip().rstrip("。；;.，,")
