"""设置: the choices the law leaves to the office, and how table 4 is counted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.models import ReportSettings
from gongkai.annualreport.silence import CHOICES as SILENCE
from gongkai.annualreport.silence import set_silence
from gongkai.desk.register.declare import Action, Column, Register
from gongkai.desk.register.filters import choice, organ
from gongkai.desk.register.forms import form_for
from gongkai.organs.scope import MANAGE
from gongkai.remedies.models import RemedySettings
from gongkai.remedies.settings_actions import set_count_basis
from gongkai.requests.models import RequestSettings
from gongkai.requests.settings_actions import CHOICES, set_choices

_GROUP = _("设置")


def _changes(*names: str) -> Any:
    return lambda row: {name: getattr(row, name) for name in names}


REQUESTS = Register(
    key="request-settings",
    model=RequestSettings,
    title=_("依申请公开设置"),
    unit=_("条"),
    group=_GROUP,
    section="settings",
    explain=_("默认期限、收费和答复文号；没有单独设置的机关用最近上级的，都没有的用缺省值"),
    label=lambda row: row.organ.name,
    order=["organ__path"],
    columns=[
        Column("organ__name", _("机关及其下级"), link=True, wide=True),
        Column("correction_days", number=True),
        Column("explanation_days", number=True),
        Column("redo_counts"),
        Column("answer_mark"),
        Column("charges_fees"),
    ],
    filters=[organ()],
    related=["organ"],
    actions=[
        Action(
            "set",
            _("设置一个机关"),
            lambda by, row, data: set_choices(by=by, **data),
            form=form_for(RequestSettings, "organ", *CHOICES),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "edit",
            _("修改"),
            lambda by, row, data: set_choices(by=by, organ=row.organ, **data),
            form=form_for(RequestSettings, *CHOICES),
            verb=MANAGE,
            initial=_changes(*CHOICES),
            explain=_("只影响以后的办理，已经发出的通知不变。"),
        ),
    ],
)
REMEDIES = Register(
    key="remedy-settings",
    model=RemedySettings,
    title=_("表四计数口径"),
    unit=_("条"),
    group=_GROUP,
    section="settings",
    explain=_("当年收到或上年未结的都计入，还是只计当年收到的"),
    label=lambda row: row.organ.name,
    order=["organ__path"],
    columns=[Column("organ__name", _("机关及其下级"), link=True, wide=True), Column("count_basis")],
    filters=[organ(), choice("count_basis")],
    related=["organ"],
    actions=[
        Action(
            "set",
            _("设置一个机关"),
            lambda by, row, data: set_count_basis(by=by, organ=data["organ"], basis=data["count_basis"]),
            form=form_for(RemedySettings, "organ", "count_basis"),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "edit",
            _("修改"),
            lambda by, row, data: set_count_basis(by=by, organ=row.organ, basis=data["count_basis"]),
            form=form_for(RemedySettings, "count_basis"),
            verb=MANAGE,
            initial=_changes("count_basis"),
        ),
    ],
)
REPORTS = Register(
    key="report-settings",
    model=ReportSettings,
    title=_("年报没有内容时的写法"),
    unit=_("条"),
    group=_GROUP,
    section="settings",
    explain=_("没有收费、小标题下没有文字时，写明没有还是不写"),
    label=lambda row: row.organ.name,
    order=["organ__path"],
    columns=[
        Column("organ__name", _("机关及其下级"), link=True, wide=True),
        Column("without_fees"),
        Column("without_words"),
    ],
    filters=[organ()],
    related=["organ"],
    actions=[
        Action(
            "set",
            _("设置一个机关"),
            lambda by, row, data: set_silence(by=by, **data),
            form=form_for(ReportSettings, "organ", *SILENCE),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "edit",
            _("修改"),
            lambda by, row, data: set_silence(by=by, organ=row.organ, **data),
            form=form_for(ReportSettings, *SILENCE),
            verb=MANAGE,
            initial=_changes(*SILENCE),
            explain=_("只影响还没有签发的报告。"),
        ),
    ],
)
REGISTERS = (REQUESTS, REMEDIES, REPORTS)
