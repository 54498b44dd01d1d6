"""Recognising the lines of table 3 by their labels: whole, cut off, with a group heading before, or misspelt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

from .normal import half_width, label
from .variants import FMT2019, FMT2021


class Match(IntEnum):
    """How well a label was recognised."""

    NONE = 0
    LIKE = 1  # nearly the same words
    CUT = 2  # the beginning of the label
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The line a label names."""

    key: str
    match: Match


NOTHING = Found("", Match.NONE)

# key → (number and text, text alone), compared without punctuation
LINES: dict[str, tuple[str, str]] = {
    line.key: (label(line.label), label(line.text)) for line in (*FMT2019.data_lines, *FMT2021.data_lines)
}
# The rows of table 2: label → key
ITEMS: dict[str, str] = {
    label(row.label): row.key for form in (FMT2019, FMT2021) for block in form.blocks for row in block.rows
}
GROUPS: tuple[str, ...] = tuple(
    dict.fromkeys(
        label(text)
        for form in (FMT2019, FMT2021)
        for line in form.lines
        if line.key not in {data.key for data in form.data_lines}
        for text in (line.label, line.text)
    )
)
# Where the words alone would also fit a heading or another line, the number must stand before them.
_NEED_NUMBER = frozenset({"other_misc", "outcome_total", "other"})
_SHORT = {"partially_granted": ("二部分公开", "部分公开")}
_GLUED = re.compile(r"(.*[\u4e00-\u9fff)”\"])([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)")
_LEAST = 4
_LIKE = 0.8
_MARGIN = 0.1


@lru_cache(maxsize=8192)
def recognise(text: str, piece: str) -> Found:
    """The line that ``text`` (all words before the figures, normalised) names at its end.

    ``piece`` is the last separate part of it, e.g. the last label cell: only that may be cut off or misspelt.
    """
    if names_several(piece):
        return NOTHING  # the labels of several rows in one cell
    whole = _whole(text, piece)
    if whole:
        return Found(whole, Match.WHOLE)
    if len(piece) < _LEAST or piece in GROUPS:
        return NOTHING
    cut = [key for key, names in LINES.items() if any(name.startswith(piece) for name in names)]
    if len(cut) == 1:
        return Found(cut[0], Match.CUT)
    return _like(piece)


@lru_cache(maxsize=8192)
def is_line(piece: str) -> bool:
    """Whether a label (normalised) is wholly that of a line of table 3."""
    return len(piece) >= _LEAST and bool(_whole(piece, piece))


def names_several(piece: str) -> bool:
    """Whether a label (normalised) is that of more than one line of table 3."""
    found = [numbered for key, (numbered, _) in LINES.items() if key != "other" and numbered in piece]
    return sum(not any(name != other and name in other for other in found) for name in found) > 1


def unglued(word: str) -> tuple[str, str] | None:
    """A label and the figure printed right behind it, when the label is known; else None."""
    match = _GLUED.fullmatch(half_width(word)) if word[-1:].isdigit() else None
    if match is None:
        return None
    name = label(match[1])
    return (match[1], match[2]) if _whole(name, name) or name in ITEMS else None


def _whole(text: str, piece: str) -> str:
    best, length = "", 0
    for key, (numbered, words) in LINES.items():
        if len(numbered) > length and text.endswith(numbered):
            best, length = key, len(numbered)
        elif (
            len(words) > length and len(words) >= _LEAST and key not in _NEED_NUMBER and text.endswith(words)
        ):
            best, length = key, len(words)
    if best:
        return best
    for key, names in _SHORT.items():
        if piece in names:
            return key
    return ""


def _like(piece: str) -> Found:
    scored = sorted(
        ((max(_ratio(piece, name) for name in names), key) for key, names in LINES.items()), reverse=True
    )
    (best, key), (second, _) = scored[0], scored[1]
    return Found(key, Match.LIKE) if best >= _LIKE and best - second >= _MARGIN else NOTHING


def _ratio(left: str, right: str) -> float:
    if not left or not right or abs(len(left) - len(right)) > max(len(left), len(right)) // 3:
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
