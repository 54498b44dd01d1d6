"""What the demo's columns show: the organs' columns, rules, profiles and invented documents. Pure.

Sources: domain rows S006 (the names of the rules), S037 and S160 (the columns), S069–S073 and S161.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.demo.places import (
    LUOYANG,
    LUOYANG_DEPARTMENTS,
    LY_OFFICE,
    MENGJIN,
    PINGDINGSHAN,
    XIGONG,
)

GENERAL, BUSINESS = "综合政务", "业务管理"
BLOCKS = ("西工资讯", "政务公开", "社会服务", "政务互动", "人文西工")
ADDED_BLOCKS = ("重点领域", "综合政务")
BLOCKS_ADDED_ON = dt.date(2020, 4, 20)
NEW_IN_2022 = dt.date(2022, 3, 15)


@dataclass(frozen=True)
class Item:
    """A document to register and release. `group`: its 组配分类; `body` or `html` its text, where it has one of its own."""

    organ: str
    kind: str
    title: str
    on: dt.date
    group: str = ""
    theme: str = ""
    number: str = ""
    body: str = ""
    html: str = ""


# --- 制度 (S006) ----------------------------------------------------------------------------------------------------

_APPLYING, _RELEASING, _ANSWERING, _SUPERVISING, _KEY_AREAS = "D31", "D32", "D33", "D34", "D35"
RULES: dict[str, tuple[tuple[str, str], ...]] = {
    MENGJIN: (
        ("孟津县政府信息公开考核制度", _SUPERVISING),
        ("孟津县依申请公开政府信息工作制度", _APPLYING),
        ("孟津县政府信息发布协调办法", _RELEASING),
        ("孟津县政府信息公开统计制度", _SUPERVISING),
        ("孟津县政府信息公开责任追究办法", _SUPERVISING),
        ("孟津县政府信息公开社会评议办法", _SUPERVISING),
        ("孟津县政府信息公开保密审查规定", _RELEASING),
        ("孟津县政府信息发布制度", _RELEASING),
        ("孟津县基层行政决策公众参与制度", _ANSWERING),
        ("孟津县政策解读回应工作制度", _ANSWERING),
        ("关于做好公文公开属性标示工作的通知", _RELEASING),
        ("孟津县政务公开工作考核办法", _SUPERVISING),
    ),
    XIGONG: (
        ("西工区政府信息公开制度", _RELEASING),
        ("西工区政府信息依申请公开制度", _APPLYING),
        ("西工区政府信息公开保密审查制度", _RELEASING),
        ("西工区公文公开发布实施办法", _RELEASING),
    ),
    PINGDINGSHAN: (
        ("平顶山市政务网络信息审核发布管理制度", _RELEASING),
        ("平顶山市政务微博微信管理制度", _KEY_AREAS),
        ("平顶山市政府舆情跟踪监测与研判应对工作制度", _ANSWERING),
    ),
    "ly-ecology": (("洛阳市生态环境局重点领域信息公开实施办法", _KEY_AREAS),),
}
RULES_YEAR = {MENGJIN: 2020, XIGONG: 2020, PINGDINGSHAN: 2019, "ly-ecology": 2019}
RULES_MARK = {MENGJIN: "孟公开办", XIGONG: "西公开办", PINGDINGSHAN: "平公开办", "ly-ecology": "洛环公开"}

# --- 法定主动公开内容 -----------------------------------------------------------------------------------------------

CONTENT = {
    "A03": "国民经济和社会发展第十三个五年规划实施情况",
    "A04": "国民经济和社会发展统计公报",
    "A05": "行政许可事项清单和办理结果",
    "A06": "行政处罚、行政强制的依据和程序",
    "A07": "政府预算和上年决算",
    "A08": "行政事业性收费目录清单",
    "A09": "政府集中采购目录和采购限额标准",
    "A10": "重大建设项目批准和实施情况",
    "A11": "就业和社会保障政策实施情况",
    "A12": "突发公共事件总体应急预案",
    "A13": "食品安全监督抽检情况",
    "A14": "公开招考工作人员公告和录用结果",
    "A15": "政务公开工作要点落实情况",
    "B1": "市政道路建设计划",
    "B2": "公共服务设施名录",
    "B3": "公益事业资助情况",
    "B4": "土地征收公告",
    "B5": "国有土地上房屋征收补偿决定公告",
    "B6": "治安管理通告",
    "B7": "城乡最低生活保障标准",
}


# name, type, ground
POWERS = (
    ("行政许可事项审批（演示甲）", "行政许可", "演示条例第十条"),
    ("行政许可变更（演示乙）", "行政许可", "演示条例第十二条"),
    ("违法行为处罚（演示丙）", "行政处罚", "演示条例第三十条"),
    ("年度监督检查（演示丁）", "行政检查", "演示条例第二十五条"),
)
SERVICES = (
    ("政策咨询（演示甲）", "公共服务", "演示办法第五条"),
    ("信息查询（演示乙）", "公共服务", "演示办法第六条"),
    ("培训报名（演示丙）", "公共服务", "演示办法第八条"),
)
_CHRONICLE = ("全市优化营商环境工作推进会召开。", "市政府召开常务会议，研究民生实事。", "重点项目集中开工。")


def items() -> Iterator[Item]:
    """Every document the columns need beside those the demo has already."""
    yield from _rules()
    yield from _statutory(LUOYANG, "洛阳市", 2022)
    yield from _statutory(MENGJIN, "孟津县", 2020)
    yield from _luoyang()
    yield from _xigong()
    yield from _pingdingshan()


def _rules() -> Iterator[Item]:
    for organ, titles in RULES.items():
        for number, (title, group) in enumerate(titles):
            day = dt.date(RULES_YEAR[organ], 3 + number // 2, 4 + number)
            mark = f"{RULES_MARK[organ]}〔{RULES_YEAR[organ]}〕{number + 1}号"
            yield Item(organ, "other", title, day, group, "0201", mark)


def _statutory(organ: str, place: str, year: int) -> Iterator[Item]:
    for number, (code, title) in enumerate(CONTENT.items()):
        day = dt.date(year, 2 + number // 2, 6 + number)
        yield Item(organ, "notice", f"{place}{year}年{title}（演示）", day, code)


def _luoyang() -> Iterator[Item]:
    news = ("市政府召开常务会议", "市领导调研重点项目建设", "全市营商环境推进会召开", "古都夜游季活动启动")
    for number in range(24):
        day = dt.date(2021, 2, 3) + dt.timedelta(days=29 * number)
        yield Item(LUOYANG, "news", f"{news[number % 4]}（演示{number + 1}）", day)
    yield Item(LUOYANG, "news", "2023年新年贺词（演示）", dt.date(2023, 1, 9))
    notices = ("关于开展城市道路养护的通告", "关于节假日公共交通安排的公告", "关于公开征集民生实事项目的公告")
    for number in range(15):
        day = dt.date(2021, 11, 8) + dt.timedelta(days=30 * number)
        if day < dt.date(2023, 1, 15):
            yield Item(LUOYANG, "notice", f"{notices[number % 3]}（演示{number + 1}）", day)
    for month in range(1, 13):
        day = dt.date(2022, month, 28)
        body = "\n".join(f"{month}月{one}日　{_CHRONICLE[one % 3]}" for one in (4, 11, 19, 26))
        yield Item(LUOYANG, "chronicle", f"洛阳市2022年{month}月大事记（演示）", day, body=body)
    for number in range(1, 5):
        day = dt.date(2022, 3 * number - 1, 25)
        yield Item(
            LUOYANG,
            "personnel",
            f"洛阳市人民政府关于工作人员任免的通知（演示{number}）",
            day,
            number=f"洛政任〔2022〕{number}号",
        )
    for number, key in enumerate(list(LUOYANG_DEPARTMENTS)[:6]):
        name = LUOYANG_DEPARTMENTS[key]
        day = dt.date(2022, 5, 10) + dt.timedelta(days=number)
        for group, what, rows in (
            ("D21", "权力和责任清单", POWERS),
            ("D22", "公共服务事项目录", SERVICES),
        ):
            title = f"洛阳市{name}{what}（2022年版，演示）"
            yield Item(f"ly-{key}", "list", title, day, group, html=_table(rows, name))
    for number in range(3):
        day = dt.date(2021, 7, 21) + dt.timedelta(days=3 * number)
        yield Item(LY_OFFICE, "news", f"防汛救灾工作情况通报（演示{number + 1}）", day)


def _table(rows: tuple[tuple[str, str, str], ...], office: str) -> str:
    """A list's items as the table it publishes (S071)."""
    heads = ("序号", "事项名称", "类型", "依据", "承办机构")
    lines = [(str(at), *row, f"{office}政务服务科") for at, row in enumerate(rows, start=1)]
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<p>演示数据，内容系编造。</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _xigong() -> Iterator[Item]:
    for number in range(8):
        day = dt.date(2019, 9, 3) + dt.timedelta(days=40 * number)
        yield Item(XIGONG, "news", f"西工区重点工作推进情况（演示{number + 1}）", day)
    for number in range(4):
        day = dt.date(2020, 5, 6) + dt.timedelta(days=45 * number)
        yield Item(XIGONG, "notice", f"西工区公共服务事项公告（演示{number + 1}）", day, "B2")
        yield Item(XIGONG, "notice", f"西工区重点领域信息公开（演示{number + 1}）", day, "D6")
    for number, what in enumerate(("区情概览", "历史沿革", "文物古迹")):
        yield Item(XIGONG, "list", f"人文西工：{what}（演示）", dt.date(2019, 10, 10 + number), "D8")
    for number in range(2):
        day = dt.date(2020, 6, 15 + 30 * number // 30)
        yield Item(XIGONG, "meeting", f"西工区政府常务会议纪要摘要（演示{number + 1}）", day, theme="02")


def _pingdingshan() -> Iterator[Item]:
    yield Item(PINGDINGSHAN, "list", "平顶山市政府信息公开目录编制说明（演示）", dt.date(2019, 2, 1), "D4")
    yield Item(PINGDINGSHAN, "list", "平顶山市人民政府机构设置一览（演示）", dt.date(2019, 3, 20), "D2")
    for number in range(4):
        day = dt.date(2019, 3, 12) + dt.timedelta(days=60 * number)
        yield Item(PINGDINGSHAN, "notice", f"平顶山市综合政务信息（演示{number + 1}）", day, theme="02")
        yield Item(PINGDINGSHAN, "notice", f"平顶山市业务管理事项公告（演示{number + 1}）", day, "A05")


# --- 机构简介 (S070) ------------------------------------------------------------------------------------------------

_WORK = {
    "ndrc": "国民经济和社会发展规划、投资和价格管理",
    "edu": "各级各类教育的规划和管理",
    "police": "治安管理和公共安全",
    "civil": "社会救助、社会组织和基层政权建设",
    "justice": "行政复议、法律援助和普法",
    "finance": "财政收支、预算和国有资产管理",
    "hr": "就业、社会保险和人事管理",
    "land": "自然资源管理和国土空间规划",
    "ecology": "生态环境保护和污染防治",
    "housing": "住房保障和城乡建设",
    "transport": "交通运输规划和管理",
    "health": "公共卫生和医疗服务",
    "market": "市场监管和食品药品安全",
    "urban": "城市管理和综合执法",
}


def profiles() -> Iterator[tuple[str, str]]:
    """Organ and the duties its profile names, for every department of the city and its office."""
    yield LUOYANG, _functions("全市经济社会发展各项行政工作")
    yield LY_OFFICE, _functions("市政府文稿、会务、督查、政务公开和机要保密")
    for key, work in _WORK.items():
        yield f"ly-{key}", _functions(work)


def _functions(work: str) -> str:
    return (
        f"一、贯彻执行有关{work}的法律、法规和政策，起草相关文件。\n"
        f"二、负责{work}的组织实施和监督检查。\n"
        "三、公开本机关的政府信息，受理和答复政府信息公开申请。\n"
        "四、承办市委、市政府交办的其他事项。\n（演示内容，系编造）"
    )
