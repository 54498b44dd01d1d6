"""The terms of review and lawsuit as one table (04 §3). The unit is explicit: 行政复议法 art. 88 makes terms of 3, 5, 7
and 10 days working days; all others are calendar days or months. Pure: the calendar is an argument."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongkai.law.articles import LITIGATION_LAW, REVIEW_LAW
from gongkai.law.workdays import Calendar

Unit = Literal["working_days", "days", "months"]
Whose = Literal["organ", "forum", "applicant"]
UNIT_LABELS: Mapping[Unit, str] = {"working_days": "个工作日", "days": "日", "months": "个月"}


@dataclass(frozen=True)
class Term:
    """One term: how long, in which unit, from which event, who must act, and where it is written."""

    key: str
    title: str
    length: int
    unit: Unit
    starts: str
    whose: Whose
    article: str

    @property
    def length_text(self) -> str:
        return f"{self.length}{UNIT_LABELS[self.unit]}"

    def end(self, start: dt.date, calendar: Calendar) -> dt.date:
        """Last good day of the term that begins after `start`. Raises law.workdays.CalendarYearMissing."""
        if self.unit == "working_days":
            return calendar.add(start, self.length)
        if self.unit == "months":
            return calendar.add_months(start, self.length)
        return calendar.add_days_calendar(start, self.length)


_TABLE = (
    Term("review_apply", "申请行政复议", 60, "days", "知道该行为", "applicant", REVIEW_LAW + "第二十条"),
    Term("review_examine", "复议机关审查是否受理", 5, "working_days", "复议机关收到申请", "forum", REVIEW_LAW + "第三十条"),
    Term("review_copy", "发送申请书副本", 7, "working_days", "受理", "forum", REVIEW_LAW + "第四十八条"),
    Term("review_copy_simplified", "发送申请书副本（简易程序）", 3, "working_days", "受理", "forum", REVIEW_LAW + "第五十四条"),
    Term("review_reply", "提出书面答复并提交证据", 10, "working_days", "收到申请书副本", "organ", REVIEW_LAW + "第四十八条、第八十八条"),
    Term("review_reply_simplified", "提出书面答复并提交证据（简易程序）", 5, "working_days", "收到申请书副本", "organ", REVIEW_LAW + "第五十四条、第八十八条"),
    Term("review_decide", "作出复议决定", 60, "days", "受理", "forum", REVIEW_LAW + "第六十二条"),
    Term("review_decide_simplified", "作出复议决定（简易程序）", 30, "days", "受理", "forum", REVIEW_LAW + "第六十二条"),
    Term("sue_direct", "直接提起行政诉讼", 6, "months", "知道该行为", "applicant", LITIGATION_LAW + "第四十六条"),
    Term("sue_after_review", "复议后提起行政诉讼", 15, "days", "收到复议决定书", "applicant", LITIGATION_LAW + "第四十五条"),
    Term("defence", "提交答辩状和证据", 15, "days", "收到起诉状副本", "organ", LITIGATION_LAW + "第六十七条"),
    Term("judgment", "一审判决", 6, "months", "立案", "forum", LITIGATION_LAW + "第八十一条"),
    Term("judgment_simplified", "一审判决（简易程序）", 45, "days", "立案", "forum", LITIGATION_LAW + "第八十三条"),
    Term("appeal_judgment", "对判决提起上诉", 15, "days", "判决书送达", "organ", LITIGATION_LAW + "第八十五条"),
    Term("appeal_ruling", "对裁定提起上诉", 10, "days", "裁定书送达", "organ", LITIGATION_LAW + "第八十五条"),
    Term("second_instance", "二审终审判决", 3, "months", "收到上诉状", "forum", LITIGATION_LAW + "第八十八条"),
    Term("redo", "重新作出答复", 20, "working_days", "收到决定或裁判", "organ", "决定或裁判未定期限的，按二十个工作日办理"),
)  # fmt: skip

TERMS: Mapping[str, Term] = {term.key: term for term in _TABLE}
