"""For ``gongkai verify``: do the columns still follow from the actions, and are the numbers without gaps?

Reads in chunks, so memory stays flat; one sentence per problem, naming cases by number or key, never by applicant.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model, QuerySet

from gongkai.base.models import Sequence
from gongkai.law.workdays import Calendar
from gongkai.organs import calendars
from gongkai.requests import fees, load
from gongkai.requests.course import CaseFacts
from gongkai.requests.models import Case, CaseAction, FeeLine, FeeNotice, FeeRefund, Submission

CHUNK = 500
_NUMBER = re.compile(r"-(\d{4})-(\d+)$")
Series = tuple[int, int]  # organ key, year


def problems() -> Iterator[str]:
    """Every way in which the register is not whole."""
    yield from _submissions()
    yield from _cases()
    yield from _numbers()
    yield from _notices()


def _submissions() -> Iterator[str]:
    for chunk in _chunks(Submission.objects.only("reference", "raw", "raw_sha256")):
        for submission in chunk:
            if hashlib.sha256(bytes(submission.raw)).hexdigest() != submission.raw_sha256:
                yield f"申请{submission.reference}的原件与登记的哈希不符"
    empty = Submission.objects.filter(cases__isnull=True).values_list("reference", flat=True)
    yield from (f"申请{reference}没有办理件" for reference in empty.iterator())


def _cases() -> Iterator[str]:
    for chunk in _chunks(Case.objects.select_related("organ")):
        told = load.facts_of(case.pk for case in chunk)
        for case in chunk:
            facts = told.get(case.pk)
            if facts is None:
                yield f"{_name(case)}没有办理记录"
            else:
                yield from _case(case, facts, calendars.for_region(case.organ.region))


def _case(case: Case, facts: CaseFacts, calendar: Calendar) -> Iterator[str]:
    seqs = [entry.seq for entry in facts.all_entries]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"{_name(case)}的办理记录不连续"
    if case.path != case.organ.path:
        yield f"{_name(case)}的机关路径与机关不符"
    yield from (f"{_name(case)}：{problem}" for problem in facts.contradictions())
    yield from _differences(_name(case), case, facts.columns(calendar))


def _differences(name: str, row: Model, columns: dict[str, Any]) -> Iterator[str]:
    for column, value in columns.items():
        if getattr(row, column) != value:
            yield f"{name}的“{column}”与由记录推算的不一致"


def _name(case: Case) -> str:
    return f"办理件{case.number or f'（内部号{case.pk}）'}"


def _numbers() -> Iterator[str]:
    """Registration numbers run from 1 (or from after an older book's) to the last, and the next is the one after."""
    older = _older_books()
    count: dict[Series, int] = defaultdict(int)
    last: dict[Series, int] = defaultdict(int, older)
    rows = Case.objects.filter(number__isnull=False).values_list("organ_id", "number").iterator()
    for organ_id, number in rows:
        series, place = _series(organ_id, number or "")
        if series and place > older.get(series, 0):
            count[series] += 1
            last[series] = max(last[series], place)
    following = dict(Sequence.objects.filter(key__startswith="case:").values_list("key", "next_value"))
    for series, highest in sorted(last.items()):
        organ_id, year = series
        if count[series] != highest - older.get(series, 0):
            yield f"机关{organ_id}的{year}年登记编号有缺号"
        if following.get(f"case:{organ_id}:{year}", 1) != highest + 1:
            yield f"机关{organ_id}的{year}年下一登记编号与已用编号不衔接"


def _older_books() -> dict[Series, int]:
    """Up to which number a series was used before its cases came here."""
    given = CaseAction.objects.filter(kind="confirm", payload__given=True).values_list(
        "case__organ_id", "payload__number"
    )
    found: dict[Series, int] = {}
    for organ_id, number in given.iterator():
        series, place = _series(organ_id, str(number))
        if series:
            found[series] = max(found.get(series, 0), place)
    return found


def _series(organ_id: int, number: str) -> tuple[Series | None, int]:
    match = _NUMBER.search(number)
    return ((organ_id, int(match[1])), int(match[2])) if match else (None, 0)


def _notices() -> Iterator[str]:
    for chunk in _chunks(FeeNotice.objects.select_related("organ")):
        for notice in chunk:
            yield from _notice(notice)


def _notice(notice: FeeNotice) -> Iterator[str]:
    name = f"收费通知{notice.number}"
    try:
        columns, lines, refunds = fees.reckon(notice, calendars.for_region(notice.organ.region))
    except LookupError:
        yield f"{name}没有办理记录"
        return
    yield from _differences(name, notice, columns)
    for line in FeeLine.objects.filter(notice=notice):
        yield from _differences(f"{name}的明细", line, lines.get(line.case_id, {}))
    kept = {row.action_id: (row.on, row.amount_yuan) for row in FeeRefund.objects.filter(notice=notice)}
    if kept != refunds:
        yield f"{name}的退付与办理记录不一致"
    if sum(int(str(line["amount_yuan"])) for line in lines.values()) != notice.total_yuan:
        yield f"{name}的总额与各件金额之和不一致"


def _chunks(queryset: QuerySet[Any]) -> Iterable[list[Any]]:
    """The rows in the order of their key, CHUNK at a time, each chunk its own short query."""
    last = 0
    while chunk := list(queryset.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk
