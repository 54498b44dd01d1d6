"""Whatever stands in the words of a report is printed as it is: it is never an instruction, and never breaks a file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx as library
import pypdfium2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from gongkai.annualreport.rendering import docx, pdf
from gongkai.annualreport.rendering.printed import PrintedParagraph, PrintedReport, clean, lines_of
from tests.annualreport.rendering.samples import bare, random_print, read, wrong
from tests.support.typefaces import need_chinese

TRAPS = (
    '#import "@preview/cetz:0.3.0": *',
    '#read("/etc/passwd")',
    "#panic()",
    "@ref <label> $x^2$ *粗* _斜_ `码` ~ -- --- ...",
    "\\u{41} \\\\ \\n C:\\公开\\",
    "<script>alert(1)</script> &amp; & ]]> <w:p/> <!-- --> <?xml?>",
    "= 标题",
    "- 列表\n+ 一\n/ 术语: 释义\n// 注释 /* 注 */",
    "{{ 变量 }} {% if %} ${HOME} %s {0}",
    "\"引号\" '单引' “中文” ‘中文’",
    "一" * 600,
    "W" * 900,
    "https://" + "a/b?c=%20&" * 60,
    "（" * 80 + "。" * 80,
    "\x00\x01\x08\x0b\x0c\x1b[31m红\x7f\ufffe\uffff\ud800尾",
    "倒\u202e写\u2066隔\u2069离\u200b零\ufeff宽",
    "\u2028分行\u2029分段\x85下一行",
)
# Characters every Chinese serif holds, those that mean something to a typesetter, and those no file can hold.
_LETTERS = st.text(
    st.one_of(
        st.sampled_from("公开信息政府年度报告申请一二三，。；：、（）“”〔〕《》"),
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.sampled_from("\x00\x07\x0b\x0c\x1f\x7f\u200b\u202e\ufeff\ufffe\uffff\ud800\n\t"),
    ),
    max_size=120,
)
WORDS = st.lists(st.one_of(st.sampled_from(TRAPS), _LETTERS), min_size=1, max_size=4).map("\n".join)
_RUNS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _with(words: str) -> PrintedReport:
    """The words in every place of a report that holds words."""
    printed = random_print("fmt2021", 0)
    parts = tuple(
        part
        if part.table
        else replace(part, paragraphs=(PrintedParagraph("小标题" + words, "甲" + words + "乙"),))
        for part in printed.parts
    )
    title = words + printed.title
    return replace(printed, title=title, organ=words, preamble=words, contact=words, parts=parts, hash="")


def _expected(words: str) -> list[str]:
    return [bare(line) for line in lines_of("甲" + words + "乙")]


@given(WORDS)
@_RUNS
def test_the_word_document_holds_every_word_and_nothing_else(words: str) -> None:
    content = docx.render(_with(words))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
    kinds = {etree.QName(one).localname for one in body.iter() if isinstance(one.tag, str)}
    assert not kinds & {"hyperlink", "instrText", "object", "altChunk", "drawing", "script"}
    printed = [bare(one.text) for one in library.Document(io.BytesIO(content)).paragraphs]
    expected = _expected(words)
    starts = [at for at, text in enumerate(printed) if text == expected[0]]
    assert any(printed[at : at + len(expected)] == expected for at in starts)


@given(WORDS)
@_RUNS
@example("\n".join(TRAPS))
def test_the_pdf_holds_every_word_and_nothing_runs(words: str) -> None:
    need_chinese()
    content = pdf.render(_with(words))
    assert not any(mark in content for mark in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/URI"))
    document = pypdfium2.PdfDocument(content)
    # Page numbers stand between the words where a page ends.
    text = bare("".join(_without_number(page.get_textpage().get_text_range()) for page in document))
    for line in _expected(words):
        assert line in text


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_changes_a_figure(trap: str) -> None:
    need_chinese()
    printed = random_print("fmt2021", 0)
    parts = tuple(
        part if part.table else replace(part, paragraphs=(PrintedParagraph("", trap),))
        for part in printed.parts
    )
    trapped = replace(printed, parts=parts)
    assert wrong(read(docx.render(trapped)), printed) == []
    assert wrong(read(pdf.render(trapped)), printed) == []


def test_nothing_printed_runs_off_the_paper() -> None:
    need_chinese()
    import pdfplumber

    with pdfplumber.open(io.BytesIO(pdf.render(_with("\n".join(TRAPS))))) as document:
        for page in document.pages:
            if page.chars:
                assert max(one["x1"] for one in page.chars) <= page.width - 40
                assert max(one["bottom"] for one in page.chars) <= page.height


def test_a_file_of_the_machine_cannot_be_read_into_a_report(tmp_path: Path) -> None:
    need_chinese()
    secret = tmp_path / "keys.json"
    secret.write_text("机密内容", encoding="utf-8")
    content = pdf.render(_with(f'#read("{secret}")'))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    assert "机密内容" not in text
    assert "#read(" in text


def test_what_nobody_could_see_is_not_printed() -> None:
    assert clean("甲\u202e乙\u200b丙\x00丁\ud800戊\ufffe己\tg") == "甲乙丙丁戊己 g"
    assert lines_of("一\u2028二\x0b三\r\n\n 　四　") == ["一", "二", "三", "四"]


def _without_number(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(lines[:-1] if lines and bare(lines[-1]).strip("—").isdigit() else lines)
