"""The office's own sensitive words, found whatever spaces, width or case they are written in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from .finding import Finding, Kind, Weight
from .quoting import around

MOST_WORDS = 2000
MOST_PLACES = 50  # of one word


def find(text: str, sensitive: Iterable[str]) -> Iterator[Finding]:
    """One finding for each place; words of a single character are no words."""
    wanted = sorted({folded for word in sensitive if len(folded := _fold(word)) > 1})[:MOST_WORDS]
    if not wanted:
        return
    folded, origin = _folded_with_places(text)
    for word in wanted:
        start = folded.find(word)
        for _count in range(MOST_PLACES):
            if start < 0:
                break
            first, last = origin[start], origin[start + len(word) - 1]
            yield Finding(
                Kind.WORD, Weight.WARN, f"有敏感词“{word}”，请核对。", around(text, first, last + 1)
            )
            start = folded.find(word, start + len(word))


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text without width, case and white space, and for each of its characters where it stood."""
    folded: list[str] = []
    origin: list[int] = []
    for position, character in enumerate(text):
        for one in _fold(character):
            folded.append(one)
            origin.append(position)
    return "".join(folded), origin
