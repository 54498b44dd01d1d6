"""PDF: ruled tables that break over pages, and tables without any rules."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from gongkai.forms.grid import Grid, grid

from .model import Printed

_FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=11, leading=17, wordWrap="CJK")
_SMALL = ParagraphStyle("small", fontName=_FONT, fontSize=7.5, leading=9.5, wordWrap="CJK", alignment=1)


def ruled(report: Printed) -> bytes:
    """Tables with lines; what does not fit a page goes on on the next, cells wrap their words."""
    return _print(report, ruled=True)


def unruled(report: Printed) -> bytes:
    """The same without lines and without merged heads below the first."""
    return _print(report, ruled=False)


def _print(report: Printed, ruled: bool) -> bytes:
    flow: list[object] = [Paragraph(report.title, _TEXT), Spacer(1, report.rng.randint(0, 300))]
    for section in report.form.sections:
        flow.append(Paragraph(section.heading, _TEXT))
        for line in {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(section.key, ()):
            flow.append(Paragraph(line, _TEXT))
        if section.table:
            flow.append(_table(report, grid(report.form, section.table), ruled))
    stream = io.BytesIO()

    def footer(canvas: object, document: object) -> None:
        canvas.setFont(_FONT, 9)  # type: ignore[attr-defined]
        canvas.drawCentredString(297, 25, f"- {document.page} -")  # type: ignore[attr-defined]

    document = SimpleDocTemplate(
        stream, pagesize=A4, leftMargin=50, rightMargin=50, invariant=1, pageCompression=0
    )
    document.build(flow, onFirstPage=footer, onLaterPages=footer)
    return stream.getvalue()


def _table(report: Printed, lines: Grid, ruled: bool) -> Table:
    width = sum(cell.colspan for cell in lines[0])
    content: list[list[object]] = [[""] * width for _ in lines]
    style: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
    ]
    style += [
        ("FONT", (0, 0), (-1, -1), _FONT, 7.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    if ruled:
        style.append(("GRID", (0, 0), (-1, -1), 0.5, "black"))
    taken: set[tuple[int, int]] = set()
    for top, line in enumerate(lines):
        left = 0
        for cell in line:
            while (top, left) in taken:
                left += 1
            bottom, right = top + cell.rowspan - 1, left + cell.colspan - 1
            text = report.text(cell.path) if cell.path else cell.text
            # Figures stay in one line, words wrap.
            content[top][left] = text if cell.path else Paragraph(text, _SMALL)
            if (bottom, right) != (top, left):
                style.append(("SPAN", (left, top), (right, bottom)))
            taken |= {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
            left = right + 1
    return Table(content, colWidths=_widths(width), style=TableStyle(style), repeatRows=0, splitByRow=1)


def _widths(columns: int) -> list[float]:
    if columns == 10:  # table 3: three columns of labels
        return [38, 60, 120, *[38] * 7]
    return [495 / columns] * columns
