"""The five seeds and the corpus, cell by cell against their transcriptions."""

import pytest

from . import published


@pytest.mark.parametrize("name", published.FILES)
def test_every_cell_equals_the_transcription(name):
    assert published.flat(published.report(name).as_json()) == published.flat(published.truth(name))


@pytest.mark.parametrize("name", published.FILES)
def test_year_and_form(name):
    report, truth = published.report(name).as_json(), published.truth(name)
    assert (report["report_year"], report["format"]) == (truth["report_year"], truth["format"])


@pytest.mark.parametrize("name", [name for name in published.FILES if name != "MJ20"])
def test_organ(name):
    assert published.report(name).organ == published.truth(name)["organ"]


def test_an_organ_is_called_what_its_title_calls_it():
    assert published.report("MJ20").organ == "洛阳市孟津县人民政府"


@pytest.mark.parametrize("name", published.SEEDS)
def test_inferred_cells_are_those_listed_with_the_same_numbers(name):
    cells = published.report(name).as_json()["cells"]
    inferred = {path: cell["value"] for path, cell in cells.items() if cell["state"] == "inferred"}
    assert inferred == {entry["path"]: entry["value"] for entry in published.truth(name).get("inferred", [])}
    assert all(cell["proof"] for cell in cells.values() if cell["state"] == "inferred")


def test_what_is_printed_blank_stays_blank():
    cells = published.report("SY23").as_json()["cells"]
    blank = {path for path, cell in cells.items() if cell["state"] == "blank"}
    assert blank == {path for path, n in published.flat(published.truth("SY23")).items() if n is None}
    assert all(cells[path]["value"] is None for path in blank)


@pytest.mark.parametrize("name", published.FILES)
def test_every_read_cell_says_where_it_stands(name):
    cells = published.report(name).as_json()["cells"]
    assert all(cell["at"] for cell in cells.values() if cell["state"] in ("read", "blank"))


@pytest.mark.seed("F4")
def test_garbled_headings_of_table_4_are_no_obstacle():
    table = published.report("LY19").as_json()["table4"]
    assert table == published.truth("LY19")["table4"]


@pytest.mark.seed("F3")
def test_a_shifted_row_is_put_right_by_the_column_sums_and_reported():
    report = published.report("LY19").as_json()
    cell = report["cells"]["table3.rejected_reissue.natural_person"]
    assert (cell["state"], cell["value"]) == ("inferred", 1)
    assert "819" in cell["proof"]
    assert any("5.要求行政机关确认或重新出具已获取信息" in note for note in report["damage"])


@pytest.mark.parametrize("name", published.SEEDS)
def test_the_six_parts_have_their_text(name):
    sections = published.report(name).sections
    assert {"s1", "s5", "s6"} <= set(sections)
    assert len(sections["s1"]) > 500
    assert sections["s6"]
