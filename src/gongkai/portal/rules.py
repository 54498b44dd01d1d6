"""政府信息公开制度: the national law every organ works under, and the organ's own systems from the document register."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from gongkai.documents import queries
from gongkai.documents.models import CURRENT, Document, ValidityFact
from gongkai.organs.models import Organ

SYSTEMS = "D3"  # the 组配分类 of 制度; those below it are its categories


@dataclass(frozen=True)
class NationalRule:
    """A law or rule: title, number and the day from which it counts (in force, or issued)."""

    title: Any
    number: str
    since: dt.date


@dataclass(frozen=True)
class LocalRule:
    """A system of the organ: a document of the register with its category and validity today."""

    document: Document
    category: str
    validity: str
    over: bool


@dataclass(frozen=True)
class Library:
    """The organ's systems, newest first, with how many were made in which year."""

    rules: Sequence[LocalRule]
    by_year: Sequence[tuple[int, int]]


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


def library(organ: Organ, day: dt.date) -> Library:
    """The systems `organ` made and the public reads on `day`. Two queries."""
    rows = list(
        queries.public_documents(day)
        .filter(Q(group__code=SYSTEMS) | Q(group__parent__code=SYSTEMS), group__scheme="group", organ=organ)
        .select_related("organ", "group")
        .order_by("-made_on", "-pk")
    )
    facts: dict[int, list[ValidityFact]] = {}
    for fact in ValidityFact.objects.filter(CURRENT, document__in=rows):
        facts.setdefault(fact.document_id, []).append(fact)
    rules = [_local(row, facts.get(row.pk, []), day) for row in rows]
    return Library(rules, sorted(Counter(row.made_on.year for row in rows).items(), reverse=True))


def _local(row: Document, facts: list[ValidityFact], day: dt.date) -> LocalRule:
    category = row.group.name if row.group and row.group.code != SYSTEMS else ""
    over = row.ended_on is not None and row.ended_on <= day
    return LocalRule(row, category, str(queries.validity_among(facts, day).label), over)
