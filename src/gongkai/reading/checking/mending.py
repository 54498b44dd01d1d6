"""The smallest set of cells whose change would put broken identities right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from gongkai.forms.identities import identities
from gongkai.forms.relations import Relation, evaluate
from gongkai.forms.shape import Form
from gongkai.forms.values import Number

from .finding import Mend

_SHOWN = 3
_LARGEST_PAIR_SEARCH = 60


def mends(form: Form, numbers: Mapping[str, Number]) -> dict[Relation, tuple[Mend, ...]]:
    """For every broken identity the smallest changes that mend it and all that is broken with it, and break nothing."""
    relations = [relation for _, relation in identities(form)]
    broken = [relation for relation in relations if evaluate(relation, numbers).holds is False]
    if not broken:
        return {}
    sound = [relation for relation in relations if evaluate(relation, numbers).holds]
    found: dict[Relation, tuple[Mend, ...]] = {}
    for group in _connected(broken):
        mend = _of_group(group, sound, numbers) or _of_each(group, sound, numbers)
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


def _of_group(
    group: Sequence[Relation], sound: Sequence[Relation], numbers: Mapping[str, Number]
) -> tuple[Mend, ...]:
    cells = sorted({cell for relation in group for cell in relation.operands}, key=_totals_first)
    single = [mend for cell in cells if (mend := _mend((cell,), group, sound, numbers))]
    if single or len(cells) > _LARGEST_PAIR_SEARCH:
        return tuple(single[:_SHOWN])
    pairs = (_mend(pair, group, sound, numbers) for pair in combinations(cells, 2))
    found: list[Mend] = []
    for mend in pairs:
        if mend:
            found.append(mend)
            if len(found) == _SHOWN:
                break
    return tuple(found)


def _totals_first(cell: str) -> tuple[bool, str]:
    """A sum is the likelier slip."""
    return not cell.endswith(".total"), cell


def _of_each(
    group: Sequence[Relation], sound: Sequence[Relation], numbers: Mapping[str, Number]
) -> tuple[Mend, ...]:
    """No one or two cells mend all of it: one sum each, the totals as printed being changed."""
    cells = {
        relation.left[0]: _difference(relation, numbers) for relation in group if len(relation.left) == 1
    }
    change = tuple((cell, numbers[cell] - difference) for cell, difference in cells.items())
    return (Mend(change),) if change and all(number >= 0 for _, number in change) else ()


def _mend(
    cells: tuple[str, ...],
    group: Sequence[Relation],
    sound: Sequence[Relation],
    numbers: Mapping[str, Number],
) -> Mend | None:
    """The change of exactly these cells, if there is one."""
    changes: dict[str, Number] = {}
    for relation in group:
        inside = [cell for cell in cells if cell in relation.operands]
        if len(inside) != 1:
            return None
        sign = 1 if inside[0] in relation.left else -1
        change = -sign * _difference(relation, numbers)
        if changes.setdefault(inside[0], change) != change:
            return None
    if len(changes) != len(cells):
        return None
    for relation in sound:
        shift = sum(
            change * (1 if cell in relation.left else -1)
            for cell, change in changes.items()
            if cell in relation.operands
        )
        if shift:
            return None
    new = tuple((cell, numbers[cell] + change) for cell, change in changes.items())
    return Mend(new) if all(number >= 0 for _, number in new) else None


def _difference(relation: Relation, numbers: Mapping[str, Number]) -> Number:
    return _sum(relation.left, numbers) - _sum(relation.right, numbers)


def _sum(paths: Iterable[str], numbers: Mapping[str, Number]) -> Number:
    total: Number = 0
    for path in paths:
        total += numbers[path]
    return total
