"""Opening figures and tallies from a table: all or nothing, labels or codes, errors by row and column."""

import pytest

from gongkai.base import tables
from gongkai.base.models import Tally
from gongkai.organs.actors import Actor
from gongkai.organs.tally_import import OPTIONAL, REQUIRED, import_tallies
from tests.support.world import TEST, World

GOOD = """机关代码,指标,分类,年度,起,止,数值,来源,说明
city-edu,处理决定数量,行政许可,2019,,,"1,349,117",单位填报,
city-edu,keyareas.items_change,admin_penalty,2020,,,-101,,
county-a,documents.in_force,行政规范性文件,,,2018年12月31日,92,启用前期初数,启用前制发
county-a,政府集中采购总金额,,,2019-01-01,2019-06-30,17232952.5,,
"""


def load(text: str, by: Actor = TEST, dry_run: bool = False):
    rows = tables.read(text.encode(), "数字.csv", required=REQUIRED, optional=OPTIONAL)
    return import_tallies(rows, by=by, dry_run=dry_run)


def test_a_good_table_becomes_tallies(world: World) -> None:
    report = load(GOOD)
    assert (report.rows, report.errors, report.kept) == (4, [], True)
    kept = Tally.objects.order_by("pk").values_list(
        "measure", "dimension_key", "value", "source", "period_to"
    )
    assert [(key, dims, str(value), source, str(day)) for key, dims, value, source, day in kept] == [
        ("keyareas.decisions", "row=admin_license", "1349117.0000", "unit", "2019-12-31"),
        ("keyareas.items_change", "row=admin_penalty", "-101.0000", "import", "2020-12-31"),
        ("documents.in_force", "kind=normative_docs", "92.0000", "opening", "2018-12-31"),
        ("keyareas.procurement_amount_yuan", "", "17232952.5000", "import", "2019-06-30"),
    ]


def test_a_dry_run_keeps_nothing(world: World) -> None:
    report = load(GOOD, dry_run=True)
    assert (report.rows, report.kept, Tally.objects.count()) == (4, False, 0)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("nowhere,处理决定数量,行政许可,2019,,,1,,", "机关代码"),
        ("city-edu,天气,行政许可,2019,,,1,,", "指标"),
        ("city-edu,处理决定数量,罚款,2019,,,1,,", "分类"),
        ("city-edu,处理决定数量,行政许可、甲,2019,,,1,,", "分类"),
        ("city-edu,处理决定数量,行政许可,19,,,1,,", "止"),
        ("city-edu,处理决定数量,行政许可,,,,1,,", "止"),
        ("city-edu,处理决定数量,行政许可,,,2019-13-01,1,,", "止"),
        ("city-edu,处理决定数量,行政许可,,,2019-12-31,1,,", "起"),
        ("city-edu,处理决定数量,行政许可,2019,,,很多,,", "数值"),
        ("city-edu,处理决定数量,行政许可,2019,,,1,听说,", "来源"),
    ],
)
def test_one_bad_row_is_named_and_nothing_stays(world: World, line: str, column: str) -> None:
    report = load(f"{GOOD}{line}\n")
    assert [(error.row, error.column) for error in report.errors] == [(6, column)]
    assert not report.kept
    assert not Tally.objects.exists()


def test_rows_of_other_organs_are_refused_in_words(world: World) -> None:
    report = load(GOOD, by=world.actor("city-edu", "office", "tallies"))
    assert [error.row for error in report.errors] == [4, 5]
    assert not Tally.objects.exists()
