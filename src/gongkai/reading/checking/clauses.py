"""Sentences of the report's text with their quantities, and whose and what year's they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from gongkai.forms.values import Number

from ..normal import half_width
from ..report import Report

UNITS = "件次|人次|批次|件|条|份|起|宗|例|元|个|部|期|册|家|名|篇|次|项|场|户|版|期"
_QUANTITY = re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)(万|亿)?(余|多)?({UNITS}|%)?(余|多)?")
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SPACES = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^。!?]+[。!?]?")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_OTHER_TIME = re.compile(r"(?:上年|去年|上一年|往年|历年|近[两三五]年|以来累计|[一二三四]季度|上半年|下半年)")

_WHOLE = re.compile(r"全[市县区镇乡街州盟省旗]|全局|全系统|各级|我[市县区镇乡局委办]|本[市县区镇乡局机]")
_PART = re.compile(
    r"政府办(?:公室)?|办公室|本级|[市县区]直|各部门|各单位|各乡镇|各街道|各县|区县|乡镇|街道办|信息公开[办股科]|[股科处]室?(?=处理|受理|收到|办理|共)"
    r"|(?<![各])[\u4e00-\u9fff]{2,8}局(?=共?(?:收到|受理))"
)
_CHANNEL = re.compile(
    r"网上|网络|网站|平台|邮箱|邮件|邮寄|信函|当面|现场|窗口|传真|微信|微博|新媒体|公众号|客户端|公报|报纸|公示栏"
)
_SINCE_EVER = re.compile(r"累计(?!到|至)")
_THIS_YEAR = re.compile(r"全年|本年|今年|当年|年度|\d{4}年")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence with its unit; ``low``/``high`` bound what it can stand for (``余``, ``38.6万``)."""

    value: Decimal
    low: Decimal
    high: Decimal
    unit: str
    start: int
    end: int

    def meets(self, low: Decimal, high: Decimal) -> bool:
        """Whether the two ranges have a number in common."""
        return low <= self.high and self.low <= high


@dataclass(frozen=True)
class Sentence:
    """A sentence, typed alike everywhere (half-width, without blanks and separators)."""

    part: str  # s0 … s6
    text: str
    at: str
    before: str = ""  # the sentence before, in the same paragraph
    quote: str = ""

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """All numbers of the sentence."""
        return tuple(quantities(self.text))

    def pieces(self) -> list[str]:
        """The parts between semicolons."""
        return [piece for piece in self.text.split(";") if piece]


def sentences(report: Report) -> list[Sentence]:
    """All sentences of the report's text."""
    found: list[Sentence] = []
    for part, paragraphs in report.paragraphs.items():
        for paragraph in paragraphs:
            before = ""
            for match in _SENTENCE.finditer(tidy(paragraph.text)):
                text = match.group()
                found.append(Sentence(part, text, paragraph.at, before, text))
                before = text
    return found


def tidy(text: str) -> str:
    """A text in one way of typing, so that patterns need only know one."""
    return _SEPARATOR.sub("", _SPACES.sub("", half_width(text)))


def quantities(text: str) -> Iterator[Quantity]:
    """The numbers in a text that are not years, dates or document numbers."""
    for match in _QUANTITY.finditer(text):
        following = text[match.end() : match.end() + 1]
        if not match[4] and following and following in "年月日时号届点":
            continue
        yield quantity(match)


def quantity(match: re.Match[str]) -> Quantity:
    """A quantity from the groups number, 万/亿, 余, unit, 余."""
    digits, factor, about, unit, about_after = match.groups()
    scale = {"万": Decimal(10000), "亿": Decimal(10**8)}.get(factor or "", Decimal(1))
    value = Decimal(digits) * scale
    step = scale * Decimal(1).scaleb(-len(digits.partition(".")[2]))
    if about or about_after:
        low, high = value, value + max(step, _last_place(digits) * scale)
    elif factor:
        low, high = value - step / 2, value + step / 2
    else:
        low = high = value
    return Quantity(value, low, high, unit or "", match.start(), match.end())


def _last_place(digits: str) -> Decimal:
    """The place of the last digit that is not 0: 3300 → 100."""
    if "." in digits:
        return Decimal(1).scaleb(-len(digits.partition(".")[2]))
    zeros = len(digits) - len(digits.rstrip("0"))
    return Decimal(10) ** zeros


def is_partial(text: str, report: Report) -> bool:
    """Whether the words before a figure name only a part of what the report covers (or, for an office, more)."""
    whole = [match.end() for match in _WHOLE.finditer(text)]
    part = [match.end() for match in _PART.finditer(text)]
    if not report.organ.endswith("政府"):
        # An office or department reports on itself; its own name is no part of something larger.
        return bool(re.search(r"全[市县区]各?级?", text)) and not report.organ.endswith(("镇", "乡", "街道"))
    return bool(part) and (not whole or max(part) > max(whole))


def is_other_period(text: str, year: int | None) -> bool:
    """Whether the words before a figure speak of another time than the report year."""
    if _OTHER_TIME.search(text.rpartition(",")[2]):
        return True
    years = _YEAR.findall(text)
    return bool(years) and year is not None and int(years[-1]) != year


def is_by_channel(text: str) -> bool:
    """Whether the clause before a figure tells through which channel: then it may be a part of the whole."""
    return bool(_CHANNEL.search(re.split(r"[,;]", text)[-1]))


def is_since_ever(text: str) -> bool:
    """Whether a figure may be added up over years."""
    return bool(_SINCE_EVER.search(text)) and not _THIS_YEAR.search(text)


def as_number(value: Decimal) -> Number:
    """A whole quantity as an integer."""
    return int(value) if value == value.to_integral_value() else value
