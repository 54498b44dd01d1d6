"""The smallest changes that mend broken sums, against trying out every set of cells there is."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from gongkai.forms.figures import Figures
from gongkai.forms.identities import identities
from gongkai.forms.layout import FORMS
from gongkai.forms.relations import Relation, evaluate
from gongkai.forms.values import Number
from gongkai.reading.checking.mending import mends

from .render.model import random_report


def corrupted(seed: int, slips: int) -> tuple[Figures, dict[str, Number], list[str]]:
    """A valid report with some of its counts changed: at random, or two in one row or column."""
    rng = random.Random(f"mend/{seed}")  # noqa: S311
    figures = random_report(rng, FORMS["fmt2019"]).figures
    numbers = dict(figures.numbers)
    paths = [path for path in numbers if not path.startswith("table2")]
    first = rng.choice(paths)
    near = [path for path in paths if path != first and near_by(path, first)]
    wrong = [first, *rng.sample(near if rng.random() < 0.7 else paths, slips - 1)]
    for path in wrong:
        numbers[path] = max(0, numbers[path] + rng.choice((-7, -1, 1, 3, 10)))
    return figures, numbers, wrong


def near_by(path: str, other: str) -> bool:
    return (
        path.rpartition(".")[0] == other.rpartition(".")[0]
        or path.rpartition(".")[2] == other.rpartition(".")[2]
    )


def by_trying(
    relations: list[Relation], group: set[Relation], numbers: dict[str, Number], size: int
) -> set[frozenset[tuple[str, Number]]]:
    """All changes of ``size`` cells after which the group holds, and everything holds that held before.

    The changes tried are those by which some broken sum fails, and their differences.
    """
    watched = [r for r in relations if r in group or evaluate(r, numbers).holds]
    of_cell: dict[str, list[Relation]] = {}
    for relation in watched:
        for path in relation.operands:
            of_cell.setdefault(path, []).append(relation)
    gaps = {outcome.left - outcome.right for r in group if (outcome := evaluate(r, numbers)).left is not None}
    steps = (
        {sign * gap for gap in gaps for sign in (1, -1)}
        | {a - b for a in gaps for b in gaps}
        | {a + b for a in gaps for b in gaps}
    )
    steps.discard(0)
    found = set()
    for cells in combinations(sorted(of_cell), size):
        if not group <= {relation for path in cells for relation in of_cell[path]}:
            continue
        touched = {relation for path in cells for relation in of_cell[path]}
        for change in _products(steps, size):
            new = {path: numbers[path] + step for path, step in zip(cells, change, strict=True)}
            if min(new.values()) >= 0 and all(evaluate(r, {**numbers, **new}).holds for r in touched):
                found.add(frozenset(new.items()))
    return found


def _products(steps: set[Number], size: int) -> list[tuple[Number, ...]]:
    if size == 1:
        return [(step,) for step in steps]
    return [(step, *rest) for step in steps for rest in _products(steps, size - 1)]


@pytest.mark.parametrize("slips", [1, 2])
@pytest.mark.parametrize("seed", range(12))
def test_no_smaller_and_no_other_change_mends(seed, slips):
    figures, numbers, _ = corrupted(seed, slips)
    relations = [relation for _, relation in identities(figures.form)]
    found = mends(figures.form, numbers)
    assert set(found) == {r for r in relations if evaluate(r, numbers).holds is False}
    for group_mends in set(found.values()):
        group = {relation for relation, these in found.items() if these == group_mends}
        for size in (1, 2):
            tried = by_trying(relations, group, numbers, size)
            if tried:
                shown = {frozenset(mend.cells) for mend in group_mends}
                assert shown <= tried
                assert len(shown) == min(3, len(tried))
                break
        else:
            assert all(len(mend.cells) > 2 for mend in group_mends)


@pytest.mark.parametrize("seed", range(40))
def test_what_was_changed_is_among_what_is_proposed(seed):
    figures, numbers, (path,) = corrupted(seed, 1)
    proposed = {
        cell for found in mends(figures.form, numbers).values() for mend in found for cell in mend.cells
    }
    if numbers[path] != figures.number(path):
        assert (path, figures.number(path)) in proposed


def test_two_slips_in_one_row_are_mended_by_two_cells():
    figures = random_report(random.Random("row"), FORMS["fmt2019"]).figures  # noqa: S311
    numbers = dict(figures.numbers)
    wrong = ("table3.granted.natural_person", "table3.granted.other_org")
    for path, slip in zip(wrong, (5, 3), strict=True):
        numbers[path] += slip
    found = mends(figures.form, numbers)
    right = tuple(sorted((path, figures.number(path)) for path in wrong))
    assert {tuple(sorted(mend.cells)) for these in found.values() for mend in these} == {right}
