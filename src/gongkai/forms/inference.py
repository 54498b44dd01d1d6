"""Lost figures that the form's own equations prove: proposed with the proof, never filled in silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .figures import Figures
from .identities import identities
from .relations import Relation, evaluate
from .values import Number, inferred


@dataclass(frozen=True, slots=True)
class Proposal:
    """The only number that fits a cell, why, and which other proposals the proof leans on."""

    path: str
    value: int
    proof: str
    leans_on: frozenset[str] = frozenset()


def infer(figures: Figures) -> list[Proposal]:
    """Propose a number for every cell without one that has a unique non-negative whole solution.

    A cell is solved when it is the last one missing in an equation, or when the known parts already make up the
    total, so that all missing parts must be 0. Later proofs may use earlier proposals. Proposals that make another
    equation fail, and all that lean on them, are withdrawn: the figures contradict one another and prove nothing.
    """
    numbers = dict(figures.numbers)
    found: dict[str, Proposal] = {}
    refuted: set[str] = set()
    while True:
        solved = _solve_round(figures, numbers, found, refuted)
        if not solved:
            break
        found.update(solved)
        numbers.update({path: proposal.value for path, proposal in solved.items()})
    sound = _without_contradicted(figures, found, numbers)
    return [sound[path] for path in figures if path in sound]


def accept(figures: Figures, proposals: Iterable[Proposal]) -> Figures:
    """The figures with proposals taken over by a person; the cells say that they are inferred, and how."""
    return figures.replace(
        {proposal.path: inferred(proposal.value, proposal.proof) for proposal in proposals}
    )


def _solve_round(
    figures: Figures, numbers: Mapping[str, Number], found: Mapping[str, Proposal], refuted: set[str]
) -> dict[str, Proposal]:
    """All cells that follow at once from what is known; cells with two different answers are refuted."""
    solved: dict[str, Proposal] = {}
    for rule, relation in identities(figures.form):
        for proposal in _solve(rule, relation, numbers, found):
            if proposal.path in refuted:
                continue
            other = solved.get(proposal.path)
            if other is None:
                solved[proposal.path] = proposal
            elif other.value == proposal.value:
                solved[proposal.path] = _joined(other, proposal)
            else:
                refuted.add(proposal.path)
                del solved[proposal.path]
    return solved


def _solve(
    rule: str, relation: Relation, numbers: Mapping[str, Number], found: Mapping[str, Proposal]
) -> list[Proposal]:
    missing = [operand for operand in relation.operands if operand not in numbers]
    if not missing:
        return []
    on_left = [operand for operand in missing if operand in relation.left]
    if on_left and len(on_left) < len(missing):
        return []  # missing on both sides: never unique
    side, other = (relation.left, relation.right) if on_left else (relation.right, relation.left)
    side_text, other_text = (
        (relation.left_text, relation.right_text) if on_left else (relation.right_text, relation.left_text)
    )
    total = sum(numbers[operand] for operand in other)
    given = sum(numbers[operand] for operand in side if operand in numbers)
    rest = total - given
    if rest < 0 or rest != int(rest) or (len(missing) > 1 and rest != 0):
        return []
    proof = f"{relation.where}：{other_text}为{total}，{side_text}中其余各项合计{given}"
    proof += f"，本项只能是{rest}" if len(missing) == 1 else f"，未知的{len(missing)}项都只能是0"
    leans_on = frozenset(operand for operand in relation.operands if operand in found)
    return [Proposal(path, int(rest), f"{proof}（{rule}）", leans_on) for path in missing]


def _joined(first: Proposal, second: Proposal) -> Proposal:
    proof = f"{first.proof}；另由{second.proof}独立得出同一数"
    return Proposal(first.path, first.value, proof, first.leans_on | second.leans_on)


def _without_contradicted(
    figures: Figures, found: Mapping[str, Proposal], numbers: Mapping[str, Number]
) -> dict[str, Proposal]:
    doubtful: set[str] = set()
    for _, relation in identities(figures.form):
        if evaluate(relation, numbers).holds is False:
            doubtful.update(operand for operand in relation.operands if operand in found)
    while True:
        leaning = {path for path, proposal in found.items() if proposal.leans_on & doubtful} - doubtful
        if not leaning:
            return {path: proposal for path, proposal in found.items() if path not in doubtful}
        doubtful |= leaning
