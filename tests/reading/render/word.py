"""A Word document with merged cells."""

from __future__ import annotations

import io

import docx
from docx.document import Document

from gongkai.forms.grid import Grid, grid, grids

from .model import Printed


def document(report: Printed) -> bytes:
    """As an office would send it: paragraphs, table 2 in one table or by items, merged heads."""
    file = docx.Document()
    file.add_paragraph(report.title)
    for section in report.form.sections:
        file.add_paragraph(section.heading)
        for line in {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(section.key, ()):
            file.add_paragraph(line)
        if section.table:
            one = report.rng.random() < 0.5
            for part in [grid(report.form, section.table)] if one else grids(report.form, section.table):
                _add(file, report, part)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _add(file: Document, report: Printed, lines: Grid) -> None:
    width = sum(cell.colspan for cell in lines[0])
    table = file.add_table(rows=len(lines), cols=width)
    # One look-up of all cells: the library counts them anew at every access.
    cells = [list(row.cells) for row in table.rows]
    taken: set[tuple[int, int]] = set()
    for top, line in enumerate(lines):
        left = 0
        for printed in line:
            while (top, left) in taken:
                left += 1
            bottom, right = top + printed.rowspan - 1, left + printed.colspan - 1
            target = cells[top][left]
            if (bottom, right) != (top, left):
                target = target.merge(cells[bottom][right])
            target.text = report.text(printed.path) if printed.path else printed.text
            taken |= {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
            left = right + 1
