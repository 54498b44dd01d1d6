"""What of a result is shown and which of it is marked. Works on raw text and gives raw pieces: the template escapes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from gongkai.search.words import LONGEST_TEXT, Question, fold, is_han

WIDTH = 120  # characters
_BEFORE = 24  # characters shown before the first mark
_BREAKS = "。！？；\n\r"

Piece = tuple[str, bool]  # raw text, and whether it is to be marked
Span = tuple[int, int]


def marked(text: str, question: Question) -> list[Piece]:
    """All of `text`, in pieces."""
    return _pieces(text, spans(text, question), 0, len(text))


def snippet(text: str, question: Question, width: int = WIDTH) -> list[Piece]:
    """The stretch of at most `width` characters that holds the most different words asked for, with dots where it was
    cut; the beginning when none of them stands in the text."""
    text = text[:LONGEST_TEXT]
    found = spans(text, question)
    start = _best(text, found, width)
    end = min(len(text), start + width)
    pieces = _pieces(text, found, start, end)
    flat = [(" ".join(piece.split(" ")).replace("\n", " ").replace("\r", " "), hit) for piece, hit in pieces]
    before: list[Piece] = [("…", False)] if start else []
    after: list[Piece] = [("…", False)] if end < len(text) else []
    return [*before, *flat, *after] if flat else []


def spans(text: str, question: Question) -> list[Span]:
    """Where the words of the question stand in the raw text, in order, not overlapping."""
    pattern = _pattern(
        tuple(dict.fromkeys(run for unit in (*question.phrases, *question.units) for run in unit.runs))
    )
    return [] if pattern is None else [match.span() for match in pattern.finditer(fold(text))]


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Longer words first: of two that begin at one place the longer is marked. Letters and digits only as whole words."""
    if not words:
        return None
    return re.compile("|".join(map(_whole, sorted(words, key=len, reverse=True))))


def _whole(word: str) -> str:
    if is_han(word):
        return re.escape(word)
    kind = "0-9" if word.isdigit() else "a-z"
    return rf"(?<![{kind}]){re.escape(word)}(?![{kind}])"


def _best(text: str, found: Sequence[Span], width: int) -> int:
    """Where to begin: so that the most different words fall in, the earliest such place."""
    if not found:
        return 0
    folded = fold(text)
    best, most = found[0][0], 0
    for number, (start, _) in enumerate(found[:200]):
        inside = {folded[s:e] for s, e in found[number : number + 60] if e <= start + width - _BEFORE}
        if len(inside) > most:
            best, most = start, len(inside)
    if best < _BEFORE:
        return 0
    begin = best - _BEFORE
    breaks = [at for at in range(begin, best) if text[at] in _BREAKS]
    return breaks[-1] + 1 if breaks else begin


def _pieces(text: str, found: Iterable[Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last in found:
        if first < at or last > end:
            continue
        if first > at:
            pieces.append((text[at:first], False))
        pieces.append((text[first:last], True))
        at = last
    if at < end:
        pieces.append((text[at:end], False))
    return pieces
