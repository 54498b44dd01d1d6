"""What is recognised in pictures: a figure is taken only if it was seen twice and a sum bears it out; nobody is blamed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.reading.checking import Verdict, check_report
from gongkai.reading.reader import read_rows
from gongkai.reading.report import Report
from gongkai.reading.sources.scan import Word, agreed
from gongkai.reading.sources.text import read_text

from .render.damaged import spaces
from .render.model import random_report


def word(text: str, left: float = 10, score: float = 0.95) -> Word:
    return Word(text, score, left, 100, left + 20, 112)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (word("12"), word("12"), "12"),
        (word("12"), word("12", 13), "12"),
        (word("12"), word("72"), "?"),
        (word("12"), word("12", 90), "?"),
        (word("12"), word("12", score=0.3), "?"),
        (word("12", score=0.3), word("12"), "?"),
        (word("予以公开"), word("于以公开"), "予以公开"),
        (word("1.属于国家秘密"), word("I.属于国家秘密"), "1.属于国家秘密"),
        (word("规章12"), word("规章72"), "规章 ?"),
        (word("- 3 -"), word("3"), ""),
    ],
)
def test_a_figure_has_to_be_seen_twice(first, second, kept):
    assert [seen.text for seen in agreed([first], [second])] == [kept]


def recognised(change: tuple[str, str] = ("", "")) -> Report:
    printed = random_report(random.Random("scan"), FORMS["fmt2021"])  # noqa: S311
    rows = read_text(spaces(printed).replace(*change).encode())
    return read_rows([replace(row, recognised=True) for row in rows])


def test_a_scan_without_a_slip_is_read_whole():
    assert {cell.state for cell in recognised().cells.values()} == {State.KNOWN}


def test_a_figure_no_sum_bears_out_is_not_taken():
    right = recognised()
    row = " ".join(
        str(right.cells[f"table3.granted.{column.key}"].number) for column in right.form.applicants
    )
    wrong = recognised((f"（一）予以公开 {row}", f"（一）予以公开 9{row}"))
    for path, cell in wrong.cells.items():
        if path.startswith("table3.granted."):  # the columns prove what should stand there
            assert (cell.state, cell.number) == (State.INFERRED, right.cells[path].number)
        else:
            assert cell.state is State.KNOWN
    assert any("勾稽关系" in note.text for note in wrong.damage)
    assert [f for f in check_report(wrong) if f.verdict is Verdict.FAULT] == []
