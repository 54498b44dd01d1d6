"""Markings of state secrets, work secrets and internal papers — and not the many ordinary uses of these words.

A mark shows level and term (保密法实施条例 第二十一条): ``机密★20年``. What stands in a sentence (保密审查, 商业秘密,
不涉及国家秘密) is no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .finding import Finding, Kind, Weight
from .quoting import around

_GAP = r"[ \t\u3000]{0,4}"
_TERM = rf"(?:长期|[0-9０-９一二三四五六七八九十]{{1,3}}{_GAP}(?:年|个月|月)|解密)"
# level and star with or without a term; or level, star forgotten, with a term directly behind
_STARRED = re.compile(rf"(绝{_GAP}密|机{_GAP}密|秘{_GAP}密){_GAP}[★☆*＊]{_GAP}({_TERM})?")
_TERMED = re.compile(rf"^[ \t\u3000]*(绝密|机密|秘密){_GAP}{_TERM}[ \t\u3000]*$", re.MULTILINE)
# alone on a line or in brackets, as printed in the upper corner of a paper
_BARE = re.compile(
    r"^[ \t\u3000]*[【\[（(〔]?[ \t\u3000]*(绝[ \t\u3000]{0,4}密|机[ \t\u3000]{0,4}密|秘[ \t\u3000]{0,4}密)"
    r"[ \t\u3000]*[】\]）)〕]?[ \t\u3000]*$",
    re.MULTILINE,
)
_BRACKETED = re.compile(r"[【\[（(〔](绝密|机密|秘密)[】\]）)〕]")
_LABELLED = re.compile(r"密[ \t\u3000]*级[ \t\u3000]*[:：][ \t\u3000]*(绝密|机密|秘密)(?![\w\u4e00-\u9fff])")
_WORK = re.compile(
    r"^[ \t\u3000]*[【\[（(〔]?[ \t\u3000]*工作秘密(?:[ \t\u3000]*[★☆][^\n]{0,12})?[ \t\u3000]*[】\]）)〕]?[ \t\u3000]*$"
    r"|[【\[（(〔]工作秘密[】\]）)〕]|工作秘密[ \t\u3000]*[★☆]",
    re.MULTILINE,
)
_INTERNAL = re.compile(
    r"^[ \t\u3000]*[【\[（(〔]?[ \t\u3000]*内[ \t\u3000]{0,4}部[ \t\u3000]{0,4}(?:资[ \t\u3000]*料|文[ \t\u3000]*件|材[ \t\u3000]*料|使用|刊物|参考|传阅|明电)?[ \t\u3000]*[】\]）)〕]?[ \t\u3000]*$"
    r"|[【\[（(〔]内部(?:资料|文件|材料|使用|参考|传阅)?[】\]）)〕]"
    r"|内部(?:资料|文件|材料)[，、,： \t\u3000]{0,2}(?:注意保(?:存|密|管)|请勿外传|不得外传|严禁外传|不得公开)"
    r"|(?:仅供内部|限内部)(?:使用|参考|传阅)|内部[ \t\u3000]*[★☆]",
    re.MULTILINE,
)
_CORRECT_TERM = re.compile(_TERM)


def find(text: str) -> Iterator[Finding]:
    """Every marking, each place once."""
    taken: list[tuple[int, int]] = []
    for pattern in (_STARRED, _TERMED, _LABELLED, _BRACKETED, _BARE):
        for found in pattern.finditer(text):
            if not _is_other_secret(text, found.start(1)) and _is_new(found.span(), taken):
                yield _secret(text, found)
    for found in _WORK.finditer(text):
        if _is_new(found.span(), taken):
            yield Finding(
                Kind.WORK_SECRET,
                Weight.BLOCK,
                "有“工作秘密”标志，工作秘密不得公开（保密法第六十四条）。",
                around(text, *found.span()),
            )
    for found in _INTERNAL.finditer(text):
        if _is_new(found.span(), taken):
            yield Finding(
                Kind.INTERNAL, Weight.WARN, "有内部资料标志，请核对能否公开。", around(text, *found.span())
            )


def _is_new(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    if any(start < span[1] and span[0] < end for start, end in taken):
        return False
    taken.append(span)
    return True


def _is_other_secret(text: str, start: int) -> bool:
    """``工作秘密★`` and ``商业秘密`` end in the same two characters."""
    return text[max(0, start - 2) : start] in ("工作", "商业")


def _secret(text: str, found: re.Match[str]) -> Finding:
    level = re.sub(r"\s", "", found[1])
    term = _CORRECT_TERM.search(found[0])
    lacking = "" if term else "标志没有写保密期限，请核对是否为密级标志。"
    return Finding(
        Kind.STATE_SECRET,
        Weight.BLOCK,
        f"有“{level}”标志，标有密级的文件不得公开。{lacking}",
        around(text, *found.span()),
    )
