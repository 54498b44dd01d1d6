"""The two cities of the demo: names and tree of their organs. Organs are real places; everything else in the demo is invented.

Sources of the counts (domain row S001): 洛阳 17 区县, 平顶山 12 县（市、区） and 51 市直部门, 孟津 10 镇, 西工 9 街道 and 64 村（社区）.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LUOYANG, PINGDINGSHAN = "luoyang", "pingdingshan"
LY_OFFICE = "luoyang-office"
MENGJIN, XIGONG = "ly-mengjin", "ly-xigong"

LUOYANG_DEPARTMENTS = {
    "ndrc": "发展和改革委员会",
    "edu": "教育局",
    "police": "公安局",
    "civil": "民政局",
    "justice": "司法局",
    "finance": "财政局",
    "hr": "人力资源和社会保障局",
    "land": "自然资源和规划局",
    "ecology": "生态环境局",
    "housing": "住房和城乡建设局",
    "transport": "交通运输局",
    "health": "卫生健康委员会",
    "market": "市场监督管理局",
    "urban": "城市管理局",
}
# code, name of the government, division code
LUOYANG_COUNTIES = (
    ("laocheng", "老城区人民政府", "410302"),
    ("xigong", "西工区人民政府", "410303"),
    ("chanhe", "瀍河回族区人民政府", "410304"),
    ("jianxi", "涧西区人民政府", "410305"),
    ("jili", "吉利区人民政府", "410306"),
    ("luolong", "洛龙区人民政府", "410311"),
    ("mengjin", "孟津县人民政府", "410322"),
    ("xinan", "新安县人民政府", "410323"),
    ("luanchuan", "栾川县人民政府", "410324"),
    ("songxian", "嵩县人民政府", "410325"),
    ("ruyang", "汝阳县人民政府", "410326"),
    ("yiyang", "宜阳县人民政府", "410327"),
    ("luoning", "洛宁县人民政府", "410328"),
    ("yichuan", "伊川县人民政府", "410329"),
    ("yanshi", "偃师市人民政府", "410381"),
    ("gaoxin", "洛阳国家高新技术产业开发区管理委员会", "410371"),
    ("yibin", "洛阳市伊滨区管理委员会", "410372"),
)
MENGJIN_TOWNS = (
    "城关镇",
    "会盟镇",
    "平乐镇",
    "送庄镇",
    "白鹤镇",
    "朝阳镇",
    "小浪底镇",
    "麻屯镇",
    "横水镇",
    "常袋镇",
)
XIGONG_STREETS = ("西工", "王城路", "金谷园", "邙岭路", "唐宫路", "汉屯路", "凯旋东路", "道北路", "红山")
XIGONG_COMMUNITIES = 64
COUNTY_DEPARTMENTS = {
    "edu": "教育体育局",
    "land": "自然资源局",
    "housing": "住房和城乡建设局",
    "hr": "人力资源和社会保障局",
    "market": "市场监督管理局",
    "urban": "城市管理局",
}
PINGDINGSHAN_COUNTIES = (
    ("xinhua", "新华区人民政府", "410402"),
    ("weidong", "卫东区人民政府", "410403"),
    ("shilong", "石龙区人民政府", "410404"),
    ("zhanhe", "湛河区人民政府", "410411"),
    ("baofeng", "宝丰县人民政府", "410421"),
    ("yexian", "叶县人民政府", "410422"),
    ("lushan", "鲁山县人民政府", "410423"),
    ("jiaxian", "郏县人民政府", "410425"),
    ("wugang", "舞钢市人民政府", "410481"),
    ("ruzhou", "汝州市人民政府", "410482"),
    ("gaoxin", "平顶山高新技术产业开发区管理委员会", "410471"),
    ("shifan", "平顶山市城乡一体化示范区管理委员会", "410472"),
)
PINGDINGSHAN_DEPARTMENTS = (
    "发展和改革委员会",
    "教育体育局",
    "科学技术局",
    "工业和信息化局",
    "民族宗教事务局",
    "公安局",
    "民政局",
    "司法局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源和规划局",
    "生态环境局",
    "住房和城乡建设局",
    "城市管理局",
    "交通运输局",
    "水利局",
    "农业农村局",
    "商务局",
    "文化广电和旅游局",
    "卫生健康委员会",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "国有资产监督管理委员会",
    "统计局",
    "医疗保障局",
    "扶贫开发办公室",
    "人民防空办公室",
    "金融工作局",
    "信访局",
    "林业局",
    "大数据管理局",
    "机关事务管理局",
    "粮食和物资储备局",
    "公共资源交易中心",
    "住房公积金管理中心",
    "地方史志办公室",
    "供销合作社",
    "外事办公室",
    "税务局",
    "气象局",
    "烟草专卖局",
    "邮政管理局",
    "消防救援支队",
    "地震局",
    "公路管理局",
    "畜牧局",
    "农业机械管理局",
    "房产事务服务中心",
    "招商和会展服务中心",
)


@dataclass(frozen=True)
class Place:
    """One organ to create: codes are stable, `parent` is a code."""

    code: str
    name: str
    kind: str
    tier: str
    parent: str | None
    profile: Mapping[str, object] = field(default_factory=dict)


def places() -> list[Place]:
    """Every organ of both cities, parents before children."""
    return [*_luoyang(), *_mengjin(), *_xigong(), *_pingdingshan()]


def _luoyang() -> list[Place]:
    city = "洛阳市人民政府"
    profile = {
        "makes_rules": True,
        "division_code": "410300",
        "credit_code": "11410300005388010R",
        "address": "洛阳市洛龙区开元大道228号（演示）",
        "postcode": "471000",
        "phones": "0379-00000001",
        "court": "洛阳市中级人民法院",
        "review_organ": "河南省人民政府",
    }
    found = [
        Place(LUOYANG, city, "government", "city", None, profile),
        Place(
            LY_OFFICE,
            "洛阳市人民政府办公室",
            "office",
            "city",
            LUOYANG,
            _office("洛阳市", "471000", "0379-00000002"),
        ),
        *_units(LY_OFFICE, "city"),
    ]
    found += [
        Place(f"ly-{key}", f"洛阳市{name}", "department", "city", LUOYANG, _contact("洛阳市"))
        for key, name in LUOYANG_DEPARTMENTS.items()
    ]
    for key, name, division in LUOYANG_COUNTIES:
        found += _county("ly", LUOYANG, "洛阳市", key, name, division)
    return found


def _mengjin() -> list[Place]:
    departments = [
        Place(f"{MENGJIN}-{key}", f"孟津县{name}", "department", "county", MENGJIN)
        for key, name in COUNTY_DEPARTMENTS.items()
    ]
    towns = [
        Place(f"{MENGJIN}-t{number:02d}", f"孟津县{town}人民政府", "government", "township", MENGJIN)
        for number, town in enumerate(MENGJIN_TOWNS, 1)
    ]
    return departments + towns


def _xigong() -> list[Place]:
    found = [
        Place(f"{XIGONG}-{key}", f"西工区{name}", "department", "county", XIGONG)
        for key, name in COUNTY_DEPARTMENTS.items()
    ]
    streets = [
        Place(f"{XIGONG}-s{number:02d}", f"西工区{street}街道办事处", "dispatched", "township", XIGONG)
        for number, street in enumerate(XIGONG_STREETS, 1)
    ]
    communities = [
        Place(
            f"{XIGONG}-c{number:02d}",
            f"西工区第{number}社区居民委员会（演示名）",
            "committee",
            "village",
            streets[(number - 1) % len(streets)].code,
            {"accepts_requests": False},
        )
        for number in range(1, XIGONG_COMMUNITIES + 1)
    ]
    return found + streets + communities


def _pingdingshan() -> list[Place]:
    profile = {
        "makes_rules": True,
        "division_code": "410400",
        "credit_code": "11410400005452010Y",
        "address": "平顶山市新城区（演示）",
        "postcode": "467099",
        "phones": "0375-2662809、0375-00000001",
        "review_organ": "河南省人民政府",
        "court": "平顶山市中级人民法院",
    }
    office = "pingdingshan-office"
    found = [
        Place(PINGDINGSHAN, "平顶山市人民政府", "government", "city", None, profile),
        Place(
            office,
            "平顶山市人民政府办公室",
            "office",
            "city",
            PINGDINGSHAN,
            _office("平顶山市", "467099", "0375-2662809"),
        ),
        *_units(office, "city"),
    ]
    found += [
        Place(
            f"pds-d{number:02d}", f"平顶山市{name}", "department", "city", PINGDINGSHAN, _contact("平顶山市")
        )
        for number, name in enumerate(PINGDINGSHAN_DEPARTMENTS, 1)
    ]
    for key, name, division in PINGDINGSHAN_COUNTIES:
        found += _county("pds", PINGDINGSHAN, "平顶山市", key, name, division)
    return found


def _county(mark: str, city: str, city_name: str, key: str, name: str, division: str) -> list[Place]:
    code = f"{mark}-{key}"
    committee = name.endswith("管理委员会")
    office_name = name.replace("管理委员会", "管委会") + "办公室" if committee else name + "办公室"
    profile = {
        "division_code": division,
        "review_organ": f"{city_name}人民政府",
        "court": f"{city_name}中级人民法院",
        "address": f"{name}机关（演示）",
        "phones": "0379-00000003" if mark == "ly" else "0375-00000003",
    }
    return [
        Place(code, name, "dispatched" if committee else "government", "county", city, profile),
        Place(f"{code}-office", office_name, "office", "county", code),
    ]


def _units(parent: str, tier: str) -> list[Place]:
    """科室 that hold workflow roles (S003)."""
    names = {"open": "政务公开科", "records": "机要文电科", "general": "综合科", "law": "政策法规科"}
    return [
        Place(f"{parent}-{key}", name, "unit", tier, parent, {"accepts_requests": False})
        for key, name in names.items()
    ]


def _office(city: str, postcode: str, phone: str) -> dict[str, object]:
    return _contact(city) | {
        "postcode": postcode,
        "phones": phone,
        "office_hours": "工作日 8:30—12:00，14:30—18:00",
    }


def _contact(city: str) -> dict[str, object]:
    return {
        "review_organ": f"{city}人民政府",
        "court": f"{city}洛龙区人民法院" if city == "洛阳市" else f"{city}新华区人民法院",
        "address": f"{city}行政中心（演示）",
    }
