"""What Word does to the figures in their cells: hide, strike, raise, delete with a trace, hyphenate."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.reading.reader import read_bytes
from gongkai.reading.report import Report

from .render import word
from .render.model import random_report

PATH = "table3.granted.total"


def document(runs: str, path: str = PATH) -> Report:
    """A report whose cell at ``path`` is written with these runs, in place of its number."""
    rng = random.Random("word")  # noqa: S311
    printed = random_report(rng, FORMS["fmt2019"])
    # A number that stands nowhere else marks the place.
    marked = type(printed)(
        **{**vars(printed), "figures": printed.figures.replace({path: 987654321}), "rng": rng}
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word.document(marked))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                before, after = content.decode().split("<w:r><w:t>987654321</w:t></w:r>")
                content = f"{before}{runs}{after}".encode()
            new.writestr(name, content)
    return read_bytes(stream.getvalue())


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    "runs",
    [
        run("1") + run("7"),
        run("1") + run("2", "<w:vanish/>") + run("7"),
        f"<w:del w:id='1'>{run('2')}</w:del><w:ins w:id='2'>{run('17')}</w:ins>",
        "<w:hyperlink>" + run("1") + "</w:hyperlink>" + run("7", "<w:b/>"),
        run("17", "<w:strike w:val='0'/><w:vertAlign w:val='baseline'/>"),
        run("17") + "<w:r><w:footnoteReference w:id='1'/></w:r>",
        "<w:smartTag>" + run("17") + "</w:smartTag>",
    ],
)
def test_what_is_shown_is_read(runs):
    assert document(runs).cells[PATH].number == 17


@pytest.mark.parametrize(
    "runs",
    [
        run("17") + run("1", "<w:vertAlign w:val='superscript'/>"),
        run("12", "<w:strike/>") + run("17"),
        run("1") + "<w:r><w:br/></w:r>" + run("7"),
        run("1") + "<w:r><w:tab/></w:r>" + run("7"),
        run("1") + "</w:p><w:p>" + run("7"),
        run("1") + "<w:r><w:sym w:font='Symbol' w:char='F037'/></w:r>",
        "<w:r><w:drawing/></w:r>",
        "<w:r><w:pict/></w:r>",
        "<w:r><w:object/></w:r>",
    ],
)
def test_what_could_be_something_else_is_not_read(runs):
    assert document(runs).cells[PATH].state in (State.UNREAD, State.INFERRED)


def test_a_minus_that_does_not_break_is_a_minus():
    path = "table2.art20_5.admin_license.change_this_year"
    assert document("<w:r><w:noBreakHyphen/><w:t>3</w:t></w:r>", path).cells[path].number == -3


@pytest.mark.parametrize("runs", ["", run(" "), run("/")])
def test_what_is_blank_is_blank(runs):
    assert document(runs).cells[PATH].state is State.BLANK
