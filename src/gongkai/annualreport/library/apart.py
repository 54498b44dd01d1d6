"""Has a file read apart, so that no file, however made, takes the memory or the time of whoever serves pages
(docs/decisions/0017)."""

from __future__ import annotations

from gongkai.annualreport.checked import confine

from .parsing import LARGEST, Before, NotKept, Parsed
from .reader import FILE, before_record, parsed_of

MODULE = "gongkai.annualreport.library.reader"


def parse(content: bytes, source: str, before: Before | None = None, *, wait: bool = True) -> Parsed:
    """:func:`.parsing.parse` in a process of its own. Raises NotKept; on a page, which does not `wait`, confine.Busy."""
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
            wait=wait,
        )
    except confine.Busy:
        raise
    except confine.NotChecked as problem:
        raise NotKept(str(problem)) from None
    return parsed_of(answer)
