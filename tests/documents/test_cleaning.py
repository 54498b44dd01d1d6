"""A round of 清理: what is listed, concluded, and written into validity when it closes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base import clock
from gongkai.documents import actions, cleaning, queries
from gongkai.documents.models import CleanUp
from gongkai.organs.refusals import Refused
from tests.documents.support import document
from tests.support.world import TEST, World

DAY, END = dt.date(2022, 6, 1), dt.date(2022, 7, 1)


@pytest.fixture
def going(world: World) -> CleanUp:
    for title in ("甲", "乙", "丙", "丁"):
        document(world, title=title)
    document(world, kind="notice", title="通知没有效力")
    document(world, title="截止以后", made_on=dt.date(2022, 5, 2))
    document(world, "city-edu", title="别的机关")
    gone = document(world, title="早已废止")
    actions.change_validity(
        gone, by=TEST, kind="repealed", on=dt.date(2020, 1, 1), decided_by="甲政〔2020〕1号"
    )
    with clock.on_day(DAY):
        return actions.open_clean_up(
            by=TEST, organ=world.organs["city"], title="2022年清理", cut_off=dt.date(2022, 5, 1)
        )


def test_a_round_ends_what_it_concluded_to_end(world: World, going: CleanUp) -> None:
    items = {item.document.title: item for item in going.items.all()}
    assert set(items) == {"甲", "乙", "丙", "丁"}
    wanted = {
        "甲": ("keep", ""),
        "乙": ("repeal", ""),
        "丙": ("expire", "调整对象消失"),
        "丁": ("amend", "与上位法不符"),
    }
    with clock.on_day(DAY):
        for title, (conclusion, note) in list(wanted.items())[:3]:
            actions.conclude(items[title], by=TEST, conclusion=conclusion, note=note)
        with pytest.raises(Refused, match="还有1件"):
            actions.close_clean_up(going, by=TEST, on=END, decided_by="甲政〔2022〕8号")
        actions.conclude(items["丁"], by=TEST, conclusion="amend", note="与上位法不符")
        with pytest.raises(ValidationError, match="公布清理结果"):
            actions.close_clean_up(going, by=TEST, on=END, decided_by=" ")
        actions.close_clean_up(going, by=TEST, on=END, decided_by="甲政〔2022〕8号")
        with pytest.raises(Refused, match="已于2022-06-01办结"):
            actions.conclude(items["甲"], by=TEST, conclusion="repeal")
    assert cleaning.result(going) == {"": 0, "keep": 1, "amend": 1, "repeal": 1, "expire": 1}
    found = {title: queries.validity_on(item.document, END).value for title, item in items.items()}
    assert found == {"甲": "in_force", "乙": "repealed", "丙": "expired", "丁": "in_force"}
    assert queries.validity_on(items["乙"].document, DAY).value == "in_force", "not before its day"


def test_what_is_wrong_with_a_round_is_said(world: World, going: CleanUp) -> None:
    city, item = world.organs["city"], going.items.first()
    with clock.on_day(DAY):
        with pytest.raises(Refused, match="正在进行"):
            actions.open_clean_up(by=TEST, organ=city, title="又一次", cut_off=DAY)
        with pytest.raises(ValidationError, match="晚于今天"):
            actions.open_clean_up(by=TEST, organ=city, title="x", cut_off=END)
        with pytest.raises(ValidationError, match="不需要清理"):
            actions.open_clean_up(by=TEST, organ=city, title="x", cut_off=DAY, kind="notice")
        with pytest.raises(Refused, match="没有现行有效"):
            actions.open_clean_up(by=TEST, organ=world.organs["county-b"], title="x", cut_off=DAY)
        with pytest.raises(ValidationError, match="写明理由"):
            actions.conclude(item, by=TEST, conclusion="amend")
        with pytest.raises(ValidationError, match="请选择"):
            actions.conclude(item, by=TEST, conclusion="")
        with pytest.raises(Refused):
            actions.conclude(item, by=world.actor("city-edu", "head", "documents"), conclusion="keep")
