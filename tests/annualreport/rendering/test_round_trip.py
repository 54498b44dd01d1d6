"""What is printed reads back to the digit, in both forms and both formats, and the bytes are always the same."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx as library
import pypdfium2
import pytest

from gongkai.annualreport.rendering import docx, fonts, pdf
from gongkai.annualreport.rendering import printed as layout
from gongkai.annualreport.rendering.printed import UNKNOWN, CellKind, Kind, flow
from gongkai.forms.figures import Figures
from gongkai.forms.layout import FORMS
from gongkai.forms.values import BLANK
from tests.annualreport.rendering.samples import BOTH, bare, numbers, random_print, read, wrong
from tests.support.typefaces import need_chinese

SAMPLE = 6


@pytest.mark.parametrize("seed", range(SAMPLE))
@pytest.mark.parametrize("form", BOTH)
def test_the_word_document_reads_back_to_the_digit(form: str, seed: int) -> None:
    printed = random_print(form, seed)
    found = read(docx.render(printed))
    assert wrong(found, printed) == []
    assert (found.organ, found.form, found.damage) == (printed.organ, printed.figures.form, ())
    for part in printed.parts:
        for paragraph in part.paragraphs:
            assert bare(paragraph.text) in bare(found.sections[part.key])


@pytest.mark.parametrize("seed", range(SAMPLE))
@pytest.mark.parametrize("form", BOTH)
def test_the_pdf_reads_back_to_the_digit(form: str, seed: int) -> None:
    need_chinese()
    printed = random_print(form, seed)
    found = read(pdf.render(printed))
    assert wrong(found, printed) == []
    assert (found.organ, found.form, found.damage) == (printed.organ, printed.figures.form, ())
    for part in printed.parts:
        for paragraph in part.paragraphs:
            assert (
                numbers(paragraph.text) == numbers(found.sections[part.key])[: len(numbers(paragraph.text))]
            )
            assert bare(paragraph.text) in bare(found.sections[part.key])


def test_a_table_that_does_not_fit_a_page_repeats_its_head_and_reads_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_chinese()
    printed = random_print("fmt2021", 3)
    kept = layout.table

    def larger(figures: Figures, name: str, *, draft: bool = False) -> layout.PrintedTable:
        made = kept(figures, name, draft=draft)
        lines = tuple(
            tuple(replace(cell, size=15.0) if cell.kind is CellKind.LABEL else cell for cell in line)
            for line in made.lines
        )
        return replace(made, lines=lines)

    monkeypatch.setattr(layout, "table", larger)
    content = pdf.render(printed)
    pages = [bare(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)]
    assert len([text for text in pages if "申请人情况" in text]) >= 2
    assert wrong(read(content), printed) == []


@pytest.mark.parametrize("form", BOTH)
def test_the_tables_are_those_of_the_form(form: str) -> None:
    """Labels verbatim, corner text and merged cells as declared, on paper as on the page."""
    printed = random_print(form, 0)
    file = library.Document(io.BytesIO(docx.render(printed)))
    assert len(file.tables) == 3
    words = bare("".join(cell.text for one in file.tables for row in one.rows for cell in row.cells))
    declared = FORMS[form]
    for line in declared.lines:
        assert bare(line.label) in words
    for block in declared.blocks:
        assert bare(block.label) in words
        assert all(bare(column.label) in words for column in block.columns)
    assert "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）" in words
    second = file.tables[1]
    assert second.cell(0, 0)._tc is second.cell(2, 2)._tc  # the corner spans three lines and three columns
    assert second.cell(0, 3)._tc is second.cell(0, 9)._tc  # 申请人情况 over all seven
    assert second.cell(5, 0)._tc is second.cell(len(second.rows) - 2, 0)._tc  # 三、 beside all its lines
    heads = [row for row in second.rows if row._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(heads) == 3


def test_two_renders_are_equal_byte_by_byte() -> None:
    need_chinese()
    for form in BOTH:
        printed = random_print(form, 1)
        assert docx.render(printed) == docx.render(printed)
        assert pdf.render(printed) == pdf.render(printed)


_ELSEWHERE = """
import hashlib
from gongkai.annualreport.rendering import docx, pdf
from tests.annualreport.rendering.samples import random_print
for form in ("fmt2019", "fmt2021"):
    for renderer in (docx, pdf):
        print(hashlib.sha256(renderer.render(random_print(form, 2))).hexdigest())
"""


def test_another_process_on_another_day_makes_the_same_bytes() -> None:
    need_chinese()
    here = [
        hashlib.sha256(renderer.render(random_print(form, 2))).hexdigest()
        for form in BOTH
        for renderer in (docx, pdf)
    ]
    for seed in ("1", "2"):
        made = subprocess.run(
            [sys.executable, "-c", _ELSEWHERE],
            env={
                "PYTHONHASHSEED": seed,
                "TZ": "America/New_York",
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": ".:src",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stdout.split() == here


def test_nothing_in_the_word_file_follows_the_clock_or_names_a_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(docx.render(random_print("fmt2021", 0)))) as parts:
        names = parts.namelist()
        assert names == ["[Content_Types].xml", *sorted(names[1:])]
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert "2022-01-19T00:00:00Z" in core
    assert "python-docx" not in core
    assert not any("thumbnail" in name for name in names)


def test_only_a_draft_marks_what_nobody_knows() -> None:
    need_chinese()
    form = FORMS["fmt2021"]
    figures = Figures(form, {**dict.fromkeys(form.paths, 3), "table4.review.total": BLANK})
    signed = replace(random_print("fmt2021", 0), figures=figures)
    draft = replace(signed, draft=True, hash="", signed_on=None)
    for renderer in (docx, pdf):
        for report, marked in ((signed, False), (draft, True)):
            words = _all_words(renderer.render(report))
            assert (UNKNOWN in words) is marked
            assert ("草稿未经签发" in words) is marked
    assert read(docx.render(signed)).cells["table4.review.total"].number is None


def _all_words(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return bare("".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        from lxml import etree

        return bare(
            "".join(
                "".join(etree.fromstring(parts.read(name)).itertext())
                for name in parts.namelist()
                if name.startswith("word/") and name.endswith(".xml")
            )
        )


def test_a_correction_says_which_version_it_is_and_what_it_corrects() -> None:
    printed = replace(random_print("fmt2021", 0), version=2, correction_note="更正第三表两处笔误")
    words = [block.text for block in flow(printed)]
    assert words[1:3] == ["（第2版，更正版）", "更正说明：更正第三表两处笔误"]
    assert "更正第三表两处笔误" in _all_words(docx.render(printed))


def test_the_signature_stands_at_the_end_only_of_what_is_signed() -> None:
    printed = random_print("fmt2021", 0)
    assert [block.text for block in flow(printed) if block.kind is Kind.SIGNATURE] == [
        printed.organ,
        "2022年1月19日",
    ]
    assert Kind.SIGNATURE not in {block.kind for block in flow(replace(printed, signed_on=None))}


def test_without_a_chinese_typeface_no_pdf_is_made_and_one_sentence_says_why(tmp_path: Path) -> None:
    with pytest.raises(fonts.NoFont, match=r"没有找到中文宋体或仿宋字体.*GONGKAI_FONTS") as raised:
        pdf.render(random_print("fmt2021", 0), font_folder=str(tmp_path), system_fonts=False)
    assert str(raised.value).count("。") == 1


def test_a_typeface_put_into_the_folder_is_found_without_a_restart(tmp_path: Path) -> None:
    need_chinese()
    printed = random_print("fmt2021", 0)
    with pytest.raises(fonts.NoFont):
        pdf.render(printed, font_folder=str(tmp_path), system_fonts=False)
    serif = next(
        Path(one.path)
        for one in fonts.installed().fonts()
        if one.family in fonts.SERIF and one.weight == 400 and one.path
    )
    (tmp_path / serif.name).symlink_to(serif)
    content = pdf.render(printed, font_folder=str(tmp_path), system_fonts=False)
    # No Latin typeface either: figures are set in the Chinese one.
    assert wrong(read(content), printed) == []
