"""Personal names of applicants in the public text (S124, F13)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.forms.findings import Severity

from ..report import Report
from .clauses import sentences
from .finding import Finding, Verdict

# The surnames of nine in ten people, without those that begin everyday words (方, 高, 应, 于, 关, 常 …).
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "贾韦夏傅邹熊孟秦邱江尹薛闫阎雷侯龙陶黎贺毛郝龚邵钱武戴莫孔汤温康牛樊葛邢齐乔伍庞颜倪庄聂鲁岳翟殷詹耿兰焦俞左柳"
    "甘祝尚舒阮柯纪梅童凌毕裴霍苗谷盛冉翁蓝路辛靳柴蒙鲍喻祁蒲滕屈饶牟艾穆卓吉缪麦褚娄窦戚岑景宫费冷晏席柏宗瞿桂佟臧闵苟邬卞姬栾隋刁沙荣巫寇郎甄仲虞敖巩佘迟匡鞠惠荆冀郁胥储燕鄢"
)
# A given name is not made of the words that name places, offices and matters.
_NOT_NAME = re.compile(
    r"[区县市镇乡村局办委院部厅处科股司室所站队会社厂店校件项条份次个名年月日等的了和与及或]|政府|公开|信息|工作|管理|服务|公司|"
    r"文件|方案|程序|项目|时间|安全|金融|平台|房屋|征收|土地|规划|建设|环境|教育|医疗|卫生|计划|财政|行政|法律|申请|答复|补偿|拆迁|"
    r"某|×|\*|先生|女士|路径|路线|任务|任何|康复|毕业|武装|龙头|席位|费用|纪律|左右|范围|温暖|江河|林业|马上|许可|尚未|童年|梅雨|祝|宫"
)
_LIST = re.compile(r"[\u4e00-\u9fff]{2,8}(?:、[\u4e00-\u9fff]{2,24})+")
_ORGANISATION = re.compile(
    r"([\u4e00-\u9fff]{2,20}?(?:公司|养殖场|合作社|工厂|商店|事务所|协会|企业))(?:等|$)"
)
_AFTER_WORD = re.compile(
    rf"(?:(?:申请人|市民|村民|居民)(?:为|是|:)?([{_SURNAMES}][\u4e00-\u9fff]{{2}})|申请人([{_SURNAMES}][\u4e00-\u9fff]))"
    r"(?=[、,。(]|就|向|申请|提出|因|要求|等|对|不服)"
)
_ASKED = re.compile(r"申请(?:了|公开|信息|政府)|信息公开件|公开申请|申请人")


def check_privacy(report: Report) -> list[Finding]:
    """One finding per sentence that names applicants. The finding does not repeat the names."""
    found: list[Finding] = []
    for sentence in sentences(report):
        if not _ASKED.search(sentence.text):
            continue
        names = _names(sentence.text)
        if names:
            found.append(
                Finding(
                    "S124",
                    Verdict.FAULT,
                    Severity.ERROR,
                    f"文中写明了申请人的姓名或名称（{len(names)}处），公开的报告只应写件数。",
                    found=len(names),
                    quote=_masked(sentence.text, names),
                    at=sentence.at,
                )
            )
    return found


def hide_names(text: str) -> str:
    """A quotation with the applicants it names reduced to their surname: 张某."""
    return _hidden(text, _names(text)) if _ASKED.search(text) else text


def _names(text: str) -> list[str]:
    """Persons, and the enterprises listed among them."""
    after = (match[1] or match[2] for match in _AFTER_WORD.finditer(text))
    names = [name for name in after if _is_name(name)]
    for match in _LIST.finditer(text):
        members = match.group().split("、")
        members[0] = re.sub(r"^.{0,5}(?:其中|为|是|由|有)", "", members[0])
        people = [member for member in members if _is_name(member)]
        if len(people) >= 2 and any(len(person) == 3 for person in people):
            names.extend(people)
            names.extend(found[1] for member in members if (found := _ORGANISATION.match(member)))
    return list(dict.fromkeys(names))


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= 3 and text[0] in _SURNAMES and not _NOT_NAME.search(text)


def _masked(text: str, names: Iterable[str]) -> str:
    text = _hidden(text, names)
    return text if len(text) <= 200 else text[:199] + "…"


def _hidden(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, name[0] + "某" * (len(name) - 1))
    return text
