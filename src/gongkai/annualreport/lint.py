"""The words of our own draft, judged before anybody signs them: against its figures, last year's text and the applicants.

The rules on sentences are those of `reading.checking`; the draft is handed to them as if it were a report just read. What
is found becomes findings of the version like those on its figures: an error blocks, a warning needs a reason, and the
reason holds as long as the sentence stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from django.utils.translation import gettext as _

from gongkai.base import crypto
from gongkai.base.measures import Period
from gongkai.figures.tree import Tree, tree
from gongkai.forms import narrative
from gongkai.forms.figures import Figures
from gongkai.forms.findings import Finding, Result, Severity, value_text
from gongkai.forms.layout import Form
from gongkai.forms.values import Number, State
from gongkai.reading import checking as reading
from gongkai.reading.cells import CellRead
from gongkai.reading.headings import Heading
from gongkai.reading.report import Paragraph
from gongkai.reading.report import Report as ReadReport

from . import beside, fees, last_year, names, problems, queries, sections
from .kept import FIGURES
from .models import ReportVersion
from .narrative import plain
from .sections import Place
from .typed import tidy

UNWRITTEN = "S-EMPTY"  # the rule that says a box is empty
_PLACE, _QUOTE, _EXPECTED, _FOUND, _WHOLE = "place", "quote", "expected", "found", "whole"
_LONGEST_QUOTE = 200
# Of the rules on structure: part five is judged box by box here, so what it lacks is not said twice.
_BOX_BY_BOX = frozenset({"S-FIFTH"})
_LEAST_COPIED, _MOST_ALIKE = 40, 0.6  # characters; share of the same words
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*万元")
_LEAST_LABEL, _LIKE = 6, 0.8
_FIFTH = ("s5.problems", "s5.improvements")
# Rules of the reader that quote the beginning of a passage and judge all of it.
_OF_PASSAGES = frozenset({"F15", "S-MEASURE"})


@dataclass(frozen=True)
class Told:
    """What a finding on words carries besides its sentence: the box, the words quoted, expected and found."""

    place: str
    quote: str
    expected: str
    found: str


def told(finding: Finding) -> Told | None:
    """The words a finding is about; None for one about figures alone."""
    known = dict(finding.operands)
    if _PLACE not in known:
        return None
    return Told(known[_PLACE], known.get(_QUOTE, ""), known.get(_EXPECTED, ""), known.get(_FOUND, ""))


def check(version: ReportVersion, organs: Tree | None = None) -> list[Finding]:
    """Every finding on the words of a draft. `organs` is the tree of the report's year, if it is at hand."""
    return _Draft(version, organs).findings()


class _Draft:
    """The words of one version and what they are held against."""

    def __init__(self, version: ReportVersion, organs: Tree | None) -> None:
        self.version, self.report = version, version.report
        self.form = queries.form_of(version)
        self.figures = queries.figures_of(version)
        kept = sections.texts(self.form, version.sections)
        self.written = {place: tidy(text) for place, text in kept.items()}  # older drafts were kept as typed
        self.pieces = {place: sections.bound(version).pieces(text) for place, text in self.written.items()}
        self.texts = {place: plain(pieces) for place, pieces in self.pieces.items()}
        self._organs = organs

    def findings(self) -> list[Finding]:
        found = [
            *self._empty(),
            *self._unknown(),
            *self._fees(),
            *self._by_sentences(),
            *self._copied_from_last_year(),
            *self._half_told(),
            *self._without_facts(),
            *self._named(),
            *self._named_beside(),
            *self._labels(),
            *self._decimals(),
        ]
        return list({finding.key: finding for finding in found}.values())

    # --- boxes and chips ---

    def _empty(self) -> Iterator[Finding]:
        for place, text in self.texts.items():
            if place.section != "s6" and not text.strip():
                message = _(
                    "第%(part)s部分“%(title)s”还没有写，照此会印“无”。确实没有的，请写“无”或者说明理由。"
                )
                yield _warning(UNWRITTEN, message % {"part": place.heading[0], "title": place.title}, place)

    def _unknown(self) -> Iterator[Finding]:
        for place, pieces in self.pieces.items():
            for piece in pieces:
                if piece.lacks:
                    message = _("“%(title)s”里的联动数 %(token)s：%(why)s，现在只能印“未知”。")
                    known = {"title": place.title, "token": piece.token or "", "why": piece.lacks}
                    yield _finding("N-CHIP", Severity.ERROR, message % known, place, piece.token)

    def _fees(self) -> Iterator[Finding]:
        kept = self.version.sections.get(FIGURES, {})
        if self.version.origin != ReportVersion.Origin.COMPILED or fees.are_known(kept, self.report.year):
            return
        said = fees.sentence(kept, self.report.year)
        place = next(place for place in self.texts if place.section == "s6")
        message = _(
            "信息处理费的收费记录不完整，第六部分现在只能这样写：%(said)s请补齐记录，确实无法补齐的请说明理由。"
        )
        yield _warning("N-FEES", message % {"said": said}, place, said)

    # --- the rules on sentences ---

    def _by_sentences(self) -> Iterator[Finding]:
        read = self._as_read()
        for one in reading.check_text(read.report, self._previous):
            if one.rule in _BOX_BY_BOX and any(
                not text.strip() for place, text in self.texts.items() if place.section == "s5"
            ):
                continue
            yield _translated(one, read.places.get(one.at), read.whole(one))

    def _as_read(self) -> _Read:
        return as_read(self.report.organ.name, self.report.year, self.figures, self.texts)

    @cached_property
    def _previous(self) -> ReadReport | None:
        before = queries.previous_figures(self.report.organ, self.report.year, self.report.scope, self._tree)
        if before is None:
            return None
        return as_read(self.report.organ.name, self.report.year - 1, before, {}).report

    @property
    def _tree(self) -> Tree:
        if self._organs is None:
            self._organs = tree(self.report.path, Period.year(self.report.year))
        return self._organs

    # --- the other checks ---

    def _copied_from_last_year(self) -> Iterator[Finding]:
        before = last_year.texts(self.version)
        for place, text in self.texts.items():
            share = likeness(text, before.get(place.name, ""))
            if share >= _MOST_ALIKE:
                message = _("“%(title)s”的文字与上年报告同一处有%(share)s相同，疑似照抄。")
                known = {"title": place.title, "share": f"{share:.0%}"}
                yield _warning("F15", message % known, place, text[:60], found=f"{share:.0%}", whole=text)

    def _named(self) -> Iterator[Finding]:
        lines = {text: place for place, whole in self.texts.items() for text in whole.split("\n") if text}
        if not lines:
            return
        where = names.place_of(self._tree, self.report.scope)
        for text, found in names.named(lines, where, self.report.year, _vocabulary(self.form)).items():
            for sentence in _SENTENCE.finditer(text):
                inside = [n for n in found if sentence.start() <= n.start < sentence.end()]
                if inside:
                    yield _naming(sentence, inside, lines[text])

    def _named_beside(self) -> Iterator[Finding]:
        every = list(beside.of_version(self.version))
        for one in beside.named(self.report, self._tree, every) if every else ():
            message = _("%(what)s随报告公布，其中写有申请人的姓名或者名称，请改写；公开的文字只写件数。")
            yield _finding(
                "S124",
                Severity.ERROR if one.sure else Severity.WARNING,
                message % {"what": one.words.what},
                None,
                one.masked,
                found=str(one.count),
                whole=one.words.text,
            )

    def _half_told(self) -> Iterator[Finding]:
        """Problems are told, and of what is done about them it says 无."""
        problem, improvement = (self._box(name) for name in _FIFTH)
        if problem is None or improvement is None or _says_nothing(self.texts[problem]):
            return
        said = self.texts[improvement]
        if said.strip() and _says_nothing(said):
            message = _("第五部分写了存在的问题，“%(title)s”却写“无”。请写明怎样改进，或者说明理由。")
            yield _warning("S-FIFTH", message % {"title": improvement.title}, improvement)

    def _without_facts(self) -> Iterator[Finding]:
        """Problems of the register of which nothing is recorded, so that nothing could be written of them."""
        place = self._box(_FIFTH[1])
        if place is None:
            return
        for one in problems.of_report(self.report, self._tree.paths_of(self.report.path)):
            if not one.is_told and one.words not in self.texts[place]:
                message = _(
                    "台账中的问题“%(words)s”没有登记措施、进展或者结果，第五部分没有写怎样改进。请登记后写入，或者说明理由。"
                )
                yield _warning("P-FACTS", message % {"words": one.words}, place, whole=one.words)

    def _box(self, name: str) -> Place | None:
        return next((place for place in self.texts if place.name == name), None)

    def _labels(self) -> Iterator[Finding]:
        """Lines of the form called otherwise than the form calls them."""
        for place, text in self.texts.items():
            for printed, right in _altered(text, self.form):
                message = _("“%(printed)s”与表格规定的名称“%(right)s”不一致。")
                yield _warning("FR5", message % {"printed": printed, "right": right}, place, printed)

    def _decimals(self) -> Iterator[Finding]:
        """Amounts of 万元 that are a cell's, but not with its four decimals."""
        money = {
            value_text(number): cell
            for cell, number in self.figures.numbers.items()
            if cell.endswith("_wan") and number
        }
        for place, pieces in self.pieces.items():
            typed = "".join(piece.text for piece in pieces if not piece.token)
            for match in _AMOUNT.finditer(typed):
                whole, _dot, cents = match[1].partition(".")
                exact = f"{whole}.{cents.ljust(4, '0')}"
                if len(cents) != 4 and exact in money:
                    message = _("表中这笔金额是%(exact)s万元，按规定保留4位小数；这里写的是%(typed)s万元。")
                    known = {"exact": exact, "typed": match[1]}
                    yield _finding(
                        "FR4",
                        Severity.INFORMATION,
                        message % known,
                        place,
                        match.group(),
                        (money[exact],),
                        expected=exact,
                        found=match[1],
                    )


@dataclass(frozen=True)
class _Read:
    """A draft as a report that was read, and the box behind each place it names."""

    report: ReadReport
    places: Mapping[str, Place]

    def whole(self, finding: reading.Finding) -> str:
        """All that was judged, where the finding quotes the beginning only."""
        if finding.rule not in _OF_PASSAGES:
            return ""
        every = (one for found in self.report.paragraphs.values() for one in found)
        return next((one.text for one in every if one.at == finding.at), "")


def as_read(organ: str, year: int, figures: Figures, texts: Mapping[Place, str]) -> _Read:
    """A version in the shape that the rules on read reports judge."""
    cells = {
        path: CellRead(State.UNREAD if value.number is None else State.KNOWN, value.number)
        for path, value in figures.items()
    }
    paragraphs: dict[str, list[Paragraph]] = {}
    places: dict[str, Place] = {}
    for place, text in texts.items():
        if place.section == "s1" and text.strip():  # points are counted anew under each sub-heading
            paragraphs.setdefault(place.section, []).append(Paragraph(f"（一）{place.title}", place.title))
        for number, line in enumerate((line for line in text.split("\n") if line.strip()), 1):
            at = _("“%(title)s”第%(number)s段") % {"title": place.title, "number": number}
            places[at] = place
            paragraphs.setdefault(place.section, []).append(Paragraph(line.strip(), at))
    headings = tuple(
        Heading(part.key, index, part.heading, "", part.heading[0], part.heading)
        for index, part in enumerate(figures.form.sections)
    )
    report = ReadReport(
        source="",
        organ=organ,
        year=year,
        form=figures.form,
        cells=cells,
        paragraphs={key: tuple(found) for key, found in paragraphs.items()},
        headings=headings,
    )
    return _Read(report, places)


def likeness(text: str, before: str) -> float:
    """How much of a box's text stands word for word in last year's; 0 for texts too short to be copied."""
    if min(len(text), len(before)) < _LEAST_COPIED:
        return 0.0
    return reading.likeness(text, before)


def _says_nothing(text: str) -> bool:
    return text.strip().rstrip("。.") in ("", narrative.EMPTY)


def _translated(one: reading.Finding, place: Place | None, whole: str) -> Finding:
    """A finding of the reader as one of the version."""
    holds = one.verdict is reading.Verdict.HOLDS
    return _finding(
        one.rule,
        Severity.INFORMATION if holds else one.severity,
        one.message,
        place,
        one.quote,
        one.cells,
        expected=_text(one.expected),
        found=_text(one.found),
        result=Result.HOLDS if holds else Result.FAILS,
        whole=whole,
    )


def _naming(sentence: re.Match[str], found: list[names.Named], place: Place) -> Finding:
    """An error where it is sure that a person who applied is meant; a warning where it may be another of that name."""
    text = sentence.group()
    inside = [names.Named(name.start - sentence.start(), name.end - sentence.start()) for name in found]
    sure = any(names.certain(text, name) for name in inside)
    severity = Severity.ERROR if sure else Severity.WARNING
    text = names.masked(text, inside)
    message = _("文中有%(count)s处与本年申请人的姓名或者名称相同。公开的报告不写申请人，只写件数。")
    return _finding(
        "S124",
        severity,
        message % {"count": len(found)},
        place,
        text,
        found=str(len(found)),
        whole=sentence.group(),
    )


def _vocabulary(form: Form) -> Iterator[str]:
    """What the form itself prints."""
    for section in form.sections:
        yield section.heading
        yield from (sub.label for sub in section.subheadings)
    yield from (line.text for line in form.data_lines)


def _altered(text: str, form: Form) -> Iterator[tuple[str, str]]:
    for line in form.data_lines:
        right = re.sub(r"[（(].*", "", line.text)
        if len(right) < _LEAST_LABEL or right in text:
            continue
        between = rf"[^，。；、：\n\d]{{1,{len(right)}}}?"
        for match in re.finditer(re.escape(right[:2]) + between + re.escape(right[-3:]), text):
            if SequenceMatcher(None, match.group(), right, autojunk=False).ratio() >= _LIKE:
                yield match.group(), right


def _warning(
    rule: str, message: str, place: Place, quote: str = "", *, found: str = "", whole: str = ""
) -> Finding:
    return _finding(rule, Severity.WARNING, message, place, quote, found=found, whole=whole)


def _finding(
    rule: str,
    severity: Severity,
    message: str,
    place: Place | None,
    quote: str = "",
    cells: Iterable[str] = (),
    *,
    expected: str = "",
    found: str = "",
    result: Result = Result.FAILS,
    whole: str = "",
) -> Finding:
    """`whole` is all that was judged: a reason given for it does not hold for another text with the same quotation."""
    quoted = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[: _LONGEST_QUOTE - 1]}…"
    operands = {
        _PLACE: place.name if place else "",
        _QUOTE: quoted,
        _EXPECTED: expected,
        _FOUND: found,
        _WHOLE: crypto.blind("words", whole),
    }
    carried = tuple((name, value) for name, value in operands.items() if value or name == _PLACE)
    return Finding(rule, severity, result, message, tuple(cells), operands=carried)


def _text(number: Number | None) -> str:
    return "" if number is None else format(number, "f") if not isinstance(number, int) else str(number)
