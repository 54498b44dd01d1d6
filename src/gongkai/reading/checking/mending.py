"""The smallest set of cells whose change would put broken identities right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from gongkai.forms.identities import identities
from gongkai.forms.relations import Relation, evaluate
from gongkai.forms.shape import Form
from gongkai.forms.values import Number

from .finding import Mend

_SHOWN = 3
# More cells at once are not a slip any more; each broken sum is then mended by its own total.
_MOST_CELLS = 3
_MOST_TRIED = 20_000

Changes = dict[str, Number]


def mends(form: Form, numbers: Mapping[str, Number]) -> dict[Relation, tuple[Mend, ...]]:
    """For every broken identity the smallest changes that mend it and all that is broken with it, and break nothing."""
    relations = [relation for _, relation in identities(form)]
    broken = [relation for relation in relations if evaluate(relation, numbers).holds is False]
    if not broken:
        return {}
    sound = [relation for relation in relations if evaluate(relation, numbers).holds]
    found: dict[Relation, tuple[Mend, ...]] = {}
    for group in _connected(broken):
        mend = _Group(group, sound, numbers).smallest() or _of_each(group, sound, numbers)
        found.update(dict.fromkeys(group, mend))
    return found


def _connected(broken: Sequence[Relation]) -> list[list[Relation]]:
    """Broken identities that share a cell can be mended together."""
    groups: list[list[Relation]] = []
    for relation in broken:
        cells = set(relation.operands)
        touching = [group for group in groups if any(cells & set(other.operands) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([relation, *(other for group in touching for other in group)])
    return groups


class _Group:
    """Broken identities to be mended together, among sound ones that have to stay so."""

    def __init__(
        self, broken: Sequence[Relation], sound: Sequence[Relation], numbers: Mapping[str, Number]
    ) -> None:
        self.broken = broken
        self.numbers = numbers
        self.lacking = {relation: -_difference(relation, numbers) for relation in broken}
        self.of_cell: dict[str, list[Relation]] = {}
        for relation in (*broken, *sound):
            for cell in relation.operands:
                self.of_cell.setdefault(cell, []).append(relation)

    def smallest(self) -> tuple[Mend, ...]:
        """The first of the smallest sets of changes."""
        for size in range(1, _MOST_CELLS + 1):
            found: dict[frozenset[str], Mend] = {}
            for tried, cells in enumerate(self._hitting((), size)):
                if frozenset(cells) not in found and (change := self._solved(cells)):
                    found[frozenset(cells)] = Mend(tuple(change.items()))
                if len(found) == _SHOWN or tried > _MOST_TRIED:
                    break
            if found:
                return tuple(found.values())
        return ()

    def _hitting(self, chosen: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
        """Sets of cells that touch every broken identity, and every sound one that a single one of them would break."""
        relation = next(self._untouched(chosen), None)
        if relation is None and chosen:
            relation = next(self._disturbed(chosen), None)
        if relation is None:
            yield chosen
        elif len(chosen) < size:
            for cell in sorted(set(relation.operands) - set(chosen), key=_totals_first):
                yield from self._hitting((*chosen, cell), size)

    def _untouched(self, chosen: tuple[str, ...]) -> Iterator[Relation]:
        return (relation for relation in self.broken if not set(chosen) & set(relation.operands))

    def _disturbed(self, chosen: tuple[str, ...]) -> Iterator[Relation]:
        for cell in chosen:
            for relation in self.of_cell[cell]:
                if relation not in self.lacking and sum(other in relation.operands for other in chosen) == 1:
                    yield relation

    def _solved(self, cells: tuple[str, ...]) -> Changes | None:
        """The only change of exactly these cells that mends all and breaks nothing."""
        touched = dict.fromkeys(relation for cell in cells for relation in self.of_cell[cell])
        rows = [
            [
                *(Fraction((cell in relation.left) - (cell in relation.right)) for cell in cells),
                Fraction(self.lacking.get(relation, 0)),
            ]
            for relation in touched
        ]
        solution = _only_solution(rows, len(cells))
        if solution is None or not all(solution) or any(change.denominator > 1 for change in solution):
            return None
        changed = {
            cell: self.numbers[cell] + int(change) for cell, change in zip(cells, solution, strict=True)
        }
        return changed if all(number >= 0 for number in changed.values()) else None


def _only_solution(rows: list[list[Fraction]], width: int) -> list[Fraction] | None:
    """The solution of linear equations (coefficients, right side), None when there is none or more than one."""
    for column in range(width):
        pivot = next((n for n in range(column, len(rows)) if rows[n][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for n, row in enumerate(rows):
            if n != column and row[column]:
                factor = row[column]
                rows[n] = [a - factor * b for a, b in zip(row, rows[column], strict=True)]
    if any(row[width] for row in rows[width:]):
        return None
    return [row[width] for row in rows[:width]]


def _totals_first(cell: str) -> tuple[bool, str]:
    """A sum is the likelier slip."""
    return not cell.endswith(".total"), cell


def _of_each(
    group: Sequence[Relation], sound: Sequence[Relation], numbers: Mapping[str, Number]
) -> tuple[Mend, ...]:
    """No few cells mend all of it: the total of each sum as its parts make it up, if that mends it and breaks nothing."""
    change = {
        relation.left[0]: _sum(relation.right, numbers) for relation in group if len(relation.left) == 1
    }
    new = {**numbers, **change}
    right = all(evaluate(relation, new).holds for relation in (*group, *sound))
    return (Mend(tuple(change.items())),) if change and right else ()


def _difference(relation: Relation, numbers: Mapping[str, Number]) -> Number:
    return _sum(relation.left, numbers) - _sum(relation.right, numbers)


def _sum(paths: Iterable[str], numbers: Mapping[str, Number]) -> Number:
    total: Number = 0
    for path in paths:
        total += numbers[path]
    return total
