"""The report as Word document in the style of official documents (GB/T 9704)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import _Footer, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from .printed import DRAFT, DRAFT_NOTE, Block, Kind, PrintedReport, flow, one_line
from .wordstyle import (
    FANGSONG,
    HEITI,
    KAITI,
    XIAOBIAOSONG,
    chinese,
    declare_fonts,
    font,
    page_field,
    plain_style,
)
from .wordtable import add_table
from .wordzip import bytes_of

_NO_DATE = dt.date(2000, 1, 1)  # for what has no date of its own yet: bytes must not follow the clock
_LINE = Pt(29)  # 22 lines a page
_BODY = 16.0


def render(report: PrintedReport) -> bytes:
    """The Word document."""
    file = docx.Document()
    _page(file)
    _styles(file)
    _properties(file, report)
    if report.draft:
        _draft_mark(file)
    _page_numbers(file)
    for block in flow(report):
        _add(file, block)
    return bytes_of(file)


def _page(file: Document) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(23)


def _styles(file: Document) -> None:
    declare_fonts(file)
    chinese(file)
    for name, family in (("Normal", FANGSONG), ("Heading 1", HEITI), ("Heading 2", KAITI)):
        style = file.styles[name]
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"{name} of the library's template is no style of paragraphs")
        plain_style(style, family, _BODY, _LINE)


def _properties(file: Document, report: PrintedReport) -> None:
    day = report.signed_on or _NO_DATE
    moment = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the library writes it as UTC
    known = file.core_properties
    known.title, known.author = one_line(report.title)[:255], one_line(report.organ)[:255]
    known.comments, known.keywords, known.last_modified_by, known.language = "", "", "", "zh-CN"
    known.created = known.modified = moment
    known.revision = 1


def _draft_mark(file: Document) -> None:
    for paragraph in _first(file.sections[0].header, file.sections[0].even_page_header):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(f"{DRAFT}　{DRAFT_NOTE}")
        font(run, HEITI, 10.5)
        run.font.color.rgb = RGBColor(0xB3, 0x16, 0x1B)


def _page_numbers(file: Document) -> None:
    """At the right on odd pages, at the left on even ones, one character in."""
    file.settings.odd_and_even_pages_header_footer = True
    odd, even = _first(file.sections[0].footer, file.sections[0].even_page_footer)
    odd.alignment, even.alignment = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
    odd.paragraph_format.right_indent = even.paragraph_format.left_indent = Pt(14)
    for paragraph in (odd, even):
        font(paragraph.add_run("— "), FANGSONG, 14)
        page_field(paragraph, 14)
        font(paragraph.add_run(" —"), FANGSONG, 14)


def _first(*edges: _Header | _Footer) -> list[Paragraph]:
    for edge in edges:
        edge.is_linked_to_previous = False
    return [edge.paragraphs[0] for edge in edges]


def _add(file: Document, block: Block) -> None:
    if block.table is not None:
        add_table(file, block.table)
        return
    _SETTERS[block.kind](file.add_paragraph(), block.text)


def _title(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(36)
    paragraph.paragraph_format.space_after = _LINE
    font(paragraph.add_run(text), XIAOBIAOSONG, 22)


def _note(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = _LINE
    paragraph.add_run(text)


def _text(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY)
    paragraph.add_run(text)


def _heading(level: int, family: str) -> Callable[[Paragraph, str], None]:
    def add(paragraph: Paragraph, text: str) -> None:
        paragraph._p.get_or_add_pPr().style = (
            f"Heading{level}"  # by name the library reads through all styles
        )
        paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY)
        font(paragraph.add_run(text), family, _BODY)

    return add


def _signature(paragraph: Paragraph, text: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = Pt(2 * _BODY)
    paragraph.paragraph_format.keep_together = True
    paragraph.add_run(text)


def _imprint(paragraph: Paragraph, text: str) -> None:
    paragraph.paragraph_format.space_before = _LINE
    font(paragraph.add_run(text), FANGSONG, 9)


_SETTERS = {
    Kind.TITLE: _title,
    Kind.NOTE: _note,
    Kind.TEXT: _text,
    Kind.PART: _heading(1, HEITI),
    Kind.SUBHEADING: _heading(2, KAITI),
    Kind.SIGNATURE: _signature,
    Kind.IMPRINT: _imprint,
}
