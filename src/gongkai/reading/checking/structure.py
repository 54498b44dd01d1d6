"""The order of the report: the six headings, what belongs in which part, counted points, copied paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from gongkai.forms.findings import Severity

from ..headings import expected_numeral
from ..report import Report
from .clauses import tidy
from .finding import Finding, Verdict

_ORDINALS = "一二三四五六七八九十"
_POINT = re.compile(rf"(?:^|[。;:,!?、”\s-])([{_ORDINALS}])是(?!否|因为)")
_SUBHEADING = re.compile(rf"^(?:\([{_ORDINALS}]+\)|\d{{1,2}}[.、])")
_OTHER_HEADING = re.compile(rf"^([{_ORDINALS}]{{1,2}})、([^。;,]{{2,24}})$")
_MEASURE = re.compile(
    r"进一步(?:加强|完善|加大|强化|提高|规范|健全|推进|深化|做好|拓展|优化|严格|建立)|下一步|下步"
)
_PROBLEMS = re.compile(r"问题|不足|薄弱|有待|不够|差距")
_IMPROVE = re.compile(r"改进|下一步|下步|整改|将|加强|措施|完善|进一步")

_SHINGLE = 8
_LEAST_COPIED = 150  # characters
_LEAST_SHARE = 0.6


def check_structure(report: Report) -> list[Finding]:
    """All findings on the structure. They ask; none of them says that a figure is wrong."""
    return [
        *_headings(report),
        *_other_headings(report),
        *_points(report),
        *_parts(report),
        *_copied(report),
    ]


def _headings(report: Report) -> Iterable[Finding]:
    counts = Counter(heading.key for heading in report.headings)
    for section in report.form.sections:
        found = [heading for heading in report.headings if heading.key == section.key]
        if not found:
            yield _doubt("S-HEAD", f"没有找到“{section.heading}”部分。")
        elif counts[section.key] > 1:
            yield _doubt(
                "S-TWICE", f"“{section.heading}”出现{counts[section.key]}次。", found[1].text, found[1].at
            )
        elif found[0].numeral and expected_numeral(section.key) not in found[0].numeral:
            yield _doubt(
                "S-ORDER", f"“{section.heading}”的序号写作“{found[0].numeral}”。", found[0].text, found[0].at
            )
    first = list(dict.fromkeys(heading.key for heading in report.headings))
    if first != sorted(first):
        yield _doubt("S-ORDER", "六个部分的次序与规定不同。")


def _other_headings(report: Report) -> Iterable[Finding]:
    for key, paragraphs in report.paragraphs.items():
        if key == "s0":
            continue
        for paragraph in paragraphs:
            match = _OTHER_HEADING.match(tidy(paragraph.text))
            if match:
                yield _doubt(
                    "S-NEST",
                    f"“{paragraph.text}”用了各部分标题的序号，应改用下一级序号。",
                    paragraph.text,
                    paragraph.at,
                )


def _points(report: Report) -> Iterable[Finding]:
    """二是 without 一是."""
    for paragraphs in report.paragraphs.values():
        last = 0
        for paragraph in paragraphs:
            text = tidy(paragraph.text).replace("**", "")
            if _SUBHEADING.match(text):
                last = 0
            for match in _POINT.finditer(text):
                ordinal = _ORDINALS.index(match[1]) + 1
                if ordinal > 1 and last == 0:
                    quote = text[max(match.start() - 12, 0) : match.end() + 12]
                    yield _doubt(
                        "S-POINT",
                        f"有“{match[1]}是”而没有“{_ORDINALS[ordinal - 2]}是”。",
                        quote,
                        paragraph.at,
                    )
                last = ordinal


def _parts(report: Report) -> Iterable[Finding]:
    sixth = report.paragraphs.get("s6", ())
    measures = [p for p in sixth if _MEASURE.search(p.text)]
    if sum(len(_MEASURE.findall(p.text)) for p in measures) >= 2:
        yield _doubt(
            "S-MEASURE",
            "第六部分写的是改进措施，应当写在第五部分。",
            measures[0].text[:60],
            measures[0].at,
        )
    fifth = "".join(p.text for p in report.paragraphs.get("s5", ()))
    if len(fifth) > 20 and not (_PROBLEMS.search(fifth) and _IMPROVE.search(fifth)):
        missing = "存在的问题" if not _PROBLEMS.search(fifth) else "改进情况"
        yield _doubt("S-FIFTH", f"第五部分没有写{missing}。", fifth[:60], report.paragraphs["s5"][0].at)


def _copied(report: Report) -> Iterable[Finding]:
    """F15: two passages that are mostly the same words."""
    blocks = [
        (key, p, _shingles(p.text))
        for key, paragraphs in report.paragraphs.items()
        for p in paragraphs
        if len(p.text) >= _LEAST_COPIED
    ]
    for number, (_, first, words) in enumerate(blocks):
        for _, second, others in blocks[number + 1 :]:
            share = _shared(words, others)
            if share >= _LEAST_SHARE:
                yield _doubt(
                    "F15",
                    f"两段文字有{share:.0%}相同，疑似重复（另一处：{first.at}）。",
                    second.text[:60],
                    second.at,
                )


def likeness(first: str, second: str) -> float:
    """How much of the shorter text stands word for word in the other: 0 to 1. Figures and punctuation do not count."""
    return _shared(_shingles(first), _shingles(second))


def _shared(first: set[str], second: set[str]) -> float:
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _shingles(text: str) -> set[str]:
    plain = re.sub(r"[^\u4e00-\u9fff]", "", text)
    return {plain[start : start + _SHINGLE] for start in range(len(plain) - _SHINGLE + 1)}


def _doubt(rule: str, message: str, quote: str = "", at: str = "") -> Finding:
    return Finding(rule, Verdict.DOUBT, Severity.WARNING, message, quote=quote, at=at)
