"""How alike two texts are (雷同), and the passages they share. Pure.

The measure is the Jaccard index of the sets of all runs of five characters: of all the runs that occur in either text,
the share that occurs in both. Only letters and characters count: figures, punctuation, blanks and line breaks are left
out first, so that a text in which only the numbers were changed is a copy. 1 = the same words in the same order,
0 = not one run in common; the order of the two texts does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

RUN = 5
SHORTEST_TEXT = 60  # characters that count; "无" is alike everywhere and says nothing
SHORTEST_PASSAGE = 15
_MOST_STARTS = 24  # a phrase that stands more often in a text is its office's manner of speaking


def plain(text: str) -> str:
    """The characters that count."""
    return "".join(c for c in text if c.isalpha()).lower()


def runs(text: str) -> frozenset[str]:
    """All runs of a text; one that is shorter than a run is one run itself, an empty one has none."""
    words = plain(text)
    if len(words) <= RUN:
        return frozenset([words] if words else [])
    return frozenset(words[start : start + RUN] for start in range(len(words) - RUN + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all runs that both have, 0 to 1; 0 where there is nothing to compare."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def likeness(one: str, other: str) -> float:
    """:func:`alike` of two texts."""
    return alike(runs(one), runs(other))


def can_reach(one: frozenset[str], other: frozenset[str], least: float) -> bool:
    """Whether sets of these sizes can be alike at least so much: spares the comparison of most pairs."""
    small, great = sorted((len(one), len(other)))
    return great > 0 and small >= least * great


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `passage` numbers the shared passage it belongs to, 0 for a stretch of its own."""

    text: str
    passage: int


@dataclass(frozen=True)
class _Shared:
    start: int
    other: int
    length: int


def side_by_side(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they agree for at least SHORTEST_PASSAGE characters that count, longest agreement first."""
    left, right = _marked(one), _marked(other)
    shared = _shared("".join(c for c, _ in left), "".join(c for c, _ in right))
    return (
        _pieces(one, left, [(part.start, part.length) for part in shared]),
        _pieces(other, right, [(part.other, part.length) for part in shared]),
    )


def _marked(text: str) -> list[tuple[str, int]]:
    """The characters that count, each with its place in the text."""
    return [(c.lower()[:1], place) for place, c in enumerate(text) if c.isalpha()]


def _shared(one: str, other: str) -> list[_Shared]:
    """Passages both hold, in the order of the first text; no character of either is used twice."""
    starts: dict[str, list[int]] = defaultdict(list)
    for place in range(len(other) - SHORTEST_PASSAGE + 1):
        starts[other[place : place + SHORTEST_PASSAGE]].append(place)
    found: list[_Shared] = []
    used = bytearray(len(other))
    place = 0
    while place <= len(one) - SHORTEST_PASSAGE:
        best = _Shared(place, 0, 0)
        for start in starts.get(one[place : place + SHORTEST_PASSAGE], ())[:_MOST_STARTS]:
            length = _agreeing(one, place, other, start, used)
            if length > best.length:
                best = _Shared(place, start, length)
        if best.length >= SHORTEST_PASSAGE:
            found.append(best)
            used[best.other : best.other + best.length] = b"\1" * best.length
            place += best.length
        else:
            place += 1
    return found


def _agreeing(one: str, place: int, other: str, start: int, used: bytearray) -> int:
    length = 0
    while (
        place + length < len(one)
        and start + length < len(other)
        and one[place + length] == other[start + length]
        and not used[start + length]
    ):
        length += 1
    return length


def _pieces(text: str, marked: list[tuple[str, int]], passages: list[tuple[int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    here = 0
    numbered = sorted((start, length, number) for number, (start, length) in enumerate(passages, start=1))
    for start, length, number in numbered:
        first, last = marked[start][1], marked[start + length - 1][1] + 1
        if first > here:
            pieces.append(Piece(text[here:first], 0))
        pieces.append(Piece(text[first:last], number))
        here = last
    if here < len(text):
        pieces.append(Piece(text[here:], 0))
    return pieces
