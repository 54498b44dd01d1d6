"""Where the three tables stand in the stream: by the part they belong to and by words only they print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .headings import Heading
from .labels import is_line
from .normal import label, printed
from .stream import Kind, Row

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MARKS = re.compile(
    "(?P<table2>第二十条第?[一五六八九]|本年制发件数|本年新制作数量|本年废止件数|对外公开总数量)"
    "|(?P<table3>申请人情况|勾稽关系|法人或其他组织|本年新收政府信息公开申请数量)"
    "|(?P<table4>结果维持|未经复议直接起诉|复议后起诉|尚未审结)"
)
_OF_PART = {"s2": "table2", "s3": "table3", "s4": "table4"}
# Words only tables print stand in short lines; a sentence that mentions them is longer or ends like one.
_LONGEST = 90


@dataclass
class Regions:
    """For each table its rows in order, and the stream's indices they have."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {"table2": [], "table3": [], "table4": []})
    indices: set[int] = field(default_factory=set)


def locate(rows: Sequence[Row], headings: Sequence[Heading]) -> Regions:
    """Walk through the stream and keep what belongs to a table."""
    regions = Regions()
    by_index = {heading.index: heading for heading in headings}
    now = ""
    for index, row in enumerate(rows):
        heading = by_index.get(index)
        if heading is not None:
            now = _OF_PART.get(heading.key, "")
            continue
        now = _marked(row) or now
        if now and _is_part_of_table(row):
            regions.rows[now].append(row)
            regions.indices.add(index)
    return regions


def _marked(row: Row) -> str:
    text = row.text
    if row.kind is Kind.TEXT and (len(text) > _LONGEST or text.rstrip().endswith(("。", "；", "，"))):
        return ""
    plain = label(text)
    if len(plain) < 4 or not _CHINESE.search(plain):
        return ""
    if mark := _MARKS.search(plain):
        return mark.lastgroup or ""
    if row.kind is not Kind.TEXT and any(is_line(label(cell.text)) for cell in row.cells[:4]):
        return "table3"
    return ""


def _is_part_of_table(row: Row) -> bool:
    """Not a sentence: those are printed between tables too."""
    if row.kind is not Kind.TEXT:
        return True
    text = row.text.strip()
    if len(text) <= 100 and not text.endswith("。"):
        return True
    words = text.split()
    return sum(printed(word).number is not None for word in words) >= 5
