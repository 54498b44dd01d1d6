"""法定主动公开内容: which items of articles 20 and 21 of the Regulation an organ must show, by its tier and kind.

Pure data. The codes are those of the shipped 组配分类; the short words are what a menu has room for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.organs.models import Organ

Kind, Tier = Organ.Kind, Organ.Tier


@dataclass(frozen=True)
class Item:
    """`rule_kinds`: types of document that belong here whether classified so or not. `profile`: the organ's profile page
    answers it."""

    code: str
    short: str
    label: str
    article: str
    rule_kinds: tuple[str, ...] = ()
    profile: bool = False


def _twenty(number: int, short: str, label: str, *kinds: str, profile: bool = False) -> Item:
    words = "一二三四五六七八九十"
    said = words[number - 1] if number <= 10 else f"十{words[number - 11]}"
    return Item(f"A{number:02d}", short, label, f"条例第二十条第（{said}）项", kinds, profile)


ARTICLE_20 = (
    _twenty(1, "法规文件", "行政法规、规章和规范性文件", "legislation", "rules", "normative_docs"),
    _twenty(
        2,
        "机构职能",
        "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
        "personnel",
        profile=True,
    ),
    _twenty(3, "规划计划", "国民经济和社会发展规划、专项规划、区域规划及相关政策"),
    _twenty(4, "统计信息", "国民经济和社会发展统计信息"),
    _twenty(5, "行政许可和管理服务", "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果"),
    _twenty(
        6, "行政处罚和强制", "实施行政处罚、行政强制的依据、条件、程序以及具有一定社会影响的行政处罚决定"
    ),
    _twenty(7, "财政预决算", "财政预算、决算信息"),
    _twenty(8, "行政事业性收费", "行政事业性收费项目及其依据、标准"),
    _twenty(9, "政府集中采购", "政府集中采购项目的目录、标准及实施情况"),
    _twenty(10, "重大建设项目", "重大建设项目的批准和实施情况"),
    _twenty(11, "民生政策", "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况"),
    _twenty(12, "应急管理", "突发公共事件的应急预案、预警信息及应对情况"),
    _twenty(13, "监督检查", "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况"),
    _twenty(14, "公务员招考", "公务员招考的职位、名额、报考条件等事项以及录用结果"),
    _twenty(15, "其他法定信息", "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息"),
)


def _more(letter: str, *labels: str) -> tuple[Item, ...]:
    return tuple(
        Item(f"{letter}{number}", label, label, "条例第二十一条") for number, label in enumerate(labels, 1)
    )


CITY_AND_COUNTY = _more(
    "B", "市政建设", "公共服务", "公益事业", "土地征收", "房屋征收", "治安管理", "社会救助"
)
TOWNSHIP = _more(
    "C",
    "农业农村政策",
    "农田水利工程建设运营",
    "农村土地承包经营权流转",
    "宅基地使用情况审核",
    "土地征收",
    "房屋征收",
    "筹资筹劳",
    "社会救助",
)
# Art. 55: what a public enterprise publishes is set by its own rules (国办发〔2020〕50号); these are the usual headings.
ENTERPRISE = tuple(
    Item(f"E{number}", label, label, "条例第五十五条")
    for number, label in enumerate(
        ("单位概况", "服务事项和流程", "收费项目和标准", "服务承诺和质量", "监督投诉渠道"), 1
    )
)
LABELS = {item.code: item for item in (*ARTICLE_20, *CITY_AND_COUNTY, *TOWNSHIP, *ENTERPRISE)}


def items_of(organ: Organ) -> tuple[Item, ...]:
    """What the Regulation asks of this organ, in its order. Nothing of village committees and internal units."""
    if organ.kind == Kind.PUBLIC_ENTERPRISE:
        return ENTERPRISE
    if organ.kind in (Kind.COMMITTEE, Kind.UNIT):
        return ()
    return ARTICLE_20 + (TOWNSHIP if organ.tier == Tier.TOWNSHIP else CITY_AND_COUNTY)


def codes(items: Iterable[Item]) -> tuple[str, ...]:
    """Their codes."""
    return tuple(item.code for item in items)
