"""Sentences on applications: received, done, how they were decided, carried over (N-NEW, N-DONE, N-OUT, N-CARRY)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..report import Report
from .clauses import Sentence, is_by_channel, is_other_period, is_partial, is_since_ever
from .finding import Finding, Verdict
from .ledger import Ledger, told

_OBJECT = r"(?:公开(?:政府信息)?的?申请|申请公开(?:政府信息)?|依申请公开(?:政府信息)?(?:事项|申请|件)?|信息公开件|公开件|政府信息申请)"
_ITEM = r"(?:件次|件|份|宗|条|起|例|个|项|次)"
_NEW = (
    re.compile(
        rf"(?:新收|收到|受理|接收|接到|收办|登记|处理)(?:了|到)?[^。;,、\d]{{0,26}}?{_OBJECT}[^。;,、\d]{{0,10}}?(\d+)余?{_ITEM}"
    ),
    re.compile(
        rf"(?:新收|收到|受理|接收|接到|收办|登记|处理)(?:了|到)?(?:各类|有效)?(?:共|共计)?(\d+)余?{_ITEM}[^。;,、\d]{{0,16}}?{_OBJECT}"
    ),
    re.compile(rf"{_OBJECT}(?:数量|总数|总量|总计|共计|合计|共)(?:为|有|达)?(\d+)余?{_ITEM}"),
)
# In a sentence about disclosure applications, 申请 alone is enough.
_NEW_SHORT = re.compile(
    rf"(?:新收|收到|受理|接收|接到)(?:了|到)?(?:各类|有效)?申请(?:共|共计)?(\d+)余?{_ITEM}"
)
_NONE_NEW = re.compile(rf"(?:未|没有)(?:收到|受理|接到)[^。;,\d]{{0,16}}?{_OBJECT}")
_DONE = re.compile(
    rf"(?:办结|答复|办复|办理完毕|审结)(?:了|的|申请|政府信息公开申请|各类申请|共|共计)*(\d+)余?{_ITEM}"
)
_ALL_DONE = re.compile(r"(?:均|全部|都)[^,。;\d]{0,14}(?:办结|答复|办理完毕|回复)")
_ABOUT = re.compile(r"申请")
_OUTCOMES = {
    "granted": "予以公开",
    "partially_granted": "部分公开",
    "denied": "不予公开",
    "unable": "无法提供",
    "rejected": "不予处理",
    "other": "其他处理",
}
_CARRY_TO = re.compile(
    rf"结转(?:到|至|入)?(上|下|次|本|去|来|前)(?:一)?(?:个)?年(?:度)?[^,。;\d]{{0,16}}(\d+)余?{_ITEM}"
)
_CARRIED_FROM = re.compile(rf"(?:上|去|前)(?:一)?年(?:度)?(?:结转|转入|遗留)[^,。;\d]{{0,20}}(\d+)余?{_ITEM}")
_CARRIED_YEAR = re.compile(rf"(\d{{4}})年(?:度)?结转(?!下|至|到|次)[^,。;\d]{{0,24}}(\d+)余?{_ITEM}")
_CARRY_TO_YEAR = re.compile(rf"结转(?:到|至|入)(\d{{4}})年(?:度)?[^,。;\d]{{0,16}}(\d+)余?{_ITEM}")
_FORWARD = "下次来"


def check_counts(sentences: list[Sentence], ledger: Ledger) -> list[Finding]:
    """All findings of the four rules."""
    new = [finding for sentence in sentences for finding in _new(sentence, ledger)]
    if any(f.verdict is Verdict.HOLDS for f in new):
        # The whole is stated too, so a part of it needs no explanation.
        new = [finding for finding in new if finding.verdict is not Verdict.DOUBT]
    rest: list[Finding] = []
    for sentence in sentences:
        if sentence.part == "s5":
            continue
        rest.extend(_done(sentence, ledger))
        rest.extend(_outcomes(sentence, ledger))
        rest.extend(_carried(sentence, ledger))
    return new + rest


def new_quantity(sentence: Sentence) -> tuple[int, int] | None:
    """The first number of applications received that a sentence tells: number and where it ends."""
    found = [match for pattern in _NEW if (match := pattern.search(sentence.text))]
    if (
        not found
        and "公开" in sentence.before + sentence.text
        and (short := _NEW_SHORT.search(sentence.text))
    ):
        found = [short]
    if not found:
        return None
    match = min(found, key=lambda match: match.start())
    return int(match[1]), match.end(1)


def _new(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    paths = ledger.line("new_received")
    table = ledger.number(*paths)
    if table is None or sentence.part == "s5":
        return
    if none := _NONE_NEW.search(sentence.text):
        if not _elsewhere(sentence.text[: none.start()], ledger.report):
            yield told(
                ledger,
                "N-NEW",
                sentence,
                f"文中说没有收到申请，表三本年新收总计为{table}。",
                table == 0,
                paths=paths,
                expected=table,
                found=0,
            )
        return
    new = new_quantity(sentence)
    if new is None:
        return
    count, end = new
    before = sentence.text[:end]
    if is_other_period(before, ledger.report.year):
        return
    partial = is_partial(before, ledger.report) or is_by_channel(before) or is_since_ever(before)
    message = f"文中说收到申请{count}件，表三本年新收总计为{table}。"
    if partial and count != table:
        message += "文中所指范围与表格不同，应当注明。"
    yield told(
        ledger,
        "N-NEW",
        sentence,
        message,
        count == table,
        paths=paths,
        expected=table,
        found=count,
        doubt=partial,
    )


def _done(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    text = sentence.text
    if not _ABOUT.search(text) or "公开" not in sentence.before + text:
        return
    keys = ("new_received", "carried_in", "outcome_total", "carried_out")
    paths = tuple(path for key in keys for path in ledger.line(key))
    numbers = [ledger.number(*ledger.line(key)) for key in keys]
    bounds = ledger.cohort()
    if bounds is None or any(number is None for number in numbers):
        return
    received, _, outcomes, carried_out = (int(number or 0) for number in numbers)
    for match in _DONE.finditer(text):
        clause = text[: match.start(1)].rpartition(",")[2]
        before = text[: match.start()]
        if "结转" in clause or _elsewhere(before, ledger.report) or not _ABOUT.search(before):
            continue
        done = int(match[1])
        older = carried_out - (received - done)
        if done == outcomes or (bounds[0] <= done <= bounds[1] and older == 0):
            yield told(ledger, "N-DONE", sentence, f"办结{done}件与表三相符。", True, paths=paths, found=done)
        elif bounds[0] <= done <= bounds[1]:
            message = (
                f"文中说办结{done}件。若指本年新收{received}件中的办结数，则年末有{older}件上年结转的申请仍未办结，"
                f"已超过法定期限；表三办理结果总计为{outcomes}。请说明。"
            )
            yield told(
                ledger,
                "N-DONE",
                sentence,
                message,
                False,
                paths=paths,
                expected=outcomes,
                found=done,
                doubt=True,
            )
        else:
            message = f"文中说办结{done}件，表三办理结果总计为{outcomes}；本年新收的办结数只能在{bounds[0]}至{bounds[1]}之间。"
            yield told(ledger, "N-DONE", sentence, message, False, paths=paths, expected=outcomes, found=done)
    new = new_quantity(sentence)
    if new and (every := _ALL_DONE.search(text, new[1])) and not _DONE.search(text):
        if _elsewhere(text[: every.start()], ledger.report):
            return
        message = f"文中说全部办结，表三结转下年度为{carried_out}件。"
        if carried_out:
            message += "请说明。"
        yield told(
            ledger,
            "N-DONE",
            sentence,
            message,
            carried_out == 0,
            paths=ledger.line("carried_out"),
            expected=carried_out,
            found=0,
            doubt=True,
        )


def _outcomes(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    context = sentence.before + sentence.text
    if "申请" not in context:
        return
    for key, words in _names(ledger).items():
        pattern = rf"(?<![\u4e00-\u9fff]不){words}(?:的|答复|决定|类|情形)?(?:申请)?(?:有|为|共|计|:)?(\d+)余?{_ITEM}"
        for match in re.finditer(pattern, sentence.text):
            paths = ledger.line(key)
            table = ledger.number(*paths) if paths else None
            before = sentence.text[: match.start()]
            if table is None or is_other_period(before, ledger.report.year):
                continue
            count = int(match[1])
            yield told(
                ledger,
                "N-OUT",
                sentence,
                f"文中说“{words}”{count}件，表三为{table}件。",
                count == table,
                paths=paths,
                expected=table,
                found=count,
                doubt=is_partial(before, ledger.report),
            )


def _names(ledger: Ledger) -> dict[str, str]:
    names = dict(_OUTCOMES)
    for line in ledger.form.leaves():
        words = re.sub(r"[（(].*", "", line.text)
        if line.key not in names and len(words) >= 6:
            names[line.key] = re.escape(words)
    return names


def _carried(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    text, year = sentence.text, ledger.report.year
    if "申请" not in sentence.before + text:
        return
    for match in _CARRY_TO.finditer(text):
        yield from _direction(sentence, ledger, match[1] in _FORWARD, int(match[2]), match.group())
    for match in _CARRIED_FROM.finditer(text):
        yield from _direction(sentence, ledger, False, int(match[1]), match.group())
    for match in _CARRIED_YEAR.finditer(text):
        if year is not None and int(match[1]) < year:
            yield from _direction(sentence, ledger, False, int(match[2]), match.group())
    for match in _CARRY_TO_YEAR.finditer(text):
        if year is not None:
            yield from _direction(sentence, ledger, int(match[1]) > year, int(match[2]), match.group())


def _direction(
    sentence: Sentence, ledger: Ledger, forward: bool, count: int, words: str
) -> Iterator[Finding]:
    here, there = ("carried_out", "carried_in") if forward else ("carried_in", "carried_out")
    table, other = ledger.number(*ledger.line(here)), ledger.number(*ledger.line(there))
    if table is None or other is None:
        return
    names = {"carried_in": "上年结转", "carried_out": "结转下年度"}
    message = f"文中“{words}”，表三{names[here]}为{table}件"
    if count == other != table:
        message += f"，{names[there]}为{other}件：方向写反，应为“{names[there]}”"
    paths = (*ledger.line(here), *ledger.line(there))
    yield told(
        ledger, "N-CARRY", sentence, f"{message}。", count == table, paths=paths, expected=table, found=count
    )


def _elsewhere(before: str, report: Report) -> bool:
    """Another period or only a part of what the report covers."""
    return is_other_period(before, report.year) or is_partial(before, report)
