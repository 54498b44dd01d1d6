"""年报报送期限: local deadlines earlier than the law's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.rounds.deadlines import set_local
from gongkai.annualreport.rounds.models import RoundSettings
from gongkai.desk.register.declare import Action, Column, Register
from gongkai.desk.register.filters import organ
from gongkai.desk.register.forms import form_for
from gongkai.law.reporting import GROUPS
from gongkai.organs.scope import MANAGE


def _now(row: RoundSettings) -> dict[str, Any]:
    return {group: getattr(row, group) for group in GROUPS}


ROUNDS = Register(
    key="round-settings",
    model=RoundSettings,
    title=_("年报报送期限"),
    unit=_("条"),
    group=_("设置"),
    section="settings",
    explain=_("比法定期限早的本地期限；没有单独设置的机关用最近上级的，都没有的按法定期限"),
    label=lambda row: row.organ.name,
    order=["organ__path"],
    columns=[
        Column("organ__name", _("机关及其下级"), link=True, wide=True),
        Column("department"),
        Column("township"),
        Column("government"),
    ],
    filters=[organ()],
    related=["organ"],
    actions=[
        Action(
            "set",
            _("设置一个机关"),
            lambda by, row, data: set_local(by=by, **data),
            form=form_for(RoundSettings, "organ", *GROUPS),
            verb=MANAGE,
            new=True,
        ),
        Action(
            "edit",
            _("修改"),
            lambda by, row, data: set_local(by=by, organ=row.organ, **data),
            form=form_for(RoundSettings, *GROUPS),
            verb=MANAGE,
            initial=_now,
            explain=_("从下一次开始报送起生效；正在进行的报送在它自己的页面上调整。"),
        ),
    ],
)
REGISTERS = (ROUNDS,)
