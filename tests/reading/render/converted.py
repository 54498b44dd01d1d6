"""Text and pages as converters make them of a table: merged cells repeated or left empty, columns set with blanks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import escape

from gongkai.forms.grid import Grid, grid, grids

from .model import Printed

Matrix = list[list[str]]


def repeated(report: Printed) -> str:
    """A markdown table in which a merged cell is printed in every place it covers."""
    return _whole(report, lambda matrix: [f"| {' | '.join(line)} |" for line in matrix], repeat=True)


def top_left(report: Printed) -> str:
    """A markdown table in which a merged cell stands in its first place, the others being empty."""
    return _whole(report, _markdown)


def values_copied(report: Printed) -> str:
    """The cells of a sheet, separated by tabs, merged ones in their first place."""
    return _whole(report, lambda matrix: ["\t".join(line) for line in matrix])


def cell_by_cell(report: Printed) -> str:
    """Every cell on a line of its own, merged ones again and again, blank ones as empty lines."""
    return _whole(report, lambda matrix: [cell for line in matrix for cell in line], repeat=True)


def aligned(report: Printed) -> str:
    """Columns set with blanks, labels broken over lines, figures beside the first, the last or the middle one."""
    place = report.rng.choice((0, 1, 2))
    return _whole(report, lambda matrix: _set(matrix, place, ""))


def ruled(report: Printed) -> str:
    """The same with lines of signs between rows and columns, as of a grid table in markdown."""
    return _whole(report, lambda matrix: _set(matrix, 0, "|"))


def glued(report: Printed) -> str:
    """No blank between a label and the figure after it."""

    def lines(matrix: Matrix) -> list[str]:
        found = []
        for line in matrix:
            words = [cell for cell in line if cell]
            numbers = [n for n, word in enumerate(words) if _is_figure(word)]
            if numbers and numbers[0]:
                words[numbers[0] - 1 : numbers[0] + 1] = [words[numbers[0] - 1] + words[numbers[0]]]
            found.append(" ".join(words))
        return found

    return _whole(report, lines)


def figures_glued(report: Printed) -> str:
    """No blank anywhere in a line of the tables."""
    return _whole(report, lambda matrix: ["".join(line) for line in matrix])


def figures_run_together(report: Printed) -> str:
    """Blanks lost between some figures of a line."""

    def lines(matrix: Matrix) -> list[str]:
        return [
            "".join(cell + ("" if report.rng.random() < 0.1 and _is_figure(cell) else " ") for cell in line)
            for line in matrix
        ]

    return _whole(report, lines)


def running_heads(report: Printed) -> str:
    """The title and the number of the page again and again between the lines of the tables."""

    def lines(matrix: Matrix) -> list[str]:
        found: list[str] = []
        for number, line in enumerate(matrix):
            found.append(" ".join(cell for cell in line if cell))
            if number % 7 == 6:
                found += [f"第 {number // 7 + 3} 页 共 9 页", "", report.title, ""]
        return found

    return _whole(report, lines)


def commas(report: Printed) -> str:
    """Cells separated by commas."""
    return _whole(report, lambda matrix: [",".join(line) for line in matrix])


def page_without_spans(report: Printed) -> str:
    """A page whose rows hold only their own cells: nothing says what they cover."""
    return _page(
        report, lambda lines: [[report.text(c.path) if c.path else c.text for c in line] for line in lines]
    )


def page_top_left(report: Printed) -> str:
    """A page of rows equally long, merged cells in their first place."""
    return _page(report, lambda lines: _matrix(report, lines, False))


def page_repeated(report: Printed) -> str:
    """A page of rows equally long, merged cells repeated."""
    return _page(report, lambda lines: _matrix(report, lines, True))


def page_of_boxes(report: Printed) -> str:
    """A page without any table: boxes in boxes."""
    return _page(report, lambda lines: _matrix(report, lines, False), ("div", "div", "div"))


CONVERTED: dict[str, Callable[[Printed], str]] = {
    layout.__name__: layout
    for layout in (
        repeated,
        top_left,
        values_copied,
        cell_by_cell,
        aligned,
        ruled,
        glued,
        figures_glued,
        figures_run_together,
        running_heads,
        commas,
        page_without_spans,
        page_top_left,
        page_repeated,
        page_of_boxes,
    )
}


# In these figures have run together, or nothing says where a cell ends.
TORN = ("figures_glued", "figures_run_together", "commas")


def _whole(report: Printed, lines: Callable[[Matrix], list[str]], repeat: bool = False) -> str:
    parts = [report.title]
    for section in report.form.sections:
        parts.append(section.heading)
        parts += {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(section.key, ())
        for part in _parts(report, section.table):
            parts.append("\n".join(lines(_matrix(report, part, repeat))))
    return "\n\n".join(parts) + "\n"


def _page(
    report: Printed, matrix: Callable[[Grid], Matrix], tags: tuple[str, str, str] = ("table", "tr", "td")
) -> str:
    table, row, cell = tags
    body = [f"<h1>{report.title}</h1>"]
    for section in report.form.sections:
        body.append(f"<h2>{section.heading}</h2>")
        text = {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(section.key, ())
        body += [f"<p>{escape(line)}</p>" for line in text]
        for part in _parts(report, section.table):
            rows = "".join(
                f"<{row}>{''.join(f'<{cell}>{escape(text)}</{cell}>' for text in line)}</{row}>"
                for line in matrix(part)
            )
            body.append(f"<{table}>{rows}</{table}>")
    return f"<html><body>{''.join(body)}</body></html>"


def _parts(report: Printed, table: str) -> list[Grid]:
    if not table:
        return []
    return [grid(report.form, table)] if report.rng.random() < 0.5 else grids(report.form, table)


def _matrix(report: Printed, lines: Grid, repeat: bool) -> Matrix:
    """The table as rows of equally many cells."""
    width = sum(cell.colspan for cell in lines[0])
    matrix: list[list[str | None]] = [[None] * width for _ in lines]
    for top, line in enumerate(lines):
        for cell in line:
            left = matrix[top].index(None)
            text = report.text(cell.path) if cell.path else cell.text
            for row in range(top, top + cell.rowspan):
                for column in range(left, left + cell.colspan):
                    matrix[row][column] = text if repeat or (row, column) == (top, left) else ""
    return [[cell or "" for cell in line] for line in matrix]


def _markdown(matrix: Matrix) -> list[str]:
    lines = [f"| {' | '.join(line)} |" for line in matrix]
    return [lines[0], "|" + "---|" * len(matrix[0]), *lines[1:]]


def _set(matrix: Matrix, place: int, rule: str) -> list[str]:
    """Columns of one width, words wrapped in them; ``place``: 0 top, 1 middle, 2 bottom."""
    found: list[str] = []
    widths = [
        max(8, *(len(line[column]) if _is_figure(line[column]) else 8 for line in matrix))
        for column in range(len(matrix[0]))
    ]
    for line in matrix:
        wrapped = [_wrapped(cell, width) for cell, width in zip(line, widths, strict=True)]
        height = max(map(len, wrapped))
        for cell in wrapped:
            free = height - len(cell)
            cell[:0] = [""] * (free * place // 2)
            cell += [""] * (height - len(cell))
        for number in range(height):
            cells = [
                cell[number] + " " * (2 * width - _columns(cell[number]))
                for cell, width in zip(wrapped, widths, strict=True)
            ]
            found.append(f"{rule}{f' {rule} '.join(cells)}{rule}".rstrip())
        if rule:
            found.append("+" + "+".join("-" * (2 * width + 2) for width in widths) + "+")
    return found


def _wrapped(text: str, width: int) -> list[str]:
    if _is_figure(text):
        return [text]
    return [text[start : start + width] for start in range(0, len(text), width)] or [""]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _is_figure(text: str) -> bool:
    return bool(text) and text.strip("-.").replace(".", "").isdigit()
