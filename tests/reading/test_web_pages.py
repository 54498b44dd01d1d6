"""What pages do to the figures in their cells: hide, strike, annotate, picture, break. None of it may change a number."""

from __future__ import annotations

import random

import pytest

from gongkai.forms.values import State
from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report

from .render import pages
from .render.model import random_report

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
