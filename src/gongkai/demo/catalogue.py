"""The demo's columns, guides, profiles and platforms, through the rooms' own actions, each on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gongkai.base import clock
from gongkai.catalogue import actions
from gongkai.catalogue.feeds import SUBTREE, Rule
from gongkai.catalogue.models import Column
from gongkai.demo import plan_catalogue as plan
from gongkai.demo.places import LUOYANG, LUOYANG_DEPARTMENTS, LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.documents import actions as documents
from gongkai.documents.describing import Filled
from gongkai.documents.models import Classification, Document
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

BODY = "本文件为演示数据，内容系编造，不具有任何效力。"
SITE_OPENED = dt.date(2015, 6, 1)
PLATFORM_DUE = dt.date(2020, 12, 31)
RENOVATED = dt.date(2020, 11, 10)  # the platforms' common layout
LAUNCHED = dt.date(2020, 12, 18)
COMMON_LAYOUT, COMMON_LAYOUT_DUE = dt.date(2022, 11, 14), dt.date(2023, 6, 30)
SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱"
READY_IN_2020 = (LUOYANG, MENGJIN)
EVERYWHERE = {"organs": SUBTREE}


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Documents, columns, guides and platforms. What the columns of 2022 show comes with the releases, later."""
    made = _documents(organs, by)
    _luoyang(organs, by, made)
    _xigong(organs[XIGONG], by)
    _pingdingshan(organs[PINGDINGSHAN], by)
    _says_of_itself(organs, by)
    _platforms(organs, by)


def _documents(organs: dict[str, Organ], by: Actor) -> dict[str, list[Document]]:
    """Every planned document, released on the government's website on the day it was made; by organ."""
    entries = {(row.scheme, row.code): row for row in Classification.objects.filter(valid_to=None)}
    made: dict[str, list[Document]] = {}
    for planned in plan.items():
        with clock.on_day(planned.on):
            document = documents.add_document(
                by=by,
                organ=organs[planned.organ],
                kind=planned.kind,
                title=planned.title,
                made_on=planned.on,
                number=planned.number,
                body=planned.body or BODY,
            )
            if planned.html:
                documents.write(document.editions.get(), by=by, title=planned.title, html=planned.html)
            given = {"group": planned.group, "theme": planned.theme}
            if classes := {name: entries[name, code] for name, code in given.items() if code}:
                documents.describe(document, by=by, **classes)
            if planned.kind == "personnel":
                lines = [Filled("演示甲", "appointed", "副局长"), Filled("演示乙", "removed", "副局长")]
                documents.set_appointments(document, by=by, lines=lines)
            documents.release(document, by=by, channel="government_website", on=planned.on)
            made.setdefault(planned.organ, []).append(document)
    return made


class _Site:
    """Opens columns of one organ, each on its day."""

    def __init__(self, organ: Organ, by: Actor, on: dt.date) -> None:
        self.organ, self.by, self.on = organ, by, on

    def add(self, slug: str, title: str, *feed: Rule, **more: Any) -> Column:
        given: dict[str, Any] = {"on": self.on, "description": f"{self.organ.name}公开的{title}"} | more
        with clock.on_day(given["on"]):
            return actions.add_column(
                by=self.by, organ=self.organ, slug=slug, title=title, feed=feed, **given
            )


def _rule(*kinds: str, **more: Any) -> Rule:
    return Rule(kinds=kinds, **(EVERYWHERE | more))


def _luoyang(organs: dict[str, Organ], by: Actor, made: dict[str, list[Document]]) -> None:
    city, office = organs[LUOYANG], organs[LY_OFFICE]
    site = _Site(city, by, SITE_OPENED)
    standard: dict[str, Any] = {"owner": office, "responsible": "李审核"}
    site.add("news", "政务动态", _rule("news"), kind="news", front=10, update_days=14, **standard)
    site.add("notices", "通知公告", _rule("notice"), kind="notice", front=20, update_days=180, **standard)
    site.add(
        "policy",
        "政策文件",
        _rule("rules", "normative_docs", "other", in_force=True),
        kind="policy",
        front=30,
        update_days=180,
        **standard,
    )
    site.add(
        "interpretation",
        "解读专栏",
        _rule("interpretation"),
        kind="interpretation",
        front=40,
        update_days=180,
        **standard,
    )
    affairs = site.add("affairs", "政务公开")
    for slug, title, kind in (
        ("personnel", "人事任免", "personnel"),
        ("chronicle", "大事记", "chronicle"),
        ("meetings", "政府会议", "meeting"),
    ):
        site.add(slug, title, _rule(kind), parent=affairs)
    new: dict[str, Any] = {"on": plan.NEW_IN_2022, "reason": "洛政办〔2022〕12号（演示）"}
    site.add("supervision", "督查督办", _rule("supervision"), parent=affairs, front=50, **new)
    lists = site.add("lists", "清单目录", parent=affairs, **new)
    site.add("power-lists", "权责清单", Rule(groups=("D21",), organs=SUBTREE), parent=lists, **new)
    site.add("service-lists", "公共服务事项目录", Rule(groups=("D22",), organs=SUBTREE), parent=lists, **new)
    site.add(
        "enterprises",
        "公共企事业单位信息公开",
        Rule(groups=("E",), organs=SUBTREE),
        parent=affairs,
        description="教育、卫生健康、供水、供电、供气、供热、环境保护、公共交通单位公开的信息",
        **new,
    )
    site.add(
        "tax",
        "减税降费",
        Rule(groups=("D7",), organs=SUBTREE),
        kind="topic",
        front=60,
        description="减税降费政策和落实情况",
        **new,
    )
    flood = site.add("flood", "防汛救灾专题", kind="topic", on=dt.date(2021, 7, 20), reason="防汛应急响应")
    for document in made[LY_OFFICE]:
        if document.title.startswith("防汛救灾"):
            with clock.on_day(document.made_on):
                actions.pick(flood, by=by, document=document, on=document.made_on)
    with clock.on_day(dt.date(2022, 1, 31)):
        actions.archive_column(flood, by=by, on=dt.date(2022, 1, 31), reason="灾后恢复重建任务完成")
    with clock.on_day(dt.date(2019, 4, 2)):
        news = Column.objects.get(organ=city, slug="news")
        actions.rename_column(news, by=by, title="洛阳要闻", on=dt.date(2019, 4, 2), reason="统一栏目名称")


def _xigong(organ: Organ, by: Actor) -> None:
    """Five blocks, and two added in 2020 (S160)."""
    site = _Site(organ, by, SITE_OPENED)
    news, affairs, society, talk, humane = plan.BLOCKS
    site.add("news", news, _rule("news"), kind="news", front=10, update_days=14)
    site.add("affairs", affairs, _rule("normative_docs", "other", "list", "meeting"), front=20)
    site.add("society", society, Rule(groups=("B2",), organs=SUBTREE), kind="service", front=30)
    site.add("talk", talk, _rule("interpretation"), kind="interaction")
    site.add("humane", humane, Rule(groups=("D8",)), kind="overview", front=40)
    key, general = plan.ADDED_BLOCKS
    added: dict[str, Any] = {"on": plan.BLOCKS_ADDED_ON, "reason": "2020年政务公开工作要点（演示）"}
    site.add("key-areas", key, Rule(groups=("D6",), organs=SUBTREE), front=50, **added)
    site.add("general", general, Rule(themes=("02",), organs=SUBTREE), front=60, **added)


def _pingdingshan(organ: Organ, by: Actor) -> None:
    """The catalogue of S037, improved in 2019 with a standard for every column (S298)."""
    site = _Site(organ, by, SITE_OPENED)
    catalogue = site.add("catalogue", "政府信息公开目录")
    rows: Sequence[tuple[str, str, Rule]] = (
        ("guide", "指南", Rule(groups=("D4",))),
        ("organisation", "组织机构", Rule(groups=("D2",), organs=SUBTREE)),
        ("general", plan.GENERAL, Rule(themes=("02",), organs=SUBTREE)),
        ("business", plan.BUSINESS, Rule(groups=("A05", "B"), organs=SUBTREE)),
    )
    made = [site.add(slug, title, rule, parent=catalogue) for slug, title, rule in rows]
    old = site.add("bulletin", "政务简报", _rule("news"), parent=catalogue)
    office = Organ.objects.get(code="pingdingshan-office-open")
    day = dt.date(2019, 5, 20)
    with clock.on_day(day):
        reason = "政务公开目录动态完善（演示）"
        actions.retire_column(old, by=by, on=day, reason=reason)
        for column, days in zip(made, (365, 180, 90, 90), strict=True):
            actions.set_standard(
                column, by=by, owner=office, responsible="李审核", update_days=days, on=day, reason=reason
            )


def _says_of_itself(organs: dict[str, Organ], by: Actor) -> None:
    """Profiles of the city's organs (S070) and guides (S007), revised when a telephone number changed."""
    day = dt.date(2022, 4, 8)
    with clock.on_day(day):
        for number, (code, functions) in enumerate(plan.profiles()):
            leader = f"{SURNAMES[number % len(SURNAMES)]}演示"
            post = "市长" if code == LUOYANG else "主任" if code == LY_OFFICE else "局长（主任）"
            actions.publish_profile(
                by=by,
                organ=organs[code],
                functions=functions,
                leaders=[{"name": leader, "post": post, "duties": "主持全面工作"}],
                on=day,
            )
    guides = {
        PINGDINGSHAN: (dt.date(2019, 4, 30),),
        XIGONG: (dt.date(2020, 4, 20),),
        MENGJIN: (dt.date(2020, 11, 20),),
        LUOYANG: (dt.date(2020, 12, 1), dt.date(2022, 4, 10)),
        LY_OFFICE: (dt.date(2020, 12, 1), dt.date(2022, 4, 10)),
    }
    departments = {f"ly-{key}": (dt.date(2022, 4, 10),) for key in LUOYANG_DEPARTMENTS}
    for code, days in {**guides, **departments}.items():
        for revised in days:
            with clock.on_day(revised):
                reason = "更新机构信息" if revised != days[0] else "首次发布"
                actions.publish_guide(by=by, organ=organs[code], on=revised, reason=f"{reason}（演示）")


def _platforms(organs: dict[str, Organ], by: Actor) -> None:
    """The platforms of the city and of every unit of 孟津 were due by the end of 2020 (S161); the departments of the city get
    the common layout in 2023 (S162)."""
    county, city = organs[MENGJIN], organs[LUOYANG]
    units = [one for one in organs.values() if one.pk == county.pk or one.parent_id == county.pk]
    departments = [organs[LY_OFFICE], *(organs[f"ly-{key}"] for key in LUOYANG_DEPARTMENTS)]
    rounds = (
        (county, units, RENOVATED, PLATFORM_DUE, "国办公开办函〔2019〕61号"),
        (city, [city], RENOVATED, PLATFORM_DUE, "国办公开办函〔2019〕61号"),
        (city, departments, COMMON_LAYOUT, COMMON_LAYOUT_DUE, "洛阳市政府信息公开平台统一样式（演示）"),
    )
    for above, owing, told, due_on, basis in rounds:
        for organ in owing:
            with clock.on_day(told):
                duty = actions.set_deadline(by=by, organ=organ, above=above, due_on=due_on, basis=basis)
            if organ.code in READY_IN_2020:
                with clock.on_day(LAUNCHED):
                    actions.launch(duty, by=by, on=LAUNCHED)
