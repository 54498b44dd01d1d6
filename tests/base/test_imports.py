"""Imports keep everything or nothing, and name every mistake by row and column."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import imports
from gongkai.base.imports import Report, RowError
from gongkai.base.models import Sequence

pytestmark = pytest.mark.django_db


class Declined(Exception):
    """A refusal of the room that imports."""


def each(number: int, row: dict[str, str]) -> None:
    Sequence.objects.create(key=row["键"])
    if row["键"] == "field":
        raise ValidationError({"key": "不好。", "other": ["也不好。"], "__all__": "整行不好。"})
    if row["键"] == "whole":
        raise ValidationError("整行不好。")
    if row["键"] == "declined":
        raise Declined("您不能。")


def run(*keys: str, dry_run: bool = False, **more: Any) -> Report:
    rows = ((number, {"键": key}) for number, key in enumerate(keys, start=2))
    return imports.run(rows, each, dry_run=dry_run, columns={"key": "键"}, refusals=(Declined,), **more)


def kept() -> set[str]:
    return set(Sequence.objects.values_list("key", flat=True))


def test_a_clean_run_is_kept() -> None:
    assert run("a", "b") == Report(rows=2, kept=True)
    assert kept() == {"a", "b"}


def test_a_dry_run_keeps_nothing() -> None:
    report = run("a", "b", dry_run=True)
    assert (report.ok, report.rows, report.kept) == (True, 2, False)
    assert kept() == set()


def test_one_bad_row_keeps_nothing_and_all_are_named() -> None:
    report = run("a", "field", "whole", "declined", "b")
    assert report.errors == [
        RowError(3, "键", "不好。"),
        RowError(3, "other", "也不好。"),
        RowError(3, "", "整行不好。"),
        RowError(4, "", "整行不好。"),
        RowError(5, "", "您不能。"),
    ]
    assert (report.rows, report.kept) == (2, False)
    assert kept() == set()
    assert [str(error) for error in report.errors[:3:2]] == ["第3行“键”列：不好。", "第3行：整行不好。"]


def test_after_many_mistakes_the_rest_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_ERRORS", 3)
    report = run(*["whole"] * 10)
    assert report.cut_short
    assert len(report.errors) == 3


def test_the_last_step_may_still_find_a_mistake() -> None:
    report = run("a", finish=lambda report: report.errors.append(RowError(2, "", "缺上级。")))
    assert not report.kept
    assert kept() == set()
