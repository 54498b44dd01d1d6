"""The columns of proceedings and respondents that follow from the steps; written by `project`, recomputed by verify."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.organs.models import Organ
from gongkai.remedies.course import Standing, fold
from gongkai.remedies.models import Proceeding, ProceedingStep, Respondent, ResultRule, State, StepKind

Key = tuple[int, int]  # organ, round


def in_force(steps: Iterable[ProceedingStep]) -> list[ProceedingStep]:
    """The steps no later one supersedes, in the order of the course. A correction takes the place of what it corrects;
    a step taken back has none."""
    listed = sorted(steps, key=lambda step: step.seq)
    place: dict[int, int] = {}
    for step in listed:
        place[step.pk] = place[step.supersedes_id] if step.supersedes_id else step.seq
    superseded = {step.supersedes_id for step in listed}
    standing = [step for step in listed if step.pk not in superseded and step.kind != StepKind.VOID]
    return sorted(standing, key=lambda step: place[step.pk])


def standing_of(proceeding: Proceeding) -> Standing | None:
    """Where the proceeding stands by its steps: one query, or none when they are prefetched."""
    return fold(in_force(proceeding.steps.all()))


def project(proceeding: Proceeding) -> Standing | None:
    """Recompute and write the projected columns, in the caller's transaction. Raises course.OutOfCourse."""
    standing = fold(in_force(ProceedingStep.objects.filter(proceeding=proceeding)))
    columns = dict(ResultRule.objects.values_list("code", "column"))
    values = proceeding_values(standing, columns)
    for name, value in values.items():
        setattr(proceeding, name, value)
    proceeding.save(update_fields=[*values, "path"])
    _write_respondents(proceeding, respondent_values(standing, columns))
    return standing


def proceeding_values(standing: Standing | None, columns: Mapping[str, str]) -> dict[str, Any]:
    """The projected columns of the proceeding itself."""
    if standing is None:
        return {"state": State.STRUCK, "closed_on": None, "result": "", "column": "", "redo_id": None}
    current = standing.current
    return {
        "group": standing.group,
        "state": standing.state,
        "filed_on": standing.rounds[0].began_on,
        "closed_on": current.closed_on,
        "result": current.result,
        "column": columns.get(current.result, ""),
        "redo_id": standing.redo,
    }


def respondent_values(standing: Standing | None, columns: Mapping[str, str]) -> dict[Key, dict[str, Any]]:
    """The rows table 4 counts: one per organ and round."""
    rows: dict[Key, dict[str, Any]] = {}
    if standing is None:
        return rows
    for organ, came_on in standing.respondents.items():
        for number, spell in enumerate(standing.rounds, start=1):
            following = standing.rounds[number] if number < len(standing.rounds) else None
            if following is not None and came_on >= following.began_on:
                continue  # joined only after this round was over
            rows[organ, number] = {
                "group": standing.group,
                "first_filed_on": came_on,
                "filed_on": max(spell.began_on, came_on),
                "closed_on": spell.closed_on,
                "reopened_on": following.began_on if following else None,
                "result": spell.result,
                "column": columns.get(spell.result, ""),
            }
    return rows


def _write_respondents(proceeding: Proceeding, wanted: dict[Key, dict[str, Any]]) -> None:
    """Bring the rows in line, keeping the key of every row that stays: frozen reports name them."""
    kept = {(row.organ_id, row.round): row for row in proceeding.respondents.all()}
    gone = [row.pk for key, row in kept.items() if key not in wanted]
    if gone:
        Respondent.objects.filter(pk__in=gone).delete()
    if new := [key for key in wanted if key not in kept]:
        paths = dict(Organ.objects.filter(pk__in=[organ for organ, _ in new]).values_list("pk", "path"))
        Respondent.objects.bulk_create(
            Respondent(
                proceeding=proceeding,
                organ_id=organ,
                path=paths[organ],
                round=number,
                **wanted[organ, number],
            )
            for organ, number in new
        )
    for key, row in kept.items():
        if key in wanted and any(getattr(row, name) != value for name, value in wanted[key].items()):
            Respondent.objects.filter(pk=row.pk).update(**wanted[key])
