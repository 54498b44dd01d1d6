"""Has a file read apart, so that no file, however made, takes the memory or the time of whoever serves pages
(docs/decisions/0017)."""

from __future__ import annotations

from gongkai.annualreport.checked import confine

from .parsing import BROKEN, LARGEST, Before, NotKept, Parsed
from .reader import FILE, before_record, parsed_of

MODULE = "gongkai.annualreport.library.reader"


def parse(content: bytes, source: str, before: Before | None = None) -> Parsed:
    """:func:`.parsing.parse` in a process of its own. Raises NotKept."""
    if len(content) > LARGEST:
        raise NotKept(f"文件超过{LARGEST // 2**20} MB，没有读取。")
    asked = {"source": source, "before": before_record(before)}
    try:
        answer = confine.ask(
            MODULE,
            asked,
            {FILE: content},
            seconds=confine.STAFF_SECONDS,
            memory=confine.STAFF_MEMORY,
        )
    except confine.TooSlow:
        raise NotKept(f"{confine.STAFF_SECONDS}秒内没有读完，已停止读取。") from None
    except confine.Lost:
        raise NotKept(BROKEN) from None
    if "error" in answer:
        raise NotKept(answer["error"])
    return parsed_of(answer)
