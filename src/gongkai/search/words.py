"""How text becomes terms: one folding, one cutting, for what is indexed, asked and highlighted alike.

Folding keeps the length, so that a place found in folded text is the same place in the raw one. Of Chinese the index holds
every pair of neighbouring characters with its position: whatever stands in the text as a string is found, whichever way a
dictionary would cut it. The dictionary (jieba's) cuts the *question* into words and weighs the results.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise

import rjieba

LONGEST_TEXT = 200_000  # characters of one entry that are indexed
LONGEST_QUESTION = 100  # characters of a question that are looked at
MOST_UNITS = 16
_LONGEST_RUN = 40  # letters of one run; longer ones are codes nobody types
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
# What stands in quotation marks, and a number with its bracketed year, is looked for as it stands (in folded text).
_QUOTED = re.compile(
    r'"([^"]+)"|“([^”]+)”|《([^》]+)》|(\S*[\[(〔【]\s*(?:19|20)\d\d\s*[\])〕】]\s*第?\s*\d*\s*号?)'
)
_PARTICLES = frozenset("的了和与及或在为之是把被对于")
BOUNDARY = "¶"  # between parts of one field, so that no phrase reaches across; folding never yields it

# What the index depends on besides its fields: another value means that it has to be built anew.
CUTTING = f"pairs-1 rjieba-{version('rjieba')}"

Run = str
Term = tuple[int, str]  # place in the phrase, and the term


@lru_cache(maxsize=1)
def _folds() -> dict[int, str]:
    """Made at first use: it takes some milliseconds, and most commands never search."""
    table = dict.fromkeys(range(0xD800, 0xE000), " ")  # halves of characters
    table[ord(BOUNDARY)] = " "
    for code in (*range(0xD800), *range(0xE000, 0x10000), *range(0x2F800, 0x2FA20)):
        letter = chr(code)
        folded = unicodedata.normalize("NFKC", letter).lower()
        if len(folded) == 1 and folded != letter and letter != BOUNDARY:
            table[code] = folded
    return table


def fold(text: str) -> str:
    """Full width to half, upper case to lower, compatibility forms to plain ones. Never changes the length."""
    return text.translate(_folds())


def runs(text: str) -> list[Run]:
    """Chinese strings, numbers and words of letters in folded text; what stands between them is passed over."""
    return [run[:_LONGEST_RUN] if not is_han(run) else run for run in _RUN.findall(text)]


def is_han(run: Run) -> bool:
    return bool(_IS_HAN.match(run))


def plain(text: str) -> str:
    """Folded, and without anything between the runs: what two ways of writing one title have in common."""
    return "".join(runs(fold(text)))


def indexed(*parts: str) -> str:
    """The terms of a field in their order, parted by blanks: pairs of characters, the last character of each run, numbers
    and words. Each stands one place after the one before."""
    terms: list[str] = []
    for part in parts:
        if terms:
            terms.append(BOUNDARY)
        for run in runs(fold(part[:LONGEST_TEXT])):
            if is_han(run):
                terms.extend([first + second for first, second in pairwise(run)])
                terms.append(run[-1])
            else:
                terms.append(run)
    return " ".join(terms)


def weighed(*parts: str) -> str:
    """The dictionary's words of a field, parted by blanks, for the order of the results alone."""
    found: list[str] = []
    for part in parts:
        for word in rjieba.cut_for_search(fold(part[:LONGEST_TEXT]), False):
            if len(word) > 1 and _RUN.fullmatch(word):
                found.append(word[:_LONGEST_RUN])
    return " ".join(found)


@dataclass(frozen=True)
class Unit:
    """A part of a question that must stand in the text as it is: `runs` in their order, nothing between them."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(self.runs)

    @property
    def single(self) -> str:
        """The character, when the unit is nothing but one."""
        return self.runs[0] if len(self.runs) == 1 and len(self.runs[0]) == 1 and is_han(self.runs[0]) else ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that prove it. A last run of one Chinese character proves nothing: its pair depends on what follows."""
        found: list[Term] = []
        place = 0
        for number, run in enumerate(self.runs):
            last = number == len(self.runs) - 1
            if not is_han(run):
                found.append((place, run))
                place += 1
                continue
            if len(run) == 1 and not (last and self.runs[1:]):
                found.append((place, run))
            found.extend((place + at, run[at : at + 2]) for at in range(len(run) - 1))
            place += len(run)
        return tuple(found)


@dataclass(frozen=True)
class Question:
    """What somebody typed, understood. All `units` must be there; the `phrases` (what stood between blanks) weigh more
    when they stand together. `whole` is everything as one string, for titles typed out in full."""

    units: tuple[Unit, ...]
    phrases: tuple[Unit, ...]
    whole: str


@lru_cache(maxsize=512)
def question(text: str) -> Question:
    """Cut a question into units: words between blanks, what is quoted as it stands, at most :data:`MOST_UNITS`."""
    text = fold(text[:LONGEST_QUESTION])
    quoted = [Unit(tuple(found)) for each in _QUOTED.findall(text) if (found := runs("".join(each)))]
    units: list[Unit] = list(quoted)
    phrases: list[Unit] = list(quoted)
    for part in _QUOTED.sub(" ", text).split():
        if found := runs(part):
            phrases.append(Unit(tuple(found)))
            units.extend(_words(part))
    kept = [unit for unit in units if not unit.single] or units
    return Question(tuple(dict.fromkeys(kept))[:MOST_UNITS], tuple(dict.fromkeys(phrases)), plain(text))


def _words(part: str) -> list[Unit]:
    """The dictionary's words of a part. Neighbouring single characters belong together: names are cut into them."""
    found: list[str] = []
    growing = False
    for word in rjieba.cut(part, False):
        if not _RUN.fullmatch(word) or (word in _PARTICLES and len(part) > 1):
            growing = False
        elif len(word) == 1 and is_han(word):
            if growing:
                found[-1] += word
            else:
                found.append(word)
            growing = True
        else:
            found.append(word[:_LONGEST_RUN] if not is_han(word) else word)
            growing = False
    return [Unit((word,)) for word in found]
