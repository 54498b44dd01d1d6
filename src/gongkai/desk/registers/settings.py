"""设置: the choices the law leaves to the office, and how table 4 is counted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.models import ReportSettings
from gongkai.annualreport.silence import CHOICES as SILENCE
from gongkai.annualreport.silence import set_silence
from gongkai.desk.register.declare import Column
from gongkai.desk.registers.choosing import settings_of
from gongkai.remedies.models import RemedySettings
from gongkai.remedies.settings_actions import set_count_basis
from gongkai.requests.models import RequestSettings
from gongkai.requests.settings_actions import CHOICES, set_choices


def _count(*, count_basis: str, **known: Any) -> Any:
    return set_count_basis(basis=count_basis, **known)


REQUESTS = settings_of(
    RequestSettings,
    key="request-settings",
    title=_("依申请公开设置"),
    explain=_("默认期限、收费和答复文号；没有单独设置的机关用最近上级的，都没有的用缺省值"),
    names=CHOICES,
    columns=[
        Column("correction_days", number=True),
        Column("explanation_days", number=True),
        Column("redo_counts"),
        Column("answer_mark"),
        Column("charges_fees"),
    ],
    run=set_choices,
    after=_("只影响以后的办理，已经发出的通知不变。"),
)
REMEDIES = settings_of(
    RemedySettings,
    key="remedy-settings",
    title=_("表四计数口径"),
    explain=_("当年收到或上年未结的都计入，还是只计当年收到的"),
    names=["count_basis"],
    run=_count,
    narrowed=["count_basis"],
)
REPORTS = settings_of(
    ReportSettings,
    key="report-settings",
    title=_("年报没有内容时的写法"),
    explain=_("没有收费、小标题下没有文字时，写明没有还是不写"),
    names=SILENCE,
    run=set_silence,
    after=_("只影响还没有签发的报告。"),
)
REGISTERS = (REQUESTS, REMEDIES, REPORTS)
