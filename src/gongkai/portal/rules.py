"""政府信息公开制度: the national law every organ works under. Local systems join it from the document register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class NationalRule:
    """A law or rule: title, number and the day from which it counts (in force, or issued)."""

    title: Any
    number: str
    since: dt.date


NATIONAL = (
    NationalRule(gettext_lazy("中华人民共和国政府信息公开条例"), "国务院令第711号", dt.date(2019, 5, 15)),
    NationalRule(gettext_lazy("政府信息公开信息处理费管理办法"), "国办函〔2020〕109号", dt.date(2021, 1, 1)),
    NationalRule(
        gettext_lazy("中华人民共和国政府信息公开工作年度报告格式"),
        "国办公开办函〔2021〕30号",
        dt.date(2021, 9, 26),
    ),
)


def applying_on(day: dt.date) -> list[NationalRule]:
    """The national rules there are on `day`."""
    return [rule for rule in NATIONAL if rule.since <= day]
