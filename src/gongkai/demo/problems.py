"""Problems and measures of 西工区 and of the city's office, as their reports name them in part five (S239)."""

from __future__ import annotations

import datetime as dt

from gongkai.annualreport import problem_actions as actions
from gongkai.base import clock
from gongkai.demo.places import LUOYANG, LY_OFFICE, XIGONG
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

D = dt.date
# organ, found on, source, problem, then (kind, day, words)
_PROBLEMS = (
    (
        XIGONG,
        D(2020, 6, 12),
        "appraisal",
        "政务公开的深度和广度有待拓展，公开内容与公众需求还有差距",
        (
            ("measure", D(2020, 6, 20), "加强业务培训，夯实组织领导和工作机制"),
            ("progress", D(2020, 10, 30), "已组织业务培训，逐单位核对主动公开目录"),
            ("carried", D(2020, 12, 28), "持续推进"),
        ),
    ),
    (
        XIGONG,
        D(2020, 7, 8),
        "inspection",
        "政府网站没有统一登录功能，IPv6改造尚未完成，基层政务新媒体容易逾期未更新",
        (
            ("measure", D(2020, 7, 20), "网站改版和IPv6改造列入2021年预算，力争上半年整改到位"),
            ("progress", D(2020, 11, 16), "已完成改版方案和预算申报"),
            ("carried", D(2020, 12, 28), "2021年上半年完成"),
            ("result", D(2021, 6, 25), "网站改版和IPv6改造已完成"),
            ("closed", D(2021, 6, 30), "已整改到位"),
        ),
    ),
    (
        XIGONG,
        D(2020, 9, 3),
        "self",
        "基层对政务公开认识不到位，工作人员流动大，工作衔接容易断档",
        (
            ("measure", D(2020, 9, 10), "完善办事处、社区两级公开标准，推进基层标准化规范化"),
            ("carried", D(2020, 12, 28), "持续推进"),
        ),
    ),
    (
        LY_OFFICE,
        D(2022, 5, 18),
        "self",
        "主动公开需进一步规范细化，内容保障要更及时",
        (
            ("measure", D(2022, 6, 1), "抓好重点领域信息全程公开，每月核对内容保障情况"),
            ("progress", D(2022, 10, 20), "已按月通报栏目更新情况"),
        ),
    ),
    (
        LY_OFFICE,
        D(2022, 8, 9),
        "inspection",
        "网站集约需进一步推进落实，协调指导要更到位",
        (("measure", D(2022, 8, 22), "优化平台功能，统一基层网站栏目"),),
    ),
    (
        LUOYANG,
        D(2022, 9, 1),
        "appraisal",
        "政策解读的水平有待提升，信息发布渠道还需拓宽",
        (("measure", D(2022, 9, 15), "增加图解和问答式解读，由起草单位同步提供"),),
    ),
)


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Each fact on its day, through the actions."""
    for code, found_on, source, text, steps in _PROBLEMS:
        with clock.on_day(found_on):
            problem = actions.add_problem(
                by=by, organ=organs[code], text=text, source=source, found_on=found_on, basis="演示数据"
            )
        for kind, day, words in steps:
            with clock.on_day(day):
                actions.add_step(problem, by=by, kind=kind, on=day, text=words)
