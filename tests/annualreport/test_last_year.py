"""Last year's words for each box: from our own report, else from the one that was read and kept."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.annualreport import actions, last_year
from gongkai.annualreport.library.models import ReadVersion
from gongkai.base.clock import on_day
from tests.annualreport.flow import draft, publish, reporter, zero_tables
from tests.annualreport.library import shelf
from tests.annualreport.records import keep_all
from tests.support.world import World

PART_ONE = "\n".join(
    [
        "本局认真落实条例。",
        "（一）主动公开情况。全年公开信息120条。",
        "（二）依申请公开",
        "全年收到申请10件。",
        "均按时答复。",
        "（五）监督保障：开展两次检查。",
    ]
)


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    return world


def test_our_own_report_of_last_year_comes_first_with_its_numbers(kept: World) -> None:
    shelf.keep(kept.organs["city-edu"], shelf.text("甲市教育局", 2021, part_one=PART_ONE))
    publish(kept, "city-edu", 2021)
    texts = last_year.texts(draft(kept, "city-edu", 2022))
    assert texts["s1.proactive"] == "按年度计划推进。"
    assert texts["s5.improvements"] == "已安排培训，继续改进。"
    assert "s6" not in texts


def test_a_report_that_was_read_is_cut_at_its_sub_headings(kept: World) -> None:
    shelf.keep(
        kept.organs["city-edu"],
        shelf.text("甲市教育局", 2021, part_one=PART_ONE, part_five="主动公开不够及时。已经整改。"),
    )
    assert ReadVersion.objects.get().report is not None
    assert last_year.texts(draft(kept, "city-edu", 2022)) == {
        "s1.proactive": "本局认真落实条例。\n全年公开信息120条。",
        "s1.on_request": "全年收到申请10件。\n均按时答复。",
        "s1.supervision": "开展两次检查。",
        "s5.problems": "主动公开不够及时。已经整改。",
        "s6": "无",
    }


def test_an_imported_report_has_tables_only_so_the_one_that_was_read_speaks(kept: World) -> None:
    with on_day(dt.date(2023, 1, 10)):
        actions.import_report(
            by=reporter(kept, "city-edu", "office"),
            organ=kept.organs["city-edu"],
            year=2021,
            tables=zero_tables(2021),
            source="门户网站",
        )
    version = draft(kept, "city-edu", 2022)
    assert last_year.texts(version) == {}
    shelf.keep(kept.organs["city-edu"], shelf.text("甲市教育局", 2021))
    assert last_year.texts(version)["s1.proactive"] == "本年度按照条例要求推进各项工作。"


def test_neither_anothers_library_nor_anothers_year_speaks_for_us(kept: World) -> None:
    shelf.keep(kept.organs["city"], shelf.text("甲市教育局", 2021))
    shelf.keep(kept.organs["city-edu"], shelf.text("甲市教育局", 2022))
    shelf.keep(kept.organs["city-edu"], shelf.text("甲市人民政府办公室", 2021))
    assert last_year.texts(draft(kept, "city-edu", 2022)) == {}
