"""年报报送期限: local deadlines earlier than the law's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gongkai.annualreport.rounds.deadlines import set_local
from gongkai.annualreport.rounds.models import RoundSettings
from gongkai.desk.register.declare import Column
from gongkai.desk.registers.choosing import settings_of
from gongkai.law.reporting import GROUPS

ROUNDS = settings_of(
    RoundSettings,
    key="round-settings",
    title=_("年报报送期限"),
    explain=_("比法定期限早的本地期限；没有单独设置的机关用最近上级的，都没有的按法定期限"),
    names=GROUPS,
    columns=[Column("department"), Column("township"), Column("government")],
    run=set_local,
    after=_("从下一次开始报送起生效；正在进行的报送在它自己的页面上调整。"),
)
REGISTERS = (ROUNDS,)
