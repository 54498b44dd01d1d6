"""What pages do to the figures in their cells: hide, strike, annotate, picture, break. None of it may change a number."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.reading.checking import Verdict, check_report
from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report

from .render import pages
from .render.model import Printed, random_report

PATH = "table3.granted.total"


def page(cell: str) -> Report:
    """A report whose cell of granted applications is written so, in place of its number."""
    printed = random_report(random.Random("page"))  # noqa: S311
    text = pages.plain(printed).decode()
    start = text.index("</td>", text.index("（一）予以公开"))
    for _ in range(6):
        start = text.index("</td>", start + 1)
    end = text.index("</td>", start + 1)
    assert text[start:end].endswith(f"<td>{printed.figures.number(PATH)}")
    return read_bytes(f"{text[:start]}</td>{cell}{text[end + 5 :]}".encode())


@pytest.mark.parametrize(
    "cell",
    [
        "<td>1<span style='DISPLAY: none'>2</span>7</td>",
        "<td>1<b hidden>2</b>7</td>",
        "<td>1<script>2</script>7</td>",
        "<td>1<!-- 2 -->7</td>",
        "<td><p><span>1</span><span>7</span></p></td>",
        "<td><div>\n <font>1<b>7</b></font>&nbsp;</div></td>",
        "<td>&#49;&#55;</td>",
        "<td style='display:none'>3</td><td>17</td>",
    ],
)
def test_what_is_shown_is_read(cell):
    assert page(cell).cells[PATH].number == 17


@pytest.mark.parametrize(
    "cell",
    [
        "<td>17<sup>1</sup></td>",
        "<td><s>12</s>17</td>",
        "<td><del>12</del>17</td>",
        "<td>1<br>7</td>",
        "<td><p>1</p><p>7</p></td>",
        "<td>1<p>7</p></td>",
        "<td><img src='17.gif'></td>",
        "<td><input value='17'></td>",
        "<td>1<img src='7.gif'></td>",
        "<td>①7</td>",
    ],
)
def test_what_could_be_something_else_is_not_read(cell):
    assert page(cell).cells[PATH].state in (State.UNREAD, State.INFERRED)


@pytest.mark.parametrize(
    "cell", ["<td></td>", "<td>&nbsp;</td>", "<td><p><o:p>&nbsp;</o:p></p></td>", "<td>　</td>", "<td>/</td>"]
)
def test_what_is_blank_is_blank(cell):
    assert page(cell).cells[PATH].state is State.BLANK


@pytest.mark.parametrize("doubled", range(7))
@pytest.mark.parametrize("blank", range(7))
@pytest.mark.parametrize(
    "key", ["new_received", "granted", "unable_not_held", "outcome_total", "carried_out"]
)
def test_a_blank_cell_and_one_too_many_shift_no_figure(key, blank, doubled):
    """The row has as many figures as there are columns; they are not where they seem to be."""
    printed = random_report(random.Random(f"{blank}/{doubled}"))  # noqa: S311
    paths = [f"table3.{key}.{column.key}" for column in printed.form.applicants]
    _same_with_a_cell_doubled(replace(printed, blank=frozenset({paths[blank]})), paths, doubled)


@pytest.mark.parametrize("doubled", range(15))
@pytest.mark.parametrize("blank", [0, 3, 4, 9, 13, 14])
def test_nor_in_table_4(blank, doubled):
    printed = random_report(random.Random(f"{blank}/{doubled}"))  # noqa: S311
    paths = [path for path in printed.form.paths if path.startswith("table4")]
    _same_with_a_cell_doubled(replace(printed, blank=frozenset({paths[blank]})), paths, doubled)


@pytest.mark.parametrize("doubled", range(3))
@pytest.mark.parametrize("blank", range(3))
@pytest.mark.parametrize("row", ["art20_1.rules", "art20_1.normative_docs", "art20_6.admin_penalty"])
def test_nor_in_table_2(row, blank, doubled):
    printed = random_report(random.Random(f"{blank}/{doubled}"), FORMS["fmt2019"])  # noqa: S311
    paths = [path for path in printed.form.paths if path.startswith(f"table2.{row}.")]
    _same_with_a_cell_doubled(replace(printed, blank=frozenset({paths[blank]})), paths, doubled)


def _same_with_a_cell_doubled(printed: Printed, paths: list[str], doubled: int) -> None:
    figures = [f"<td>{printed.text(path)}</td>" for path in paths]
    text = pages.plain(printed).decode()
    row = "".join(figures)
    if row not in text:  # the last cell of a row may cover several columns
        pytest.skip("spanned")
    report = read_bytes(text.replace(row, "".join([*figures[: doubled + 1], *figures[doubled:]])).encode())
    for path, cell in report.cells.items():
        assert cell.state is not State.KNOWN or cell.number == printed.figures.number(path), path
    assert [f for f in check_report(report) if f.verdict is Verdict.FAULT] == []
