"""The printed tables: spans tile the rectangle, every cell of the form stands in it once."""

from __future__ import annotations

import pytest

from gongkai.forms.grid import Grid, grid, grids
from gongkai.forms.layout import FORMS, TABLES, Form
from gongkai.forms.parts import CORNER_NOTE

PRINTED = [
    (form, table)
    for form in FORMS.values()
    for table in (*TABLES, *(f"table2.{block.key}" for block in form.blocks))
]
IDS = [f"{form.key}-{table}" for form, table in PRINTED]
FMT2019, FMT2021 = FORMS["fmt2019"], FORMS["fmt2021"]


def covered(lines: Grid) -> dict[tuple[int, int], str]:
    """Lay the cells out as HTML does: place (line, column) → text or path. Fails on an overlap."""
    places: dict[tuple[int, int], str] = {}
    for y, line in enumerate(lines):
        x = 0
        for cell in line:
            while (y, x) in places:
                x += 1
            for dy in range(cell.rowspan):
                for dx in range(cell.colspan):
                    assert (y + dy, x + dx) not in places
                    places[y + dy, x + dx] = cell.text or cell.path
            x += cell.colspan
    return places


@pytest.mark.parametrize(("form", "table"), PRINTED, ids=IDS)
def test_cells_tile_the_rectangle(form: Form, table: str) -> None:
    lines = grid(form, table)
    places = covered(lines)
    height, width = max(y for y, _ in places) + 1, max(x for _, x in places) + 1
    assert height == len(lines)
    assert len(places) == height * width


@pytest.mark.parametrize(("form", "table"), PRINTED, ids=IDS)
def test_every_figure_is_printed_once_and_every_heading_has_a_scope(form: Form, table: str) -> None:
    cells = [cell for line in grid(form, table) for cell in line]
    paths = [cell.path for cell in cells if cell.path]
    assert paths == [path for path in form.paths if path.startswith(table + ".")]
    assert all(bool(cell.path) is not bool(cell.text) for cell in cells)
    assert all(bool(cell.scope) is cell.header for cell in cells)
    assert [cell.text for cell in cells if not cell.header and not cell.path] in ([], [CORNER_NOTE])


@pytest.mark.parametrize(
    ("form", "table", "height", "width"),
    [
        (FMT2019, "table2", 5 * 2 + 8, 4),
        (FMT2021, "table2", 4 * 2 + 6, 4),
        (FMT2019, "table3", 3 + 23, 10),
        (FMT2021, "table3", 3 + 25, 10),
        (FMT2019, "table4", 4, 15),
        (FMT2021, "table4", 4, 15),
    ],
)
def test_the_tables_have_the_printed_size(form: Form, table: str, height: int, width: int) -> None:
    places = covered(grid(form, table))
    assert max(places) == (height - 1, width - 1)


def spans(form: Form, table: str) -> dict[str, tuple[int, int]]:
    return {
        cell.text: (cell.rowspan, cell.colspan) for line in grid(form, table) for cell in line if cell.text
    }


def test_table_3_of_2021_is_spanned_as_on_the_form() -> None:
    found = spans(FMT2021, "table3")
    assert found[CORNER_NOTE] == (3, 3)
    assert found["申请人情况"] == (1, 7)
    assert found["法人或其他组织"] == (1, 5)
    assert found["自然人"] == (2, 1)
    assert found["一、本年新收政府信息公开申请数量"] == (1, 3)
    assert found["三、本年度办理结果"] == (22, 1)
    assert found["（一）予以公开"] == (1, 2)
    assert found["（三）不予公开"] == (8, 1)
    assert found["（四）无法提供"] == (3, 1)
    assert found["（五）不予处理"] == (5, 1)
    assert found["（六）其他处理"] == (3, 1)
    assert found["（七）总计"] == (1, 2)
    assert found["四、结转下年度继续办理"] == (1, 3)


def test_table_3_of_2019_has_one_line_of_other_outcomes() -> None:
    found = spans(FMT2019, "table3")
    assert found["三、本年度办理结果"] == (20, 1)
    assert found["（六）其他处理"] == (1, 2)


def test_table_4_has_three_levels_of_headings() -> None:
    for form in FORMS.values():
        lines = grid(form, "table4")
        assert [(c.text, c.colspan) for c in lines[0]] == [("行政复议", 5), ("行政诉讼", 10)]
        assert [(c.text, c.rowspan) for c in lines[1][:5]] == [
            ("结果维持", 2),
            ("结果纠正", 2),
            ("其他结果", 2),
            ("尚未审结", 2),
            ("总计", 2),
        ]
        assert [(c.text, c.colspan) for c in lines[1][5:]] == [("未经复议直接起诉", 5), ("复议后起诉", 5)]
        assert [c.path for c in lines[3]] == [p for p in form.paths if p.startswith("table4.")]


def test_table_2_comes_whole_or_block_by_block() -> None:
    whole = grid(FMT2021, "table2")
    assert [(c.text, c.colspan) for c in whole[4]] == [("第二十条第（五）项", 4)]
    assert [(c.text, c.colspan) for c in whole[5]] == [("信息内容", 1), ("本年处理决定数量", 3)]
    blocks = grids(FMT2021, "table2")
    assert [lines[0][0].text for lines in blocks] == [block.label for block in FMT2021.blocks]
    assert [lines[0][0].colspan for lines in blocks] == [4, 2, 2, 2]
    assert grids(FMT2021, "table3") == [grid(FMT2021, "table3")]


def test_there_is_no_table_5() -> None:
    with pytest.raises(ValueError, match="table5"):
        grid(FMT2021, "table5")
