"""The declared forms against the transcribed labels of the statutory forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.forms.layout import FORMS, Form, NoForm, NoSuchCell, RowKind, Unit, form_by_key, form_for

_LABELS = (Path(__file__).parents[1] / "data" / "form-labels.md").read_text(encoding="utf-8")
FMT2019, FMT2021 = FORMS["fmt2019"], FORMS["fmt2021"]


def part(number: str) -> list[list[str]]:
    """The table under a numbered heading of the transcription, as rows of cells."""
    text = re.split(r"^### ", _LABELS, flags=re.M)
    (section,) = [piece for piece in text if piece.startswith(number)]
    rows = [
        line.strip().removeprefix("|").removesuffix("|").split("|")
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def keyed(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(\w+)` — ([^;`|]+?)(?=;|$)", text)


@pytest.mark.parametrize(("form", "number"), [(FMT2019, "3.1"), (FMT2021, "3.2")])
def test_table_2_has_the_printed_blocks_rows_and_columns(form: Form, number: str) -> None:
    rows = part(number)
    assert len(rows) == len(form.blocks)
    for (head, row_text, column_text), block in zip(rows, form.blocks, strict=True):
        assert head == f"`{block.key}` {block.label}"
        assert keyed(row_text) == [(row.key, row.label) for row in block.rows]
        columns = [(column.key, column.label) for column in block.columns]
        if column_text == "same three":
            assert columns == [(c.key, c.label) for c in form.block("art20_5").columns]
        else:
            assert keyed(column_text) == columns


def test_table_3_has_the_printed_columns() -> None:
    expected = [(key.strip("`"), label, group) for key, label, group in part("3.3")]
    for form in FORMS.values():
        assert [(c.key, c.label, c.group) for c in form.applicants] == expected


@pytest.mark.parametrize(("form", "column"), [(FMT2019, 3), (FMT2021, 4)])
def test_table_3_has_the_printed_lines_in_order(form: Form, column: int) -> None:
    expected: list[tuple[str, RowKind]] = []
    for cells in part("3.4"):
        number, key, label, mark = cells[0], cells[1].strip("`"), cells[2], cells[column]
        if mark == "–" and number != "–":
            continue  # not in this form
        if mark == "no cells" or key == "(group)" or mark.startswith("group"):
            expected.append((label, RowKind.GROUP))
        else:
            label = label.removeprefix("（六）") if key.startswith("other_") else label
            expected.append((label, RowKind.SUM if key == "outcome_total" else RowKind.DATA))
            assert form.line(key).label == label
    assert [(line.label, line.kind) for line in form.lines] == expected


def test_table_4_has_the_printed_groups_and_columns() -> None:
    rows = part("3.5")
    for form in FORMS.values():
        groups = [
            (f"`{g.key}`", " / ".join(filter(None, (g.heading, g.subheading)))) for g in form.remedy_groups
        ]
        assert groups == [(row[0], row[1]) for row in rows]
        assert re.findall(r"`(\w+)` (\S+?)(?:,|$)", rows[0][2]) == [
            (c.key, c.label) for c in form.remedy_columns
        ]


@pytest.mark.parametrize(
    ("form", "leaves", "lines", "cells"), [(FMT2019, 19, 23, 161), (FMT2021, 21, 25, 175)]
)
def test_table_3_has_the_right_size(form: Form, leaves: int, lines: int, cells: int) -> None:
    assert len(form.leaves()) == leaves
    assert len(form.data_lines) == lines
    assert sum(cell.table == "table3" for cell in form.cells()) == cells
    assert sum(cell.table == "table4" for cell in form.cells()) == 15


def test_groups_know_their_leaves() -> None:
    for form in FORMS.values():
        assert [len(form.group_leaves(key)) for key in ("denied", "unable", "rejected")] == [8, 3, 5]
    assert [line.key for line in FMT2021.group_leaves("other")] == [
        "other_correction_lapsed",
        "other_fee_unpaid",
        "other_misc",
    ]
    assert FMT2019.group_leaves("other") == ()


def test_units_are_those_of_the_columns() -> None:
    for form in FORMS.values():
        for cell in form.cells():
            if cell.path.endswith("_wan"):
                assert cell.unit is Unit.MONEY_WAN
            elif cell.path.endswith(".change_this_year"):
                assert cell.unit is Unit.CHANGE
            else:
                assert cell.unit is Unit.COUNT


def test_labels_tell_cells_apart() -> None:
    for form in FORMS.values():
        labels = [(cell.table, cell.label) for cell in form.cells()]
        assert len(labels) == len(set(labels))
    assert FMT2021.cell("table3.other_misc.total").label == "（六）其他处理3.其他·总计"
    assert FMT2019.cell("table3.granted.other_org").label == "（一）予以公开·法人或其他组织—其他"
    assert FMT2019.cell("table4.litigation_after_review.upheld").label == "行政诉讼（复议后起诉）·结果维持"


@pytest.mark.parametrize(
    ("year", "key"),
    [(2019, "fmt2019"), (2020, "fmt2019"), (2021, "fmt2021"), (2022, "fmt2021"), (2030, "fmt2021")],
)
def test_the_year_decides_the_form(year: int, key: str) -> None:
    assert form_for(year) is form_by_key(key)


def test_there_is_no_form_before_2019_and_none_of_another_name() -> None:
    with pytest.raises(NoForm, match="2018年度"):
        form_for(2018)
    with pytest.raises(NoForm, match="fmt2030"):
        form_by_key("fmt2030")


def test_cells_cannot_be_added() -> None:
    with pytest.raises(NoSuchCell, match=r"table3\.granted\.dog"):
        FMT2021.cell("table3.granted.dog")
    assert "table3.other.total" in FMT2019
    assert "table3.other.total" not in FMT2021


def test_six_sections_with_their_subheadings() -> None:
    for form in FORMS.values():
        assert [section.key for section in form.sections] == ["s1", "s2", "s3", "s4", "s5", "s6"]
        assert [section.heading[:2] for section in form.sections] == [
            "一、",
            "二、",
            "三、",
            "四、",
            "五、",
            "六、",
        ]
        assert [form.section(key).table for key in ("s2", "s3", "s4")] == ["table2", "table3", "table4"]
    assert [sub.label for sub in FMT2021.section("s1").subheadings] == [
        "主动公开",
        "依申请公开",
        "政府信息管理",
        "政府信息公开平台建设",
        "监督保障",
    ]
