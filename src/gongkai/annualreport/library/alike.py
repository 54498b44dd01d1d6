"""Which reports' texts are alike: each against the same organ's report of the year before, or organs of one year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from gongkai.forms.layout import FORMS

from . import likeness
from .lines import Line

MOST_ORGANS = 200  # of one year, each against every other


@dataclass(frozen=True)
class Pair:
    """Two reports whose section is alike: `share` from 0 to 1. Of two years, `one` is the later."""

    section: str
    one: Line
    other: Line
    share: float

    @property
    def percent(self) -> int:
        """Rounded down: 100 means the same in every character that counts."""
        return int(self.share * 100)


def sections() -> dict[str, str]:
    """The parts that hold text, with their headings as on the newest form."""
    newest = list(FORMS.values())[-1]
    return {section.key: section.heading for section in newest.sections if not section.table}


def year_to_year(lines: Iterable[Line], year: int, least: float) -> list[Pair]:
    """Each report of the year against the same organ's of the year before, section by section; most alike first."""
    by_key: dict[tuple[str, int], Line] = {(line.key, line.year): line for line in lines}
    found = []
    for (key, one_year), line in by_key.items():
        before = by_key.get((key, year - 1))
        if one_year != year or before is None:
            continue
        for section in sections():
            pair = _pair(section, line, before, _runs(line, section), _runs(before, section), least)
            if pair is not None:
                found.append(pair)
    return _sorted(found)


def among_organs(lines: Sequence[Line], section: str, least: float) -> list[Pair]:
    """Every two reports of one year in one section; most alike first. At most MOST_ORGANS reports are compared."""
    known: Mapping[int, frozenset[str]] = {
        place: runs for place, line in enumerate(lines[:MOST_ORGANS]) if (runs := _runs(line, section))
    }
    found = []
    for first, second in combinations(known, 2):
        if lines[first].key == lines[second].key:
            continue
        pair = _pair(section, lines[first], lines[second], known[first], known[second], least)
        if pair is not None:
            found.append(pair)
    return _sorted(found)


def _pair(
    section: str, one: Line, other: Line, left: frozenset[str], right: frozenset[str], least: float
) -> Pair | None:
    if not left or not right or not likeness.can_reach(left, right, least):
        return None
    share = likeness.alike(left, right)
    return Pair(section, one, other, share) if share >= least else None


def _runs(line: Line, section: str) -> frozenset[str]:
    """Nothing for a text too short to say anything."""
    text = line.sections.get(section, "")
    if len(text) < likeness.SHORTEST_TEXT or len(likeness.plain(text)) < likeness.SHORTEST_TEXT:
        return frozenset()
    return likeness.runs(text)


def _sorted(found: list[Pair]) -> list[Pair]:
    return sorted(found, key=lambda pair: (-pair.share, pair.one.name, pair.other.name, pair.section))
