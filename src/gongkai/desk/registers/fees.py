"""收费通知: what applicants were asked to pay; written only by the actions of the cases."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.desk.register.declare import Column, Part, Register, State, Text
from gongkai.desk.register.filters import either, organ, search, since, until
from gongkai.requests.models import FeeNotice


def _state(row: FeeNotice) -> State | Text:
    if row.revoked_on:
        return _("已撤回")
    if row.paid_on:
        return State("done", _("已缴"))
    return State("over", _("逾期未缴")) if row.lapsed_on else State("open", _("待缴"))


FEES = Register(
    key="fee-notices",
    model=FeeNotice,
    title=_("收费通知"),
    unit=_("份"),
    group=_("依申请公开"),
    explain=_("信息处理费的通知、缴费和退费；在案件页面办理"),
    label=lambda row: row.number,
    columns=[
        Column("number", link=True),
        Column("organ__name", _("机关"), wide=True),
        Column("month"),
        Column("issued_on"),
        Column("pay_due_on"),
        Column("total_yuan", number=True),
        Column("paid_yuan", number=True),
        Column("state", _("状态"), value=_state),
    ],
    filters=[
        search("number", "receipt_number"),
        organ(),
        since("issued_on"),
        until("issued_on"),
        either(
            "paid",
            _("状态"),
            {
                "open": (_("待缴"), Q(paid_on=None, lapsed_on=None, revoked_on=None)),
                "paid": (_("已缴"), Q(paid_on__isnull=False)),
                "late": (_("逾期未缴"), Q(lapsed_on__isnull=False, paid_on=None)),
                "off": (_("已撤回"), Q(revoked_on__isnull=False)),
            },
        ),
    ],
    related=["organ"],
    facts=[
        Column("number"),
        Column("organ__name", _("机关")),
        Column("month"),
        Column("issued_on"),
        Column("served_on"),
        Column("pay_due_on"),
        Column("total_yuan"),
        Column("paid_on"),
        Column("paid_yuan"),
        Column("receipt_number"),
        Column("lapsed_on"),
        Column("revoked_on"),
        Column("state", _("状态"), value=_state),
    ],
    parts=[
        Part(
            _("收费明细"),
            lambda who, row: row.lines.select_related("case").order_by("position", "pk"),
            [
                Column("case__number", _("申请编号")),
                Column("basis", _("计费方式")),
                Column("position", _("当月第几件"), number=True),
                Column("pages", _("页数"), number=True),
                Column("amount_yuan", _("金额（元）"), number=True),
            ],
        ),
        Part(
            _("退费"),
            lambda who, row: row.refunds.order_by("on", "pk"),
            [Column("on", _("日期")), Column("amount_yuan", _("金额（元）"), number=True)],
            empty=_("没有退费。"),
        ),
    ],
)
REGISTERS = (FEES,)
