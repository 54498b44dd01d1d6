"""The single releases the demo knows of: appointments, chronicle, lists, special topics, leaflets, broadcasts, enterprises."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from gongkai.base import clock
from gongkai.base.measures import Period
from gongkai.demo.places import LUOYANG, LY_OFFICE, PINGDINGSHAN, XIGONG
from gongkai.documents import actions
from gongkai.documents.describing import Filled
from gongkai.documents.models import Classification, Document
from gongkai.organs import actions as organ_actions
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

D = dt.date
BODY = "本信息为演示数据，内容系编造，不具有任何效力。"
# S042: 年历画 20万份; 办事材料、流程图 2000余份, shared out over the two that were printed
CALENDARS, MATERIALS, FLOWCHARTS = 200_000, 1_200, 836
# S073: the eight trades of the national catalogue of public enterprises, with who looks after them
ENTERPRISES = (
    ("school", "洛阳市示范中学（演示）", "ly-edu"),
    ("hospital", "洛阳市示范医院（演示）", "ly-health"),
    ("water", "洛阳供水公司（演示）", "ly-housing"),
    ("power", "洛阳供电公司（演示）", "ly-ndrc"),
    ("gas", "洛阳燃气公司（演示）", "ly-housing"),
    ("heat", "洛阳热力公司（演示）", "ly-housing"),
    ("waste", "洛阳环保水务公司（演示）", "ly-ecology"),
    ("bus", "洛阳公共交通公司（演示）", "ly-transport"),
)
_ENTRIES = (
    "省营商环境评价组到市调研；市政府常务会议研究民生实事。",
    "市重点项目集中开工；全市安全生产工作会议召开。",
)


@dataclass(frozen=True)
class Out:
    """One release to record."""

    channel: Any
    on: dt.date
    more: dict[str, Any] = field(default_factory=dict)


def load_papers(organs: dict[str, Organ], named: dict[str, Any], by: Actor) -> None:
    """Every single release. `named`: accounts and the organs' own channels, by name."""
    office = _Office(organs, by)
    _appointments(office)
    _chronicle(office, named["平顶山大事记"])
    _off_the_net(office, named)
    _on_accounts(office, named)
    _topics(office)
    _enterprises(office)


class _Office:
    """Registers a document and releases it as told."""

    def __init__(self, organs: dict[str, Organ], by: Actor) -> None:
        self.organs, self.by = organs, by
        groups = Classification.objects.filter(scheme=Classification.Scheme.GROUP)
        self.groups = {row.code: row for row in groups}

    def put(
        self,
        organ: str,
        kind: str,
        title: str,
        made_on: dt.date,
        *outs: Out,
        body: str = BODY,
        group: str = "",
        posts: list[Filled] | None = None,
    ) -> Document:
        with clock.on_day(max((out.on for out in outs), default=made_on)):
            document = actions.add_document(
                by=self.by,
                organ=self.organs[organ],
                kind=kind,
                title=f"{title}（演示）",
                made_on=made_on,
                body=body,
            )
            if group:
                actions.describe(document, by=self.by, group=self.groups[group])
            if posts:
                actions.set_appointments(document, by=self.by, lines=posts)
            for out in outs:
                actions.release(document, by=self.by, channel=out.channel, on=out.on, **out.more)
        return document


def _web(on: dt.date) -> Out:
    return Out("government_website", on)


def _appointments(office: _Office) -> None:
    """S074: seven notices of 平顶山, with the person, the post and the action."""
    for number in range(1, 8):
        made = D(2019, number + 2, 6)
        posts = [
            Filled(f"演示人员{number}", "appointed", f"演示市第{number}局副局长"),
            Filled(f"演示人员{number + 7}", "removed", f"演示市第{number}局副局长"),
        ]
        title = f"平顶山市人民政府关于演示人员{number}等职务任免的通知"
        office.put(PINGDINGSHAN, "personnel", title, made, _web(made + dt.timedelta(days=4)), posts=posts)


def _chronicle(office: _Office, channel: Any) -> None:
    """S285: a chronicle for every month, its entries by date, on the site and in the printed chronicle."""
    for month in range(1, 13):
        made = D(2019, month, 28)
        entries = [f"{month}月{day}日　{_ENTRIES[day % 2]}" for day in (3, 8, 15, 22, 27)]
        office.put(
            PINGDINGSHAN,
            "chronicle",
            f"平顶山大事记（2019年{month}月）",
            made,
            _web(made + dt.timedelta(days=2)),
            Out(channel, made + dt.timedelta(days=2), {"carrier": f"2019年第{month}期"}),
            body="\n".join([*entries, BODY]),
        )


def _off_the_net(office: _Office, named: dict[str, Any]) -> None:
    """S042–S045: what hung on boards, ran on screens, was handed out, broadcast or told to the press."""
    office.put(
        "ly-health",
        "news",
        "健康科普知识年历画",
        D(2019, 1, 10),
        Out(
            "handout",
            D(2019, 1, 21),
            {"form": "calendar", "copies": CALENDARS, "place": "免费发放给贫困户家庭"},
        ),
        Out("television", D(2019, 2, 1), {"form": "video", "carrier": "洛阳电视台新闻频道", "events": 12}),
        Out("mobile_tv", D(2019, 2, 1), {"form": "video", "carrier": "公交车移动电视频道", "events": 12}),
        Out("wechat", D(2019, 1, 22), {"form": "chart", "account": named["洛阳疾控"]}),
    )
    office.put(
        "ly-housing",
        "notice",
        "住房保障办事指南和公示名单说明",
        D(2019, 5, 6),
        Out("notice_board", D(2019, 5, 8), {"form": "text", "copies": 60, "place": "各社区公开栏"}),
        Out("publicity_board", D(2019, 5, 8), {"form": "text", "copies": 40, "place": "公租房小区宣传栏"}),
        Out("handout", D(2019, 5, 9), {"form": "leaflet", "copies": 5_000, "place": "入户发放"}),
        Out("newspaper", D(2019, 5, 10), {"form": "text", "carrier": "洛阳日报第3版（演示）"}),
    )
    office.put(
        LUOYANG,
        "news",
        "市民之家办事材料和流程图",
        D(2019, 4, 2),
        Out("handout", D(2019, 4, 8), {"form": "flowchart", "copies": FLOWCHARTS, "place": "市民之家"}),
        Out("handout", D(2019, 4, 9), {"form": "booklet", "copies": MATERIALS, "place": "市民之家"}),
        Out("screen", D(2019, 4, 8), {"form": "text", "place": "市民之家各类显示屏"}),
    )
    for number, month in enumerate((3, 6, 9, 11), 1):
        office.put(
            "ly-civil",
            "news",
            f"行风热线：扶贫政策解答（第{number}期）",
            D(2019, month, 12),
            Out(
                "radio",
                D(2019, month, 14),
                {"form": "interview", "carrier": "行风热线", "events": 1},
            ),
        )
    for number, month in enumerate((5, 10), 1):
        office.put(
            LUOYANG,
            "news",
            f"脱贫攻坚新闻发布会实录（第{number}场）",
            D(2019, month, 16),
            Out(
                "press_conference",
                D(2019, month, 16),
                {"form": "conference", "events": 1, "place": "市政府新闻发布厅"},
            ),
        )
    for first, last, events in (
        (1, 4, 3),
        (6, 9, 4),
        (11, 12, 2),
    ):  # the months of the two above are told by records
        actions.count_releases(
            by=office.by,
            organ=office.organs[LUOYANG],
            channel="press_conference",
            form="conference",
            period=Period(D(2019, first, 1), D(2019, last, 31 if last == 12 else 30)),
            events=events,
            note="各领域新闻发布会，未逐场登记（演示）",
        )
    office.put(
        XIGONG,
        "news",
        "决战脱贫攻坚扶持政策问答",
        D(2020, 11, 10),
        Out(
            named["《西工通讯》"],
            D(2020, 11, 13),
            {"form": "questions", "carrier": "2020年第11期", "copies": 800},
        ),
        Out("newspaper", D(2020, 11, 16), {"form": "text", "carrier": "地方报刊（演示）"}),
        Out("press_conference", D(2020, 11, 13), {"form": "conference", "events": 1}),
    )


def _on_accounts(office: _Office, named: dict[str, Any]) -> None:
    """S032, S045: single releases of the city of 平顶山 with account and link; a video and a chart."""
    for number, (form, what) in enumerate(
        (("chart", "一图看懂"), ("video", "两分钟了解"), ("text", "权威发布")), 1
    ):
        on = D(2019, 3 * number, 18)
        office.put(
            PINGDINGSHAN,
            "news",
            f"{what}：全市重点民生实事进展（第{number}期）",
            D(2019, 3 * number, 16),
            _web(on),
            Out(
                "wechat",
                on,
                {
                    "account": named["平顶山发布"],
                    "form": form,
                    "carrier": f"https://wx.example.cn/pds/{number}",
                },
            ),
            Out("weibo", on, {"account": named["平顶山市人民政府"], "form": form}),
        )


def _topics(office: _Office) -> None:
    """S069, S071, S072: what the office of Luoyang opened in 2022."""
    for number, month in enumerate((4, 7, 10), 1):
        made = D(2022, month, 12)
        title = f"重点工作督查督办情况通报（2022年第{number}期）"
        office.put(LY_OFFICE, "supervision", title, made, _web(made + dt.timedelta(days=3)))
    for number, (group, title) in enumerate(
        (
            ("D21", "洛阳市人民政府办公室权责清单（2022年版）"),
            ("D22", "公共服务事项目录（2022年版）"),
            ("D22", "公共服务事项办事指南目录（2022年版）"),
        )
    ):
        made = D(2022, 3 + number, 9)
        office.put(LY_OFFICE, "list", title, made, _web(made + dt.timedelta(days=5)), group=group)
    for number, topic in enumerate(("增值税留抵退税", "小微企业所得税优惠", "制造业缓税", "社保费缓缴"), 1):
        made = D(2022, 3 + number, 20)
        office.put(
            LY_OFFICE,
            "news",
            f"减税降费：{topic}政策要点",
            made,
            _web(made + dt.timedelta(days=2)),
            group="D7",
        )


def _enterprises(office: _Office) -> None:
    """S073: public enterprises publish what the national catalogue asks of them; they count for who looks after them."""
    for number, (key, name, above) in enumerate(ENTERPRISES):
        code = f"ly-pe-{key}"
        office.organs[code] = organ_actions.create_organ(
            by=office.by,
            code=code,
            name=name,
            kind="public_enterprise",
            tier="city",
            parent=office.organs[above],
            valid_from=D(2010, 1, 1),
            accepts_requests=False,
        )
        made = D(2022, 5, 5) + dt.timedelta(days=number)
        for group, what in (("E2", "服务事项和办理流程"), ("E3", "收费项目和收费标准")):
            office.put(code, "list", f"{name.removesuffix('（演示）')}{what}", made, _web(made), group=group)
