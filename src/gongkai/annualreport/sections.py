"""The words of the report: what people write under the form's headings, and the sentences that follow from data.

A version keeps what was written as ``{"s1": {"proactive": …}, "s5": {…}, "s6": {"": …}}``; at signing the generated
sentences are kept beside it, so that the page never changes afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.base.measures import Period
from gongkai.figures.tree import Node, Tree
from gongkai.figures.values import evaluate
from gongkai.forms import narrative
from gongkai.forms.layout import Form, Section
from gongkai.forms.values import Number, Value
from gongkai.organs.models import Organ

from . import queries
from .compile import Compiled
from .models import ReportVersion, Scope

GENERATED = "generated"
LONGEST = 20_000
_FEES = (
    "requests.fee_notices",
    "requests.fee_payers",
    "requests.split_items",
    "requests.fee_collected_yuan",
    "requests.fee_refunded_yuan",
)


@dataclass(frozen=True)
class Place:
    """One box to write in: a part of text, or a sub-heading of it."""

    section: str
    key: str
    heading: str
    label: str


@dataclass(frozen=True)
class Paragraph:
    """A printed piece: its sub-heading ("" if none) and text, 无 where nothing is to be said."""

    label: str
    text: str


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


def _subheadings(section: Section) -> list[tuple[str, str]]:
    return [(sub.key, sub.label) for sub in section.subheadings] or [("", "")]


def generate(compiled: Compiled) -> dict[str, str]:
    """Title, preamble, fee sentence and contact block, from the figures and the organ's profile."""
    name, tree = compiled.own.label, compiled.grid.tree
    office = _office(compiled.organ, tree)
    consolidated = compiled.scope == Scope.CONSOLIDATED
    return {
        "title": narrative.report_title(name, compiled.year),
        "preamble": narrative.preamble(
            name,
            compiled.year,
            compiled.form,
            compiled_by=office.name if office else "",
            consolidated=consolidated,
        ),
        "fees": fee_sentence(compiled.organ, compiled.year, compiled.scope),
        "contact": _contact(compiled.organ, name, office),
    }


def fee_sentence(organ: Organ, year: int, scope: str) -> str:
    """What part 六 says of information processing fees: charged, with the figures, or not charged (S122)."""
    own = scope == Scope.OWN
    grid = evaluate(_FEES, organ.path, Period.year(year), own=own)

    def figure(key: str) -> Value:
        return grid.value(key, organ.path) if own else grid.total(key, organ.path)

    notices, payers, split, collected, refunded = (figure(key).number for key in _FEES)
    net: Number | None = None if collected is None or refunded is None else collected - refunded
    return narrative.fee_sentence(_whole(notices), _whole(payers), _whole(split), net, year)


def _whole(number: Number | None) -> int | None:
    return None if number is None else int(number)


def printed(version: ReportVersion, generated: Mapping[str, str] | None = None) -> Printed:
    """The report as printed. `generated` are the sentences of a draft; a frozen version has its own."""
    kept: dict[str, Any] = version.sections
    words = kept.get(GENERATED) or generated or {}
    organ, form = version.report.organ, queries.form_of(version)
    return Printed(
        title=words.get("title") or narrative.report_title(organ.name, version.report.year),
        preamble=words.get("preamble", ""),
        parts=tuple(_part(section, kept, words) for section in form.sections),
        contact=words.get("contact", ""),
    )


def _part(section: Section, kept: Mapping[str, Any], words: Mapping[str, str]) -> Part:
    if section.table:
        return Part(section.key, section.heading, section.table, ())
    written = kept.get(section.key, {})
    paragraphs = [
        Paragraph(label, narrative.part_text(written.get(key, ""))) for key, label in _subheadings(section)
    ]
    fees = words.get("fees", "") if section.key == "s6" else ""
    if fees:
        rest = [paragraph for paragraph in paragraphs if paragraph.text != narrative.EMPTY]
        paragraphs = [Paragraph("", fees), *rest]
    return Part(section.key, section.heading, "", tuple(paragraphs))


def _office(organ: Organ, tree: Tree) -> Node | None:
    """The office that draws up a government's report; other organs draw up their own."""
    if organ.kind != Organ.Kind.GOVERNMENT:
        return None
    return next((c for c in tree.children(organ.path) if c.kind == Organ.Kind.OFFICE), None)


def _contact(organ: Organ, name: str, office: Node | None) -> str:
    """The organ's own address, or that of its office where it has given none."""
    profile = organ
    if office is not None and not (organ.address or organ.phones):
        profile, name = Organ.objects.get(pk=office.id), office.name
    return narrative.contact_block(profile.address, profile.postcode, profile.phones.split("、"), office=name)
