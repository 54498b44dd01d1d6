"""The words of the report: what people write under the form's headings, and the sentences that follow from data.

A version keeps what was written, with its figure chips, as ``{"s1": {"proactive": …}, "s5": {…}, "s6": {"": …}}``. Chips
print the version's own figures. The generated sentences are kept beside it when it is submitted, the text as printed when it is
signed, so that the leader signs what was handed in and the page never changes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gongkai.base.measures import Period
from gongkai.figures.tree import Node, Tree, tree
from gongkai.forms import narrative
from gongkai.forms.layout import Form, Section, form_for
from gongkai.organs.models import Organ

from . import fees, problems, queries
from .models import Report, ReportSettings, ReportVersion, Scope
from .narrative import FIGURES, Bound, Piece, plain
from .silence import settings_for

GENERATED = "generated"  # the sentences from data, kept when a version is submitted
PRINTED = "printed"  # the text with its numbers, kept when a version is signed
NOT_GIVEN = _("（随数据没有提供文字，见原报告。）")
FROM_REGISTER = "from_register"  # what the register of problems put into part five last
_KEPT = (GENERATED, PRINTED, FIGURES, FROM_REGISTER)
LONGEST = 20_000


@dataclass(frozen=True)
class Place:
    """One box to write in: a part of text, or a sub-heading of it."""

    section: str
    key: str
    heading: str
    label: str

    @property
    def name(self) -> str:
        """``s1.proactive``, ``s6``: the box in addresses and findings."""
        return f"{self.section}.{self.key}".rstrip(".")

    @property
    def title(self) -> str:
        """What the box is called: its sub-heading, or the heading of the part."""
        return self.label or self.heading.partition("、")[2]


@dataclass(frozen=True)
class Paragraph:
    """A printed piece: its sub-heading ("" if none) and text, 无 where nothing is to be said. `pieces` are the same text,
    cut where a figure stands that leads to its records. `place` is the box it was written in, "" for a generated one."""

    label: str
    text: str
    pieces: tuple[Piece, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Part:
    """One of the six parts as printed: text, or the table it holds."""

    key: str
    heading: str
    table: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Printed:
    """The whole text of a report."""

    title: str
    preamble: str
    parts: tuple[Part, ...]
    contact: str


def places(form: Form) -> tuple[Place, ...]:
    """Every box of the form that takes text, in printed order."""
    return tuple(
        Place(section.key, key, section.heading, label)
        for section in form.sections
        if not section.table
        for key, label in _subheadings(section)
    )


def place_of(form: Form, name: str) -> Place | None:
    """The box with this name."""
    return next((place for place in places(form) if place.name == name), None)


def texts(form: Form, kept: Mapping[str, Any]) -> dict[Place, str]:
    """What is written in each box, tokens and all; "" where nothing is."""
    return {place: str(kept.get(place.section, {}).get(place.key, "")) for place in places(form)}


def written(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote, without what was kept beside it: the words a new version begins with."""
    return {key: content for key, content in kept.items() if key not in _KEPT}


def bound(version: ReportVersion) -> Bound:
    """What the chips of a version stand for."""
    form = queries.form_of(version)
    kept = version.sections.get(FIGURES, {})
    return Bound(form, version.report.year, queries.figures_of(version), kept)


def _subheadings(section: Section) -> list[tuple[str, str]]:
    return [(sub.key, sub.label) for sub in section.subheadings] or [("", "")]


def generate(report: Report, organs: Tree, figures: Mapping[str, Any]) -> dict[str, str]:
    """Title, preamble, fee sentence and contact block, from the organ's profile and the `figures` that a version keeps
    behind its words; what is left out where there is nothing to say. `organs` is the organ's tree of the year."""
    name = organs.nodes[report.path].name
    office = _office(report.organ, organs)
    chosen = settings_for(report.path)
    return {
        "title": narrative.report_title(name, report.year),
        "preamble": narrative.preamble(
            name,
            report.year,
            form_for(report.year),
            compiled_by=office.name if office else "",
            consolidated=report.scope == Scope.CONSOLIDATED,
        ),
        "fees": fees.sentence(
            figures, report.year, say_none=chosen.without_fees == ReportSettings.NoFees.SAY
        ),
        "contact": _contact(report.organ, name, office),
        "without_words": str(chosen.without_words),
    }


def generated(version: ReportVersion, organs: Tree | None = None) -> dict[str, str]:
    """The generated sentences of a version: as they were submitted or signed, of a draft from the figures it holds and
    what is set today. `organs` is the organ's tree of the year, if it is at hand. Raises ValidationError when the organ
    has no report of that year any more."""
    kept: dict[str, str] = version.sections.get(GENERATED, {})
    if kept:
        return kept
    report = version.report
    try:
        found = organs or tree(report.path, Period.year(report.year))
    except LookupError:
        message = _("%(organ)s在%(year)s年度不存在或者不单独编制年度报告。")
        raise ValidationError(message % {"organ": report.organ.name, "year": report.year}) from None
    return generate(report, found, version.sections.get(FIGURES, {}))


def printed(version: ReportVersion, generated: Mapping[str, str] | None = None) -> Printed:
    """The report as printed. `generated` are the sentences of a draft; a frozen version has its own, and its text."""
    words = version.sections.get(GENERATED) or generated or {}
    form = queries.form_of(version)
    told = _told(version)
    from_outside = version.origin == ReportVersion.Origin.IMPORTED
    return Printed(
        title=words.get("title") or queries.title(version),
        preamble=words.get("preamble", ""),
        parts=tuple(_part(section, told, words, from_outside) for section in form.sections),
        contact=words.get("contact", ""),
    )


def frozen(version: ReportVersion) -> dict[str, Any]:
    """The words as they are signed: with the text as printed, without the register's own, which may say what the office
    took out again."""
    kept = {key: content for key, content in version.sections.items() if key != FROM_REGISTER}
    return {**kept, PRINTED: as_printed(version)}


def as_printed(version: ReportVersion) -> dict[str, Any]:
    """The text of every box with its numbers, as it is kept when the version is signed: for each box a list of pieces,
    ``[text]`` or ``[text, cell, token]``."""
    return {
        place.name: [
            [piece.text, piece.cell, piece.token] if piece.token else [piece.text] for piece in pieces
        ]
        for place, pieces in _resolved(version).items()
    }


def box_pieces(version: ReportVersion) -> dict[str, tuple[Piece, ...]]:
    """What each box prints, by the box's name: frozen as it was signed, of a draft with the figures it holds."""
    return _told(version)


def _told(version: ReportVersion) -> dict[str, tuple[Piece, ...]]:
    frozen = version.sections.get(PRINTED)
    if frozen is not None:
        return {name: tuple(Piece(*piece) for piece in pieces) for name, pieces in frozen.items()}
    return {place.name: pieces for place, pieces in _resolved(version).items()}


def _resolved(version: ReportVersion) -> dict[Place, tuple[Piece, ...]]:
    figures = bound(version)
    return {
        place: figures.pieces(text) if text.strip() else ()
        for place, text in texts(figures.form, version.sections).items()
    }


def _part(
    section: Section, told: Mapping[str, tuple[Piece, ...]], words: Mapping[str, str], from_outside: bool
) -> Part:
    if section.table:
        return Part(section.key, section.heading, section.table, ())
    if from_outside:  # 无 in a report of ours; of one from elsewhere nobody can say so
        given = tuple(_given(section, told)) or (_said(str(NOT_GIVEN)),)
        return Part(section.key, section.heading, "", given)
    paragraphs = list(_paragraphs(section, told, words))
    charged = words.get("fees", "") if section.key == "s6" else ""
    if charged:
        rest = [paragraph for paragraph in paragraphs if paragraph.text != narrative.EMPTY]
        paragraphs = [_said(charged), *rest]
    return Part(section.key, section.heading, "", tuple(paragraphs) or (_said(narrative.EMPTY),))


def _said(text: str) -> Paragraph:
    """A paragraph nobody wrote."""
    return Paragraph("", text, (Piece(text),))


def _given(section: Section, told: Mapping[str, tuple[Piece, ...]]) -> Iterator[Paragraph]:
    """The text a report from outside came with, by sub-heading where it could be cut there."""
    for key, label in dict([("", ""), *_subheadings(section)]).items():
        if pieces := _stripped(told.get(f"{section.key}.{key}".rstrip("."), ())):
            yield Paragraph(label, plain(pieces), pieces)


def _paragraphs(
    section: Section, told: Mapping[str, tuple[Piece, ...]], words: Mapping[str, str]
) -> Iterator[Paragraph]:
    omit = words.get("without_words") == ReportSettings.NoWords.OMIT
    for key, label in _subheadings(section):
        name = f"{section.key}.{key}".rstrip(".")
        pieces = _stripped(told.get(name, ()))
        if not pieces:
            if omit and label:
                continue
            pieces = (Piece(narrative.EMPTY),)
        yield Paragraph(label, plain(pieces), pieces, name)


def _stripped(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Without pieces that print nothing."""
    return tuple(piece for piece in pieces if piece.text)


def problems_proposed(report: Report) -> dict[str, str]:
    """What the register of problems has to say in part five, by box name; "" where it has nothing."""
    told = problems.of_report(report, paths_of(report))
    return {
        "s5.problems": problems.problems_text(told),
        "s5.improvements": problems.improvements_text(told),
    }


def paths_of(report: Report) -> tuple[str, ...]:
    """The organ's own paths and its predecessors', as they count for the report's year."""
    try:
        return tree(report.path, Period.year(report.year)).paths_of(report.path)
    except LookupError:  # closed meanwhile
        return (report.path,)


def _office(organ: Organ, organs: Tree) -> Node | None:
    """The office that draws up a government's report; other organs draw up their own."""
    if organ.kind != Organ.Kind.GOVERNMENT:
        return None
    return next((c for c in organs.children(organ.path) if c.kind == Organ.Kind.OFFICE), None)


def _contact(organ: Organ, name: str, office: Node | None) -> str:
    """The organ's own address, or that of its office where it has given none."""
    profile = organ
    if office is not None and not (organ.address or organ.phones):
        profile, name = Organ.objects.get(pk=office.id), office.name
    return narrative.contact_block(profile.address, profile.postcode, profile.phones.split("、"), office=name)
