"""How far a run has come: replayed from its opinions, without clock and database.

One rule in a sentence each: a step is complete when enough of its signers consent; one refusal ends the run; consent on
condition of changes sends the run to the author, and what was changed is seen by at least one more signer; a return
undoes every consent from that step on; whatever the author sends anew is signed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.review.chains import Step

SIGNING, AMENDING, RETURNED = "signing", "amending", "returned"
COMPLETED, REFUSED, WITHDRAWN = "completed", "refused", "withdrawn"
OPEN = (SIGNING, AMENDING, RETURNED)

PROPOSE, RESUBMIT, AMEND, WITHDRAW = "propose", "resubmit", "amend", "withdraw"
AGREE, AGREE_CHANGED, DISAGREE, RETURN = "agree", "agree_changed", "disagree", "return"
SUBMITTING = (PROPOSE, RESUBMIT, AMEND)  # the author hands in a wording
CONSENTS = (AGREE, AGREE_CHANGED)
AUTHOR = 0  # the "step" of the author


@dataclass(frozen=True)
class Said:
    """One entry of a run, as far as the course depends on it. `people` are those it binds: signer and principal."""

    opinion: str
    step: int = AUTHOR
    member: int = 0
    raised: tuple[str, ...] = ()
    to_step: int | None = None
    people: frozenset[int] = frozenset()


@dataclass
class Course:
    """Where a run stands. `consents`: step → signer's place in it → who consented. `step` is the one to be signed next,
    AUTHOR while it is the author's turn, None when nothing is left."""

    steps: Sequence[Step]
    facts: set[str]
    state: str = SIGNING
    step: int | None = AUTHOR
    rounds: int = 1
    consents: dict[int, dict[int, frozenset[int]]] = field(default_factory=dict)
    author: frozenset[int] = frozenset()
    _changes_wanted: bool = False
    _resume: int | None = None

    def at(self, order: int) -> Step:
        """The step of that number."""
        return self.steps[order - 1]

    def applicable(self) -> list[Step]:
        """The steps this subject passes."""
        return [step for step in self.steps if step.applies(self.facts)]

    def waiting(self) -> tuple[int, ...]:
        """The places in the present step whose signature is still open."""
        if self.state != SIGNING or not self.step:
            return ()
        done = self.consents.get(self.step, {})
        return tuple(index for index in range(len(self.at(self.step).signers)) if index not in done)

    def bound_before(self) -> frozenset[int]:
        """Who signed the step before the present one: they cannot sign this."""
        if not self.step:
            return frozenset()
        before = [step for step in self.applicable() if step.order < self.step]
        if not before or before[-1].proposes:
            return self.author
        return frozenset().union(*self.consents.get(before[-1].order, {}).values())

    def bound_here(self) -> frozenset[int]:
        """Who has signed the present step already, in another signer's place."""
        return frozenset().union(*self.consents.get(self.step or 0, {}).values())

    # --- what happens

    def take(self, said: Said) -> None:
        """Go on by one entry."""
        if said.opinion in (PROPOSE, RESUBMIT):
            self.rounds += said.opinion == RESUBMIT
            self.author = said.people
            self.consents.clear()
            self._changes_wanted, self._resume = False, None
            self._go_on()
        elif said.opinion in CONSENTS:
            self._consent(said)
        elif said.opinion == DISAGREE:
            self._end(REFUSED)
        elif said.opinion == RETURN:
            self._return(said.to_step or AUTHOR)
        elif said.opinion == AMEND:
            self.author |= said.people
            resume, self._resume, self._changes_wanted = self._resume, None, False
            if resume is not None:
                self.consents.pop(resume, None)
            self._go_on()
        elif said.opinion == WITHDRAW:
            self._end(WITHDRAWN)

    def _consent(self, said: Said) -> None:
        self.facts |= set(said.raised)
        self.consents.setdefault(said.step, {})[said.member] = said.people
        self._changes_wanted |= said.opinion == AGREE_CHANGED
        if len(self.consents[said.step]) < self.at(said.step).wanted():
            return
        self._go_on()
        if self._changes_wanted:
            # with no signer left, the last one sees what was changed
            self._resume = said.step if self.state == COMPLETED else None
            self.state, self.step = AMENDING, AUTHOR

    def _return(self, to_step: int) -> None:
        self._changes_wanted, self._resume = False, None
        for order in [order for order in self.consents if order >= max(1, to_step)]:
            del self.consents[order]
        if to_step == AUTHOR:
            self.state, self.step = RETURNED, AUTHOR
        else:
            self._go_on()

    def _go_on(self) -> None:
        """To the first step that still lacks consent."""
        for step in self.applicable():
            if not step.proposes and len(self.consents.get(step.order, {})) < step.wanted():
                self.state, self.step = SIGNING, step.order
                return
        self._end(COMPLETED)

    def _end(self, state: str) -> None:
        self.state, self.step = state, None


def replay(steps: Sequence[Step], facts: Iterable[str], entries: Iterable[Said]) -> Course:
    """The course after these entries, in their order."""
    course = Course(steps, set(facts))
    for said in entries:
        course.take(said)
    return course
