"""Where in a box the words stand that a finding quotes: to mark them, and to put a figure in the place of a typed number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from gongkai.forms.findings import Finding, Result, Severity
from gongkai.forms.layout import Form, RowKind
from gongkai.reading import checking as reading
from gongkai.reading.checking.clauses import tidy

from . import chips, lint, queries, sections
from .chips import Chip, Show
from .models import ReportVersion
from .narrative import Bound, Piece
from .sections import Place

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_NUMBER = re.compile(
    r"(?<![\d０-９.．])(?:[\d０-９]{1,3}(?:[,，][\d０-９]{3})+|[\d０-９]+)(?![\d０-９.．%％])"
)
# The rules whose sentence tells one figure of the tables, which a chip can tell as well.
_ONE_FIGURE = frozenset({"N-NEW", "N-DONE", "N-OUT", "N-CARRY", "N-DOC", "N-LIT"})
_TRIAL = 7_654_321  # a number no report tells


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of a box as shown on the desk: a piece, and the worst that was found on its sentence ("" for nothing)."""

    text: str
    cell: str = ""
    token: str = ""
    lacks: str = ""
    mark: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A typed number that a chip can stand for: where it is typed in the box, what is typed, the chip and what it prints."""

    place: Place
    start: int
    end: int
    typed: str
    token: str
    printed: str


def marked(pieces: Iterable[Piece], findings: Iterable[Finding]) -> list[Fragment]:
    """The pieces of a box, cut where a quoted sentence begins or ends."""
    every = list(pieces)
    text = "".join(piece.text for piece in every)
    marks = [""] * len(text)
    for finding in sorted(findings, key=lambda one: "IWE".index(one.severity.value)):
        said = lint.told(finding)
        if said is None or finding.result is not Result.FAILS or not said.quote:
            continue
        for start, end in _quoted(text, said.quote):
            marks[start:end] = [finding.severity.value] * (end - start)
    found, at = [], 0
    for piece in every:
        inside = range(at, at + len(piece.text))
        for mark, run in groupby(inside, key=lambda index: marks[index]):
            spots = list(run)
            words = text[spots[0] : spots[-1] + 1]
            found.append(Fragment(words, piece.cell, piece.token, piece.lacks, mark, piece.part))
        at += len(piece.text)
    return found


def _quoted(text: str, quote: str) -> Iterator[tuple[int, int]]:
    wanted = quote.rstrip("…")
    for match in _SENTENCE.finditer(text):
        same = tidy(match.group())
        if same == quote or (quote != wanted and same.startswith(wanted)):
            yield match.span()
            return
    start = text.find(wanted)
    if start >= 0:
        yield start, start + len(wanted)


def offers(version: ReportVersion, findings: Iterable[Finding]) -> dict[str, Offer]:
    """For each finding on a typed number that a chip can stand for, by the finding's key."""
    form, bound = queries.form_of(version), sections.bound(version)
    boxes = {
        place.name: _Box(place, text, bound) for place, text in sections.texts(form, version.sections).items()
    }
    found = {}
    for finding in findings:
        said = lint.told(finding)
        if said is None or said.place not in boxes:
            continue
        offer = boxes[said.place].offer(finding, said)
        if offer is not None:
            found[finding.key] = offer
    return found


def linked(text: str, offer: Offer) -> str:
    """The text with the chip in the place of the typed number."""
    return text[: offer.start] + offer.token + text[offer.end :]


class _Box:
    """One box as written and as printed, character by character."""

    def __init__(self, place: Place, raw: str, bound: Bound) -> None:
        self.place, self.raw, self.bound = place, raw, bound

    @cached_property
    def _printed(self) -> tuple[str, list[int | None]]:
        """The printed text, and for each character where it was typed; None for what a chip prints."""
        letters: list[str] = []
        typed: list[int | None] = []
        at = 0
        for part in _parts(self.raw):
            if isinstance(part, str):
                letters.append(part)
                typed.extend(range(at, at + len(part)))
                at += len(part)
            else:
                end = self.raw.index(chips.CLOSE, at) + len(chips.CLOSE)
                words = self.bound.piece(part).text
                letters.append(words)
                typed.extend([None] * len(words))
                at = end
        return "".join(letters), typed

    def offer(self, finding: Finding, said: lint.Told) -> Offer | None:
        chip = _chip_for(finding, self.bound.form)
        if chip is None or not said.found.isdecimal():
            return None
        printed = self.bound.piece(chip)
        if printed.text != said.expected:
            return None
        spots = self._numbers(said)
        if len(spots) > 1:
            spots = [spot for spot in spots if self._is_meant(spot, finding, said)]
        if len(spots) != 1:
            return None
        text, typed = self._printed
        start, end = spots[0]
        first, last = typed[start], typed[end - 1]
        if first is None or last is None:
            return None
        return Offer(self.place, first, last + 1, text[start:end], chip.token, printed.text)

    def _numbers(self, said: lint.Told) -> list[tuple[int, int]]:
        """Where the quoted sentence has the number, typed by hand."""
        text, typed = self._printed
        found = []
        for start, end in _quoted(text, said.quote):
            for match in _NUMBER.finditer(text, start, end):
                by_hand = all(typed[index] is not None for index in range(*match.span()))
                if by_hand and _value(match.group()) == int(said.found):
                    found.append(match.span())
        return found

    def _is_meant(self, spot: tuple[int, int], finding: Finding, said: lint.Told) -> bool:
        """Whether the rule speaks of this very number: with another in its place it would find that one."""
        text, _typed = self._printed
        paragraph = text.rfind("\n", 0, spot[0]) + 1
        sentence = next(_quoted(text[paragraph:], said.quote), None)
        end = len(text) if sentence is None else paragraph + sentence[1]
        tried = f"{text[paragraph : spot[0]]}{_TRIAL}{text[spot[1] : end]}"
        read = lint.as_read("", self.bound.year, self.bound.figures, {self.place: tried}).report
        return any(one.rule == finding.rule and one.found == _TRIAL for one in reading.check_text(read))


def _chip_for(finding: Finding, form: Form) -> Chip | None:
    """The chip that tells what the rule compares with; None where the sentence speaks of another scope or of more."""
    sure = finding.result is Result.HOLDS or finding.severity is Severity.ERROR
    if finding.rule not in _ONE_FIGURE or not finding.cells or not sure:
        return None
    cells = list(finding.cells)
    if finding.rule == "N-DONE":
        cells = [cell for cell in cells if cell == "table3.outcome_total.total"]
    elif finding.rule == "N-CARRY":
        cells = cells[:1]
    elif finding.rule == "N-LIT":
        cells = [cell for cell in cells if cell.endswith(".total")]
    if not cells:
        return None
    heading = _heading(cells, form)
    items = tuple(chips.Item(name) for name in ([heading] if heading else cells))
    return Chip(Show.FIGURE, (items,))


def _heading(cells: list[str], form: Form) -> str:
    """The heading of table 3 that stands for exactly these cells."""
    for line in form.lines:
        if line.kind is RowKind.GROUP:
            below = [f"table3.{leaf.key}.total" for leaf in form.group_leaves(line.key)]
            if len(below) > 1 and set(below) == set(cells):
                return f"table3.{line.key}.total"
    return ""


def _parts(raw: str) -> tuple[str | Chip, ...]:
    try:
        return chips.parse(raw)
    except chips.BadChip:
        return (raw,)


def _value(digits: str) -> int:
    return int(digits.replace(",", "").replace("，", ""))


def by_place(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """The findings on words by the box they were made on; "" for the text as a whole."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        said = lint.told(finding)
        if said is not None:
            found.setdefault(said.place, []).append(finding)
    return found
