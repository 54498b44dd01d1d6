"""When the annual report of a year is due, by who writes it (Regulation art. 49).

The named day is the last good day: it is a fixed date of the calendar, not a term, and no holiday moves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

DEPARTMENT, TOWNSHIP, GOVERNMENT = "department", "township", "government"

# group: who, month, day, basis
_DUE: Final = {
    DEPARTMENT: (
        "县级以上人民政府部门和办公机构",
        (1, 31),
        "《政府信息公开条例》第四十九条第一款：每年1月31日前向本级政府信息公开工作主管部门提交并向社会公布。",
    ),
    TOWNSHIP: (
        "乡镇人民政府、街道办事处",
        (1, 31),
        "《政府信息公开条例》未单独规定；按各地做法与县级以上人民政府部门同时报送。",
    ),
    GOVERNMENT: (
        "县级以上人民政府",
        (3, 31),
        "《政府信息公开条例》第四十九条第二款：每年3月31日前向社会公布本级政府上一年度的报告。",
    ),
}
GROUPS: Final = tuple(_DUE)


@dataclass(frozen=True)
class Due:
    """The last good day, who it is for, and why it is this day."""

    group: str
    who: str
    day: date
    basis: str


def group_of(kind: str, tier: str) -> str:
    """Which rule an organ of this kind and tier comes under. Raises ``ValueError`` for one that writes no report."""
    if kind not in ("government", "department", "office", "dispatched", "institution"):
        raise ValueError(f"{kind} writes no annual report")
    if tier in ("township", "village"):
        return TOWNSHIP
    return GOVERNMENT if kind == "government" else DEPARTMENT


def statutory_due(group: str, report_year: int) -> Due:
    """When the report of `report_year` is due, always in the next year. Raises ``KeyError`` for an unknown group."""
    who, (month, day), basis = _DUE[group]
    return Due(group, who, date(report_year + 1, month, day), basis)
