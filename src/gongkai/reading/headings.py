"""The headings of the six parts, as publishers vary them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .stream import Kind, Row

_NUMERAL = r"(?P<numeral>(?:第?[一二三四五六七八九十]{1,2}(?:部分)?|[1-9])\s*[、.．,，:：]?\s*)"
_WORDS = {
    "s1": r"总\s*体\s*情\s*况|概\s*述",
    "s2": r"(?:政府信息)?主动公开(?:的)?(?:政府)?(?:信息)?(?:的)?情况",
    "s3": r"(?:收到和处理|收到与处理|收到及处理|处理|收到).{0,8}公开申请(?:的)?(?:工作)?(?:办理)?情况|依申请公开(?:政府信息)?(?:办理)?情况",
    "s4": r"[^。；]{0,24}行政复议[^。；]{0,12}行政诉讼(?:的)?(?:工作)?(?:情况)?",
    "s5": r"(?:政府信息公开工作)?(?:中)?存在的?(?:主要)?问题[及和与、](?:下步)?改进(?:情况|措施|工作)?(?:等)?(?:情况)?",
    "s6": r"(?:其他|其它)(?:需要|需|应当|应)?(?:要)?(?:报告|说明)的?(?:其他)?(?:事项|情况)",
}
_NUMBERED = {key: re.compile(_NUMERAL + f"(?P<words>{words})") for key, words in _WORDS.items()}
# Without a numeral only the full words count: 行政复议 and 行政诉讼 also head columns of table 4.
_BARE = {key: re.compile(f"(?:{words})(?<=情况)" if key == "s4" else words) for key, words in _WORDS.items()}
_FIRST = {"s1": "一", "s2": "二", "s3": "三", "s4": "四", "s5": "五", "s6": "六"}
_LONGEST = 60
_AFTER = re.compile(r"[\s:：。.，,；;]|$")
# A contents list names the parts one below the other, often with dots and page numbers.
_CONTENTS = re.compile(r"[.…·]{3,}\s*\d*\s*$|\s\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: which part, where in the stream, its words, and what follows on the same line."""

    key: str
    index: int
    text: str
    rest: str
    numeral: str
    at: str


def find_headings(rows: list[Row]) -> list[Heading]:
    """All headings of the six parts in the stream, a contents list left out."""
    found = [heading for index, row in enumerate(rows) if (heading := _heading(row, index))]
    return [heading for number, heading in enumerate(found) if not _in_contents(found, number, rows)]


def _heading(row: Row, index: int) -> Heading | None:
    if row.kind is not Kind.TEXT:
        filled = [cell.text for cell in row.cells if cell.text]
        if len(filled) != 1:
            return None
        text = filled[0].strip()
    else:
        text = row.text.strip()
    found = _match(text[:_LONGEST])
    if found is None:
        return None
    key, numeral, words, end = found
    return Heading(key, index, words, text[end:].lstrip(" 　:：。.，,；;"), numeral, row.at)


@lru_cache(maxsize=4096)
def _match(text: str) -> tuple[str, str, str, int] | None:
    for key, pattern in _NUMBERED.items():
        match = pattern.match(text)
        if match and _AFTER.match(text, match.end()):
            return key, match["numeral"].strip(" 、.．,，:："), match.group().strip(), match.end()
    for key, pattern in _BARE.items():
        if pattern.fullmatch(text):
            return key, "", text, len(text)
    return None


def _in_contents(found: list[Heading], number: int, rows: list[Row]) -> bool:
    heading = found[number]
    if _CONTENTS.search(rows[heading.index].text) and heading.rest:
        return True
    run = [heading.index]
    for other in found[number + 1 :]:
        if other.index != run[-1] + 1:
            break
        run.append(other.index)
    for other in reversed(found[:number]):
        if other.index != run[0] - 1:
            break
        run.insert(0, other.index)
    return len(run) >= 4


def expected_numeral(key: str) -> str:
    """The numeral the part carries on the form."""
    return _FIRST[key]
