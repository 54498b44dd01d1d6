"""Whose report it is and of which year."""

from __future__ import annotations

import re
from collections import Counter

from .normal import half_width
from .stream import Row

_TITLE = re.compile(
    r"(?P<organ>[\u4e00-\u9fff（）()、·]{0,40}?)\s*(?P<year>(?:19|20)\d{2})\s*年?\s*(?:度)?\s*"
    r"(?:政府)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*年?(?:度)?\s*(?P<organ>[\u4e00-\u9fff（）()、·]{2,40}?)\s*"
    r"(?:政府)?信息公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)"
)
_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*年\s*1\s*月\s*1\s*日.{0,6}?(?P=year)\s*年\s*12\s*月\s*31\s*日"
)
_ORGAN_END = re.compile(
    r"(?:政府|办公室|办公厅|局|委员会|委|厅|处|中心|院|街道|镇|乡|管委会|集团|学校|公司|队|站|署|办|部|会)$"
)
_NOT_ORGAN = re.compile(r"^(?:关于|现将|公布|发布|印发|根据|按照|标题|名称|附件|以下是|为)+[:：]?")
_HEAD_ROWS = 60
_PLACE = r"[\u4e00-\u9fff]{2,3}(?:市|州|盟|地区)"
_GLUE = "由在经和与对向是为全及县区市省于"


def find_title(rows: list[Row]) -> tuple[str, int | None]:
    """The organ and the report year, "" and None when the file does not tell."""
    lines = [row.text.strip() for row in rows[:_HEAD_ROWS]]
    organs: Counter[str] = Counter()
    years: Counter[int] = Counter()
    for number, line in enumerate(lines):
        if _title(line[:120], organs, years) or len(line) > 40 or not line:
            continue
        following = lines[number + 1][:60] if number + 1 < len(lines) else ""
        if not _title(following, Counter(), Counter()) or following[:1].isdigit():
            _title(line + following, organs, years)  # a title broken into two lines
    for row in rows:
        if "月" in row.text and (period := _PERIOD.search(half_width(row.text))):
            years[int(period["year"])] += 1
            break
    organ = max(organs, key=lambda name: (organs[name], len(name))) if organs else ""
    return _full_name(organ, rows), (years.most_common(1)[0][0] if years else None)


def _title(line: str, organs: Counter[str], years: Counter[int]) -> bool:
    if "信息公开" not in line or not ("报告" in line or "年报" in line):
        return False
    line = half_width(line)
    for pattern in (_TITLE, _YEAR_FIRST):
        match = pattern.search(line)
        if match is None:
            continue
        years[int(match["year"])] += 3
        organ = _NOT_ORGAN.sub("", match["organ"]).strip("（）()、 ")
        if len(organ) >= 3 and _ORGAN_END.search(organ):
            organs[organ] += 3
        return True
    return False


def _full_name(organ: str, rows: list[Row]) -> str:
    """With the city before it, when the report's own text names it so; titles often leave it out."""
    if not organ or re.match(_PLACE, organ) or organ[:3].endswith("省"):
        return organ
    pattern = re.compile(f"({_PLACE}){re.escape(organ)}")
    for row in rows[:_HEAD_ROWS]:
        match = pattern.search(row.text)
        if match and match.group(1)[0] not in _GLUE:
            return match.group()
        if match and len(match.group(1)) == 4:
            return match.group(1)[1:] + organ
    return organ
