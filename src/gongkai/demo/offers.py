"""西工区's items for the city's website in 2020: 225 offered, 157 adopted (S035)."""

from __future__ import annotations

import datetime as dt

from gongkai.base import clock
from gongkai.base.models import Coverage
from gongkai.demo.places import LUOYANG, LY_OFFICE, PINGDINGSHAN, XIGONG
from gongkai.documents import actions
from gongkai.documents.models import Received
from gongkai.organs import tallies
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

OFFERED, ADOPTED = 225, 157  # of the other 68 some were sent back, some neither used nor sent back
COLUMNS = ("区县动态", "部门动态", "重点领域", "公示公告")
TOPICS = ("疫情防控", "脱贫攻坚", "城市提质", "营商环境", "民生实事", "基层政务公开")
FIRST = dt.date(2020, 1, 6)


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Every item with what became of it, spread over the year."""
    for city in (organs[LUOYANG], organs[PINGDINGSHAN]):
        tallies.set_coverage(
            by=by,
            organ=city,
            register="offers",
            mode=Coverage.Mode.HERE,
            valid_from=dt.date(2019, 1, 1),
            whole_tree=True,
        )
    for number in range(OFFERED):
        day = FIRST + dt.timedelta(days=number * 350 // OFFERED)
        with clock.on_day(day):
            row = actions.offer(
                by=by,
                organ=organs[XIGONG],
                to_organ=organs[LY_OFFICE],
                title=f"西工区{TOPICS[number % len(TOPICS)]}工作动态（2020年第{number + 1}期，演示）",
                text="本信息为演示数据，内容系编造。",
                column=COLUMNS[number % len(COLUMNS)],
            )
        with clock.on_day(day + dt.timedelta(days=3)):
            _decide(row.received, number, by)


def _decide(received: Received, number: int, by: Actor) -> None:
    """The adopted ones evenly over the year; two of three others are sent back."""
    if number * ADOPTED // OFFERED < (number + 1) * ADOPTED // OFFERED:
        actions.adopt(
            received, by=by, on=clock.today(), place=f"市政府网站“{COLUMNS[number % len(COLUMNS)]}”"
        )
    elif number % 3:
        actions.turn_down(received, by=by, on=clock.today(), reason="同类信息已由市直部门报送")
