"""The statutory tables in Word: merged cells, heads repeated on every page, rows kept whole and together.

The markup is written directly: the library counts all cells anew at every access.
"""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn
from lxml import etree

from .printed import INSET, CellKind, PrintedCell, PrintedTable
from .wordstyle import FANGSONG, LATIN

_TWIPS_PER_MM = 1440 / 25.4
_W = nsmap["w"]
_LINE = '<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'


def add_table(file: Document, table: PrintedTable) -> None:
    """Append the table to the document."""
    widths = [round(width * _TWIPS_PER_MM) for width in table.widths]
    root = _element(
        "tbl",
        f"<w:tblPr><w:tblW w:w='{sum(widths)}' w:type='dxa'/><w:jc w:val='center'/><w:tblBorders>"
        + "".join(
            _LINE.format(side=side) for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders><w:tblLayout w:type='fixed'/><w:tblCellMar>"
        + "".join(f"<w:{side} w:w='{round(INSET * 20)}' w:type='dxa'/>" for side in ("left", "right"))
        + "</w:tblCellMar></w:tblPr><w:tblGrid>"
        + "".join(f"<w:gridCol w:w='{width}'/>" for width in widths)
        + "</w:tblGrid>",
    )
    lines = _lines(table)
    for number, line in enumerate(lines):
        root.append(_row(line, widths, table, number, last=number == len(lines) - 1))
    body = file.element.body
    body.insert(len(body) - 1, root)  # before the section's own properties
    # Two tables in a row would flow into one; a short paragraph stands between and after.
    gap = file.add_paragraph()
    gap.paragraph_format.line_spacing = 0.5


_Placed = tuple[
    int, int, PrintedCell, bool
]  # left column, columns, cell, whether it goes on from the line above


def _lines(table: PrintedTable) -> list[list[_Placed]]:
    """Every line with all its cells, those that go on from the line above included."""
    going_on: dict[int, tuple[int, PrintedCell]] = {}  # left column → lines still to come, cell
    return [list(_line(line, len(table.widths), going_on)) for line in table.lines]


def _line(
    line: tuple[PrintedCell, ...], width: int, going_on: dict[int, tuple[int, PrintedCell]]
) -> Iterator[_Placed]:
    fresh = iter(line)
    left = 0
    while left < width:
        merged = left in going_on
        if merged:
            rest, cell = going_on.pop(left)
        else:
            cell = next(fresh)
            rest = cell.rowspan
        if rest > 1:
            going_on[left] = (rest - 1, cell)
        yield left, cell.colspan, cell, merged
        left += cell.colspan


def _row(
    line: list[_Placed], widths: list[int], table: PrintedTable, number: int, *, last: bool
) -> etree._Element:
    head = "<w:tblHeader/>" if number < table.heads else ""
    least = round(table.size * 1.9 * 20)
    row = _element(
        "tr",
        f"<w:trPr><w:cantSplit/><w:trHeight w:val='{least}' w:hRule='atLeast'/>{head}<w:jc w:val='center'/></w:trPr>",
    )
    for left, span, cell, merged in line:
        width = sum(widths[left : left + span])
        merge = "<w:vMerge/>" if merged else "<w:vMerge w:val='restart'/>" if cell.rowspan > 1 else ""
        shade = (
            "<w:shd w:val='clear' w:color='auto' w:fill='E1E1E1'/>" if cell.kind is CellKind.UNKNOWN else ""
        )
        made = _element(
            "tc",
            f"<w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>"
            + (f"<w:gridSpan w:val='{span}'/>" if span > 1 else "")
            + f"{merge}{shade}<w:vAlign w:val='center'/></w:tcPr>",
        )
        made.append(_paragraph(cell, width, shown=not merged, keep=not last))
        row.append(made)
    return row


def _paragraph(cell: PrintedCell, width: int, *, shown: bool, keep: bool) -> etree._Element:
    """The one paragraph of a cell. Kept with the next line, so that a table that fits a page is not torn."""
    left = cell.kind in (CellKind.LABEL, CellKind.NOTE)
    side = 0
    if cell.letters:
        side = max(0, int(width - 2 * INSET * 20 - (cell.letters + 0.3) * cell.size * 20) // 2)
    half = int(cell.size * 2)
    size = f"<w:sz w:val='{half}'/><w:szCs w:val='{half}'/>"
    paragraph = _element(
        "p",
        "<w:pPr>"
        + ("<w:keepNext/>" if keep else "")
        + "<w:spacing w:before='0' w:after='0' w:line='240' w:lineRule='auto'/>"
        + (f"<w:ind w:left='{side}' w:right='{side}'/>" if side else "")
        # The size of the mark, too: an empty cell is as high as its mark.
        + f"<w:jc w:val='{'left' if left else 'center'}'/><w:rPr>{size}</w:rPr></w:pPr>",
    )
    if shown and cell.text:
        run = _element(
            "r",
            f"<w:rPr><w:rFonts w:ascii='{LATIN}' w:hAnsi='{LATIN}' w:eastAsia='{FANGSONG}' w:cs='{LATIN}' "
            f"w:hint='eastAsia'/>{size}</w:rPr>",
        )
        text = etree.SubElement(run, qn("w:t"))
        text.text = cell.text
        paragraph.append(run)
    return paragraph


def _element(name: str, inner: str) -> etree._Element:
    return parse_xml(f"<w:{name} xmlns:w='{_W}'>{inner}</w:{name}>")
