"""From the bytes of a file to a report: the steps in order, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.forms.identities import remedy_totals, row_totals
from gongkai.forms.inference import infer
from gongkai.forms.layout import NoForm, form_for
from gongkai.forms.relations import evaluate
from gongkai.forms.shape import Form, Unit
from gongkai.forms.values import State

from .cells import CellRead, Damage, TableRead, unread
from .headings import Heading, find_headings
from .opening import FileKind, Unreadable, kind_of
from .report import Report
from .stream import Row, keepable
from .table2 import form_by_heads, read_table2
from .table3 import form_of, read_table3, table3_rows
from .table4 import read_table4
from .tables import locate
from .text_parts import paragraphs_of
from .title import find_title

_NOT_A_REPORT = "这不像政府信息公开工作年度报告：没有找到报告的表格或标题。"
# With fewer cells than this and no heading of a part the file is something else.
_LEAST_CELLS = 5


def read_bytes(data: bytes, source: str = "") -> Report:
    """Read a file. Raises :class:`~.opening.Unreadable` with the one sentence that says why it cannot be read."""
    return read_rows(keepable(rows_of(data)), source)


def rows_of(data: bytes) -> list[Row]:
    """The stream of a file of any kind. Raises :class:`~.opening.Unreadable`."""
    kind = kind_of(data)
    if kind is FileKind.HTML:
        from .sources.html import read_html

        return _html_or_markdown(data, read_html(data))
    if kind is FileKind.TEXT:
        from .sources.text import read_text

        return read_text(data)
    if kind is FileKind.DOCX:
        from .sources.docx import read_docx

        return read_docx(data)
    if kind is FileKind.PDF:
        from .sources.pdf import read_pdf

        rows = read_pdf(data)
        if rows:
            return rows
    from .sources.scan import read_scan

    return read_scan(data, kind is FileKind.PDF)


def _html_or_markdown(data: bytes, rows: list[Row]) -> list[Row]:
    """Markdown with tables written as markup looks like a page without paragraphs."""
    from .opening import decode

    head = data[:4096].lower()
    if b"<html" in head or b"<body" in head or b"<div" in head or b"<p" in head or b"<!doctype" in head:
        return rows
    if decode(data[:4096]).count("\n") < 3:
        return rows
    from .sources.text import read_text

    return read_text(data)


def read_rows(rows: Sequence[Row], source: str = "") -> Report:
    """Read a stream. Raises :class:`~.opening.Unreadable` for what is not a report."""
    rows = list(rows)
    headings = find_headings(rows)
    regions = locate(rows, headings)
    organ, year = find_title(rows)
    lines = table3_rows(regions.rows["table3"])
    heads = form_by_heads(regions.rows["table2"])
    form = form_of(lines, heads, _form_of_year(year))
    tables = [
        read_table2(regions.rows["table2"], form),
        read_table3(lines, form),
        read_table4(regions.rows["table4"], form),
    ]
    cells = {path: cell for table in tables for path, cell in table.cells.items()}
    if any(row.recognised for row in rows):
        tables.append(_proved_by_sums(cells, form))
        cells = tables[-1].cells
    _refuse_other_files(cells, headings, rows, year)
    return Report(
        source,
        organ,
        year,
        form,
        _with_proofs(Report(source, organ, year, form, cells, {})),
        paragraphs_of(rows, headings, regions.indices),
        tuple(headings),
        _damage(tables, cells, heads, form.key),
        tuple(rows),
        tuple(label for table in tables for label in table.labels),
    )


def _proved_by_sums(cells: dict[str, CellRead], form: Form) -> TableRead:
    """Figures recognised in a picture: those of tables 3 and 4 are believed where the sum they make up holds.

    No one is blamed for any of them.
    """
    result = TableRead(cells={path: cell._replace(doubtful=True) for path, cell in cells.items()})
    numbers = {path: cell.number for path, cell in cells.items() if cell.number is not None}
    proved = {
        path
        for relation in (*row_totals(form), *remedy_totals(form))
        if evaluate(relation, numbers).holds
        for path in relation.operands
    }
    lost = [path for path in numbers if not path.startswith("table2") and path not in proved]
    result.cells.update({path: unread(cells[path].at) for path in lost})
    if lost:
        result.note(f"有{len(lost)}个识别出的数字没有勾稽关系证实，没有采用。", cells[lost[0]].at)
    return result


def _form_of_year(year: int | None) -> str:
    try:
        return form_for(year).key if year is not None else ""
    except NoForm:
        return ""


def _refuse_other_files(
    cells: dict[str, CellRead], headings: list[Heading], rows: list[Row], year: int | None
) -> None:
    printed = sum(cell.state is not State.UNREAD for cell in cells.values())
    if printed >= _LEAST_CELLS:
        return
    parts = len({heading.key for heading in headings})
    titled = year is not None and any("信息公开" in row.text and "报告" in row.text for row in rows[:40])
    if parts >= 3 or (parts >= 1 and titled and printed):
        return
    raise Unreadable(_NOT_A_REPORT)


def _with_proofs(report: Report) -> dict[str, CellRead]:
    """Cells that could not be read but that the identities prove; what is printed blank stays blank."""
    cells = dict(report.cells)
    if not any(cell.state is State.UNREAD for cell in cells.values()):
        return cells
    proposals = {proposal.path: proposal for proposal in infer(report.figures)}
    for path, proposal in proposals.items():
        cell = cells[path]
        if cell.state is State.UNREAD and report.form.cell(path).unit is Unit.COUNT:
            cells[path] = cell._replace(state=State.INFERRED, number=proposal.value, proof=proposal.proof)
    return cells


def _damage(tables: list[TableRead], cells: dict[str, CellRead], heads: str, key: str) -> tuple[Damage, ...]:
    notes = [note for table in tables for note in table.damage]
    if heads and heads != key:
        notes.append(Damage("表二与表三使用的格式不一致。"))
    marks = [cell for cell in cells.values() if cell.state is State.BLANK and cell.printed]
    if marks:
        shown = "、".join(dict.fromkeys(f"“{cell.printed}”" for cell in marks))
        notes.append(Damage(f"有{len(marks)}格印的是{shown}，不是数字，按空白处理。", marks[0].at))
    return tuple(dict.fromkeys(notes))
