"""What was read in one cell, and the notes on damage: how a thing came to be unread, apart from what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.forms.values import Number, State


class CellRead(NamedTuple):
    """A cell as found. ``doubtful``: read all right, but from a damaged row, so no one is blamed for it.

    ``printed`` is what really stands there, e.g. ``1,960`` or ``/``; ``note`` says how a number was normalised.
    """

    state: State
    number: Number | None = None
    at: str = ""
    proof: str = ""
    note: str = ""
    printed: str = ""
    doubtful: bool = False


def read(number: Number, at: str, note: str = "", printed: str = "", doubtful: bool = False) -> CellRead:
    """A printed number."""
    return CellRead(State.KNOWN, number, at, "", note, printed, doubtful)


def blank(at: str, printed: str = "") -> CellRead:
    """A cell printed without a number."""
    return CellRead(State.BLANK, None, at, "", "", printed)


def unread(at: str = "") -> CellRead:
    """A cell that could not be read."""
    return CellRead(State.UNREAD, at=at)


@dataclass(frozen=True, slots=True)
class Damage:
    """One note on damage: what happened and where."""

    text: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.text}（{self.at}）" if self.at else self.text


@dataclass(frozen=True, slots=True)
class AlteredLabel:
    """A label that is printed otherwise than on the form."""

    printed: str
    expected: str
    at: str


@dataclass
class TableRead:
    """The cells of one table with the damage met."""

    cells: dict[str, CellRead] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    labels: list[AlteredLabel] = field(default_factory=list)

    def note(self, text: str, at: str) -> None:
        """Keep a note on damage."""
        self.damage.append(Damage(text, at))
